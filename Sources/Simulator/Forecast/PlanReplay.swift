internal import Ledger
public import MutualAid

/// A plan's published numbers through the calendar rules of a convention, by the real contract.
///
/// What goes in: how many were aided each year, the members' path, and what a case costs on average by the ages of
/// a population, the incidence table and the convention's aid. The published cost per member does not go in, so that
/// it can be compared.
public struct PlanReplay: Sendable {
  /// One year of a replay beside what was published.
  public struct Year: Sendable {
    /// The calendar year.
    public let year: Int
    /// Members aided, as published.
    public let aided: Int
    /// Mean number of members who shared, over the year's debits.
    public let members: Double
    /// Yuan of mean aid of a case.
    public let meanAid: Double
    /// Debits.
    public let debits: Int
    /// The largest debit of the year, in yuan.
    public let largestDebit: Double
    /// Yuan that a member paid who was there all year.
    public let cost: Double
    /// Yuan that a member paid, as published.
    public let published: Double
    /// Yuan of aid and fee that caps left open, carried into the next year.
    public let carried: Double

    /// The replayed cost against the published one: 0.1 is ten per cent more.
    public var deviation: Double { cost / published - 1 }
    /// Yuan of mean aid with which the published cost would come out, all else being equal.
    public var impliedAid: Double { meanAid * published / cost }
  }

  /// Members that one membership stands for.
  public let scale: Int
  private let convention: Convention
  private let figures: ReplayFigures
  private let risk: Risk
  private let source: PeopleSource
  /// Ages in months by how many cases they bring: sums of all before and the age itself.
  private let caseAges: [(upTo: Double, months: Int)]

  private var plan: ModelPlan
  /// Memberships by month of birth, oldest first, and how many of each are used up.
  private var byBirth: [[(membership: UInt32, joined: Int)]]
  private var used: [Int]
  private var joined = 0
  private var taken = 0

  /// A replay; nothing runs yet.
  ///
  /// - Throws: `forecast.no_calendar`, `forecast.unknown_class`, `forecast.nobody_joins`.
  public init(
    _ convention: Convention, population: ForecastPopulation, figures: ReplayFigures, scale: Int
  ) throws {
    guard convention.calendar != nil, convention.countsPayersAtNotice else {
      throw ForecastError(.noCalendar, "\(convention.key) has no calendar with payers counted at notice")
    }
    self.scale = scale
    self.convention = try Forecast.scaled(convention, by: Double(scale))
    self.figures = figures
    risk = try Risk(population, convention: convention)
    source = try Forecast.source(population, convention: convention)
    var sum = 0.0
    var ages: [(upTo: Double, months: Int)] = []
    for cell in source.cells() {
      sum += cell.part * risk.rate(age: cell.months / 12, isMale: cell.isMale)
      ages.append((sum, cell.months))
    }
    caseAges = ages
    let opening = figures.years[0].year * 12 - Int(ReplayFigures.quarter)
    plan = ModelPlan(self.convention, opening: CivilDate.midnight(month: opening))
    byBirth = Array(repeating: [], count: opening + 12 * (figures.years.count + 1))
    used = Array(repeating: 0, count: byBirth.count)
  }

  /// Runs all years. `progress` is told how many months are done, of how many.
  public mutating func run(progress: (Int, Int) -> Void = { _, _ in }) throws -> [Year] {
    let first = figures.years[0].year * 12
    let quarter = Int(ReplayFigures.quarter)
    let count = 12 * figures.years.count + quarter
    for month in first - quarter..<first { try members(month: month, first: first) }
    var years: [Year] = []
    for (index, published) in figures.years.enumerated() {
      let start = first + 12 * index
      let (before, settlements) = (plan.plan.cumulative, plan.settlementCount)
      let weights = noticeWeights(year: published.year, first: first)
      let total = weights.reduce(0) { $0 + $1.weight }
      var (due, filed) = (0.0, 0)
      for month in start..<start + 12 {
        try members(month: month, first: first)
        for notice in weights where notice.month == month {
          // Everything filed and found covered on the day before.
          plan.advance(to: Timestamp(seconds: notice.time.seconds - Timestamp.day))
          due += notice.weight / total * Double(published.aided) / Double(scale)
          while filed < Int(due.rounded()) {
            try takeUp(month: month)
            filed += 1
          }
          plan.advance(to: notice.time)
        }
        progress(month - first + quarter + 1, count)
      }
      plan.advance(to: CivilDate.midnight(month: start + 12))
      years.append(close(published, since: before, settlements: settlements))
    }
    return years
  }

