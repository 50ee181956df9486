internal import Foundation
public import TransparencyLog

/// The newest checkpoint of each log that somebody who verifies has seen.
///
/// Files of one log that name two roots for one size are the trace of a ledger that shows different people different
/// books; each of them alone looks right. So every verifier remembers.
public struct CheckpointMemory: Codable, Hashable, Sendable {
  /// A log at one size.
  private struct Seen: Codable, Hashable {
    var origin: String
    var size: UInt64
    var root: Data
  }

  /// Logs remembered at most; those seen last are kept.
  public static let maximumCount = 1_000

  private var logs: [Seen]

  /// Nothing seen yet.
  public init() { logs = [] }

  /// What was remembered in a file; nothing where there is no file yet.
  ///
  /// - Throws: `proof.malformed` where the file holds something else: to begin anew has to be somebody's wish.
  public init(path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else {
      self.init()
      return
    }
    guard let memory = try? JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path))),
      memory.logs.allSatisfy({ $0.root.count == Hash.byteCount })
    else { throw ProofError(.malformed, "\(path) is not a memory of checkpoints") }
    self = memory
  }

  /// Keeps it in a file, whole or not at all.
  public func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: path), options: .atomic)
  }

  /// How a checkpoint compares with what was seen before.
  public enum Age: Sendable {
    /// The first of its log, or larger than all before.
    case newest
    /// The newest again.
    case same
    /// Smaller than one seen before; only the log itself could show that it is a beginning of it.
    case older(than: UInt64)
  }

  /// Remembers the checkpoint of a file that was verified.
  ///
  /// - Throws: `proof.split_view` where the log showed another root for this size.
  public mutating func see(_ checkpoint: Checkpoint) throws(ProofError) -> Age {
    let root = Data(checkpoint.root.bytes)
    let origin = String(decoding: checkpoint.origin, as: UTF8.self)
    guard let place = logs.firstIndex(where: { $0.origin.utf8.elementsEqual(origin.utf8) }) else {
      if logs.count == CheckpointMemory.maximumCount { logs.removeFirst() }
      logs.append(Seen(origin: origin, size: checkpoint.size, root: root))
      return .newest
    }
    var known = logs.remove(at: place)
    defer { logs.append(known) }
    if known.size == checkpoint.size {
      guard known.root == root else {
        throw ProofError(
          .splitView, "the log \(known.origin) showed two roots for size \(known.size): it shows different people "
            + "different books")
      }
      return .same
    }
    guard known.size < checkpoint.size else { return .older(than: known.size) }
    (known.size, known.root) = (checkpoint.size, root)
    return .newest
  }
}

extension SealProof {
  /// The checkpoint, which is worth what ``verify`` said about it.
  ///
  /// - Throws: `proof.malformed`.
  public func unverifiedCheckpoint() throws(ProofError) -> Checkpoint {
    guard let note = try? UnverifiedCheckpoint(Array(checkpoint.utf8)) else {
      throw ProofError(.malformed, "the checkpoint does not read")
    }
    return note.checkpoint
  }
}
