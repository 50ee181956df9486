import TestSupport
import Testing
import TransparencyLog

struct ConsistencyProofTests {
  @Test func publishedPath() throws {
    let path = [
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ].map(hash(hex:))
    let proof = try ConsistencyProof.build(oldSize: 6, leaves: EightLeaves.leafHashes)
    #expect(proof.path == path)
    try proof.verify(oldRoot: EightLeaves.roots[6], newRoot: EightLeaves.roots[8])
  }

  @Test func publishedWitnessDialogue() throws {
    let proof = ConsistencyProof(
      oldSize: 1, newSize: 3,
      path: [
        hash(base64: "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        hash(base64: "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
      ])
    let oldRoot = hash(base64: "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    let newRoot = hash(base64: "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=")
    try proof.verify(oldRoot: oldRoot, newRoot: newRoot)
    #expect(refusal { try proof.verify(oldRoot: newRoot, newRoot: newRoot) } == .rootMismatch)
  }

  @Test func everyPairOfSmallTrees() throws {
    let all = leaves(67)
    let roots = (0...all.count).map { ReferenceTree.root(all[..<$0]) }
    for newSize in 1...all.count {
      let slice = Array(all[..<newSize])
      for oldSize in 0...newSize {
        let proof = try ConsistencyProof.build(oldSize: UInt64(oldSize), leaves: slice)
        if oldSize > 0 {
          #expect(proof.path == ReferenceTree.proof(oldSize, slice[...]), "\(oldSize) -> \(newSize)")
        }
        try proof.verify(oldRoot: roots[oldSize], newRoot: roots[newSize])
      }
    }
  }

  @Test func everyAlterationIsRefused() throws {
    let all = leaves(21)
    let newRoot = MerkleTree.treeRoot(of: all)
    for oldSize in 1..<all.count {
      let oldRoot = MerkleTree.treeRoot(of: Array(all[..<oldSize]))
      let proof = try ConsistencyProof.build(oldSize: UInt64(oldSize), leaves: all)
      #expect(refusal { try proof.verify(oldRoot: newRoot, newRoot: oldRoot) } == .rootMismatch)
      #expect(refusal { try proof.verify(oldRoot: .zero, newRoot: newRoot) } == .rootMismatch)
      #expect(refusal { try proof.verify(oldRoot: oldRoot, newRoot: .zero) } == .rootMismatch)
      for position in proof.path.indices {
        var altered = proof
        altered.path[position] = .leaf(altered.path[position].bytes)
        #expect(refusal { try altered.verify(oldRoot: oldRoot, newRoot: newRoot) } == .rootMismatch)
        altered = proof
        altered.path.remove(at: position)
        #expect(refusal { try altered.verify(oldRoot: oldRoot, newRoot: newRoot) } == .wrongPathLength)
      }
      var longer = proof
      longer.path.insert(oldRoot, at: 0)
      #expect(refusal { try longer.verify(oldRoot: oldRoot, newRoot: newRoot) } == .wrongPathLength)
      longer.path = [Hash](repeating: oldRoot, count: 65)
      #expect(refusal { try longer.verify(oldRoot: oldRoot, newRoot: newRoot) } == .pathTooLong)
    }
  }

  @Test func edgeCasesAreDecidedBeforeTheFold() {
    let (a, b) = (Hash.leaf(utf8("a")), Hash.leaf(utf8("b")))
    func check(_ old: UInt64, _ new: UInt64, _ path: [Hash], _ oldRoot: Hash, _ newRoot: Hash)
      -> TransparencyLogError.Code?
    {
      refusal {
        try ConsistencyProof(oldSize: old, newSize: new, path: path).verify(oldRoot: oldRoot, newRoot: newRoot)
      }
    }
    // The older tree is the larger one: never.
    #expect(check(2, 1, [], a, a) == .sizesOutOfOrder)
    #expect(check(.max, 0, [], a, a) == .sizesOutOfOrder)
    // Equal sizes: no path, equal roots; at size 0 both empty.
    #expect(check(5, 5, [], a, a) == nil)
    #expect(check(5, 5, [], a, b) == .rootMismatch)
    #expect(check(5, 5, [a], a, a) == .wrongPathLength)
    #expect(check(0, 0, [], .emptyRoot, .emptyRoot) == nil)
    #expect(check(0, 0, [], a, a) == .rootMismatch)
    #expect(check(0, 0, [], .emptyRoot, a) == .rootMismatch)
    #expect(check(.max, .max, [], a, a) == nil)
    // From the empty tree: no path, the old root is the empty one, and any new root goes.
    #expect(check(0, 5, [], .emptyRoot, a) == nil)
    #expect(check(0, 5, [], a, b) == .rootMismatch)
    #expect(check(0, 5, [a], .emptyRoot, b) == .wrongPathLength)
    // Between two trees the path is never empty.
    #expect(check(1, 2, [], a, a) == .wrongPathLength)
    #expect(check(4, 8, [], a, b) == .wrongPathLength)
    // A perfect older tree's root is not in the path.
    #expect(check(1, 2, [b], a, .node(a, b)) == nil)
    #expect(check(1, 2, [a, b], a, .node(a, b)) == .wrongPathLength)
    #expect(refusal { try ConsistencyProof.build(oldSize: 4, leaves: leaves(3)) } == .sizesOutOfOrder)
  }

  @Test func largeTrees() throws {
    let tree = UniformTree(leaf: .leaf(utf8("same")))
    let seed: UInt64 = 20_261_124
    var random = SeededGenerator(seed: seed)
    for round in 0..<200 {
      let newSize =
        round < 3 ? MerkleTree.maximumSize : random.next() >> UInt64.random(in: 1..<60, using: &random) | 1
      let oldSize =
        [1, newSize - 1, 1 << 62].dropFirst(round).first.map { min($0, newSize) }
        ?? UInt64.random(in: 0...newSize, using: &random)
      let proof = try ConsistencyProof.build(oldSize: oldSize, newSize: newSize, hashes: tree.hash)
      #expect(proof.path.count <= 64, "seed \(seed), \(oldSize) -> \(newSize)")
      try proof.verify(
        oldRoot: MerkleTree.root(size: oldSize, hashes: tree.hash),
        newRoot: MerkleTree.root(size: newSize, hashes: tree.hash))
    }
  }
}
