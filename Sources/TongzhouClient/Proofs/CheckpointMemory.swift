internal import Foundation
public import TransparencyLog

/// The newest checkpoint of each chain that somebody who verifies has seen.
///
/// Files of one log that name two roots for one size are the trace of a ledger that shows different people different
/// books; each of them alone looks right. So every verifier remembers.
public struct CheckpointMemory: Codable, Hashable, Sendable {
  /// A chain's log at one size.
  private struct Seen: Codable, Hashable {
    var chain: String
    var origin: String
    var size: UInt64
    var root: Data
    /// The signed checkpoint, where it was kept: evidence if another one contradicts it.
    var signed: String?
  }

  /// Chains remembered at most; those seen last are kept.
  public static let maximumCount = 1_000

  private var chains: [Seen]

  /// Nothing seen yet.
  public init() { chains = [] }

  /// What was remembered in a file; nothing where there is no file yet.
  ///
  /// - Throws: `proof.malformed` where the file holds something else: to begin anew has to be somebody's wish.
  public init(path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      self.init()
      return
    }
    guard let memory = try? JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path))),
      memory.chains.allSatisfy({ $0.root.count == Hash.byteCount })
    else { throw ProofError(.malformed, "\(path) is not a memory of checkpoints") }
    self = memory
  }

  /// Keeps it in a file, whole or not at all.
  public func write(to path: String) throws {
    try Data(json()).write(to: URL(filePath: path), options: .atomic)
  }

  /// The content of its file.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  /// What was seen of a chain: origin, size and root of its log, and the signed checkpoint where it was kept.
  public func newest(of chain: Hash) -> (origin: [UInt8], size: UInt64, root: Hash, signed: [UInt8]?)? {
    guard let seen = chains.first(where: { $0.chain == chain.description }), let root = Hash(seen.root) else {
      return nil
    }
    return (Array(seen.origin.utf8), seen.size, root, seen.signed.map { Array($0.utf8) })
  }

  /// How a checkpoint compares with what was seen before.
  public enum Age: Sendable {
    /// The first of its chain, or larger than all before.
    case newest
    /// The newest again.
    case same
    /// Smaller than one seen before; only the log itself could show that it is a beginning of it.
    case older(than: UInt64)
  }

  /// Remembers the checkpoint of a file of a chain that was verified.
  ///
  /// - Parameter signed: the signed checkpoint, to be kept as evidence.
  /// - Throws: `proof.split_view` where the chain had another log, or its log another root for this size.
  public mutating func see(
    _ checkpoint: Checkpoint, of chain: Hash, signed: [UInt8]? = nil
  ) throws(ProofError) -> Age {
    let seen = Seen(
      chain: chain.description, origin: String(decoding: checkpoint.origin, as: UTF8.self), size: checkpoint.size,
      root: Data(checkpoint.root.bytes), signed: signed.map { String(decoding: $0, as: UTF8.self) })
    guard let place = chains.firstIndex(where: { $0.chain == seen.chain }) else {
      if chains.count == CheckpointMemory.maximumCount { chains.removeFirst() }
      chains.append(seen)
      return .newest
    }
    let known = chains[place]
    guard known.origin.utf8.elementsEqual(seen.origin.utf8) else {
      throw ProofError(.splitView, "the chain had the log \(known.origin) before")
    }
    if known.size == seen.size {
      guard known.root == seen.root else {
        throw ProofError(.splitView, "the log \(known.origin) showed two roots for size \(known.size)")
      }
      return .same
    }
    guard known.size < seen.size else { return .older(than: known.size) }
    chains.remove(at: place)
    chains.append(seen)
    return .newest
  }
}

extension SealProof {
  /// The checkpoint, which is worth what verifying the proof said about it.
  ///
  /// - Throws: `proof.malformed`.
  public func unverifiedCheckpoint() throws(ProofError) -> Checkpoint {
    guard let note = try? UnverifiedCheckpoint(Array(checkpoint.utf8)) else {
      throw ProofError(.malformed, "the checkpoint does not read")
    }
    return note.checkpoint
  }
}
