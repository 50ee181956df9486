internal import Foundation
internal import Ledger
internal import TransparencyLog

/// Reads proofs out of a log's files.
struct ProofReader<Source: LogSource> {
  let source: Source
  let checkpoint: [UInt8]
  let size: UInt64
  private var tiles: TileHashSource
  /// The bundle read last, and where its entries stand in it: neighbouring entries are asked for one after the other.
  private var bundle: (coordinate: EntryBundleCoordinate, bytes: [UInt8], places: [Range<Int>])?

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
    let place = try open(index)
    return bundle.map { Array($0.bytes[place]) } ?? []
  }

  /// The byte that says of which kind an entry is; `nil` for an empty entry.
  private mutating func kind(_ index: UInt64) throws -> UInt8? {
    let place = try open(index)
    return bundle.flatMap { $0.bytes[place].first }
  }

  /// Where an entry stands in its bundle, which is then the open one.
  private mutating func open(_ index: UInt64) throws -> Range<Int> {
    guard let coordinate = EntryBundleCoordinate.holding(entry: index, treeSize: size) else {
      throw ProofError(.notFound, "entry \(index) is not in the log")
    }
    let position = Int(index - coordinate.entries.lowerBound)
    if let bundle, bundle.coordinate == coordinate { return bundle.places[position] }
    guard let bytes = try source.read(coordinate.path) else {
      throw ProofError(.notFound, "\(coordinate.path) is missing")
    }
    let places = try EntryBundle.places(in: bytes, width: coordinate.width)
    bundle = (coordinate, bytes, places)
    return places[position]
  }

  mutating func path(_ index: UInt64) throws -> [Data] {
    try tiles.inclusionProof(index: index).path.map { Data($0.bytes) }
  }

  /// The first seal at or after an index, with the header of its block.
  ///
  /// From an entry inside a block this looks back to the header and on to the seal, so it meets each entry once.
  mutating func seal(from start: UInt64) throws -> SealProof {
    var header = try header(before: start)
    var index = start
    while index < size {
      let kind = try kind(index)
      if kind == EntryKind.header.rawValue { header = try entry(index) }
      if kind == EntryKind.seal.rawValue {
        guard let header else { throw ProofError(.notFound, "no header before entry \(index)") }
        return SealProof(
          index: index, seal: Data(try entry(index)), header: Data(header), path: try path(index),
          checkpoint: String(decoding: checkpoint, as: UTF8.self))
      }
      index += 1
    }
    throw ProofError(.notFound, "no seal after entry \(start)")
  }

  /// The last header before an index; `nil` for none.
  private mutating func header(before end: UInt64) throws -> [UInt8]? {
    var index = min(end, size)
    while index > 0 {
      index -= 1
      if try kind(index) == EntryKind.header.rawValue { return try entry(index) }
    }
    return nil
  }
}

extension SealProof {
  /// The last seal of a log, out of its files.
  public init(last source: some LogSource) throws {
    var reader = try ProofReader(source)
    self = try reader.seal(from: reader.size - 1)
  }
}
