public import Foundation
public import Ledger
public import TransparencyLog

/// Proof that a transaction stands in a sealed block under a quorum: good for ever, checked offline.
///
/// The file is JSON; bytes are base64. Format 1 is described in docs/state.md.
public struct Receipt: Codable, Hashable, Sendable {
  /// The version of the format.
  public static let format = "tongzhou-receipt/v1"

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// Index of the transaction in the log.
  public var index: UInt64
  /// The transaction's entry, kind byte first.
  public var entry: Data
  /// RFC 6962 inclusion path of the entry.
  public var path: [Data]
  /// The block's seal.
  public var seal: SealProof

  /// The receipt of an entry, out of a log's files alone.
  public init(entry index: UInt64, from source: some LogSource) throws {
    var reader = try ProofReader(source)
    format = Receipt.format
    chain = Hash.sha256(Array(try reader.entry(0).dropFirst())).description
    self.index = index
    entry = Data(try reader.entry(index))
    path = try reader.path(index)
    seal = try reader.seal(from: index + 1)
  }

  /// Reads a receipt; `proof.malformed` for what is none.
  public init(json: [UInt8]) throws(ProofError) {
    guard let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(json)), receipt.format == Receipt.format
    else { throw ProofError(.malformed, "not a receipt of format 1") }
    self = receipt
  }

  /// The file's bytes.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return Array(try encoder.encode(self))
  }

  /// The entry's bare C2SP proof, `.tlog-proof`: index, path and checkpoint.
  public func tlogProof() throws -> [UInt8] {
    try TlogProof(
      index: index, path: SealProof.hashes(path), checkpoint: UnverifiedCheckpoint(Array(seal.checkpoint.utf8))
    ).bytes
  }

  /// Checks everything the receipt claims, offline.
  ///
  /// - Parameters:
  ///   - chain: the pinned chain id.
  ///   - policy: the policy of the organisations, from the pinned genesis or kept from before.
  /// - Returns: the transaction and the seal of its block.
  public func verify(chain: Hash, policy: Policy) throws -> (transaction: VerifiedTransaction, seal: Seal) {
    guard Array(self.chain.utf8) == Array(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the receipt is of chain \(self.chain)")
    }
    let (seal, checkpoint) = try seal.verify(policy: policy)
    guard index < self.seal.index, entry.first == EntryKind.transaction.rawValue else {
      throw ProofError(.notIncluded, "the entry is no transaction before the seal")
    }
    try SealProof.verify(Array(entry), index: index, path: path, checkpoint: checkpoint)
    let transaction = try VerifiedTransaction.verify(envelope: Array(entry.dropFirst()), chain: chain)
    return (transaction, seal)
  }
}
