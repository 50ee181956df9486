public import Foundation
internal import Ledger
internal import TransparencyLog

/// A block's seal with its place under an endorsed checkpoint: where every proof of ours ends.
public struct SealProof: Codable, Hashable, Sendable {
  /// Index of the seal in the log.
  public var index: UInt64
  /// The seal's entry, kind byte first.
  public var seal: Data
  /// RFC 6962 inclusion path.
  public var path: [Data]
  /// The signed checkpoint, as text.
  public var checkpoint: String

  /// Checks the checkpoint against the policy and the seal against the checkpoint.
  ///
  /// - Throws: `proof.no_quorum`, `proof.not_included`, `proof.malformed`.
  func verify(policy: Policy) throws(ProofError) -> (seal: Seal, checkpoint: Checkpoint) {
    let verified: VerifiedCheckpoint
    do {
      verified = try policy.verify(UnverifiedCheckpoint(Array(checkpoint.utf8)))
    } catch {
      throw ProofError(.noQuorum, "\(error)")
    }
    let entry = Array(seal)
    guard let seal = try? Seal(entry: entry) else { throw ProofError(.malformed, "the seal does not decode") }
    try SealProof.verify(entry, index: index, path: path, checkpoint: verified.checkpoint)
    return (seal, verified.checkpoint)
  }

  static func verify(
    _ entry: [UInt8], index: UInt64, path: [Data], checkpoint: Checkpoint
  ) throws(ProofError) {
    do {
      try InclusionProof(index: index, size: checkpoint.size, path: hashes(path))
        .verify(leafHash: .leaf(entry), root: checkpoint.root)
    } catch {
      throw ProofError(.notIncluded, "entry \(index): \(error)")
    }
  }

  static func hashes(_ path: [Data]) throws(ProofError) -> [Hash] {
    var hashes: [Hash] = []
    for data in path {
      guard let hash = Hash(data) else { throw ProofError(.malformed, "a hash has 32 bytes") }
      hashes.append(hash)
    }
    return hashes
  }
}

extension SealProof {
  /// The last seal of a log, out of its files.
  public init(last source: some LogSource) throws {
    var reader = try ProofReader(source)
    self = try reader.seal(from: reader.size - 1)
  }
}

/// Reads proofs out of a log's files.
struct ProofReader<Source: LogSource> {
  let source: Source
  let checkpoint: [UInt8]
  let size: UInt64
  private var tiles: TileHashSource

  init(_ source: Source) throws {
    self.source = source
    guard let bytes = try source.read("checkpoint") else { throw ProofError(.notFound, "there is no checkpoint") }
    checkpoint = bytes
    size = try UnverifiedCheckpoint(bytes).checkpoint.size
    tiles = TileHashSource(treeSize: size) { coordinate in
      guard let bytes = try source.read(coordinate.path) else {
        throw ProofError(.notFound, "\(coordinate.path) is missing")
      }
      return try Tile(bytes: bytes, width: coordinate.width)
    }
  }

  func entry(_ index: UInt64) throws -> [UInt8] {
    guard let bundle = EntryBundleCoordinate.holding(entry: index, treeSize: size),
      let bytes = try source.read(bundle.path)
    else { throw ProofError(.notFound, "entry \(index) is not in the log") }
    return try EntryBundle(bytes: bytes, width: bundle.width).entries[Int(index - bundle.entries.lowerBound)]
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
          index: index, seal: Data(bytes), path: try path(index),
          checkpoint: String(decoding: checkpoint, as: UTF8.self))
      }
      index += 1
    }
    throw ProofError(.notFound, "no seal after entry \(start)")
  }
}
