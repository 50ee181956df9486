public import Ledger
public import MutualAid

/// What a demonstration shows.
public struct DemoOptions: Sendable {
  /// People, over the two large plans.
  public var members: Int
  /// Simulated years, ending at `end`.
  public var years: Int
  /// The same seed gives the same people and the same events.
  public var seed: UInt64
  /// The last moment of the simulation.
  public var end: Timestamp
  /// The plans in the order of their ordinals: one with payers counted at settlement and a fast track, one with a
  /// calendar and its caps already scaled to the population, and one for a small circle.
  public var plans: [Convention]

  /// Options of one demonstration.
  public init(
    members: Int, years: Int, seed: UInt64, end: Timestamp, seedPlan: Convention, calendarPlan: Convention,
    neighbours: Convention
  ) {
    self.members = members
    self.years = years
    self.seed = seed
    self.end = end
    plans = [seedPlan, calendarPlan, neighbours]
  }

  /// How many people belong to a plan.
  func people(of plan: Int) -> Int {
    switch plan {
    case 0: (members + 1) / 2
    case 1: members / 2
    default: members < 1000 ? 0 : DemoOptions.neighbours
    }
  }

  /// From midnight to the moment of the day when everything happens: nine in the morning.
  static let morningSeconds: UInt64 = 9 * 3600

  /// The last day whose morning, with all that is signed then, is over at `end`.
  ///
  /// Were it the day of `end` itself, a demonstration in the small hours would end with signatures of the next
  /// morning, and a node that goes on with it would refuse every transaction as expired until then.
  var lastDay: Int {
    // Ten minutes for the day's blocks.
    let shift = DemoOptions.morningSeconds + 600
    return CivilDate(Timestamp(seconds: end.seconds - min(end.seconds, shift))).dayNumber
  }

  /// Critical illnesses a year among a thousand members: what real plans saw, since members passed a health
  /// declaration.
  public static let illnessPerThousand = 0.67
  /// People of the small plan; in a demonstration of fewer than a thousand it stays empty.
  public static let neighbours = 160
  /// Members the calendar plan's model had; its caps are scaled from there.
  public static let modelMembers = 100_000_000

  /// A convention whose cap per case is scaled from the model's members to so few.
  public static func scaled(_ convention: Convention, members: Int) throws(LedgerError) -> Convention {
    let factor = max(1, modelMembers / max(1, members))
    let (cap, overflow) = convention.caps.perCase.micro.multipliedReportingOverflow(by: Int64(factor))
    return try smaller(
      convention.withCap(
        perCase: Amount(micro: overflow ? Convention.maximumAmount : min(cap, Convention.maximumAmount))),
      members: members)
  }

  /// A convention that does not end with so few members as a demonstration has: with a tenth of them.
  public static func smaller(_ convention: Convention, members: Int) throws(LedgerError) -> Convention {
    try convention.changed { $0.windDown.minimumMembers = UInt32(clamping: members / 10) }
  }
}

/// What happened in a demonstration; amounts are millionths of a yuan.
public struct DemoReport: Sendable {
  /// One plan's figures.
  public struct Plan: Sendable {
    /// The convention's names.
    public let nameZh: String
    /// See ``nameZh``.
    public let nameEn: String
    /// The cap per case in force, and the model's.
    public let capPerCase: Int64
    /// Memberships ever opened, and those not ended.
    public let joined: Int
    /// See ``joined``.
    public let live: Int
    /// Memberships with a balance at the end.
    public let funded: Int
    /// Cases by class key: filed, settled.
    public let cases: [(key: String, filed: Int, settled: Int)]
    /// Settlements, and the sum of their shares.
    public let settlements: Int
    /// See ``settlements``.
    public let shares: Int64
    /// Cases settled over all settlements.
    public let settledCases: Int
    /// What members paid in shares, and member-years in which they were funded.
    public let collected: Int64
    /// See ``collected``.
    public let memberYears: Double
    /// The plan's money at the end.
    public let money: PlanMoney
    /// Σ balances at the end.
    public let balances: Int64
  }

  /// The plans, in the order of the options.
  public let plans: [Plan]
  /// The table's average rate for these people, and the factor that brings it to what plans saw.
  public let tableRate: Double
  /// See ``tableRate``.
  public let selectionFactor: Double
  /// Transactions by result.
  public let results: [(name: String, count: Int)]
  /// What happens once in a while, and how often it did.
  public let events: [(name: String, count: Int)]
  /// A member with a long history, for the statement.
  public let exampleMembership: UInt32
}
