internal import Foundation
public import Ledger
public import TransparencyLog

/// A node of somebody else's, asked over HTTP.
///
/// Nothing it says is believed that can be checked: receipts, statements and records come with proofs, which are
/// held against a ``TrustedChain``. What is only convenient, such as the list of an owner's memberships, says so.
public struct NodeClient: Sendable {
  /// The most bytes of an answer without a proof: a page of a list.
  private static let pageBytes = 1 << 20

  let transport: HTTPTransport

  /// The address, without a slash at its end.
  public var address: String { transport.base }

  /// A client of the node at an address such as `http://127.0.0.1:8080`. Call ``shutdown()`` when done.
  ///
  /// - Throws: `client.bad_address`.
  public init(_ address: String, options: ClientOptions = ClientOptions()) throws(ClientError) {
    transport = try HTTPTransport(address, options: options)
  }

  /// Ends the connections; to be called once, last.
  public func shutdown() async { await transport.shutdown() }

  /// Hands a client over and ends its connections afterwards.
  public static func with<Value>(
    _ address: String, options: ClientOptions = ClientOptions(), _ body: (NodeClient) async throws -> Value
  ) async throws -> Value {
    let client = try NodeClient(address, options: options)
    do {
      let value = try await body(client)
      await client.shutdown()
      return value
    } catch {
      await client.shutdown()
      throw error
    }
  }

  func get(_ path: String, limit: Int) async throws -> [UInt8] {
    guard let bytes = try await transport.get(path, limit: limit) else {
      throw ClientError(.badAnswer, "nothing at \(path)")
    }
    return bytes
  }

  func decoded<Value: Decodable>(_ type: Value.Type, _ path: String) async throws -> Value {
    try NodeClient.decode(type, try await get(path, limit: NodeClient.pageBytes), path)
  }

  static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ path: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw ClientError(.badAnswer, "\(path): not what the interface describes")
    }
  }
}

extension NodeClient {
  /// A chain, as the node presents it.
  public struct ChainSummary: Decodable, Sendable {
    /// The id it claims, 64 hexadecimal digits.
    public let id: String
    /// Its short name, a part of its log's path.
    public let name: String
    /// Blocks and entries.
    public let height, size: UInt64
  }

  /// The chains the node says it serves.
  public func chains() async throws -> [ChainSummary] {
    struct List: Decodable { let chains: [ChainSummary] }
    let chains = try await decoded(List.self, "/v1/chains").chains
    guard chains.allSatisfy({ NodeClient.isName($0.name) }) else {
      throw ClientError(.badAnswer, "a chain's name that is none")
    }
    return chains
  }

  /// The chain to work with: the one named, the one pinned or the first, with what proofs about it are held against.
  ///
  /// - Parameters:
  ///   - name: the chain's short name; `nil` for the one that says it is the pinned one, else the first.
  ///   - pinned: the id to insist on. Without it, the caller has to compare the id with the one he knows.
  /// - Throws: `client.bad_answer` where the node has no such chain, `audit.wrong_genesis` for another one.
  public func trusted(_ name: String? = nil, pinned: Hash?) async throws -> (name: String, chain: TrustedChain) {
    let chains = try await chains()
    let claimed = name == nil ? chains.first { $0.id == pinned?.description } : nil
    guard let found = claimed ?? chains.first(where: { name == nil || $0.name == name }) else {
      throw ClientError(.badAnswer, name.map { "the node serves no chain \($0)" } ?? "the node serves no chain yet")
    }
    return (found.name, try await trusted(log: found.name, pinned: pinned))
  }

  /// The chain of hearts to work with: the one named or pinned, or the first of hearts that the node serves.
  ///
  /// - Throws: as ``trusted(_:pinned:)``; `client.bad_answer` where the node serves none.
  public func trustedHearts(_ name: String? = nil, pinned: Hash?) async throws -> (name: String, chain: TrustedChain) {
    for chain in try await chains() where name == nil || chain.name == name {
      if name == nil, let pinned, chain.id != pinned.description { continue }
      let found = try await trusted(log: chain.name, pinned: pinned)
      if found.hasHearts { return (chain.name, found) }
    }
    throw ClientError(.badAnswer, "the node serves no chain of hearts\(name.map { " called \($0)" } ?? "")")
  }

  /// The chain of a log, from its first entry.
  ///
  /// - Parameter name: the chain's short name; `nil` for the log that lies at the client's address itself.
  /// - Throws: `audit.wrong_genesis` where it is not the one that was pinned.
  public func trusted(log name: String?, pinned: Hash?) async throws -> TrustedChain {
    let prefix = name.map { "/log/\($0)" } ?? ""
    let checkpoint = try await RemoteLog.checkpoint(transport, prefix: prefix)
    let size: UInt64
    do {
      size = try UnverifiedCheckpoint(checkpoint).checkpoint.size
    } catch {
      throw AuditFailure(.badCheckpoint, "checkpoint", "\(error)")
    }
    let entry = try await RemoteLog.firstEntry(transport, prefix: prefix, size: size)
    var chain = try TrustedChain(entry: entry, pinned: pinned)
    if let changes = try await policyChanges(name) { try chain.follow(changes) }
    return chain
  }

  /// The changes of the endorsers that a log has proofs of; `nil` where there were none. Nothing of them is checked.
  ///
  /// - Throws: `proof.malformed` for something else under that name.
  public func policyChanges(_ name: String?) async throws -> PolicyChanges? {
    let path = (name.map { "/log/\($0)/" } ?? "/") + PolicyChanges.path
    guard let bytes = try await transport.get(path, limit: PolicyChanges.maximumByteCount, mayBeMissing: true) else {
      return nil
    }
    return try PolicyChanges(file: bytes)
  }

