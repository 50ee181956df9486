public import Foundation
public import Ledger
public import MutualAid
public import TransparencyLog

/// A member's statement, proven: every change of her membership and every share since she joined.
///
/// Whoever holds the file and the policy re-derives her balance to the millionth without asking anybody.
public struct Statement: Codable, Hashable, Sendable {
  /// The version of the format.
  public static let format = "tongzhou-statement/v1"
  /// The most bytes of a file: room for over thirty thousand settlements.
  public static let maximumByteCount = 64_000_000

  /// A record with its place under the state root.
  public struct ProvenRecord: Codable, Hashable, Sendable {
    /// The record's ordinal in its table.
    public var ordinal: UInt64
    /// Its canonical bytes.
    public var record: Data
    /// RFC 6962 inclusion path under the table's root.
    public var path: [Data]
  }

  /// A table with its place under the state root.
  public struct ProvenTable: Codable, Hashable, Sendable {
    /// The table's name.
    public var name: String
    /// Version of its layout.
    public var version: UInt32
    /// Records in it.
    public var count: UInt64
    /// Its root.
    public var root: Data
    /// Its index among the tables, and their number.
    public var index: UInt64
    /// See ``index``.
    public var tables: UInt64
    /// RFC 6962 inclusion path under the state root.
    public var path: [Data]
  }

  /// See ``format``.
  public var format: String
  /// The chain's id, 64 hexadecimal digits.
  public var chain: String
  /// The seal whose state it is about.
  public var seal: SealProof
  /// The tables `memberships`, `plans` and `settlements`, in this order.
  public var tables: [ProvenTable]
  /// The membership's record.
  public var membership: ProvenRecord
  /// The plan's record.
  public var plan: ProvenRecord
  /// The plan's settlements since the join, oldest first, beginning with the first that took a share: one before
  /// it changed nothing for her, and whether it came before or after the join nobody could tell.
  public var settlements: [ProvenRecord]
  /// The changes of the membership, oldest first, in their fixed layout.
  public var changes: [Data]

  /// Reads a statement; `proof.malformed` for what is none.
  public init(json: [UInt8]) throws(ProofError) {
    guard json.count <= Statement.maximumByteCount,
      let statement = try? JSONDecoder().decode(Statement.self, from: Data(json)),
      statement.format.utf8.elementsEqual(Statement.format.utf8)
    else { throw ProofError(.malformed, "not a statement of format 1") }
    self = statement
  }

  /// The file's bytes.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }
}

extension Statement {
  /// The statement of the membership that an audit watched, as of the end of the log.
  public init(watched report: Auditor<some LogSource>.Report, from source: some LogSource) throws {
    guard let ordinal = report.watched else { throw ProofError(.notFound, "no membership was watched") }
    var reader = try ProofReader(source)
    try self.init(
      of: ordinal, changes: report.changes, state: report.final.app, chain: report.chain,
      seal: reader.seal(from: reader.size - 1))
  }

  /// The statement of a membership out of a state, the seal that names the state's root, and its changes.
  public init(
    of ordinal: UInt32, changes: [MembershipChange], state app: AidChain, chain: Hash, seal: SealProof
  ) throws {
    var app = app
    let commitment = app.commitment()
    let state = app.mutualAid
    guard Int(ordinal) < state.memberships.count, let joined = changes.first else {
      throw ProofError(.notFound, "no such membership")
    }
    let member = state.memberships[Int(ordinal)]
    format = Statement.format
    self.chain = chain.description
    self.seal = seal
    tables = try ["memberships", "plans", "settlements"].map { name in
      guard let proof = commitment.proof(ofTable: name) else { throw ProofError(.notFound, "no table \(name)") }
      return ProvenTable(proof)
    }
    membership = ProvenRecord(state.memberships.proof(of: Int(ordinal)))
    plan = ProvenRecord(state.plans.proof(of: Int(member.plan)))
    settlements = (0..<state.settlements.count).filter { number in
      let record = state.settlements[number]
      return record.plan == member.plan && record.cumulative - record.share >= joined.cumulative
        && record.time >= joined.time
    }.drop { state.settlements[$0].share == 0 }.map { ProvenRecord(state.settlements.proof(of: $0)) }
    self.changes = changes.map { Data($0.canonicalBytes) }
  }
}

extension Statement.ProvenTable {
  /// A table with its proof.
  public init(_ proof: TableProof) {
    name = String(decoding: proof.table.name, as: UTF8.self)
    version = proof.table.version
    count = proof.table.count
    root = Data(proof.table.root.bytes)
    index = proof.index
    tables = proof.tableCount
    path = proof.path.map { Data($0.bytes) }
  }
}

extension Statement.ProvenRecord {
  /// A record with its proof.
  public init(_ proof: RecordProof) {
    ordinal = proof.ordinal
    record = Data(proof.record)
    path = proof.path.map { Data($0.bytes) }
  }
}
