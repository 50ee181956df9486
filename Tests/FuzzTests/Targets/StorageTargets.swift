import Contracts
import Foundation
import TestSupport

@testable import Ledger
@testable import MutualAid
@testable import Node
@testable import Storage
@testable import TransparencyLog

extension FuzzTarget {
  /// What a node reads from its own disk, which may be damaged, and what a visitor types.
  static let storageTargets: [FuzzTarget] = [
    FuzzTarget("journal", maximumBytes: 16_384, seeds: { [try journal(records())] }, check: segment),
    FuzzTarget("journal-group", maximumBytes: 16_384, seeds: groups) { bytes in
      // The check over the records is always right, so that what lies behind it is tried too.
      let length = bigEndian(UInt32(bytes.count))
      let hashed = bigEndian(UInt64(0)) + bigEndian(UInt64(0)) + length + bytes
      return try segment(length + bytes + Hash.sha256(hashed).bytes.prefix(8))
    },
    FuzzTarget("journal-record", maximumBytes: 8_192, seeds: journalRecords) { bytes in
      guard let kind = bytes.first,
        let record = try? Journalled(JournalRecord(kind: kind, body: Array(bytes.dropFirst())))
      else { return false }
      let (written, body) = try record.encoded()
      try hold(written == kind, "a record is written as another kind")
      let again = try Journalled(JournalRecord(kind: kind, body: body))
      try hold(again.sequence == record.sequence && again.encoded().body == body, "a record is written in two ways")
      return true
    },
    .exact("snapshot-head", maximumBytes: 8_192, seeds: { [try snapshot().head] }) { bytes in
      guard let head = SnapshotHead(body: bytes) else { throw Unreadable() }
      _ = (head.size, head.stateRoot)
      return head
    } write: {
      Array($0.encoded().dropFirst(SnapshotHead.fixedBytes).dropLast(SnapshotHead.checkBytes))
    },
    FuzzTarget("snapshot", maximumBytes: 65_536, seeds: snapshots, check: snapshotFile),
    FuzzTarget(
      "log-place", maximumBytes: 80,
      seeds: { ["tile/0/000.p/7", "tile/63/000", "tile/entries/x001/002"].map { Array($0.utf8) } }
    ) {
      bytes in
      guard let place = LogPlace(path: String(decoding: bytes, as: UTF8.self)) else { return false }
      try hold(place.needs <= place.fullFrom && LogPlace(path: place.full)?.isFull == true, "a place that is nowhere")
      return true
    },
    FuzzTarget("search-text", maximumBytes: 240, seeds: searches) { bytes in
      let text = SearchText(String(decoding: bytes, as: UTF8.self))
      if let prefix = text.hash {
        let keys = PostingKey.transactions(prefix)
        if let whole = prefix.wholeHash {
          try hold(
            prefix.begins(whole) && keys.contains(PostingKey(transaction: whole).value), "a hash not found again")
        }
      }
      if let subject = text.subject { _ = PostingKey(subject: subject) }
      return text.address != nil || text.hash != nil || text.block != nil || text.subject != nil
    },
  ]

  private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  // MARK: Journal

  private static func journalRecords() throws -> [[UInt8]] {
    try storedRecords().map { [$0[0], 2] + $0.dropFirst() } + [[64, 0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3]]
  }

  private static func records() throws -> [JournalRecord] {
    try journalRecords().map { JournalRecord(kind: $0[0], body: Array($0.dropFirst())) }
  }

  /// The bytes of a segment that a journal wrote.
  private static func journal(_ records: [JournalRecord]) throws -> [UInt8] {
    let disk = MemoryDisk(seed: 1)
    let (journal, _, _) = try Journal.open("j", disk: disk)
    for record in records {
      try journal.append(record.kind, record.body)
      if record.body.count % 2 == 0 { try journal.sync() }
    }
    try journal.sync()
    return try unwrapped(disk.contents.values.first { !$0.isEmpty })
  }

  private static func groups() throws -> [[UInt8]] {
    let plain = try records()
    return [plain.prefix(1), plain.suffix(1), plain[...]].map { records in
      records.flatMap { bigEndian(UInt32($0.body.count)) + [$0.kind] + $0.body }
    }
  }

  /// A segment of any bytes opens or is refused; a journal written with what was read gives the same again.
  private static func segment(_ bytes: [UInt8]) throws -> Bool {
    let disk = MemoryDisk(seed: 1)
    try disk.createDirectory("j")
    let file = try disk.create("j/00000000000000000000")
    try file.write(bytes, at: 0)
    guard let (_, records, cut) = try? Journal.open("j", disk: disk) else { return false }
    try hold(cut <= bytes.count, "more is cut off than there is")
    let (_, again, none) = try Journal.open("j", disk: disk)
    try hold(again == records && none == 0, "a journal that was opened opens otherwise")
    return !records.isEmpty
  }

  // MARK: Snapshots

  private static func snapshot() throws -> (head: [UInt8], records: [UInt8]) {
    let log = try FuzzLog.shared()
    var app = log.chain.chain.app
    let image = app.image()
    let last = try unwrapped(log.blocks.last)
    let head = SnapshotHead(
      chain: log.id, height: 1, beforeSeal: last.beforeSeal, results: log.blocks.suffix(3).map { BlockResults($0) },
      image: image)
    let body = head.encoded().dropFirst(SnapshotHead.fixedBytes).dropLast(SnapshotHead.checkBytes)
    return (Array(body), image.tables.flatMap { table in (0..<table.chunkCount).flatMap { table.chunk($0) } })
  }

  private static func snapshots() throws -> [[UInt8]] {
    let (head, records) = try snapshot()
    return [bigEndian(UInt16(head.count)) + head + records]
  }

  /// A file whose head has the right check: two bytes of its length, the head, the records.
  private static func snapshotFile(_ bytes: [UInt8]) throws -> Bool {
    guard bytes.count >= 2 else { return false }
    let head = Array(bytes.dropFirst(2).prefix(Int(bytes[0]) << 8 | Int(bytes[1])))
    var content = SnapshotHead.magic + bigEndian(SnapshotHead.version) + bigEndian(UInt32(head.count)) + head
    content += Hash.sha256(content).bytes
    content += bytes.dropFirst(2 + head.count)
    let disk = MemoryDisk(seed: 1)
    let store = SnapshotStore("s", disk: disk)
    try disk.createDirectory("s")
    try disk.create(store.path(of: 1)).write(content, at: 0)
    guard let file = try? store.open(1), let image = try? file.read() else { return false }
    try hold(image.root == file.head.stateRoot, "the records are not those of the head")
    // Whether these tables are those of a chain shows next.
    _ = try? ChainState(genesis: FuzzLog.shared().network.genesis, image: image)
    return true
  }

  private static func searches() throws -> [[UInt8]] {
    let address = try FuzzLog.shared().network.organisations[0].address.description
    let hash = Hash.sha256([1]).description
    return [address, hash, String(hash.prefix(9)), "case 12", "区块７", "#5", "member #9"].map { Array($0.utf8) }
  }
}
