import TestSupport
import Testing
import TransparencyLog

struct InclusionProofTests {
  @Test func publishedPath() throws {
    let path = [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ].map(hash(hex:))
    let proof = try InclusionProof.build(index: 0, leaves: EightLeaves.leafHashes)
    #expect(proof.path == path)
    try proof.verify(leafHash: EightLeaves.leafHashes[0], root: EightLeaves.roots[8])
  }

  @Test func everyLeafOfEverySmallTree() throws {
    let all = leaves(67)
    for count in 1...all.count {
      let slice = Array(all[..<count])
      let root = ReferenceTree.root(slice[...])
      for index in 0..<count {
        let proof = try InclusionProof.build(index: UInt64(index), leaves: slice)
        #expect(proof.path == ReferenceTree.path(index, slice[...]), "\(index) of \(count)")
        #expect(InclusionProof.pathCount(index: UInt64(index), size: UInt64(count)) == proof.path.count)
        try proof.verify(leafHash: all[index], root: root)
      }
    }
  }

  @Test func everyAlterationIsRefused() throws {
    let all = leaves(23)
    let root = MerkleTree.treeRoot(of: all)
    for index in all.indices {
      let proof = try InclusionProof.build(index: UInt64(index), leaves: all)
      #expect(refusal { try proof.verify(leafHash: all[(index + 1) % 23], root: root) } == .rootMismatch)
      #expect(refusal { try proof.verify(leafHash: all[index], root: .zero) } == .rootMismatch)
      for position in proof.path.indices {
        var altered = proof
        altered.path[position] = .leaf(altered.path[position].bytes)
        #expect(refusal { try altered.verify(leafHash: all[index], root: root) } == .rootMismatch)
        altered = proof
        altered.path.remove(at: position)
        #expect(refusal { try altered.verify(leafHash: all[index], root: root) } == .wrongPathLength)
      }
      var longer = proof
      longer.path.append(root)
      #expect(refusal { try longer.verify(leafHash: all[index], root: root) } == .wrongPathLength)
      for other in all.indices where other != index {
        var moved = proof
        moved.index = UInt64(other)
        #expect(refusal { try moved.verify(leafHash: all[index], root: root) } != nil)
      }
    }
  }

  @Test func edgeCasesAreDecidedBeforeTheFold() throws {
    let leaf = Hash.leaf(utf8("only"))
    func check(_ index: UInt64, _ size: UInt64, _ path: [Hash], _ root: Hash) -> TransparencyLogError.Code? {
      refusal { try InclusionProof(index: index, size: size, path: path).verify(leafHash: leaf, root: root) }
    }
    #expect(check(0, 0, [], .emptyRoot) == .indexOutOfRange)
    #expect(check(0, 0, [], leaf) == .indexOutOfRange)
    #expect(check(1, 1, [], leaf) == .indexOutOfRange)
    #expect(check(.max, 1, [], leaf) == .indexOutOfRange)
    #expect(check(.max, .max, [], leaf) == .indexOutOfRange)
    #expect(check(0, 1, [], leaf) == nil)
    #expect(check(0, 1, [leaf], leaf) == .wrongPathLength)
    #expect(check(0, 1, [], .emptyRoot) == .rootMismatch)
    #expect(check(0, 2, [], leaf) == .wrongPathLength)
    #expect(check(0, 2, [Hash](repeating: leaf, count: 65), leaf) == .pathTooLong)
    #expect(InclusionProof.pathCount(index: 0, size: 0) == nil)
    #expect(refusal { try InclusionProof.build(index: 0, leaves: []) } == .indexOutOfRange)
    #expect(refusal { try InclusionProof.build(index: 3, leaves: leaves(3)) } == .indexOutOfRange)
  }

  @Test func largeTrees() throws {
    let leaf = Hash.leaf(utf8("same"))
    let tree = UniformTree(leaf: leaf)
    let seed: UInt64 = 20_261_123
    var random = SeededGenerator(seed: seed)
    for round in 0..<200 {
      let size = round == 0 ? MerkleTree.maximumSize : random.next() >> UInt64.random(in: 1..<60, using: &random) | 1
      let index = round < 2 ? size - 1 : UInt64.random(in: 0..<size, using: &random)
      let proof = try InclusionProof.build(index: index, size: size, hashes: tree.hash)
      let root = try MerkleTree.root(size: size, hashes: tree.hash)
      try proof.verify(leafHash: leaf, root: root)
      #expect(proof.path.count <= 63, "seed \(seed), size \(size), index \(index)")
    }
    // Sizes beyond the limit of a log are still folded without a trap, by a path of the longest kind.
    let path = [Hash](repeating: leaf, count: 64)
    #expect(throws: Never.self) {
      _ = try InclusionProof.rootFromInclusion(leafHash: leaf, index: 0, size: .max, path: path)
      _ = try InclusionProof.rootFromInclusion(
        leafHash: leaf, index: .max - 1, size: .max, path: Array(path.prefix(63)))
    }
  }

  @Test func whatASourceThrowsPassesThrough() {
    struct Gone: Error {}
    #expect(throws: Gone.self) {
      try InclusionProof.build(index: 1, size: 4) { _, _ in throw Gone() }
    }
  }
}
