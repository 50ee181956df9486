import TestSupport
import Testing

@testable import TransparencyLog

@Suite("A path hashed up before the size is known")
struct FoldedPathTests {
  @Test("leads to the root of every leaf in trees of every small size")
  func agrees() throws {
    for size in 1...70 {
      let leaves = (0..<size).map { Hash.leaf([UInt8($0)]) }
      let root = MerkleTree.treeRoot(of: leaves)
      for index in 0..<size {
        let path = try InclusionProof.build(index: UInt64(index), leaves: leaves).path
        let folded = FoldedPath(leafHash: leaves[index], index: UInt64(index), path: path)
        #expect(try folded.root(size: UInt64(size)) == root)
      }
    }
  }

  @Test("gives what the usual way gives for any size, or its error")
  func anySize() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let path = (0..<Int(generator.next() % 10)).map { Hash.leaf([UInt8($0), UInt8(generator.next() % 256)]) }
      let (index, size) = (generator.next() % 40, generator.next() % 300)
      let leaf = Hash.leaf([9])
      let usual = Result { () throws(TransparencyLogError) in
        try InclusionProof.rootFromInclusion(leafHash: leaf, index: index, size: size, path: path)
      }
      let folded = Result { () throws(TransparencyLogError) in
        try FoldedPath(leafHash: leaf, index: index, path: path).root(size: size)
      }
      switch (usual, folded) {
      case (.success(let a), .success(let b)): #expect(a == b)
      case (.failure(let a), .failure(let b)): #expect(a.code == b.code)
      default: Issue.record("index \(index), size \(size), \(path.count) hashes")
      }
    }
  }
}
