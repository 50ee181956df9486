public import Ledger
internal import SwiftProtobuf

extension MutualAid {
  /// What an action is about, by ordinal.
  public enum Subject: Hashable, Sendable {
    /// A plan.
    case plan(UInt32)
    /// A membership.
    case membership(UInt32)
    /// A case.
    case claim(UInt32)
    /// A refund.
    case refund(UInt32)
  }

  /// What a transaction's action names. What was read ahead of the signatures need not be read again.
  public static func subjects(of transaction: VerifiedTransaction) -> [Subject] {
    if let join = transaction.content as? JoinContent { return [.plan(join.plan)] }
    return subjects(of: transaction.action)
  }

  /// What an action of this contract names; empty for what does not decode. Looks at no state.
  public static func subjects(of action: Action) -> [Subject] {
    guard let kind = MutualAidAction(rawValue: action.kind) else { return [] }
    func read<M: Message>(_ type: M.Type) -> M? { try? M(serializedBytes: action.payload) }
    let found: [Subject?] =
      switch kind {
      case .openPlan: []
      case .join: [read(WireJoin.self).map { .plan($0.plan) }]
      case .deposits: [read(WireDeposits.self).map { .plan($0.plan) }]
      case .fileCase: [read(WireFileCase.self).map { .membership($0.membership) }]
      case .investigate: [read(WireInvestigate.self).map { .claim($0.case) }]
      case .publishNotice: [read(WirePublishNotice.self).map { .claim($0.case) }]
      case .confirmPayout: [read(WireConfirmPayout.self).map { .claim($0.case) }]
      case .leave: [read(WireLeave.self).map { .membership($0.membership) }]
      case .confirmRefund: [read(WireConfirmRefund.self).map { .refund($0.refund) }]
      case .reverse: [read(WireReverse.self).map { .membership($0.membership) }]
      case .contribute: [read(WireContribute.self).map { .plan($0.plan) }]
      case .assign: [read(WireAssign.self).map { .claim($0.case) }]
      case .decide: [read(WireDecide.self).map { .claim($0.case) }]
      case .withdrawCase: [read(WireWithdrawCase.self).map { .claim($0.case) }]
      case .object: [read(WireObject.self).map { .claim($0.case) }]
      case .appeal: [read(WireAppeal.self).map { .claim($0.case) }]
      case .volunteer: [read(WireVolunteer.self).map { .membership($0.membership) }]
      case .commitDice, .revealDice: []
      case .recuse: [read(WireRecuse.self).map { .membership($0.membership) }]
      case .commitVote: [read(WireCommitVote.self).map { .membership($0.membership) }]
      case .revealVote: [read(WireRevealVote.self).map { .membership($0.membership) }]
      case .returnPayout: [read(WireReturnPayout.self).map { .claim($0.case) }]
      case .certifyDiagnosis: [read(WireCertifyDiagnosis.self).map { .claim($0.case) }]
      case .countersign: [read(WireCountersign.self).map { .claim($0.case) }]
      case .recover: [read(WireRecover.self).map { .claim($0.case) }]
      case .reserveStatement: [read(WireReserveStatement.self).map { .plan($0.plan) }]
      case .registerRecord: []
      case .nameHelper: [read(WireNameHelper.self).map { .membership($0.membership) }]
      case .askFieldCheck: [read(WireAskFieldCheck.self).map { .claim($0.case) }]
      case .sendFieldCheck: [read(WireSendFieldCheck.self).map { .membership($0.membership) }]
      case .reportFieldCheck, .answerComplaint: []
      case .complain: [read(WireComplain.self).map { .membership($0.membership) }]
      case .rotateKey: [read(WireChangeKey.self).map { .membership($0.membership) }]
      case .proposeRecovery: [read(WireProposeRecovery.self).map { .membership($0.membership) }]
      // What they name is found only in the state.
      case .vetoRecovery, .proveIdentity, .enrol, .groupDeposit, .withdrawConsent: []
      case .setPayee: [read(WireSetPayee.self).map { .membership($0.membership) }]
      case .setHeir: [read(WireSetHeir.self).map { .membership($0.membership) }]
      case .reportDeath: [read(WireReportDeath.self).map { .membership($0.membership) }]
      case .takeOver: [read(WireTakeOver.self).map { .membership($0.membership) }]
      case .reportIllness: [read(WireReportIllness.self).map { .membership($0.membership) }]
      case .registerGroup: [read(WireRegisterGroup.self).map { .plan($0.plan) }]
      case .leaveGroup: [read(WireLeaveGroup.self).map { .membership($0.membership) }]
      case .giveConsent: [read(WireGiveConsent.self).map { .membership($0.membership) }]
      }
    return found.compactMap { $0 }
  }
}
