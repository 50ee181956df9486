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
    let range = try openBundle(at: index)
    return bundle.map { Array($0.bytes[$0.places[Int(index - range.lowerBound)]]) } ?? []
  }

  /// The byte that says of which kind an entry of the open bundle is; `nil` for an empty entry.
  private func kind(_ index: UInt64, of range: Range<UInt64>) -> UInt8? {
    bundle.flatMap { $0.bytes[$0.places[Int(index - range.lowerBound)]].first }
  }

  /// Opens the bundle that holds an entry.
  ///
  /// - Returns: the entries that are in it.
  private mutating func openBundle(at index: UInt64) throws -> Range<UInt64> {
    guard let coordinate = EntryBundleCoordinate.holding(entry: index, treeSize: size) else {
      throw ProofError(.notFound, "entry \(index) is not in the log")
    }
    if let bundle, bundle.coordinate == coordinate { return coordinate.entries }
    guard let bytes = try source.read(coordinate.path) else {
      throw ProofError(.notFound, "\(coordinate.path) is missing")
    }
    bundle = (coordinate, bytes, try EntryBundle.places(in: bytes, width: coordinate.width))
    return coordinate.entries
  }

  mutating func path(_ index: UInt64) throws -> [Data] {
    try tiles.inclusionProof(index: index).path.map { Data($0.bytes) }
  }

  /// The first seal at or after an index, with the header of its block.
  ///
  /// From an entry inside a block this looks back to the header and on to the seal, so it meets each entry once.
  mutating func seal(from start: UInt64) throws -> SealProof {
    // Read while its bundle is the open one.
    let before = try find(.header, before: start).map { try entry($0) }
    guard let (index, opened) = try findSeal(from: start) else {
      throw ProofError(.notFound, "no seal after entry \(start)")
    }
    let seal = try entry(index)
    guard let header = try opened.map({ try entry($0) }) ?? before else {
      throw ProofError(.notFound, "no header before entry \(index)")
    }
    return SealProof(
      index: index, seal: Data(seal), header: Data(header), path: try path(index),
      checkpoint: String(decoding: checkpoint, as: UTF8.self))
  }

  /// The first seal at or after an index, and the last header from there to it.
  private mutating func findSeal(from start: UInt64) throws -> (seal: UInt64, header: UInt64?)? {
    var header: UInt64?
    var next = start
    while next < size {
      let range = try openBundle(at: next)
      for index in next..<range.upperBound {
        let kind = kind(index, of: range)
        if kind == EntryKind.header.rawValue { header = index }
        if kind == EntryKind.seal.rawValue { return (index, header) }
      }
      next = range.upperBound
    }
    return nil
  }

  /// The last entry of a kind before an index; `nil` for none.
  private mutating func find(_ wanted: EntryKind, before end: UInt64) throws -> UInt64? {
    var end = min(end, size)
    while end > 0 {
      let range = try openBundle(at: end - 1)
      if let found = (range.lowerBound..<end).last(where: { kind($0, of: range) == wanted.rawValue }) { return found }
      end = range.lowerBound
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
