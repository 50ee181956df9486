internal import Ledger
public import MutualAid

/// The next years of a plan, over many runs of made-up people through the real contract.
public struct Forecast: Sendable {
  /// What is run, and how often.
  public struct Options: Sendable {
    /// Whole years, 1…50.
    public var years: Int
    /// Runs with a seed of their own, 1…1000.
    public var runs: Int
    /// Memberships with which a run begins; each stands for as many members as it takes to be the population's size.
    public var sample: Int
    /// The first seed; the same seed gives the same figures.
    public var seed: UInt64
    /// With fewer members the plan winds down; `nil`: what the convention says, or
    /// ``Forecast/usualMinimum(_:)``.
    public var minimumMembers: Int?

    /// See the properties.
    public init(years: Int, runs: Int = 20, sample: Int = 20_000, seed: UInt64 = 1, minimumMembers: Int? = nil) {
      self.years = years
      self.runs = runs
      self.sample = sample
      self.seed = seed
      self.minimumMembers = minimumMembers
    }
  }

  /// The plan's rules, with the cap per case of the sample.
  let convention: Convention
  let population: ForecastPopulation
  /// See ``Options``.
  public let options: Options
  /// Members that one membership of the sample stands for.
  public let scale: Double
  /// Memberships with which a run begins.
  public let sample: Int
  /// With fewer members the plan winds down.
  public let minimumMembers: Int
  let risk: Risk
  let source: PeopleSource

  /// The calendar year in which every forecast begins, on 1 January.
  static let firstYear = 2026

  /// A forecast; nothing runs yet.
  ///
  /// - Throws: `forecast.unknown_class`, `forecast.nobody_joins`.
  public init(_ convention: Convention, population: ForecastPopulation, options: Options) throws {
    sample = min(options.sample, population.size)
    scale = Double(population.size) / Double(sample)
    self.convention = try Forecast.scaled(convention, by: scale)
    self.population = population
    self.options = options
    let own = convention.windDown.minimumMembers
    minimumMembers = options.minimumMembers ?? (own > 0 ? own : Forecast.usualMinimum(convention))
    risk = try Risk(population, convention: convention)
    source = try Forecast.source(population, convention: convention)
  }

  /// The people who may join a plan.
  static func source(_ population: ForecastPopulation, convention: Convention) throws(ForecastError) -> PeopleSource {
    let youngest = (convention.ages.joinFromDays + 29) / 30 + 1
    guard
      let source = PeopleSource(population, from: youngest, below: 12 * (convention.ages.joinToYears + 1))
    else {
      throw ForecastError(.nobodyJoins, "the population has nobody of the ages at which \(convention.key) lets join")
    }
    return source
  }

  /// Where the convention names no number: fewer members than this cannot give the highest aid, with the fee on it,
  /// within the cap per case; where there is no such cap, ten thousand.
  public static func usualMinimum(_ convention: Convention) -> Int {
    let cap = convention.caps.perCase.micro
    guard cap > 0 else { return 10_000 }
    let most = convention.highestAid.micro + convention.fee(on: convention.highestAid).micro
    return Int((most + cap - 1) / cap)
  }

  /// A convention whose cap per case is that of one membership which stands for so many members: a sample has so many
  /// times fewer cases, each of which costs so many times more.
  static func scaled(_ convention: Convention, by scale: Double) throws(LedgerError) -> Convention {
    let cap = min(Double(convention.caps.perCase.micro) * scale, Double(Convention.maximumAmount))
    return cap == 0 ? convention : try convention.withCap(perCase: Amount(micro: Int64(cap)))
  }

  /// The seed of one run.
  private func seed(of run: Int) -> UInt64 {
    var generator = SplitMix64(seed: options.seed)
    var seed = generator.next()
    for _ in 0..<run { seed = generator.next() }
    return seed
  }

  /// One run, by its number from 0: what happened in each year until the plan wound down. Runs are independent.
  public func run(_ number: Int) throws -> ForecastRun {
    var simulation = try ForecastSimulation(self, seed: seed(of: number))
    return try simulation.run()
  }
}

/// One run of a forecast. Counts of members and cases, and sums of money, are those of the sample times the scale.
public struct ForecastRun: Sendable {
  /// What happened in one year.
  public struct Year: Sendable {
    /// Members at its end.
    public internal(set) var members = 0.0
    /// Their mean age in years.
    public internal(set) var meanAge = 0.0
    /// Part of them who are under forty.
    public internal(set) var under40 = 0.0
    /// Of those who were there at the beginning and under forty then: the part who have not left of their own will.
    public internal(set) var youngStaying = 1.0
    /// The same of those who were forty or older.
    public internal(set) var olderStaying = 1.0
    /// Cases taken up.
    public internal(set) var cases = 0.0
    /// Illnesses that brought no aid, nearly all within the waiting period.
    public internal(set) var refused = 0.0
    /// Yuan that a member owed who was covered all year.
    public internal(set) var cost = 0.0
    /// Aid given as a part of the aid of the cases settled; above 1 where carried aid is paid.
    public internal(set) var given = 1.0
    /// Yuan in the plan's reserve at the end.
    public internal(set) var reserve = 0.0
    /// Yuan that members have paid in and not owed yet, at the end.
    public internal(set) var balances = 0.0
    /// Yuan of aid and fee promised and not collected yet, at the end.
    public internal(set) var carried = 0.0
  }

  /// The years that the plan lived through, the last perhaps not to its end.
  public internal(set) var years: [Year] = []
  /// The year, from 1, in which there were fewer members than the least; `nil` where there never were.
  public internal(set) var windDown: Int?
}
