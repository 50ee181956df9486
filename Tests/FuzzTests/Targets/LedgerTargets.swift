import Foundation
import SwiftProtobuf
import TestSupport

@testable import Ledger
@testable import TransparencyLog

extension FuzzTarget {
  /// The decoders of `Ledger`.
  static let ledgerTargets: [FuzzTarget] = [
    FuzzTarget("envelope", seeds: { try FuzzLog.shared().envelopes.filter { $0.count <= 4_096 } }, check: envelope),
    FuzzTarget("batch", maximumBytes: 16_384, seeds: { try batches().map { $0.encoded() } }) { bytes in
      guard let batch = try? Batch(decoding: bytes) else { return false }
      let again = try Batch(decoding: batch.encoded())
      try hold(again.hash == batch.hash && again.entries == batch.entries, "a batch is written as another one")
      let items = PreparedBatch(batch, chain: try FuzzLog.shared().id).items
      try hold(items.count == batch.entries.count, "an entry got lost")
      return true
    },
    FuzzTarget("header", seeds: { try batches().map(\.signedHeader) }) { bytes in
      guard let header = try? Batch.header(of: bytes) else { return false }
      for cosignature in header.certificate {
        try hold(try EndorserCosignature(cosignature.wire) == cosignature, "a cosignature is written otherwise")
      }
      if let batch = try? Batch(signedHeader: bytes, entries: []) {
        try hold(batch.signedHeader == bytes && header.count == 0, "a header is written otherwise")
      }
      return true
    },
    .exact("seal", maximumBytes: 200, seeds: { try FuzzLog.shared().blocks.suffix(3).map(\.seal.entry) }) {
      try Seal(entry: $0)
    } write: {
      $0.entry
    },
    .same("endorsement", maximumBytes: 8_192, seeds: { try endorsements().map { try $0.encoded() } }) {
      try EndorsementMessage(decoding: $0)
    } write: {
      try $0.encoded()
    },
    FuzzTarget("stored-record", maximumBytes: 8_192, seeds: storedRecords) { bytes in
      guard let first = bytes.first, let kind = StoredRecord.Kind(rawValue: first),
        let record = try? StoredRecord(kind: kind, decoding: Array(bytes.dropFirst()))
      else { return false }
      let written = try record.encoded()
      let again = try StoredRecord(kind: kind, decoding: written)
      try hold(again.kind == record.kind && again.sequence == record.sequence, "a record is written as another one")
      try hold(try again.encoded() == written, "a record is written in two ways")
      return true
    },
    .exact("rows", maximumBytes: 8_192, seeds: { try FuzzTarget.rows() }) { bytes in
      guard let rows = RowEntries.unpack(bytes) else { throw Unreadable() }
      return (bytes[0], rows)
    } write: {
      [$0.0] + (try RowEntries.pack($0.1)).flatMap { $0.dropFirst() }
    },
    FuzzTarget("address", maximumBytes: 100, seeds: addresses) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let (prefix, data) = Bech32m.decode(text) else { return false }
      try hold(
        Array(Bech32m.encode(prefix: prefix, bytes: data).utf8) == Array(text.lowercased().utf8),
        "bech32m is written otherwise")
      guard let address = try? Address(text: text) else { return true }
      try hold(
        try Address(text: address.description) == address && Address(address.bytes) == address, "another address")
      return true
    },
    FuzzTarget(
      "amount", maximumBytes: 40, seeds: { ["0.06", "-12.50", "9223372036854.775807"].map { Array($0.utf8) } }
    ) {
      bytes in
      guard let amount = Amount(yuanText: String(decoding: bytes, as: UTF8.self)) else { return false }
      try hold(Amount(yuanText: amount.description) == amount, "an amount is written as another one")
      return true
    },
    FuzzTarget(
      "block-results", maximumBytes: 400, seeds: { try FuzzLog.shared().blocks.suffix(6).map { resultSeed($0) } }
    ) {
      bytes in
      guard let first = bytes.first else { return false }
      let results = BlockResults(height: 1, bytes: Array(bytes.dropFirst()))
      guard let (codes, _) = results.read(entries: Int(first)) else { return false }
      try hold(codes.count == Int(first), "a code for each entry")
      return true
    },
  ]

  private static func resultSeed<App>(_ block: ExecutedBlock<App>) -> [UInt8] {
    [UInt8(block.codes.count)] + BlockResults(block).bytes
  }

  static func batches() throws -> [Batch] { try FuzzLog.shared().blocks.suffix(8).map(\.batch) }

  private static func rows() throws -> [[UInt8]] {
    try RowEntries.pack([[1, 2, 3], [], [UInt8](repeating: 7, count: 300)])
      + RowEntries.pack([[UInt8]](repeating: [5], count: 20))
  }

  private static func addresses() throws -> [[UInt8]] {
    let log = try FuzzLog.shared()
    let text = log.network.organisations[0].address.description
    return [Array(text.utf8), Array(text.uppercased().utf8), Array(Bech32m.encode(prefix: "a", bytes: []).utf8)]
  }

  /// One of each kind, all of them about the last block.
  private static func endorsements() throws -> [EndorsementMessage] {
    let log = try FuzzLog.shared()
    let head = log.chain.chain.head
    let batch = try unwrapped(batches().last)
    let statement = Statement(
      chain: log.id, epoch: 0, sequence: batch.header.sequence, batch: batch.hash, size: head.size, root: head.root)
    let text = head.text(origin: log.network.genesis.origin)
    let keys = try unwrapped(log.network.organisations[0].endorsing)
    let cosignature = try EndorserCosignature(text: text, time: log.chain.chain.time, key: keys.cosign)
    let signature = try LogSignature(text: text, key: keys.log)
    return [
      .vote(try SignedStatement(statement, domain: Domain.vote, key: keys.vote)),
      .lock(try SignedStatement(statement, domain: Domain.lock, key: keys.vote)),
      .cosigned(CosignedCheckpoint(statement: statement, cosignature: cosignature, logSignature: signature)),
      .certified(
        CertifiedCheckpoint(
          statement: statement, cosignatures: try log.chain.certificate(), logSignatures: [signature, signature])),
    ]
  }

  /// One of each kind, the kind before its bytes.
  static func storedRecords() throws -> [[UInt8]] {
    let batch = try unwrapped(batches().last)
    var records: [StoredRecord] = [.proposal(sequence: 7, batch.encoded()), .batch(batch)]
    for message in try endorsements() {
      switch message {
      case .vote(let vote): records += [.vote(vote), .voteCertificate([vote, vote])]
      case .lock(let lock): records.append(.lock(lock))
      case .cosigned(let cosigned): records.append(.cosigned(cosigned))
      case .certified: break
      }
    }
    return try records.map { [$0.kind.rawValue] + (try $0.encoded()) }
  }

  /// An envelope reads the same with and without the library, and verifies only where somebody signed these words.
  private static func envelope(_ bytes: [UInt8]) throws -> Bool {
    if let plain = EnvelopeFields(plain: bytes) { try agree(plain, bytes) }
    let log = try FuzzLog.shared()
    guard
      let read = try? VerifiedTransaction.decodeUnsigned(entry: Entry.make(.transaction, bytes), chain: log.id)
    else { return false }
    try hold(read.envelope == bytes && read.expiry <= .max && read.id.count == 16, "a transaction of other bytes")
    if let verified = try? VerifiedTransaction.verify(envelope: bytes, chain: log.id) {
      try hold(verified.name == read.name && verified.action.payload == read.action.payload, "two readings differ")
      let body = Self.body(of: bytes)
      try hold(log.envelopes.contains { Self.body(of: $0) == body }, "a body verifies that nobody signed")
    }
    return true
  }

  private static func body(of envelope: [UInt8]) -> ArraySlice<UInt8>? {
    EnvelopeFields(envelope).map { $0.bytes[$0.body] }
  }

  private static func agree(_ plain: EnvelopeFields, _ bytes: [UInt8]) throws {
    let at = { (place: Range<Int>) in Array(plain.bytes[place]) }
    guard let wire = try? WireEnvelope(serializedBytes: bytes),
      let body = try? WireBody(serializedBytes: wire.body)
    else { throw FuzzFailure(description: "a plain envelope that the library does not read") }
    try hold(at(plain.body) == Array(wire.body), "another body than the library's")
    let signatures = wire.signatures.map { [Array($0.publicKey), Array($0.signature)] }
    let own = (plain.signature.map { [$0] } ?? []) + plain.further
    try hold(own.map { [at($0.publicKey), at($0.signature)] } == signatures, "other signatures")
    try hold(own.map(\.suite) == wire.signatures.map(\.suite), "other suites")
    try hold(at(plain.chain) == Array(body.chain) && at(plain.sender) == Array(body.sender), "another sender")
    try hold(plain.expiry == body.expiry && at(plain.id) == Array(body.id), "another id or expiry")
    try hold(
      body.hasAction && Array(plain.contract.utf8) == Array(body.action.contract.utf8)
        && plain.kind == body.action.kind && at(plain.payload) == Array(body.action.payload), "another action")
    try hold((plain.manifest != nil) == body.hasManifest, "a manifest more or less")
    if let manifest = plain.manifest {
      try hold(
        manifest.count == body.manifest.count && at(manifest.root) == Array(body.manifest.root), "another manifest")
    }
  }
}

/// What must be there.
func unwrapped<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Unreadable() }
  return value
}
