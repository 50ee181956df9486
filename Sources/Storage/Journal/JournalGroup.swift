internal import TransparencyLog

/// The records of one sync, as they lie in a segment.
///
///     group  = length u32 ‖ records ‖ check     length: of the records together, never 0
///     record = length u32 ‖ kind u8 ‖ body      length: of the body
///     check  = the first 8 bytes of SHA-256(segment u64 ‖ offset u64 ‖ length ‖ records)
///
/// Numbers are big-endian. The check binds a group to its place: an old group at the place of a new one, or
/// one copied from elsewhere, is not valid.
enum JournalGroup {
  /// Length and kind before a body.
  static let recordHead = 5
  private static let lengthBytes = 4
  private static let checkBytes = 8
  private static let placeBytes = 16

  /// Collects the records of a group.
  struct Builder {
    /// Place and length, filled in at the end, then the records.
    private var bytes = [UInt8](repeating: 0, count: placeBytes + lengthBytes)

    /// The bytes of the records so far.
    var count: Int { bytes.count - placeBytes - lengthBytes }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ kind: UInt8, _ body: [UInt8]) {
      bytes.append(contentsOf: bigEndian(UInt32(body.count)))
      bytes.append(kind)
      bytes.append(contentsOf: body)
    }

    /// The group as written at a place; the builder is empty again.
    mutating func finish(segment: UInt64, offset: UInt64) -> [UInt8] {
      bytes.replaceSubrange(
        0..<(placeBytes + lengthBytes),
        with: bigEndian(segment) + bigEndian(offset) + bigEndian(UInt32(count)))
      let check = Hash.sha256(bytes).bytes.prefix(checkBytes)
      var group: [UInt8] = []
      group.reserveCapacity(lengthBytes + count + checkBytes)
      group.append(contentsOf: bytes[placeBytes...])
      group.append(contentsOf: check)
      bytes.removeSubrange((placeBytes + lengthBytes)...)
      return group
    }
  }

  /// What reading may cost, so that bytes made up to be slow to read cannot keep a node from starting.
  struct Budget {
    /// Steps and hashed bytes left.
    var left = 1 << 32
    var isUsedUp: Bool { left <= 0 }
  }

  /// The end of the valid group at `start`; `nil` if there is none.
  static func end(
    of start: Int, in bytes: [UInt8], segment: UInt64, budget: inout Budget
  ) -> Int? {
    guard bytes.count - start >= lengthBytes + recordHead + checkBytes else { return nil }
    let length = Int(number(bytes, start))
    guard length >= recordHead, length <= Journal.maximumWaitingBytes,
      length <= bytes.count - start - lengthBytes - checkBytes
    else { return nil }
    // The form first: it is cheap, and chance rarely gets it right.
    let records = (start + lengthBytes)..<(start + lengthBytes + length)
    var place = records.lowerBound
    while place < records.upperBound {
      budget.left -= 1
      guard records.upperBound - place >= recordHead else { return nil }
      let body = Int(number(bytes, place))
      guard body <= Journal.maximumBodyBytes, body <= records.upperBound - place - recordHead else { return nil }
      place += recordHead + body
    }
    budget.left -= length
    var hashed = bigEndian(segment) + bigEndian(UInt64(start))
    hashed.append(contentsOf: bytes[start..<records.upperBound])
    let end = records.upperBound + checkBytes
    guard Hash.sha256(hashed).bytes.prefix(checkBytes) == bytes[records.upperBound..<end] else { return nil }
    return end
  }

  /// Adds the records of the valid group at `start` to a list.
  static func read(_ start: Int, of bytes: [UInt8], into records: inout [JournalRecord]) {
    var place = start + lengthBytes
    let end = place + Int(number(bytes, start))
    while place < end {
      let body = place + recordHead
      let next = body + Int(number(bytes, place))
      records.append(JournalRecord(kind: bytes[body - 1], body: Array(bytes[body..<next])))
      place = next
    }
  }

  private static func number(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    UInt32(bytes[place]) << 24 | UInt32(bytes[place + 1]) << 16 | UInt32(bytes[place + 2]) << 8
      | UInt32(bytes[place + 3])
  }

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
