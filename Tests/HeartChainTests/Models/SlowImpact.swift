import HeartChain
import Ledger

/// What became of a gift, unit by unit: every lot is a row of units of which each is the gift's or is not. Nothing is
/// computed with ranges, and where a lot is now it reads from the state.
struct SlowImpact {
  struct Key: Hashable {
    var outcome: ImpactOutcome
    var organisation: UInt16
    var receiver: UInt16?
    var place: UInt32
  }

  private struct Lot {
    var units: [Bool]
    var lost: [(isOurs: Bool, key: Key, turn: Int)] = []
    var place: UInt32
    var turn: Int
    var isTree = false
    var isBox = false
  }

  private let gift: UInt32
  private var lots: [UInt32: Lot] = [:]
  private var told: [(key: Key, count: Int, turn: Int)] = []
  private var events: [UInt64] = []
  private(set) var given = 0
  private(set) var mixed = 0

  /// Takes up the whole history.
  init(of gift: UInt32, history: [(step: Way.Step, event: TraceEvent)]) {
    self.gift = gift
    for (step, event) in history {
      guard step.made.contains(gift) || step.sources.contains(where: { lots[$0] != nil }) else { continue }
      events.append(step.event)
      take(step, event)
    }
  }

  /// Quantities, and the events that show them in their order.
  func outcome(_ hearts: Hearts) -> (sums: [Key: Int], events: [Key: [UInt64]]) {
    var parts = told
    for (number, lot) in lots where !lot.isBox {
      parts += lot.lost.filter(\.isOurs).map { ($0.key, 1, $0.turn) }
      let rest = lot.units.count { $0 }
      guard rest > 0 else { continue }
      var outer = number
      while hearts.lots[Int(outer)].state == .packed { outer = hearts.lots[Int(outer)].inside - 1 }
      parts.append((key(number, outer, hearts), rest, lots[outer]?.turn ?? lot.turn))
    }
    var sums: [Key: Int] = [:]
    var shown: [Key: [UInt64]] = [:]
    for part in parts.sorted(by: { $0.turn < $1.turn }) where part.count > 0 {
      sums[part.key, default: 0] += part.count
      if shown[part.key]?.last != events[part.turn] { shown[part.key, default: []].append(events[part.turn]) }
    }
    return (sums, shown)
  }

  private func key(_ number: UInt32, _ outer: UInt32, _ hearts: Hearts) -> Key {
    let lot = lots[number]
    if hearts.lots[Int(number)].state == .void {
      return Key(outcome: .takenBack, organisation: hearts.lots[Int(number)].holder, place: lot?.place ?? 0)
    }
    let record = hearts.lots[Int(outer)]
    let outcome: ImpactOutcome =
      switch record.state {
      case .travelling: .onItsWay
      case .pledged: .pledged
      default: outer != number ? .inContainer : lot?.isTree == true ? .alive : record.unit == .fen ? .held : .inStore
      }
    return Key(
      outcome: outcome, organisation: record.holder, receiver: outcome == .onItsWay ? record.receiver : nil,
      place: lots[outer]?.place ?? 0)
  }

