public import Ledger
public import TransparencyLog

extension NodeClient {
  /// What became of a transaction that was handed in.
  public struct Submission: Sendable {
    /// The transaction's hash, which names it.
    public let transaction: Hash
    /// What the contract said, `success` or a code from docs/errors.md. The node says so; the results are under
    /// the block's seal, and a replay finds them again.
    public let code: String
    /// The same for each row; `nil` where the answer was lost and the node was asked anew.
    public let rows: [String]?
    /// Proof that the transaction stands on the chain; verified.
    public let receipt: Receipt
    /// The block's seal.
    public let seal: Seal

    /// Whether it did what it asked for.
    public var succeeded: Bool { code == "success" }
  }

  /// The most bytes of the answer to a submission: a receipt, and a code for each row.
  private static let submissionBytes = 8 << 20

  /// Hands in a signed transaction with its rows, waits until it is final, and verifies the receipt.
  ///
  /// The same bytes are sent again while the node cannot be reached or has no room: the chain takes them once.
  ///
  /// - Parameters:
  ///   - envelope: the signed envelope.
  ///   - rows: the rows its manifest names.
  /// - Throws: ``ClientError`` with the ledger's code where the transaction is refused before it gets into the log,
  ///   `client.unproven` where the node's receipt does not hold.
  public func submit(
    _ envelope: [UInt8], rows: [[UInt8]] = [], on name: String, chain: TrustedChain
  ) async throws -> Submission {
    struct Answer: Decodable {
      let transaction: String
      let index: UInt64
      let height: UInt64
      let code: String
      let rows: [String]
      let receipt: Receipt
    }
    let hash = Hash.sha256(envelope)
    let path = "/v1/transactions?chain=\(name)"
    let (body, type) = try NodeClient.body(envelope, rows)
    var isFirst = true
    return try await transport.repeated {
      let bytes: [UInt8]
      do {
        defer { isFirst = false }
        bytes = try await self.transport.post(path, body, type: type, limit: NodeClient.submissionBytes)
      } catch let error as ClientError
        where error.code.name == ErrorCode.replayed.name
        || !isFirst && error.code.name == ErrorCode.expired.name
      {
        // It may have got in when the answer was lost.
        return try await self.placed(hash, envelope, on: name, chain: chain, refused: error)
      }
      let answer = try NodeClient.decode(Answer.self, bytes, path)
      return try NodeClient.verified(answer.receipt, envelope, code: answer.code, rows: answer.rows, chain: chain)
    }
  }

  /// The body of a submission: the envelope alone, or JSON with the rows.
  private static func body(_ envelope: [UInt8], _ rows: [[UInt8]]) throws -> (bytes: [UInt8], type: String) {
    if rows.isEmpty { return (envelope, "application/protobuf") }
    return (try SubmissionDocument(envelope: envelope, rows: rows).json(), "application/json")
  }

  /// What the node knows of a transaction that it will not take again.
  private func placed(
    _ hash: Hash, _ envelope: [UInt8], on name: String, chain: TrustedChain, refused: ClientError
  ) async throws -> Submission {
    struct Found: Decodable { let code: String }
    // The search index may lag a moment behind the block.
    for _ in 0..<20 {
      do {
        let found = try await decoded(Found.self, "/v1/transactions/\(hash)?chain=\(name)")
        let receipt = try await receipt(of: hash, on: name, chain: chain).receipt
        return try NodeClient.verified(receipt, envelope, code: found.code, rows: nil, chain: chain)
      } catch let error as ClientError where error.status == 404 {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    throw refused
  }

  private static func verified(
    _ receipt: Receipt, _ envelope: [UInt8], code: String, rows: [String]?, chain: TrustedChain
  ) throws -> Submission {
    guard Array(receipt.entry) == Entry.make(.transaction, envelope) else {
      throw ClientError(.unproven, "the receipt is of another transaction")
    }
    // Whoever handed it in knows whose key signed it.
    let key = try VerifiedTransaction.verify(envelope: envelope, chain: chain.id).senderKey
    let seal = try receipt.verify(chain: chain.id, policies: chain.policies, key: key).seal
    return Submission(transaction: .sha256(envelope), code: code, rows: rows, receipt: receipt, seal: seal)
  }
}
