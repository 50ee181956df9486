public import Foundation
public import Ledger
public import TransparencyLog

/// Proof that a transaction stands in a sealed block under a quorum: good for ever, checked offline.
///
/// It proves the place. Whether the contract let the transaction through is in the results under the seal: where
/// the seal counts no failed transaction, this one succeeded.
///
/// Format 1 is described in docs/proofs.md.
public struct Receipt: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-receipt/v1"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.receipt+json"
  /// The most bytes of a file: the longest entry, header and checkpoint and two paths fit.
  public static let maximumByteCount = 2_000_000

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
  ///   - key: a key that the verifier knows to stand for the sender in place of her first. The receipt alone cannot
  ///     show that an account had changed its key: without this such a receipt is refused.
  /// - Returns: the transaction and the seal of its block.
  public func verify(
    chain: Hash, policy: Policy, key: PublicKey? = nil
  ) throws(ProofError) -> (transaction: VerifiedTransaction, seal: Seal) {
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the receipt is of chain \(self.chain)")
    }
    let block = try seal.verify(chain: chain, policy: policy)
    guard block.entries.contains(index), entry.first == EntryKind.transaction.rawValue else {
      throw ProofError(.notIncluded, "the entry is no transaction in the seal's block")
    }
    try SealProof.verify(Array(entry), index: index, path: path, checkpoint: block.checkpoint)
    return (try carriedOut(at: block.seal.time, chain: chain, key: key), block.seal)
  }

  /// The transaction, with what a block demands before it asks the contract. A log also holds transactions that
  /// fail here, put in by a careless or lying proposer; a receipt of one would make its sender say what she
  /// never said.
  private func carriedOut(at time: Timestamp, chain: Hash, key: PublicKey?) throws(ProofError) -> VerifiedTransaction {
    let transaction: VerifiedTransaction
    do {
      transaction = try VerifiedTransaction.verify(entry: Array(entry), chain: chain)
    } catch {
      throw ProofError(.refused, "\(error)")
    }
    guard transaction.isFirstKey || transaction.senderKey == key else {
      throw ProofError(.refused, "signed by somebody else than its sender")
    }
    guard time <= transaction.expiry, transaction.expiry <= time.adding(seconds: VerifiedTransaction.horizon) else {
      throw ProofError(.refused, "its expiry does not fit the time of its block")
    }
    return transaction
  }
}

extension Receipt {
  /// The receipt of an entry, out of a log's files alone; see ``ProofReader/receipt(of:isWhole:)``.
  public init(entry index: UInt64, from source: some LogSource, isWhole: Bool = false) throws {
    var reader = try ProofReader(source)
    self = try reader.receipt(of: index, isWhole: isWhole)
  }
}