  private mutating func take(_ step: Way.Step, _ event: TraceEvent) {
    let organisation = UInt16(step.event >> 48)
    let turn = events.count - 1
    if step.made == [gift], lots[gift] == nil {
      given = Int(event.quantity)
      lots[gift] = Lot(
        units: [Bool](repeating: true, count: given), place: event.place, turn: turn,
        isTree: event.kind == .pledged || event.kind == .planted)
      return
    }
    var place: UInt32?
    for source in step.sources {
      guard lots[source] != nil else { continue }
      // What comes out of a container is where the container is.
      if event.kind == .unpacked, source != step.sources[0] {
        let container = lots[step.sources[0]]
        lots[source]?.place = container?.place ?? 0
      } else if event.place != 0 {
        lots[source]?.place = event.place
      }
      lots[source]?.turn = turn
      place = place ?? lots[source]?.place
    }
    guard let place, let source = step.sources.first else { return }
    func key(_ outcome: ImpactOutcome) -> Key { Key(outcome: outcome, organisation: organisation, place: place) }
    let left = lots[source]?.units.count ?? 0
    let quantity = Int(event.quantity)
    switch event.kind {
    case .arrived: if lots[source]?.isBox == false { lose(left - quantity, source, key(.lostOnTheWay)) }
    case .lost, .died:
      let reasons: [ImpactOutcome] = [.lost, .expired, .damaged, .stolen, .disaster]
      lose(quantity, source, key(reasons[Int(event.reason)]))
    case .surveyed: lose(left - quantity, source, key(.notFoundAlive))
    case .corrected: if quantity > 0 { find(quantity, source) } else { lose(-quantity, source, key(.countedShort)) }
    case .handedOver: told.append((key(.handedOver), ours(pull(quantity, source)), turn))
    case .spent:
      let outcome: ImpactOutcome = event.reason == 2 ? .spentOnOverhead : .spentOnAid
      told.append((key(outcome), ours(pull(quantity, source)), turn))
    case .returned: told.append((key(.returned), ours(pull(quantity, source)), turn))
    case .planted, .disbursed:
      put(ours(pull(quantity, source)), quantity, step.made[0], place, turn, isTree: event.kind == .planted)
    case .packed: lots[step.made[0]] = Lot(units: [], place: place, turn: turn, isBox: true)
    case .repacked: repack(step, event, place, turn, key(.lostInRepacking))
    default: break
    }
  }

  private mutating func repack(_ step: Way.Step, _ event: TraceEvent, _ place: UInt32, _ turn: Int, _ loss: Key) {
    var (mine, all) = (0, 0)
    for (source, part) in zip(step.sources, event.ingoing) {
      all += Int(part.quantity)
      if lots[source] != nil { mine += ours(pull(Int(part.quantity), source)) }
    }
    if mine > 0, mine < all { mixed += 1 }
    var mixture = SlowImpact.spread(mine, over: all)[...]
    for (number, part) in zip(step.made, event.outgoing) {
      let units = mixture.prefix(Int(part.quantity))
      mixture = mixture.dropFirst(Int(part.quantity))
      put(units.count { $0 }, units.count, number, place, turn, isTree: false)
    }
    told.append((loss, mixture.count { $0 }, turn))
  }

  private mutating func put(_ mine: Int, _ all: Int, _ lot: UInt32, _ place: UInt32, _ turn: Int, isTree: Bool) {
    guard mine > 0 else { return }
    lots[lot] = Lot(units: SlowImpact.spread(mine, over: all), place: place, turn: turn, isTree: isTree)
  }

  private func ours(_ units: [Bool]) -> Int { units.count { $0 } }

  private mutating func pull(_ quantity: Int, _ lot: UInt32) -> [Bool] {
    let units = Array(lots[lot]?.units.prefix(quantity) ?? [])
    lots[lot]?.units.removeFirst(units.count)
    return units
  }

  private mutating func lose(_ quantity: Int, _ lot: UInt32, _ key: Key) {
    for isOurs in pull(quantity, lot) { lots[lot]?.lost.append((isOurs, key, events.count - 1)) }
  }

  private mutating func find(_ quantity: Int, _ lot: UInt32) {
    let found = lots[lot]?.lost.suffix(quantity).map(\.isOurs) ?? []
    lots[lot]?.lost.removeLast(found.count)
    lots[lot]?.units.insert(contentsOf: found, at: 0)
  }

  /// One after the other, each time when the sum has grown by a whole.
  private static func spread(_ mine: Int, over all: Int) -> [Bool] {
    var sum = 0
    return (0..<all).map { _ in
      sum += mine
      guard sum >= all else { return false }
      sum -= all
      return true
    }
  }
}