  /// The log of a chain of this node, or, without a name, the log that lies at the client's address itself.
  ///
  /// - Parameter checkpoint: the checkpoint to show the log as of; the newest without it.
  public func log(
    _ name: String?, checkpoint: [UInt8]? = nil, options: RemoteLog.Options = RemoteLog.Options()
  ) async throws -> RemoteLog {
    let prefix = name.map { "/log/\($0)" } ?? ""
    var known = checkpoint
    if known == nil { known = try await RemoteLog.checkpoint(transport, prefix: prefix) }
    return try RemoteLog(transport, prefix: prefix, checkpoint: known ?? [], options: options)
  }

  /// The newest checkpoint of a log; nothing of it is checked.
  public func checkpoint(_ name: String?) async throws -> [UInt8] {
    try await RemoteLog.checkpoint(transport, prefix: name.map { "/log/\($0)" } ?? "")
  }

  /// Whether a name may stand in a path.
  public static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return (1...128).contains(name.utf8.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
              || [45, 46, 95].contains(byte)
          }
      }
  }
}

extension NodeClient {
  /// A membership, as the node's list presents it. ``NodeClient/statement(of:on:chain:cases:)`` proves it.
  public struct MemberSummary: Decodable, Sendable {
    /// Its ordinal.
    public let membership: UInt32
    /// The plan.
    public let plan: UInt16
    /// `active`, `leaving` or `ended`.
    public let status: String
    /// The owner's record in `account_keys`, where there is one.
    public let accountKey: UInt64?
    /// The commitment to the payee of record, 64 hexadecimal digits; `nil` where payments go to the owner.
    public let payee: String?
  }

  /// A membership, as the node shows it; nothing here is proven.
  func summary(of membership: UInt32, chain: String) async throws -> MemberSummary {
    try await decoded(MemberSummary.self, "/v1/members/\(membership)?chain=\(chain)")
  }

  /// The memberships of an owner, as the node's search index has them.
  public func members(of owner: Address, chain: String) async throws -> [MemberSummary] {
    struct List: Decodable { let items: [MemberSummary] }
    return try await decoded(List.self, "/v1/members?owner=\(owner)&chain=\(chain)").items
  }

  /// A membership's statement with what it proves.
  ///
  /// - Parameter cases: the cases that it is to open.
  /// - Throws: ``ProofError`` for one that does not hold, `client.unproven` for one that opens less.
  public func statement(
    of membership: UInt32, on name: String, chain: TrustedChain, cases: WantedCases = .nothing
  ) async throws -> (statement: Statement, proven: Statement.Proven) {
    let wanted = cases.text.map { "&cases=\($0)" } ?? ""
    let bytes = try await get(
      "/v1/members/\(membership)/statement?chain=\(name)\(wanted)", limit: Statement.maximumByteCount)
    let statement = try Statement(file: bytes)
    let proven = try statement.verify(chain: chain.id, policies: chain.policies)
    guard statement.membership.ordinal == UInt64(membership) else {
      throw ClientError(.unproven, "the statement is of membership \(statement.membership.ordinal)")
    }
    guard proven.opens(cases) else { throw ClientError(.unproven, "the statement does not open the cases asked for") }
    return (statement, proven)
  }

  /// A transaction's receipt with what it proves.
  ///
  /// - Parameter hash: the transaction's hash, SHA-256 of its envelope.
  public func receipt(
    of hash: Hash, on name: String, chain: TrustedChain
  ) async throws -> (receipt: Receipt, transaction: VerifiedTransaction, seal: Seal) {
    let receipt = try await fetchedReceipt(of: hash, on: name)
    let (transaction, seal) = try receipt.verify(chain: chain.id, policies: chain.policies)
    guard transaction.hash == hash else {
      throw ClientError(.unproven, "the receipt is of transaction \(transaction.hash)")
    }
    return (receipt, transaction, seal)
  }

  /// A receipt as the node gives it, checked for nothing but that it is of this transaction: for who looks for what
  /// was signed by somebody else than the sender.
  public func unverifiedReceipt(of hash: Hash, on name: String) async throws -> Receipt {
    let receipt = try await fetchedReceipt(of: hash, on: name)
    guard Hash.sha256(Array(receipt.entry.dropFirst())) == hash else {
      throw ClientError(.unproven, "the receipt is of another transaction")
    }
    return receipt
  }

  private func fetchedReceipt(of hash: Hash, on name: String) async throws -> Receipt {
    try Receipt(file: await get("/v1/receipts/\(hash)?chain=\(name)", limit: Receipt.maximumByteCount))
  }

  /// The hashes of a sender's transactions, newest first, as the node's search index has them; at most 10,000.
  public func transactions(of sender: Address, on name: String) async throws -> [Hash] {
    struct List: Decodable {
      struct Item: Decodable { let hash: String }
      let items: [Item]
      let next: String?
    }
    var found: [Hash] = []
    var cursor: UInt64?
    repeat {
      let place = cursor.map { "&cursor=\($0)" } ?? ""
      let page = try await decoded(
        List.self, "/v1/transactions?sender=\(sender)&limit=200&chain=\(name)\(place)")
      for item in page.items {
        guard let hash = Hash(hexadecimal: item.hash) else {
          throw ClientError(.badAnswer, "a transaction is named by its hash, 64 hexadecimal digits")
        }
        found.append(hash)
      }
      guard found.count <= 10_000 else { throw ClientError(.tooLarge, "more than 10,000 transactions of one sender") }
      let next = page.next.flatMap { UInt64($0) }
      // Newest first: a list that does not go down would never end.
      guard next == nil || cursor == nil || next ?? 0 < cursor ?? 0 else {
        throw ClientError(.badAnswer, "the list of transactions does not come to an end")
      }
      cursor = next
    } while cursor != nil
    return found
  }
}
