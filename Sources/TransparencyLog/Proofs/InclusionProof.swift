/// The proof that a leaf stands at an index in a tree of a size (RFC 9162 section 2.1.3).
///
/// A value of this type is a claim; only `verify` makes it more.
public struct InclusionProof: Hashable, Sendable {
  /// The most hashes a proof may have, of either kind: no tree of 64-bit size needs more.
  public static let maximumPathCount = 64

  /// The leaf's index, from zero.
  public var index: UInt64

  /// The number of leaves of the tree.
  public var size: UInt64

  /// The hashes from the leaf's sibling up to the root's child.
  public var path: [Hash]

  /// Makes a claim out of its parts; nothing is checked here.
  public init(index: UInt64, size: UInt64, path: [Hash]) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// The number of hashes in a path for this index and size; `nil` when `index` is not below `size`.
  public static func pathCount(index: UInt64, size: UInt64) -> Int? {
    index < size ? ProofPath.shape(index: index, size: size).count : nil
  }

  /// Builds the proof for leaf `index` in the tree of the first `size` leaves.
  ///
  /// Throws `indexOutOfRange`, and what `hashes` throws. Asks for about log2(size) nodes.
  public static func build(index: UInt64, size: UInt64, hashes: NodeHashSource) throws -> InclusionProof {
    guard index < size else {
      throw TransparencyLogError(.indexOutOfRange, "The index is not below the size of the tree.")
    }
    var path: [Hash] = []
    var (start, end) = (UInt64(0), size)
    while end - start > 1 {
      let middle = start + MerkleTree.split(end - start)
      if index < middle {
        path.append(try MerkleTree.rangeRoot(from: middle, to: end, hashes: hashes))
        end = middle
      } else {
        path.append(try MerkleTree.rangeRoot(from: start, to: middle, hashes: hashes))
        start = middle
      }
    }
    path.reverse()
    return InclusionProof(index: index, size: size, path: path)
  }

  /// Builds the proof for leaf `index` of a list of leaf hashes held in memory.
  ///
  /// Throws `indexOutOfRange`. Costs one hash per leaf.
  public static func build(index: UInt64, leaves: [Hash]) throws -> InclusionProof {
    try build(index: index, size: UInt64(leaves.count), hashes: MerkleTree.nodes(over: leaves))
  }

  /// The root that a leaf hash and a path lead to.
  ///
  /// Throws `indexOutOfRange` unless `index < size`, `pathTooLong` over 64 hashes, and
  /// `wrongPathLength` unless the path has exactly the hashes that index and size ask for.
  public static func rootFromInclusion(
    leafHash: Hash, index: UInt64, size: UInt64, path: [Hash]
  ) throws(TransparencyLogError) -> Hash {
    guard index < size else {
      throw TransparencyLogError(.indexOutOfRange, "The index is not below the size of the tree.")
    }
    try ProofPath.checkLimit(path)
    let shape = ProofPath.shape(index: index, size: size)
    guard path.count == shape.count else {
      throw TransparencyLogError(.wrongPathLength, "The path has \(path.count) hashes, not \(shape.count).")
    }
    var root = leafHash
    for step in 0..<shape.count {
      let siblingIsLeft = step >= shape.inner || index >> UInt64(step) & 1 == 1
      root = siblingIsLeft ? .node(path[step], root) : .node(root, path[step])
    }
    return root
  }

  /// Checks that the leaf hash stands at `index` in the tree of `size` leaves with this root.
  ///
  /// Throws the errors of `rootFromInclusion`, and `rootMismatch`.
  public func verify(leafHash: Hash, root: Hash) throws(TransparencyLogError) {
    let found = try Self.rootFromInclusion(leafHash: leafHash, index: index, size: size, path: path)
    guard found == root else {
      throw TransparencyLogError(.rootMismatch, "The path does not lead to the root.")
    }
  }
}
