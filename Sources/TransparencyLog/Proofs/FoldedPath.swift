/// An inclusion path hashed up before the size of its tree is known.
///
/// Which side a sibling stands on follows from the index alone, except near the tree's right edge. So the hashing can
/// be done early and elsewhere, on another core say, and who knows the size later need only see whether the path has
/// the usual shape.
public struct FoldedPath: Sendable {
  /// The leaf's index, from zero.
  public let index: UInt64

  /// The hashes from the leaf's sibling up to the root's child.
  public let path: [Hash]

  private let leafHash: Hash
  private let folded: Hash

  /// Hashes a path up; at most `InclusionProof.maximumPathCount` hashes of it, a longer one never has a root.
  public init(leafHash: Hash, index: UInt64, path: [Hash]) {
    self.leafHash = leafHash
    self.index = index
    self.path = path
    var root = leafHash
    for (step, sibling) in path.prefix(InclusionProof.maximumPathCount).enumerated() {
      root = index >> UInt64(step) & 1 == 1 ? .node(sibling, root) : .node(root, sibling)
    }
    folded = root
  }

  /// The root that the leaf and the path lead to in a tree of `size` leaves.
  ///
  /// Throws the errors of `InclusionProof.rootFromInclusion`, with which it always agrees.
  public func root(size: UInt64) throws(TransparencyLogError) -> Hash {
    if index < size, path.count <= InclusionProof.maximumPathCount {
      let shape = ProofPath.shape(index: index, size: size)
      if path.count == shape.count, (shape.inner..<shape.count).allSatisfy({ index >> UInt64($0) & 1 == 1 }) {
        return folded
      }
    }
    return try InclusionProof.rootFromInclusion(leafHash: leafHash, index: index, size: size, path: path)
  }
}
