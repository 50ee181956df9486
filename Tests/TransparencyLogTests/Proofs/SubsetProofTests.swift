import TestSupport
import Testing

@testable import TransparencyLog

@Suite struct SubsetProofTests {
  private static func leaves(_ count: Int) -> [Hash] { (0..<count).map { Hash.leaf([UInt8($0)]) } }

  private static func proof(of indices: [Int], in leaves: [Hash]) throws -> SubsetProof {
    try SubsetProof.build(
      indices: indices.map { UInt64($0) }, size: UInt64(leaves.count), hashes: MerkleTree.nodes(over: leaves))
  }

  @Test("every subset of a small tree verifies with no more hashes than its paths have, and nothing else does")
  func everySubset() throws {
    for size in 1...9 {
      let leaves = Self.leaves(size)
      let root = MerkleTree.treeRoot(of: leaves)
      for bits in 0..<(1 << size) {
        let indices = (0..<size).filter { bits >> $0 & 1 == 1 }
        let proof = try Self.proof(of: indices, in: leaves)
        let shown = indices.map { (index: UInt64($0), hash: leaves[$0]) }
        try proof.verify(leaves: shown, root: root)
        let paths = try Set(
          indices.flatMap { try InclusionProof.build(index: UInt64($0), leaves: leaves).path })
        #expect(proof.hashes.count <= paths.count)
        if indices.count == 1 { #expect(Set(proof.hashes) == paths) }

        for place in shown.indices {
          var bent = shown
          bent[place].hash = .leaf([99])
          #expect(throws: TransparencyLogError.self) { try proof.verify(leaves: bent, root: root) }
          bent = shown
          bent.remove(at: place)
          // Of no leaf and no hash nothing is claimed.
          if size > 1 || !bent.isEmpty {
            #expect(throws: TransparencyLogError.self) { try proof.verify(leaves: bent, root: root) }
          }
          bent = shown
          bent[place].index += 1
          #expect(throws: TransparencyLogError.self) { try proof.verify(leaves: bent, root: root) }
        }
        for place in proof.hashes.indices {
          var bent = proof
          bent.hashes[place] = .leaf([99])
          #expect(throws: TransparencyLogError.self) { try bent.verify(leaves: shown, root: root) }
          bent = proof
          bent.hashes.remove(at: place)
          #expect(throws: TransparencyLogError.self) { try bent.verify(leaves: shown, root: root) }
        }
        var long = proof
        long.hashes.append(root)
        #expect(throws: TransparencyLogError.self) { try long.verify(leaves: shown, root: root) }
      }
    }
  }

  @Test("of all leaves no hash is needed, and a root may be as far as a tree reaches")
  func ends() throws {
    let leaves = Self.leaves(200)
    #expect(try Self.proof(of: Array(0..<200), in: leaves).hashes.isEmpty)
    #expect(throws: TransparencyLogError.self) { try Self.proof(of: [3, 2], in: leaves) }
    #expect(throws: TransparencyLogError.self) { try Self.proof(of: [200], in: leaves) }
    let far = SubsetProof(size: UInt64(Int64.max), hashes: [])
    #expect(throws: TransparencyLogError.self) {
      try far.verify(leaves: [(UInt64(Int64.max) - 1, .leaf([1]))], root: .leaf([1]))
    }
    #expect(throws: TransparencyLogError.self) { try far.verify(leaves: [(.max, .leaf([1]))], root: .leaf([1])) }
  }
}
