public import Consortium
internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

extension MutualAid {
  /// Executes one action; the state is unchanged when it throws.
  ///
  /// `admit` has passed for the transaction on this very state.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], consortium: Consortium, at time: Timestamp,
    outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let action = try MutualAid.action(of: transaction)
    let payload = transaction.action.payload
    guard (transaction.manifest != nil) == (action == .deposits || action == .enrol) else {
      throw LedgerError(.manifestUnexpected, "deposits and people of a group come as rows, nothing else does")
    }
    switch action {
    case .openPlan: try openPlan(Self.decode(payload), sender: transaction.sender, consortium: consortium, at: time)
    case .join:
      try join(MutualAid.joinContent(transaction), sender: transaction.sender, consortium: consortium, at: time)
    case .deposits:
      try deposit(
        Self.decode(payload), rows: rows, sender: transaction.sender, consortium: consortium, at: time,
        outcomes: &outcomes)
    case .fileCase:
      let wire: WireFileCase = try Self.decode(payload)
      let ordinal = try membership(wire.membership)
      if memberships[ordinal].owner != transaction.sender, !isHelper(transaction.sender, of: UInt32(ordinal)) {
        _ = try consortium.requireOfficer(transaction.sender, role: .hospital)
      }
      try fileCase(wire, membership: UInt32(ordinal), at: time)
    case .investigate:
      let organisation = try consortium.requireOfficer(transaction.sender, role: .investigator)
      try investigate(Self.decode(payload), by: organisation, at: time)
    case .publishNotice:
      _ = try consortium.requireOfficer(transaction.sender, role: .platform)
      try publishNotice(Self.decode(payload), at: time)
    case .confirmPayout:
      let wire: WireConfirmPayout = try Self.decode(payload)
      let number = try payable(wire.case, for: .pay)
      try requireCustodian(of: cases[number].plan, transaction.sender, consortium)
      try confirmPayout(wire, at: time)
    case .returnPayout:
      let wire: WireReturnPayout = try Self.decode(payload)
      let number = try payable(wire.case, for: .payoutReturned)
      try requireCustodian(of: cases[number].plan, transaction.sender, consortium)
      try returnPayout(wire)
    case .leave: try leave(Self.decode(payload), sender: transaction.sender, at: time)
    case .confirmRefund:
      try confirmRefund(Self.decode(payload), sender: transaction.sender, consortium: consortium, at: time)
    case .reverse: try reverse(Self.decode(payload), sender: transaction.sender, consortium: consortium, at: time)
    case .contribute: try contribute(Self.decode(payload), sender: transaction.sender, consortium: consortium)
    case .assign:
      _ = try consortium.requireOfficer(transaction.sender, role: .platform)
      try assign(Self.decode(payload), consortium: consortium)
    case .decide:
      let organisation = try consortium.requireOfficer(transaction.sender, role: Self.deciders)
      try decide(Self.decode(payload), by: organisation, at: time)
    case .withdrawCase: try withdraw(Self.decode(payload), sender: transaction.sender, at: time)
    case .object: try object(Self.decode(payload), sender: transaction.sender, at: time)
    case .appeal: try appeal(Self.decode(payload), sender: transaction.sender, at: time)
    case .volunteer: try volunteer(Self.decode(payload), sender: transaction.sender, at: time)
    case .commitDice:
      try commitDice(Self.decode(payload), by: consortium.requireOfficer(transaction.sender, role: .all), at: time)
    case .revealDice:
      try revealDice(Self.decode(payload), by: consortium.requireOfficer(transaction.sender, role: .all), at: time)
    case .recuse: try recuse(Self.decode(payload), sender: transaction.sender, at: time)
    case .commitVote: try commitVote(Self.decode(payload), sender: transaction.sender, at: time)
    case .revealVote: try revealVote(Self.decode(payload), sender: transaction.sender, at: time)
    case .certifyDiagnosis:
      try certify(Self.decode(payload), by: consortium.requireOfficer(transaction.sender, role: .hospital), at: time)
    case .countersign:
      try countersign(Self.decode(payload), by: consortium.requireOfficer(transaction.sender, role: .insurer), at: time)
    case .recover:
      let wire: WireRecover = try Self.decode(payload)
      try requireCustodian(of: cases[claim(wire.case)].plan, transaction.sender, consortium)
      try recover(wire, at: time)
    case .reserveStatement:
      try state(Self.decode(payload), sender: transaction.sender, consortium: consortium, at: time)
    case .registerRecord:
      let hospital = try consortium.requireOfficer(transaction.sender, role: .hospital)
      try registerRecord(Self.decode(payload), by: hospital, at: time)
    case .nameHelper: try nameHelper(Self.decode(payload), sender: transaction.sender, at: time)
    case .askFieldCheck:
      let organisation = try consortium.requireOfficer(transaction.sender, role: .investigator)
      try askFieldCheck(Self.decode(payload), by: organisation, at: time)
    case .sendFieldCheck:
      _ = try consortium.requireOfficer(transaction.sender, role: .platform)
      try sendFieldCheck(Self.decode(payload), at: time)
    case .reportFieldCheck: try reportFieldCheck(Self.decode(payload), sender: transaction.sender, at: time)
    case .complain:
      try complain(Self.decode(payload), sender: transaction.sender, consortium: consortium, at: time)
    case .answerComplaint:
      let organisation = try consortium.requireOfficer(transaction.sender, role: .all)
      try answer(Self.decode(payload), by: organisation, consortium: consortium, at: time)
    case .rotateKey, .proposeRecovery, .vetoRecovery, .proveIdentity, .setPayee, .setHeir, .reportDeath, .takeOver,
      .reportIllness, .registerGroup, .enrol, .groupDeposit, .leaveGroup, .giveConsent, .withdrawConsent:
      try execute(
        member: action, transaction, rows: rows, consortium: consortium, at: time, outcomes: &outcomes)
    }
  }

  /// Whether a sender is known or carries an attestation: runs before a transaction gets into the log.
  public func admit(_ transaction: VerifiedTransaction, consortium: Consortium, at time: Timestamp) throws(LedgerError)
  {
    let action = try MutualAid.action(of: transaction)
    let sender = transaction.sender
    if consortium.organisation(ofOfficer: sender) != nil || consortium.isRegistered(sender) { return }
    switch action {
    case .join:
      try prove(MutualAid.joinContent(transaction), sender: sender, consortium: consortium, at: time)
    case .vetoRecovery, .proveIdentity, .takeOver, .enrol:
      try admit(member: action, transaction, consortium: consortium, at: time)
    case .leave, .fileCase, .object, .volunteer, .recuse, .commitVote, .revealVote, .withdrawCase, .appeal, .rotateKey,
      .setPayee, .setHeir, .reportIllness, .leaveGroup, .giveConsent, .withdrawConsent,
      .nameHelper, .reportFieldCheck, .complain:
      guard let membership = try actor(of: action, transaction.action.payload) else {
        if action == .withdrawConsent { throw LedgerError(.unknownConsent, "no such consent") }
        throw LedgerError(.unknownCase, "no such case")
      }
      if action == .fileCase, isHelper(sender, of: membership) { return }
      _ = try owned(membership, by: sender)
    default: throw LedgerError(.unknownSender, "nobody registered this sender")
    }
  }

  /// The membership whose owner an action by a member has to come from; `nil` for a case that is not there.
  private func actor(of action: MutualAidAction, _ payload: [UInt8]) throws(LedgerError) -> UInt32? {
    func ofCase(_ number: UInt32) -> UInt32? {
      Int(number) < cases.count ? cases[Int(number)].membership : nil
    }
    switch action {
    case .leave: return try Self.decode(payload, as: WireLeave.self).membership
    case .fileCase: return try Self.decode(payload, as: WireFileCase.self).membership
    case .object: return try Self.decode(payload, as: WireObject.self).membership
    case .nameHelper: return try Self.decode(payload, as: WireNameHelper.self).membership
    case .complain: return try Self.decode(payload, as: WireComplain.self).membership
    case .reportFieldCheck:
      let check = Int(try Self.decode(payload, as: WireReportFieldCheck.self).check)
      guard check < fieldChecks.count, fieldChecks[check].membership != 0 else {
        throw LedgerError(.unknownFieldCheck, "no such check has a volunteer")
      }
      return fieldChecks[check].membership - 1
    case .volunteer: return try Self.decode(payload, as: WireVolunteer.self).membership
    case .recuse: return try Self.decode(payload, as: WireRecuse.self).membership
    case .commitVote: return try Self.decode(payload, as: WireCommitVote.self).membership
    case .revealVote: return try Self.decode(payload, as: WireRevealVote.self).membership
    case .withdrawCase: return ofCase(try Self.decode(payload, as: WireWithdrawCase.self).case)
    case .appeal: return ofCase(try Self.decode(payload, as: WireAppeal.self).case)
    case .rotateKey: return try Self.decode(payload, as: WireChangeKey.self).membership
    case .setPayee: return try Self.decode(payload, as: WireSetPayee.self).membership
    case .setHeir: return try Self.decode(payload, as: WireSetHeir.self).membership
    case .reportIllness: return try Self.decode(payload, as: WireReportIllness.self).membership
    case .leaveGroup: return try Self.decode(payload, as: WireLeaveGroup.self).membership
    case .giveConsent: return try Self.decode(payload, as: WireGiveConsent.self).membership
    case .withdrawConsent: return consented(try Self.decode(payload, as: WireWithdrawConsent.self).consent)
    default: return nil
    }
  }

  /// What can be worked out of an action before the state is known: see `Application.read`.
  static func read(_ action: Action) -> (any Sendable)? {
    guard action.belongs(to: name), action.kind == MutualAidAction.join.rawValue else {
      return nil
    }
    return try? JoinContent(payload: action.payload)
  }

  private static func action(of transaction: VerifiedTransaction) throws(LedgerError) -> MutualAidAction {
    guard let action = MutualAidAction(rawValue: transaction.action.kind) else {
      throw LedgerError(.unknownAction, "mutual-aid has no action \(transaction.action.kind)")
    }
    return action
  }

  /// A membership by its ordinal, if it is the sender's.
  func owned(_ ordinal: UInt32, by sender: Address) throws(LedgerError) -> Int {
    let found = try membership(ordinal)
    guard memberships[found].owner == sender else {
      throw LedgerError(.notTheOwner, "the membership belongs to somebody else")
    }
    return found
  }

  func requireCustodian(of plan: UInt16, _ sender: Address, _ consortium: Consortium) throws(LedgerError) {
    let organisation = try consortium.requireOfficer(sender, role: .custodian)
    guard plans[Int(plan)].custodian == organisation else {
      throw LedgerError(.wrongRole, "another custodian holds this plan's money")
    }
  }

  func membership(_ ordinal: UInt32) throws(LedgerError) -> Int {
    guard Int(ordinal) < memberships.count else { throw LedgerError(.unknownMembership, "no membership \(ordinal)") }
    return Int(ordinal)
  }

  func plan(_ ordinal: UInt32) throws(LedgerError) -> UInt16 {
    guard Int(ordinal) < plans.count else { throw LedgerError(.unknownPlan, "no plan \(ordinal)") }
    return UInt16(ordinal)
  }

  static func decode<M: Message>(_ payload: [UInt8], as type: M.Type = M.self) throws(LedgerError) -> M {
    guard let message = try? M(serializedBytes: payload) else {
      throw LedgerError(.malformed, "the action's message does not decode")
    }
    return message
  }
}
