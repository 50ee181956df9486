public import HeartChain
internal import Ledger
public import Storage
public import TransparencyLog

/// Finds ways, what became of a gift, and an address's gifts and changes in a node's search index.
///
/// The index may lag behind the chain, and may be ahead of a view that somebody holds. With a height everything is
/// answered as of that block; without one, as of the last that was fed.
public struct LotWays: Sendable {
  /// The most events of lots that one answer is made of, each counted once for every lot that it changed.
  public static let maximumEvents = 500_000
  /// The most changes of an address's hearts that are read as a whole.
  public static let maximumChanges = 10_000

  /// A change of an address's hearts, and where a list goes on behind it.
  public struct PlacedChange: Sendable, Hashable {
    /// Larger than the places of all changes before it.
    public let place: UInt64
    /// The change.
    public let change: HeartChange
  }

  private let index: SearchIndex
  private let height: UInt64?
  private let limit: Int

  /// - Parameters:
  ///   - height: the block as of which is answered, for instance that of the view whose records the ways lead to.
  ///   - limit: the most events that one answer is made of, at most ``maximumEvents``. Whoever shows or hands out fewer
  ///     asks for fewer.
  public init(_ index: SearchIndex, at height: UInt64? = nil, limit: Int = LotWays.maximumEvents) {
    self.index = index
    self.height = height
    self.limit = min(limit, LotWays.maximumEvents)
  }

  /// The way of a lot; `nil` for one that no event made.
  ///
  /// - Throws: `search.lagging`, `search.too_long` for more events than the limit, and what the index's file ends in.
  public func way(of lot: UInt32) throws(SearchIndexError) -> Way? {
    switch try source().search(wayOf: lot, limit: limit) {
    case .found(let way): return way
    case .unknown: return nil
    case .tooLong: throw tooLong
    }
  }

  /// Some of the events of a lot itself, oldest first, without those of the lots it came from.
  ///
  /// - Parameters:
  ///   - count: how many come before them.
  ///   - limit: how many at most.
  /// - Throws: `search.lagging`, and what the index's file ends in.
  public func steps(of lot: UInt32, skipping count: Int, limit: Int) throws(SearchIndexError) -> [Way.Step] {
    let source = try source()
    let span = LotPlaces(lot: lot, first: 0, last: source.last)
    return try source.steps(at: index.places(of: span, skipping: count, limit: limit))
  }

  /// All lots that something of a lot went into, itself among them, ascending; empty for one that no event made.
  ///
  /// - Throws: `search.lagging`, `search.too_long` for more events than the limit, and what the index's file ends in.
  public func descendants(of lot: UInt32) throws(SearchIndexError) -> [UInt32] {
    let reach = try reach(of: lot)
    guard reach.isWhole else { throw tooLong }
    return reach.lots
  }

  /// The same lots as far as the limit reaches, with their events, which were read to find them.
  ///
  /// The events come by block, then by entry, then by row. No other order will do for a reader: times that
  /// organisations tell go backwards from one lot to another, and names of events order nothing but those of one
  /// organisation.
  ///
  /// - Throws: `search.lagging`, and what the index's file ends in.
  public func reach(of lot: UInt32) throws(SearchIndexError) -> WayReach {
    try source().search(descendantsOf: lot, limit: limit)
  }

  /// What became of a gift's lot; `nil` for one with which no gift began.
  ///
  /// - Parameters:
  ///   - hearts: the state, which says what lots are void.
  ///   - limit: see ``Impact/init(of:in:limit:isVoid:)``.
  /// - Throws: `search.lagging`, and what the index's file ends in.
  public func impact(
    of lot: UInt32, in hearts: Hearts, limit: Impact.Limit = Impact.Limit()
  ) throws(SearchIndexError) -> Impact? {
    try Impact(of: lot, in: source(), limit: limit) { lot in
      Int(lot) < hearts.lots.count && hearts.lots[Int(lot)].state == .void
    }
  }

