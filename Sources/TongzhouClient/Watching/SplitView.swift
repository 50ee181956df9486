public import Foundation
internal import Ledger
public import TransparencyLog

/// Evidence that two readers were shown two different logs of one chain: docs/proofs.md.
///
/// It needs nobody's word. Two roots for one size are plain; of two sizes, the larger log is shown to begin otherwise.
public struct SplitView: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-split-view/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.split-view+json"
  /// The most bytes of a file.
  public static let maximumByteCount = 4_000_000

  /// What one source showed.
  public struct View: Codable, Hashable, Sendable {
    /// Where; it proves nothing.
    public var source: String
    /// The signed checkpoint, as text.
    public var checkpoint: String

    /// A view of a source.
    public init(source: String, checkpoint: [UInt8]) {
      self.source = source
      self.checkpoint = String(decoding: checkpoint, as: UTF8.self)
    }
  }

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The two, the smaller first.
  public var views: [View]
  /// Where the sizes differ, the root of the larger log when it had as many entries as the smaller.
  public var root: Data?
  /// The consistency proof from there to the larger checkpoint.
  public var path: [Data]?

  /// Evidence from two views and, where they are of two sizes, how the larger log begins.
  public init(_ smaller: View, _ larger: View, beginning: LogBeginning?, chain: Hash) {
    format = SplitView.format
    self.chain = chain.description
    views = [smaller, larger]
    root = beginning.map { Data($0.root.bytes) }
    path = beginning.map { $0.proof.path.map { Data($0.bytes) } }
  }

  /// Checks that it shows what it claims, offline.
  ///
  /// - Returns: the two checkpoints, both signed by a quorum.
  /// - Throws: `proof.malformed`, `proof.wrong_chain`, `proof.no_quorum`; `proof.not_included` where the two may well
  ///   be of one log.
  public func verify(
    chain: Hash, policies: KnownPolicies
  ) throws(ProofError) -> (smaller: Checkpoint, larger: Checkpoint) {
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the evidence is of chain \(self.chain)")
    }
    guard views.count == 2 else { throw ProofError(.malformed, "two views are needed") }
    let smaller = try policies.verify(Array(views[0].checkpoint.utf8))
    let larger = try policies.verify(Array(views[1].checkpoint.utf8))
    guard smaller.size <= larger.size else { throw ProofError(.malformed, "the smaller view comes first") }
    if smaller.size == larger.size {
      guard smaller.root != larger.root else { throw ProofError(.notIncluded, "both show the same") }
      return (smaller, larger)
    }
    guard let root = root.flatMap({ Hash($0) }), let path else {
      throw ProofError(.malformed, "of two sizes it has to show how the larger log begins")
    }
    let proof = ConsistencyProof(
      oldSize: smaller.size, newSize: larger.size, path: try SealProof.hashes(path))
    do {
      try proof.verify(oldRoot: root, newRoot: larger.root)
    } catch {
      throw ProofError(.notIncluded, "the larger log is not shown to begin so: \(error)")
    }
    guard smaller.size > 0, root != smaller.root else {
      throw ProofError(.notIncluded, "the larger continues the smaller")
    }
    return (smaller, larger)
  }
}

/// The root of a log when it had fewer entries, with the proof that it goes on from there.
public struct LogBeginning: Hashable, Sendable {
  /// The root.
  public let root: Hash
  /// The proof from that size to the log's.
  public let proof: ConsistencyProof
}

extension LogBeginning {
  /// How a log begins, out of its tiles.
  ///
  /// - Parameters:
  ///   - size: entries from the beginning, above 0 and below the checkpoint's.
  ///   - checkpoint: of the log, verified by the caller.
  ///   - source: the log's tiles as of that checkpoint.
  /// - Throws: `audit.missing_file`; `audit.wrong_file` where the tiles do not give the checkpoint's root; what reading
  ///   throws.
  public init(size: UInt64, of checkpoint: Checkpoint, in source: some LogSource) throws {
    var tiles = TileHashSource(treeSize: checkpoint.size) { coordinate in
      guard let bytes = try source.read(coordinate.path) else {
        throw AuditFailure(.missingFile, coordinate.path, "the file is missing")
      }
      do {
        return try Tile(bytes: bytes, width: coordinate.width)
      } catch {
        throw AuditFailure(.wrongFile, coordinate.path, "\(error)")
      }
    }
    root = try MerkleFrontier(size: size) { try tiles.hash(level: $0, index: $1) }.root
    proof = try tiles.consistencyProof(oldSize: size)
    do {
      try proof.verify(oldRoot: root, newRoot: checkpoint.root)
    } catch {
      throw AuditFailure(.wrongFile, "tile", "the tiles do not give the root of the checkpoint: \(error)")
    }
  }
}

extension KnownPolicies {
  /// Checks a signed checkpoint; of policies kept by height any will do.
  ///
  /// - Throws: `proof.malformed`, `proof.no_quorum`.
  public func verify(_ checkpoint: [UInt8]) throws(ProofError) -> Checkpoint {
    guard let unverified = try? UnverifiedCheckpoint(checkpoint) else {
      throw ProofError(.malformed, "a checkpoint does not read")
    }
    switch self {
    case .proven(let policies): return try policies.verify(unverified).checkpoint
    case .kept(let kept):
      guard kept.contains(where: { (try? $0.policy.verify(unverified)) != nil }) else {
        throw ProofError(.noQuorum, "a checkpoint fulfils none of the policies")
      }
      return unverified.checkpoint
    }
  }
}
