public import HeartChain
internal import Ledger
internal import TransparencyLog

/// Writes events of a chain of hearts as events of EPCIS.
///
/// Goods and trees go this way. Money does not: EPCIS has no word for it, and IATI has. Nor does attendance, where
/// nothing is there that could move.
public struct EventExport: Sendable {
  private let hearts: Hearts
  /// The names that are written.
  public let names: HeartNames

  /// - Parameter hearts: the state, at or after the last event that is written; what a lot is never changes.
  public init(hearts: Hearts, names: HeartNames) {
    self.hearts = hearts
    self.names = names
  }

  /// An accepted event; `nil` for money and attendance.
  ///
  /// - Parameter id: the eventID under which its sender knows it; without it, it has ours.
  /// - Throws: `exchange.malformed` for a step that the state does not know.
  public func event(_ step: Way.Step, id: String? = nil) throws(ExchangeError) -> EPCISEvent? {
    guard let row = try? TraceEvent(row: step.row),
      (step.sources + step.made).allSatisfy({ Int($0) < hearts.lots.count })
    else { throw ExchangeError(.malformed, "an event that this state does not know") }
    guard var event = try form(row, step) else { return nil }
    event.id = id ?? names.event(step.event)
    event.recordTime = EPCISTime(step.time)
    event.gift.recordedBy = names.organisation(UInt16(truncatingIfNeeded: step.event >> 48))
    if row.evidence != .zero { event.gift.evidence = GiftFields.text(row.evidence) }
    if row.place != 0 { event.readPoint = names.place(row.place) }
    return event
  }

  /// The events of a whole way, oldest first.
  public func events(_ steps: [Way.Step]) throws(ExchangeError) -> [EPCISEvent] {
    var events: [EPCISEvent] = []
    for step in steps {
      if let event = try event(step) { events.append(event) }
    }
    return events
  }

  private func form(_ row: TraceEvent, _ step: Way.Step) throws(ExchangeError) -> EPCISEvent? {
    switch row.kind {
    case .donated, .pledged: try birth(row, step)
    case .received: seen(row, step, "receiving", "in_progress")
    case .stored: seen(row, step, "storing", "available")
    case .repacked: try repacking(row, step)
    case .packed, .unpacked: packing(row, step)
    case .shipped: shipping(row, step)
    case .arrived: seen(row, step, "receiving", "available", quantity: row.quantity)
    case .handedOver: handOver(row, step)
    case .lost: loss(row, step, "destroying")
    case .died: loss(row, step, "decommissioning")
    case .corrected: count(row, step)
    case .planted: planting(row, step)
    case .surveyed: seen(row, step, "inspecting", "active", quantity: row.quantity)
    case .committed, .disbursed, .spent, .returned, .attended: nil
    }
  }

  private func time(_ row: TraceEvent) -> EPCISTime { EPCISTime(row.time) }

  /// A lot with a quantity; a container is a thing, not a quantity of one.
  private func put(_ lot: UInt32, _ quantity: Int64?, in event: inout EPCISEvent) {
    if hearts.lots[Int(lot)].kind == LotRecord.container {
      event.epcs.append(names.lot(lot))
    } else {
      event.quantities.append(amount(lot, quantity))
    }
  }

  private func amount(_ lot: UInt32, _ quantity: Int64?) -> EPCISEvent.Quantity {
    EPCISEvent.Quantity(
      names.lot(lot), number: quantity.map { ExactDecimal($0) },
      uom: quantity == nil ? nil : EPCISUnit.code(of: hearts.lots[Int(lot)].unit))
  }

  private func birth(_ row: TraceEvent, _ step: Way.Step) throws(ExchangeError) -> EPCISEvent? {
    guard row.unit != .fen, let lot = step.made.first else { return nil }
    var event = EPCISEvent(.object, .add, time: time(row))
    event.quantities = [amount(lot, row.quantity)]
    event.bizStep = "commissioning"
    event.disposition = row.kind == .pledged ? "reserved" : "active"
    event.gift.kind = names.kind(row.gift)
    event.gift.project = names.project(row.project)
    let party = Address(row.party.bytes.prefix(Address.byteCount)).map { "\($0)" }
    switch GiftBinding(rawValue: row.reason) {
    case .address: event.gift.giver = party
    case .claim: event.gift.claim = party
    default: break
    }
    let holder = names.organisation(hearts.lots[Int(lot)].owner)
    event.destinations = [EPCISEvent.Typed("possessing_party", holder)]
    return event
  }

