extension OrderStatisticsTree {
  /// Number and sum of the values that are at most `value`. O(log n).
  public func rank(atMost value: Int64) -> Part {
    guard let root else { return Part(count: 0, sum: 0) }
    // What lies in the node reached: with it a node is counted from its nearer end, and the ends of the tree, where
    // a settlement asks most, cost hardly more than the way to them.
    var found = (part: Part(count: 0, sum: 0), inside: whole)
    descend(from: root, with: &found) { node, found in
      let child = node.childIndex(for: value)
      let entries = node.entries
      if 2 * child < node.used {
        for index in 0..<child { found.part.add(entries[index].count, sum: entries[index].sum) }
      } else {
        found.part.add(found.inside.count, sum: found.inside.sum)
        for index in child..<node.used { found.part.add(-entries[index].count, sum: -entries[index].sum) }
      }
      found.inside = Part(count: entries[child].count, sum: entries[child].sum)
      return child
    } leaf: { leaf, found in
      let number = leaf.valuesAtMost(value)
      let values = leaf.values
      found.part.count += number
      if 2 * number < leaf.used {
        for index in 0..<number { found.part.sum += Int128(values[index]) }
      } else {
        found.part.sum += found.inside.sum
        for index in number..<leaf.used { found.part.sum -= Int128(values[index]) }
      }
    }
    return found.part
  }

  /// Number and sum of the values below `value`. O(log n).
  public func rank(below value: Int64) -> Part {
    value == .min ? Part(count: 0, sum: 0) : rank(atMost: value - 1)
  }

  /// The value with `rank` values before it, counted from 0; a rank out of range is a mistake of the
  /// caller and stops the program. O(log n).
  public func kth(_ rank: Int) -> Int64 {
    precondition(rank >= 0 && rank < count)
    var found = (rest: rank, value: Int64(0))
    descend(from: root.unsafelyUnwrapped, with: &found) { node, found in
      let entries = node.entries
      var child = 0
      while found.rest >= entries[child].count {
        found.rest -= entries[child].count
        child += 1
      }
      return child
    } leaf: { leaf, found in
      found.value = leaf.values[found.rest]
    }
    return found.value
  }

  /// The least value, or `nil` when there is none.
  public var min: Int64? {
    root.map { OrderStatisticsTree.least(of: $0) }
  }

  /// The greatest value, or `nil` when there is none.
  public var max: Int64? {
    greatest(atMost: .max)
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
    descend(from: root, with: &found) { node, _ in
      node.childIndex(for: value)
    } leaf: { leaf, found in
      let number = leaf.valuesAtMost(value)
      found = number > 0 ? leaf.values[number - 1] : nil
    }
    return found
  }

  /// Walks from the root to a leaf; `branch` chooses the child.
  ///
  /// What is found on the way is handed in: variables that closures share would be asked for exclusive access at run
  /// time, at each step.
  @inline(__always)
  func descend<Found>(
    from root: CountNode, with found: inout Found, branch: (CountNode, inout Found) -> Int,
    leaf: (CountNode, inout Found) -> Void
  ) {
    // Unmanaged: the tree keeps the nodes alive, and counting references at each step is not free.
    var node = Unmanaged.passUnretained(root)
    while true {
      let lower: Unmanaged<CountNode>? = node._withUnsafeGuaranteedRef { node in
        guard node.height > 0 else {
          leaf(node, &found)
          return nil
        }
        let entry = UnsafeRawPointer(node.entries + branch(node, &found))
        return entry.load(as: Unmanaged<CountNode>.self)
      }
      guard let lower else { return }
      node = lower
    }
  }
}
