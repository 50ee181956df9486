internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
public import TransparencyLog

extension Hearts {
  /// A charity opens a project.
  public static func openProject(
    from start: Timestamp, to end: Timestamp, place: UInt32, description: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireOpenProject()
    wire.start = start.seconds
    wire.end = end.seconds
    wire.place = place
    wire.description_p = Data(description.bytes)
    return try action(.openProject, wire)
  }

  /// A charity disclosed a report.
  public static func disclose(project: UInt32, report: Hash) throws(LedgerError) -> Action {
    var wire = WireDisclose()
    wire.project = project
    wire.report = Data(report.bytes)
    return try action(.disclose, wire)
  }

  /// An organisation tells events, from its number `first`; the rows are ``TraceEvent``s.
  public static func trace(first: UInt64) throws(LedgerError) -> Action {
    var wire = WireTrace()
    wire.first = first
    return try action(.trace, wire)
  }

  /// Somebody claims a gift; the key of its code signs as well.
  public static func redeem(gift: UInt32) throws(LedgerError) -> Action {
    var wire = WireRedeem()
    wire.gift = gift
    return try action(.redeem, wire)
  }

  /// A giver spends hearts at a partner, which signs as well.
  public static func spend(
    hearts: Int64, at partner: UInt32, purpose: UInt32, receipt: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireSpend()
    wire.partner = partner
    wire.hearts = hearts
    wire.purpose = purpose
    wire.receipt = Data(receipt.bytes)
    return try action(.spend, wire)
  }

  /// What an action spends, so that a partner sees what it signs.
  ///
  /// - Throws: `transaction.unknown_action` for another action, `encoding.malformed`.
  public static func spending(
    in action: Action
  ) throws(LedgerError) -> (partner: UInt32, hearts: Int64, purpose: UInt32, receipt: Hash) {
    guard action.belongs(to: name), action.kind == HeartAction.spend.rawValue else {
      throw LedgerError(.unknownAction, "it spends no hearts")
    }
    let wire: WireSpend = try decode(action.payload)
    guard let receipt = Hash(wire.receipt) else { throw LedgerError(.malformed, "a receipt's hash has 32 bytes") }
    return (wire.partner, wire.hearts, wire.purpose, receipt)
  }

  /// A giver gives hearts to a project.
  public static func give(hearts: Int64, to project: UInt32) throws(LedgerError) -> Action {
    var wire = WireGiveHearts()
    wire.project = project
    wire.hearts = hearts
    return try action(.giveHearts, wire)
  }

  /// A gift is taken back.
  public static func reverse(gift: UInt32, reason: Hash) throws(LedgerError) -> Action {
    var wire = WireReverseGift()
    wire.gift = gift
    wire.reason = Data(reason.bytes)
    return try action(.reverse, wire)
  }

  /// The platform registers a partner.
  public static func registerPartner(account: Address, description: Hash) throws(LedgerError) -> Action {
    var wire = WireRegisterPartner()
    wire.account = Data(account.bytes)
    wire.description_p = Data(description.bytes)
    return try action(.registerPartner, wire)
  }

  /// A partner ends.
  public static func closePartner(_ partner: UInt32) throws(LedgerError) -> Action {
    var wire = WireClosePartner()
    wire.partner = partner
    return try action(.closePartner, wire)
  }

  /// A partner opens a channel at a threshold.
  public static func openChannel(
    partner: UInt32, threshold: UInt32, description: Hash
  ) throws(LedgerError) -> Action {
    var wire = WireOpenChannel()
    wire.partner = partner
    wire.threshold = threshold
    wire.description_p = Data(description.bytes)
    return try action(.openChannel, wire)
  }

  /// A partner closes a channel.
  public static func closeChannel(_ channel: UInt32) throws(LedgerError) -> Action {
    var wire = WireCloseChannel()
    wire.channel = channel
    return try action(.closeChannel, wire)
  }

  /// A giver consents for a partner.
  public static func consent(partner: UInt32, until: Timestamp) throws(LedgerError) -> Action {
    var wire = WireConsent()
    wire.partner = partner
    wire.until = until.seconds
    return try action(.consent, wire)
  }

  /// A giver takes a consent back.
  public static func withdrawConsent(_ consent: UInt32) throws(LedgerError) -> Action {
    var wire = WireWithdrawConsent()
    wire.consent = consent
    return try action(.withdrawConsent, wire)
  }

  /// An auditor says that two organisations are related.
  public static func relate(_ first: UInt32, _ second: UInt32, evidence: Hash) throws(LedgerError) -> Action {
    var wire = WireRelate()
    wire.first = first
    wire.second = second
    wire.evidence = Data(evidence.bytes)
    return try action(.relate, wire)
  }

  private static func action(_ kind: HeartAction, _ wire: some Message) throws(LedgerError) -> Action {
    Action(contract: name, kind: kind.rawValue, payload: try encodedBytes(of: wire))
  }
}
