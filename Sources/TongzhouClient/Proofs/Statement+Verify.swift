internal import Foundation
public import Ledger
public import MutualAid
public import TransparencyLog

extension Statement {
  /// What a statement proves.
  public struct Proven: Sendable {
    /// The membership's record.
    public let membership: MembershipRecord
    /// The plan's record.
    public let plan: PlanRecord
    /// The changes, oldest first.
    public let changes: [MembershipChange]
    /// Each settlement that the statement shows, oldest first.
    public let settled: [SettlementRecord]
    /// Each settlement since the join, with what this membership gave and its balance after.
    public let shares: [(settlement: SettlementRecord, given: Int64, balance: Int64)]
    /// The balance at the statement's seal.
    public let balance: Int64
    /// The opened cases of each settlement that has them, with what each was given.
    public let cases: [(settlement: SettlementRecord, cases: [SettledCase])]
    /// The custodian's statement, and what it owed for the plan at the statement's seal, taking its word for the fees
    /// that were drawn.
    public let reserve: (statement: ReserveStatementRecord, owed: Int64)?
    /// The seal.
    public let seal: Seal
  }

  /// Checks everything the statement claims, offline, and derives the balance anew.
  ///
  /// Changes and settlements are not only held against the hashes under the seal: they must be such as the ledger
  /// makes, so that organisations which agree on a lie about one member have to tell it in front of her.
  public func verify(chain: Hash, policy: Policy) throws(ProofError) -> Proven {
    guard self.chain.utf8.elementsEqual(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the statement is of chain \(self.chain)")
    }
    let seal = try seal.verify(chain: chain, policy: policy).seal
    let tables = try provenTables(under: seal.state)
    let membership: MembershipRecord = try self.membership.verified(in: tables[0])
    let plan: PlanRecord = try self.plan.verified(in: tables[1])
    guard UInt64(membership.plan) == self.plan.ordinal else { throw ProofError(.notIncluded, "another plan") }
    let settled: [SettlementRecord] = try settlements.verified(in: tables[2])
    let changes = try provenChanges(giving: membership.history)

    var replay = try StatementReplay(join: changes[0], plan: membership.plan)
    try replay.run(changes.dropFirst(), settled, plan: plan)
    try replay.compare(with: membership, at: seal)
    return Proven(
      membership: membership, plan: plan, changes: changes, settled: settled, shares: replay.shares,
      balance: replay.balance,
      cases: try provenCases(of: settled), reserve: try provenReserve(of: plan, under: seal.state), seal: seal)
  }

  /// The changes, if they are all of a history: the join, what followed, and nothing left out.
  private func provenChanges(giving expected: Hash) throws(ProofError) -> [MembershipChange] {
    var changes: [MembershipChange] = []
    var history = Hash.zero
    for bytes in self.changes {
      guard let change = MembershipChange(bytes: Array(bytes)) else {
        throw ProofError(.malformed, "a change has a fixed layout")
      }
      history = change.following(history)
      changes.append(change)
    }
    guard !changes.isEmpty, history == expected else {
      throw ProofError(.brokenHistory, "the changes do not give the membership's history")
    }
    return changes
  }

  private static let tableNames = ["memberships", "plans", "settlements"]

  /// The three tables, which stand in one state in the order of their names.
  private func provenTables(under state: Hash) throws(ProofError) -> [TableSummary] {
    guard tables.count == Statement.tableNames.count else { throw ProofError(.malformed, "three tables are needed") }
    for (table, next) in zip(tables, tables.dropFirst()) {
      guard table.tables == next.tables, table.index < next.index else {
        throw ProofError(.notIncluded, "the tables are not of one state")
      }
    }
    var proven: [TableSummary] = []
    for (table, name) in zip(tables, Statement.tableNames) {
      proven.append(try table.verified(name: name, under: state))
    }
    return proven
  }

  /// The opened cases, if they are those of a settlement shown, all of them.
  private func provenCases(
    of settled: [SettlementRecord]
  ) throws(ProofError) -> [(settlement: SettlementRecord, cases: [SettledCase])] {
    var proven: [(settlement: SettlementRecord, cases: [SettledCase])] = []
    for opened in cases ?? [] {
      guard let place = settlements.records.firstIndex(where: { $0.ordinal == opened.settlement }) else {
        throw ProofError(.brokenShares, "cases of a settlement that is not shown")
      }
      guard opened.rows.count.isMultiple(of: SettledCase.byteCount) else {
        throw ProofError(.malformed, "a case has \(SettledCase.byteCount) bytes")
      }
      let rows = stride(from: 0, to: opened.rows.count, by: SettledCase.byteCount).map {
        Array(opened.rows.dropFirst($0).prefix(SettledCase.byteCount))
      }
      let root = MerkleTree.treeRoot(of: rows.map { Hash.leaf($0) })
      guard opened.rows.count == Int(settled[place].cases) * SettledCase.byteCount, root == settled[place].casesRoot
      else { throw ProofError(.brokenShares, "not the cases of settlement \(settled[place].number)") }
      proven.append((settled[place], rows.map { SettledCase(from: $0.span.bytes) }))
    }
    return proven
  }

  private func provenReserve(
    of plan: PlanRecord, under state: Hash
  ) throws(ProofError) -> (statement: ReserveStatementRecord, owed: Int64)? {
    guard let reserve else { return nil }
    let table = try reserve.table.verified(name: "reserve_statements", under: state)
    guard reserve.table.tables == tables[0].tables else {
      throw ProofError(.notIncluded, "the tables are not of one state")
    }
    let statement: ReserveStatementRecord = try reserve.record.verified(in: table)
    guard UInt64(statement.plan) == self.plan.ordinal else { throw ProofError(.notIncluded, "another plan") }
    return (statement, plan.owed(feesDrawn: statement.feesDrawn))
  }
}
