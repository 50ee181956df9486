/// Rows of a manifest as they are packed into entries of kind 4: each a 16-bit big-endian length and bytes.
public enum RowEntries {
  /// The most rows one manifest may have.
  public static let maximumRows: UInt32 = 1 << 20

  /// Packs rows into as few entries as hold them, each with its kind byte.
  ///
  /// - Throws: `transaction.too_large` for a row that fits no entry.
  public static func pack(_ rows: [[UInt8]]) throws(LedgerError) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var entry = [EntryKind.rows.rawValue]
    for row in rows {
      guard row.count + 3 <= Entry.maximumBytes else { throw LedgerError(.tooLarge, "a row fills an entry") }
      if entry.count + 2 + row.count > Entry.maximumBytes {
        entries.append(entry)
        entry = [EntryKind.rows.rawValue]
      }
      entry.append(UInt8(row.count >> 8))
      entry.append(UInt8(row.count & 255))
      entry.append(contentsOf: row)
    }
    if entry.count > 1 { entries.append(entry) }
    return entries
  }

  /// The rows of one entry (kind byte included); `nil` if the lengths do not add up or there are none.
  public static func unpack(_ entry: [UInt8]) -> [[UInt8]]? {
    guard entry.count > 1 else { return nil }
    var rows: [[UInt8]] = []
    var offset = 1
    while offset < entry.count {
      guard offset + 2 <= entry.count else { return nil }
      let length = Int(entry[offset]) << 8 | Int(entry[offset + 1])
      offset += 2
      guard offset + length <= entry.count else { return nil }
      rows.append(Array(entry[offset..<(offset + length)]))
      offset += length
    }
    return rows
  }
}
