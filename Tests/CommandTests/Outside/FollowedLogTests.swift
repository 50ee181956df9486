import Foundation
import Ledger
import Logging
import Testing
import TransparencyLog

@testable import Node
@testable import Storage
@testable import TongzhouClient

/// A copy of a log that is verified block by block.
@Suite struct FollowedLogTests {
  /// A data directory that holds nothing but the genesis.
  private static func directory(_ fixture: ProofFixture, in folder: TemporaryFolder) throws -> ChainPaths {
    let paths = ChainPaths(data: folder.path, chain: "aid")
    try folder.write("", to: "genesis/aid")
    try Data(fixture.genesis.bytes).write(to: URL(filePath: paths.genesis))
    return paths
  }

  private static func open(_ paths: ChainPaths) throws -> FollowedLog {
    try FollowedLog(paths, disk: PosixDisk(), logger: Logger(label: "test")) { _, _ in }
  }

  /// The honest history as it was after some of its blocks, under a checkpoint of the organisations.
  private static func beginning(_ fixture: ProofFixture, blocks: Int) throws -> MemorySource {
    let seals = fixture.entries.indices.filter { fixture.entries[$0].first == EntryKind.seal.rawValue }
    return try BentEnding(fixture).files(of: Array(fixture.entries[...seals[blocks - 1]]))
  }

  private static func checkpoint(_ source: MemorySource) throws -> [UInt8] {
    try #require(source.content["checkpoint"])
  }

  @Test("a copy made in steps, with a restart between them, is the log byte by byte")
  func copiesInSteps() throws {
    let fixture = try ProofFixture.shared.get()
    try TemporaryFolder.with { folder in
      let paths = try Self.directory(fixture, in: folder)
      for blocks in [1, 4, 5] {
        var log = try Self.open(paths)
        let source = try Self.beginning(fixture, blocks: blocks)
        let progress = try #require(try log.take(Self.checkpoint(source), from: source))
        #expect(progress.chain.height == UInt64(blocks))
        let isNew = try log.take(Self.checkpoint(source), from: source) != nil
        #expect(!isNew)
      }
      var log = try Self.open(paths)
      #expect(log.chain.height == 5)
      _ = try log.take(Self.checkpoint(fixture.source), from: fixture.source)
      #expect(log.chain.head.root == MerkleTree.treeRoot(of: fixture.entries.map { Hash.leaf($0) }))
      let copied = FilesSource(paths.log)
      for (path, bytes) in fixture.source.content where LogPlace(path: path)?.isFull ?? true {
        #expect(try copied.read(path) == bytes, "\(path)")
      }
      _ = try Auditor(copied, genesis: fixture.chain).run()
      // An older checkpoint that is true says nothing new; it is no lie.
      let old = try Self.beginning(fixture, blocks: 2)
      let isNew = try log.take(Self.checkpoint(old), from: old) != nil
      #expect(!isNew)
    }
  }

  /// What a follower that has the honest history says to a source.
  private func failure(after honest: MemorySource, _ source: MemorySource) throws -> AuditFailure {
    let fixture = try ProofFixture.shared.get()
    return try TemporaryFolder.with { folder in
      let paths = try Self.directory(fixture, in: folder)
      var log = try Self.open(paths)
      let isNew = try log.take(Self.checkpoint(honest), from: honest) != nil
      #expect(isNew)
      let before = try folder.content()
      let failure = try #require(throws: AuditFailure.self) {
        // What it brought would be too long to print.
        _ = try log.take(Self.checkpoint(source), from: source)?.checkpoint
      }
      // What was verified stays as it was, and is enough to start again.
      #expect(try folder.content()["log/aid/checkpoint"] == before["log/aid/checkpoint"])
      let reopened = try Self.open(paths)
      #expect(reopened.checkpoint == (try Self.checkpoint(honest)))
      return failure
    }
  }

  @Test("a bundle that was tampered with is named")
  func tamperedBundle() throws {
    let fixture = try ProofFixture.shared.get()
    var source = fixture.source
    let path = try #require(
      EntryBundleCoordinate.holding(
        entry: UInt64(fixture.entries.count - 1), treeSize: UInt64(fixture.entries.count))?.path)
    var bytes = try #require(source.content[path])
    bytes[bytes.count - 3] ^= 1
    source.content[path] = bytes
    let found = try failure(after: Self.beginning(fixture, blocks: 3), source)
    #expect(found.code == .wrongFile && found.place == path, "\(found)")
  }

  @Test("a checkpoint that contradicts what is here is refused, at any size")
  func contradiction() throws {
    let fixture = try ProofFixture.shared.get()
    // All organisations sign two histories that are both valid: the last block carries one certificate or another.
    let known = try BentEnding(fixture)
    var other = known
    other.header = { $0.certificate = try known.cosignatures(by: [0, 1, 3]) }
    let (here, fork) = (try known.files(), try other.files())
    let found = try failure(after: here, fork)
    #expect(found.code == .badCheckpoint && found.place == "checkpoint", "\(found)")
    // The same for a checkpoint of fewer entries than there are here.
    var older = try UnverifiedCheckpoint(Self.checkpoint(fixture.source)).note.text
    older[older.count - 10] = older[older.count - 10] == 65 ? 66 : 65
    var forged = fixture.source
    forged.content["checkpoint"] = try SignedNote(
      text: older, signatures: UnverifiedCheckpoint(Self.checkpoint(fixture.source)).note.signatures
    ).bytes
    let past = try failure(after: here, forged)
    #expect(past.code == .badCheckpoint && past.place == "checkpoint", "\(past)")
  }

  @Test("a bad signature on a checkpoint is refused")
  func badSignature() throws {
    let fixture = try ProofFixture.shared.get()
    var source = fixture.source
    let note = try UnverifiedCheckpoint(Self.checkpoint(source)).note
    var lines = note.signatures
    var bytes = lines[0].signature
    bytes[10] ^= 1
    lines[0] = try NoteSignature(name: lines[0].name, keyID: lines[0].keyID, signature: bytes)
    source.content["checkpoint"] = try SignedNote(text: note.text, signatures: lines).bytes
    let found = try failure(after: Self.beginning(fixture, blocks: 3), source)
    #expect(found.code == .badCheckpoint && found.place == "checkpoint", "\(found)")
  }

  @Test("a seal that execution does not give is refused, whoever signed it")
  func wrongSeal() throws {
    let fixture = try ProofFixture.shared.get()
    var bent = try BentEnding(fixture)
    bent.seal = { $0.state = .zero }
    let found = try failure(after: Self.beginning(fixture, blocks: 3), bent.files())
    #expect(found.code == .wrongSeal && found.place.hasPrefix("block "), "\(found)")
  }

  @Test("a file that is missing proves nothing, and the next try goes on")
  func missingFile() throws {
    let fixture = try ProofFixture.shared.get()
    try TemporaryFolder.with { folder in
      var log = try Self.open(Self.directory(fixture, in: folder))
      var source = fixture.source
      let path = try #require(EntryBundleSequence(treeSize: UInt64(fixture.entries.count)).map(\.path).last)
      let bytes = source.content.removeValue(forKey: path)
      let found = try #require(throws: AuditFailure.self) {
        _ = try log.take(Self.checkpoint(source), from: source)?.checkpoint
      }
      #expect(found.code == .missingFile && found.place == path)
      source.content[path] = bytes
      let height = try log.take(Self.checkpoint(source), from: source)?.chain.height
      #expect(height != nil && height == log.chain.height)
    }
  }
}
