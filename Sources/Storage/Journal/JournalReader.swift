internal import TransparencyLog

/// Reads a journal's segments at start and leaves the last one ready to be written to.
struct JournalReader {
  /// What was found.
  struct Found {
    var records: [JournalRecord] = []
    var segments: [UInt64] = []
    /// The segment to go on with, its file if there is one, and its length.
    var segment: UInt64 = 0
    var file: (any DiskFile)?
    var offset: UInt64 = 0
    /// The number of the next record.
    var next: UInt64 = 0
    /// Bytes cut off at the end, or that are to be.
    var cut = 0
    /// The good bytes of the last segment.
    var last: [UInt8] = []
  }

  private static let digits = 20
  private let directory: String
  private let disk: any Disk

  init(_ directory: String, _ disk: any Disk) {
    self.directory = directory
    self.disk = disk
  }

  /// The file of a segment.
  static func path(_ directory: String, _ segment: UInt64) -> String {
    let text = String(segment)
    return directory + "/" + String(repeating: "0", count: digits - text.utf8.count) + text
  }

  func open() throws(StorageError) -> Found {
    try disk.makeDirectory(directory)
    var found = try look()
    if let segment = found.segments.last { try goOn(with: segment, Self.path(directory, segment), &found) }
    return found
  }

  /// Reads all segments and changes nothing.
  func look() throws(StorageError) -> Found {
    var found = Found()
    found.segments = try segments()
    for (place, segment) in found.segments.enumerated() {
      if place == 0 { found.next = segment }
      guard found.next == segment else {
        throw StorageError(
          .damaged, "\(directory) has records up to \(found.next), and then \(Self.path(directory, segment))")
      }
      try read(segment, isLast: place == found.segments.count - 1, into: &found)
    }
    return found
  }

  /// The numbers of the segments there are; other names are none of ours.
  private func segments() throws(StorageError) -> [UInt64] {
    (try disk.list(directory) ?? []).compactMap { entry in
      guard !entry.isDirectory, entry.name.utf8.count == Self.digits else { return nil }
      let digits = entry.name.utf8.drop { $0 == UInt8(ascii: "0") }
      return digits.isEmpty ? 0 : DecimalText.decode(digits)
    }.sorted()
  }

  private func read(_ segment: UInt64, isLast: Bool, into found: inout Found) throws(StorageError) {
    let path = Self.path(directory, segment)
    guard let bytes = try disk.read(path) else { throw StorageError(.inputOutput, "\(path) is gone") }
    let before = found.records.count
    var good = 0
    // Each byte is hashed once here; only the search for a good group behind a bad one has to be bounded.
    var unbounded = JournalGroup.Budget(left: .max)
    while let end = JournalGroup.end(of: good, in: bytes, segment: segment, budget: &unbounded) {
      JournalGroup.read(good, of: bytes, into: &found.records)
      good = end
    }
    found.next += UInt64(found.records.count - before)
    guard !isLast else {
      found.cut = bytes.count - good
      if found.cut > 0 { try requireTorn(bytes, from: good, segment) }
      found.last = Array(bytes[..<good])
      return
    }
    guard good == bytes.count else {
      throw StorageError(.damaged, "\(path) is damaged at byte \(good)")
    }
  }

  /// Makes sure that nothing valid lies behind a bad group: then no crash made it bad.
  private func requireTorn(_ bytes: [UInt8], from bad: Int, _ segment: UInt64) throws(StorageError) {
    var budget = JournalGroup.Budget()
    for start in (bad + 1)..<max(bad + 1, bytes.count) {
      if JournalGroup.end(of: start, in: bytes, segment: segment, budget: &budget) != nil || budget.isUsedUp {
        throw StorageError(.damaged, "\(Self.path(directory, segment)) is damaged at byte \(bad)")
      }
    }
  }

  /// Makes the last segment durable as it was read, and goes on behind it.
  ///
  /// It may hold what a failed sync has left in the memory of the operating system only, counted as written:
  /// so the bytes are written again, each where it is.
  private func goOn(
    with segment: UInt64, _ path: String, _ found: inout Found
  ) throws(StorageError) {
    let bytes = found.last
    found.last = []
    guard let file = try disk.open(path, .writing) else { throw StorageError(.inputOutput, "\(path) is gone") }
    if found.cut > 0 { try file.truncate(to: UInt64(bytes.count)) }
    try file.write(bytes, at: 0)
    try file.sync()
    try disk.syncDirectory(directory)
    found.segment = segment
    found.file = file
    found.offset = UInt64(bytes.count)
  }
}
