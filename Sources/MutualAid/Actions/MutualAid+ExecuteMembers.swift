internal import Consortium
internal import Ledger
internal import SwiftProtobuf

extension MutualAid {
  /// Executes an action of the members' side: keys, payees, ownership, groups and consents.
  mutating func execute(
    member action: MutualAidAction, _ transaction: VerifiedTransaction, rows: [[UInt8]], consortium: Consortium,
    at time: Timestamp, outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let (payload, sender) = (transaction.action.payload, transaction.sender)
    switch action {
    case .rotateKey: try rotateKey(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .proposeRecovery:
      let organisation = try consortium.requireOfficer(sender, role: .all)
      try proposeRecovery(Self.decode(payload), by: organisation, consortium: consortium, at: time)
    case .vetoRecovery: try vetoRecovery(Self.decode(payload), sender: sender, at: time)
    case .proveIdentity: try proveIdentity(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .setPayee: try setPayee(Self.decode(payload), sender: sender, at: time)
    case .setHeir: try setHeir(Self.decode(payload), sender: sender, at: time)
    case .reportDeath:
      try reportDeath(Self.decode(payload), by: consortium.requireOfficer(sender, role: .identity), at: time)
    case .takeOver: try takeOver(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .reportIllness:
      let wire: WireReportIllness = try Self.decode(payload)
      let ordinal = try membership(wire.membership)
      let organisation =
        memberships[ordinal].owner == sender
        ? nil : try consortium.requireOfficer(sender, role: Self.illnessReporters)
      try reportIllness(wire, membership: ordinal, by: organisation, at: time)
    case .registerGroup:
      _ = try consortium.requireOfficer(sender, role: .platform)
      try registerGroup(Self.decode(payload), at: time)
    case .enrol:
      try enrol(
        Self.decode(payload), rows: rows, sender: sender, consortium: consortium, at: time, outcomes: &outcomes)
    case .groupDeposit: try groupDeposit(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .leaveGroup: try leaveGroup(Self.decode(payload), sender: sender)
    case .giveConsent: try giveConsent(Self.decode(payload), sender: sender, at: time)
    case .withdrawConsent: try withdrawConsent(Self.decode(payload), sender: sender, at: time)
    default: preconditionFailure("\(action) is not of the members' side")
    }
  }

  /// Whether a sender whom nobody registered has a part in what it asks for: the account of a recovery, the payer of
  /// a group, or somebody attested whose row comes with the action.
  func admit(
    member action: MutualAidAction, _ transaction: VerifiedTransaction, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let (payload, sender) = (transaction.action.payload, transaction.sender)
    switch action {
    case .vetoRecovery:
      let number = try Self.decode(payload, as: WireVetoRecovery.self).recovery
      guard Int(number) < recoveries.count else { throw LedgerError(.unknownRecovery, "no recovery \(number)") }
      guard recoveries[Int(number)].account == sender else {
        throw LedgerError(.notTheOwner, "the account belongs to somebody else")
      }
    case .proveIdentity:
      let wire: WireProveIdentity = try Self.decode(payload)
      guard Int(wire.recovery) < recoveries.count else {
        throw LedgerError(.unknownRecovery, "no recovery \(wire.recovery)")
      }
      let ordinal = Int(recoveries[Int(wire.recovery)].membership)
      _ = try attested(CarriedRow(wire), for: ordinal, sender: sender, consortium: consortium, at: time)
    case .takeOver:
      let wire: WireTakeOver = try Self.decode(payload)
      let ordinal = try membership(wire.membership)
      _ = try attested(CarriedRow(wire), for: ordinal, sender: sender, consortium: consortium, at: time)
    default: _ = try group(Self.decode(payload, as: WireEnrol.self).group, paidBy: sender)
    }
  }
}
