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
  public func verify(chain: Hash, policy: Policy) throws(ProofError) -> Proven {
    guard Array(self.chain.utf8) == Array(chain.description.utf8) else {
      throw ProofError(.wrongChain, "the statement is of chain \(self.chain)")
    }
    let (seal, _) = try seal.verify(policy: policy)
    guard tables.count == 3 else { throw ProofError(.malformed, "three tables are needed") }
    let membership: MembershipRecord = try record(self.membership, table: 0, name: "memberships", seal)
    let plan: PlanRecord = try record(self.plan, table: 1, name: "plans", seal)
    guard UInt64(membership.plan) == self.plan.ordinal else { throw ProofError(.notIncluded, "another plan") }
    var settled: [SettlementRecord] = []
    for proven in settlements { settled.append(try record(proven, table: 2, name: "settlements", seal)) }

    var changes: [MembershipChange] = []
    var history = Hash.zero
    for bytes in self.changes {
      let array = Array(bytes)
      guard array.count == MembershipChange.byteCount, (1...8).contains(array[0]) else {
        throw ProofError(.malformed, "a change has a fixed layout")
      }
      let change = MembershipChange(from: array.span.bytes)
      history = change.following(history)
      changes.append(change)
    }
    guard let join = changes.first, join.kind == .join, history == membership.history else {
      throw ProofError(.brokenHistory, "the changes do not give the membership's history")
    }
    try Statement.checkShares(settled, from: join, to: plan, of: membership)
    let (shares, balance) = try Statement.replay(changes, settled, membership: membership, plan: plan)
    return Proven(
      membership: membership, plan: plan, changes: changes, shares: shares, balance: balance, seal: seal)
  }

  /// The settlements must be the plan's, without a gap, from the join to the plan's last.
  private static func checkShares(
    _ settled: [SettlementRecord], from join: MembershipChange, to plan: PlanRecord, of membership: MembershipRecord
  ) throws(ProofError) {
    var cumulative = join.cumulative
    var number = settled.first?.number ?? plan.settlements + 1
    for settlement in settled {
      guard settlement.plan == membership.plan, settlement.number == number,
        settlement.cumulative - settlement.share == cumulative
      else { throw ProofError(.brokenShares, "settlement \(settlement.number) does not follow the one before") }
      cumulative = settlement.cumulative
      number += 1
    }
    guard cumulative == plan.cumulative, number == plan.settlements + 1 else {
      throw ProofError(.brokenShares, "the settlements do not lead to the plan's cumulative share")
    }
  }

  /// Walks through changes and settlements in the order of time, as the ledger did.
  private static func replay(
    _ changes: [MembershipChange], _ settled: [SettlementRecord], membership: MembershipRecord, plan: PlanRecord
  ) throws(ProofError) -> ([(settlement: SettlementRecord, given: Int64, balance: Int64)], Int64) {
    var shares: [(settlement: SettlementRecord, given: Int64, balance: Int64)] = []
    var exhaustsAt: Int64 = 0
    var ended = false
    var next = 0
    func settle(until cumulative: Int64) {
      while next < settled.count, settled[next].cumulative <= cumulative {
        let settlement = settled[next]
        let before = ended ? 0 : max(0, exhaustsAt - (settlement.cumulative - settlement.share))
        let given = min(before, settlement.share)
        if settlement.share > 0 { shares.append((settlement, given, before - given)) }
        next += 1
      }
    }
    for change in changes {
      settle(until: change.cumulative)
      switch change.kind {
      case .fund: exhaustsAt = change.cumulative &+ change.amount
      case .topUp, .reinstate: exhaustsAt = exhaustsAt &+ change.amount
      case .reverse: exhaustsAt = exhaustsAt &- change.amount
      case .end: ended = true
      case .join, .leave, .fileCase: break
      }
    }
    settle(until: plan.cumulative)
    guard exhaustsAt == membership.exhaustsAt, ended == (membership.status == .ended) else {
      throw ProofError(.brokenHistory, "the changes do not give the membership's balance")
    }
    return (shares, membership.balance(cumulative: plan.cumulative))
  }

  private func record<Record: FixedLayoutRecord>(
    _ proven: ProvenRecord, table index: Int, name: String, _ seal: Seal
  ) throws(ProofError) -> Record {
    let table = tables[index]
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
    return Record(from: bytes.span.bytes)
  }
}
