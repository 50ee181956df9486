import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Storage

@Suite("The search index's file") struct SearchFileTests {
  /// Feeds blocks into a new file and closes it.
  private static func filled(_ directory: TestDirectory, blocks: Int = 20) throws -> SearchModel {
    let index = try SearchIndex.open(path: directory.index, chain: testChain)
    var random = RandomBlocks(seed: 8)
    let model = SearchModel(blocks: random.blocks(blocks))
    try index.feed(model.blocks)
    return model
  }

  /// Whether the file at hand was deleted and a new one works.
  private static func expectNew(_ directory: TestDirectory, chain: Hash = testChain) throws {
    do {
      let index = try SearchIndex.open(path: directory.index, chain: chain)
      #expect(try index.height == 0)
      #expect(try index.blocks(before: nil, limit: 9).isEmpty)
      try index.feed([RandomBlocks.single])
    }
    #expect(try SearchIndex.open(path: directory.index, chain: chain).height == 1)
  }

  @Test("is read again by who opens it, and goes on where it was")
  func reopen() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let model = try Self.filled(directory)
    var random = RandomBlocks(seed: 8)
    _ = random.blocks(20)
    let index = try SearchIndex.open(path: directory.index, chain: testChain)
    #expect(try index.height == 20)
    #expect(try index.blocks(before: nil, limit: 99) == model.blocks(before: nil, limit: 99))
    try index.feed(random.blocks(2))
    #expect(try index.height == 22)
  }

  @Test("gives way to a new one for another chain")
  func otherChain() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    _ = try Self.filled(directory)
    try Self.expectNew(directory, chain: .sha256([2]))
  }

  @Test("gives way to a new one when its schema is of another version", arguments: [0, 1, 255] as [UInt8])
  func otherVersion(version: UInt8) throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    _ = try Self.filled(directory)
    var bytes = try directory.bytes()
    // SQLite's header: `user_version` is the four bytes from 60 on, big-endian.
    #expect(bytes[60..<64].elementsEqual([0, 0, 0, UInt8(SearchSchema.version)]))
    bytes[63] = version
    try directory.write(bytes)
    try Self.expectNew(directory)
  }

  @Test("gives way to a new one when it is garbage", arguments: [0, 1, 100, 4096, 50_000])
  func garbage(count: Int) throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    _ = try Self.filled(directory)
    var generator = SeededGenerator(seed: UInt64(count))
    try directory.write(RandomBlocks.bytes(count, &generator))
    try Self.expectNew(directory)
  }

  @Test("gives way to a new one when it is cut short, or lost with its log left behind")
  func cut() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    _ = try Self.filled(directory)
    let whole = try directory.bytes()
    try directory.write(Array(whole.prefix(whole.count / 3)))
    try Self.expectNew(directory)
    try FileManager.default.removeItem(atPath: directory.index)
    try Data(whole).write(to: URL(fileURLWithPath: directory.index + "-wal"))
    try Self.expectNew(directory)
  }

  @Test("is never trusted where bytes were flipped: it is new, or answers, or says that it is damaged")
  func flipped() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let model = try Self.filled(directory, blocks: 60)
    let whole = try directory.bytes()
    var generator = SeededGenerator(seed: 21)
    var damaged = 0
    for _ in 0..<150 {
      var bytes = whole
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      for offset in place..<min(place + 40, bytes.count) {
        bytes[offset] = UInt8.random(in: 0...255, using: &generator)
      }
      try directory.write(bytes)
      do throws(SearchIndexError) {
        let index = try SearchIndex.open(path: directory.index, chain: testChain)
        for transaction in model.transactions {
          _ = try index.transaction(index: transaction.index)
          _ = try index.transaction(hash: transaction.hash)
        }
        for membership in 0..<UInt32(60) { _ = try index.changes(of: membership) }
        _ = try index.transactions(before: nil, limit: 1_000, sender: nil, subject: nil)
        _ = try index.blocks(before: nil, limit: 1_000)
      } catch {
        damaged += 1
        #expect(error.code == .damaged, "\(error)")
      }
      SearchIndex.remove(path: directory.index)
    }
    #expect(damaged > 10)
    try Self.expectNew(directory)
  }

  @Test("is left alone where it cannot be opened")
  func unreadable() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    try FileManager.default.createDirectory(atPath: directory.index, withIntermediateDirectories: true)
    #expect(throws: SearchIndexError(.inputOutput, "")) {
      try SearchIndex.open(path: directory.index, chain: testChain)
    }
    #expect(FileManager.default.fileExists(atPath: directory.index))
    try Data().write(to: URL(fileURLWithPath: directory.path + "/file"))
    #expect(throws: SearchIndexError(.inputOutput, "")) {
      try SearchIndex.open(path: directory.path + "/file/search.sqlite", chain: testChain)
    }
  }
}
