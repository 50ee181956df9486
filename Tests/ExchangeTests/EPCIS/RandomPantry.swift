import Exchange
import HeartChain
import Ledger
import TestSupport
import TransparencyLog

/// A random history of gifts, one event in each manifest, with the state before every one of them.
struct RandomPantry {
  private(set) var pantry: Pantry
  private var dice: SeededGenerator
  private var pictures: UInt64 = 0

  init(seed: UInt64) throws {
    pantry = try Pantry()
    dice = SeededGenerator(seed: seed)
  }

  private mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &dice) }
  private mutating func chance(_ percent: Int64) -> Bool { number(0...99) < percent }

  /// Tries random events until one is accepted.
  ///
  /// - Returns: the state before it, who told it, and the event as an index has it.
  mutating func next() throws -> (before: Pantry, place: Pantry.Place, step: Way.Step) {
    while true {
      let place: Pantry.Place = [.food, .food, .school, .forest][Int(number(0...3))]
      pantry.time = pantry.time.adding(seconds: UInt64(number(0...4000)))
      let event = event(by: place)
      guard let read = try? TraceEvent(row: event.row) else { continue }
      var copy = pantry.app
      guard (try? copy.rehearse(read, by: Pantry.officer(place).publicKey.address, at: pantry.time)) != nil else {
        continue
      }
      let before = pantry
      let codes = try pantry.tell(place, [event.row])
      guard codes == [.success], let step = pantry.steps.last else {
        throw LedgerError(codes.first ?? .success, "what was rehearsed was refused")
      }
      return (before, place, step)
    }
  }

  private mutating func lot(_ states: [LotState], _ place: Pantry.Place) -> (UInt32, LotRecord)? {
    let lots = pantry.app.hearts.lots
    let fitting = (0..<lots.count).filter { states.contains(lots[$0].state) && lots[$0].holder == place.rawValue }
    guard let found = fitting.randomElement(using: &dice) else { return nil }
    return (UInt32(found), lots[found])
  }

  private mutating func event(by place: Pantry.Place) -> TraceEvent {
    let kinds: [TraceKind] = [
      .donated, .received, .stored, .repacked, .packed, .unpacked, .shipped, .arrived, .handedOver, .lost, .corrected,
      .pledged, .planted, .surveyed, .died,
    ]
    let kind = kinds[Int(number(0...Int64(kinds.count - 1)))]
    var event = TraceEvent(kind, unit: .gram, time: pantry.time)
    if chance(50), kind != .unpacked { event.place = UInt32(number(110_000...659_000)) }
    if chance(30) || kind == .planted || kind == .surveyed {
      pictures += 1
      event.evidence = .label("picture", pictures)
    }
    switch kind {
    case .donated, .pledged:
      event.gift = kind == .pledged ? 4 : UInt16([1, 2, 3, 5][Int(number(0...3))])
      event.unit = Pantry.kinds[Int(event.gift)].unit
      event.project = UInt32(place.rawValue - 2)
      event.quantity = number(1...50_000)
      event.reason = UInt8(number(0...2))
      if event.reason != 0, let key = try? SigningKey(label: "person \(number(0...5))") {
        event.party = key.publicKey.address.key
      }
    case .repacked: repack(&event, place)
    case .packed, .unpacked:
      event.unit = nil
      if kind == .packed { pack(&event, place) } else { unpack(&event, place) }
    case .arrived: arrive(&event, place)
    default: change(&event, place)
    }
    return event
  }

  private mutating func change(_ event: inout TraceEvent, _ place: Pantry.Place) {
    let states: [LotState] = event.kind == .lost ? [.held, .travelling] : event.kind == .planted ? [.pledged] : [.held]
    guard let (ordinal, record) = lot(states, place) else { return }
    event.lot = ordinal
    event.unit = record.unit
    switch event.kind {
    case .shipped: event.other = UInt16(number(2...4))
    case .handedOver:
      event.quantity = number(1...max(1, record.left))
      event.party = .label("people", UInt64(number(1...1_000_000)))
    case .lost, .died:
      event.quantity = number(1...max(1, record.left / 4 + 1))
      event.reason = UInt8(number(0...4))
    case .planted: event.quantity = number(1...max(1, record.left))
    case .surveyed: event.quantity = number(record.left / 2...max(1, record.left))
    case .corrected: event.quantity = chance(50) ? -number(1...max(1, record.left)) : number(1...max(1, record.lost))
    default: break
    }
  }

  private mutating func arrive(_ event: inout TraceEvent, _ place: Pantry.Place) {
    let lots = pantry.app.hearts.lots
    let coming = (0..<lots.count).filter { lots[$0].state == .travelling && lots[$0].receiver == place.rawValue }
    guard let found = coming.randomElement(using: &dice) else { return }
    event.lot = UInt32(found)
    event.unit = lots[found].unit
    let isWhole = lots[found].kind == LotRecord.container || chance(50)
    event.quantity = isWhole ? lots[found].left : number(1...lots[found].left)
  }

  private mutating func repack(_ event: inout TraceEvent, _ place: Pantry.Place) {
    guard let (first, record) = lot([.held], place) else { return }
    event.unit = record.unit
    var parts = [TracePart(lot: first, quantity: number(1...max(1, record.left)))]
    if chance(50), let (second, other) = lot([.held], place), second != first, other.unit == record.unit {
      parts.append(TracePart(lot: second, quantity: number(1...max(1, other.left))))
    }
    event.inputs = UInt8(parts.count)
    var rest = parts.reduce(0) { $0 + $1.quantity }
    let kinds: [UInt32] = record.unit == .gram ? [1, 2] : record.unit == .piece ? [3] : [5]
    for _ in 0..<number(1...3) where rest > 0 {
      let part = number(1...rest)
      parts.append(TracePart(lot: kinds.randomElement(using: &dice) ?? 1, quantity: part))
      rest -= part
    }
    event.quantity = rest
    event.parts = parts
  }

  private mutating func pack(_ event: inout TraceEvent, _ place: Pantry.Place) {
    for _ in 0..<number(1...4) {
      guard let (ordinal, _) = lot([.held], place), !event.parts.contains(where: { $0.lot == ordinal }) else {
        continue
      }
      event.parts.append(TracePart(lot: ordinal, quantity: 0))
    }
    event.inputs = UInt8(event.parts.count)
  }

  private mutating func unpack(_ event: inout TraceEvent, _ place: Pantry.Place) {
    let lots = pantry.app.hearts.lots
    let boxes = (0..<lots.count).filter {
      lots[$0].kind == LotRecord.container && lots[$0].state == .held && lots[$0].holder == place.rawValue
    }
    guard let box = boxes.randomElement(using: &dice) else { return }
    event.lot = UInt32(box)
    let inside = (0..<lots.count).filter { lots[$0].inside == UInt32(box) + 1 && lots[$0].state == .packed }
    event.parts = inside.filter { _ in chance(70) }.map { TracePart(lot: UInt32($0), quantity: 0) }
    event.inputs = UInt8(event.parts.count)
  }
}
