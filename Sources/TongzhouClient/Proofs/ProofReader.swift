internal import Foundation
internal import Ledger
internal import TransparencyLog

/// Reads proofs out of a log's files as of one checkpoint, as many as are asked for.
///
/// It keeps what it read and hashed for one proof, since the next one needs most of it again: those who waited for a
/// block all ask for a receipt with the same seal.
public struct ProofReader<Source: LogSource> {
  /// Tiles that are kept with the nodes inside them, 16 kB each: enough for the right edge of any log and some blocks.
  private static var tileLimit: Int { 64 }

  /// A block as far as proofs need it.
  private struct Block {
    /// Its entries from behind the header to the seal.
    let entries: ClosedRange<UInt64>
    /// The seal, and the same with one log signature.
    let seal, short: SealProof
  }

  private let source: Source
  private let checkpoint: [UInt8]
  private let size: UInt64
  private var tiles: TileHashSource
  /// The bundle read last, and where its entries stand in it: neighbouring entries are asked for one after the other.
  private var bundle: (coordinate: EntryBundleCoordinate, bytes: [UInt8], places: [Range<Int>])?
  /// The block whose seal was asked for last.
  private var last: Block?
  /// The chain's id, once it was asked for.
  private var chain: String?

  /// Begins with the log's checkpoint.
  ///
  /// - Throws: `proof.not_found` where there is none, or of an empty log; what a checkpoint throws that does not read.
  public init(_ source: Source) throws {
    self.source = source
    guard let bytes = try source.read("checkpoint") else { throw ProofError(.notFound, "there is no checkpoint") }
    checkpoint = bytes
    size = try UnverifiedCheckpoint(bytes).checkpoint.size
    guard size > 0 else { throw ProofError(.notFound, "the log is empty") }
    tiles = TileHashSource(treeSize: size, cacheLimit: Self.tileLimit) { coordinate in
      guard let bytes = try source.read(coordinate.path) else {
        throw ProofError(.notFound, "\(coordinate.path) is missing")
      }
      return try Tile(bytes: bytes, width: coordinate.width)
    }
  }

  /// The receipt of an entry.
  ///
  /// - Parameter isWhole: whether the checkpoint keeps the log signatures of all organisations. One of them is enough
  ///   for a verifier with our policy, and the file stays small; who knows the key of one organisation only needs all.
  /// - Throws: `proof.not_found` where the log does not have it, or files are missing.
  public mutating func receipt(of index: UInt64, isWhole: Bool = false) throws -> Receipt {
    guard index < size else { throw ProofError(.notFound, "entry \(index) is not in the log") }
    let block = try block(from: index + 1)
    return Receipt(
      format: Receipt.format, chain: try chainID(), index: index, entry: Data(try entry(index)),
      path: try path(index), seal: isWhole ? block.seal : block.short)
  }

  /// The log's last seal.
  ///
  /// - Throws: `proof.not_found` where there is none, or files are missing.
  public mutating func lastSeal() throws -> SealProof { try block(from: size - 1).seal }

  private mutating func chainID() throws -> String {
    if let chain { return chain }
    let found = Hash.sha256(Array(try entry(0).dropFirst())).description
    chain = found
    return found
  }

  private mutating func entry(_ index: UInt64) throws -> [UInt8] {
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

  private mutating func path(_ index: UInt64) throws -> [Data] {
    try tiles.inclusionProof(index: index).path.map { Data($0.bytes) }
  }

  /// The first seal at or after an index, with the header of its block.
  ///
  /// From an entry inside a block this looks back to the header and on to the seal, so it meets each entry once.
  private mutating func block(from start: UInt64) throws -> Block {
    if let last, last.entries.contains(start) { return last }
    // Read while its bundle is the open one.
    let before = try find(.header, before: start)
    let opening = try before.map { try entry($0) }
    guard let found = try findSeal(from: start) else {
      throw ProofError(.notFound, "no seal after entry \(start)")
    }
    let sealed = try entry(found.seal)
    guard let header = found.header ?? before, let opened = try found.header.map({ try entry($0) }) ?? opening else {
      throw ProofError(.notFound, "no header before entry \(found.seal)")
    }
    let seal = SealProof(
      index: found.seal, seal: Data(sealed), header: Data(opened), path: try path(found.seal),
      checkpoint: String(decoding: checkpoint, as: UTF8.self))
    var short = seal
    short.keepOneLogSignature()
    let block = Block(entries: (header + 1)...found.seal, seal: seal, short: short)
    last = block
    return block
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
    self = try reader.lastSeal()
  }
}
