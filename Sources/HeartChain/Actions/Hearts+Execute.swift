public import Consortium
public import Ledger
internal import SwiftProtobuf

extension Hearts {
  /// Executes one action; the state is unchanged when it throws.
  public mutating func execute(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], consortium: Consortium, at time: Timestamp,
    outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let action = try Hearts.action(of: transaction)
    let (payload, sender) = (transaction.action.payload, transaction.sender)
    guard (transaction.manifest != nil) == (action == .trace) else {
      throw LedgerError(.manifestUnexpected, "events come as rows, nothing else does")
    }
    switch action {
    case .openProject:
      let charity = try consortium.requireOfficer(sender, role: .charity)
      try openProject(Self.decode(payload), by: charity, at: time)
    case .disclose:
      let charity = try consortium.requireOfficer(sender, role: .charity)
      try disclose(Self.decode(payload), by: charity, at: time)
    case .trace: try trace(transaction, rows: rows, consortium: consortium, at: time, outcomes: &outcomes)
    case .redeem: try redeem(Self.decode(payload), transaction, at: time)
    case .spend: try spend(Self.decode(payload), transaction, at: time)
    case .giveHearts: try giveHearts(Self.decode(payload), sender: sender, at: time)
    case .reverse: try reverse(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .registerPartner:
      _ = try consortium.requireOfficer(sender, role: .platform)
      try registerPartner(Self.decode(payload), at: time)
    case .closePartner: try closePartner(Self.decode(payload), sender: sender, consortium: consortium, at: time)
    case .openChannel: try openChannel(Self.decode(payload), sender: sender, at: time)
    case .closeChannel: try closeChannel(Self.decode(payload), sender: sender, at: time)
    case .consent: try consent(Self.decode(payload), sender: sender, at: time)
    case .withdrawConsent: try withdrawConsent(Self.decode(payload), sender: sender, at: time)
    case .relate:
      let auditor = try consortium.requireOfficer(sender, role: .auditor)
      try relate(Self.decode(payload), by: auditor, consortium: consortium, at: time)
    }
  }

  /// Whether a sender whom nobody registered shows by the action who she is: an address with hearts, the partner, or
  /// whoever has a gift's claim code.
  ///
  /// - Throws: `transaction.unknown_sender` and the codes of what the action names.
  func admit(_ transaction: VerifiedTransaction) throws(LedgerError) {
    let (payload, sender) = (transaction.action.payload, transaction.sender)
    switch try Hearts.action(of: transaction) {
    case .redeem: return try requireClaim(Self.decode(payload, as: WireRedeem.self).gift, transaction)
    case .spend, .giveHearts, .consent, .withdrawConsent:
      if place(of: sender.key) != nil { return }
    case .openChannel:
      if try partner(Self.decode(payload, as: WireOpenChannel.self).partner).account == sender { return }
    case .closePartner:
      if try partner(Self.decode(payload, as: WireClosePartner.self).partner).account == sender { return }
    case .closeChannel:
      let channel = Int(try Self.decode(payload, as: WireCloseChannel.self).channel)
      guard channel < channels.count else { throw LedgerError(.unknownChannel, "no channel \(channel)") }
      if partners[Int(channels[channel].partner)].account == sender { return }
    case .openProject, .disclose, .trace, .reverse, .registerPartner, .relate: break
    }
    throw LedgerError(.unknownSender, "nobody registered this sender")
  }

  private static func action(of transaction: VerifiedTransaction) throws(LedgerError) -> HeartAction {
    guard let action = HeartAction(rawValue: transaction.action.kind) else {
      throw LedgerError(.unknownAction, "hearts has no action \(transaction.action.kind)")
    }
    return action
  }

  static func decode<M: Message>(_ payload: [UInt8], as type: M.Type = M.self) throws(LedgerError) -> M {
    guard let message = try? M(serializedBytes: payload) else {
      throw LedgerError(.malformed, "the action's message does not decode")
    }
    return message
  }
}
