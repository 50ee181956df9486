import Testing
import TransparencyLog

struct CoordinateTests {
  @Test(
    arguments: [
      (0, 0, 256, "tile/0/000"), (0, 999, 256, "tile/0/999"), (1, 1000, 256, "tile/1/x001/000"),
      (0, 1_234_067, 256, "tile/0/x001/x234/067"), (0, 1_234_067, 5, "tile/0/x001/x234/067.p/5"),
      (63, 7, 255, "tile/63/007.p/255"), (2, 0, 1, "tile/2/000.p/1"),
      (0, 36_028_797_018_963_967, 256, "tile/0/x036/x028/x797/x018/x963/967"),
    ] as [(Int, UInt64, Int, String)])
  func paths(level: Int, index: UInt64, width: Int, path: String) throws {
    let coordinate = try TileCoordinate(level: level, index: index, width: width)
    #expect(coordinate.path == path)
    #expect(try TileCoordinate(path: path) == coordinate)
    #expect(coordinate.isFull == (width == 256))
    let bundle = try EntryBundleCoordinate(index: index, width: width)
    let bundlePath = path.replacing("tile/\(level)/", with: "tile/entries/")
    #expect(bundle.path == bundlePath)
    #expect(try EntryBundleCoordinate(path: bundlePath) == bundle)
    #expect(bundle.isFull == (width == 256))
    #expect(bundle.entries == index * 256..<index * 256 + UInt64(width))
  }

  @Test(arguments: [
    "", "/", "000/", "00", "0000", "0", "x000", "x001", "x000/001", "x000/x001/000", "001/000", "x001/x000",
    "x1/000", "x001/00", "X001/000", "x001//000", "000.p", "000.p/", "000.p/0", "000.p/256", "000.p/05", "000.p/+5",
    "000.p/-1", "000.p/5/", "000.p/5.p/5", "000.P/5", "000p/5", ".p/5", "00.p/5", "000 ", "000\n", " 000", "-01", "+01",
    "00a", "000.p/5/000", "x001.p/000", "x036/x028/x797/x018/x963/968", "x999/x999/x999/x999/x999/x999/x999/999",
    "x018/x446/x744/x073/x709/x551/616", "０００", "000.p/5\0",
  ])
  func otherFormsAreRefused(rest: String) {
    #expect(refusal { try TileCoordinate(path: "tile/0/" + rest) } == .malformedPath)
    #expect(refusal { try EntryBundleCoordinate(path: "tile/entries/" + rest) } == .malformedPath)
  }

  @Test(arguments: [
    "tile/64/000", "tile/00/000", "tile/01/000", "tile/+1/000", "tile/-1/000", "tile//000", "tile/data/000",
    "tile/entries/000", "Tile/0/000", "/tile/0/000", "tile/0", "tile", "tiles/0/000", "tile/0x0/000",
  ])
  func otherLevelsAreRefused(path: String) {
    #expect(refusal { try TileCoordinate(path: path) } == .malformedPath)
  }

  @Test func onlyBundlesStandUnderEntries() {
    #expect(refusal { try EntryBundleCoordinate(path: "tile/0/000") } == .malformedPath)
    #expect(refusal { try EntryBundleCoordinate(path: "tile/entries") } == .malformedPath)
  }

  @Test func numbersOutOfRangeAreRefused() {
    for (level, index, width) in [(-1, 0, 1), (64, 0, 1), (0, 0, 0), (0, 0, 257), (0, 1 << 55, 1)] {
      #expect(
        refusal { try TileCoordinate(level: level, index: UInt64(index), width: width) } == .malformedPath)
    }
    #expect(refusal { try EntryBundleCoordinate(index: 0, width: 0) } == .malformedPath)
    #expect(refusal { try EntryBundleCoordinate(index: .max, width: 1) } == .malformedPath)
  }

  @Test func holderOfANode() throws {
    #expect(TileCoordinate.holding(level: 0, index: 0, treeSize: 0) == nil)
    #expect(TileCoordinate.holding(level: 0, index: 299, treeSize: 300)?.path == "tile/0/001.p/44")
    #expect(TileCoordinate.holding(level: 0, index: 300, treeSize: 300) == nil)
    #expect(TileCoordinate.holding(level: 7, index: 1, treeSize: 300)?.path == "tile/0/000")
    #expect(TileCoordinate.holding(level: 7, index: 2, treeSize: 300) == nil)
    #expect(TileCoordinate.holding(level: 8, index: 0, treeSize: 300)?.path == "tile/1/000.p/1")
    #expect(TileCoordinate.holding(level: 63, index: 0, treeSize: .max) == nil)
    #expect(TileCoordinate.holding(level: -1, index: 0, treeSize: 300) == nil)
    #expect(
      TileCoordinate.holding(level: 62, index: 0, treeSize: MerkleTree.maximumSize)?.path == "tile/7/000.p/127")
    #expect(EntryBundleCoordinate.holding(entry: 299, treeSize: 300)?.path == "tile/entries/001.p/44")
    #expect(EntryBundleCoordinate.holding(entry: 300, treeSize: 300) == nil)
  }
}
