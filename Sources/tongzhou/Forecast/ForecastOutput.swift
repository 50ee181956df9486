internal import MutualAid
internal import Simulator
internal import TongzhouClient

/// What a forecast prints.
struct ForecastOutput: Encodable {
  /// Tenth percentile, median and ninetieth percentile over the runs.
  struct Spread: Encodable {
    let low: Double
    let median: Double
    let high: Double

    init(_ spread: ForecastSummary.Spread) {
      low = spread.low
      median = spread.median
      high = spread.high
    }
  }

  struct Year: Encodable {
    let year: Int
    let runs: Int
    let members: Spread
    let meanAge: Spread
    let under40: Spread
    let youngStaying: Spread
    let olderStaying: Spread
    let cases: Spread
    let refused: Spread
    let costYuan: Spread
    let aidGiven: Spread
    let reserveYuan: Spread
    let balancesYuan: Spread
    let carriedYuan: Spread
  }

  let plan: String
  let planZh: String
  let planEn: String
  let populationZh: String
  let populationEn: String
  let members: Int
  let runs: Int
  let seed: UInt64
  let sample: Int
  let membersPerMembership: Double
  let minimumMembers: Int
  let windDownYears: [Int]
  let medianWindDownYear: Int?
  let years: [Year]
  let assumptions: Assumptions

  /// What the population's file says, for the report.
  struct Assumptions: Encodable {
    let joiningAYear: Int
    let firstYearRate: Double
    let laterRate: Double
    let selectionYears: Int
    let spread: Double
    let leavingAnyway: Double
    let toleranceYuan: Double
  }

  init(_ summary: ForecastSummary, forecast: Forecast, convention: Convention, population: PopulationFile) {
    plan = "\(convention.key), version \(convention.version)"
    planZh = convention.nameZh
    planEn = convention.nameEn
    populationZh = population.nameZh
    populationEn = population.nameEn
    members = Int(population.size)
    runs = summary.runs
    seed = forecast.options.seed
    sample = forecast.sample
    membersPerMembership = forecast.scale
    minimumMembers = forecast.minimumMembers
    windDownYears = summary.windDowns
    medianWindDownYear = summary.medianWindDown
    years = summary.years.map { year in
      Year(
        year: year.number, runs: year.runs, members: Spread(year.members), meanAge: Spread(year.meanAge),
        under40: Spread(year.under40), youngStaying: Spread(year.youngStaying),
        olderStaying: Spread(year.olderStaying), cases: Spread(year.cases), refused: Spread(year.refused),
        costYuan: Spread(year.cost), aidGiven: Spread(year.given), reserveYuan: Spread(year.reserve),
        balancesYuan: Spread(year.balances), carriedYuan: Spread(year.carried))
    }
    let people = population.population
    assumptions = Assumptions(
      joiningAYear: people.joiningAYear, firstYearRate: people.declaration.first,
      laterRate: people.declaration.later, selectionYears: people.declaration.years,
      spread: people.declaration.spread, leavingAnyway: people.leaving.anyway,
      toleranceYuan: people.leaving.tolerance)
  }

  func print(_ language: Language) {
    let words = ForecastWords(language)
    Output.line(words.title(self))
    Output.line(words.sizes(self))
    Output.line(words.intervals)
    Output.line()
    var table = TextTable(words.columns)
    for year in years { table.add(ForecastOutput.cells(year, words)) }
    for line in table.lines { Output.line(line) }
    Output.line()
    Output.line(words.windDown(self))
  }

  /// A year's figures in the order of ``ForecastWords/columns``.
  static func cells(_ year: Year, _ words: ForecastWords) -> [String] {
    func range(_ spread: Spread, times factor: Double = 1, _ text: (Double) -> String) -> String {
      "\(text(spread.median * factor)) (\(text(spread.low * factor))–\(text(spread.high * factor)))"
    }
    func percent(_ spread: Spread) -> String { Figures.tenth(spread.median * 100) }
    return [
      "\(year.year)", range(year.members, times: words.memberUnit.factor, Figures.whole),
      Figures.tenth(year.meanAge.median), range(year.under40, times: 100, Figures.tenth), percent(year.youngStaying),
      percent(year.olderStaying), Figures.whole(year.cases.median), range(year.costYuan, Figures.tenth),
      percent(year.aidGiven), Figures.whole(year.reserveYuan.median),
      Figures.tenth(year.carriedYuan.median * words.moneyUnit.factor), "\(year.runs)",
    ]
  }
}
