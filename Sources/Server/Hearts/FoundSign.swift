internal import HeartChain
internal import Ledger

/// A sign with where it stands: the records that show it, and when it came up.
struct FoundSign: Sendable {
  /// A record of the state, which proves itself (`/v1/proofs/{table}/{ordinal}`).
  struct Place: Hashable, Sendable {
    let table: String
    let ordinal: Int
  }

  let sign: TraceSign
  /// When it came up or last grew, as far as the state says.
  let time: Timestamp
  let places: [Place]
  /// The event that made it what it is; `nil` where it is the passing of time.
  let event: UInt64?

  /// All signs of a chain, the newest first. Reads the whole state: ``SignShelf`` keeps what is found.
  ///
  /// - Parameter limit: in how many of the newest manifests events are looked for.
  static func all(
    in hearts: Hearts, at time: Timestamp, manifests limit: Int = EventManifests.maximumManifests
  ) -> [FoundSign] {
    let signs = hearts.signs(at: time)
    let manifests = EventManifests(of: signs.flatMap { events(of: $0, in: hearts) }, in: hearts, limit: limit)
    let relations = RelatedPairs(hearts)
    // Of the same moment in the contract's order.
    return signs.map { FoundSign($0, hearts, manifests, relations) }.enumerated().sorted {
      ($1.element.time.seconds, $0.offset) < ($0.element.time.seconds, $1.offset)
    }.map(\.element)
  }

  /// What a sign says, in a form that stays: the same sign has the same key, one that grew another.
  static func key(of found: FoundSign) -> String {
    let facts = SignFacts(found.sign)
    // Past a term, what is left is handed over bit by bit, and none of these steps is news.
    let quantity =
      switch found.sign {
      case .undistributed, .unplanted: nil as Int64?
      case .silent, .onlyOverhead, .roundTrip, .ring, .overdrawn, .repeated: facts.quantity
      }
    let organisations = facts.organisations.map { "\($0)" }.joined(separator: "-")
    let numbers: [String?] = [
      facts.project.map { "\($0)" }, organisations, facts.unit.map { "\($0.rawValue)" },
      quantity.map { "\($0)" }, facts.events.map { "\($0)" }, facts.related == true ? "related" : nil,
    ]
    return ([facts.kind, "\(found.time.seconds)"] + numbers.map { $0 ?? "" }).joined(separator: " ")
  }

  private init(_ sign: TraceSign, _ hearts: Hearts, _ manifests: EventManifests, _ relations: RelatedPairs) {
    self.sign = sign
    let events = FoundSign.events(of: sign, in: hearts)
    // The one that came last; those whose manifest was not found count as old.
    let last = events.max { manifests.time(of: $0).seconds < manifests.time(of: $1).seconds }
    event = last
    var places: [Place] = []
    switch sign {
    case .undistributed(let project, _, _), .unplanted(let project, _), .silent(let project, _),
      .onlyOverhead(let project, _):
      places.append(Place(table: "projects", ordinal: Int(project)))
    case .roundTrip(let first, let second, let unit, _, _):
      places += FoundSign.flows(from: [(first, second), (second, first)], unit, hearts, relations)
    case .ring(let ring, _, _):
      places += FoundSign.flows(from: ring.neighbours, ring.unit, hearts, relations)
    case .overdrawn(let organisation, _, _), .repeated(let organisation, _, _):
      places.append(Place(table: "trace_books", ordinal: Int(organisation)))
    }
    if let last, let manifest = manifests.manifest(of: last) {
      places.append(Place(table: "trace_manifests", ordinal: manifest))
    }
    self.places = places
    time =
      switch sign {
      case .undistributed(let project, _, _), .unplanted(let project, _): hearts.projects[Int(project)].end
      case .silent(_, let since): since
      // Since it was opened, nothing else was paid for; the last event would make it news again and again.
      case .onlyOverhead(let project, _): hearts.projects[Int(project)].openedAt
      case .roundTrip, .ring: last.map(manifests.time) ?? .zero
      // Not the book's time where the event is too old to be found: that moves with every manifest.
      case .overdrawn(_, _, let event), .repeated(_, _, let event): manifests.time(of: event)
      }
  }

  /// The events that a sign is of.
  private static func events(of sign: TraceSign, in hearts: Hearts) -> [UInt64] {
    switch sign {
    case .undistributed, .unplanted, .silent, .onlyOverhead: []
    case .roundTrip(let first, let second, let unit, _, _):
      [(first, second), (second, first)].compactMap { record($0, unit, hearts)?.event }
    case .ring(let ring, _, _): ring.neighbours.compactMap { record($0, ring.unit, hearts)?.event }
    case .overdrawn(_, _, let last), .repeated(_, _, let last): [last]
    }
  }

  private static func record(_ pair: (UInt16, UInt16), _ unit: GiftUnit, _ hearts: Hearts) -> FlowRecord? {
    hearts.flows.find(FlowRecord.key(from: pair.0, to: pair.1, unit: unit)).map { hearts.flows[$0] }
  }

  /// The flows, and what an auditor said of organisations that follow each other.
  private static func flows(
    from pairs: [(UInt16, UInt16)], _ unit: GiftUnit, _ hearts: Hearts, _ relations: RelatedPairs
  ) -> [Place] {
    let flows = pairs.compactMap { hearts.flows.find(FlowRecord.key(from: $0.0, to: $0.1, unit: unit)) }
    let said = Set(pairs.compactMap { relations.relation(of: $0.0, $0.1) }).sorted()
    return flows.map { Place(table: "flows", ordinal: $0) } + said.map { Place(table: "relations", ordinal: $0) }
  }
}

/// Finds the manifests in which events were told, accepted or not.
struct EventManifests {
  /// Manifests that are looked at, the newest first; events told before have no manifest here.
  static let maximumManifests = 200_000

  private var places: [UInt64: Int] = [:]
  private var times: [UInt64: Timestamp] = [:]

  init(of events: [UInt64], in hearts: Hearts, limit: Int) {
    // By organisation, since each numbers its own: without gaps and upwards, so its last one is met first.
    var wanted = Dictionary(grouping: Set(events)) { UInt16($0 >> 48) }.mapValues { $0.sorted() }
    var open = wanted.values.reduce(0) { $0 + $1.count }
    var ordinal = hearts.manifests.count
    let end = max(0, ordinal - limit)
    while ordinal > end, open > 0 {
      ordinal -= 1
      let manifest = hearts.manifests[ordinal]
      while let event = wanted[manifest.organisation]?.last, event & (1 << 48 - 1) >= manifest.first {
        wanted[manifest.organisation]?.removeLast()
        open -= 1
        guard event & (1 << 48 - 1) - manifest.first < UInt64(manifest.count) else { continue }
        places[event] = ordinal
        times[event] = manifest.time
      }
    }
  }

  /// The manifest's ordinal.
  func manifest(of event: UInt64) -> Int? { places[event] }

  /// Block time of the manifest; the beginning for one that was not found.
  func time(of event: UInt64) -> Timestamp { times[event] ?? .zero }
}
