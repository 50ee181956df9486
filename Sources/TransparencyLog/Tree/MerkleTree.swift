/// Gives the root of the perfect subtree over the leaves `index << level ..< (index + 1) << level`.
///
/// Level 0 is the leaf hashes themselves. Whatever it throws passes through the caller unchanged.
public typealias NodeHashSource = (_ level: Int, _ index: UInt64) throws -> Hash

/// Roots of RFC 6962 trees (RFC 6962 section 2.1, RFC 9162 section 2.1.1) over SHA-256.
public enum MerkleTree {
  /// The most leaves a tree may have, 2^63 - 1: every size then fits a signed number too.
  public static let maximumSize = UInt64(Int64.max)

  /// The root over leaf hashes held in memory; the empty root for none.
  public static func treeRoot(of leaves: [Hash]) -> Hash {
    treeRoot(count: leaves.count) { leaves[$0] }
  }

  /// The root over `count` leaf hashes, each asked for once and in order; the empty root for none. Keeps none of them
  /// and allocates nothing.
  public static func treeRoot(count: Int, leaf: (Int) -> Hash) -> Hash {
    count == 0 ? .emptyRoot : treeRoot(over: 0..<count, leaf: leaf)
  }

  private static func treeRoot(over range: Range<Int>, leaf: (Int) -> Hash) -> Hash {
    guard range.count > 1 else { return leaf(range.lowerBound) }
    let middle = range.lowerBound + Int(split(UInt64(range.count)))
    let left = treeRoot(over: range.lowerBound..<middle, leaf: leaf)
    return .node(left, treeRoot(over: middle..<range.upperBound, leaf: leaf))
  }

  /// The root of the tree of the first `size` leaves, from the nodes of any tree at least as large.
  ///
  /// Asks for one node per bit that is set in `size`.
  public static func root(size: UInt64, hashes: NodeHashSource) throws -> Hash {
    size == 0 ? .emptyRoot : try rangeRoot(from: 0, to: size, hashes: hashes)
  }

  /// The root over the leaves `start..<end`, where `start` is a multiple of a power of two that is not
  /// below `end - start`: each range that a proof is made of is such a one. The range is not empty.
  static func rangeRoot(from start: UInt64, to end: UInt64, hashes: NodeHashSource) throws -> Hash {
    // The range is cut into perfect subtrees, the largest first, and joined from the right.
    var parts: [Hash] = []
    var position = start
    var remaining = end - start
    while remaining > 0 {
      let level = UInt64.bitWidth - 1 - remaining.leadingZeroBitCount
      parts.append(try hashes(level, position >> UInt64(level)))
      position += 1 << UInt64(level)
      remaining -= 1 << UInt64(level)
    }
    return joinFromRight(parts)
  }

  /// Joins the roots of neighbouring perfect subtrees, the largest first. There is at least one.
  static func joinFromRight(_ parts: [Hash]) -> Hash {
    var root = parts[parts.count - 1]
    for part in parts.dropLast().reversed() {
      root = .node(part, root)
    }
    return root
  }

  /// The root over a power of two of hashes.
  static func perfectRoot(of hashes: ArraySlice<Hash>) -> Hash {
    if hashes.count == 1 {
      return hashes[hashes.startIndex]
    }
    var row = Array(hashes)
    var count = row.count
    while count > 1 {
      count /= 2
      for index in 0..<count {
        row[index] = .node(row[2 * index], row[2 * index + 1])
      }
    }
    return row[0]
  }

  /// The largest power of two strictly below `width`, which is at least 2.
  static func split(_ width: UInt64) -> UInt64 {
    1 << UInt64(UInt64.bitWidth - 1 - (width - 1).leadingZeroBitCount)
  }

  /// A source of node hashes over leaf hashes held in memory.
  static func nodes(over leaves: [Hash]) -> NodeHashSource {
    { level, index in
      perfectRoot(of: leaves[Int(index << UInt64(level))..<Int((index + 1) << UInt64(level))])
    }
  }
}
