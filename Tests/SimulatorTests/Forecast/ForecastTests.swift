import Ledger
import MutualAid
import Testing

@testable import Simulator

@Suite("Forecast") struct ForecastTests {
  /// Runs long enough for two years in which the price is known, and large enough for about twenty cases a year.
  private func runs(_ convention: Convention) throws -> [ForecastRun.Year] {
    let runs = try Assumed.runs(convention, Assumed.china(), years: 3, sample: 20_000, seeds: ForecastTests.seeds)
    return try runs.map { try #require($0.years.last) }
  }

  private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6]

  /// What history showed: where the same aid is paid at every age, the young pay for the old and leave. The people are
  /// the same, and so are the seeds.
  ///
  /// With one band a case costs more than twice as much, and older people fall ill more often still, so that a young
  /// member pays several tolerances more than she can expect: half of what the other plan keeps is more than enough.
  @Test("the wide age band drives the young out") func wideBand() throws {
    let kept = try runs(Assumed.convention("fortnight"))
    let lost = try runs(Assumed.convention("tongzhou-seed"))
    for (seed, (narrow, wide)) in zip(ForecastTests.seeds, zip(kept, lost)) {
      #expect(wide.youngStaying < narrow.youngStaying / 2, "seed \(seed)")
      #expect(wide.under40 < narrow.under40, "seed \(seed)")
      // Where the young go and the old stay, it is the price that drives them and not chance.
      #expect(wide.youngStaying < wide.olderStaying / 2, "seed \(seed)")
    }
  }

  /// The same rules but for the aid's bands: nothing else can be the cause. Without the yearly cap, which would make
  /// both cost the same.
  @Test("one convention with one band keeps fewer of the young than with two") func onlyTheBand() throws {
    let narrow = try Assumed.convention("fortnight").changed { $0.caps.perYear = 0 }
    let wide = try narrow.changed { wire in
      wire.aid = wire.classes.map { one in
        var band = WireAid()
        band.diseaseClass = one.id
        band.toYears = 59
        band.amount = (one.key == "thyroid-mild" ? 50_000 : 300_000) * Amount.microPerYuan
        return band
      }
    }
    for (seed, (kept, lost)) in zip(ForecastTests.seeds, zip(try runs(narrow), try runs(wide))) {
      #expect(lost.youngStaying < kept.youngStaying / 2, "seed \(seed)")
    }
  }

  @Test("nobody leaves because of the cost where nobody minds it") func tolerant() throws {
    let people = Assumed.china(tolerance: 1e12)
    let run = try Assumed.runs(Assumed.convention("tongzhou-seed"), people, years: 4, seeds: [5])[0]
    // Two in a hundred leave a year, whatever their age: 0.98⁴.
    let last = try #require(run.years.last)
    #expect(abs(last.youngStaying - 0.922) < 0.02 && abs(last.olderStaying - 0.922) < 0.02)
  }

  /// Without uncertainty, leaving or ageing out the first full year's cost is incidence times aid.
  @Test("the cost is what the cases of the year cost, shared") func cost() throws {
    let seed = try Assumed.convention("tongzhou-seed").withCap(perCase: .zero)
    let people = Assumed.china(joining: 0, spread: 0, tolerance: 1e12)
    let runs = try Assumed.runs(seed, people, years: 2, sample: 10_000, seeds: [1, 2, 3, 4, 5, 6])
    let source = try Forecast.source(people, convention: seed)
    let risk = try Risk(people, convention: seed)
    // In the second year everybody is a year older and in the second year of her membership: a third of the way from
    // 20 to 40 per cent of the table.
    let expected = source.cells().reduce(0.0) { sum, cell in
      let age = cell.months / 12 + 1
      return sum + cell.part * risk.rate(age: age, isMale: cell.isMale) * risk.aid(age: age) * 0.8 / 3
    }
    let mean = runs.reduce(0) { $0 + $1.years[1].cost } / Double(runs.count)
    // Six runs of about twelve cases each: a deviation of an eighth is one standard deviation.
    #expect(abs(mean / expected - 1) < 0.4, "\(mean) against \(expected)")
    #expect(runs.allSatisfy { $0.years[1].given == 1 })
  }

