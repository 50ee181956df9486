internal import TransparencyLog

extension UniqueKeyTable {
  /// Takes over a table whose root is known to be right, and builds the index from its keys alone.
  ///
  /// Several times as fast as following the links, which jump about in the table.
  init(trusting table: AuthenticatedTable<Record>) {
    var places: [Int64] = []
    places.reserveCapacity(table.count)
    for ordinal in 0..<table.count {
      places.append(KeyIndex.place(KeyIndex.prefix(table[ordinal].key), UInt32(ordinal)))
    }
    // Equal prefixes are in the order of their ordinals already.
    RadixSort.sort(&places, fromBit: 32)
    store = table
    index = KeyIndex(places: OrderStatisticsTree(sorted: places))
  }

  /// Takes over a saved table and builds the index from it by following the links.
  ///
  /// Throws `brokenLinks` unless the links lead from the sentinel through every record once in the
  /// order of the keys. Needs no memory beside the index itself.
  public init(rebuildingFrom table: AuthenticatedTable<Record>) throws(StateError) {
    var builder = OrderStatisticsTreeBuilder()
    try UniqueKeyTable.followLinks(of: table) { builder.append($0) }
    store = table
    index = KeyIndex(places: builder.finish())
  }

  /// Gives the index's entry of every record, ascending.
  private static func followLinks(
    of table: AuthenticatedTable<Record>, _ body: (Int64) -> Void
  ) throws(StateError) {
    guard !table.isEmpty, table.withCanonicalBytes(0, { isSentinel($0) }) else {
      throw StateError(.brokenLinks, "ordinal 0 is not a sentinel")
    }
    var key = table[0].key
    var group = [KeyIndex.place(KeyIndex.prefix(key), 0)]
    var next = table[0].next
    var visited = 1
    while next != 0 {
      guard next < table.count else {
        throw StateError(.brokenLinks, "a link leads past the end of the table")
      }
      let record = table[Int(next)]
      guard record.key > key else {
        throw StateError(.brokenLinks, "the links do not follow the order of the keys")
      }
      // Equal prefixes follow each other, but their ordinals come in the order of the keys.
      if KeyIndex.prefix(record.key) != KeyIndex.prefix(key) {
        group.sort()
        group.forEach(body)
        group.removeAll(keepingCapacity: true)
      }
      group.append(KeyIndex.place(KeyIndex.prefix(record.key), next))
      (key, next) = (record.key, record.next)
      visited += 1
    }
    guard visited == table.count else {
      throw StateError(.brokenLinks, "the links leave records out")
    }
    group.sort()
    group.forEach(body)
  }

  /// Whether all is zero but the link.
  private static func isSentinel(_ bytes: RawSpan) -> Bool {
    var record = Record(from: bytes)
    record.next = 0
    return record.canonicalBytes.allSatisfy { $0 == 0 }
  }

  /// Whether the links visit every record in the order of the keys, the index agrees with them, and
  /// pages and index are sound. Does not need a root. Reads the whole table.
  public func checkInvariants() -> Bool {
    var rank = 0
    var agrees = true
    let places = index.places
    do {
      try UniqueKeyTable.followLinks(of: records) { place in
        agrees = agrees && rank < places.count && places.kth(rank) == place
        rank += 1
      }
    } catch {
      return false
    }
    return agrees && rank == places.count && places.checkInvariants()
  }
}
