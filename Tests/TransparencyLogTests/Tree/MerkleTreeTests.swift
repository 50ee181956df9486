import TestSupport
import Testing
import TransparencyLog

struct MerkleTreeTests {
  @Test func publishedRoots() {
    var frontier = MerkleFrontier()
    #expect(frontier.root == EightLeaves.roots[0])
    for (index, leafHash) in EightLeaves.leafHashes.enumerated() {
      frontier.append(leafHash)
      #expect(frontier.root == EightLeaves.roots[index + 1])
      #expect(MerkleTree.treeRoot(of: Array(EightLeaves.leafHashes[...index])) == EightLeaves.roots[index + 1])
    }
  }

  @Test func rootsAgreeWithTheDefinition() throws {
    let all = leaves(130)
    for count in 0...all.count {
      let root = ReferenceTree.root(all[..<count])
      #expect(MerkleTree.treeRoot(of: Array(all[..<count])) == root, "size \(count)")
      let fromNodes = try MerkleTree.root(size: UInt64(count)) { level, index in
        ReferenceTree.root(all[Int(index) << level..<(Int(index) + 1) << level])
      }
      #expect(fromNodes == root, "size \(count)")
    }
  }

  @Test func oddNodeIsCarriedUpAndNotDoubled() {
    let three = leaves(3)
    #expect(MerkleTree.treeRoot(of: three) == .node(.node(three[0], three[1]), three[2]))
    #expect(MerkleTree.treeRoot(of: three) != MerkleTree.treeRoot(of: three + [three[2]]))
  }

  @Test func emptyTreeIsNotATreeOfOneEmptyLeaf() {
    #expect(MerkleTree.treeRoot(of: []) == .emptyRoot)
    #expect(MerkleTree.treeRoot(of: [.leaf([])]) != .emptyRoot)
  }
}

struct MerkleFrontierTests {
  @Test func goesOnFromItsCompactRange() throws {
    let all = leaves(70)
    for cut in 0...all.count {
      var first = MerkleFrontier()
      first.append(contentsOf: all[..<cut])
      #expect(first.hashes.count == cut.nonzeroBitCount)
      var second = try #require(MerkleFrontier(size: first.size, hashes: first.hashes))
      #expect(second == first)
      second.append(contentsOf: all[cut...])
      #expect(second.root == ReferenceTree.root(all[...]), "cut at \(cut)")
      #expect(first.size == UInt64(cut), "a copy is not changed by appending to the other")
    }
  }

  @Test func refusesACompactRangeOfAnotherSize() {
    let two = leaves(2)
    #expect(MerkleFrontier(size: 3, hashes: two) != nil)
    #expect(MerkleFrontier(size: 4, hashes: two) == nil)
    #expect(MerkleFrontier(size: 0, hashes: two) == nil)
    #expect(MerkleFrontier(size: 0, hashes: []) == MerkleFrontier())
    #expect(MerkleFrontier(size: 3, hashes: []) == nil)
  }

  @Test func largestTree() throws {
    let tree = UniformTree(leaf: .leaf([]))
    let maximum = MerkleTree.maximumSize
    var frontier = try MerkleFrontier(size: maximum, nodes: tree.hash)
    #expect(frontier.hashes.count == 63)
    #expect(try MerkleTree.root(size: maximum, hashes: tree.hash) == frontier.root)
    frontier.append(.leaf([]))
    #expect(frontier.hashes == [tree.hash(level: 63, index: 0)])
    #expect(MerkleFrontier(size: maximum + 1, hashes: frontier.hashes) == nil)
    #expect(refusal { try MerkleFrontier(size: maximum + 1, nodes: tree.hash) } == .treeTooLarge)
  }

  @Test func fromNodesIsTheSameAsByAppending() throws {
    let all = leaves(45)
    var grown = MerkleFrontier()
    for count in 0...all.count {
      let made = try MerkleFrontier(size: UInt64(count)) { level, index in
        ReferenceTree.root(all[Int(index) << level..<(Int(index) + 1) << level])
      }
      #expect(made == grown)
      if count < all.count { grown.append(all[count]) }
    }
  }
}

struct SeededGeneratorTests {
  @Test func publishedSequence() {
    // The first values of SplitMix64 from seed 1234567, as in its reference implementation's tests.
    var generator = SeededGenerator(seed: 1_234_567)
    let values = (0..<3).map { _ in generator.next() }
    #expect(values == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}
