internal import HeartChain
internal import Ledger

extension CapturePlan {
  /// How many lots are looked at for those in a container whose children are not named.
  private static let searched: UInt32 = 100_000

  /// Lots go into a new container.
  mutating func pack(_ event: EPCISEvent, _ draft: inout Draft) throws(EPCISError) {
    guard let parent = event.parent else { throw .invalid("the event has no parentID") }
    if let found = try? lots(parent), found.contains(where: { isHeld(lot($0)) }) {
      throw .invalid("this container is closed: what comes to it later goes into another")
    }
    var parts: [TracePart] = []
    for item in CapturePlan.items(event.epcs, event.quantities) {
      for portion in try portions(item, where: isHeld) {
        let ordinal = try whole(portion, draft)
        if ordinal != portion.lot { try rebind(item.uri, ordinal) }
        parts.append(TracePart(lot: ordinal, quantity: 0))
      }
      guard parts.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    }
    try require(parts)
    var row = draft.event(.packed, nil)
    row.parts = parts
    row.inputs = UInt8(parts.count)
    try bind(parent, to: put(row).lowerBound)
  }

  private func require(_ parts: [TracePart]) throws(EPCISError) {
    guard parts.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    guard !parts.isEmpty else { throw .invalid("the event names no lot") }
  }

  /// Lots come out of a container; all of them where none is named.
  mutating func unpack(_ event: EPCISEvent, _ draft: inout Draft) throws(EPCISError) {
    guard let parent = event.parent else { throw .invalid("the event has no parentID") }
    let found = try lots(parent)
    guard let container = found.first(where: { isHeld(lot($0)) }) ?? found.first else { return }
    let isInside = { (lot: LotRecord) in lot.state == .packed && lot.inside == container + 1 }
    var chosen: [UInt32] = []
    for item in CapturePlan.items(event.epcs, event.quantities) {
      // What comes out is what went in: whole lots, as many as the quantity asks for.
      chosen += try portions(item, where: isInside).map(\.lot)
    }
    if event.epcs.isEmpty && event.quantities.isEmpty {
      // They were lots before the container was, mostly not long before.
      var ordinal = container
      while ordinal > 0, container - ordinal < CapturePlan.searched, chosen.count < Int(clamping: lot(container).left) {
        ordinal -= 1
        if isInside(lot(ordinal)) { chosen.append(ordinal) }
      }
      chosen.reverse()
    }
    let parts = chosen.map { TracePart(lot: $0, quantity: 0) }
    try require(parts)
    var row = draft.event(.unpacked, nil, hasPlace: false)
    row.lot = container
    row.parts = parts
    row.inputs = UInt8(parts.count)
    try put(row)
  }

  /// Things become other things: repacked, cooked, sorted; or trees that were pledged stand now.
  mutating func transform(_ event: EPCISEvent, _ draft: inout Draft) throws(EPCISError) {
    let inputs = CapturePlan.items(event.epcs, event.quantities)
    let outputs = CapturePlan.items(event.outputEPCs, event.outputQuantities)
    if event.bizStep == "installing" { return try plant(inputs, outputs, &draft) }
    var parts: [TracePart] = []
    var total: Int64 = 0
    for item in inputs {
      for portion in try portions(item, where: isHeld) {
        parts.append(TracePart(lot: portion.lot, quantity: portion.quantity))
        total += portion.quantity
      }
      guard parts.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    }
    try require(parts)
    let first = lot(parts[0].lot)
    let isOneKind = parts.allSatisfy { lot($0.lot).kind == first.kind }
    let going = parts.count
    for item in outputs {
      let stated = event.gift.outputKinds.first { $0.value.utf8.elementsEqual(item.uri.utf8) }?.type
      guard let kind = try kind(item.uri, stated ?? event.gift.kind) ?? (isOneKind ? first.kind : nil) else {
        throw EPCISError(.validation, "no kind of gift is known for what comes out", code: ErrorCode.unknownKind.name)
      }
      guard let quantity = item.isThing && first.unit == .piece ? 1 : try item.quantity(in: first.unit) else {
        throw EPCISError(.validation, "what comes out has a quantity", code: ErrorCode.badQuantity.name)
      }
      parts.append(TracePart(lot: UInt32(kind), quantity: quantity))
      total -= quantity
    }
    try require(parts)
    guard total >= 0 else {
      throw EPCISError(.validation, "more comes out than went in", code: ErrorCode.unbalanced.name)
    }
    var row = draft.event(.repacked, first.unit)
    row.parts = parts
    row.inputs = UInt8(going)
    row.quantity = total
    let made = try put(row)
    for (item, ordinal) in zip(outputs, made) { try bind(item.uri, to: ordinal) }
  }

  private mutating func plant(_ inputs: [Item], _ outputs: [Item], _ draft: inout Draft) throws(EPCISError) {
    guard let output = outputs.first, outputs.count == 1 else {
      throw .invalid("what is planted from a pledge goes by one identifier")
    }
    var planted: [Portion] = []
    for item in inputs {
      planted += try portions(item, where: isPledged)
      guard planted.count <= TraceEvent.maximumParts else { throw CapturePlan.tooManyLots }
    }
    let total = planted.reduce(Int64(0)) { $0 + $1.quantity }
    guard let first = planted.first, try output.quantity(in: lot(first.lot).unit) ?? total == total else {
      throw EPCISError(.validation, "as many come out as go in", code: ErrorCode.unbalanced.name)
    }
    for portion in planted { try bind(output.uri, to: plant(portion, &draft)) }
  }
}
