internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// Makes rows of a manifest out of the words of a file, one after the other: names of lots are those of earlier lines.
struct EventReader {
  /// A lot that an earlier line made.
  private struct NamedLot {
    let name: String
    let reference: UInt32
    let unit: GiftUnit
  }

  private let names: EventNames
  private var lots: [NamedLot] = []
  /// By the hash of the name, the place in `lots`.
  private var places: [Hash: Int] = [:]
  private var count = 0

  init(names: EventNames) { self.names = names }

  /// The next event.
  mutating func read(_ text: EventText) throws(WrittenFileError) -> TraceEvent {
    let what = try text.required("what")
    guard let kind = TraceWords.value(what, in: TraceWords.events) else {
      throw text.failure(
        .badValue, "what: one of \(TraceWords.events.map(\.word).joined(separator: ", ")) is expected")
    }
    var event = TraceEvent(kind, unit: nil, time: try EventValues.time(text))
    if let word = text["kind"] {
      guard let ordinal = names.kind(word) else {
        throw text.failure(.unknownName, "kind: the chain has no kind of gift \(word)")
      }
      event.gift = ordinal
    } else if [.donated, .pledged, .attended].contains(kind) {
      throw text.failure(.missing, "kind: missing")
    }
    if let word = text["lot"] { event.lot = try reference(word, text).reference }
    event.project = try EventValues.number(text, "project") ?? 0
    event.place = try EventValues.number(text, "place") ?? 0
    if let word = text["to"] {
      guard let ordinal = names.organisation(word) else {
        throw text.failure(.unknownName, "to: the chain has no organisation \(word)")
      }
      event.other = ordinal
    } else if kind == .shipped || kind == .disbursed {
      throw text.failure(.missing, "to: missing")
    }
    try readUnit(text, &event)
    try readParts(text, &event)
    try readReason(text, &event)
    try readParty(text, &event)
    if let word = text["evidence"] { event.evidence = try hash(word, text, "evidence", names.evidence) }
    try check(text, event)
    try note(text, event)
    count += 1
    return event
  }

  /// The unit, and the quantity in it: from the words of the quantity, the column `unit`, the kind or the named lot.
  private func readUnit(_ text: EventText, _ event: inout TraceEvent) throws(WrittenFileError) {
    guard event.kind != .packed, event.kind != .unpacked else {
      guard text["unit"] == nil, text["quantity"] == nil else {
        throw text.failure(.rule, "whole lots are packed and unpacked, without a quantity or unit")
      }
      return
    }
    var known = try known(text, event)
    if let word = text["unit"] {
      guard let unit = TraceWords.value(word, in: TraceWords.units) else {
        throw text.failure(
          .badValue, "unit: one of \(TraceWords.units.map(\.word).joined(separator: ", ")) is expected")
      }
      guard known == nil || known == unit else { throw text.failure(.rule, "unit: the lot or kind has another") }
      known = unit
    }
    if let word = text["quantity"] {
      let (quantity, unit) = try EventValues.quantity(word, in: known, "quantity", text)
      (event.quantity, event.unit) = (quantity, unit)
    } else if let first = text["from"]?.split(separator: ";").first?.split(separator: "=").last, known == nil {
      event.unit = try EventValues.quantity(String(first), in: nil, "from", text).unit
    } else {
      event.unit = known
    }
    guard event.unit != nil else {
      throw text.failure(.missing, "unit: missing; neither quantity, kind nor a named lot tells it")
    }
  }

  /// The unit that a kind or a named lot has.
  private func known(_ text: EventText, _ event: TraceEvent) throws(WrittenFileError) -> GiftUnit? {
    if text["kind"] != nil { return names.kinds[Int(event.gift)].unit }
    if event.kind == .committed { return .fen }
    if let word = text["lot"] { return try reference(word, text).unit }
    if let first = text["from"]?.split(separator: ";").first?.split(separator: "=").first {
      return try reference(EventValues.trimmed(first), text).unit
    }
    return nil
  }

  /// What goes in and comes out: `lots: a; b` of packing, `from: a=3 kg; b=1 kg` and `into: soup=4 kg` of repacking.
  private func readParts(_ text: EventText, _ event: inout TraceEvent) throws(WrittenFileError) {
    for entry in EventValues.list(text["lots"]) {
      event.parts.append(TracePart(lot: try reference(entry, text).reference, quantity: 0))
    }
    for entry in EventValues.list(text["from"]) {
      let (name, quantity) = try EventValues.pair(entry, in: event.unit, "from", text)
      event.parts.append(TracePart(lot: try reference(name, text).reference, quantity: quantity))
    }
    guard let inputs = UInt8(exactly: event.parts.count) else {
      throw text.failure(.rule, "at most \(TraceEvent.maximumParts) parts")
    }
    event.inputs = inputs
    for entry in EventValues.list(text["into"]) {
      let (name, quantity) = try EventValues.pair(entry, in: event.unit, "into", text)
      guard let kind = names.kind(name) else {
        throw text.failure(.unknownName, "into: the chain has no kind of gift \(name)")
      }
      event.parts.append(TracePart(lot: UInt32(kind), quantity: quantity))
    }
  }

