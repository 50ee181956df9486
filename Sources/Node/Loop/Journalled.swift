internal import Ledger
internal import Storage

/// What a node keeps in its journal: the ordering engine's values, and what each of its organisations stored.
enum Journalled: Sendable {
  /// A value of the ordering engine: the sequence and the batch's bytes.
  case value(sequence: UInt64, [UInt8])
  /// Something an organisation must not forget, with the organisation's ordinal.
  case stored(by: UInt8, StoredRecord)

  /// The kind byte of a value; stored records have their own kinds, all smaller.
  private static let valueKind: UInt8 = 64

  /// The kind and the bytes of a journal's record.
  func encoded() throws(LedgerError) -> (kind: UInt8, body: [UInt8]) {
    switch self {
    case .value(let sequence, let bytes):
      (Journalled.valueKind, Journalled.body(ofValue: bytes, at: sequence))
    case .stored(let ordinal, let record): (record.kind.rawValue, [ordinal] + (try record.encoded()))
    }
  }

  private static func body(ofValue bytes: [UInt8], at sequence: UInt64) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(8 + bytes.count)
    body.append(bigEndian: sequence)
    body.append(contentsOf: bytes)
    return body
  }

  /// The sequence it is about: it may be forgotten when the block there is published.
  var sequence: UInt64? {
    switch self {
    case .value(let sequence, _): sequence
    case .stored(_, let record): record.sequence
    }
  }

  /// Reads a journal's record; `encoding.malformed` for what is none.
  init(_ record: JournalRecord) throws(LedgerError) {
    if record.kind == Journalled.valueKind, record.body.count >= 8 {
      self = .value(
        sequence: record.body.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, Array(record.body.dropFirst(8)))
    } else if let kind = StoredRecord.Kind(rawValue: record.kind), let ordinal = record.body.first {
      self = .stored(by: ordinal, try StoredRecord(kind: kind, decoding: Array(record.body.dropFirst())))
    } else {
      throw LedgerError(.malformed, "a journal's record of kind \(record.kind)")
    }
  }
}
