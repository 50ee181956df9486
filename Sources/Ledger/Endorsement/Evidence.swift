internal import FoundationEssentials
internal import SwiftProtobuf
public import TransparencyLog

/// Two things signed by one key that no honest organisation signs both (DESIGN §8).
///
/// A value of this type was verified: both signatures are the key's, and the two contradict each other. Saying the
/// same again is no evidence: an organisation repeats itself after a restart, with new times on its cosignatures.
public struct Evidence: Hashable, Sendable {
  /// What was signed twice.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// Two votes for one epoch and sequence.
    case votes = 1
    /// Two locks for one epoch and sequence.
    case locks = 2
    /// Two batches for one epoch and sequence.
    case batches = 3
    /// Cosignatures on two roots for one size of the log.
    case cosignatures = 4
    /// Log signatures on two roots for one size of the log.
    case logSignatures = 5
  }

  /// See ``Kind``.
  public let kind: Kind
  /// The key that signed both.
  public let key: PublicKey
  /// What it is about: the sequence of votes, locks and batches, the size of roots.
  public let place: UInt64

  /// The most bytes of evidence.
  public static let maximumBytes = 32 * 1024

  /// Reads and verifies evidence about a chain.
  ///
  /// - Throws: `encoding.malformed` and `key.unacceptable` for what does not read, `evidence.not_proven` where a
  ///   signature does not verify or both say the same, or things that may both be said.
  public init(decoding bytes: [UInt8], chain: Hash, origin: String) throws(LedgerError) {
    guard bytes.count <= Evidence.maximumBytes, let wire = try? WireEvidence(serializedBytes: bytes) else {
      throw LedgerError(.malformed, "not evidence")
    }
    switch wire.evidence {
    case .votes(let pair): self = try Evidence(pair, kind: .votes, domain: Domain.vote, chain: chain)
    case .locks(let pair): self = try Evidence(pair, kind: .locks, domain: Domain.lock, chain: chain)
    case .batches(let pair): self = try Evidence(pair, chain: chain)
    case .cosignatures(let pair): self = try Evidence(pair, isCosigned: true, origin: origin)
    case .logSignatures(let pair): self = try Evidence(pair, isCosigned: false, origin: origin)
    case nil: throw LedgerError(.malformed, "evidence of a kind this version does not know")
    }
  }

  private init(kind: Kind, key: PublicKey, place: UInt64) {
    self.kind = kind
    self.key = key
    self.place = place
  }

  private init(_ pair: WireStatementPair, kind: Kind, domain: [UInt8], chain: Hash) throws(LedgerError) {
    let first = try SignedStatement(pair.first)
    let second = try SignedStatement(pair.second)
    let (a, b) = (first.statement, second.statement)
    guard first.key == second.key, a.chain == chain, b.chain == chain, a.epoch == b.epoch, a.sequence == b.sequence,
      a != b
    else { throw Evidence.notProven("these two may both be said, or are of another chain") }
    guard first.verifies(domain: domain), second.verifies(domain: domain) else {
      throw Evidence.notProven("a signature does not verify")
    }
    self.init(kind: kind, key: first.key, place: a.sequence)
  }

  private init(_ pair: WireHeaderPair, chain: Hash) throws(LedgerError) {
    let key = try PublicKey(Array(pair.key))
    guard let first = try? Batch.read(Array(pair.first)), let second = try? Batch.read(Array(pair.second)) else {
      throw LedgerError(.malformed, "not the signed headers of two batches")
    }
    let (a, b) = (first.header, second.header)
    // Other bytes around the same header say nothing new.
    guard a.chain == chain, b.chain == chain, a.epoch == b.epoch, a.sequence == b.sequence,
      first.unsigned != second.unsigned
    else { throw Evidence.notProven("these two batches may both be made, or are of another chain") }
    guard key.verifies(first.signature, domain: Domain.header, message: first.unsigned),
      key.verifies(second.signature, domain: Domain.header, message: second.unsigned)
    else { throw Evidence.notProven("a header is not signed by this key") }
    self.init(kind: .batches, key: key, place: a.sequence)
  }

  private init(_ pair: WireRootPair, isCosigned: Bool, origin: String) throws(LedgerError) {
    let first = try EndorserCosignature(pair.first.signature)
    let second = try EndorserCosignature(pair.second.signature)
    guard let a = Hash(pair.first.root), let b = Hash(pair.second.root), pair.size < 1 << 63 else {
      throw LedgerError(.malformed, "not two roots for a size of a log")
    }
    guard first.key == second.key, a != b else { throw Evidence.notProven("these two may both be signed") }
    for (root, signed) in [(a, first), (b, second)] {
      let text = LogHead(size: pair.size, root: root).text(origin: origin)
      let verifies =
        isCosigned
        ? signed.verifies(text: text) : signed.key.verifies(signed.signature, domain: [], message: text)
      guard verifies else { throw Evidence.notProven("a signature does not verify for this origin, size and root") }
    }
    self.init(kind: isCosigned ? .cosignatures : .logSignatures, key: first.key, place: pair.size)
  }

  private static func notProven(_ message: String) -> LedgerError { LedgerError(.evidenceNotProven, message) }
}

extension Evidence {
  /// The bytes that show that a key voted for two statements, or locked them.
  public static func bytes(
    _ kind: Kind, _ first: SignedStatement, _ second: SignedStatement
  ) throws(LedgerError) -> [UInt8] {
    var wire = WireEvidence()
    var pair = WireStatementPair()
    pair.first = first.wire
    pair.second = second.wire
    if kind == .locks { wire.locks = pair } else { wire.votes = pair }
    return try encodedBytes(of: wire)
  }

  /// The bytes that show that a key signed two batches for one place.
  public static func bytes(batches first: Batch, _ second: Batch, key: PublicKey) throws(LedgerError) -> [UInt8] {
    var wire = WireEvidence()
    wire.batches.key = Data(key.bytes)
    wire.batches.first = Data(first.signedHeader)
    wire.batches.second = Data(second.signedHeader)
    return try encodedBytes(of: wire)
  }

  /// The bytes that show that a key cosigned two roots for one size.
  public static func bytes(
    size: UInt64, cosigned first: (root: Hash, signature: EndorserCosignature),
    _ second: (root: Hash, signature: EndorserCosignature)
  ) throws(LedgerError) -> [UInt8] {
    var wire = WireEvidence()
    wire.cosignatures = pair(size: size, (first.root, first.signature.wire), (second.root, second.signature.wire))
    return try encodedBytes(of: wire)
  }

  /// The bytes that show that a log key signed two roots for one size.
  public static func bytes(
    size: UInt64, logged first: (root: Hash, signature: LogSignature), _ second: (root: Hash, signature: LogSignature)
  ) throws(LedgerError) -> [UInt8] {
    func signature(_ signed: LogSignature) -> WireCosignature {
      var wire = WireCosignature()
      wire.key = Data(signed.key.bytes)
      wire.signature = Data(signed.signature)
      return wire
    }
    var wire = WireEvidence()
    wire.logSignatures = pair(
      size: size, (first.root, signature(first.signature)), (second.root, signature(second.signature)))
    return try encodedBytes(of: wire)
  }

  private static func pair(
    size: UInt64, _ first: (Hash, WireCosignature), _ second: (Hash, WireCosignature)
  ) -> WireRootPair {
    var pair = WireRootPair()
    pair.size = size
    pair.first.root = Data(first.0.bytes)
    pair.first.signature = first.1
    pair.second.root = Data(second.0.bytes)
    pair.second.signature = second.1
    return pair
  }
}
