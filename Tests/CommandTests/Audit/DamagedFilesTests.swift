import Contracts
import Foundation
import Ledger
import MutualAid
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Simulator

/// A source that shows one file otherwise than it is.
struct DamagedSource: LogSource {
  let base: FilesSource
  var changed: [String: [UInt8]?] = [:]

  func read(_ path: String) throws -> [UInt8]? {
    if let content = changed[path] { return content }
    return try base.read(path)
  }

  func files() throws -> [String]? {
    let all = try base.files() ?? []
    let added = changed.filter { $0.value != nil && !all.contains($0.key) }.map(\.key)
    let kept = all.filter { path in changed[path].map { $0 != nil } ?? true }
    return (kept + added).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }
}

@Suite struct DamagedFilesTests {
  /// A history of over 256 entries, so that full tiles, a second level and superseded partials exist.
  private static func withHistory(_ body: (FilesSource, Hash) throws -> Void) throws {
    var history = try ShortHistory<ChainState>()
    defer { history.remove() }
    try history.run()
    try body(FilesSource(history.path), history.consortium.genesis.chain)
  }

  @Test func oneFlippedByteInAnyFileIsFoundThere() throws {
    try Self.withHistory { source, chain in
      let files = try #require(try source.files())
      #expect(files.contains("checkpoint") && files.contains("policy/0"))
      #expect(files.contains { $0.hasPrefix("tile/entries/") } && files.contains { $0.hasPrefix("tile/0/") })
      var generator = SeededGenerator(seed: 11)
      for path in files {
        let bytes = try #require(try source.read(path))
        for _ in 0..<3 {
          let position = Int(generator.next() % UInt64(bytes.count))
          var flipped = bytes
          flipped[position] ^= UInt8(1 << (generator.next() % 8))
          let damaged = DamagedSource(base: source, changed: [path: flipped])
          let found = try #require(throws: AuditFailure.self, "\(path) byte \(position)") {
            _ = try Auditor(damaged, genesis: chain).run()
          }
          let isPolicy = path.hasPrefix("policy/")
          #expect(
            found.place == path || (isPolicy && found.place == "checkpoint"), "\(path) byte \(position): \(found)")
        }
      }
    }
  }

  @Test func missingAndStrangeFilesAreFound() throws {
    try Self.withHistory { source, chain in
      let files = try #require(try source.files())
      let size = try UnverifiedCheckpoint(try #require(try source.read("checkpoint"))).checkpoint.size
      let needed = EntryBundleSequence(treeSize: size).map(\.path) + TileSequence(treeSize: size).map(\.path)
      #expect(needed.allSatisfy { files.contains($0) })
      for path in ["checkpoint", "policy/0"] + needed {
        let found = try #require(throws: AuditFailure.self) {
          _ = try Auditor(DamagedSource(base: source, changed: [path: [UInt8]?.none]), genesis: chain).run()
        }
        #expect(found.code == .missingFile && found.place == path)
      }
      for path in ["tile/0/999", "tile/5/000", "notes.txt", "policy/7", "tile/entries/000.p/255.tmp"] {
        let found = try #require(throws: AuditFailure.self, "\(path)") {
          _ = try Auditor(DamagedSource(base: source, changed: [path: [1]]), genesis: chain).run()
        }
        #expect(found.place == path || path == "policy/7", "\(found)")
      }
    }
  }

  @Test func linesOfTheCheckpointMustAllBeKnownAndValid() throws {
    try Self.withHistory { source, chain in
      let text = String(decoding: try #require(try source.read("checkpoint")), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let cosignature = try #require(lines.first { $0.contains("/executor") })
      let stranger = try NoteSigner(name: NoteName("stranger.example"), seed: [UInt8](repeating: 3, count: 32))
        .sign(text: Array("x\n".utf8))
      let variants = [
        text + cosignature + "\n",
        text + String(decoding: stranger.line, as: UTF8.self),
        text.replacingOccurrences(of: String(cosignature) + "\n", with: ""),
        text.replacingOccurrences(of: "\n\n", with: "\nextension\n\n"),
      ]
      for variant in variants {
        let found = try #require(throws: AuditFailure.self) {
          _ = try Auditor(
            DamagedSource(base: source, changed: ["checkpoint": Array(variant.utf8)]), genesis: chain
          ).run()
        }
        #expect(found.code == .badCheckpoint && found.place == "checkpoint")
      }
    }
  }

  @Test func anotherGenesisIsRefused() throws {
    try Self.withHistory { source, _ in
      let found = try #require(throws: AuditFailure.self) {
        _ = try Auditor(source, genesis: Hash.sha256([0])).run()
      }
      #expect(found.code == .wrongGenesis)
    }
  }

  @Test func aReceiptAndAStatementVerifyFromFilesAlone() throws {
    try Self.withHistory { source, chain in
      let report = try Auditor(source, genesis: chain, watching: 0).run()
      let policy = try report.final.certifiers.policy(origin: report.final.genesis.origin)
      let statement = try Statement(watched: report, from: source)
      let proven = try Statement(file: statement.json()).verify(chain: chain, policy: policy)
      #expect(proven.changes.map(\.kind) == [.join, .fund, .fileCase])
      #expect(proven.shares.map(\.given) == [3_000_000])
      #expect(proven.balance == 7_000_000)

      var short = statement
      short.changes.remove(at: 1)
      #expect(throws: ProofError.self) { try short.verify(chain: chain, policy: policy) }
      short = statement
      short.settlements.records.removeLast()
      #expect(throws: ProofError.self) { try short.verify(chain: chain, policy: policy) }
      #expect(throws: ProofError.self) { try statement.verify(chain: .zero, policy: policy) }

      var found = 0
      for index in 1..<report.entries {
        guard let receipt = try? Receipt(entry: index, from: source), receipt.entry.first == 2 else { continue }
        let (transaction, seal) = try Receipt(file: receipt.json()).verify(chain: chain, policy: policy)
        #expect(seal.transactions > 0 && !transaction.id.isEmpty)
        var moved = receipt
        moved.index -= 1
        #expect(throws: (any Error).self) { try moved.verify(chain: chain, policy: policy) }
        found += 1
      }
      #expect(found == 12)
    }
  }
}
