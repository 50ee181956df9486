internal import Consortium
public import Ledger
public import TransparencyLog

/// One part of an event: a lot that goes in, or one that comes out.
public struct TracePart: Hashable, Sendable {
  /// A lot (see ``TraceEvent/lot``); of what comes out of repacking the kind.
  public var lot: UInt32
  /// How much of it; 0 where lots are packed or unpacked, which happens to whole lots.
  public var quantity: Int64

  /// A part.
  public init(lot: UInt32, quantity: Int64) {
    self.lot = lot
    self.quantity = quantity
  }
}

/// A row of a manifest of events: fixed fields, then the parts.
///
/// Only hashes, ordinals, quantities and coarse places: who receives is a commitment, and no text stands here.
public struct TraceEvent: Hashable, Sendable {
  /// What happened.
  public var kind: TraceKind
  /// In what it is counted; containers count in pieces. `nil` where lots are packed and unpacked.
  public var unit: GiftUnit?
  /// Ordinal of the kind of gift.
  public var gift: UInt16 = 0
  /// The lot: its ordinal, or ``made(by:output:)`` for one that an earlier row of the same manifest makes.
  public var lot: UInt32 = 0
  /// How much, in the unit; of a correction by how much it is more or less.
  public var quantity: Int64 = 0
  /// When it happened, by the sender's word.
  public var time: Timestamp
  /// Coarse place, for instance six digits of GB/T 2260.
  public var place: UInt32 = 0
  /// The organisation to which something goes.
  public var other: UInt16 = 0
  /// A binding (``GiftBinding``), ``LossReason`` or ``SpendingPurpose``.
  public var reason: UInt8 = 0
  /// Parts that go in; the others come out.
  public var inputs: UInt8 = 0
  /// Ordinal of the project.
  public var project: UInt32 = 0
  /// Plain hash of a picture or a receipt; zero for none.
  public var evidence = Hash.zero
  /// The giver's or the claim key's address and twelve zero bytes, or a salted commitment to who received.
  public var party = Hash.zero
  /// What goes in, then what comes out; at most ``maximumParts``.
  public var parts: [TracePart] = []

  /// Bytes of a row without parts, and of each part.
  public static let byteCount = 100
  /// Bytes of each part.
  public static let partBytes = 12
  /// The most parts.
  public static let maximumParts = 128
  /// The largest quantity: a thousand million tonnes in grams, ten thousand million yuan.
  public static let maximumQuantity: Int64 = 1_000_000_000_000_000

  /// An event; what is not given is zero.
  public init(_ kind: TraceKind, unit: GiftUnit?, time: Timestamp) {
    self.kind = kind
    self.unit = unit
    self.time = time
  }

  /// The lot that an earlier row of the same manifest makes: its row, and which of the lots that come out of it.
  public static func made(by row: Int, output: Int = 0) -> UInt32 {
    1 << 31 | UInt32(row) << 8 | UInt32(output)
  }

  /// Reads a row and checks its form.
  ///
  /// - Throws: `manifest.bad_row`, `trace.unknown_event`, `trace.unknown_unit`, `trace.invalid_quantity`,
  ///   `trace.evidence_missing`.
  public init(row: [UInt8]) throws(LedgerError) {
    let extra = row.count - TraceEvent.byteCount
    guard extra >= 0, extra % TraceEvent.partBytes == 0, extra / TraceEvent.partBytes <= TraceEvent.maximumParts else {
      throw LedgerError(.badRow, "an event has \(TraceEvent.byteCount) bytes and its parts")
    }
    let bytes = row.span.bytes
    var reader = RecordReader()
    guard let kind = TraceKind(rawValue: reader.uint8(in: bytes)) else {
      throw LedgerError(.unknownEvent, "no event has this kind")
    }
    let unit = reader.uint8(in: bytes)
    guard unit == 0 || GiftUnit(rawValue: unit) != nil else { throw LedgerError(.unknownUnit, "no unit \(unit)") }
    self.kind = kind
    self.unit = GiftUnit(rawValue: unit)
    gift = reader.uint16(in: bytes)
    lot = reader.uint32(in: bytes)
    quantity = reader.int64(in: bytes)
    time = reader.timestamp(in: bytes)
    place = reader.uint32(in: bytes)
    other = reader.uint16(in: bytes)
    reason = reader.uint8(in: bytes)
    inputs = reader.uint8(in: bytes)
    project = reader.uint32(in: bytes)
    evidence = reader.hash(in: bytes)
    party = reader.hash(in: bytes)
    if extra > 0 {
      parts.reserveCapacity(extra / TraceEvent.partBytes)
      for _ in 0..<(extra / TraceEvent.partBytes) {
        parts.append(TracePart(lot: reader.uint32(in: bytes), quantity: reader.int64(in: bytes)))
      }
    }
    try checkForm()
  }

