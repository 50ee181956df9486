internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf

extension Consortium {
  /// Whether evidence is new and against an organisation of this chain: what lets a transaction in from anyone.
  ///
  /// - Throws: `encoding.malformed`, `evidence.not_proven`, `evidence.unknown_key`, `evidence.known`.
  @discardableResult
  public func checkEvidence(_ payload: [UInt8]) throws(LedgerError) -> (evidence: Evidence, key: Int) {
    guard let wire = try? WireSubmitEvidence(serializedBytes: payload) else {
      throw LedgerError(.malformed, "not a message with evidence")
    }
    let evidence = try Evidence(decoding: Array(wire.evidence), chain: chain, origin: origin)
    let governance = boxed.wrapped
    guard let key = governance.find(evidence.key), governance.keys[key].purpose == evidence.kind.purpose else {
      throw LedgerError(.unknownKey, "the key never stood for an organisation in this")
    }
    let isKnown = (0..<governance.evidence.count).contains { ordinal in
      let record = governance.evidence[ordinal]
      return Int(record.key) == key && record.kind == evidence.kind && record.place == evidence.place
    }
    guard !isKnown, organisations[Int(governance.keys[key].organisation)].standing != .removed else {
      throw LedgerError(.evidenceKnown, "it was accepted before, or its organisation is gone")
    }
    return (evidence, key)
  }

  /// Suspends an organisation that said two things that contradict each other.
  mutating func accept(evidence payload: [UInt8], at time: Timestamp) throws(LedgerError) {
    let (evidence, key) = try checkEvidence(payload)
    let organisation = boxed.wrapped.keys[key].organisation
    boxed.wrapped.evidence.append(
      EvidenceRecord(
        key: UInt32(key), kind: evidence.kind, organisation: organisation, place: evidence.place, time: time))
    organisations.update(Int(organisation)) { $0.standing = .suspended }
    reindex()
  }
}

extension Evidence.Kind {
  /// The key that makes such signatures.
  var purpose: KeyPurpose {
    switch self {
    case .votes, .locks, .batches: .vote
    case .cosignatures: .cosign
    case .logSignatures: .log
    }
  }
}
