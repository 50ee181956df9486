internal import HeartChain
internal import Ledger

extension CapturePlan {
  /// Something that an event names: a single thing, or some of a class.
  struct Item {
    let uri: String
    let isThing: Bool
    let number: ExactDecimal?
    let uom: String?

    init(thing uri: String) { (self.uri, isThing, number, uom) = (uri, true, nil, nil) }

    init(_ quantity: EPCISEvent.Quantity) {
      (uri, isThing, number, uom) = (quantity.epcClass, false, quantity.number, quantity.uom)
    }

    /// How much it is in a unit of ours; `nil` where nothing is said, which means all of it.
    ///
    /// - Throws: `ValidationException` with `trace.wrong_unit` or `trace.invalid_quantity`.
    func quantity(in unit: GiftUnit) throws(EPCISError) -> Int64? {
      guard let number else { return nil }
      guard let found = EPCISUnit(uom), found.unit == unit else {
        throw EPCISError(.validation, "the lot is counted in another unit", code: ErrorCode.wrongUnit.name)
      }
      guard let quantity = found.quantity(number) else {
        throw EPCISError(
          .validation, "a quantity that is not whole in the smallest unit, or too large",
          code: ErrorCode.badQuantity.name)
      }
      return quantity
    }
  }

  /// A part of a lot.
  struct Portion {
    let lot: UInt32
    let quantity: Int64
  }

  static func items(_ epcs: [String], _ quantities: [EPCISEvent.Quantity]) -> [Item] {
    epcs.map { Item(thing: $0) } + quantities.map { Item($0) }
  }

  /// Of the lots that an item stands for, those that can be meant, oldest first, as far as its quantity goes.
  ///
  /// Where none can be meant, or they do not hold enough, the last word is the chain's: then a portion is more than its
  /// lot, or of a lot that is not where it should be, and judging it says why.
  func portions(_ item: Item, where isMeant: (LotRecord) -> Bool) throws(EPCISError) -> [Portion] {
    let all = try lots(item.uri)
    let meant = all.filter { isMeant(lot($0)) }
    guard meant.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    guard let first = meant.first ?? all.first else { return [] }
    guard let quantity = try item.quantity(in: lot(first).unit) else {
      if meant.isEmpty { return [Portion(lot: first, quantity: max(1, lot(first).left))] }
      return (item.isThing ? meant.prefix(1) : meant[...]).map { Portion(lot: $0, quantity: lot($0).left) }
    }
    guard !meant.isEmpty else { return [Portion(lot: first, quantity: quantity)] }
    var portions: [Portion] = []
    var rest = quantity
    for ordinal in meant where rest > 0 || portions.isEmpty {
      let taken = ordinal == meant.last ? rest : min(rest, lot(ordinal).left)
      portions.append(Portion(lot: ordinal, quantity: taken))
      rest -= taken
    }
    return portions
  }

  /// More lots go by one identifier than an event can speak of.
  static var tooManyLots: EPCISError {
    .invalid("an event has at most \(TraceEvent.maximumParts) lots that go in and come out")
  }

  /// Whether its sender has a lot.
  func isHeld(_ lot: LotRecord) -> Bool { lot.state == .held && lot.holder == profile.organisation }

  /// Whether a lot is on its way to the sender of the event.
  func isComing(_ lot: LotRecord) -> Bool { lot.state == .travelling && lot.receiver == profile.organisation }

  /// A lot that is just this portion: the lot itself, or a part of it that is made a lot of its own.
  mutating func whole(_ portion: Portion, _ draft: Draft) throws(EPCISError) -> UInt32 {
    let record = lot(portion.lot)
    guard portion.quantity != record.left, record.kind != LotRecord.container else { return portion.lot }
    var event = TraceEvent(.repacked, unit: record.unit, time: draft.time)
    event.parts = [
      TracePart(lot: portion.lot, quantity: portion.quantity),
      TracePart(lot: UInt32(record.kind), quantity: portion.quantity),
    ]
    event.inputs = 1
    return try append(event).lowerBound
  }

  /// The kind of gift of a class.
  func kind(_ uri: String, _ stated: String?) throws(EPCISError) -> UInt16? {
    if let stated {
      guard let kind = names.kind(in: stated), Int(kind) < state.hearts.kinds.count else {
        throw EPCISError(.validation, "no such kind of gift", code: ErrorCode.unknownKind.name)
      }
      return kind
    }
    return CaptureProfile.longest(profile.kinds, uri)
      ?? CaptureProfile.longest(profile.kinds, CapturePlan.canonical(uri))
  }
}
