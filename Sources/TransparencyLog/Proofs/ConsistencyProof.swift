/// The proof that a tree begins with all leaves of an older one (RFC 9162 section 2.1.4).
///
/// A value of this type is a claim; only `verify` makes it more. From size 0 it proves nothing about
/// the newer tree: every tree begins with no leaves.
public struct ConsistencyProof: Hashable, Sendable {
  /// The number of leaves of the older tree.
  public var oldSize: UInt64

  /// The number of leaves of the newer tree, not below `oldSize`.
  public var newSize: UInt64

  /// The hashes, from the leaves' side to the root's.
  public var path: [Hash]

  /// Makes a claim out of its parts; nothing is checked here.
  public init(oldSize: UInt64, newSize: UInt64, path: [Hash]) {
    self.oldSize = oldSize
    self.newSize = newSize
    self.path = path
  }

  /// Builds the proof between the trees of the first `oldSize` and the first `newSize` leaves.
  ///
  /// Empty when the sizes are equal or `oldSize` is 0. Throws `sizesOutOfOrder` when `oldSize` is the
  /// larger one, and what `hashes` throws.
  public static func build(oldSize: UInt64, newSize: UInt64, hashes: NodeHashSource) throws -> ConsistencyProof {
    guard oldSize <= newSize else {
      throw TransparencyLogError(.sizesOutOfOrder, "The older tree is larger than the newer one.")
    }
    var proof = ConsistencyProof(oldSize: oldSize, newSize: newSize, path: [])
    if oldSize == 0 || oldSize == newSize {
      return proof
    }
    // The older tree's last leaf stands in start..<end. While start is 0 and the older tree ends
    // there, its root is known to the verifier and stays out of the proof.
    var (start, end) = (UInt64(0), newSize)
    while end != oldSize {
      let middle = start + MerkleTree.split(end - start)
      if oldSize <= middle {
        proof.path.append(try MerkleTree.rangeRoot(from: middle, to: end, hashes: hashes))
        end = middle
      } else {
        proof.path.append(try MerkleTree.rangeRoot(from: start, to: middle, hashes: hashes))
        start = middle
      }
    }
    if start > 0 {
      proof.path.append(try MerkleTree.rangeRoot(from: start, to: end, hashes: hashes))
    }
    proof.path.reverse()
    return proof
  }

  /// Builds the proof between the first `oldSize` leaves of a list held in memory and the whole list.
  ///
  /// Throws `sizesOutOfOrder`. Costs one hash per leaf.
  public static func build(oldSize: UInt64, leaves: [Hash]) throws -> ConsistencyProof {
    try build(oldSize: oldSize, newSize: UInt64(leaves.count), hashes: MerkleTree.nodes(over: leaves))
  }

  /// Checks that the newer tree begins with the older one.
  ///
  /// Equal sizes ask for equal roots and an empty path; size 0 asks for the empty root and an empty
  /// path. Throws `sizesOutOfOrder`, `pathTooLong`, `wrongPathLength` or `rootMismatch`.
  public func verify(oldRoot: Hash, newRoot: Hash) throws(TransparencyLogError) {
    guard oldSize <= newSize else {
      throw TransparencyLogError(.sizesOutOfOrder, "The older tree is larger than the newer one.")
    }
    try ProofPath.checkLimit(path)
    if oldSize == 0 || oldSize == newSize {
      try verifyWithoutPath(oldRoot: oldRoot, newRoot: newRoot)
    } else {
      try verifyPath(oldRoot: oldRoot, newRoot: newRoot)
    }
  }

  /// The cases in which there is nothing to fold.
  private func verifyWithoutPath(oldRoot: Hash, newRoot: Hash) throws(TransparencyLogError) {
    guard path.isEmpty else {
      throw TransparencyLogError(.wrongPathLength, "The path must be empty for these sizes.")
    }
    let oldIsRight = oldSize > 0 || oldRoot == .emptyRoot
    let newIsRight = newSize > oldSize || newRoot == oldRoot
    guard oldIsRight, newIsRight else {
      throw TransparencyLogError(.rootMismatch, "The roots do not belong to these sizes.")
    }
  }

  /// The case `0 < oldSize < newSize`.
  private func verifyPath(oldRoot: Hash, newRoot: Hash) throws(TransparencyLogError) {
    // The path climbs from the largest perfect subtree that ends where the older tree ends. If that
    // is the whole older tree, its root is the starting point and the proof leaves it out.
    let level = oldSize.trailingZeroBitCount
    let oldIsPerfect = oldSize == 1 << UInt64(level)
    let shape = ProofPath.shape(index: oldSize - 1, size: newSize)
    let skipped = oldIsPerfect ? 0 : 1
    guard path.count == shape.count - level + skipped else {
      throw TransparencyLogError(.wrongPathLength, "The path does not have the length these sizes ask for.")
    }
    var oldFound = oldIsPerfect ? oldRoot : path[0]
    var newFound = oldFound
    for step in level..<shape.count {
      let sibling = path[step - level + skipped]
      if step >= shape.inner || (oldSize - 1) >> UInt64(step) & 1 == 1 {
        oldFound = .node(sibling, oldFound)
        newFound = .node(sibling, newFound)
      } else {
        newFound = .node(newFound, sibling)
      }
    }
    guard oldFound == oldRoot, newFound == newRoot else {
      throw TransparencyLogError(.rootMismatch, "The path does not lead to both roots.")
    }
  }
}
