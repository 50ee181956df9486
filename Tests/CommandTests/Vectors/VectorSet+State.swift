import Contracts
import Foundation
import MutualAid
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

extension VectorSet {
  /// Statements of a short history, and every lie about one member that a test of ours knows.
  mutating func addStatements(_ fixture: ProofFixture) throws {
    for membership in [UInt32(0), 1, 2] {
      self.add(
        "statement", "a member of a short history", "valid", try fixture.statement(membership).json(),
        chain: fixture.chain, policy: "history")
    }
    let honest = try fixture.statement(0)
    self.add("statement", "packed by gzip", "valid", try honest.packed(), chain: fixture.chain, policy: "history")
    var opened = honest
    opened.openCases(in: try fixture.state().mutualAid) { _ in true }
    self.add(
      "statement", "with the cases of its settlement", "valid", try opened.json(), chain: fixture.chain,
      policy: "history")
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout MemberStatement) -> Void) throws {
      var bent = opened
      change(&bent)
      self.add("statement", reason, code.name, try bent.json(), chain: fixture.chain, policy: "history")
    }
    let other = try fixture.statement(1)
    try refuse("another member's record", .brokenHistory) { $0.membership = other.membership }
    try refuse("another member's changes", .brokenHistory) { $0.changes = other.changes }
    try refuse("two changes in the other order", .brokenHistory) { $0.changes.swapAt(1, 2) }
    try refuse("the last change left out", .brokenHistory) { $0.changes.removeLast() }
    try refuse("no changes", .brokenHistory) { $0.changes.removeAll() }
    try refuse("no settlements", .brokenShares) { ($0.settlements.records, $0.settlements.hashes) = ([], []) }
    try refuse("a settlement twice", .notIncluded) { $0.settlements.records += $0.settlements.records }
    try refuse("a hash too many", .notIncluded) { $0.settlements.hashes.append(Data(Hash.zero.bytes)) }
    try refuse("the membership at another place", .notIncluded) { $0.membership.ordinal = 1 }
    try refuse("a membership in the plan's place", .notIncluded) { $0.plan = $0.membership }
    try refuse("tables in the other order", .notIncluded) { $0.tables.swapAt(0, 1) }
    try refuse("two tables", .malformed) { $0.tables.removeLast() }
    try refuse("a table of another version", .notIncluded) { $0.tables[0].version = 2 }
    try refuse("a table of another name", .notIncluded) { $0.tables[0].name = "members" }
    try refuse("a table of another length", .notIncluded) { $0.tables[0].count += 1 }
    try refuse("an earlier seal", .notIncluded) { statement in
      if let seal = try? fixture.receipt(fixture.transactions[0]).seal { statement.seal = seal }
    }
    try refuse("a case with more aid", .brokenShares) { $0.cases?[0].rows[11] ^= 1 }
    try refuse("a case left out", .brokenShares) { $0.cases?[0].rows = Data() }
    try refuse("cases of no settlement shown", .brokenShares) { $0.cases?[0].settlement += 1 }
    try refuse("half a case", .malformed) { $0.cases?[0].rows.removeLast() }
    try refuse("a change cut short", .malformed) { $0.changes[1].removeLast() }
    try refuse("a change of a kind that nobody knows", .malformed) { $0.changes[1][0] = 99 }

    let block = try SignedBlock()
    let template = try fixture.statement(0)
    func add(_ reason: String, _ verdict: String, _ story: Story) throws {
      self.add(
        "statement", reason, verdict, try story.statement(in: block, from: template).json(), chain: block.chain,
        policy: "one")
    }
    try add("a life with every kind of change, reckoned by hand", "valid", try Story())
    for lie in LyingStatementTests.money + LyingStatementTests.records + LyingStatementTests.shares
      + LyingStatementTests.extremes
    {
      var story = try Story()
      lie.bend(&story)
      try add("signed by all: \(lie.testDescription)", lie.code.name, story)
    }
    try addReserves(block, template)
  }

  /// What a custodian said it holds, opened in a member's statement.
  private mutating func addReserves(_ block: SignedBlock, _ template: MemberStatement) throws {
    let story = try Story.withReserves()
    let honest = try story.statement(in: block, from: template)
    let said = story.reserves.map(\.canonicalBytes)
    let leaves = said.map { Hash.leaf($0) }
    func add(_ reason: String, _ verdict: String, _ change: (inout MemberStatement) throws -> Void = { _ in }) throws {
      var bent = honest
      try change(&bent)
      self.add("statement", reason, verdict, try bent.json(), chain: block.chain, policy: "one")
    }
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout MemberStatement) throws -> Void) throws {
      try add(reason, code.name, change)
    }
    func place(_ ordinal: Int) throws -> ProvenRecord { try Story.reserve(ordinal, of: said, leaves) }
    try add("with the statement of the plan's custodian", "valid")
    try add("with an older statement of the custodian: that it is the last nothing proves", "valid") {
      $0.reserve?.record = try place(2)
    }
    try add("the custodian's statement left out", "valid") { $0.reserve = nil }
    try refuse("a custodian's statement on another plan", .notIncluded) { $0.reserve?.record = try place(3) }
    try refuse("an older statement of the custodian in the place of the last", .notIncluded) {
      $0.reserve?.record.record = Data(said[2])
    }
    try refuse("the custodian's statement at the place of an older one", .notIncluded) {
      $0.reserve?.record.ordinal = 2
    }
    try refuse("a custodian that holds more than it said", .notIncluded) { $0.reserve?.record.record[31] ^= 1 }
    try refuse("a custodian that drew fewer fees than it said", .notIncluded) { $0.reserve?.record.record[47] ^= 1 }
    try refuse("a custodian's statement cut short", .notIncluded) { $0.reserve?.record.record.removeLast() }
    try refuse("a custodian's statement out of the table of settlements", .notIncluded) {
      $0.reserve?.table = $0.tables[2]
    }
    try refuse("a custodian's statement of another number of tables", .notIncluded) { $0.reserve?.table.tables += 1 }
    try refuse("a custodian's statement without its table's root", .malformed) { $0.reserve?.table.root = Data() }
    try refuse("a custodian's statement of another state", .notIncluded) { statement in
      var other = story
      other.reserves.removeLast()
      statement.reserve = try other.statement(in: block, from: template).reserve
    }
  }

  /// Records of all tables that people ask for, and keys that are not there.
  mutating func addState(_ fixture: ProofFixture) throws {
    let app = try fixture.state()
    let seal = try SealProof(last: fixture.source)
    var committed = app
    let commitment = committed.commitment()
    func proof(_ name: String, _ ordinal: Int) throws -> ProvenState? {
      guard let table = commitment.proof(ofTable: name), let record = app.recordProof(table: name, ordinal: ordinal)
      else { return nil }
      return ProvenState(table: table, record: record, chain: fixture.chain, seal: seal)
    }
    func add(
      _ reason: String, _ verdict: String, _ proof: ProvenState, table: String, ordinal: UInt64
    ) throws {
      self.add(
        "state-proof", reason, verdict, try proof.json(), chain: fixture.chain, policy: "history", table: table,
        ordinal: ordinal)
    }
    for name in ["memberships", "plans", "cases", "settlements", "organisations", "attestations", "nullifiers"] {
      guard let honest = try proof(name, name == "nullifiers" ? 1 : 0) else { continue }
      try add("a record of \(name)", "valid", honest, table: name, ordinal: honest.record.ordinal)
    }
    guard let honest = try proof("memberships", 1), let other = try proof("memberships", 0) else { return }
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout ProvenState) -> Void) throws {
      var bent = honest
      change(&bent)
      try add(reason, code.name, bent, table: "memberships", ordinal: 1)
    }
    try refuse("another record than was asked for", .notIncluded) { $0 = other }
    try refuse("the record at another place", .notIncluded) { $0.record.ordinal = 0 }
    try refuse("one bit of the record", .notIncluded) { $0.record.record[30] ^= 1 }
    try refuse("the table's root", .notIncluded) { $0.table.root[0] ^= 1 }
    try refuse("the table's place", .notIncluded) { $0.table.index += 1 }
    try refuse("the number of tables", .notIncluded) { $0.table.tables = 1 }
    try refuse("an earlier seal", .notIncluded) { proof in
      if let seal = try? fixture.receipt(fixture.transactions[0]).seal { proof.seal = seal }
    }
    try refuse("a root of 33 bytes", .malformed) { $0.table.root.append(0) }
    try add("a record of another table", ProofError.Code.notIncluded.name, honest, table: "plans", ordinal: 1)
    try addAbsences(app, fixture, seal)
  }

  private mutating func addAbsences(_ app: ChainState, _ fixture: ProofFixture, _ seal: SealProof) throws {
    func add(_ reason: String, _ verdict: String, _ proof: Absence) throws {
      self.add("absence", reason, verdict, try proof.json(), chain: fixture.chain, policy: "history")
    }
    func absent(_ key: Hash, _ table: Absence.Table) throws -> Absence {
      try Absence(of: key, in: table, state: app, chain: fixture.chain, seal: seal)
    }
    let lowest = Hash([UInt8](repeating: 0, count: 31) + [1]) ?? .zero
    let highest = Hash([UInt8](repeating: 0xff, count: 32)) ?? .zero
    let between = Hash.sha256([200])
    try add("a nullifier below all", "valid", absent(lowest, .nullifiers))
    try add("a nullifier above all", "valid", absent(highest, .nullifiers))
    try add("a nullifier between others", "valid", absent(between, .nullifiers))
    try add("a payment reference", "valid", absent(between, .paymentReferences))
    let low = try absent(lowest, .nullifiers)
    let used = app.mutualAid.nullifiers[1].key
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout Absence) -> Void) throws {
      var bent = low
      change(&bent)
      try add(reason, code.name, bent)
    }
    try refuse("a nullifier in use", .notIncluded) { $0.key = Data(used.bytes) }
    try refuse("a key on the other side of the second record", .notIncluded) { $0.key = Data(highest.bytes) }
    try refuse("one record where there are two", .notIncluded) { $0.records.removeLast() }
    try refuse("the two in the other order", .notIncluded) { $0.records.reverse() }
    try refuse("the same record twice", .notIncluded) { $0.records[1] = $0.records[0] }
    try refuse("no records", .malformed) { $0.records = [] }
    try refuse("three records", .malformed) { $0.records.append($0.records[0]) }
    try refuse("a key of 31 bytes", .malformed) { $0.key.removeLast() }
    try refuse("the key of nobody, all zero", .malformed) { $0.key = Data(Hash.zero.bytes) }
    var strange = low
    let commitment = { (app: ChainState) in
      var app = app
      return app.commitment()
    }(app)
    if let table = commitment.proof(ofTable: "memberships") { strange.table = ProvenTable(table) }
    try add("a table without keys", ProofError.Code.notIncluded.name, strange)
    try refuse("another chain", .wrongChain) { $0.chain = Hash.sha256([1]).description }
  }
}