  /// The row.
  public var row: [UInt8] {
    let length = TraceEvent.byteCount + parts.count * TraceEvent.partBytes
    return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      var writer = RecordWriter(UnsafeMutableRawBufferPointer(buffer))
      writer.integer(kind.rawValue)
      writer.integer(unit?.rawValue ?? 0)
      writer.integer(gift)
      writer.integer(lot)
      writer.integer(quantity)
      writer.timestamp(time)
      writer.integer(place)
      writer.integer(other)
      writer.integer(reason)
      writer.integer(inputs)
      writer.integer(project)
      writer.hash(evidence)
      writer.hash(party)
      for part in parts {
        writer.integer(part.lot)
        writer.integer(part.quantity)
      }
      count = length
    }
  }

  /// What goes in.
  public var ingoing: ArraySlice<TracePart> { parts.prefix(Int(inputs)) }
  /// What comes out.
  public var outgoing: ArraySlice<TracePart> { parts.dropFirst(Int(inputs)) }

  private var filled: TraceFields {
    var fields: TraceFields = []
    if unit != nil { fields.insert(.unit) }
    if gift != 0 { fields.insert(.kind) }
    if lot != 0 { fields.insert(.lot) }
    if quantity != 0 { fields.insert(.quantity) }
    if place != 0 { fields.insert(.place) }
    if other != 0 { fields.insert(.other) }
    if reason != 0 { fields.insert(.reason) }
    if project != 0 { fields.insert(.project) }
    if evidence != .zero { fields.insert(.evidence) }
    if party != .zero { fields.insert(.party) }
    if !parts.isEmpty { fields.insert(.parts) }
    return fields
  }

  private func checkForm() throws(LedgerError) {
    guard time > .zero, time <= .max else { throw LedgerError(.badRow, "an event has a time up to the year 9999") }
    let (filled, (needed, allowed)) = (filled, kind.fields)
    let missing = needed.subtracting(filled)
    if !missing.isEmpty {
      if missing.contains(.quantity) { throw LedgerError(.badQuantity, "the event has a quantity") }
      if missing.contains(.evidence) { throw LedgerError(.evidenceMissing, "the event needs a picture or a receipt") }
      throw LedgerError(missing.contains(.unit) ? .unknownUnit : .badRow, "a field is missing")
    }
    guard filled.isSubset(of: needed.union(allowed)) else { throw LedgerError(.badRow, "a field that is not its own") }
    let limit = TraceEvent.maximumQuantity
    guard quantity <= limit, kind == .corrected ? quantity >= -limit : quantity >= 0 else {
      throw LedgerError(.badQuantity, "a quantity outside its range")
    }
    switch kind {
    case .repacked:
      guard inputs > 0, Int(inputs) < parts.count else { throw LedgerError(.badRow, "something goes in and comes out") }
      for part in parts where !(1...limit).contains(part.quantity) {
        throw LedgerError(.badQuantity, "a part without a quantity")
      }
    case .packed, .unpacked:
      guard Int(inputs) == parts.count, parts.allSatisfy({ $0.quantity == 0 }) else {
        throw LedgerError(.badRow, "whole lots are packed and unpacked")
      }
    default:
      guard inputs == 0 else { throw LedgerError(.badRow, "an event without parts") }
    }
    try checkReason()
  }

  private func checkReason() throws(LedgerError) {
    switch kind {
    case .donated, .pledged, .attended:
      guard let binding = GiftBinding(rawValue: reason), binding != .reversed else {
        throw LedgerError(.badRow, "hearts belong to nobody, an address or a claim code")
      }
      let isAddress = party.withUnsafeBytes { $0[Address.byteCount...].allSatisfy { $0 == 0 } }
      guard (binding == .anonymous) == (party == .zero), isAddress else {
        throw LedgerError(.badRow, "a giver is an address and twelve zero bytes")
      }
    case .lost, .died:
      guard LossReason(rawValue: reason) != nil else { throw LedgerError(.badRow, "no such reason") }
    case .spent:
      guard SpendingPurpose(rawValue: reason) != nil else { throw LedgerError(.badRow, "no such purpose") }
    default: break
    }
  }
}
