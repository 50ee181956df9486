/// A growing RFC 6962 tree that remembers only its right edge: one hash per bit set in its size.
///
/// A copy is a snapshot of the tree at that size. Appending costs one node hash on average, and no
/// allocation once the edge has room.
public struct MerkleFrontier: Hashable, Sendable {
  /// The number of leaves.
  public private(set) var size: UInt64

  /// The compact range of the tree: the roots of the perfect subtrees it is made of, largest first.
  ///
  /// With `size` it is all that is needed to go on (`init(size:hashes:)`).
  public private(set) var hashes: [Hash]

  /// The empty tree.
  public init() {
    size = 0
    hashes = []
  }

  /// A tree of `size` leaves from its compact range.
  ///
  /// `nil` when the count of hashes is not that of the bits set in `size`, or `size` is above
  /// `MerkleTree.maximumSize`. Whether the hashes are right shows only in `root`.
  public init?(size: UInt64, hashes: [Hash]) {
    guard size <= MerkleTree.maximumSize, hashes.count == size.nonzeroBitCount else { return nil }
    self.init(uncheckedSize: size, hashes: hashes)
  }

  init(uncheckedSize size: UInt64, hashes: [Hash]) {
    self.size = size
    self.hashes = hashes
  }

  /// A tree of `size` leaves from the nodes of any tree at least as large.
  ///
  /// Throws what `hashes` throws, and `treeTooLarge`.
  public init(size: UInt64, nodes: NodeHashSource) throws {
    guard size <= MerkleTree.maximumSize else {
      throw TransparencyLogError(.treeTooLarge, "A tree has at most 2^63 - 1 leaves.")
    }
    self.init()
    var remaining = size
    while remaining > 0 {
      let level = UInt64.bitWidth - 1 - remaining.leadingZeroBitCount
      hashes.append(try nodes(level, self.size >> UInt64(level)))
      self.size += 1 << UInt64(level)
      remaining -= 1 << UInt64(level)
    }
  }

  /// Adds one leaf, given by its leaf hash (`Hash.leaf`).
  public mutating func append(_ leafHash: Hash) {
    var carried = leafHash
    // Each trailing one bit of the size is a perfect subtree that the carried one completes.
    for _ in 0..<(~size).trailingZeroBitCount {
      carried = .node(hashes.removeLast(), carried)
    }
    hashes.append(carried)
    size += 1
  }

  /// Adds leaves in order, given by their leaf hashes.
  public mutating func append(contentsOf leafHashes: some Sequence<Hash>) {
    for leafHash in leafHashes {
      append(leafHash)
    }
  }

  /// The root of the tree (RFC 6962 section 2.1); costs one hash per bit set in `size`, less one.
  public var root: Hash {
    hashes.isEmpty ? .emptyRoot : MerkleTree.joinFromRight(hashes)
  }
}
