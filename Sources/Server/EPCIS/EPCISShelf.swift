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
  /// The most lots that a query's identifiers may stand for.
  private static let maximumLots = 1024

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

  /// An event as it is told; `nil` for one that EPCIS has no word for.
  ///
  /// What a sender captured has its own eventID. What was only done to make room for it, or is more of it, says of
  /// which event it is a part.
  private func event(_ step: IndexedStep) throws -> EPCISEvent? {
    let way = Way.Step(event: step.event, time: step.time, row: step.row, sources: step.sources, made: step.made)
    guard var event = try export.event(way) else { return nil }
    if let captured = try store?.event(of: step.event), let id = captured.id {
      if captured.main == step.event { event.id = id } else { event.gift.partOf = id }
    }
    return event
  }

  /// An event by its name: the sender's, its content's hash, or ours.
  ///
  /// - Throws: `NoSuchResourceException`.
  func event(named id: String) throws -> EPCISEvent {
    var name = names.event(in: id)
    if name == nil { name = try store?.event(id)?.main }
    guard let name, let placed = try index.step(of: name), placed.place <= last, let event = try event(placed.step)
    else { throw EPCISError(.noSuchResource, "no such event") }
    return event
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
    var lots: [String: [UInt32]] = [:]
    for value in (query.identifiers ?? []).joined() { lots[value] = try self.lots(value) }
    let names = names
    func stands(_ value: String, _ uri: String) -> Bool {
      guard let lot = names.lot(in: uri) else { return false }
      return lots[value]?.contains(lot) ?? false
    }
    var events: [EPCISEvent] = []
    var (place, looked) = (query.after, 0)
    while looked < EPCISShelf.maximumLooked {
      let steps = try next(query, lots, after: place)
      if steps.isEmpty { return (events, nil) }
      for placed in steps {
        guard placed.place <= last else { return (events, nil) }
        place = placed.place
        looked += 1
        guard let event = try event(placed.step), query.takes(event, stands: stands) else { continue }
        events.append(event)
        if events.count == query.perPage { return (events, place) }
      }
    }
    return (events, place)
  }

  private func next(
    _ query: EPCISQuery, _ lots: [String: [UInt32]], after place: UInt64?
  ) throws -> [(place: UInt64, step: IndexedStep)] {
    let count = SearchIndex.maximumLimit
    guard let wanted = query.identifiers?.first else {
      return try index.steps(after: place, limit: count).map { ($0.place, $0.step) }
    }
    // Events of these lots only: of several conditions the first finds them, the others are held against each.
    let first = place.map { $0 + 1 } ?? 0
    let spans = Set(wanted.flatMap { lots[$0] ?? [] }).sorted().map { LotPlaces(lot: $0, first: first, last: last) }
    guard let lists = try index.places(of: spans, limit: LotWays.maximumEvents) else {
      throw EPCISError(.captureLimit, "the identifiers have too many events: ask for fewer at once")
    }
    let places = Set(lists.joined()).sorted().prefix(count)
    return Array(zip(places, try index.steps(at: Array(places))).map { (place: $0, step: $1) })
  }

  /// The lots that a value of a query stands for.
  private func lots(_ value: String) throws -> [UInt32] {
    if let own = names.lot(in: value) { return [own] }
    guard let store else { return [] }
    return try EPCISGateway.lots(CapturePlan.canonical(value), store, index)
  }
}
