internal import Foundation
internal import Ledger
internal import TransparencyLog

/// Reads proofs out of a log's files.
struct ProofReader<Source: LogSource> {
  let source: Source
  let checkpoint: [UInt8]
  let size: UInt64
  private var tiles: TileHashSource
  /// The bundle read last: neighbouring entries are asked for one after the other.
  private var bundle: (coordinate: EntryBundleCoordinate, entries: [[UInt8]])?

  init(_ source: Source) throws {
    self.source = source
    guard let bytes = try source.read("checkpoint") else { throw ProofError(.notFound, "there is no checkpoint") }
    checkpoint = bytes
    size = try UnverifiedCheckpoint(bytes).checkpoint.size
    guard size > 0 else { throw ProofError(.notFound, "the log is empty") }
    tiles = TileHashSource(treeSize: size) { coordinate in
      guard let bytes = try source.read(coordinate.path) else {
        throw ProofError(.notFound, "\(coordinate.path) is missing")
      }
      return try Tile(bytes: bytes, width: coordinate.width)
    }
  }

  mutating func entry(_ index: UInt64) throws -> [UInt8] {
    guard let coordinate = EntryBundleCoordinate.holding(entry: index, treeSize: size) else {
      throw ProofError(.notFound, "entry \(index) is not in the log")
    }
    let position = Int(index - coordinate.entries.lowerBound)
    if let bundle, bundle.coordinate == coordinate { return bundle.entries[position] }
    guard let bytes = try source.read(coordinate.path) else {
      throw ProofError(.notFound, "\(coordinate.path) is missing")
    }
    let entries = try EntryBundle(bytes: bytes, width: coordinate.width).entries
    bundle = (coordinate, entries)
    return entries[position]
  }

  mutating func path(_ index: UInt64) throws -> [Data] {
    try tiles.inclusionProof(index: index).path.map { Data($0.bytes) }
  }

  /// The first seal at or after an index.
  mutating func seal(from start: UInt64) throws -> SealProof {
    var index = start
    while index < size {
      let bytes = try entry(index)
      if bytes.first == EntryKind.seal.rawValue {
        return SealProof(
          index: index, seal: Data(bytes), header: Data(try header(before: index)), path: try path(index),
          checkpoint: String(decoding: checkpoint, as: UTF8.self))
      }
      index += 1
    }
    throw ProofError(.notFound, "no seal after entry \(start)")
  }

  /// The last header before an index.
  private mutating func header(before end: UInt64) throws -> [UInt8] {
    var index = end
    while index > 0 {
      index -= 1
      let bytes = try entry(index)
      if bytes.first == EntryKind.header.rawValue { return bytes }
    }
    throw ProofError(.notFound, "no header before entry \(end)")
  }
}

extension SealProof {
  /// The last seal of a log, out of its files.
  public init(last source: some LogSource) throws {
    var reader = try ProofReader(source)
    self = try reader.seal(from: reader.size - 1)
  }
}
