/// The actions of the contract "hearts".
public enum HeartAction: UInt32, Sendable, CaseIterable {
  /// A charity opens a project.
  case openProject = 1
  /// A charity disclosed a report.
  case disclose = 2
  /// An organisation tells events; rows of ``TraceEvent``.
  case trace = 3
  /// Somebody claims a gift with its code.
  case redeem = 4
  /// A giver spends hearts at a partner.
  case spend = 5
  /// A giver gives hearts to a project.
  case giveHearts = 6
  /// A gift is taken back.
  case reverse = 7
  /// The platform registers a partner.
  case registerPartner = 8
  /// A partner ends.
  case closePartner = 9
  /// A partner opens a channel.
  case openChannel = 10
  /// A partner closes it.
  case closeChannel = 11
  /// A giver consents.
  case consent = 12
  /// A giver takes a consent back.
  case withdrawConsent = 13
  /// An auditor says that two organisations are related.
  case relate = 14
}
