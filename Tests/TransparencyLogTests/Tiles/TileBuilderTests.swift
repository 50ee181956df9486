import TestSupport
import Testing
import TransparencyLog

/// A published log in memory: bytes by path, as a web server would hold them.
private struct Published {
  var files: [String: [UInt8]] = [:]

  mutating func publish(_ tiles: [PlacedTile]) {
    for tile in tiles {
      let path = tile.coordinate.path
      #expect(files[path] == nil || files[path] == tile.bytes, "\(path) has changed its bytes")
      files[path] = tile.bytes
    }
  }

  struct Missing: Error {}

  func fetch(_ coordinate: TileCoordinate) throws -> Tile {
    guard let bytes = files[coordinate.path] else { throw Missing() }
    return try Tile(bytes: bytes, width: coordinate.width)
  }

  /// As `fetch`, after the partial tiles have been deleted whose full tile is there.
  func fetchFull(_ coordinate: TileCoordinate) throws -> Tile {
    let full = try TileCoordinate(level: coordinate.level, index: coordinate.index)
    return files[full.path] == nil ? try fetch(coordinate) : try fetch(full)
  }
}

struct TileBuilderTests {
  private static let count = 70_000
  private static let all = leaves(count)

  @Test func aWholeLog() throws {
    var builder = TileBuilder()
    var frontier = MerkleFrontier()
    var log = Published()
    let seed: UInt64 = 99
    var random = SeededGenerator(seed: seed)
    var sizes = [0]
    while builder.size < Self.count {
      let start = Int(builder.size)
      let end = min(Self.count, start + Int.random(in: 1...900, using: &random))
      let batch = Self.all[start..<end]
      log.publish(builder.append(contentsOf: batch))
      log.publish(builder.partialTiles)
      frontier.append(contentsOf: batch)
      #expect(builder.frontier == frontier, "seed \(seed), size \(end)")
      for tile in TileSequence(from: UInt64(start), to: UInt64(end)) {
        #expect(log.files[tile.path] != nil, "seed \(seed): \(tile.path) is not published")
      }
      sizes.append(end)
    }
    #expect(builder.root == MerkleTree.treeRoot(of: Self.all))
    // Nothing is published that no size asks for.
    let wanted = zip(sizes, sizes.dropFirst()).flatMap { TileSequence(from: UInt64($0), to: UInt64($1)).map(\.path) }
    #expect(Set(log.files.keys) == Set(wanted))
    try Self.checkProofs(log, sizes: sizes, random: &random)
    try Self.checkRestart(log, sizes: sizes)
  }

  private static func checkProofs(_ log: Published, sizes: [Int], random: inout SeededGenerator) throws {
    for size in sizes.filter({ $0 > 0 }).shuffled(using: &random).prefix(12) {
      let root = MerkleTree.treeRoot(of: Array(all[..<size]))
      var source = TileHashSource(treeSize: UInt64(size), cacheLimit: 3, fetch: log.fetch)
      #expect(try source.root() == root)
      for _ in 0..<10 {
        let index = Int.random(in: 0..<size, using: &random)
        try source.inclusionProof(index: UInt64(index)).verify(leafHash: all[index], root: root)
        let older = Int.random(in: 0...size, using: &random)
        try source.consistencyProof(oldSize: UInt64(older))
          .verify(oldRoot: MerkleTree.treeRoot(of: Array(all[..<older])), newRoot: root)
      }
    }
  }

  private static func checkRestart(_ log: Published, sizes: [Int]) throws {
    for size in sizes.suffix(40) {
      var again = try TileBuilder(size: UInt64(size), fetch: log.fetchFull)
      #expect(again.root == MerkleTree.treeRoot(of: Array(all[..<size])))
      for tile in again.append(contentsOf: all[size...]) + again.partialTiles {
        #expect(log.files[tile.coordinate.path] == tile.bytes, "\(tile.coordinate.path) from size \(size)")
      }
    }
  }

  @Test func levelsGrowTogether() throws {
    var builder = TileBuilder()
    var paths: [String] = []
    for leaf in Self.all.prefix(65_536) {
      paths = builder.append(leaf).map(\.coordinate.path)
    }
    #expect(paths == ["tile/0/255", "tile/1/000"])
    #expect(builder.partialTiles.map(\.coordinate.path) == ["tile/2/000.p/1"])
    #expect(builder.size == 65_536)
    #expect(TileBuilder().partialTiles.isEmpty)
    #expect(TileBuilder().root == .emptyRoot)
  }

  @Test func restartRefusesTilesOfAnotherWidth() throws {
    let three = try Tile(leaves(3))
    #expect(refusal { try TileBuilder(size: 4) { _ in three } } == .malformedTile)
    #expect(try TileBuilder(size: 3) { _ in three }.root == MerkleTree.treeRoot(of: leaves(3)))
    #expect(refusal { try TileBuilder(size: .max) { _ in three } } == .treeTooLarge)
    #expect(throws: Published.Missing.self) { try TileBuilder(size: 3, fetch: Published().fetch) }
  }
}

struct TileHashSourceTests {
  @Test func nodesOutsideTheTree() throws {
    let tile = try Tile(leaves(5))
    var source = TileHashSource(treeSize: 5) { _ in tile }
    #expect(try source.hash(level: 2, index: 0) == ReferenceTree.root(leaves(4)[...]))
    for (level, index) in [(0, 5), (1, 2), (2, 1), (3, 0), (-1, 0), (64, 0), (0, UInt64.max)] {
      #expect(refusal { try source.hash(level: level, index: index) } == .nodeOutsideTree)
    }
    var empty = TileHashSource(treeSize: 0) { _ in tile }
    #expect(try empty.root() == .emptyRoot)
    #expect(refusal { try empty.hash(level: 0, index: 0) } == .nodeOutsideTree)
  }

  @Test func tilesOfAnotherWidthAreRefused() throws {
    let four = try Tile(leaves(4))
    var source = TileHashSource(treeSize: 5) { _ in four }
    #expect(refusal { try source.hash(level: 0, index: 0) } == .malformedTile)
    // The full tile stands in for a partial one that is gone.
    let full = try Tile(leaves(256))
    var later = TileHashSource(treeSize: 5) { _ in full }
    #expect(try later.root() == MerkleTree.treeRoot(of: leaves(5)))
  }

  @Test func asksForATileOnceWhileItIsKept() throws {
    var asked: [String] = []
    let full = try Tile(leaves(256))
    var source = TileHashSource(treeSize: 1024, cacheLimit: 2) { coordinate in
      asked.append(coordinate.path)
      return full
    }
    for index in [0, 1, 256, 0, 512, 256, 0] as [UInt64] {
      _ = try source.hash(level: 0, index: index)
    }
    #expect(asked == ["tile/0/000", "tile/0/001", "tile/0/002", "tile/0/000"])
  }

  @Test func aFetchThatFailsIsNotKept() throws {
    struct Offline: Error {}
    var isOffline = true
    let tile = try Tile(leaves(5))
    var source = TileHashSource(treeSize: 5, cacheLimit: 0) { _ in
      if isOffline { throw Offline() }
      return tile
    }
    #expect(throws: Offline.self) { try source.root() }
    isOffline = false
    #expect(try source.root() == MerkleTree.treeRoot(of: leaves(5)))
  }
}
