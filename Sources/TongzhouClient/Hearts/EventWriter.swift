internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// Writes rows of a manifest as a file has them; ``EventReader`` reads the same rows again.
struct EventWriter {
  private let events: [TraceEvent]
  private let names: EventNames
  /// Rows whose lots later rows name.
  private var named: [Bool]

  /// - Throws: `encoding.malformed` where a row names a lot that no earlier row makes.
  init(_ events: [TraceEvent], names: EventNames) throws(LedgerError) {
    self.events = events
    self.names = names
    named = [Bool](repeating: false, count: events.count)
    for (index, event) in events.enumerated() {
      for reference in EventFile.references(of: event) {
        let row = EventFile.row(of: reference)
        guard row < index, Int(reference & 255) < EventFile.made(by: events[row]) else {
          throw LedgerError(.malformed, "event \(index) names a lot that no earlier event makes")
        }
        named[row] = true
      }
    }
  }

  func rows() -> [EventText] { events.indices.map { row($0) } }

  private func row(_ index: Int) -> EventText {
    let event = events[index]
    var text = EventText(file: WrittenFile(.hearts, ""), line: nil)
    text.set("what", TraceWords.word(event.kind, in: TraceWords.events))
    text.set("when", EventValues.text(event.time))
    let isGift = [.donated, .pledged, .attended].contains(event.kind)
    if isGift { text.set("kind", names.word(ofKind: UInt32(event.gift))) }
    // A survey that found nothing alive counted none, which is no missing quantity.
    if let unit = event.unit {
      let hasQuantity = event.quantity != 0 || event.kind == .surveyed
      text.set(hasQuantity ? "quantity" : "unit", hasQuantity ? quantity(event.quantity, unit) : word(unit))
    }
    if isGift || event.kind == .committed { text.set("project", "\(event.project)") }
    let hasLot = ![.donated, .repacked, .packed, .pledged, .committed, .attended].contains(event.kind)
    if hasLot { text.set("lot", lot(event.lot)) }
    let parts = event.ingoing.map { part in
      event.kind == .repacked ? "\(lot(part.lot))=\(quantity(part.quantity, event.unit))" : lot(part.lot)
    }
    if !parts.isEmpty { text.set(event.kind == .repacked ? "from" : "lots", parts.joined(separator: "; ")) }
    let made = event.outgoing.map { "\(names.word(ofKind: $0.lot))=\(quantity($0.quantity, event.unit))" }
    if !made.isEmpty { text.set("into", made.joined(separator: "; ")) }
    if named[index] {
      let outputs = (0..<EventFile.made(by: event)).map { EventWriter.name(row: index, output: $0) }
      text.set("as", outputs.joined(separator: "; "))
    }
    if event.kind == .shipped || event.kind == .disbursed {
      text.set("to", names.word(ofOrganisation: event.other))
    }
    if event.place != 0 { text.set("place", "\(event.place)") }
    setParty(event, isGift: isGift, &text)
    return text
  }

  private func setParty(_ event: TraceEvent, isGift: Bool, _ text: inout EventText) {
    if isGift, event.party != .zero, let address = Address(event.party.bytes.prefix(Address.byteCount)) {
      text.set(event.reason == GiftBinding.claim.rawValue ? "code" : "giver", address.description)
    }
    if event.kind == .lost || event.kind == .died, let reason = LossReason(rawValue: event.reason), reason != .unknown {
      text.set("why", TraceWords.word(reason, in: TraceWords.losses))
    }
    if event.kind == .spent, let purpose = SpendingPurpose(rawValue: event.reason) {
      text.set("on", TraceWords.word(purpose, in: TraceWords.purposes))
    }
    if event.evidence != .zero { text.set("evidence", event.evidence.description) }
    if !isGift, event.party != .zero { text.set("recipient", event.party.description) }
  }

  private func quantity(_ amount: Int64, _ unit: GiftUnit?) -> String { "\(amount) \(unit.map(word) ?? "")" }

  private func word(_ unit: GiftUnit) -> String { TraceWords.word(unit, in: TraceWords.units) }

  private func lot(_ reference: UInt32) -> String {
    reference < 1 << 31
      ? "\(reference)" : EventWriter.name(row: EventFile.row(of: reference), output: Int(reference & 255))
  }

  private static func name(row: Int, output: Int) -> String { "row-\(row + 1)" + (output > 0 ? "-\(output + 1)" : "") }
}
