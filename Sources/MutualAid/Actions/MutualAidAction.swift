/// The actions of the contract "mutual-aid".
public enum MutualAidAction: UInt32, Sendable, CaseIterable {
  /// The platform opens a plan under a convention.
  case openPlan = 1
  /// A person joins.
  case join = 2
  /// The custodian reports deposits.
  case deposits = 3
  /// A case is filed.
  case fileCase = 4
  /// The investigator reports.
  case investigate = 5
  /// The platform publishes a notice.
  case publishNotice = 6
  /// The custodian confirms a payout.
  case confirmPayout = 7
  /// An owner leaves.
  case leave = 8
  /// The custodian confirms a refund.
  case confirmRefund = 9
  /// The custodian reports a payment taken back.
  case reverse = 10
  /// The custodian reports a sponsor's money.
  case contribute = 11
}
