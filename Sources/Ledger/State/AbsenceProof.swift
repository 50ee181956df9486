public import TransparencyLog

/// The proof that a table with unique keys holds no record of a key.
///
/// Shows the record with the greatest smaller key, and the record it links to, which has a greater
/// key; or the record with the greatest smaller key, which links to 0: it has the greatest key of
/// all.
public struct AbsenceProof: Equatable, Sendable {
  /// The table's part.
  public let table: TableProof
  /// The record with the greatest key below the absent one; the sentinel if there is no other.
  public let predecessor: RecordProof
  /// The record to which the predecessor links; `nil` if it links to 0.
  public let successor: RecordProof?

  /// A proof from its parts, for instance as received.
  public init(table: TableProof, predecessor: RecordProof, successor: RecordProof?) {
    self.table = table
    self.predecessor = predecessor
    self.successor = successor
  }

  /// Whether the table of this name and version under the state root has no record of `key`.
  /// `type` is the kind of the table's records.
  public func verify<Record: LinkedRecord>(
    absent key: Hash, of type: Record.Type, name: String, version: UInt32, under stateRoot: Hash
  ) -> Bool {
    guard table.verify(name: name, version: version, under: stateRoot) else { return false }
    guard let before = predecessor.linkedRecord(type, in: table.table), before.key < key else { return false }
    guard let successor else { return before.next == 0 }
    guard before.next != 0, successor.ordinal == UInt64(before.next) else { return false }
    guard let after = successor.linkedRecord(type, in: table.table) else { return false }
    return key < after.key
  }
}

extension RecordProof {
  /// The record, if it is one of this kind and stands in the table.
  func linkedRecord<Record: LinkedRecord>(_ type: Record.Type, in table: TableSummary) -> Record? {
    guard record.count == Record.byteCount, verify(in: table) else { return nil }
    return Record(from: record.span.bytes)
  }
}

extension StateProof {
  /// Whether the table of this name and version under the state root holds this record, and its key
  /// is `key`. `type` is the kind of the table's records.
  public func verify<Record: LinkedRecord>(
    present key: Hash, of type: Record.Type, name: String, version: UInt32, under stateRoot: Hash
  ) -> Bool {
    guard key != .zero, table.verify(name: name, version: version, under: stateRoot) else { return false }
    return record.linkedRecord(type, in: table.table)?.key == key
  }
}

extension UniqueKeyTable {
  /// The proof that the key is in the table, or `nil` if it is not. `root()` must have been called
  /// since the last change, and `table` be the proof of this table at this moment.
  public func presenceProof(of key: Hash, table: TableProof) -> StateProof? {
    find(key).map { StateProof(table: table, record: records.proof(of: $0)) }
  }

  /// The proof that the key is not in the table, or `nil` if it is, or is the zero key. `root()` must
  /// have been called since the last change, and `table` be the proof of this table at this moment.
  public func absenceProof(of key: Hash, table: TableProof) -> AbsenceProof? {
    guard key != .zero else { return nil }
    let place = locate(key)
    guard place.found == nil else { return nil }
    let next = Int(records[place.predecessor].next)
    return AbsenceProof(
      table: table, predecessor: records.proof(of: place.predecessor),
      successor: next == 0 ? nil : records.proof(of: next))
  }
}
