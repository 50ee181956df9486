public import TransparencyLog

/// Where to look for a key: the first 32 bits of each key with its ordinal, in order.
///
/// Derived from the table, never part of a root. Keys are hashes or as good as random, so almost
/// every key has its first 32 bits for itself, and a group of equal ones is short; the table itself
/// decides within a group.
@usableFromInline
struct KeyIndex: Sendable {
  /// (first 32 bits of the key) · 2^32 + ordinal, shifted so that signed order is unsigned order.
  /// All distinct, since ordinals are.
  private(set) var places = OrderStatisticsTree()

  init() {}

  init(places: OrderStatisticsTree) {
    self.places = places
  }

  @usableFromInline
  mutating func insert(_ key: Hash, at ordinal: Int) {
    places.insert(KeyIndex.place(KeyIndex.prefix(key), UInt32(ordinal)))
  }

  @usableFromInline
  mutating func remove(_ key: Hash, at ordinal: Int) {
    places.remove(KeyIndex.place(KeyIndex.prefix(key), UInt32(ordinal)))
  }

  /// Visits the entries whose prefix is at most that of the key, from the greatest prefix down, until
  /// `body` returns false.
  @usableFromInline
  func descend(from key: Hash, _ body: (_ prefix: UInt32, _ ordinal: Int) -> Bool) {
    places.descendDistinct(from: KeyIndex.place(KeyIndex.prefix(key), .max)) { place in
      let bits = UInt64(bitPattern: place) ^ 1 << 63
      return body(UInt32(bits >> 32), Int(UInt32(truncatingIfNeeded: bits)))
    }
  }

  @usableFromInline
  static func prefix(_ key: Hash) -> UInt32 {
    withUnsafeBytes(of: key) { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
  }

  static func place(_ prefix: UInt32, _ ordinal: UInt32) -> Int64 {
    Int64(bitPattern: (UInt64(prefix) << 32 | UInt64(ordinal)) ^ 1 << 63)
  }
}

extension OrderStatisticsTree {
  /// Visits values from the greatest that is at most `start` downwards until `body` returns false.
  /// For trees without equal values; of equal ones it may leave some out.
  func descendDistinct(from start: Int64, _ body: (Int64) -> Bool) {
    guard let root else { return }
    var bound = start
    while true {
      // Zero visits only when nothing lies below the bound: a child is chosen by its least value.
      var next: Int64?
      descend(from: root, with: &next) { node, _ in
        node.childIndex(for: bound)
      } leaf: { leaf, next in
        let values = leaf.values
        var position = leaf.valuesAtMost(bound)
        while position > 0 {
          position -= 1
          guard body(values[position]) else { return }
          if position == 0, values[0] > .min { next = values[0] - 1 }
        }
      }
      guard let next else { return }
      bound = next
    }
  }
}
