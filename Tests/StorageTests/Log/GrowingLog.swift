import Storage
import TestSupport
import Testing
import TransparencyLog

/// A log that grows in the same steps every time, written through any disk.
struct GrowingLog {
  static let directory = "log/aid"

  /// Entries of each step; after each the checkpoint is published.
  let steps: [[[UInt8]]]
  private let signer: NoteSigner

  init(seed: UInt64, counts: [Int]) throws {
    var random = SeededGenerator(seed: seed)
    steps = counts.map { count in
      (0..<count).map { _ in
        (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
    }
    signer = try NoteSigner(name: NoteName("example.org/log"), seed: [UInt8](repeating: 7, count: 32))
  }

  var entries: [[UInt8]] { steps.flatMap { $0 } }

  /// The number of entries after so many steps.
  func size(after count: Int) -> Int { steps.prefix(count).reduce(0) { $0 + $1.count } }

  func checkpoint(size: Int) throws -> [UInt8] {
    let root = MerkleTree.treeRoot(of: entries.prefix(size).map { Hash.leaf($0) })
    return try UnverifiedCheckpoint(
      signing: Checkpoint(origin: Array("example.org/log".utf8), size: UInt64(size), root: root), by: [signer]
    ).bytes
  }

  /// Writes what is missing, on a new or an existing log.
  func write(to disk: MemoryDisk) throws {
    let start = try LogWriter.size(in: Self.directory, disk: disk)
    var writer =
      try start.map { try LogWriter(resuming: Self.directory, disk: disk, upTo: $0) }
      ?? LogWriter(creating: Self.directory, disk: disk, synced: true)
    var done = 0
    for (number, step) in steps.enumerated() {
      done += step.count
      guard done > Int(start ?? 0) || start == nil else { continue }
      try writer.append(step)
      if number % 3 == 0 { try writer.write(policy: [UInt8(number)], height: UInt64(number)) }
      try writer.publish(checkpoint: checkpoint(size: done))
    }
  }

  /// The files of a disk that a log is made of.
  static func files(on disk: MemoryDisk) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for (path, bytes) in disk.contents { files[String(path.dropFirst(directory.utf8.count + 1))] = bytes }
    return files
  }

  /// Checks that whatever checkpoint stands, everything it covers is there and right. Returns its size.
  @discardableResult
  func verify(_ disk: MemoryDisk, _ comment: Comment) throws -> Int? {
    let files = Self.files(on: disk)
    guard let bytes = files["checkpoint"] else { return nil }
    let checkpoint = try UnverifiedCheckpoint(bytes).checkpoint
    var builder = TileBuilder()
    for coordinate in EntryBundleSequence(treeSize: checkpoint.size) {
      let found = try #require(files[coordinate.path], "\(comment): \(coordinate.path)")
      let bundle = try EntryBundle(bytes: found, width: coordinate.width)
      for placed in builder.append(contentsOf: bundle.leafHashes) {
        #expect(files[placed.coordinate.path] == placed.bytes, "\(comment): \(placed.coordinate.path)")
      }
    }
    for placed in builder.partialTiles {
      #expect(files[placed.coordinate.path] == placed.bytes, "\(comment): \(placed.coordinate.path)")
    }
    #expect(builder.root == checkpoint.root, comment)
    return Int(checkpoint.size)
  }
}
