internal import Dispatch
public import Ledger
internal import Synchronization
internal import TransparencyLog

/// A snapshot whose head was read and is whole; its records are checked as they are read.
public struct SnapshotFile: Sendable {
  /// What it says of itself.
  public let head: SnapshotHead
  /// The file's bytes.
  public let byteCount: UInt64
  private let path: String
  private let disk: any Disk
  private let recordsStart: UInt64

  init(_ path: String, height: UInt64, disk: any Disk) throws(StorageError) {
    guard let file = try disk.open(path, .reading) else { throw StorageError(.inputOutput, "\(path) is gone") }
    let fixed = try file.read(at: 0, count: SnapshotHead.fixedBytes)
    var reader = SnapshotBytes(fixed)
    guard reader.bytes(SnapshotHead.magic.count) == SnapshotHead.magic, let version = reader.integer(UInt32.self),
      let length = reader.integer(UInt32.self)
    else { throw StorageError(.damaged, "\(path) is no snapshot") }
    guard version == SnapshotHead.version else {
      throw StorageError(.unknownVersion, "\(path) has version \(version)")
    }
    let body = try file.read(at: UInt64(SnapshotHead.fixedBytes), count: Int(length) + SnapshotHead.checkBytes)
    guard body.count == Int(length) + SnapshotHead.checkBytes,
      Hash.sha256(fixed + body.dropLast(SnapshotHead.checkBytes)).bytes[...] == body.suffix(SnapshotHead.checkBytes),
      let head = SnapshotHead(body: Array(body.dropLast(SnapshotHead.checkBytes))), head.height == height
    else { throw StorageError(.damaged, "the head of \(path) is not what was written") }
    recordsStart = UInt64(SnapshotHead.fixedBytes + body.count)
    byteCount = head.tables.reduce(recordsStart) { $0 + UInt64($1.byteCount) }
    guard try file.size() == byteCount else {
      throw StorageError(.damaged, "\(path) has \(try file.size()) bytes of \(byteCount)")
    }
    self.head = head
    self.path = path
    self.disk = disk
  }

  /// One chunk of one table.
  private struct Part {
    let table: Int
    let chunk: Int
    let offset: UInt64
  }

  /// Reads all records on all cores and checks every chunk.
  ///
  /// - Throws: `storage.damaged` with table and chunk where records are not those that were written;
  ///   `storage.input_output`.
  public func read() throws(StorageError) -> StateImage {
    var parts: [Part] = []
    var offset = recordsStart
    for (place, table) in head.tables.enumerated() {
      for chunk in table.chunkRoots.indices {
        parts.append(Part(table: place, chunk: chunk, offset: offset))
        offset += UInt64(table.records(of: chunk).count * table.recordBytes)
      }
    }
    let all = parts
    let found = Mutex<(chunks: [TableChunk?], failure: StorageError?)>(
      (chunks: [TableChunk?](repeating: nil, count: parts.count), failure: nil))
    DispatchQueue.concurrentPerform(iterations: parts.count) { number in
      if found.withLock({ $0.failure != nil }) { return }
      do throws(StorageError) {
        let chunk = try read(all[number])
        found.withLock { $0.chunks[number] = chunk }
      } catch {
        found.withLock { $0.failure = $0.failure ?? error }
      }
    }
    let (chunks, failure) = found.withLock { ($0.chunks, $0.failure) }
    if let failure { throw failure }
    var first = 0
    var images: [TableImage] = []
    for table in head.tables {
      let own = chunks[first..<(first + table.chunkRoots.count)].compactMap(\.self)
      first += table.chunkRoots.count
      images.append(
        TableImage(name: table.name, version: table.version, recordBytes: table.recordBytes, chunks: own))
    }
    return StateImage(images)
  }

  private func read(_ part: Part) throws(StorageError) -> TableChunk {
    let table = head.tables[part.table]
    let wanted = table.records(of: part.chunk).count * table.recordBytes
    guard let bytes = try disk.read(path, at: part.offset, count: wanted) else {
      throw StorageError(.inputOutput, "\(path) is gone")
    }
    let chunk = TableChunk(bytes, recordBytes: table.recordBytes)
    guard chunk.root == table.chunkRoots[part.chunk] else {
      throw StorageError(.damaged, "\(path): chunk \(part.chunk) of table \(table.name) is not what was written")
    }
    return chunk
  }
}
