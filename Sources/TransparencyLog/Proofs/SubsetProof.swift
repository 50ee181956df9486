/// The proof that several leaves stand in a tree, without the hashes that their paths have in common.
///
/// It holds the roots of the largest subtrees without any of these leaves, from left to right. Like a path it is a
/// claim until `verify` was asked; where the leaves stand is said by whoever asks.
public struct SubsetProof: Hashable, Sendable {
  /// The number of leaves of the tree.
  public var size: UInt64

  /// The roots of the largest subtrees without a proven leaf, from left to right.
  public var hashes: [Hash]

  /// Makes a claim out of its parts; nothing is checked here.
  public init(size: UInt64, hashes: [Hash]) {
    self.size = size
    self.hashes = hashes
  }

  /// Builds the proof for the leaves at these indices, which ascend.
  ///
  /// Throws `indexOutOfRange` unless the indices ascend and are below `size`, and what `source` throws. Asks for about
  /// log2(size) nodes a leaf.
  public static func build(indices: [UInt64], size: UInt64, hashes source: NodeHashSource) throws -> SubsetProof {
    guard isAscending(indices, below: size) else {
      throw TransparencyLogError(.indexOutOfRange, "The indices do not ascend below the size of the tree.")
    }
    var hashes: [Hash] = []
    func collect(_ start: UInt64, _ end: UInt64, _ within: ArraySlice<UInt64>) throws {
      if within.isEmpty {
        hashes.append(try MerkleTree.rangeRoot(from: start, to: end, hashes: source))
      } else if end - start > 1 {
        let middle = start + MerkleTree.split(end - start)
        let right = within.firstIndex { $0 >= middle } ?? within.endIndex
        try collect(start, middle, within[..<right])
        try collect(middle, end, within[right...])
      }
    }
    if !indices.isEmpty { try collect(0, size, indices[...]) }
    return SubsetProof(size: size, hashes: hashes)
  }

  /// Checks that these leaves stand at these indices in the tree with this root. Without leaves nothing is claimed,
  /// and the proof has no hashes.
  ///
  /// Throws `indexOutOfRange` unless the indices ascend and are below `size`, `wrongPathLength` unless every hash is
  /// needed and none is missing, and `rootMismatch`.
  public func verify(leaves: [(index: UInt64, hash: Hash)], root: Hash) throws(TransparencyLogError) {
    guard SubsetProof.isAscending(leaves.map(\.index), below: size) else {
      throw TransparencyLogError(.indexOutOfRange, "The indices do not ascend below the size of the tree.")
    }
    var rest = hashes[...]
    let found = leaves.isEmpty ? root : try SubsetProof.root(from: 0, to: size, leaves[...], &rest)
    guard rest.isEmpty else { throw SubsetProof.wrongLength }
    guard found == root else {
      throw TransparencyLogError(.rootMismatch, "Leaves and hashes do not lead to the root.")
    }
  }

  private static let wrongLength = TransparencyLogError(.wrongPathLength, "There are not as many hashes as needed.")

  /// The root of a range; at most 64 calls deep, and no more than 64 for each leaf.
  private static func root(
    from start: UInt64, to end: UInt64, _ leaves: ArraySlice<(index: UInt64, hash: Hash)>,
    _ hashes: inout ArraySlice<Hash>
  ) throws(TransparencyLogError) -> Hash {
    guard let first = leaves.first else {
      guard let hash = hashes.popFirst() else { throw wrongLength }
      return hash
    }
    guard end - start > 1 else { return first.hash }
    let middle = start + MerkleTree.split(end - start)
    let right = leaves.firstIndex { $0.index >= middle } ?? leaves.endIndex
    let left = try root(from: start, to: middle, leaves[..<right], &hashes)
    return .node(left, try root(from: middle, to: end, leaves[right...], &hashes))
  }

  private static func isAscending(_ indices: [UInt64], below size: UInt64) -> Bool {
    zip(indices, indices.dropFirst()).allSatisfy { $0 < $1 } && (indices.last.map { $0 < size } ?? true)
  }
}
