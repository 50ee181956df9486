/// One record of a journal.
public struct JournalRecord: Sendable, Equatable {
  /// What the body means; the journal does not know.
  public let kind: UInt8
  /// The content, at most `Journal.maximumBodyBytes`.
  public let body: [UInt8]

  /// A record.
  public init(kind: UInt8, body: [UInt8]) {
    self.kind = kind
    self.body = body
  }
}

/// What must not be forgotten, in the order it was said: records on a disk, appended and read back at start.
///
/// `append` collects, `sync` makes everything collected durable with one write and one `fdatasync`. What was
/// collected for one `sync` is one group on the disk (docs/storage.md): after a crash a group is there whole or
/// not at all, and since a group is only written when the one before is durable, a bad group with a good one
/// behind it is damage and never the trace of a crash.
///
/// Groups lie in files called segments. A segment's number is that of its first record, counted from the
/// beginning of the journal, so that a missing segment or a missing end shows.
///
/// After a failed write or sync nobody knows what is durable, and a second sync would not tell either. Then
/// the journal takes nothing more until it is opened again, which writes anew what it has read.
///
/// Used by one thread. A directory belongs to one journal at a time.
public final class Journal {
  /// The most bytes a record's body may have: 16 MiB.
  public static let maximumBodyBytes = 1 << 24
  /// The most bytes that may wait for a sync: 64 MiB, records with their heads.
  public static let maximumWaitingBytes = 1 << 26

  private let directory: String
  private let disk: any Disk
  private let segmentBytes: Int
  /// Segments whose files exist, oldest first.
  private var segments: [UInt64]
  /// The segment that groups are written to; its file is made with its first group.
  private var segment: UInt64
  private var file: (any DiskFile)?
  private var offset: UInt64
  /// The number of the record appended next.
  private var next: UInt64
  private var waiting = JournalGroup.Builder()
  private var failed = false

  /// The bytes that wait for a sync.
  public var waitingBytes: Int { waiting.count }

  init(_ found: JournalReader.Found, directory: String, disk: any Disk, segmentBytes: Int) {
    self.directory = directory
    self.disk = disk
    self.segmentBytes = segmentBytes
    segments = found.segments
    segment = found.segment
    file = found.file
    offset = found.offset
    next = found.next
  }

  /// Opens a journal and reads everything that is in it; makes the directory where there is none.
  ///
  /// What is returned is durable, also what an earlier sync failed to write.
  ///
  /// - Parameters:
  ///   - directory: the directory of the segments and of nothing else.
  ///   - segmentBytes: the size from which a new segment is begun. One group may pass it.
  /// - Returns: the journal, its records, and how many bytes of a torn group at its end were cut off.
  /// - Throws: `storage.damaged` with file and offset for a bad group that has a good one behind it, also in a
  ///   later segment, and for missing segments; `storage.input_output`, `storage.disk_full`.
  public static func open(
    _ directory: String, disk: some Disk, segmentBytes: Int = 64 << 20
  ) throws(StorageError) -> (Journal, [JournalRecord], cut: Int) {
    let found = try JournalReader(directory, disk).open()
    let journal = Journal(found, directory: directory, disk: disk, segmentBytes: segmentBytes)
    return (journal, found.records, cut: found.cut)
  }

  /// Reads a journal that nobody is writing to and changes nothing.
  ///
  /// - Returns: its records, and how many bytes of a torn group at its end opening it would cut off.
  /// - Throws: as ``open(_:disk:segmentBytes:)``.
  public static func look(
    _ directory: String, disk: any Disk
  ) throws(StorageError) -> (records: [JournalRecord], torn: Int) {
    let found = try JournalReader(directory, disk).look()
    return (found.records, torn: found.cut)
  }

  /// Collects a record for the next sync.
  ///
  /// - Throws: `storage.too_large` for a body over its limit, or when so much waits that it must be synced
  ///   before; `storage.stopped` after a failure.
  public func append(_ kind: UInt8, _ body: [UInt8]) throws(StorageError) {
    try requireGood()
    guard body.count <= Self.maximumBodyBytes else {
      throw StorageError(.tooLarge, "a record of \(body.count) bytes for \(directory)")
    }
    guard waiting.count + JournalGroup.recordHead + body.count <= Self.maximumWaitingBytes else {
      throw StorageError(.tooLarge, "more than \(Self.maximumWaitingBytes) bytes wait for a sync of \(directory)")
    }
    if waiting.isEmpty, isSegmentFull {
      segment = next
      file = nil
      offset = 0
    }
    waiting.append(kind, body)
    next += 1
  }

  /// Makes everything durable that was appended.
  ///
  /// - Throws: `storage.disk_full`, `storage.input_output`, and from then on `storage.stopped`.
  public func sync() throws(StorageError) {
    try requireGood()
    guard !waiting.isEmpty else { return }
    let bytes = waiting.finish(segment: segment, offset: offset)
    failed = true
    let file = try openSegment()
    try file.write(bytes, at: offset)
    try file.sync()
    failed = false
    offset += UInt64(bytes.count)
  }

  /// The number of the segment that records appended from now on lie in, or of an earlier one.
  public func mark() -> UInt64 {
    waiting.isEmpty && isSegmentFull ? next : segment
  }

  /// Removes the segments whose records all were appended before a mark. The newest always stays.
  ///
  /// - Throws: `storage.input_output`; the journal can still be used.
  public func release(below mark: UInt64) throws(StorageError) {
    // One by one and oldest first, so that a crash leaves no hole.
    while segments.count > 1, segments[0] < mark {
      try disk.remove(JournalReader.path(directory, segments[0]))
      try disk.syncDirectory(directory)
      segments.removeFirst()
    }
  }

  private var isSegmentFull: Bool { offset > 0 && offset >= UInt64(max(0, segmentBytes)) }

  private func requireGood() throws(StorageError) {
    guard !failed else { throw StorageError(.stopped, "writing to \(directory) failed before; open it again") }
  }

  private func openSegment() throws(StorageError) -> any DiskFile {
    if let file { return file }
    let made = try disk.create(JournalReader.path(directory, segment))
    try disk.syncDirectory(directory)
    file = made
    segments.append(segment)
    return made
  }
}
