extension OrderStatisticsTree {
  /// Number and sum of the values that are at most `value`. O(log n).
  public func rank(atMost value: Int64) -> Part {
    var part = Part(count: 0, sum: 0)
    guard let root else { return part }
    // What lies in the node reached: with it a node is counted from its nearer end, and the ends of the tree, where
    // a settlement asks most, cost hardly more than the way to them.
    var inside = whole
    descend(from: root) { node in
      let child = node.childIndex(for: value)
      let entries = node.entries
      if 2 * child < node.used {
        for index in 0..<child { part.add(entries[index].count, sum: entries[index].sum) }
      } else {
        part.add(inside.count, sum: inside.sum)
        for index in child..<node.used { part.add(-entries[index].count, sum: -entries[index].sum) }
      }
      inside = Part(count: entries[child].count, sum: entries[child].sum)
      return child
    } leaf: { leaf in
      let number = leaf.valuesAtMost(value)
      let values = leaf.values
      if 2 * number < leaf.used {
        for index in 0..<number { part.sum += Int128(values[index]) }
      } else {
        part.sum += inside.sum
        for index in number..<leaf.used { part.sum -= Int128(values[index]) }
      }
      part.count += number
    }
    return part
  }

  /// Number and sum of the values below `value`. O(log n).
  public func rank(below value: Int64) -> Part {
    value == .min ? Part(count: 0, sum: 0) : rank(atMost: value - 1)
  }

  /// The value with `rank` values before it, counted from 0; a rank out of range is a mistake of the
  /// caller and stops the program. O(log n).
  public func kth(_ rank: Int) -> Int64 {
    precondition(rank >= 0 && rank < count)
    var rest = rank
    var found: Int64 = 0
    descend(from: root.unsafelyUnwrapped) { node in
      let entries = node.entries
      var child = 0
      while rest >= entries[child].count {
        rest -= entries[child].count
        child += 1
      }
      return child
    } leaf: { leaf in
      found = leaf.values[rest]
    }
    return found
  }

  /// The least value, or `nil` when there is none.
  public var min: Int64? {
    root.map { OrderStatisticsTree.least(of: $0) }
  }

  /// The greatest value, or `nil` when there is none.
  public var max: Int64? {
    root.map { root in
      var found: Int64 = 0
      descend(from: root) { node in
        node.used - 1
      } leaf: { leaf in
        found = leaf.values[leaf.used - 1]
      }
      return found
    }
  }

  /// The least value above `value`, or `nil` when there is none.
  public func least(above value: Int64) -> Int64? {
    let before = rank(atMost: value).count
    return before < count ? kth(before) : nil
  }

  /// The greatest value that is at most `value`, or `nil` when there is none. One descent.
  public func greatest(atMost value: Int64) -> Int64? {
    guard let root else { return nil }
    var found: Int64?
    descend(from: root) { node in
      node.childIndex(for: value)
    } leaf: { leaf in
      let number = leaf.valuesAtMost(value)
      found = number > 0 ? leaf.values[number - 1] : nil
    }
    return found
  }

  /// Walks from the root to a leaf; `branch` chooses the child.
  @inline(__always)
  func descend(from root: CountNode, branch: (CountNode) -> Int, leaf: (CountNode) -> Void) {
    // Unmanaged: the tree keeps the nodes alive, and counting references at each step is not free.
    var node = Unmanaged.passUnretained(root)
    while true {
      let lower: Unmanaged<CountNode>? = node._withUnsafeGuaranteedRef { node in
        guard node.height > 0 else {
          leaf(node)
          return nil
        }
        let entry = UnsafeRawPointer(node.entries + branch(node))
        return entry.load(as: Unmanaged<CountNode>.self)
      }
      guard let lower else { return }
      node = lower
    }
  }
}
