/// A lot while a gift is followed through it.
struct FollowedLot {
  /// Where it is; what it holds of the gift ends there until something else happens.
  enum Position: Hashable {
    case store
    case road(to: UInt16)
    case container(UInt32)
    case pledge
  }

  /// A part that was lost, and may be found again.
  struct Loss {
    var units: Range<Int64>
    let key: ImpactKey
    let event: PlacedEvent
  }

  /// The gift's units among the lot's; of a container nothing.
  let units: EvenUnits
  /// In what it is counted.
  let unit: GiftUnit
  /// Whether it is trees.
  let isTree: Bool
  /// Whether it holds other lots.
  let isContainer: Bool
  /// Where it is.
  var position: Position
  /// Who has it, or sent it.
  var holder: UInt16
  /// Coarse place.
  var place: UInt32
  /// Its last event.
  var event: PlacedEvent
  /// What is in it, from behind: what leaves next lies at the front of the last range.
  private var inside: [Range<Int64>]
  /// What was lost, the last part last.
  private(set) var losses: [Loss] = []

  init(
    units: EvenUnits, unit: GiftUnit, isTree: Bool = false, isContainer: Bool = false, position: Position = .store,
    holder: UInt16, place: UInt32, event: PlacedEvent
  ) {
    self.units = units
    self.unit = unit
    self.isTree = isTree
    self.isContainer = isContainer
    self.position = position
    self.holder = holder
    self.place = place
    self.event = event
    inside = isContainer ? [] : [0..<units.total]
  }

  /// How much is in it.
  var left: Int64 { inside.reduce(0) { $0 + Int64($1.count) } }

  /// How much of the gift is in it.
  var share: Int64 { inside.reduce(0) { $0 + units.count($1) } }

  /// Takes units from the front; `nil` where there are fewer.
  mutating func take(_ quantity: Int64) -> [Range<Int64>]? {
    guard quantity >= 0, quantity <= left else { return nil }
    var (taken, wanted): ([Range<Int64>], Int64) = ([], quantity)
    while wanted > 0, let front = inside.popLast() {
      let end = min(front.upperBound, front.lowerBound + wanted)
      taken.append(front.lowerBound..<end)
      wanted -= end - front.lowerBound
      if end < front.upperBound { inside.append(end..<front.upperBound) }
    }
    return taken
  }

  /// How many of some units are the gift's.
  func count(_ ranges: [Range<Int64>]) -> Int64 { ranges.reduce(0) { $0 + units.count($1) } }

  /// Loses units from the front; `false` where there are fewer.
  mutating func lose(_ quantity: Int64, _ key: ImpactKey, _ event: PlacedEvent) -> Bool {
    guard let units = take(quantity) else { return false }
    for range in units { losses.append(Loss(units: range, key: key, event: event)) }
    return true
  }

  /// Finds again what was lost last: it comes to the front. `false` where less was lost.
  mutating func find(_ quantity: Int64) -> Bool {
    var wanted = quantity
    while wanted > 0, var loss = losses.popLast() {
      let start = max(loss.units.lowerBound, loss.units.upperBound - wanted)
      inside.append(start..<loss.units.upperBound)
      wanted -= loss.units.upperBound - start
      guard start > loss.units.lowerBound else { continue }
      loss.units = loss.units.lowerBound..<start
      losses.append(loss)
    }
    return wanted == 0
  }
}

/// What portions are told apart by.
struct ImpactKey: Hashable, Comparable {
  let outcome: ImpactOutcome
  let organisation: UInt16
  var receiver: UInt16?
  let place: UInt32

  static func < (a: ImpactKey, b: ImpactKey) -> Bool {
    let (mine, others) = (a.receiver.map { Int($0) } ?? -1, b.receiver.map { Int($0) } ?? -1)
    return (a.outcome.rawValue, a.organisation, mine, a.place) < (b.outcome.rawValue, b.organisation, others, b.place)
  }
}
