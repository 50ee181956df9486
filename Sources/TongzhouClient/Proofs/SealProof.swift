public import Foundation
internal import Ledger
internal import TransparencyLog

/// A block's seal with its place under an endorsed checkpoint: where every proof of ours ends.
///
/// Cosignatures name the log by its origin only. The header, whose hash the seal holds, names the chain and
/// says how many entries the block has.
public struct SealProof: Codable, Hashable, Sendable {
  /// Index of the seal in the log.
  public var index: UInt64
  /// The seal's entry, kind byte first.
  public var seal: Data
  /// The entry that opens the block, kind byte first.
  public var header: Data
  /// RFC 6962 inclusion path of the seal.
  public var path: [Data]
  /// The signed checkpoint, as text.
  public var checkpoint: String

  /// What a valid seal proof says.
  struct Proven {
    let seal: Seal
    let header: Header
    let checkpoint: Checkpoint
    /// Indices of the entries between header and seal.
    let entries: Range<UInt64>
  }

  /// Checks the checkpoint against the policy, the seal against the checkpoint, the header against the seal,
  /// and the chain against the header.
  ///
  /// - Throws: `proof.no_quorum`, `proof.not_included`, `proof.malformed`, `proof.wrong_chain`.
  func verify(chain: Hash, policy: Policy) throws(ProofError) -> Proven {
    let checkpoint: Checkpoint
    do {
      checkpoint = try policy.verify(UnverifiedCheckpoint(Array(self.checkpoint.utf8))).checkpoint
    } catch {
      throw ProofError(.noQuorum, "\(error)")
    }
    let entry = Array(self.seal)
    guard let seal = try? Seal(entry: entry) else { throw ProofError(.malformed, "the seal does not decode") }
    try SealProof.verify(entry, index: index, path: path, checkpoint: checkpoint)
    let signed = Array(self.header.dropFirst())
    guard self.header.first == EntryKind.header.rawValue, let header = try? Batch.header(of: signed) else {
      throw ProofError(.malformed, "the header does not decode")
    }
    guard Batch.hash(ofSignedHeader: signed) == seal.batch, UInt64(header.count) < index else {
      throw ProofError(.notIncluded, "the header is not that of the seal's block")
    }
    guard header.chain == chain else { throw ProofError(.wrongChain, "the block is of chain \(header.chain)") }
    return Proven(
      seal: seal, header: header, checkpoint: checkpoint, entries: (index - UInt64(header.count))..<index)
  }

  /// Leaves out all log signatures but the first; the cosignatures, which make the quorum, stay.
  mutating func keepOneLogSignature() {
    // By bytes: looking for whole characters takes longer than all the rest of making a proof's seal.
    let newline = UInt8(ascii: "\n")
    let lines = Array(checkpoint.utf8).split(separator: newline, omittingEmptySubsequences: false)
    guard let origin = lines.first else { return }
    let beginning = Array("\u{2014} ".utf8) + origin + [UInt8(ascii: " ")]
    guard let first = lines.firstIndex(where: { $0.starts(with: beginning) }) else { return }
    let kept = lines.indices.filter { $0 <= first || !lines[$0].starts(with: beginning) }
    checkpoint = String(decoding: Array(kept.map { lines[$0] }.joined(separator: [newline])), as: UTF8.self)
  }

  /// No tree that a log may have needs more.
  static let maximumPathCount = 63

  static func verify(
    _ entry: [UInt8], index: UInt64, path: [Data], checkpoint: Checkpoint
  ) throws(ProofError) {
    let proof = InclusionProof(index: index, size: checkpoint.size, path: try hashes(path))
    do {
      try proof.verify(leafHash: .leaf(entry), root: checkpoint.root)
    } catch {
      throw ProofError(.notIncluded, "entry \(index): \(error)")
    }
  }

  static func hashes(_ path: [Data]) throws(ProofError) -> [Hash] {
    guard path.count <= maximumPathCount else {
      throw ProofError(.malformed, "a path has at most \(maximumPathCount) hashes")
    }
    var hashes: [Hash] = []
    for data in path {
      guard let hash = Hash(data) else { throw ProofError(.malformed, "a hash has 32 bytes") }
      hashes.append(hash)
    }
    return hashes
  }
}