  /// Whether the plan's money obeys its equation.
  public var isBalanced: Bool { plan.isBalanced }

  /// The year's notices, each with the members who had passed the waiting period by then: cases come in proportion.
  private func noticeWeights(year: Int, first: Int) -> [(time: Timestamp, month: Int, weight: Double)] {
    guard let calendar = convention.calendar else { return [] }
    var notices: [(time: Timestamp, month: Int, weight: Double)] = []
    let end = CivilDate.midnight(month: 12 * year + 12)
    var time = calendar.nextNotice(after: CivilDate.midnight(month: 12 * year))
    while time < end {
      let date = CivilDate(time)
      let months = Double(date.monthIndex - first) + Double(date.day) / 30 - Double(convention.waitingDays) / 30
      notices.append((time, date.monthIndex, figures.members(atMonth: months)))
      time = calendar.nextNotice(after: time)
    }
    return notices
  }

  /// Lets people join until there are as many members as the path has in the middle of a month. They come by the ages
  /// of the population, spread evenly and not by chance, and pay in enough for both years.
  private mutating func members(month: Int, first: Int) throws {
    plan.advance(to: CivilDate.midnight(month: month))
    let target = Int(figures.members(atMonth: Double(month - first) + 0.5) / Double(scale))
    while Int(plan.plan.live) < target {
      let person = source.person(at: PlanReplay.even(joined, by: PlanReplay.golden), sex: 0)
      let membership = try plan.enrol(birthMonth: UInt16(month - person.months))
      try plan.deposit(Amount(micro: 400 * Amount.microPerYuan), membership: membership)
      byBirth[month - person.months].append((membership, month))
      joined += 1
    }
  }

  /// Takes up one case: its age by what the ages bring, its class by the population's cases, both spread evenly.
  private mutating func takeUp(month: Int) throws {
    let place = PlanReplay.even(taken, by: PlanReplay.golden) * caseAges[caseAges.count - 1].upTo
    let months = caseAges[caseAges.firstIndex { place < $0.upTo } ?? caseAges.count - 1].months
    var diseaseClass = risk.diseaseClass(at: PlanReplay.even(taken, by: PlanReplay.rootOfTwo))
    if month < figures.mildSince, diseaseClass == convention.classID(figures.mildClass.key),
      let before = convention.classID(figures.mildClass.before)
    {
      diseaseClass = before
    }
    taken += 1
    let waiting = (convention.waitingDays + 29) / 30 + 1
    guard let membership = member(age: months / 12, month: month, waiting: waiting) else { return }
    try plan.takeUp(membership, diseaseClass: diseaseClass)
  }

  /// A member of an age in whole years who has passed the waiting period; the nearest age where there is none.
  private mutating func member(age: Int, month: Int, waiting: Int) -> UInt32? {
    let middle = month - 12 * age - 6
    for distance in 0..<1440 {
      for birth in [middle + distance, middle - distance] where byBirth.indices.contains(birth) && birth <= month {
        guard used[birth] < byBirth[birth].count, byBirth[birth][used[birth]].joined + waiting <= month else {
          continue
        }
        used[birth] += 1
        let membership = byBirth[birth][used[birth] - 1].membership
        if plan.membership(membership).status == .active { return membership }
      }
    }
    return nil
  }

  private func close(_ published: ReplayFigures.Year, since before: Int64, settlements: Int) -> Year {
    let list = (settlements..<plan.settlementCount).map { plan.settlement($0) }
    let cases = list.reduce(0) { $0 + Int($1.cases) }
    let aid = list.reduce(0.0) { $0 + Double($1.aid) }
    let payers = list.reduce(0) { $0 + Int($1.payersBefore) }
    func yuan(_ micro: Int64) -> Double { Double(micro) / Double(Amount.microPerYuan) }
    return Year(
      year: published.year, aided: published.aided,
      members: Double(payers) / Double(max(1, list.count)) * Double(scale),
      meanAid: aid / Double(Amount.microPerYuan) / Double(max(1, cases)), debits: list.count,
      largestDebit: yuan(list.map(\.share).max() ?? 0), cost: yuan(plan.plan.cumulative - before),
      published: published.cost, carried: yuan(plan.plan.money.carried) * Double(scale))
  }

  /// Multiples of an irrational number without their whole parts fill 0…1 evenly, however many there are.
  private static func even(_ index: Int, by step: Double) -> Double {
    let place = (Double(index) + 0.5) * step
    return place - place.rounded(.down)
  }

  private static let golden = 0.618_033_988_749_894_9
  private static let rootOfTwo = 0.414_213_562_373_095_1
}
