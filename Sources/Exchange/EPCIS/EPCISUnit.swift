public import HeartChain

/// A unit of measure of UN/ECE Recommendation 20 that gifts are counted in, as a power of ten of ours.
public struct EPCISUnit: Hashable, Sendable {
  /// In what the chain counts it.
  public let unit: GiftUnit
  /// What one of it is: 10 to this power of the chain's unit.
  public let power: Int

  private static let units: [(code: String, unit: GiftUnit, power: Int)] = [
    ("GRM", .gram, 0), ("KGM", .gram, 3), ("TNE", .gram, 6), ("MGM", .gram, -3),
    ("MLT", .millilitre, 0), ("CLT", .millilitre, 1), ("DLT", .millilitre, 2), ("LTR", .millilitre, 3),
    ("HLT", .millilitre, 5), ("MTQ", .millilitre, 6),
    ("H87", .piece, 0), ("EA", .piece, 0), ("C62", .piece, 0),
  ]

  /// The codes that are read.
  public static var codes: [String] { units.map(\.code) }

  /// Reads a code; without one, things are counted.
  public init?(_ code: String?) {
    guard let code else {
      (unit, power) = (.piece, 0)
      return
    }
    guard let found = EPCISUnit.units.first(where: { $0.code.utf8.elementsEqual(code.utf8) }) else { return nil }
    (unit, power) = (found.unit, found.power)
  }

  /// The code with which quantities of a unit are written; `nil` where things are counted.
  ///
  /// Money and attendance have none: EPCIS knows neither.
  public static func code(of unit: GiftUnit) -> String? {
    switch unit {
    case .gram: "GRM"
    case .millilitre: "MLT"
    case .piece, .fen, .attendance: nil
    }
  }

  /// A number of this unit in the chain's; `nil` where that is not whole or larger than a row takes.
  public func quantity(_ number: ExactDecimal) -> Int64? {
    number.whole(shift: power, limit: TraceEvent.maximumQuantity)
  }
}
