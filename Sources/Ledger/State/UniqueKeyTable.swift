public import TransparencyLog

/// A record of a table with a unique key of 32 bytes.
public protocol LinkedRecord: FixedLayoutRecord {
  /// The key. All zero only in the sentinel.
  var key: Hash { get }
  /// The ordinal of the record with the next larger key; 0 in the record with the largest.
  var next: UInt32 { get set }
}

/// An authenticated table whose records have unique keys and prove absence as well as presence.
///
/// Each record holds the ordinal of the record with the next larger key (keys compare as bytes).
/// Ordinal 0 is the sentinel: all bytes zero but its link; its key of 32 zero bytes is smaller than
/// every real key, and the largest key links to 0. So following the links from 0 visits every record
/// once in ascending order, and two neighbours prove that no key lies between theirs.
///
/// A new record takes the ordinal at the end, the link of its predecessor (the record with the
/// greatest smaller key), and its predecessor then links to it.
///
/// The root, and the ordinals, follow from the sequence of insertions and removals alone. Lookups
/// use an index that is derived from the table and not part of the root; see `KeyIndex`.
public struct UniqueKeyTable<Record: LinkedRecord>: Sendable {
  /// The records, sentinel included.
  @inlinable public var records: AuthenticatedTable<Record> { store }

  @usableFromInline var store: AuthenticatedTable<Record>
  @usableFromInline var index: KeyIndex

  /// A table that holds the sentinel only. A record of zero bytes must have the zero key and link
  /// to 0; anything else is a mistake in the layout and stops the program.
  public init(name: String, version: UInt32) {
    store = AuthenticatedTable(name: name, version: version)
    let zeros = [UInt8](repeating: 0, count: Record.byteCount)
    store.append(canonical: zeros.span.bytes)
    precondition(store[0].key == .zero && store[0].next == 0, "zero bytes are not a sentinel")
    index = KeyIndex()
    index.insert(.zero, at: 0)
  }

  /// The number of records, sentinel included. Ordinals are below it.
  @inlinable
  public var count: Int { store.count }

  /// The record at an ordinal.
  @inlinable
  public subscript(_ ordinal: Int) -> Record { store[ordinal] }

  /// The ordinal of the record with a key, or `nil` if there is none. The sentinel is not found.
  @inlinable
  public func find(_ key: Hash) -> Int? {
    guard key != .zero else { return nil }
    let wanted = KeyIndex.prefix(key)
    var found: Int?
    index.descend(from: key) { prefix, ordinal in
      guard prefix == wanted else { return false }
      guard store[ordinal].key == key else { return true }
      found = ordinal
      return false
    }
    return found
  }

  /// The ordinal of the record with the greatest key below `key`: the sentinel if there is no
  /// other. The zero key, which has nothing below it, is a mistake of the caller and stops the
  /// program.
  @inlinable
  public func predecessor(_ key: Hash) -> Int {
    precondition(key != .zero)
    return locate(key).predecessor
  }

  /// Adds a record; its link is set here, whatever it was. Gives its ordinal.
  ///
  /// Throws `duplicateKey` if the key is there, `reservedKey` for the zero key, `tableFull` at
  /// 2^32 − 1 records; the table is then unchanged.
  @inlinable
  @discardableResult
  public mutating func insert(_ record: Record) throws(StateError) -> Int {
    guard record.key != .zero else {
      throw StateError(.reservedKey, "a key of zero bytes stands for the sentinel")
    }
    guard count < Int(UInt32.max) else {
      throw StateError(.tableFull, "the table has no ordinals left")
    }
    let place = locate(record.key)
    guard place.found == nil else {
      throw StateError(.duplicateKey, "the key is already in the table")
    }
    let ordinal = count
    var linked = record
    linked.next = store.update(place.predecessor) { previous in
      let next = previous.next
      previous.next = UInt32(ordinal)
      return next
    }
    store.append(linked)
    index.insert(record.key, at: ordinal)
    return ordinal
  }

  /// Changes the record at an ordinal. The key and the link must stay; changing them is a mistake of
  /// the caller and stops the program, as is changing the sentinel.
  @inlinable
  public mutating func update<R, E: Error>(_ ordinal: Int, _ body: (inout Record) throws(E) -> R) throws(E) -> R {
    precondition(ordinal > 0)
    return try store.update(ordinal) { (record: inout Record) throws(E) -> R in
      let (key, next) = (record.key, record.next)
      let result = try body(&record)
      precondition(record.key == key && record.next == next)
      return result
    }
  }

  /// The RFC 6962 root over the records.
  public mutating func root() -> Hash {
    store.root()
  }

  /// What the table puts into the state root.
  public mutating func summary() -> TableSummary {
    store.summary()
  }

  /// The record with the key, and the record with the greatest key below it.
  @inlinable
  func locate(_ key: Hash) -> (found: Int?, predecessor: Int) {
    var found: Int?
    var best = (key: Hash.zero, ordinal: 0)
    var group: UInt32?
    index.descend(from: key) { prefix, ordinal in
      // Once a smaller key is known, only its own group can hold a greater one.
      if let group, prefix < group { return false }
      let candidate = store[ordinal].key
      if candidate == key {
        found = ordinal
      } else if candidate < key {
        group = prefix
        if candidate >= best.key { best = (candidate, ordinal) }
      }
      return true
    }
    return (found, best.ordinal)
  }
}
