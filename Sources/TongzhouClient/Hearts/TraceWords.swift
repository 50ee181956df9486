public import HeartChain

/// The words by which files and commands name what a row names by numbers. The first word of each is the one written.
public enum TraceWords {
  /// Categories of kinds.
  public static let categories: [(word: String, value: GiftCategory)] = [
    ("money", .money), ("goods", .goods), ("trees", .trees), ("activities", .activities),
  ]

  /// Units.
  public static let units: [(word: String, value: GiftUnit)] = [
    ("fen", .fen), ("g", .gram), ("piece", .piece), ("ml", .millilitre), ("attendance", .attendance),
    ("gram", .gram), ("millilitre", .millilitre), ("pieces", .piece), ("tree", .piece), ("trees", .piece),
    ("attendances", .attendance),
  ]

  /// Larger units that are written with decimals: how many of the small one they are, and how many decimals that
  /// leaves.
  static let large: [(word: String, unit: GiftUnit, decimals: Int)] = [
    ("yuan", .fen, 2), ("kg", .gram, 3), ("l", .millilitre, 3),
  ]

  /// What happened.
  public static let events: [(word: String, value: TraceKind)] = [
    ("donated", .donated), ("received", .received), ("stored", .stored), ("repacked", .repacked),
    ("packed", .packed), ("unpacked", .unpacked), ("shipped", .shipped), ("arrived", .arrived),
    ("handed-over", .handedOver), ("lost", .lost), ("corrected", .corrected), ("pledged", .pledged),
    ("planted", .planted), ("surveyed", .surveyed), ("died", .died), ("committed", .committed),
    ("disbursed", .disbursed), ("spent", .spent), ("returned", .returned), ("attended", .attended),
  ]

  /// Why something was lost or died.
  public static let losses: [(word: String, value: LossReason)] = [
    ("unsaid", .unknown), ("expired", .expired), ("damaged", .damaged), ("stolen", .stolen), ("disaster", .disaster),
  ]

  /// What money was spent on.
  public static let purposes: [(word: String, value: SpendingPurpose)] = [("aid", .aid), ("overhead", .overhead)]

  /// States of a lot.
  public static let states: [(word: String, value: LotState)] = [
    ("held", .held), ("travelling", .travelling), ("packed", .packed), ("pledged", .pledged), ("ended", .ended),
    ("void", .void),
  ]

  /// To whom a gift's hearts belong.
  public static let bindings: [(word: String, value: GiftBinding)] = [
    ("anonymous", .anonymous), ("address", .address), ("claim", .claim), ("reversed", .reversed),
  ]

  /// What changes an address's hearts.
  public static let changes: [(word: String, value: HeartChange.Kind)] = [
    ("minted", .minted), ("claimed", .claimed), ("spent", .spent), ("given", .given), ("reversed", .reversed),
  ]

  /// The word for a value.
  public static func word<Value: Equatable>(_ value: Value, in words: [(word: String, value: Value)]) -> String {
    words.first { $0.value == value }?.word ?? "\(value)"
  }

  /// The value of a word.
  public static func value<Value>(_ word: String, in words: [(word: String, value: Value)]) -> Value? {
    words.first { $0.word.utf8.elementsEqual(word.utf8) }?.value
  }

  /// A quantity in words, exact: fen as yuan, grams from a kilogram on as kilograms, millilitres likewise.
  public static func quantity(_ amount: Int64, _ unit: GiftUnit) -> String {
    for large in large where large.unit == unit {
      let base: UInt64 = large.decimals == 2 ? 100 : 1000
      guard unit == .fen || amount.magnitude >= base else { break }
      let rest = String(amount.magnitude % base)
      let padded = String(repeating: "0", count: large.decimals - rest.utf8.count) + rest
      let isWhole = amount.magnitude % base == 0 && unit != .fen
      return "\(amount < 0 ? "-" : "")\(amount.magnitude / base)\(isWhole ? "" : "." + padded) \(large.word)"
    }
    return "\(amount) \(word(unit, in: units))"
  }
}
