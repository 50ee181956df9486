internal import Ledger

/// The people of a forecast as a file says them: whole numbers, and parts in a million.
///
/// Reading is as strict as that of a convention. `Conventions/population-china-2020.yaml` explains the layout.
public struct PopulationFile: Sendable, Equatable {
  /// The version of the layout that the program reads.
  public static let format: UInt32 = 1
  /// The oldest age in whole years that a file may name.
  public static let oldest: UInt32 = 120

  /// People between two ages.
  public struct Group: Sendable, Equatable {
    /// First age in whole years.
    public let from: UInt32
    /// Last age in whole years, included.
    public let to: UInt32
    /// How many people; only their proportions matter.
    public let persons: UInt32
    /// Men among them, in parts per million.
    public let menPartsPerMillion: UInt32
  }

  /// Name in Chinese.
  public let nameZh: String
  /// Name in English.
  public let nameEn: String
  /// Members with whom the plan begins, at least 1.
  public let size: UInt32
  /// People a year who think of joining.
  public let joiningAYear: UInt32
  /// By age, without overlaps.
  public let groups: [Group]
  /// Keys of classes of disease and their parts of the cases, which add up to a million; sorted by key.
  public let cases: [Case]
  /// What remains of the incidence table in the first year of a membership, in parts per million.
  public let firstYearPartsPerMillion: UInt32
  /// The same after ``selectionYears``.
  public let laterPartsPerMillion: UInt32
  /// Years until the selection by the health declaration has worn off, 0…50.
  public let selectionYears: UInt32
  /// How uncertain the two parts are, in parts per million.
  public let spreadPartsPerMillion: UInt32
  /// Members who leave in a year whatever it costs, in parts per million, at most 900,000.
  public let leavingPartsPerMillion: UInt32
  /// See `Simulator`'s `ForecastPopulation.Leaving.tolerance`; millionths of a yuan, above zero.
  public let toleranceMicro: Int64

  /// A class of disease and its part of the cases.
  public struct Case: Sendable, Equatable {
    /// The key of a class in the convention.
    public let key: String
    /// Parts per million.
    public let partsPerMillion: UInt32
  }

  /// Reads the file at a path.
  public init(path: String) throws(WrittenFileError) {
    try self.init(text: WrittenFile(.population, path).text(), file: path)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, file: String) throws(WrittenFileError) {
    let map = try WrittenFile(.population, file).yaml(text).map([
      "format", "name", "size", "joining", "men", "ages", "cases", "health_declaration", "leaving",
    ])
    let format = try map.required("format")
    try format.hold(format.number() == PopulationFile.format, "this program reads format \(PopulationFile.format)")
    let name = try map.required("name").map(["zh", "en"])
    nameZh = try name.required("zh").text()
    nameEn = try name.required("en").text()
    let size = try map.required("size")
    self.size = try size.number()
    try size.hold(self.size > 0, "a plan begins with at least one member")
    joiningAYear = try map.required("joining").number()
    let men = try map.required("men").part()
    groups = try PopulationFile.groups(try map.required("ages"), men: men)
    cases = try PopulationFile.cases(try map.required("cases"))

    let declaration = try map.required("health_declaration").map(["first", "later", "years", "spread"])
    firstYearPartsPerMillion = try declaration.required("first").part()
    laterPartsPerMillion = try declaration.required("later").part()
    let years = try declaration.required("years")
    selectionYears = try years.number()
    try years.hold(selectionYears <= 50, "at most 50")
    spreadPartsPerMillion = try declaration.required("spread").part()

    let leaving = try map.required("leaving").map(["anyway", "tolerance"])
    let anyway = try leaving.required("anyway")
    leavingPartsPerMillion = try anyway.part()
    try anyway.hold(leavingPartsPerMillion <= 900_000, "at most 90 %")
    let tolerance = try leaving.required("tolerance")
    toleranceMicro = try tolerance.amount()
    try tolerance.hold(
      (1...1_000_000 * Amount.microPerYuan).contains(toleranceMicro), "above nothing, at most 1,000,000 yuan")
  }

  private static func groups(_ value: YAMLValue, men: UInt32) throws(WrittenFileError) -> [Group] {
    var groups: [Group] = []
    for row in try value.list() {
      let map = try row.map(["ages", "persons", "men"])
      let ages = try map.required("ages")
      let (from, to) = try ages.yearRange()
      try ages.hold(from <= to && to <= oldest, "from the lower to the higher age, at most \(oldest)")
      try ages.hold(groups.last.map { $0.to < from } ?? true, "ages ascend, and no age stands twice")
      let own = try map.optional("men")?.part() ?? men
      groups.append(Group(from: from, to: to, persons: try map.required("persons").number(), menPartsPerMillion: own))
    }
    try value.hold(groups.contains { $0.persons > 0 }, "there is nobody")
    return groups
  }

  private static func cases(_ value: YAMLValue) throws(WrittenFileError) -> [Case] {
    var cases: [Case] = []
    for (key, part) in try value.fields() { cases.append(Case(key: key, partsPerMillion: try part.part())) }
    let total = cases.reduce(0) { $0 + UInt64($1.partsPerMillion) }
    try value.hold(total == 1_000_000, "the parts of the cases add up to 100 %")
    return cases.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}

extension YAMLValue {
  /// A percentage from nothing to 100 %, as parts per million.
  fileprivate func part() throws(WrittenFileError) -> UInt32 {
    let parts = try partsPerMillion()
    try hold(parts <= 1_000_000, "at most 100 %")
    return parts
  }
}
