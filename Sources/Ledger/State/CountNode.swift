/// What a node is: its height (0 = leaf) and how many values or children it holds.
struct CountNodeHeader {
  let height: Int32
  var used: Int32
}

/// One node of an `OrderStatisticsTree`: up to 512 sorted values, or up to 64 children.
///
/// One flat allocation each. Leaves and branches are one class, so that no step needs a cast.
final class CountNode: ManagedBuffer<CountNodeHeader, Int64> {
  static let leafCapacity = 512
  static let branchCapacity = 64

  deinit {
    withUnsafeMutablePointers { header, words in
      guard header.pointee.height > 0 else { return }
      UnsafeMutableRawPointer(words).assumingMemoryBound(to: CountEntry.self)
        .deinitialize(count: Int(header.pointee.used))
    }
  }

  static func make(height: Int) -> CountNode {
    let words = height == 0 ? leafCapacity : branchCapacity * MemoryLayout<CountEntry>.stride / 8
    let buffer = CountNode.create(minimumCapacity: words) { _ in
      CountNodeHeader(height: Int32(truncatingIfNeeded: height), used: 0)
    }
    return unsafeDowncast(buffer, to: CountNode.self)
  }

  /// A node with the same content; children are shared, not copied.
  func copied() -> CountNode {
    let node = CountNode.make(height: height)
    if height == 0 {
      node.values.initialize(from: values, count: used)
    } else {
      node.entries.initialize(from: entries, count: used)
    }
    node.used = used
    return node
  }

  var height: Int { Int(header.height) }

  var used: Int {
    get { Int(header.used) }
    set { header.used = Int32(truncatingIfNeeded: newValue) }
  }

  var limit: Int { height == 0 ? CountNode.leafCapacity : CountNode.branchCapacity }

  /// The values of a leaf, ascending. Valid while the node is alive.
  var values: UnsafeMutablePointer<Int64> {
    withUnsafeMutablePointerToElements { $0 }
  }

  /// The children of a branch, ascending. Valid while the node is alive.
  var entries: UnsafeMutablePointer<CountEntry> {
    withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0).assumingMemoryBound(to: CountEntry.self) }
  }

  /// The number of values in a leaf that are at most `value`.
  func valuesAtMost(_ value: Int64) -> Int {
    let values = values
    var low = 0
    var high = used
    while low < high {
      let middle = (low + high) >> 1
      if values[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last child of a branch whose least value is at most `value`, or the first child.
  ///
  /// Everything in earlier children is at most `value`, everything in later ones above it. If the
  /// branch holds `value` at all, this child does.
  func childIndex(for value: Int64) -> Int {
    let entries = entries
    var low = 0
    var high = used
    while low < high {
      let middle = (low + high) >> 1
      if entries[middle].least <= value { low = middle + 1 } else { high = middle }
    }
    return max(low - 1, 0)
  }

  /// An entry that describes this node, counted from its content. The node is not empty.
  func summarised() -> CountEntry {
    var count = 0
    var sum: Int128 = 0
    if height == 0 {
      count = used
      for position in 0..<used { sum += Int128(values[position]) }
      return CountEntry(child: self, count: count, least: values[0], sum: sum)
    }
    for position in 0..<used {
      count += entries[position].count
      sum += entries[position].sum
    }
    return CountEntry(child: self, count: count, least: entries[0].least, sum: sum)
  }
}

/// What a branch keeps of a child.
struct CountEntry {
  /// First, so that a pointer to the entry is a pointer to the reference.
  var child: CountNode
  var count: Int
  var least: Int64
  // Two words instead of an Int128, whose alignment would cost eight bytes an entry.
  private var sumLow: UInt64
  private var sumHigh: Int64

  init(child: CountNode, count: Int, least: Int64, sum: Int128) {
    self.child = child
    self.count = count
    self.least = least
    sumLow = UInt64(truncatingIfNeeded: sum)
    sumHigh = Int64(truncatingIfNeeded: sum >> 64)
  }

  var sum: Int128 {
    get { Int128(sumHigh) << 64 | Int128(sumLow) }
    set {
      sumLow = UInt64(truncatingIfNeeded: newValue)
      sumHigh = Int64(truncatingIfNeeded: newValue >> 64)
    }
  }
}
