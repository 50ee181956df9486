internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// Events of one organisation that are still to be signed.
struct Telling {
  let member: HeartConsortium.Member
  var rows: [[UInt8]] = []
  var byteCount = 0
  /// Which row of these makes a lot, and as which of its outputs.
  var made: [UInt32: (row: Int, output: Int)] = [:]

  init(_ member: HeartConsortium.Member) { self.member = member }

  /// So many bytes go into one manifest: two fit into a batch.
  static let maximumBytes = 200_000
}

extension HeartDemo {
  /// An organisation tells an event. Lots are named by the ordinals they will have; those of the same manifest by the
  /// rows that make them, as an organisation has to that does not know what others tell.
  ///
  /// - Parameters:
  ///   - makes: how many lots come out of it.
  ///   - isGift: whether a gift comes with it.
  /// - Returns: the first of these lots.
  @discardableResult
  mutating func tell(
    _ member: Member, _ kind: TraceKind, _ unit: GiftUnit?, makes: Int = 0, isGift: Bool = false,
    isRefused: Bool = false, _ fill: (inout TraceEvent) -> Void
  ) throws -> UInt32 {
    if telling.member != member || telling.byteCount > Telling.maximumBytes {
      try flush()
      telling = Telling(member)
    }
    var event = TraceEvent(kind, unit: unit, time: moment())
    fill(&event)
    // Other events have no lot, which looks like the first one.
    if ![.donated, .pledged, .attended, .committed, .repacked, .packed].contains(kind) {
      event.lot = reference(event.lot)
    }
    for index in event.parts.indices where index < Int(event.inputs) {
      event.parts[index].lot = reference(event.parts[index].lot)
    }
    let first = nextLot
    let row = event.row
    if isRefused {
      expectedRefusals += 1
    } else {
      for output in 0..<makes { telling.made[first + UInt32(output)] = (telling.rows.count, output) }
      nextLot += UInt32(makes)
      if isGift { nextGift += 1 }
    }
    telling.rows.append(row)
    telling.byteCount += row.count
    return first
  }

  private func reference(_ lot: UInt32) -> UInt32 {
    telling.made[lot].map { TraceEvent.made(by: $0.row, output: $0.output) } ?? lot
  }

  /// Signs and hands in what was gathered.
  mutating func flush() throws {
    guard !telling.rows.isEmpty else { return }
    let place = telling.member.rawValue
    try submit(Hearts.trace(first: nextRow[place]), by: telling.member, rows: telling.rows)
    nextRow[place] += UInt64(telling.rows.count)
    telling = Telling(telling.member)
  }

  /// When the next event happened: some seconds after the last, within the day before this morning.
  private mutating func moment() -> Timestamp {
    let present = network.now
    let earliest = Timestamp(seconds: present.seconds - Timestamp.day)
    lastEvent = min(present, max(earliest, lastEvent.adding(seconds: 5)))
    return lastEvent
  }
}

extension HeartDemo {
  /// Lots put into a container, shipped to somebody; gives the container.
  mutating func box(
    _ lots: [UInt32], from member: Member, to other: Member
  ) throws -> UInt32 {
    let container = try tell(member, .packed, nil, makes: 1) { event in
      event.parts = lots.map { TracePart(lot: $0, quantity: 0) }
      event.inputs = UInt8(lots.count)
    }
    try tell(member, .shipped, .piece) { event in
      event.lot = container
      event.other = UInt16(other.rawValue)
    }
    return container
  }

  /// A container arrives and all lots come out of it.
  mutating func unbox(_ container: UInt32, _ lots: [UInt32], at member: Member, place: UInt32) throws {
    try tell(member, .arrived, .piece) { event in
      event.lot = container
      event.quantity = Int64(lots.count)
      event.place = place
    }
    try tell(member, .unpacked, nil) { event in
      event.lot = container
      event.parts = lots.map { TracePart(lot: $0, quantity: 0) }
      event.inputs = UInt8(lots.count)
    }
  }

  /// Goods reach somebody, of whom the chain has a commitment.
  mutating func handOver(_ quantity: Int64, of lot: UInt32, _ unit: GiftUnit, by member: Member) throws {
    let recipient = fresh("recipient")
    try tell(member, .handedOver, unit) { event in
      event.lot = lot
      event.quantity = quantity
      event.party = recipient
    }
  }

  /// Goods are lost where they are.
  mutating func lose(
    _ quantity: Int64, of lot: UInt32, _ unit: GiftUnit, by member: Member, reason: LossReason
  ) throws {
    try tell(member, .lost, unit) { event in
      event.lot = lot
      event.quantity = quantity
      event.reason = reason.rawValue
    }
  }
}
