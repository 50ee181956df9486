/// A lot, and the places among which its events are wanted.
public struct LotSpan: Hashable, Sendable {
  /// The lot.
  public var lot: UInt32
  /// The first place.
  public var first: UInt64
  /// The last one.
  public var last: UInt64

  /// A span; all places where none are named.
  public init(_ lot: UInt32, from first: UInt64 = 0, through last: UInt64 = .max) {
    self.lot = lot
    self.first = first
    self.last = last
  }
}

/// Where the events of lots are found: in memory (``WayIndex``), or in a node's search index.
///
/// Every event has a place, a number larger than those of all events before it. A source may hold more than the state
/// that somebody looks at knows: then it gives only what lies below some place, always the same.
public protocol WaySource<Failure> {
  /// What reading can end in.
  associatedtype Failure: Error

  /// The places of lots' events, for each span in ascending order; `nil` when they are more than `limit` together.
  func places(of spans: [LotSpan], limit: Int) throws(Failure) -> [[UInt64]]?

  /// The events at places that ``places(of:limit:)`` named, which ascend; in their order.
  func steps(at places: [UInt64]) throws(Failure) -> [Way.Step]
}

/// What came of looking for a way.
public enum WaySearch: Hashable, Sendable {
  /// The whole way.
  case found(Way)
  /// No event made the lot.
  case unknown
  /// It has more events than was asked for.
  case tooLong
}

/// The lots that something of a lot went into, and the events that were read to find them.
public struct WayReach: Sendable {
  /// The lots, the one that was asked about among them, ascending; none for a lot that no event made, and for one whose
  /// own events are already more than were asked for.
  public let lots: [UInt32]
  /// Whether these are all.
  public let isWhole: Bool
  fileprivate let read: ReadSteps

  /// All events of these lots and of no others, each once, in the order in which the chain took them.
  public var steps: [Way.Step] { read.inOrder }
}

extension WaySource {
  /// The way of a lot: its events, and those before them of the lots it came from.
  ///
  /// All lots of one distance from the lot are asked for together, so that a source on a disk is asked seldom.
  ///
  /// - Parameter limit: the most events looked at, each counted once for every lot of the way that it changed, but not
  ///   for those that went into a lot by it.
  public func search(wayOf lot: UInt32, limit: Int) throws(Failure) -> WaySearch {
    var read = ReadSteps()
    // Of each lot its events up to a place are wanted, of which those up to the place reached were looked at.
    var reached: [UInt32: UInt64] = [:]
    var open = [LotSpan(lot)]
    while !open.isEmpty {
      guard let lists = try places(of: open, limit: limit - read.looks) else { return .tooLong }
      try read.add(lists, from: self)
      var next: [LotSpan] = []
      for (span, list) in zip(open, lists) {
        reached[span.lot] = span.last
        for place in list {
          // The event itself is known, of all that went into it.
          for source in read.sources(at: place, of: span.lot) where source != span.lot && place > 0 {
            next.append(LotSpan(source, through: place - 1))
          }
        }
      }
      open = next.widest(beyond: reached)
    }
    let steps = read.inOrder
    return steps.isEmpty ? .unknown : .found(Way(of: lot, steps: steps))
  }

  /// All lots that something of a lot went into, with their events; the nearest come first into the limit.
  ///
  /// - Parameter limit: the most events looked at, each counted once for every lot of these that it changed.
  public func search(descendantsOf lot: UInt32, limit: Int) throws(Failure) -> WayReach {
    var read = ReadSteps()
    var seen: [UInt32: Bool] = [lot: true]
    var found: [UInt32] = []
    var open = [LotSpan(lot)]
    while !open.isEmpty {
      guard let lists = try places(of: open, limit: limit - read.looks) else {
        return WayReach(lots: found.sorted(), isWhole: false, read: read)
      }
      try read.add(lists, from: self)
      var next: [LotSpan] = []
      for (span, list) in zip(open, lists) where !list.isEmpty {
        found.append(span.lot)
        for place in list {
          for heir in read.heirs(at: place, of: span.lot) where seen.updateValue(true, forKey: heir) == nil {
            next.append(LotSpan(heir))
          }
        }
      }
      open = next
    }
    return WayReach(lots: found.sorted(), isWhole: true, read: read)
  }
}