  /// Why something was lost, or what money was spent on.
  private func readReason(_ text: EventText, _ event: inout TraceEvent) throws(WrittenFileError) {
    if let word = text["why"] {
      guard event.kind == .lost || event.kind == .died else {
        throw text.failure(.rule, "why: only what is lost or dead has a reason")
      }
      guard let reason = TraceWords.value(word, in: TraceWords.losses) else {
        throw text.failure(
          .badValue, "why: one of \(TraceWords.losses.map(\.word).joined(separator: ", ")) is expected")
      }
      event.reason = reason.rawValue
    }
    guard event.kind == .spent else {
      guard text["on"] == nil else { throw text.failure(.rule, "on: only money is spent on something") }
      return
    }
    guard let purpose = TraceWords.value(try text.required("on"), in: TraceWords.purposes) else {
      throw text.failure(.badValue, "on: aid or overhead is expected")
    }
    event.reason = purpose.rawValue
  }

  /// Who gave, or a commitment to who received.
  private func readParty(_ text: EventText, _ event: inout TraceEvent) throws(WrittenFileError) {
    let isGift = [.donated, .pledged, .attended].contains(event.kind)
    let isReceived = [.handedOver, .spent, .returned].contains(event.kind)
    guard isGift || (text["giver"] == nil && text["code"] == nil) else {
      throw text.failure(.rule, "giver and code: only gifts have one")
    }
    guard isReceived || text["recipient"] == nil else {
      throw text.failure(.rule, "recipient: only what is handed over, spent or returned has one")
    }
    guard text["giver"] == nil || text["code"] == nil else {
      throw text.failure(.rule, "a gift has a giver or a claim code, not both")
    }
    for (column, binding) in [("giver", GiftBinding.address), ("code", .claim)] {
      guard let word = text[column] else { continue }
      guard let address = try? Address(text: word) else {
        // A claim code itself is a secret, and is not repeated in an error.
        throw text.failure(.badValue, "\(column): an address is expected, tz1…; of a claim code its address")
      }
      event.party = address.key
      event.reason = binding.rawValue
    }
    if let word = text["recipient"] {
      // With the row's place: what one person got twice alike looks as different as what two got.
      let label =
        "recipient \(count) \(text["lot"] ?? "") \(event.kind.rawValue) \(event.time.seconds) \(event.quantity)"
      let make = names.commitment
      event.party = try hash(word, text, "recipient", make.map { make in { who throws in try make(who, label) } })
    }
  }

  /// A hash in digits, or of what the words stand for.
  private func hash(
    _ word: String, _ text: EventText, _ column: String, _ make: ((String) throws -> Hash)?
  ) throws(WrittenFileError) -> Hash {
    if let hash = Hash(hexadecimal: word) { return hash }
    guard let make else { throw text.failure(.badValue, "\(column): 64 hexadecimal digits are expected") }
    do {
      return try make(word)
    } catch let error as WrittenFileError {
      throw text.failure(error.fault, "\(column): \(error.message)")
    } catch {
      throw text.failure(.badValue, "\(column): \(error)")
    }
  }

  /// What the contract says of the row's form, and that no column is there of which nothing became.
  private func check(_ text: EventText, _ event: TraceEvent) throws(WrittenFileError) {
    if text["kind"] != nil, ![.donated, .pledged, .attended].contains(event.kind) {
      throw text.failure(.rule, "kind: only gifts name one; of a lot it is known")
    }
    let hasLots = event.kind == .packed || event.kind == .unpacked
    guard text["lots"] == nil || hasLots, text["from"] == nil && text["into"] == nil || event.kind == .repacked else {
      throw text.failure(.rule, "lots are for packing and unpacking, from and into for repacking")
    }
    let isNamed = [.donated, .repacked, .packed, .pledged, .committed, .attended].contains(event.kind)
    guard (text["lot"] == nil) == isNamed else {
      throw text.failure(isNamed ? .rule : .missing, isNamed ? "lot: this event has none" : "lot: missing")
    }
    let hasProject = [.donated, .pledged, .committed, .attended].contains(event.kind)
    guard (text["project"] == nil) != hasProject else {
      throw text.failure(
        hasProject ? .missing : .rule, hasProject ? "project: missing" : "project: a lot's is known")
    }
    do {
      _ = try TraceEvent(row: event.row)
    } catch {
      throw text.failure(.rule, "\(error.code.name): \(error.message)")
    }
  }

  /// Remembers the names that this event gives to the lots it makes.
  private mutating func note(_ text: EventText, _ event: TraceEvent) throws(WrittenFileError) {
    let given = EventValues.list(text["as"])
    let made = EventFile.made(by: event)
    guard given.count <= made else {
      throw text.failure(.rule, "as: the event makes \(made) lots, and there are \(given.count) names")
    }
    for (output, name) in given.enumerated() {
      let key = Hash.sha256(Array(name.utf8))
      guard places[key] == nil else { throw text.failure(.rule, "as: a lot is called \(name) already") }
      guard !name.utf8.allSatisfy({ (48...57).contains($0) }), !name.utf8.contains(UInt8(ascii: "=")) else {
        throw text.failure(.badValue, "as: a name has other characters than digits, and no equals sign")
      }
      places[key] = lots.count
      let unit = event.kind == .packed ? .piece : event.unit ?? .piece
      lots.append(NamedLot(name: name, reference: TraceEvent.made(by: count, output: output), unit: unit))
    }
  }

  /// A lot by its ordinal, or by a name.
  private func reference(_ word: String, _ text: EventText) throws(WrittenFileError) -> (
    reference: UInt32, unit: GiftUnit?
  ) {
    if let place = places[Hash.sha256(Array(word.utf8))] { return (lots[place].reference, lots[place].unit) }
    guard let ordinal = UInt32(word), ordinal < 1 << 31 else {
      throw text.failure(.unknownName, "no earlier line made a lot called \(word)")
    }
    return (ordinal, nil)
  }
}
