internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

/// Kinds of gifts and a formula, as a genesis or a proposal gives them.
struct HeartRules: Sendable {
  /// The kinds with the ordinals they name.
  private(set) var entries: [(ordinal: UInt32, kind: GiftKindRecord)] = []
  private(set) var formula: FormulaRecord?

  var kinds: [GiftKindRecord] { entries.map(\.kind) }

  /// Reads the contract's part of a genesis; `genesis.invalid` unless it names kinds in order and all is in range.
  init(genesis payload: [UInt8]) throws(LedgerError) {
    guard let wire = try? WireHeartsGenesis(serializedBytes: payload) else {
      throw LedgerError(.badGenesis, "the part of the hearts does not decode")
    }
    do throws(LedgerError) {
      try read(kinds: wire.kinds, formula: wire.hasFormula ? wire.formula : nil)
    } catch {
      throw LedgerError(.badGenesis, error.message)
    }
    let inOrder = entries.enumerated().allSatisfy { $0.offset == Int($0.element.ordinal) }
    guard (1...Hearts.maximumKinds).contains(entries.count), inOrder else {
      throw LedgerError(.badGenesis, "kinds of gifts are named in order, and there is at least one")
    }
  }

  /// Reads a proposal's content.
  ///
  /// - Throws: `encoding.malformed`, `hearts.invalid_rules`.
  init(content: [UInt8]) throws(LedgerError) {
    guard let wire = try? WireChangeHearts(serializedBytes: content) else {
      throw LedgerError(.malformed, "not a change of kinds or formula")
    }
    try read(kinds: wire.kinds, formula: wire.hasFormula ? wire.formula : nil)
    guard !entries.isEmpty || formula != nil else { throw HeartRules.invalid("a change that changes nothing") }
  }

  private mutating func read(kinds: [WireGiftKind], formula: WireFormula?) throws(LedgerError) {
    for kind in kinds { entries.append((kind.ordinal, try HeartRules.kind(kind))) }
    if let formula { self.formula = try HeartRules.formula(formula) }
  }

  private static func kind(_ wire: WireGiftKind) throws(LedgerError) -> GiftKindRecord {
    guard let name = Hash(wire.name), name != .zero, let category = UInt8(exactly: wire.category),
      let category = GiftCategory(rawValue: category), let unit = UInt8(exactly: wire.unit),
      let unit = GiftUnit(rawValue: unit), wire.hearts <= GiftKindRecord.maximumRate,
      wire.points <= GiftKindRecord.maximumRate
    else { throw invalid("a kind of gift outside its ranges") }
    let isFit =
      switch category {
      case .money: unit == .fen
      case .trees: unit == .piece
      case .activities: unit == .attendance
      case .goods: [.gram, .piece, .millilitre].contains(unit)
      }
    guard isFit else { throw invalid("gifts of this category are not counted in this unit") }
    return GiftKindRecord(name: name, category: category, unit: unit, hearts: wire.hearts, points: wire.points)
  }

  private static func formula(_ wire: WireFormula) throws(LedgerError) -> FormulaRecord {
    var formula = FormulaRecord()
    guard let giftPoints = UInt16(exactly: wire.giftPoints), let dayPoints = UInt16(exactly: wire.dayPoints),
      wire.weights.count == FormulaRecord.periods,
      (1...FormulaRecord.maximumThresholds).contains(wire.thresholds.count)
    else { throw invalid("twelve weights, one to eight thresholds") }
    formula.giftPoints = giftPoints
    formula.dayPoints = dayPoints
    for index in 0..<FormulaRecord.periods { formula.weights[index] = UInt16(clamping: wire.weights[index]) }
    for index in 0..<FormulaRecord.maximumThresholds {
      formula.thresholds[index] = index < wire.thresholds.count ? UInt16(clamping: wire.thresholds[index]) : 0
    }
    guard formula.isSound else { throw invalid("a formula outside its ranges") }
    return formula
  }

  static func invalid(_ message: String) -> LedgerError { LedgerError(.badHeartRules, message) }
}

extension WireGiftKind {
  init(_ kind: GiftKindRecord, ordinal: Int) {
    self.init()
    self.ordinal = UInt32(clamping: ordinal)
    name = Data(kind.name.bytes)
    category = UInt32(kind.category.rawValue)
    unit = UInt32(kind.unit.rawValue)
    hearts = kind.hearts
    points = kind.points
  }
}

extension WireFormula {
  init(_ formula: FormulaRecord) {
    self.init()
    giftPoints = UInt32(formula.giftPoints)
    dayPoints = UInt32(formula.dayPoints)
    for index in formula.weights.indices { weights.append(UInt32(formula.weights[index])) }
    for index in formula.thresholds.indices where formula.thresholds[index] > 0 {
      thresholds.append(UInt32(formula.thresholds[index]))
    }
  }
}
