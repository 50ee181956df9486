import MutualAid
import Testing

@testable import Simulator

@Suite("Replay of a known plan") struct PlanReplayTests {
  @Test("members follow the stated path") func path() {
    let figures = ReplayFigures.xianghubao(membersAtStart: 20_000_000)
    // 68,675 cases at 0.67 in a thousand.
    #expect(figures.membersInLastYear == 102_500_000)
    for (month, members) in [(-3.0, 0.0), (-1.5, 10e6), (0, 20e6), (6, 61.25e6), (12, 102.5e6), (23, 102.5e6)] {
      #expect(abs(figures.members(atMonth: month) - members) < 1)
    }
  }

  /// Every figure that goes in comes out again, and the cost is what the aid with its fee is among the payers: what is
  /// left over is the coarse scale.
  @Test("the calendar's debits share what the cases of the year cost") func years() throws {
    let convention = try Assumed.convention("fortnight")
    var replay = try PlanReplay(
      convention, population: Assumed.china(), figures: .xianghubao(), scale: 1_000)
    let years = try replay.run()
    #expect(years.map(\.year) == [2019, 2020] && years.map(\.aided) == [16_528, 68_675])
    #expect(replay.isBalanced)
    for year in years {
      let cost = Double(year.aided) * year.meanAid * 1.08 / year.members
      // In 2019 most cases come when most members are there, so the year's mean of the payers is not theirs.
      #expect(abs(year.cost / cost - 1) < (year.year == 2019 ? 0.25 : 0.02), "\(year.year): \(year.cost), \(cost)")
      #expect(year.carried == 0 && (100_000.0...145_000).contains(year.meanAid))
    }
    #expect(years[1].debits == 24)
    #expect(abs(years[1].members / 102_500_000 - 1) < 0.01)
  }

  /// The mean aid comes from ages, incidence and the table of aid, and never from the published cost.
  @Test("the published cost changes nothing but the deviation") func isNotCircular() throws {
    let convention = try Assumed.convention("fortnight")
    let published = ReplayFigures.xianghubao()
    let dearer = ReplayFigures(
      years: published.years.map { ReplayFigures.Year(year: $0.year, aided: $0.aided, cost: 2 * $0.cost) },
      illnessPerThousand: published.illnessPerThousand, membersAtStart: published.membersAtStart,
      mildSince: published.mildSince, mildClass: published.mildClass)
    let costs = try [published, dearer].map { figures in
      var replay = try PlanReplay(convention, population: Assumed.china(), figures: figures, scale: 2_000)
      return try replay.run()
    }
    for (one, other) in zip(costs[0], costs[1]) {
      #expect(one.cost == other.cost && one.meanAid == other.meanAid)
      #expect(abs((other.deviation + 1) * 2 - (one.deviation + 1)) < 1e-9)
    }
  }

  @Test("a plan without a calendar is refused") func withoutCalendar() throws {
    let convention = try Assumed.convention("tongzhou-seed")
    #expect(throws: ForecastError(.noCalendar, "")) {
      try PlanReplay(convention, population: Assumed.china(), figures: .xianghubao(), scale: 1_000)
    }
  }
}
