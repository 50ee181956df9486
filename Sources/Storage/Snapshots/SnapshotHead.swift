public import Ledger
public import TransparencyLog

/// What a snapshot says before its records: of which block it is, and how its records are to be checked.
public struct SnapshotHead: Sendable {
  /// The chain's id.
  public let chain: Hash
  /// The block after which the state stands.
  public let height: UInt64
  /// The log's right edge before that block's seal; with the seal it gives the log's root after the block.
  public let beforeSeal: MerkleFrontier
  /// The results of that block and of those before it, as far back as ten minutes of block time; oldest first.
  public let results: [BlockResults]
  /// The tables, sorted by the bytes of their names.
  public let tables: [SnapshotTable]

  /// The number of entries in the log after the block; its seal is the last of them.
  public var size: UInt64 { beforeSeal.size + 1 }

  /// The state root that the records must have. Follows from the roots of their chunks.
  public var stateRoot: Hash { StateCommitment(tables.map(\.summary)).root }

  /// Describes a state.
  public init(
    chain: Hash, height: UInt64, beforeSeal: MerkleFrontier, results: [BlockResults], image: StateImage
  ) {
    self.chain = chain
    self.height = height
    self.beforeSeal = beforeSeal
    self.results = results
    tables = image.tables.map(SnapshotTable.init)
  }
}

/// One table of a snapshot.
public struct SnapshotTable: Sendable {
  /// Its name.
  public let name: String
  /// The version of its records' layout.
  public let version: UInt32
  /// The length of a record.
  public let recordBytes: Int
  /// The number of records.
  public let count: Int
  /// The RFC 6962 roots over the records of each chunk.
  public let chunkRoots: [Hash]

  init(_ image: TableImage) {
    name = image.name
    version = image.version
    recordBytes = image.recordBytes
    count = image.count
    chunkRoots = (0..<image.chunkCount).map(image.chunkRoot)
  }

  /// What the table puts into the state root: chunks are perfect subtrees, so that their roots give the table's.
  var summary: TableSummary {
    TableSummary(name: name, version: version, count: UInt64(count), root: MerkleTree.treeRoot(of: chunkRoots))
  }

  /// Bytes of all its records.
  var byteCount: Int { count * recordBytes }

  /// The records of a chunk.
  func records(of chunk: Int) -> Range<Int> {
    let start = chunk * TableImage.chunkRecords
    return start..<min(start + TableImage.chunkRecords, count)
  }
}

extension SnapshotHead {
  static let magic = Array("tongzhou state\n\0".utf8)
  static let version: UInt32 = 1
  /// Magic, version and length.
  static let fixedBytes = 24
  static let checkBytes = Hash.byteCount
  private static let maximumRecordBytes = 1 << 16
  private static let maximumTables = 256

  /// The beginning of the file, to the check and including it.
  func encoded() -> [UInt8] {
    var body: [UInt8] = chain.bytes
    body.append(bigEndian: height)
    body.append(bigEndian: beforeSeal.size)
    body.append(UInt8(beforeSeal.hashes.count))
    for hash in beforeSeal.hashes { body += hash.bytes }
    body.append(bigEndian: UInt32(results.count))
    for result in results {
      body.append(bigEndian: result.height)
      body.append(bigEndian: UInt32(result.bytes.count))
      body += result.bytes
    }
    body.append(bigEndian: UInt16(tables.count))
    for table in tables {
      body.append(UInt8(table.name.utf8.count))
      body += Array(table.name.utf8)
      body.append(bigEndian: table.version)
      body.append(bigEndian: UInt32(table.recordBytes))
      body.append(bigEndian: UInt64(table.count))
      for hash in table.chunkRoots { body += hash.bytes }
    }
    var bytes = Self.magic
    bytes.append(bigEndian: Self.version)
    bytes.append(bigEndian: UInt32(body.count))
    bytes += body
    return bytes + Hash.sha256(bytes).bytes
  }

  /// Reads what lies between the fixed bytes and the check; `nil` where it is not in form.
  init?(body: [UInt8]) {
    var reader = SnapshotBytes(body)
    guard let chain = reader.hash(), let height = reader.integer(UInt64.self), let before = reader.integer(UInt64.self),
      let edge = reader.integer(UInt8.self), let hashes = reader.hashes(Int(edge)),
      let frontier = MerkleFrontier(size: before, hashes: hashes), before < .max,
      let resultCount = reader.integer(UInt32.self)
    else { return nil }
    var results: [BlockResults] = []
    for _ in 0..<resultCount {
      guard let height = reader.integer(UInt64.self), let count = reader.integer(UInt32.self),
        let bytes = reader.bytes(Int(count))
      else { return nil }
      results.append(BlockResults(height: height, bytes: bytes))
    }
    guard let tableCount = reader.integer(UInt16.self), tableCount <= Self.maximumTables else { return nil }
    var tables: [SnapshotTable] = []
    for _ in 0..<tableCount {
      guard let table = SnapshotTable(&reader, maximumRecordBytes: Self.maximumRecordBytes) else { return nil }
      if let last = tables.last {
        guard Array(last.name.utf8).lexicographicallyPrecedes(Array(table.name.utf8)) else { return nil }
      }
      tables.append(table)
    }
    guard reader.isAtEnd else { return nil }
    self.chain = chain
    self.height = height
    beforeSeal = frontier
    self.results = results
    self.tables = tables
  }
}

extension SnapshotTable {
  init?(_ reader: inout SnapshotBytes, maximumRecordBytes: Int) {
    guard let length = reader.integer(UInt8.self), let name = reader.bytes(Int(length)),
      let text = String(validating: name, as: UTF8.self),
      let version = reader.integer(UInt32.self), let recordBytes = reader.integer(UInt32.self),
      (1...maximumRecordBytes).contains(Int(recordBytes)),
      let count = reader.integer(UInt64.self), count < UInt64(UInt32.max),
      let roots = reader.hashes(TableImage.chunkCount(of: Int(count)))
    else { return nil }
    self.name = text
    self.version = version
    self.recordBytes = Int(recordBytes)
    self.count = Int(count)
    chunkRoots = roots
  }
}

/// Reads the fields of a snapshot's head one after another; nothing beyond the end.
struct SnapshotBytes {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard bytes.count - place >= count else { return nil }
    defer { place += count }
    return Array(bytes[place..<(place + count)])
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type) -> T? {
    bytes(T.bitWidth / 8).map { $0.reduce(0) { $0 << 8 | T($1) } }
  }

  mutating func hash() -> Hash? { bytes(Hash.byteCount).flatMap { Hash($0) } }

  mutating func hashes(_ count: Int) -> [Hash]? {
    guard (bytes.count - place) / Hash.byteCount >= count else { return nil }
    return (0..<count).compactMap { _ in hash() }
  }
}
