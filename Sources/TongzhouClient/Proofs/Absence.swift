public import Contracts
public import Foundation
public import Ledger
internal import MutualAid
public import TransparencyLog

/// Proof that the state does not hold a key: a nullifier that no live membership uses, or a payment reference of the
/// last ninety days that no deposit used.
public struct Absence: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-absence/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.absence+json"
  /// The most bytes of a file.
  public static let maximumByteCount = 2_000_000

  /// A table whose keys can be proven absent.
  public enum Table: String, CaseIterable, Sendable {
    /// Who is covered by a plan.
    case nullifiers
    /// Which payments were credited.
    case paymentReferences = "payment_references"
  }

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The table with its place under the state root.
  public var table: ProvenTable
  /// The key that is absent, 32 bytes.
  public var key: Data
  /// The record of the greatest smaller key and the one it links to, where there is one; or the key's own record,
  /// which no live membership uses.
  public var records: [ProvenRecord]
  /// The seal that names the state root.
  public var seal: SealProof

  /// The proof that a key is absent from a state, and the seal that names the state's root.
  ///
  /// - Throws: `proof.not_found` where the key is present.
  public init(of key: Hash, in name: Table, state app: ChainState, chain: Hash, seal: SealProof) throws(ProofError) {
    var app = app
    let commitment = app.commitment()
    guard let table = commitment.proof(ofTable: name.rawValue) else {
      throw ProofError(.notFound, "no table \(name.rawValue)")
    }
    let proof =
      switch name {
      case .nullifiers: app.mutualAid.nullifiers.absenceProof(of: key, table: table)
      case .paymentReferences: app.mutualAid.references.absenceProof(of: key, table: table)
      }
    if let proof {
      records = ([proof.predecessor] + (proof.successor.map { [$0] } ?? [])).map { ProvenRecord($0) }
    } else if name == .nullifiers, let own = app.mutualAid.nullifiers.presenceProof(of: key, table: table),
      NullifierRecord(from: own.record.record.span.bytes).membership == 0
    {
      records = [ProvenRecord(own.record)]
    } else {
      throw ProofError(.notFound, "the key is in \(name.rawValue)")
    }
    format = Absence.format
    self.chain = chain.description
    self.table = ProvenTable(table)
    self.key = Data(key.bytes)
    self.seal = seal
  }

  /// What a valid proof says.
  public struct Proven: Sendable {
    /// The table.
    public let table: Table
    /// The key that is not in it.
    public let key: Hash
    /// The seal of the block after which it was so.
    public let seal: Seal
  }

  /// Checks everything the proof claims, offline.
  ///
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`, `proof.not_included`.
  public func verify(chain: Hash, policy: Policy) throws(ProofError) -> Proven {
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the proof is of chain \(self.chain)")
    }
    let seal = try seal.verify(chain: chain, policy: policy).seal
    guard let name = Table(rawValue: table.name) else {
      throw ProofError(.notIncluded, "\(table.name) has no keys that could be absent")
    }
    let table = try table.verified(name: name.rawValue, under: seal.state)
    // The zero key is the sentinel's and nobody's.
    guard let key = Hash(key), key != .zero else { throw ProofError(.malformed, "a key has 32 bytes, not all zero") }
    switch name {
    case .nullifiers:
      let found: [NullifierRecord] = try records(in: table)
      if found.count == 1, found[0].key == key, found[0].membership == 0 { break }
      try checkGap(found, key)
    case .paymentReferences:
      let found: [PaymentReferenceRecord] = try records(in: table)
      try checkGap(found, key)
    }
    return Proven(table: name, key: key, seal: seal)
  }

  private func records<Record: LinkedRecord>(in table: TableSummary) throws(ProofError) -> [Record] {
    guard (1...2).contains(records.count) else { throw ProofError(.malformed, "one or two records are needed") }
    var found: [Record] = []
    for record in records { found.append(try record.verified(in: table)) }
    return found
  }

  /// The key lies between two neighbours, or after the greatest. Record 0, the sentinel, is below every key.
  private func checkGap(_ found: [some LinkedRecord], _ key: Hash) throws(ProofError) {
    let isAfter = records[0].ordinal == 0 || found[0].key < key
    let isBefore =
      found.count == 1
      ? found[0].next == 0 : found[0].next != 0 && records[1].ordinal == UInt64(found[0].next) && key < found[1].key
    guard isAfter, isBefore else { throw ProofError(.notIncluded, "the records are no neighbours around the key") }
  }
}
