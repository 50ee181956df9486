/// What was published of a mutual-aid plan, and what a replay has to assume beside it.
public struct ReplayFigures: Sendable {
  /// One year as published.
  public struct Year: Sendable {
    /// The calendar year.
    public let year: Int
    /// Members who were given aid.
    public let aided: Int
    /// Yuan that a member paid.
    public let cost: Double

    /// A year.
    public init(year: Int, aided: Int, cost: Double) {
      self.year = year
      self.aided = aided
      self.cost = cost
    }
  }

  /// The years replayed, one after the other.
  public let years: [Year]
  /// Critical illnesses a year among a thousand members, published for the last of the years.
  public let illnessPerThousand: Double
  /// Members at the beginning of the first year; an assumption.
  public let membersAtStart: Int
  /// Since this month (year × 12 + month − 1) a mild cancer of the thyroid brings less than a severe one.
  public let mildSince: Int
  /// The class that it is, and what it counts as before.
  public let mildClass: (key: String, before: String)

  /// Members in the last year: not published, but so many cases at this rate need so many members.
  public var membersInLastYear: Int { Int(Double(years[years.count - 1].aided) * 1000 / illnessPerThousand) }

  /// 相互宝 in 2019 and 2020, from press reports; the members at the beginning of 2019 are an assumption.
  public static func xianghubao(membersAtStart: Int = 20_000_000) -> ReplayFigures {
    ReplayFigures(
      years: [Year(year: 2019, aided: 16_528, cost: 29), Year(year: 2020, aided: 68_675, cost: 91)],
      illnessPerThousand: 0.67, membersAtStart: membersAtStart, mildSince: 2019 * 12 + 4,
      mildClass: ("thyroid-mild", "cancer"))
  }

  /// Members at a month, counted as months since the beginning of the first year: from nothing in the quarter before,
  /// evenly to ``membersAtStart``, evenly to ``membersInLastYear`` by the beginning of the last year, and no more then.
  func members(atMonth month: Double) -> Double {
    let (start, end) = (Double(membersAtStart), Double(membersInLastYear))
    let rise = Double(12 * max(1, years.count - 1))
    if month < 0 { return max(0, start * (1 + month / ReplayFigures.quarter)) }
    return month >= rise ? end : start + (end - start) * month / rise
  }

  /// Months in which the first members come, before the first year.
  static let quarter = 3.0
}
