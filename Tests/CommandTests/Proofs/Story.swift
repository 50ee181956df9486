import Foundation
import TestSupport

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient
@testable import TransparencyLog

/// One membership's life, reckoned by hand, that a test may bend before a quorum signs it.
///
/// C is 5 yuan at the join. She pays in ten yuan, shares two, adds one, has four taken back, runs dry at a share of
/// six, makes good with three, shares a bit more twice and leaves.
struct Story {
  /// The shares she gives and her balance after each.
  static let given: [Int64] = [2_000_000, 5_000_000, 500_123, 1]
  static let balances: [Int64] = [8_000_000, 0, 1_499_877, 1_499_876]

  var membership: MembershipRecord
  var plan = PlanRecord()
  /// Settlements 3 to 7.
  var settlements: [SettlementRecord] = []
  var changes: [MembershipChange] = []
  /// What the custodian of the plan, and those of others, said they hold; none unless a test says so.
  var reserves: [ReserveStatementRecord] = []
  /// The last word on the bytes of records: membership, plan, settlements.
  var bend: (inout [UInt8], inout [UInt8], inout [[UInt8]]) -> Void = { _, _, _ in }

  /// Places in `changes`.
  static let (join, fund, topUp, reverse, reinstate, file, leave, end) = (0, 1, 2, 3, 4, 5, 6, 7)

  init() throws {
    let owner = try SigningKey(seed: [UInt8](repeating: 1, count: 32)).publicKey.address
    membership = MembershipRecord(
      owner: owner, nullifier: 1, plan: 1, birthMonth: 1990 * 12, number: 7, joinedAt: Timestamp(seconds: 1_000),
      history: .zero)
    membership.exhaustsAt = 15_000_000
    membership.waitingFrom = Timestamp(seconds: 1_100)
    membership.coveredSince = Timestamp(seconds: 1_600)
    membership.status = .ended
    plan.cumulative = 13_500_124
    plan.settlements = 7

    change(.join, 0, number: 7, at: 1_000, 5_000_000)
    change(.fund, 10_000_000, at: 1_100, 5_000_000)
    settle(3, 2_000_000, at: 1_200, 7_000_000)
    change(.topUp, 1_000_000, at: 1_300, 7_000_000)
    settle(4, 0, at: 1_350, 7_000_000)
    change(.reverse, 4_000_000, at: 1_400, 7_000_000)
    settle(5, 6_000_000, at: 1_500, 13_000_000)
    change(.reinstate, 3_000_000, at: 1_600, 13_000_000)
    change(.fileCase, 0, number: 4, at: 1_650, 13_000_000)
    settle(6, 500_123, at: 1_700, 13_500_123)
    change(.leave, 0, at: 1_750, 13_500_123)
    settle(7, 1, at: 1_800, 13_500_124)
    change(.end, 1_490_000, at: 1_800, 13_500_124)
    change(.fileCase, 0, number: 5, at: 1_900, 13_500_124)
  }

  mutating func change(
    _ kind: MembershipChange.Kind, _ amount: Int64, number: UInt64 = 0, at time: UInt64, _ cumulative: Int64
  ) {
    changes.append(
      MembershipChange(
        kind, amount: amount, number: number, time: Timestamp(seconds: time), cumulative: cumulative))
  }

  mutating func settle(_ number: UInt32, _ share: Int64, at time: UInt64, _ cumulative: Int64) {
    var record = SettlementRecord()
    record.plan = 1
    record.number = number
    record.share = share
    record.time = Timestamp(seconds: time)
    record.cumulative = cumulative
    settlements.append(record)
  }

