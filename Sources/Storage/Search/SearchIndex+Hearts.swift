internal import FoundationEssentials
internal import GRDB
public import Ledger

/// The events of lots, and gifts and hearts by address.
extension SearchIndex {
  /// The places of lots' events among those asked for, ascending in each; `nil` when they are more than `limit`
  /// together.
  public func places(of wanted: [LotPlaces], limit: Int) throws(SearchIndexError) -> [[UInt64]]? {
    try read { db in
      var found = [[UInt64]](repeating: [], count: wanted.count)
      var count = 0
      var start = 0
      while start < wanted.count {
        let query = LotQuery.fitting(wanted.count - start)
        let slice = wanted[start..<min(start + query.size, wanted.count)]
        var arguments = LotQuery.Arguments()
        arguments.reserveCapacity(4 * query.size + 1)
        for number in slice.indices {
          arguments.append(Int64(number))
          arguments.append(Int64(wanted[number].lot))
          arguments.append(Int64(clamping: wanted[number].first))
          arguments.append(Int64(clamping: wanted[number].last))
        }
        // What is missing to the size of the statement asks for a lot that there cannot be.
        for _ in slice.count..<query.size { for none: Int64 in [-1, -1, 0, 0] { arguments.append(none) } }
        // One more than there is room for shows that there are too many.
        let room = limit - count
        arguments.append(Int64(clamping: room == .max ? room : room + 1))
        try db.rows(query.places, StatementArguments(arguments)) { values in
          let number: Int = try values.integer()
          guard found.indices.contains(number) else { throw RowValues.damage }
          found[number].append(try values.integer())
          count += 1
          return count <= limit
        }
        if count > limit { return nil }
        start += query.size
      }
      // In order already, though SQL promises it only where it is asked to sort.
      for number in found.indices { found[number].sort() }
      return found
    }
  }

  /// Some of the places of a lot's events among those asked for, ascending.
  ///
  /// - Parameters:
  ///   - count: how many come before them.
  ///   - limit: how many at most.
  public func places(
    of wanted: LotPlaces, skipping count: Int, limit: Int
  ) throws(SearchIndexError) -> [UInt64] {
    try read { db in
      try db.all(
        "SELECT place FROM lot_steps WHERE lot = ? AND place BETWEEN ? AND ? ORDER BY place LIMIT ? OFFSET ?",
        [
          Int64(wanted.lot), Int64(clamping: wanted.first), Int64(clamping: wanted.last), Int64(max(0, limit)),
          Int64(max(0, count)),
        ]
      ) { values in
        return try values.integer(UInt64.self)
      }
    }
  }

  /// The events at places that stand in the index, ascending; in their order.
  ///
  /// - Throws: `search.damaged` if there is none at one of them.
  public func steps(at places: [UInt64]) throws(SearchIndexError) -> [IndexedStep] {
    try steps(at: places) { $0 }
  }

  /// The same, each made into something else as it is read.
  ///
  /// - Throws: `search.damaged` if there is none at one of them.
  public func steps<Step>(
    at places: [UInt64], _ made: (IndexedStep) -> Step
  ) throws(SearchIndexError) -> [Step] {
    try read { db in
      var found: [Step] = []
      found.reserveCapacity(places.count)
      while found.count < places.count {
        let query = LotQuery.fitting(places.count - found.count)
        let slice = places[found.count..<min(found.count + query.size, places.count)]
        var arguments: LotQuery.Arguments = slice.map { Int64(clamping: $0) }
        for _ in slice.count..<query.size { arguments.append(Int64(-1)) }
        var expected = slice.makeIterator()
        try db.rows(query.steps, StatementArguments(arguments)) { values in
          let placed = try PlacedStep(&values)
          guard placed.place == expected.next() else { throw RowValues.damage }
          found.append(made(placed.step))
          return true
        }
        guard expected.next() == nil else { throw RowValues.damage }
      }
      return found
    }
  }

  /// Events in their order, with their places.
  ///
  /// - Parameters:
  ///   - place: only those behind it; none for the first.
  ///   - limit: how many, at most `maximumLimit`.
  public func steps(after place: UInt64?, limit: Int) throws(SearchIndexError) -> [PlacedStep] {
    try read { db in
      try db.all(
        "SELECT \(PlacedStep.columns) FROM steps WHERE place > ? ORDER BY place LIMIT ?",
        [place.map { Int64(clamping: $0) } ?? -1, Int64(limit: limit)], read: PlacedStep.init)
    }
  }

  /// The event of a name, with its place; `nil` if it was not accepted or not fed.
  public func step(of event: UInt64) throws(SearchIndexError) -> PlacedStep? {
    guard let event = Int64(exactly: event) else { return nil }
    return try read { db in
      try db.first("SELECT \(PlacedStep.columns) FROM steps WHERE event = ?", [event], read: PlacedStep.init)
    }
  }

