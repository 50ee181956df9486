public import Contracts
public import Foundation
internal import Ledger
public import MutualAid
public import TransparencyLog

/// A member's statement, proven: every change of her membership and every share since she joined.
///
/// Whoever holds the file and the policy re-derives her balance to the millionth without asking anybody.
public struct Statement: ProofFile, Hashable {
  /// The version of the format.
  public static let format = "tongzhou-statement/v2"
  /// See ``ProofFile``.
  public static let mediaType = "application/vnd.tongzhou.statement+json"
  /// The most bytes of a file: room for over thirty thousand settlements.
  public static let maximumByteCount = 64_000_000

  /// The cases of a settlement, opened: what each was given.
  public struct OpenedCases: Codable, Hashable, Sendable {
    /// The settlement's ordinal.
    public var settlement: UInt64
    /// Twelve bytes for each case, in the order of their notices: its ordinal and its aid.
    public var rows: Data
  }

  /// The custodian's word on what it holds for the plan.
  public struct Reserve: Codable, Hashable, Sendable {
    /// The table `reserve_statements`.
    public var table: ProvenTable
    /// The custodian's statement.
    public var record: ProvenRecord
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
  public var settlements: ProvenRecords
  /// The changes of the membership, oldest first, in their fixed layout.
  public var changes: [Data]
  /// The cases of some of the settlements, for who wants to see them.
  public var cases: [OpenedCases]?
  /// The custodian's last statement on the plan, where there is one.
  public var reserve: Reserve?
}

extension Statement {
  /// The statement of the membership that an audit watched, as of the end of the log.
  public init(watched report: Auditor<some LogSource>.Report, from source: some LogSource) throws {
    guard let ordinal = report.watched else { throw ProofError(.notFound, "no membership was watched") }
    try self.init(
      of: ordinal, changes: report.changes, state: report.final.app, chain: report.chain,
      seal: SealProof(last: source))
  }

  /// The statement of a membership out of a state, the seal that names the state's root, and its changes.
  public init(
    of ordinal: UInt32, changes: [MembershipChange], state app: ChainState, chain: Hash, seal: SealProof
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
    let shown = (0..<state.settlements.count).filter { number in
      let record = state.settlements[number]
      return record.plan == member.plan && record.cumulative - record.share >= joined.cumulative
        && record.time >= joined.time
    }.drop { state.settlements[$0].share == 0 }
    settlements = ProvenRecords(state.settlements.proof(of: Array(shown)))
    self.changes = changes.map { Data($0.canonicalBytes) }
    if let last = state.lastStatement(of: member.plan)?.ordinal,
      let table = commitment.proof(ofTable: "reserve_statements")
    {
      reserve = Reserve(table: ProvenTable(table), record: ProvenRecord(state.reserveStatements.proof(of: Int(last))))
    }
  }

  /// Opens the cases of those settlements among the shown ones that `isWanted` names.
  public mutating func openCases(in state: MutualAid, of isWanted: (_ ordinal: UInt64) -> Bool) {
    let wanted = settlements.records.map(\.ordinal).filter(isWanted)
    let found = state.settledCases(of: wanted.map { UInt32($0) })
    cases = zip(wanted, found).map { ordinal, cases in
      OpenedCases(settlement: ordinal, rows: Data(cases.flatMap(\.canonicalBytes)))
    }
  }

  /// Opens what is asked for: all cases of each settlement that shared one of the named, since only together they
  /// give the settlement's root.
  ///
  /// - Parameter limit: the most cases opened.
  /// - Throws: `proof.not_found` where no settlement of this statement shared a named case, `proof.too_many_cases`
  ///   where more would be opened than the limit.
  public mutating func open(
    _ wanted: WantedCases, in state: MutualAid, limit: Int = WantedCases.mostRows
  ) throws(ProofError) {
    let shown = settlements.records.map { UInt32($0.ordinal) }
    var settled: Set<UInt32> = []
    switch wanted {
    case .nothing: return
    case .all: settled = Set(shown.filter { state.settlements[Int($0)].cases > 0 })
    case .these(let ordinals):
      for ordinal in ordinals {
        guard Int(ordinal) < state.cases.count, state.cases[Int(ordinal)].settlement > 0,
          shown.contains(state.cases[Int(ordinal)].settlement - 1)
        else { throw ProofError(.notFound, "no settlement of this statement shared case \(ordinal)") }
        settled.insert(state.cases[Int(ordinal)].settlement - 1)
      }
    }
    let count = settled.reduce(0) { $0 + Int(state.settlements[Int($1)].cases) }
    guard count <= limit else {
      throw ProofError(
        .tooManyCases, "its settlements shared \(count) cases, and a statement opens at most \(limit)")
    }
    openCases(in: state) { settled.contains(UInt32($0)) }
  }
}