  /// The statement, with every hash as it must be and signed by the block's organisation.
  ///
  /// - Parameter neighbours: settlements of other plans before each of this one.
  func statement(
    in block: SignedBlock, from template: MemberStatement, neighbours: Int = 0
  ) throws -> MemberStatement {
    var membership = membership
    membership.history = changes.reduce(Hash.zero) { $1.following($0) }
    var member = membership.canonicalBytes
    var planBytes = plan.canonicalBytes
    var settled = settlements.map(\.canonicalBytes)
    bend(&member, &planBytes, &settled)

    let filler = Hash.sha256([3])
    let others = { (number: Int) in
      (0..<neighbours).map { Hash.label("other", UInt64(number * neighbours + $0)).bytes }
    }
    var third: [[UInt8]] = [[7]]
    for (number, record) in settled.enumerated() { third += others(number) + [record] }
    let rows: [[[UInt8]]] = [[[9, 9], member], [[8], planBytes], third]
    let places = settled.indices.map { UInt64(1 + $0 * (neighbours + 1) + neighbours) }
    let leaves = rows.map { $0.map { Hash.leaf($0) } }
    let names = ["memberships", "plans", "settlements"]
    var summaries = [TableSummary(name: "accounts", version: 1, count: 5, root: filler)]
    for (name, leaves) in zip(names, leaves) {
      summaries.append(
        TableSummary(name: name, version: 1, count: UInt64(leaves.count), root: MerkleTree.treeRoot(of: leaves)))
    }
    let said = reserves.map(\.canonicalBytes)
    let saidLeaves = said.map { Hash.leaf($0) }
    if !said.isEmpty {
      summaries.append(
        TableSummary(
          name: "reserve_statements", version: 1, count: UInt64(said.count), root: MerkleTree.treeRoot(of: saidLeaves)))
    }
    let commitment = StateCommitment(summaries)
    var block = block
    block.state = commitment.root

    func record(_ table: Int, _ ordinal: Int) throws -> ProvenRecord {
      let path = try InclusionProof.build(index: UInt64(ordinal), leaves: leaves[table]).path
      return ProvenRecord(
        RecordProof(ordinal: UInt64(ordinal), record: rows[table][ordinal], path: path))
    }
    var statement = template
    statement.chain = block.chain.description
    statement.seal = try block.log().seal
    statement.tables = names.compactMap { commitment.proof(ofTable: $0) }.map { ProvenTable($0) }
    statement.membership = try record(0, 1)
    statement.plan = try record(1, 1)
    let proof = try SubsetProof.build(
      indices: places, size: UInt64(leaves[2].count),
      hashes: MerkleTree.nodes(over: leaves[2]))
    statement.settlements = ProvenRecords(
      RecordsProof(records: zip(places, settled).map { ($0, $1) }, hashes: proof.hashes))
    statement.changes = changes.map { Data($0.canonicalBytes) }
    statement.reserve = nil
    if let last = said.indices.last, let table = commitment.proof(ofTable: "reserve_statements") {
      statement.reserve = MemberStatement.Reserve(
        table: ProvenTable(table), record: try Story.reserve(last, of: said, saidLeaves))
    }
    return statement
  }

  /// A custodian's statement with its place.
  static func reserve(_ ordinal: Int, of records: [[UInt8]], _ leaves: [Hash]) throws -> ProvenRecord {
    let path = try InclusionProof.build(index: UInt64(ordinal), leaves: leaves).path
    return ProvenRecord(RecordProof(ordinal: UInt64(ordinal), record: records[ordinal], path: path))
  }

  /// The same life in a plan whose custodian has said three times what it holds, between others who said it too.
  static func withReserves() throws -> Story {
    var story = try Story()
    (story.plan.money.deposits, story.plan.money.reversals) = (90_000_000, 4_000_000)
    func said(_ plan: UInt16, _ number: UInt32, at time: UInt64, held: Int64) -> ReserveStatementRecord {
      ReserveStatementRecord(
        plan: plan, organisation: 2, number: number, asOf: Timestamp(seconds: time - 60),
        time: Timestamp(seconds: time), held: held, owed: 80_000_000, feesDrawn: 1_000_000,
        evidence: .label("evidence", UInt64(number)))
    }
    story.reserves = [
      said(1, 1, at: 1_200, held: 80_000_000), said(2, 1, at: 1_300, held: 7_000_000),
      said(1, 2, at: 1_500, held: 79_000_000), said(0, 1, at: 1_600, held: 1), said(1, 3, at: 1_900, held: 85_000_000),
    ]
    return story
  }
}
