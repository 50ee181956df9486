import Contracts
import Foundation
import HeartChain
import TestSupport

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient
@testable import TransparencyLog

extension FuzzTarget {
  /// The files that a member keeps or writes, and what a node answers.
  static let clientTargets: [FuzzTarget] = [
    FuzzTarget("convention-yaml", maximumBytes: 16_384, seeds: conventionFiles) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let findings = ConventionCheck.report(text: text, file: "fuzz")
      guard let read = try? ConventionFile(text: text, file: "fuzz").convention else {
        try hold(!findings.isEmpty, "a convention is refused without a word")
        return false
      }
      try hold(try Convention(decoding: read.bytes).hash == read.hash, "a convention is written as another one")
      for language in Language.allCases { _ = ConventionExplanation(read, language: language) }
      return true
    },
    FuzzTarget("population-yaml", maximumBytes: 16_384, seeds: { [try file("population-china-2020.yaml")] }) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let read = try? PopulationFile(text: text, file: "fuzz") else { return false }
      try hold(read.cases.reduce(0) { $0 + UInt64($1.partsPerMillion) } == 1_000_000, "the cases are not all of them")
      try hold(zip(read.groups, read.groups.dropFirst()).allSatisfy { $0.to < $1.from }, "an age stands twice")
      try hold(read.size > 0 && read.toleranceMicro > 0, "a population that no forecast can use")
      return true
    },
    FuzzTarget("hearts-yaml", maximumBytes: 16_384, seeds: { [try file("hearts.yaml")] }) { bytes in
      guard let read = try? HeartRulesFile(text: String(decoding: bytes, as: UTF8.self), file: "fuzz") else {
        return false
      }
      try hold(read.formula != nil || !read.kinds.isEmpty, "rules that say nothing")
      _ = try? read.change(from: [])
      return true
    },
    FuzzTarget("founding-yaml", maximumBytes: 16_384, seeds: { [try file("hearts-founding.yaml")] }) { bytes in
      guard let read = try? FoundingFile(text: String(decoding: bytes, as: UTF8.self), file: "fuzz") else {
        return false
      }
      try hold(read.organisations.contains { $0.endorses }, "a chain that nobody endorses")
      return true
    },
    eventFile(.csv, "events-csv", seeds: { [try file("hearts-events.csv"), try eventsWithLetter()] }),
    eventFile(
      .yaml, "events-yaml",
      seeds: { [Array(try EventFile.text(of: events().events, form: .yaml, names: eventNames()).utf8)] }),
    FuzzTarget("receipt", maximumBytes: 16_384, seeds: { try receipts().map { try $0.json() } }) { bytes in
      guard let receipt = try? Receipt(file: bytes) else { return false }
      try hold(try Receipt(file: receipt.json()) == receipt, "a receipt is written as another one")
      _ = try? receipt.tlogProof()
      let log = try FuzzLog.shared()
      if let (transaction, _) = try? receipt.verify(chain: log.id, policy: log.policy) {
        try hold(log.entries[Int(receipt.index)] == transaction.entry, "a receipt proves what is not in the log")
      }
      return true
    },
    FuzzTarget("statement", maximumBytes: 32_768, seeds: { [try statement().json()] }) { bytes in
      guard let statement = try? TongzhouClient.Statement(file: bytes) else { return false }
      try hold(
        try TongzhouClient.Statement(file: statement.json()) == statement, "a statement is written as another one")
      let log = try FuzzLog.shared()
      if let proven = try? statement.verify(chain: log.id, policy: log.policy) {
        let ordinal = Int(statement.membership.ordinal)
        try hold(proven.membership == log.chain.state.memberships[ordinal], "a statement proves another membership")
      }
      return true
    },
    FuzzTarget(
      "state-proof", maximumBytes: 16_384, seeds: { [try stateProof()] }
    ) {
      bytes in
      guard let proof = try? ProvenState(file: bytes) else { return false }
      let log = try FuzzLog.shared()
      let proven = try? proof.verify(
        MembershipRecord.self, table: "memberships", ordinal: proof.record.ordinal,
        chain: TrustedChain(log.network.genesis))
      if let proven {
        try hold(
          proven.record == log.chain.state.memberships[Int(proof.record.ordinal)], "a record is proven that is another")
      }
      return true
    },
    FuzzTarget("absence-proof", maximumBytes: 4_096, seeds: { try absenceSeeds() }, check: absence),
    FuzzTarget("attestation-file", maximumBytes: 8_192, seeds: attestationFiles) { bytes in
      let chain = try FuzzVillage.shared().chain.chain.id
      guard let file = try? AttestationFile(json: bytes, chain: chain) else { return false }
      let again = try AttestationFile(json: file.json(), chain: chain)
      try hold(try again.json() == file.json(), "an attestation is written as another one")
      if let proven = try? file.proven() { _ = try TestChain.join(proven) }
      return true
    },
    FuzzTarget("submission", maximumBytes: 8_192, seeds: submissions) { bytes in
      guard let document = SubmissionDocument(json: bytes) else { return false }
      try hold(try SubmissionDocument(json: document.json()) == document, "a submission is written as another one")
      let entries = try document.entries()
      try hold(
        Array(entries[0].dropFirst()) == document.envelope
          && entries.dropFirst().flatMap { RowEntries.unpack($0) ?? [] } == document.rows, "other entries")
      return true
    },
    FuzzTarget("backup-secret", maximumBytes: 100, seeds: { [Array(try secret().text.utf8)] }) { bytes in
      guard let secret = try? BackupSecret(text: String(decoding: bytes, as: UTF8.self)) else { return false }
      try hold(
        Array(secret.text.utf8) == Array(String(decoding: bytes, as: UTF8.self).lowercased().utf8), "another secret")
      return true
    },
  ]

  private static func secret() throws -> BackupSecret { try unwrapped(BackupSecret([UInt8](repeating: 7, count: 32))) }

  private static func submissions() throws -> [[UInt8]] {
    let envelope = try unwrapped(FuzzLog.shared().envelopes.first)
    return try [[], [[1, 2, 3], []]].map { try SubmissionDocument(envelope: envelope, rows: $0).json() }
  }

  /// What is read as events is written as the same events.
  private static func eventFile(
    _ form: EventFile.Form, _ name: String, seeds: @escaping @Sendable () throws -> [[UInt8]]
  ) -> FuzzTarget {
    FuzzTarget(name, maximumBytes: 8_192, seeds: seeds) { bytes in
      let (text, names) = (String(decoding: bytes, as: UTF8.self), try eventNames())
      guard let read = try? EventFile(text: text, form: form, file: "fuzz", names: names) else { return false }
      let written = try EventFile.text(of: read.events, form: form, names: names)
      let again = try EventFile(text: written, form: form, file: "fuzz", names: names)
      try hold(again.events == read.events, "events are written as others")
      return true
    }
  }

  /// The same events with the other sign between day and clock.
  private static func eventsWithLetter() throws -> [UInt8] {
    let text = String(decoding: try file("hearts-events.csv"), as: UTF8.self)
    return Array(text.replacingOccurrences(of: "2026-03-02 09:", with: "2026-03-02T09:").utf8)
  }

  private static func events() throws -> EventFile {
    try EventFile(
      text: String(decoding: file("hearts-events.csv"), as: UTF8.self), form: .csv, file: "fuzz", names: eventNames())
  }

  private static func eventNames() throws -> EventNames {
    let rules = try FoundingFile(text: String(decoding: file("hearts-founding.yaml"), as: UTF8.self), file: "f")
    return EventNames(
      kinds: rules.kinds.map(\.record), organisations: ["platform.example", "kitchen.example"],
      words: rules.kinds.map(\.name), evidence: { .sha256(Array($0.utf8)) },
      commitment: { who, label in .sha256(Array((label + who).utf8)) })
  }

  private static func conventionFiles() throws -> [[UInt8]] {
    try ["tongzhou-seed.yaml", "fortnight.yaml"].map(file)
  }

  private static func file(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../Conventions").standardized
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  private static func receipts() throws -> [Receipt] {
    let log = try FuzzLog.shared()
    return try log.entries.indices.filter { log.entries[$0][0] == EntryKind.transaction.rawValue }.prefix(2)
      .map { try Receipt(entry: UInt64($0), from: log) }
  }

  private static func statement() throws -> TongzhouClient.Statement {
    let log = try FuzzLog.shared()
    return try TongzhouClient.Statement(
      of: 0, changes: log.changes, state: log.chain.chain.app, chain: log.id, seal: log.seal())
  }

  private static func stateProof() throws -> [UInt8] {
    let log = try FuzzLog.shared()
    var app = log.chain.chain.app
    let table = try unwrapped(app.commitment().proof(ofTable: "memberships"))
    return try ProvenState(
      table: table, record: app.mutualAid.memberships.proof(of: 0), chain: log.id, seal: log.seal()
    ).json()
  }

  private static func attestationFiles() throws -> [[UInt8]] {
    let village = try FuzzVillage.shared()
    return try village.joins.map { try AttestationFile($0, chain: village.chain.chain.id).json() }
  }

  // MARK: Absence

  // The key, the predecessor's ordinal and record, the successor's ordinal and record, then the two paths, the first
  // one's length in a byte. The table's own proof is always right.

  private static func absenceSeeds() throws -> [[UInt8]] {
    let (table, nullifiers) = try nullifierTable()
    return try (0..<3).map { number in
      let key = Hash.sha256([UInt8(number)])
      let proof = try unwrapped(nullifiers.absenceProof(of: key, table: table))
      var bytes = key.bytes
      for part in [proof.predecessor, proof.successor ?? proof.predecessor] {
        bytes += withUnsafeBytes(of: part.ordinal.bigEndian) { Array($0) } + part.record
      }
      bytes.append(UInt8(proof.predecessor.path.count) | (proof.successor == nil ? 128 : 0))
      return bytes + (proof.predecessor.path + (proof.successor?.path ?? [])).flatMap(\.bytes)
    }
  }

  private static func nullifierTable() throws -> (TableProof, UniqueKeyTable<NullifierRecord>) {
    var app = try FuzzLog.shared().chain.chain.app
    let table = try unwrapped(app.commitment().proof(ofTable: "nullifiers"))
    return (table, app.mutualAid.nullifiers)
  }

  private static func absence(_ bytes: [UInt8]) throws -> Bool {
    let width = 8 + NullifierRecord.byteCount
    guard bytes.count > 32 + 2 * width, let key = Hash(bytes.prefix(32)) else { return false }
    let (table, nullifiers) = try nullifierTable()
    let count = Int(bytes[32 + 2 * width] & 127)
    let hashes = stride(from: 33 + 2 * width, through: bytes.count - 32, by: 32).compactMap {
      Hash(bytes[$0..<($0 + 32)])
    }
    let parts = (0..<2).map { place in
      let part = bytes[(32 + place * width)..<(32 + (place + 1) * width)]
      return RecordProof(
        ordinal: part.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, record: Array(part.dropFirst(8)),
        path: Array(place == 0 ? hashes.prefix(count) : hashes.dropFirst(count)))
    }
    let isLast = bytes[32 + 2 * width] & 128 != 0
    let proof = AbsenceProof(table: table, predecessor: parts[0], successor: isLast ? nil : parts[1])
    let root = try unwrapped(FuzzLog.shared().blocks.last).seal.state
    guard proof.verify(absent: key, of: NullifierRecord.self, name: "nullifiers", version: 1, under: root) else {
      return false
    }
    try hold(nullifiers.absenceProof(of: key, table: table) == proof, "a key is proven absent that is there")
    return true
  }
}
