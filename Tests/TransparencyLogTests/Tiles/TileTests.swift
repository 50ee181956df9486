import Testing
import TransparencyLog

struct TileTests {
  @Test func bytesAreTheHashesAlone() throws {
    for width in [1, 2, 255, 256] {
      let tile = try Tile(leaves(width))
      #expect(tile.bytes.count == width * 32)
      #expect(tile.bytes == leaves(width).flatMap(\.bytes))
      #expect(try Tile(bytes: tile.bytes, width: width) == tile)
      #expect(refusal { try Tile(bytes: tile.bytes + [0], width: width) } == .malformedTile)
      #expect(refusal { try Tile(bytes: tile.bytes.dropLast(), width: width) } == .malformedTile)
      #expect(refusal { try Tile(bytes: tile.bytes, width: width + 1) } == .malformedTile)
    }
    #expect(refusal { try Tile([]) } == .malformedTile)
    #expect(refusal { try Tile(leaves(257)) } == .malformedTile)
    #expect(refusal { try Tile(bytes: [], width: 0) } == .malformedTile)
    #expect(refusal { try Tile(bytes: [], width: -1) } == .malformedTile)
    #expect(refusal { try Tile(bytes: [UInt8](repeating: 0, count: 257 * 32), width: 257) } == .malformedTile)
    #expect(refusal { try Tile(bytes: [], width: .max) } == .malformedTile)
  }

  @Test func rootIsTheTreesAndNotThatOfTheBytes() throws {
    let full = try Tile(leaves(256))
    #expect(full.root == ReferenceTree.root(leaves(256)[...]))
    #expect(full.root != Hash.sha256(full.bytes))
    #expect(try Tile(leaves(255)).root == nil, "a partial tile is never hashed upwards")
    #expect(full.root(height: 8, index: 0) == full.root)
  }

  @Test func rootsInsideATile() throws {
    let hashes = leaves(100)
    let tile = try Tile(hashes)
    for height in 0...8 {
      for index in 0..<(100 >> height) {
        let slice = hashes[index << height..<(index + 1) << height]
        #expect(tile.root(height: height, index: index) == ReferenceTree.root(slice))
      }
      #expect(tile.root(height: height, index: 100 >> height) == nil)
    }
    #expect(tile.root(height: 9, index: 0) == nil)
    #expect(tile.root(height: -1, index: 0) == nil)
    #expect(tile.root(height: 0, index: -1) == nil)
  }
}

struct EntryBundleTests {
  @Test func bytes() throws {
    let entries = [utf8("one"), [], utf8("two"), [UInt8](repeating: 9, count: 65_535)]
    let bundle = try EntryBundle(entries)
    let bytes = bundle.bytes
    #expect(bytes.prefix(12).elementsEqual([0, 3] + utf8("one") + [0, 0, 0, 3] + utf8("two")))
    #expect(try EntryBundle(bytes: bytes, width: 4) == bundle)
    #expect(bundle.leafHashes == entries.map { Hash.leaf($0) })
    for cut in [1, 2, 65_534, 65_535, 65_536, 65_537, bytes.count] {
      #expect(refusal { try EntryBundle(bytes: bytes.dropLast(cut), width: 4) } == .malformedBundle)
    }
    #expect(refusal { try EntryBundle(bytes: bytes + [0], width: 4) } == .malformedBundle)
    #expect(refusal { try EntryBundle(bytes: bytes, width: 3) } == .malformedBundle)
    #expect(refusal { try EntryBundle(bytes: bytes, width: 5) } == .malformedBundle)
  }

  @Test func limits() throws {
    #expect(refusal { try EntryBundle([]) } == .malformedBundle)
    #expect(refusal { try EntryBundle([[UInt8]](repeating: [], count: 257)) } == .malformedBundle)
    #expect(refusal { try EntryBundle([[UInt8](repeating: 0, count: 65_536)]) } == .entryTooLong)
    #expect(refusal { try EntryBundle(bytes: [], width: 0) } == .malformedBundle)
    #expect(refusal { try EntryBundle(bytes: [UInt8](repeating: 0, count: 514), width: 257) } == .malformedBundle)
    let empties = try EntryBundle(bytes: [UInt8](repeating: 0, count: 512), width: 256)
    #expect(empties.entries == [[UInt8]](repeating: [], count: 256))
  }
}
