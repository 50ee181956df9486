public import Ledger

/// What a pause stops.
public enum PauseScope: UInt8, Sendable, CaseIterable {
  /// Nobody joins the plan.
  case joins = 1
  /// The plan settles nothing and pays nothing out.
  case payouts = 2
}

/// The last pause of one scope and plan.
public struct Pause: Hashable, Sendable {
  /// What it stops.
  public let scope: PauseScope
  /// The plan.
  public let plan: UInt16
  /// Block time at which it began.
  public let from: Timestamp
  /// It is over at this block time.
  public let until: Timestamp

  /// A pause.
  public init(scope: PauseScope, plan: UInt16, from: Timestamp, until: Timestamp) {
    self.scope = scope
    self.plan = plan
    self.from = from
    self.until = until
  }
}
