import TestSupport
import Testing
import TransparencyLog

struct TileSequenceTests {
  @Test func listsOfTheSpecification() {
    #expect(Array(TileSequence(treeSize: 0)).isEmpty)
    #expect(TileSequence(treeSize: 1).map(\.path) == ["tile/0/000.p/1"])
    #expect(TileSequence(treeSize: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
    let tiles = Array(TileSequence(treeSize: 70_000))
    #expect(tiles.count == 273 + 1 + 1 + 1 + 1)
    #expect(tiles.filter(\.isFull).count == 274)
    #expect(
      tiles.filter { !$0.isFull }.map(\.path) == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
    #expect(EntryBundleSequence(treeSize: 70_000).count { $0.isFull } == 273)
    #expect(Array(EntryBundleSequence(treeSize: 70_000)).last?.path == "tile/entries/273.p/112")
    #expect(Array(EntryBundleSequence(treeSize: 0)).isEmpty)
  }

  @Test func changesBetweenTwoSizes() {
    #expect(TileSequence(from: 255, to: 257).map(\.path) == ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"])
    #expect(TileSequence(from: 256, to: 257).map(\.path) == ["tile/0/001.p/1"])
    #expect(TileSequence(from: 3, to: 5).map(\.path) == ["tile/0/000.p/5"])
    #expect(TileSequence(from: 65_535, to: 65_536).map(\.path) == ["tile/0/255", "tile/1/000", "tile/2/000.p/1"])
    #expect(EntryBundleSequence(from: 255, to: 257).map(\.path) == ["tile/entries/000", "tile/entries/001.p/1"])
    #expect(Array(TileSequence(from: 5, to: 5)).isEmpty)
    #expect(Array(TileSequence(from: 6, to: 5)).isEmpty)
    #expect(Array(EntryBundleSequence(from: 6, to: 5)).isEmpty)
  }

  @Test func changesAreTheDifferenceOfTheLists() {
    let seed: UInt64 = 7
    var random = SeededGenerator(seed: seed)
    for _ in 0..<30 {
      let new = UInt64.random(in: 0...200_000, using: &random)
      let old = UInt64.random(in: 0...new, using: &random)
      let before = Set(TileSequence(treeSize: old))
      let expected = TileSequence(treeSize: new).filter { !before.contains($0) }
      #expect(Array(TileSequence(from: old, to: new)) == expected, "seed \(seed): \(old) -> \(new)")
    }
  }

  @Test func endOfTheLargestTree() {
    let maximum = MerkleTree.maximumSize
    let last = TileSequence(from: maximum - 1, to: .max).map(\.path)
    #expect(last == ["tile/0/x036/x028/x797/x018/x963/967.p/255"])
    #expect(Array(TileSequence(from: maximum, to: .max)).isEmpty)
  }
}
