public import Consortium
public import Ledger
internal import SwiftProtobuf

extension Hearts {
  /// Whether a proposed change can be made, as far as it concerns hearts. The rates and the formula are this chain's
  /// convention; offices and the end of plans are not for it.
  ///
  /// - Throws: `encoding.malformed`, `hearts.invalid_rules`, `proposal.invalid_change`.
  public func check(_ change: Change) throws(LedgerError) {
    switch change {
    case .convention(let content): _ = try rules(content)
    case .offices, .windDown: throw LedgerError(.invalidChange, "this chain has no plans")
    default: break
    }
  }

  /// Makes a change that was carried and whose timelock is over; when it throws, nothing has changed.
  ///
  /// Gifts keep the hearts and points that they brought: a rate counts for what is recorded after it.
  public mutating func carryOut(_ change: Change, at time: Timestamp) throws(LedgerError) {
    try check(change)
    guard case .convention(let content) = change else { return }
    let rules = try rules(content)
    for (ordinal, kind) in rules.entries {
      if Int(ordinal) < kinds.count {
        kinds[Int(ordinal)] = kind
        kindList[Int(ordinal)] = kind
      } else {
        add(kind)
      }
    }
    if var formula = rules.formula {
      formula.since = time
      formulas.append(formula)
    }
  }

  private func rules(_ content: [UInt8]) throws(LedgerError) -> HeartRules {
    let rules = try HeartRules(content: content)
    var count = kinds.count
    for (ordinal, kind) in rules.entries {
      guard Int(ordinal) <= count, Int(ordinal) < Hearts.maximumKinds else {
        throw HeartRules.invalid("new kinds follow on those that stand")
      }
      if Int(ordinal) == count { count += 1 }
      guard Int(ordinal) < kinds.count else { continue }
      // What lots and gifts of a kind mean must stay.
      let present = kinds[Int(ordinal)]
      guard (present.name, present.category, present.unit) == (kind.name, kind.category, kind.unit) else {
        throw HeartRules.invalid("of a kind that stands only the rates change")
      }
    }
    return rules
  }

  /// The change by which kinds or the formula change.
  ///
  /// - Parameter kinds: with their ordinals.
  public static func change(
    kinds: [(ordinal: Int, kind: GiftKindRecord)] = [], formula: FormulaRecord? = nil
  ) throws(LedgerError) -> Change {
    var wire = WireChangeHearts()
    wire.kinds = kinds.map { WireGiftKind($0.kind, ordinal: $0.ordinal) }
    if let formula { wire.formula = WireFormula(formula) }
    return .convention(try encodedBytes(of: wire))
  }

  /// The contract's part of a genesis.
  ///
  /// - Parameter formula: the defaults where none is given.
  public static func genesisPayload(
    kinds: [GiftKindRecord], formula: FormulaRecord? = nil
  ) throws(LedgerError) -> [UInt8] {
    var wire = WireHeartsGenesis()
    wire.kinds = kinds.enumerated().map { WireGiftKind($0.element, ordinal: $0.offset) }
    if let formula { wire.formula = WireFormula(formula) }
    return try encodedBytes(of: wire)
  }
}