extension WaySource {
  /// The events that lists name and that are not known yet, each once, with their places, which ascend.
  func steps(
    in lists: [[UInt64]], unless isKnown: (UInt64) -> Bool
  ) throws(Failure) -> Zip2Sequence<[UInt64], [Way.Step]> {
    var wanted: [UInt64] = []
    for list in lists {
      for place in list where !isKnown(place) { wanted.append(place) }
    }
    wanted.sort()
    var places: [UInt64] = []
    for place in wanted where place != places.last { places.append(place) }
    return try zip(places, places.isEmpty ? [] : steps(at: places))
  }
}

/// Events that were read, each once.
private struct ReadSteps {
  private var steps: [(place: UInt64, step: Way.Step)] = []
  private var index: [UInt64: Int] = [:]
  /// How often an event was named by a lot's list.
  private(set) var looks = 0

  mutating func add<Source: WaySource>(_ lists: [[UInt64]], from source: Source) throws(Source.Failure) {
    for list in lists { looks += list.count }
    for (place, step) in try source.steps(in: lists, unless: { index[$0] != nil }) {
      index[place] = steps.count
      steps.append((place, step))
    }
  }

  /// The lots whose earlier events count for a lot that the event at a place makes or changes.
  func sources(at place: UInt64, of lot: UInt32) -> ArraySlice<UInt32> {
    steps[number(at: place)].step.builds { $0 == lot }
  }

  /// The lots that the event at a place makes of a lot.
  func heirs(at place: UInt64, of lot: UInt32) -> [UInt32] {
    let number = number(at: place)
    return steps[number].step.sources.contains(lot) ? steps[number].step.made : []
  }

  private func number(at place: UInt64) -> Int {
    guard let number = index[place] else { preconditionFailure("a source gives every event that it names") }
    return number
  }

  /// Sorted by their places alone, since a step is large.
  var inOrder: [Way.Step] {
    steps.indices.sorted { steps[$0].place < steps[$1].place }.map { steps[$0].step }
  }
}

extension [LotSpan] {
  /// For each lot the longest span, less what was reached of it; in the order of the lots.
  fileprivate func widest(beyond reached: [UInt32: UInt64]) -> [LotSpan] {
    var found: [LotSpan] = []
    for span in sorted(by: { ($0.lot, $1.last) < ($1.lot, $0.last) }) where span.lot != found.last?.lot {
      let known = reached[span.lot]
      guard known.map({ $0 < span.last }) ?? true else { continue }
      found.append(LotSpan(span.lot, from: known.map { $0 + 1 } ?? 0, through: span.last))
    }
    return found
  }
}

/// Which events each lot has, in memory: for tests, and for whoever has the blocks at hand. Derived from what the
/// contract notes while it is watched; in no root. A node's lies in its search index.
public struct WayIndex: WaySource, Sendable {
  private var notes: [Way.Step] = []
  /// By lot, the places in `notes` of its events.
  private var places: [[UInt64]] = []

  /// Without an event.
  public init() {}

  /// Adds accepted events in their order.
  public mutating func add(_ noted: [Way.Step]) {
    for note in noted {
      let place = UInt64(notes.count)
      notes.append(note)
      for lot in note.sources + note.made {
        while places.count <= Int(lot) { places.append([]) }
        places[Int(lot)].append(place)
      }
    }
  }

  /// See ``WaySource``.
  public func places(of spans: [LotSpan], limit: Int) -> [[UInt64]]? {
    var (found, count): ([[UInt64]], Int) = ([], 0)
    for span in spans {
      let all = Int(span.lot) < places.count ? places[Int(span.lot)] : []
      let list = all.filter { span.first <= $0 && $0 <= span.last }
      found.append(list)
      count += list.count
    }
    return count <= limit ? found : nil
  }

  /// See ``WaySource``.
  public func steps(at places: [UInt64]) -> [Way.Step] { places.map { notes[Int($0)] } }

  /// The way of a lot up to now; `nil` for one that no event made.
  public func way(of lot: UInt32) -> Way? {
    guard case .found(let way) = search(wayOf: lot, limit: .max) else { return nil }
    return way
  }

  /// All lots that something of a lot went into, itself among them, ascending.
  public func descendants(of lot: UInt32) -> [UInt32] { search(descendantsOf: lot, limit: .max).lots }
}
