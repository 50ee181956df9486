/// The people of a forecast and what is assumed about them. `docs/forecast.md` says where the figures come from.
public struct ForecastPopulation: Sendable {
  /// People between two ages.
  public struct Group: Sendable {
    /// First age in whole years.
    public let from: Int
    /// Last age in whole years, included.
    public let to: Int
    /// How many there are, in any unit that all groups share.
    public let weight: Double
    /// Part of them who are men, 0…1.
    public let men: Double

    /// A group.
    public init(from: Int, to: Int, weight: Double, men: Double) {
      self.from = from
      self.to = to
      self.weight = weight
      self.men = men
    }
  }

  /// What remains of the incidence table among people who declared that they are healthy.
  public struct HealthDeclaration: Sendable {
    /// In the first year of a membership, 0…1.
    public let first: Double
    /// After ``years``, 0…1; between them it changes evenly.
    public let later: Double
    /// Whole years until the selection has worn off as far as it does.
    public let years: Int
    /// How uncertain both are: the standard deviation of the logarithm of a factor that each run draws.
    public let spread: Double

    /// See the properties.
    public init(first: Double, later: Double, years: Int, spread: Double) {
      self.first = first
      self.later = later
      self.years = years
      self.spread = spread
    }

    /// The part of the table's rate in the n-th year of a membership, from 0, without a run's own factor.
    func factor(year: Int) -> Double {
      years == 0 ? later : first + (later - first) * Double(min(year, years)) / Double(years)
    }
  }

  /// How members come to leave.
  public struct Leaving: Sendable {
    /// Part of the members who leave in a year whatever it costs, 0…1.
    public let anyway: Double
    /// Yuan a year: where a member pays so much more than she expects to get, half of those like her leave within
    /// a year, and half of those like her do not join.
    public let tolerance: Double

    /// See the properties.
    public init(anyway: Double, tolerance: Double) {
      self.anyway = anyway
      self.tolerance = tolerance
    }
  }

  /// The ages that people have when they join.
  public let groups: [Group]
  /// Members with whom the plan begins.
  public let size: Int
  /// People a year who think of joining.
  public let joiningAYear: Int
  /// Which diseases the cases are of: a key of the convention's classes and its part of the cases; together 1.
  public let cases: [(key: String, part: Double)]
  /// See ``HealthDeclaration``.
  public let declaration: HealthDeclaration
  /// See ``Leaving``.
  public let leaving: Leaving

  /// A population; ``Forecast`` says what it has to obey.
  public init(
    groups: [Group], size: Int, joiningAYear: Int, cases: [(key: String, part: Double)],
    declaration: HealthDeclaration, leaving: Leaving
  ) {
    self.groups = groups
    self.size = size
    self.joiningAYear = joiningAYear
    self.cases = cases
    self.declaration = declaration
    self.leaving = leaving
  }
}

/// Draws people by age and sex, between two ages in months.
struct PeopleSource: Sendable {
  private struct Slice {
    let from: Int
    let count: Int
    let men: Double
    /// Weight of this slice and all before it.
    let upTo: Double
  }

  private let slices: [Slice]

  /// People from an age in months to below another; `nil` where the population has nobody of these ages.
  init?(_ population: ForecastPopulation, from: Int, below: Int) {
    var slices: [Slice] = []
    var sum = 0.0
    for group in population.groups {
      let low = max(group.from * 12, from)
      let high = min((group.to + 1) * 12, below)
      guard high > low, group.weight > 0 else { continue }
      sum += group.weight * Double(high - low) / Double((group.to + 1 - group.from) * 12)
      slices.append(Slice(from: low, count: high - low, men: group.men, upTo: sum))
    }
    guard sum > 0 else { return nil }
    self.slices = slices
  }

  /// The person at a place of the distribution, both 0…1: the first orders by age, the second tells the sex.
  func person(at place: Double, sex: Double) -> (months: Int, isMale: Bool) {
    let total = slices[slices.count - 1].upTo
    let drawn = place * total
    let index = slices.firstIndex { drawn < $0.upTo } ?? slices.count - 1
    let slice = slices[index]
    let before = index == 0 ? 0 : slices[index - 1].upTo
    let part = (drawn - before) / (slice.upTo - before)
    return (slice.from + min(slice.count - 1, Int(part * Double(slice.count))), sex < slice.men)
  }

  /// A person drawn by chance.
  func draw(using generator: inout SplitMix64) -> (months: Int, isMale: Bool) {
    let place = generator.unit()
    return person(at: place, sex: generator.unit())
  }

  /// Every age in months with the part of the people who have it, by sex: for exact means.
  func cells() -> [(months: Int, isMale: Bool, part: Double)] {
    let total = slices[slices.count - 1].upTo
    var cells: [(months: Int, isMale: Bool, part: Double)] = []
    var before = 0.0
    for slice in slices {
      let each = (slice.upTo - before) / total / Double(slice.count)
      before = slice.upTo
      for months in slice.from..<slice.from + slice.count {
        cells.append((months, true, each * slice.men))
        cells.append((months, false, each * (1 - slice.men)))
      }
    }
    return cells
  }
}