  private func seen(
    _ row: TraceEvent, _ step: Way.Step, _ bizStep: String, _ disposition: String, quantity: Int64? = nil
  ) -> EPCISEvent? {
    guard row.unit != .fen, let lot = step.sources.first else { return nil }
    var event = EPCISEvent(.object, .observe, time: time(row))
    put(lot, quantity, in: &event)
    (event.bizStep, event.disposition) = (bizStep, disposition)
    return event
  }

  private func repacking(_ row: TraceEvent, _ step: Way.Step) throws(ExchangeError) -> EPCISEvent? {
    guard row.unit != .fen else { return nil }
    guard step.sources.count == row.ingoing.count, step.made.count == row.outgoing.count else {
      throw ExchangeError(.malformed, "a step with other lots than its row")
    }
    var event = EPCISEvent(.transformation, nil, time: time(row))
    (event.bizStep, event.disposition) = ("repackaging", "active")
    event.quantities = zip(step.sources, row.ingoing).map { amount($0, $1.quantity) }
    event.outputQuantities = zip(step.made, row.outgoing).map { amount($0, $1.quantity) }
    event.gift.outputKinds = zip(step.made, row.outgoing).map {
      EPCISEvent.Typed(names.kind(UInt16(truncatingIfNeeded: $1.lot)), names.lot($0))
    }
    return event
  }

  private func planting(_ row: TraceEvent, _ step: Way.Step) -> EPCISEvent? {
    guard let pledge = step.sources.first, let planted = step.made.first else { return nil }
    var event = EPCISEvent(.transformation, nil, time: time(row))
    (event.bizStep, event.disposition) = ("installing", "active")
    event.quantities = [amount(pledge, row.quantity)]
    event.outputQuantities = [amount(planted, row.quantity)]
    return event
  }

  private func packing(_ row: TraceEvent, _ step: Way.Step) -> EPCISEvent? {
    let isPacking = row.kind == .packed
    guard let container = isPacking ? step.made.first : step.sources.first else { return nil }
    var event = EPCISEvent(.aggregation, isPacking ? .add : .delete, time: time(row))
    event.parent = names.lot(container)
    event.quantities = (isPacking ? step.sources[...] : step.sources.dropFirst()).map { amount($0, nil) }
    (event.bizStep, event.disposition) = isPacking ? ("packing", "container_closed") : ("unpacking", "active")
    return event
  }

  private func shipping(_ row: TraceEvent, _ step: Way.Step) -> EPCISEvent? {
    var event = seen(row, step, "shipping", "in_transit")
    let sender = names.organisation(UInt16(truncatingIfNeeded: step.event >> 48))
    event?.sources = [EPCISEvent.Typed("possessing_party", sender)]
    event?.destinations = [EPCISEvent.Typed("possessing_party", names.organisation(row.other))]
    return event
  }

  private func handOver(_ row: TraceEvent, _ step: Way.Step) -> EPCISEvent? {
    var event = seen(row, step, GiftFields.distributing, "dispensed", quantity: row.quantity)
    event?.action = .delete
    event?.destinations = [EPCISEvent.Typed("possessing_party", names.recipient(row.party))]
    return event
  }

  private func loss(_ row: TraceEvent, _ step: Way.Step, _ bizStep: String) -> EPCISEvent? {
    let disposition =
      switch LossReason(rawValue: row.reason) ?? .unknown {
      case .unknown: "unknown"
      case .expired: "expired"
      case .damaged: "damaged"
      case .stolen: "stolen"
      case .disaster: GiftFields.disaster
      }
    var event = seen(row, step, bizStep, disposition, quantity: row.quantity)
    event?.action = .delete
    return event
  }

  private func count(_ row: TraceEvent, _ step: Way.Step) -> EPCISEvent? {
    var event = seen(row, step, "cycle_counting", "available")
    event?.gift.difference = ExactDecimal(row.quantity)
    return event
  }
}