  @Test("fewer members than the least wind the plan down, and nothing comes after") func windingDown() throws {
    let people = Assumed.china(joining: 0, tolerance: 1)
    let run = try Assumed.runs(
      Assumed.convention("tongzhou-seed"), people, years: 10, seeds: [7], minimumMembers: 9_000_000)[0]
    let year = try #require(run.windDown)
    #expect(year < 10 && run.years.count == year)
    #expect(try #require(run.years.last).members < 9_000_000)
    let summary = ForecastSummary([run])
    #expect(summary.windDowns == [year] && summary.medianWindDown == year && summary.years.count == year - 1)
  }

  @Test("as few members as can give the highest aid within the cap") func usualMinimum() throws {
    #expect(Forecast.usualMinimum(try Assumed.convention("fortnight")) == 3_240_000)
    #expect(Forecast.usualMinimum(try Assumed.convention("tongzhou-seed")) == 100_000)
    #expect(Forecast.usualMinimum(try Assumed.convention("tongzhou-seed").withCap(perCase: .zero)) == 10_000)
  }

  @Test("a seed gives the same figures, another seed others") func seeds() throws {
    let convention = try Assumed.convention("fortnight")
    let runs = try Assumed.runs(convention, Assumed.china(), years: 2, sample: 1_000, seeds: [1, 1, 2])
    func figures(_ run: ForecastRun) -> [Double] {
      run.years.flatMap { [$0.members, $0.cost, $0.meanAge, $0.reserve] }
    }
    #expect(figures(runs[0]) == figures(runs[1]))
    #expect(figures(runs[0]) != figures(runs[2]))
  }

  @Test("what cannot be forecast is said with a code") func refusals() throws {
    let convention = try Assumed.convention("fortnight")
    let options = Forecast.Options(years: 1)
    let good = Assumed.china()
    let foreign = ForecastPopulation(
      groups: good.groups, size: 10, joiningAYear: 0, cases: [("plague", 1)], declaration: good.declaration,
      leaving: good.leaving)
    #expect(throws: ForecastError(.unknownClass, "")) {
      try Forecast(convention, population: foreign, options: options)
    }
    let old = ForecastPopulation(
      groups: [ForecastPopulation.Group(from: 70, to: 80, weight: 1, men: 0.5)], size: 10, joiningAYear: 0,
      cases: good.cases, declaration: good.declaration, leaving: good.leaving)
    #expect(throws: ForecastError(.nobodyJoins, "")) { try Forecast(convention, population: old, options: options) }
  }
}

@Suite("Forecast's parts") struct ForecastPartsTests {
  @Test("percentiles lie between neighbours in proportion") func spread() {
    let spread = ForecastSummary.Spread([4, 0, 1, 3, 2])
    #expect(abs(spread.low - 0.4) < 1e-12 && spread.median == 2 && abs(spread.high - 3.6) < 1e-12)
    #expect(ForecastSummary.Spread([7]) == ForecastSummary.Spread([7, 7, 7]))
  }

  @Test("people are drawn by the weights of their groups, within the ages asked for") func people() throws {
    let source = try #require(PeopleSource(Assumed.china(), from: 2, below: 60 * 12))
    var generator = SplitMix64(seed: 3)
    var (young, men) = (0, 0)
    for _ in 0..<20_000 {
      let person = source.draw(using: &generator)
      #expect((2..<720).contains(person.months))
      young += person.months < 480 ? 1 : 0
      men += person.isMale ? 1 : 0
    }
    // 715.9 of the 1,145.7 million who are under sixty are under forty.
    #expect(abs(Double(young) / 20_000 - 0.6248) < 0.015)
    #expect(abs(Double(men) / 20_000 - 0.5124) < 0.015)
    let cells = source.cells()
    #expect(abs(cells.reduce(0) { $0 + $1.part } - 1) < 1e-9)
    #expect(PeopleSource(Assumed.china(), from: 1_300, below: 1_400) == nil)
  }

  @Test("the selection wears off evenly") func declaration() {
    let declaration = ForecastPopulation.HealthDeclaration(first: 0.2, later: 0.5, years: 3, spread: 0)
    let factors = [0, 1, 2, 3, 40].map(declaration.factor)
    for (factor, expected) in zip(factors, [0.2, 0.3, 0.4, 0.5, 0.5]) { #expect(abs(factor - expected) < 1e-12) }
    #expect(ForecastPopulation.HealthDeclaration(first: 0.2, later: 0.5, years: 0, spread: 0).factor(year: 0) == 0.5)
  }
}