  /// The gifts that came to an address, or wait or waited for the key of a claim code; the last ones first.
  ///
  /// - Parameters:
  ///   - gift: only those of smaller ordinals.
  ///   - height: only what came in this block or before.
  ///   - limit: how many, at most `maximumLimit`.
  public func gifts(
    of party: Address, before gift: UInt32?, height: UInt64, limit: Int
  ) throws(SearchIndexError) -> [UInt32] {
    try read { db in
      let limit = Int64(limit: limit)
      var found: [UInt32] = []
      for generation in 0...(try db.generation()) {
        found += try db.all(
          """
          SELECT gift FROM heart_gifts WHERE generation = ? AND party = ? AND gift < ? AND height <= ?
          ORDER BY gift DESC LIMIT ?
          """,
          [generation, Data(party.bytes), gift.map { Int64($0) } ?? .max, Int64(clamping: height), limit]
        ) { values in
          return try values.integer(UInt32.self)
        }
      }
      // One that was claimed may stand in a later generation than newer ones.
      found.sort(by: >)
      var different: [UInt32] = []
      for gift in found where gift != different.last { different.append(gift) }
      return Array(different.prefix(Int(limit)))
    }
  }

  /// The changes of an address's hearts up to a block, oldest first; `nil` when they are more than `limit`.
  ///
  /// All of them, since a history that leaves one out is none.
  public func heartChanges(
    of party: Address, height: UInt64, limit: Int
  ) throws(SearchIndexError) -> [[UInt8]]? {
    let limit = min(max(0, limit), Int(Int32.max))
    return try read { db in
      var found: [[UInt8]] = []
      for generation in 0...(try db.generation()) {
        // One more than there is room for shows that there are too many.
        let room = Int64(limit - found.count) + 1
        found += try db.all(
          """
          SELECT bytes FROM heart_changes WHERE generation = ? AND party = ? AND height <= ?
          ORDER BY height, place LIMIT ?
          """, [generation, Data(party.bytes), Int64(clamping: height), room]
        ) { values in
          return try values.bytes()
        }
        if found.count > limit { return nil }
      }
      return found
    }
  }

  /// Some of the changes of an address's hearts up to a block, the newest first.
  ///
  /// - Parameters:
  ///   - place: only those before it; none for the newest.
  ///   - limit: how many, at most `maximumLimit`.
  public func heartChanges(
    of party: Address, before place: UInt64?, height: UInt64, limit: Int
  ) throws(SearchIndexError) -> [PlacedHeartChange] {
    let after = IndexedStep.lastPlace(height: height) + 1
    let end = min(place ?? after, after)
    return try read { db in
      let limit = Int64(limit: limit)
      var found: [PlacedHeartChange] = []
      var generation = try db.generation()
      // A generation is a run of blocks: all of a later one is newer.
      while generation >= 0, found.count < limit {
        found += try db.all(
          """
          SELECT height, place, bytes FROM heart_changes
          WHERE generation = ? AND party = ? AND (height, place) < (?, ?) ORDER BY height DESC, place DESC LIMIT ?
          """,
          [
            generation, Data(party.bytes), Int64(clamping: IndexedStep.height(place: end)),
            Int64(IndexedStep.position(place: end)), limit - Int64(found.count),
          ], read: PlacedHeartChange.init)
        generation -= 1
      }
      return found
    }
  }
}

/// Statements that ask for many lots or events at once: what a statement costs besides its rows is more than a row.
private struct LotQuery: Sendable {
  /// GRDB takes an array of numbers by a key path, which costs more than to look for a lot; not one of any values.
  typealias Arguments = [(any DatabaseValueConvertible)?]

  /// How many lots or events it asks for.
  let size: Int
  let places: String
  let steps: String

  private static let one = LotQuery(1)
  private static let some = LotQuery(16)
  private static let many = LotQuery(256)

  /// The one for so many, of three that are made once: each is also prepared once for each connection.
  static func fitting(_ count: Int) -> LotQuery { count > 16 ? many : count > 1 ? some : one }

  private init(_ size: Int) {
    func list(_ item: String) -> String { Array(repeating: item, count: size).joined(separator: ",") }
    self.size = size
    places = """
      WITH wanted (number, lot, first, last) AS (VALUES \(list("(?,?,?,?)")))
      SELECT w.number, l.place FROM wanted w
      CROSS JOIN lot_steps l ON l.lot = w.lot AND l.place BETWEEN w.first AND w.last LIMIT ?
      """
    steps = "SELECT \(PlacedStep.columns) FROM steps WHERE place IN (\(list("?"))) ORDER BY place"
  }
}

extension PlacedStep {
  static let columns = "place, event, time, bytes, sources, made"

  /// Reads `columns`.
  init(_ values: inout RowValues) throws(SearchIndexError) {
    place = try values.integer()
    step = IndexedStep(
      event: try values.integer(), time: Timestamp(seconds: try values.integer()), row: try values.bytes(),
      sources: try values.ordinals(), made: try values.ordinals())
  }
}

extension PlacedHeartChange {
  /// Reads height, place in the block, and bytes.
  init(_ values: inout RowValues) throws(SearchIndexError) {
    let (height, position) = (try values.integer(UInt64.self), try values.integer(Int.self))
    guard height <= IndexedStep.maximumHeight, (0..<IndexedStep.maximumPerBlock).contains(position) else {
      throw RowValues.damage
    }
    place = UInt64(IndexedStep.place(height: height, position: position))
    bytes = try values.bytes()
  }
}
