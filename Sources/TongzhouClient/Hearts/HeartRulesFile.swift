public import Consortium
public import HeartChain
internal import Ledger
public import TransparencyLog

/// Kinds of gifts with their rates, and the formula of the love index, written by people as YAML.
///
/// Rates are for 1,000 units. `Conventions/hearts.yaml` explains the layout, `Conventions/hearts.schema.json` states it
/// for editors. Reading is as strict as that of a convention.
public struct HeartRulesFile: Sendable {
  /// The version of the layout that the program reads.
  public static let format: UInt32 = 1

  /// A kind as a file names it.
  public struct Kind: Sendable {
    /// What it is, in one word or more; the chain has the SHA-256 of its UTF-8.
    public let name: String
    /// Its record.
    public let record: GiftKindRecord
    let line: Int?
  }

  /// The kinds, in the order of the file.
  public let kinds: [Kind]
  /// The formula; `nil` where the file says nothing of it.
  public let formula: FormulaRecord?
  private let file: WrittenFile

  /// Reads the file at a path.
  public init(path: String) throws(WrittenFileError) {
    try self.init(text: WrittenFile(.hearts, path).text(), file: path)
  }

  /// Reads the text of a file; `file` only names it in errors.
  public init(text: String, file: String) throws(WrittenFileError) {
    let written = WrittenFile(.hearts, file)
    let root = try written.yaml(text)
    let map = try root.map(["format", "kinds", "formula"])
    let format = try map.required("format")
    try format.hold(format.number() == HeartRulesFile.format, "this program reads format \(HeartRulesFile.format)")
    kinds =
      try map.optional("kinds").map { value throws(WrittenFileError) in try HeartRulesFile.kinds(value) } ?? []
    formula = try map.optional("formula").map { value throws(WrittenFileError) in
      try HeartRulesFile.formula(value)
    }
    try root.hold(!kinds.isEmpty || formula != nil, "it names neither kinds nor a formula")
    self.file = written
  }

  /// SHA-256 of a kind's name, as the chain has it.
  public static func hash(of name: String) -> Hash { .sha256(Array(name.utf8)) }

  static func kinds(_ value: YAMLValue) throws(WrittenFileError) -> [Kind] {
    var kinds: [Kind] = []
    for (name, value) in try value.fields() {
      let map = try value.map(["category", "unit", "hearts", "points"])
      let category = try map.required("category").choice(TraceWords.categories)
      let unit = try map.required("unit").choice(TraceWords.units)
      let isFit =
        switch category {
        case .money: unit == .fen
        case .trees: unit == .piece
        case .activities: unit == .attendance
        case .goods: unit != .fen && unit != .attendance
        }
      try value.hold(isFit, "gifts of this category are not counted in this unit")
      let record = GiftKindRecord(
        name: hash(of: name), category: category, unit: unit, hearts: try map.required("hearts").number(),
        points: try map.required("points").number())
      kinds.append(Kind(name: name, record: record, line: value.line))
    }
    return kinds
  }

  static func formula(_ value: YAMLValue) throws(WrittenFileError) -> FormulaRecord {
    let map = try value.map(["gift_points", "day_points", "weights", "thresholds"])
    var formula = FormulaRecord()
    let gift = try map.required("gift_points")
    formula.giftPoints = try gift.number(upTo: 1000)
    try gift.hold(formula.giftPoints > 0, "from 1 to 1000")
    let day = try map.required("day_points")
    formula.dayPoints = try day.number(upTo: 1000)
    try day.hold(formula.dayPoints >= formula.giftPoints, "at least gift_points")

    let weights = try map.required("weights")
    let entries = try weights.list()
    try weights.hold(entries.count == FormulaRecord.periods, "one for each of twelve periods of 90 days")
    for (index, entry) in entries.enumerated() {
      formula.weights[index] = try entry.number(upTo: 1000)
      try entry.hold(index == 0 || formula.weights[index] <= formula.weights[index - 1], "weights never rise")
    }
    let thresholds = try map.required("thresholds")
    let values = try thresholds.list()
    try thresholds.hold((1...FormulaRecord.maximumThresholds).contains(values.count), "one to eight thresholds")
    for index in formula.thresholds.indices { formula.thresholds[index] = 0 }
    for (index, entry) in values.enumerated() {
      formula.thresholds[index] = try entry.number(upTo: UInt32(LoveIndex.maximum))
      let before = index == 0 ? 0 : formula.thresholds[index - 1]
      try entry.hold(formula.thresholds[index] > before, "thresholds rise, from 1 to 1000")
    }
    return formula
  }
}

extension HeartRulesFile {
  /// What a proposal of this file would change on a chain that has these kinds: new kinds follow on those that stand,
  /// and of those that stand the rates change.
  ///
  /// - Parameter present: the kinds of the chain by their ordinals.
  /// - Throws: `heart_file.rule` where a kind that stands would become another, or nothing would change.
  public func change(from present: [GiftKindRecord]) throws(WrittenFileError) -> Change {
    var changed: [(ordinal: Int, kind: GiftKindRecord)] = []
    var next = present.count
    for kind in kinds {
      guard let ordinal = present.firstIndex(where: { $0.name == kind.record.name }) else {
        changed.append((next, kind.record))
        next += 1
        continue
      }
      let old = present[ordinal]
      guard old.category == kind.record.category, old.unit == kind.record.unit else {
        throw file.failure(.rule, "\(kind.name): of a kind that stands only the rates change", line: kind.line)
      }
      if old != kind.record { changed.append((ordinal, kind.record)) }
    }
    guard !changed.isEmpty || formula != nil else {
      throw file.failure(.rule, "nothing would change")
    }
    do {
      return try Hearts.change(kinds: changed, formula: formula)
    } catch {
      throw file.failure(.rule, error.message)
    }
  }
}

extension YAMLValue {
  /// A whole number from nothing to a limit of sixteen bits.
  func number(upTo limit: UInt32) throws(WrittenFileError) -> UInt16 {
    let number = try number()
    try hold(number <= limit, "at most \(limit)")
    return UInt16(clamping: number)
  }
}
