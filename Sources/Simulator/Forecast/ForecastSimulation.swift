internal import Foundation
internal import Ledger
internal import MutualAid

/// One run: people month by month, everything else by the contract.
struct ForecastSimulation {
  private struct Member {
    let membership: UInt32
    let birthMonth: Int
    let isMale: Bool
    let joined: Int
    /// E, as the contract had it after her last payment.
    var exhaustsAt: Int64 = 0
    /// She has been critically ill and expects nothing more.
    var wasIll = false
    /// Whether she was there at the beginning, under forty or older.
    let cohort: Cohort
  }

  private enum Cohort { case young, older, later }

  private let forecast: Forecast
  private var generator: SplitMix64
  private var plan: ModelPlan
  private var members: [Member] = []
  /// What this run multiplies everybody's rate with.
  private let runFactor: Double
  private let opening: Int
  /// C at the beginning of each month.
  private var cumulative: [Int64] = []
  private var began: (young: Int, older: Int) = (0, 0)
  private var left: (young: Int, older: Int) = (0, 0)
  private var joining = 0.0
  private var year = ForecastRun.Year()
  private var settled = 0

  init(_ forecast: Forecast, seed: UInt64) throws {
    self.forecast = forecast
    generator = SplitMix64(seed: seed)
    opening = Forecast.firstYear * 12
    plan = ModelPlan(forecast.convention, opening: CivilDate.midnight(month: opening))
    // A normal deviate by Box and Muller.
    let (radius, angle) = (1 - generator.unit(), generator.unit())
    let deviate = (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
    runFactor = exp(forecast.population.declaration.spread * deviate)
    for _ in 0..<forecast.sample { try join(month: opening, isFirst: true) }
  }

  mutating func run() throws -> ForecastRun {
    var run = ForecastRun()
    for number in 1...forecast.options.years {
      year = ForecastRun.Year()
      let before = plan.plan.cumulative
      for month in (opening + 12 * (number - 1))..<(opening + 12 * number) {
        try self.month(month)
        if Double(plan.plan.live) * forecast.scale < Double(forecast.minimumMembers) {
          run.windDown = number
          break
        }
      }
      plan.advance(to: run.windDown == nil ? CivilDate.midnight(month: opening + 12 * number) : plan.now)
      close(since: before)
      run.years.append(year)
      if run.windDown != nil { break }
    }
    return run
  }

  // MARK: A month

  private mutating func month(_ month: Int) throws {
    plan.advance(to: CivilDate.midnight(month: month))
    cumulative.append(plan.plan.cumulative)
    let cost = yearlyCost
    try leave(month: month, cost: cost)
    joining += Double(forecast.population.joiningAYear) / 12 / forecast.scale
    while joining >= 1 {
      joining -= 1
      try join(month: month, isFirst: false, cost: cost)
    }
    try topUp(cost: cost ?? 0)
    try fallIll(month: month)
  }

  /// Yuan that a member owed in the last twelve months; `nil` in the first year, in which nobody knows yet.
  private var yearlyCost: Double? {
    guard cumulative.count > 12 else { return nil }
    return yuan(cumulative[cumulative.count - 1] - cumulative[cumulative.count - 13])
  }

  /// What a person pays a year beyond what she expects to get, in tolerances, never below zero.
  private func strain(cost: Double?, age: Int, isMale: Bool, year: Int, wasIll: Bool) -> Double {
    guard let cost else { return 0 }
    let own = forecast.risk.rate(age: age, isMale: isMale) * forecast.population.declaration.factor(year: year)
    let benefit = wasIll ? 0 : own * runFactor * forecast.risk.aid(age: age)
    return max(0, cost - benefit) / forecast.population.leaving.tolerance
  }

  /// Those whose membership is over are forgotten, and some of the others leave.
  private mutating func leave(month: Int, cost: Double?) throws {
    let anyway = -log(1 - forecast.population.leaving.anyway) / 12
    var staying: [Member] = []
    staying.reserveCapacity(members.count)
    for member in members {
      let age = (month - member.birthMonth) / 12
      if member.wasIll || age >= forecast.convention.ages.coverToYears {
        guard plan.membership(member.membership).status == .active else { continue }
      }
      let strain = strain(
        cost: cost, age: age, isMale: member.isMale, year: (month - member.joined) / 12, wasIll: member.wasIll)
      if generator.unit() >= 1 - exp(-anyway - log(2) / 12 * strain) {
        staying.append(member)
        continue
      }
      try plan.leave(member.membership)
      switch member.cohort {
      case .young: left.young += 1
      case .older: left.older += 1
      case .later: break
      }
    }
    members = staying
  }

  private mutating func join(month: Int, isFirst: Bool, cost: Double? = nil) throws {
    let person = forecast.source.draw(using: &generator)
    let age = person.months / 12
    let strain = strain(cost: cost, age: age, isMale: person.isMale, year: 0, wasIll: false)
    guard isFirst || generator.unit() < exp(-log(2) * strain) else { return }
    let birthMonth = month - person.months
    let cohort: Cohort = isFirst ? (age < 40 ? .young : .older) : .later
    if cohort == .young { began.young += 1 }
    if cohort == .older { began.older += 1 }
    var member = Member(
      membership: try plan.enrol(birthMonth: UInt16(birthMonth)), birthMonth: birthMonth, isMale: person.isMale,
      joined: month, cohort: cohort)
    try pay(&member, yuan: 2 * need(cost: cost ?? 0))
    members.append(member)
  }

  // MARK: Money

  /// Yuan below which a member pays in: half a year's shares, and ten cases of the highest aid at once, since a sample
  /// has few but large ones. So nobody runs dry by accident; who is tired of it leaves instead.
  private func need(cost: Double) -> Double {
    let most = yuan(forecast.convention.highestAid.micro) / Double(max(1, plan.plan.live))
    let cap = yuan(forecast.convention.caps.perCase.micro)
    let large = cap > 0 ? min(cap, most) : most
    return max(yuan(forecast.convention.firstDeposit.micro), cost / 2 + 10 * large).rounded(.up)
  }

  private mutating func topUp(cost: Double) throws {
    let need = need(cost: cost)
    let least = plan.plan.cumulative + Int64(need) * Amount.microPerYuan
    for index in members.indices where members[index].exhaustsAt < least {
      var member = members[index]
      try pay(&member, yuan: 2 * need)
      members[index] = member
    }
  }

  private mutating func pay(_ member: inout Member, yuan amount: Double) throws {
    let micro = min(Int64(amount) * Amount.microPerYuan, Deposit.maximumAmount)
    _ = try plan.deposit(Amount(micro: micro), membership: member.membership)
    // A credit that waits for a debit is not there yet; she is not asked twice in the meantime.
    let record = plan.membership(member.membership)
    member.exhaustsAt = record.queuedCredits > 0 ? plan.plan.cumulative + micro : record.exhaustsAt
  }

  private func yuan(_ micro: Int64) -> Double { Double(micro) / Double(Amount.microPerYuan) }

  // MARK: Illness

  private mutating func fallIll(month: Int) throws {
    var ill: [(day: Int, index: Int)] = []
    for (index, member) in members.enumerated() where !member.wasIll {
      let rate =
        forecast.risk.rate(age: (month - member.birthMonth) / 12, isMale: member.isMale)
        * forecast.population.declaration.factor(year: (month - member.joined) / 12) * runFactor
      // Every month has 28 days.
      if generator.unit() < rate / 12 { ill.append((generator.below(28), index)) }
    }
    let first = CivilDate.midnight(month: month)
    for (day, index) in ill.sorted(by: { ($0.day, $0.index) < ($1.day, $1.index) }) {
      plan.advance(to: first.adding(days: UInt64(day)))
      members[index].wasIll = true
      let diseaseClass = forecast.risk.diseaseClass(at: generator.unit())
      do {
        try plan.takeUp(members[index].membership, diseaseClass: diseaseClass)
        year.cases += forecast.scale
      } catch {
        year.refused += forecast.scale
      }
    }
  }

  // MARK: A year's figures

  private mutating func close(since before: Int64) {
    let record = plan.plan
    let month = CivilDate(plan.now).monthIndex
    var (count, months, young) = (0, 0, 0)
    for member in members where plan.membership(member.membership).status == .active {
      count += 1
      months += month - member.birthMonth
      young += month - member.birthMonth < 480 ? 1 : 0
    }
    year.members = Double(record.live) * forecast.scale
    year.meanAge = count == 0 ? 0 : Double(months) / 12 / Double(count)
    year.under40 = count == 0 ? 0 : Double(young) / Double(count)
    year.youngStaying = 1 - Double(left.young) / Double(max(1, began.young))
    year.olderStaying = 1 - Double(left.older) / Double(max(1, began.older))
    year.cost = yuan(record.cumulative - before)
    var (asked, given) = (0.0, 0.0)
    while settled < plan.settlementCount {
      let settlement = plan.settlement(settled)
      asked += Double(settlement.aid)
      given += Double(settlement.aidGiven)
      settled += 1
    }
    year.given = asked == 0 ? 1 : given / asked
    year.reserve = yuan(record.money.reserve) * forecast.scale
    year.balances = yuan(plan.funded.balances) * forecast.scale
    year.carried = yuan(record.money.carried) * forecast.scale
  }
}
