internal import HeapModule
internal import Ledger

/// An event with its place in the order of the chain.
struct PlacedEvent: Hashable, Comparable {
  let place: UInt64
  let name: UInt64

  static func < (a: PlacedEvent, b: PlacedEvent) -> Bool { a.place < b.place }
}

/// Follows a gift's lot and what it went into, event by event in the order of the chain.
///
/// A lot gets its share of the gift when it is made and never later, so a lot without any is not followed.
struct ImpactWalk {
  private let lot: UInt32
  private let limit: Impact.Limit
  /// What was given.
  private(set) var first: (unit: GiftUnit, quantity: Int64)?
  var lots: [UInt32: FollowedLot] = [:]
  /// All lots with a part of the gift and all containers around them, in the order in which they were found.
  private(set) var order: [UInt32] = []
  /// Those whose events were not looked at, or not all.
  var unfollowed: [UInt32: Bool] = [:]
  private var looks = 0
  private var waiting = Heap<UInt64>()
  private var steps: [UInt64: Way.Step] = [:]
  /// What came to an end, besides what was lost and may be found again.
  private(set) var ended: [(key: ImpactKey, quantity: Int64, event: PlacedEvent)] = []

  init(lot: UInt32, limit: Impact.Limit) {
    self.lot = lot
    self.limit = limit
  }

  /// How many lots were followed.
  var lotCount: Int { order.count - unfollowed.count }

  /// - Returns: whether a gift begins with the lot and every event fits what came before it.
  mutating func run<Source: WaySource>(_ source: Source) throws(Source.Failure) -> Bool {
    guard try read([lot], after: nil, source) else { return false }
    while let place = waiting.popMin() {
      // Several lots may have led to the same event.
      guard let step = steps.removeValue(forKey: place) else { continue }
      guard let event = try? TraceEvent(row: step.row), step.fits(event) else { return false }
      var made: [UInt32] = []
      guard take(TracedStep(event: event, step: step, place: place), &made) else { return false }
      if try !read(made, after: place, source) {
        for lot in made { unfollowed[lot] = true }
      }
      order += made
    }
    return first != nil
  }

  /// Reads the events of lots; `false` if that would be more than the limit.
  private mutating func read<Source: WaySource>(
    _ made: [UInt32], after place: UInt64?, _ source: Source
  ) throws(Source.Failure) -> Bool {
    guard !made.isEmpty else { return true }
    guard lotCount + made.count <= limit.lots else { return false }
    let spans = made.map { LotSpan($0, from: place.map { $0 + 1 } ?? 0) }
    guard let lists = try source.places(of: spans, limit: limit.events - looks) else { return false }
    for list in lists { looks += list.count }
    for (place, step) in try source.steps(in: lists, unless: { steps[$0] != nil }) {
      steps[place] = step
      waiting.insert(place)
    }
    return true
  }

  /// Puts down what came to an end.
  mutating func end(_ quantity: Int64, _ key: ImpactKey, _ event: PlacedEvent) {
    if quantity > 0 { ended.append((key, quantity, event)) }
  }

  /// Begins with the gift.
  mutating func begin(_ traced: TracedStep, _ unit: GiftUnit, isTree: Bool, position: FollowedLot.Position) -> Bool {
    guard first == nil, traced.step.made == [lot] else { return false }
    let quantity = traced.event.quantity
    first = (unit, quantity)
    lots[lot] = FollowedLot(
      units: EvenUnits(total: quantity, share: quantity), unit: unit, isTree: isTree, position: position,
      holder: traced.organisation, place: traced.event.place, event: traced.placed)
    order.append(lot)
    return true
  }

  /// Whether the gift's first event was not seen yet.
  var isBeginning: Bool { first == nil }
}

/// An event that is looked at.
struct TracedStep {
  let event: TraceEvent
  let step: Way.Step
  let place: UInt64

  var organisation: UInt16 { UInt16(truncatingIfNeeded: step.event >> 48) }
  var placed: PlacedEvent { PlacedEvent(place: place, name: step.event) }
}

extension ImpactWalk {
  /// Everything that became of the gift, by outcome, organisation, receiver and place.
  func portions(isVoid: (UInt32) -> Bool) -> [Impact.Portion] {
    var parts = ended
    for number in order {
      guard let lot = lots[number], !lot.isContainer else { continue }
      for loss in lot.losses { parts.append((loss.key, lot.units.count(loss.units), loss.event)) }
      let (key, event) = rest(number, lot, isVoid: isVoid(number))
      parts.append((key, lot.share, event))
    }
    parts.sort { ($0.key, $0.event) < ($1.key, $1.event) }
    var portions: [Impact.Portion] = []
    var key: ImpactKey?
    for part in parts where part.quantity > 0 {
      if part.key != key {
        key = part.key
        portions.append(
          Impact.Portion(
            outcome: part.key.outcome, organisation: part.key.organisation, receiver: part.key.receiver,
            place: part.key.place, quantity: 0, events: [], eventCount: 0))
      }
      portions[portions.count - 1].add(part.quantity, part.event.name)
    }
    return portions
  }

  /// Where what is left of a lot is: where the outermost container is that it is in.
  private func rest(_ number: UInt32, _ lot: FollowedLot, isVoid: Bool) -> (ImpactKey, PlacedEvent) {
    var (outer, isFollowed) = (lot, unfollowed[number] == nil)
    while case .container(let box) = outer.position, let next = lots[box] {
      outer = next
      if unfollowed[box] != nil { isFollowed = false }
    }
    let outcome: ImpactOutcome
    var receiver: UInt16?
    switch (isFollowed, isVoid, outer.position) {
    case (false, _, _): outcome = .notFollowed
    case (_, true, _): outcome = .takenBack
    case (_, _, .road(let other)): (outcome, receiver) = (.onItsWay, other)
    case (_, _, .pledge): outcome = .pledged
    case _ where lot.position != .store: outcome = .inContainer
    default: outcome = lot.isTree ? .alive : lot.unit == .fen ? .held : .inStore
    }
    let key = ImpactKey(outcome: outcome, organisation: outer.holder, receiver: receiver, place: outer.place)
    return (key, outer.event)
  }
}

extension Impact.Portion {
  /// Parts come in the order of their events; two parts of one event name it once.
  fileprivate mutating func add(_ part: Int64, _ event: UInt64) {
    quantity += part
    guard events.last != event else { return }
    eventCount += 1
    events.append(event)
    if events.count > Impact.maximumEvents { events.removeFirst() }
  }
}
