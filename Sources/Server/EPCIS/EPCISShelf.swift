internal import Contracts
internal import Exchange
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// Events as EPCIS, found in the search index and written from the state of one view.
struct EPCISShelf {
  /// The most events that are looked at for one page.
  static let maximumLooked = 5000
  /// The most lots that a query's identifiers may stand for together.
  static let maximumLots = 1024
  /// The most events of these lots, from the place where the page begins.
  static let maximumPlaces = 10_000

  let view: PublishedView
  let index: SearchIndex
  /// What the gateway knows; `nil` where there is none.
  let store: CaptureStore?
  private let export: EventExport

  init(_ view: PublishedView, _ index: SearchIndex, store: CaptureStore?) {
    self.view = view
    self.index = index
    self.store = store
    export = EventExport(hearts: view.app.hearts, names: HeartNames(origin: view.genesis.origin))
  }

  private var names: HeartNames { export.names }
  /// What the view has not yet is not told of: its lots are not in its state.
  private var last: UInt64 { IndexedStep.lastPlace(height: view.height) }

  /// An event under our name for it; `nil` for one that EPCIS has no word for.
  private func event(_ step: IndexedStep) throws -> EPCISEvent? {
    try export.event(Way.Step(step))
  }

  /// Events as they are told, with the names that their senders gave them.
  ///
  /// What a sender captured has its own eventID. What was only done to make room for it, or is more of it, says of
  /// which event it is a part.
  private func named(_ found: [(event: EPCISEvent, row: UInt64)]) throws -> [EPCISEvent] {
    guard let store else { return found.map(\.event) }
    return zip(found, try store.events(of: found.map(\.row))).map { found, captured in
      var event = found.event
      if let captured, let id = captured.id {
        if captured.main == found.row { event.id = id } else { event.gift.partOf = id }
      }
      return event
    }
  }

  /// An event by its name: the sender's, its content's hash, or ours.
  ///
  /// - Throws: `NoSuchResourceException`.
  func event(named id: String) throws -> EPCISEvent {
    var name = names.event(in: id)
    if name == nil { name = try store?.event(id)?.main }
    guard let name, let placed = try index.step(of: name), placed.place <= last, let event = try event(placed.step),
      let named = try named([(event, name)]).first
    else { throw EPCISError(.noSuchResource, "no such event") }
    return named
  }

  /// A page of events, in the order in which the chain took them.
  ///
  /// - Returns: with them the place behind which the next page begins; `nil` at the end. A page of a query that little
  ///   fits may be short.
  func page(_ query: EPCISQuery) throws -> (events: [EPCISEvent], next: UInt64?) {
    if let ids = query.eventIDs {
      var found: [EPCISEvent] = []
      for id in ids where found.count < query.perPage {
        do {
          var event = try event(named: id)
          let told = event.id
          event.id = id
          guard query.takes(event, stands: { _, _ in true }) else { continue }
          event.id = told
          found.append(event)
        } catch let error as EPCISError where error.exception == .noSuchResource { continue }
      }
      return (found, nil)
    }
    let lots = try lots(of: query)
    let names = names
    func stands(_ value: String, _ uri: String) -> Bool {
      guard let lot = names.lot(in: uri) else { return false }
      return lots[value]?.contains(lot) ?? false
    }
    var places = try places(query, lots)
    var found: [(event: EPCISEvent, row: UInt64)] = []
    var (place, looked) = (query.after, 0)
    while looked < EPCISShelf.maximumLooked {
      let steps = try next(&places, after: place)
      if steps.isEmpty { return (try named(found), nil) }
      for placed in steps {
        guard placed.place <= last else { return (try named(found), nil) }
        place = placed.place
        looked += 1
        // No filter of a page looks at the sender's names: those are looked up for what is told.
        guard let event = try event(placed.step), query.takes(event, stands: stands) else { continue }
        found.append((event, placed.step.event))
        if found.count == query.perPage { return (try named(found), place) }
      }
    }
    return (try named(found), place)
  }

  /// The places behind the query's own where something happened to the lots that it names; `nil` where it names none.
  private func places(_ query: EPCISQuery, _ lots: [String: [UInt32]]) throws -> ArraySlice<UInt64>? {
    // Of several conditions the first finds the events, the others are held against each.
    guard let wanted = query.identifiers?.first else { return nil }
    let after = query.after
    guard after.map({ $0 < last }) ?? true else { return [] }
    let first = after.map { $0 + 1 } ?? 0
    let spans = Set(wanted.flatMap { lots[$0] ?? [] }).sorted().map { LotPlaces(lot: $0, first: first, last: last) }
    guard let lists = try index.places(of: spans, limit: EPCISShelf.maximumPlaces) else {
      throw EPCISError(.captureLimit, "the identifiers have over \(EPCISShelf.maximumPlaces) events: ask for fewer")
    }
    return Set(lists.joined()).sorted()[...]
  }

  /// The next events of a page: of those at `places`, which are taken away there, or of all.
  private func next(
    _ places: inout ArraySlice<UInt64>?, after place: UInt64?
  ) throws -> [(place: UInt64, step: IndexedStep)] {
    let count = SearchIndex.maximumLimit
    guard let left = places else {
      return try index.steps(after: place, limit: count).map { ($0.place, $0.step) }
    }
    let next = Array(left.prefix(count))
    places = left.dropFirst(count)
    return Array(zip(next, try index.steps(at: next))).map { (place: $0, step: $1) }
  }

  /// The lots that the values of a query stand for.
  private func lots(of query: EPCISQuery) throws -> [String: [UInt32]] {
    var found: [String: [UInt32]] = [:]
    var count = 0
    for value in Set((query.identifiers ?? []).joined()).sorted() {
      let own = names.lot(in: value)
      let captured = own == nil ? try store?.lots(CapturePlan.canonical(value)) ?? [] : []
      count += own == nil ? captured.count : 1
      guard count <= EPCISShelf.maximumLots else {
        throw EPCISError(.captureLimit, "the identifiers stand for over \(EPCISShelf.maximumLots) lots: ask for fewer")
      }
      found[value] = try own.map { [$0] } ?? EPCISGateway.lots(captured, index)
    }
    return found
  }
}