  /// The ordinals of the gifts that came to an address, or wait or waited for the key of a claim code; the last ones
  /// first. One that was taken back since is still among them.
  ///
  /// - Parameters:
  ///   - party: the address and twelve zero bytes, as in gifts (`Address.key`).
  ///   - gift: only those of smaller ordinals.
  ///   - limit: how many, at most `SearchIndex.maximumLimit`.
  /// - Throws: `search.lagging`, and what the index's file ends in.
  public func gifts(of party: Hash, before gift: UInt32?, limit: Int) throws(SearchIndexError) -> [UInt32] {
    guard let address = Address(party: party) else { return [] }
    return try index.gifts(of: address, before: gift, height: asOf(), limit: limit)
  }

  /// All changes of an address's hearts, oldest first: those over which its record's history is.
  ///
  /// - Parameter party: as above.
  /// - Throws: `search.lagging`, `search.too_long` for more than ``maximumChanges`` or the limit, and what the index's
  ///   file ends in.
  public func changes(of party: Hash) throws(SearchIndexError) -> [HeartChange] {
    guard let address = Address(party: party) else { return [] }
    let most = min(limit, LotWays.maximumChanges)
    guard let all = try index.heartChanges(of: address, height: asOf(), limit: most) else {
      throw SearchIndexError(.tooLong, "the address's hearts changed more than \(most) times")
    }
    var changes: [HeartChange] = []
    for bytes in all { changes.append(try HeartChange(indexed: bytes)) }
    return changes
  }

  /// Some of the changes of an address's hearts, the newest first.
  ///
  /// - Parameters:
  ///   - party: as above.
  ///   - place: only those before it, as one of them had it; none for the newest.
  ///   - limit: how many, at most `SearchIndex.maximumLimit`.
  /// - Throws: `search.lagging`, and what the index's file ends in.
  public func changes(
    of party: Hash, before place: UInt64?, limit: Int
  ) throws(SearchIndexError) -> [PlacedChange] {
    guard let address = Address(party: party) else { return [] }
    var changes: [PlacedChange] = []
    for found in try index.heartChanges(of: address, before: place, height: asOf(), limit: limit) {
      changes.append(PlacedChange(place: found.place, change: try HeartChange(indexed: found.bytes)))
    }
    return changes
  }

  private var tooLong: SearchIndexError {
    SearchIndexError(.tooLong, "it is made of more than \(limit) events")
  }

  private func asOf() throws(SearchIndexError) -> UInt64 {
    let known = try index.height
    guard let height else { return known }
    guard height <= known else {
      throw SearchIndexError(.lagging, "the index has block \(known), and block \(height) was asked for")
    }
    return height
  }

  private func source() throws(SearchIndexError) -> IndexedWays {
    IndexedWays(index: index, last: IndexedStep.lastPlace(height: try asOf()))
  }
}

/// The events of a search index up to a place.
private struct IndexedWays: WaySource {
  let index: SearchIndex
  let last: UInt64

  func places(of spans: [LotSpan], limit: Int) throws(SearchIndexError) -> [[UInt64]]? {
    try index.places(
      of: spans.map { LotPlaces(lot: $0.lot, first: $0.first, last: min($0.last, last)) }, limit: limit)
  }

  func steps(at places: [UInt64]) throws(SearchIndexError) -> [Way.Step] {
    try index.steps(at: places) { Way.Step($0) }
  }
}

extension HeartChange {
  /// A change as the index keeps it.
  init(indexed bytes: [UInt8]) throws(SearchIndexError) {
    guard bytes.count == HeartChange.byteCount else {
      throw SearchIndexError(.damaged, "a change of hearts has another length")
    }
    self.init(from: bytes.span.bytes)
  }
}

extension Way.Step {
  /// A step as an index keeps it.
  public init(_ step: IndexedStep) {
    self.init(event: step.event, time: step.time, row: step.row, sources: step.sources, made: step.made)
  }
}

extension Address {
  /// The address of a party of a gift; `nil` for nobody and for what is none.
  init?(party: Hash) {
    guard party != .zero else { return nil }
    self.init(key: party)
  }
}
