/// A multiset of Int64 values in order, with counts and exact sums of everything below a value.
///
/// A counted B+tree: leaves of up to 512 values, branches that keep each child's count, sum and
/// least value. Every question is answered in one or two descents. Memory is 8 bytes a value in full
/// leaves (ascending or bulk insertion), about 10 after random insertion.
///
/// A value: copies share nodes, and a write copies the shared nodes on its path only.
///
/// Sendable although it holds references: a node that more than one tree can reach is never written
/// to (`makeUnique` copies it first), and a node that one tree alone can reach is guarded by
/// Swift's exclusive access to that tree.
public struct OrderStatisticsTree: @unchecked Sendable {
  /// A number of values and their sum.
  public struct Part: Equatable, Sendable {
    /// How many values.
    public var count: Int
    /// Their sum, exact.
    public var sum: Int128

    /// A part of the given number and sum.
    public init(count: Int, sum: Int128) {
      self.count = count
      self.sum = sum
    }

    mutating func add(_ count: Int, sum: Int128) {
      self.count += count
      self.sum += sum
    }
  }

  /// `nil` exactly when there are no values.
  var root: CountNode?
  var whole = Part(count: 0, sum: 0)

  /// An empty tree.
  public init() {}

  /// The tree of values that come in ascending order; anything else is a mistake of the caller and
  /// stops the program. Leaves are filled to the brim.
  @inlinable
  public init(sorted values: some Sequence<Int64>) {
    var builder = OrderStatisticsTreeBuilder()
    for value in values {
      builder.append(value)
    }
    self = builder.finish()
  }

  /// The number of values.
  public var count: Int { whole.count }

  /// Whether there are no values.
  public var isEmpty: Bool { whole.count == 0 }

  /// The sum of all values.
  public var sum: Int128 { whole.sum }
}

extension OrderStatisticsTree {
  /// Copies the node if another tree or branch shares it.
  static func makeUnique(_ slot: UnsafeMutablePointer<CountNode>) {
    if !isKnownUniquelyReferenced(&slot.pointee) {
      slot.pointee = slot.pointee.copied()
    }
  }

  /// The place where an entry holds its child.
  static func childSlot(_ entry: UnsafeMutablePointer<CountEntry>) -> UnsafeMutablePointer<CountNode> {
    UnsafeMutableRawPointer(entry).assumingMemoryBound(to: CountNode.self)
  }

  /// Whether order, counts, sums, least values and fill limits hold everywhere. Reads the whole tree.
  public func checkInvariants() -> Bool {
    guard let root else { return whole == Part(count: 0, sum: 0) }
    var last = Int64.min
    guard let found = OrderStatisticsTree.measure(root, height: root.height, last: &last) else { return false }
    return found == whole && (root.height == 0 || root.used > 1)
  }

  private static func measure(_ node: CountNode, height: Int, last: inout Int64) -> Part? {
    guard node.height == height, node.used > 0, node.used <= node.limit else { return nil }
    var part = Part(count: 0, sum: 0)
    for position in 0..<node.used {
      if height == 0 {
        guard node.values[position] >= last else { return nil }
        last = node.values[position]
        part.count += 1
        part.sum += Int128(last)
      } else {
        let entry = node.entries[position]
        guard let below = measure(entry.child, height: height - 1, last: &last) else { return nil }
        guard below == Part(count: entry.count, sum: entry.sum), entry.least == least(of: entry.child) else {
          return nil
        }
        part.count += below.count
        part.sum += below.sum
      }
    }
    return part
  }

  /// The least value of a node that is not empty.
  static func least(of node: CountNode) -> Int64 {
    node.height == 0 ? node.values[0] : node.entries[0].least
  }
}
