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
    /// Each settlement since the join, with what this membership gave and its balance after.
    public let shares: [(settlement: SettlementRecord, given: Int64, balance: Int64)]
    /// The balance at the statement's seal.
    public let balance: Int64
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
    try checkTables()
    let membership: MembershipRecord = try record(self.membership, table: 0, seal)
    let plan: PlanRecord = try record(self.plan, table: 1, seal)
    guard UInt64(membership.plan) == self.plan.ordinal else { throw ProofError(.notIncluded, "another plan") }
    var settled: [SettlementRecord] = []
    for proven in settlements { settled.append(try record(proven, table: 2, seal)) }
    let changes = try provenChanges(giving: membership.history)

    var replay = try StatementReplay(join: changes[0], plan: membership.plan)
    try replay.run(changes.dropFirst(), settled, plan: plan)
    try replay.compare(with: membership, at: seal)
    return Proven(
      membership: membership, plan: plan, changes: changes, shares: replay.shares, balance: replay.balance, seal: seal)
  }

  /// The changes, if they are all of a history: the join, what followed, and nothing left out.
  private func provenChanges(giving expected: Hash) throws(ProofError) -> [MembershipChange] {
    var changes: [MembershipChange] = []
    var history = Hash.zero
    for bytes in self.changes {
      let array = Array(bytes)
      guard array.count == MembershipChange.byteCount, MembershipChange.Kind(rawValue: array[0]) != nil else {
        throw ProofError(.malformed, "a change has a fixed layout")
      }
      let change = MembershipChange(from: array.span.bytes)
      history = change.following(history)
      changes.append(change)
    }
    guard !changes.isEmpty, history == expected else {
      throw ProofError(.brokenHistory, "the changes do not give the membership's history")
    }
    return changes
  }

  private static let tableNames = ["memberships", "plans", "settlements"]

  /// The three tables stand in one state, in the order of their names.
  private func checkTables() throws(ProofError) {
    guard tables.count == Statement.tableNames.count else { throw ProofError(.malformed, "three tables are needed") }
    for (table, next) in zip(tables, tables.dropFirst()) {
      guard table.tables == next.tables, table.index < next.index else {
        throw ProofError(.notIncluded, "the tables are not of one state")
      }
    }
  }

  private func record<Record: FixedLayoutRecord>(
    _ proven: ProvenRecord, table index: Int, _ seal: Seal
  ) throws(ProofError) -> Record {
    let table = tables[index]
    let name = Statement.tableNames[index]
    guard let root = Hash(table.root) else { throw ProofError(.malformed, "a root has 32 bytes") }
    let proof = StateProof(
      table: TableProof(
        table: TableSummary(name: table.name, version: table.version, count: table.count, root: root),
        index: table.index, tableCount: table.tables, path: try SealProof.hashes(table.path)),
      record: RecordProof(
        ordinal: proven.ordinal, record: Array(proven.record), path: try SealProof.hashes(proven.path)))
    let bytes = Array(proven.record)
    guard bytes.count == Record.byteCount, proof.verify(name: name, version: 1, under: seal.state) else {
      throw ProofError(.notIncluded, "record \(proven.ordinal) of \(name) is not in the state")
    }
    let record = Record(from: bytes.span.bytes)
    // Reading puts something in the place of what it does not know; then other bytes come out again.
    guard record.canonicalBytes == bytes else {
      throw ProofError(.malformed, "record \(proven.ordinal) of \(name) is not in canonical form")
    }
    return record
  }
}
