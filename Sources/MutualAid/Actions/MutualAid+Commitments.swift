internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
public import TransparencyLog

extension MutualAid {
  /// What a person committed to by an action, so that she can open it.
  public enum Committed: Hashable, Sendable {
    /// Who is insured.
    case insured
    /// The health declaration.
    case health
    /// The documents of a case, or of an illness within the waiting period.
    case documents
    /// Who is paid.
    case payee
    /// Who is paid after the insured's death.
    case heir
    /// The text of a consent.
    case consent
    /// The evidence of an objection to a case.
    case objection(UInt32)
    /// The evidence of an appeal about a case.
    case appeal(UInt32)
    /// What a volunteer found, by the check's ordinal.
    case check(UInt32)
    /// A complaint's text, by what it is about (1 a case, 2 a membership, 3 an organisation) and its ordinal.
    case complaint(about: UInt32, ordinal: UInt32)
    /// A juror's vote.
    case vote(jury: UInt32, membership: UInt32)
  }

  /// The commitments that an action of this contract carries, in the order of its fields. One that names nobody, 32
  /// zero bytes, is left out, and so is what does not decode. Looks at no state.
  public static func commitments(of action: Action) -> [(what: Committed, hash: Hash)] {
    guard action.belongs(to: name), let kind = MutualAidAction(rawValue: action.kind)
    else { return [] }
    func read<M: Message>(_ type: M.Type) -> M? { try? M(serializedBytes: action.payload) }
    let found: [(what: Committed, bytes: Data)] =
      switch kind {
      case .join: read(WireJoin.self).map { [(.insured, $0.insured), (.health, $0.health)] } ?? []
      case .fileCase: read(WireFileCase.self).map { [(.documents, $0.documents)] } ?? []
      case .reportIllness: read(WireReportIllness.self).map { [(.documents, $0.documents)] } ?? []
      case .setPayee: read(WireSetPayee.self).map { [(.payee, $0.commitment)] } ?? []
      case .setHeir: read(WireSetHeir.self).map { [(.heir, $0.commitment)] } ?? []
      case .giveConsent: read(WireGiveConsent.self).map { [(.consent, $0.commitment)] } ?? []
      case .object: read(WireObject.self).map { [(.objection($0.case), $0.evidence)] } ?? []
      case .appeal: read(WireAppeal.self).map { [(.appeal($0.case), $0.evidence)] } ?? []
      case .reportFieldCheck: read(WireReportFieldCheck.self).map { [(.check($0.check), $0.report)] } ?? []
      case .complain:
        read(WireComplain.self).map { [(.complaint(about: $0.about, ordinal: $0.ordinal), $0.content)] } ?? []
      case .commitVote:
        read(WireCommitVote.self).map {
          [(.vote(jury: $0.jury, membership: $0.membership), $0.commitment)]
        } ?? []
      default: []
      }
    return found.compactMap { what, bytes in
      Hash(bytes).flatMap { $0 == .zero ? nil : (what, $0) }
    }
  }

  /// The change of a membership's history that an owner's action makes where it is carried out; `nil` for an action
  /// that leaves none, or that others than the owner may make as well. Looks at no state.
  ///
  /// - Returns: the kind and the commitment that the change then has; no commitment where the action alone does not
  ///   tell it.
  public static func ownChange(of action: Action) -> (kind: MembershipChange.Kind, commitment: Hash?)? {
    guard action.belongs(to: name), let kind = MutualAidAction(rawValue: action.kind)
    else { return nil }
    func read<M: Message>(_ type: M.Type) -> M? { try? M(serializedBytes: action.payload) }
    switch kind {
    case .join:
      guard let content = try? JoinContent(payload: action.payload) else { return nil }
      return (.join, content.commitment)
    case .leave: return (.leave, .zero)
    case .rotateKey: return read(WireChangeKey.self).flatMap { Hash($0.publicKey) }.map { (.rotateKey, $0) }
    case .vetoRecovery: return (.vetoRecovery, .zero)
    case .setPayee: return read(WireSetPayee.self).flatMap { Hash($0.commitment) }.map { (.setPayee, $0) }
    case .setHeir: return read(WireSetHeir.self).flatMap { Hash($0.commitment) }.map { (.setHeir, $0) }
    case .takeOver: return (.takeOver, nil)
    default: return nil
    }
  }
}
