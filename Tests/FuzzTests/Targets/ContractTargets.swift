import Contracts
import Foundation
import SwiftProtobuf
import TestSupport

@testable import Consortium
@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient
@testable import TransparencyLog

extension FuzzTarget {
  /// Everything the contracts read: the genesis, conventions, rows, and the payload of each action.
  static let contractTargets: [FuzzTarget] =
    [
      FuzzTarget("genesis", seeds: { [try FuzzLog.shared().network.genesis.bytes] }, check: genesis),
      FuzzTarget("convention", seeds: conventions, check: convention),
      FuzzTarget("join", maximumBytes: 2_048, seeds: joins, check: join),
      .exact(
        "attestation", maximumBytes: 100, seeds: { try FuzzVillage.shared().joins.map(\.attestation.canonicalBytes) }
      ) {
        try Attestation(row: $0)
      } write: {
        $0.canonicalBytes
      },
      .exact("deposit", maximumBytes: 60, seeds: deposits) {
        try Deposit(row: $0)
      } write: {
        $0.canonicalBytes
      },
      FuzzTarget("record", maximumBytes: 600, seeds: { records.indices.map { [UInt8($0)] } }, check: record),
      FuzzTarget("block", maximumBytes: 8_192, seeds: blocks, check: block),
    ]
    + ConsortiumAction.allCases.map { action(Consortium.name, $0.rawValue, "\($0)") }
    + MutualAidAction.allCases.map { action(MutualAid.name, $0.rawValue, "\($0)") }

  // MARK: Genesis and conventions

  private static func genesis(_ bytes: [UInt8]) throws -> Bool {
    guard let genesis = try? Genesis(decoding: bytes) else { return false }
    try hold(genesis.bytes == bytes && genesis.chain == .sha256(bytes), "a genesis of other bytes")
    guard var app = try? ChainState(genesis: genesis), reads({ _ = try Chain(genesis: genesis, app: app) }) else {
      return true
    }
    // A chain that can begin can also be audited.
    let policy = try app.endorsers.policy(origin: genesis.origin)
    try hold(try Policy(text: policy.text) == policy, "the chain's policy is written as another one")
    let beginning = try Consortium.Beginning(payload: genesis.payload(of: Consortium.name))
    let payload = try Consortium.genesisPayload(
      beginning.organisations, rules: beginning.rules, parameters: beginning.parameters)
    let again = try Genesis(
      name: genesis.name, origin: genesis.origin, time: genesis.time, limits: genesis.limits,
      contracts: [(Consortium.name, payload), (MutualAid.name, [])])
    var other = try ChainState(genesis: again)
    try hold(other.stateRoot() == app.stateRoot(), "the organisations are written as other ones")
    return true
  }

  private static func conventions() throws -> [[UInt8]] {
    try [TestConvention.plain(), TestConvention.calendar { $0.feePpm = 80_000 }].map(\.bytes)
  }

  private static func convention(_ bytes: [UInt8]) throws -> Bool {
    guard let convention = try? Convention(decoding: bytes) else { return false }
    try hold(convention.bytes == bytes, "a convention of other bytes")
    for time in [Timestamp.zero, Timestamp(seconds: 1_795_392_000), .max] {
      _ = convention.calendar?.next(after: time)
      _ = convention.calendar?.debit(ofNotice: time)
    }
    _ = convention.calendar?.longestWaitDays
    for age in [-1, 0, 59, 119] { _ = convention.aid(diseaseClass: 1, ageYears: age) }
    _ = convention.fee(on: convention.highestAid)
    for language in Language.allCases { _ = ConventionExplanation(convention, language: language) }
    _ = ConventionCheck.report(convention)
    return true
  }

  // MARK: Rows and records

  private static func deposits() throws -> [[UInt8]] {
    [Deposit(membership: 3, amount: try Amount(yuan: 5), reference: .sha256([1])).canonicalBytes]
  }

  /// Reads and writes a record of one type.
  private struct Layout: Sendable {
    let byteCount: Int
    let rewritten: @Sendable ([UInt8]) -> [UInt8]

    init<Record: FixedLayoutRecord>(_: Record.Type) {
      byteCount = Record.byteCount
      rewritten = { Record(from: $0.span.bytes).canonicalBytes }
    }
  }

  private static let records = [
    Layout(Statement.self), Layout(Seal.self), Layout(OrganisationRecord.self), Layout(OfficerRecord.self),
    Layout(AccountRecord.self), Layout(AttestationManifestRecord.self), Layout(Attestation.self),
    Layout(CaseRecord.self), Layout(NoticeRecord.self), Layout(ConventionRecord.self), Layout(TextPage.self),
    Layout(MembershipRecord.self), Layout(PlanRecord.self), Layout(QueueRecord.self), Layout(RefundRecord.self),
    Layout(SettlementRecord.self), Layout(NullifierRecord.self), Layout(PaymentReferenceRecord.self),
    Layout(MembershipChange.self), Layout(Deposit.self), Layout(ProposalRecord.self),
    Layout(VoteRecord.self), Layout(KeyRecord.self), Layout(RuleRecord.self), Layout(ParametersRecord.self),
    Layout(PauseRecord.self), Layout(EvidenceRecord.self), Layout(VolunteerRecord.self),
    Layout(ObjectionRecord.self), Layout(JuryRecord.self), Layout(SeatRecord.self), Layout(DiceRecord.self),
    Layout(DrawRecord.self), Layout(RevealRecord.self),
  ]

  /// A record of any content reads, and is written in a form that reads as the same record; the bytes are repeated
  /// to its length.
  private static func record(_ bytes: [UInt8]) throws -> Bool {
    guard let first = bytes.first else { return false }
    let layout = records[Int(first) % records.count]
    let content = (0..<layout.byteCount).map { bytes[$0 % bytes.count] }
    let written = layout.rewritten(content)
    try hold(layout.rewritten(written) == written, "a record is written in two ways")
    return true
  }

  // MARK: Actions

  private static func joins() throws -> [[UInt8]] {
    try FuzzVillage.shared().joins.map { try TestChain.join($0).payload }
  }

  /// The quick reader of joins reads what the library reads.
  private static func join(_ bytes: [UInt8]) throws -> Bool {
    let theirs = (try? WireJoin(serializedBytes: bytes)).map { JoinFields($0) }
    guard let ours = JoinFields(plain: bytes) else { return theirs != nil }
    guard let theirs else { throw FuzzFailure(description: "a plain join that the library does not read") }
    try hold(
      ours.plan == theirs.plan && ours.manifest == theirs.manifest && ours.index == theirs.index
        && ours.path == theirs.path && ours.bytes[ours.attestation] == theirs.bytes[theirs.attestation]
        && ours.bytes[ours.insured] == theirs.bytes[theirs.insured]
        && ours.bytes[ours.health] == theirs.bytes[theirs.health],
      "a join is read in two ways")
    return true
  }

  /// The payload of one action, through its contract's own reading and all that follows from it.
  ///
  /// An input is the sender's place, the payload's length in two bytes, the payload, and rows as an entry has them.
  private static func action(_ contract: String, _ kind: UInt32, _ word: String) -> FuzzTarget {
    let name = "action-" + word.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
    return FuzzTarget(name, maximumBytes: 3_000) {
      try FuzzVillage.shared().good().filter { $0.action.contract == contract && $0.action.kind == kind }.map { good in
        let count = good.action.payload.count
        return [UInt8(good.sender), UInt8(count >> 8), UInt8(count & 255)] + good.action.payload
          + (try RowEntries.pack(good.rows)).flatMap { $0.dropFirst() }
      }
    } check: { bytes in
      guard bytes.count >= 3 else { return false }
      let village = try FuzzVillage.shared()
      let payload = Array(bytes.dropFirst(3).prefix(Int(bytes[1]) << 8 | Int(bytes[2])))
      let rows = RowEntries.unpack([EntryKind.rows.rawValue] + bytes.dropFirst(3 + payload.count)) ?? []
      let action = Action(contract: contract, kind: kind, payload: payload)
      return try carryOut(action, by: village.senders[Int(bytes[0]) % village.senders.count], rows: rows, in: village)
    }
  }

  /// Carries out an action on a copy of the village: all of it or nothing, with money that adds up.
  private static func carryOut(
    _ action: Action, by key: SigningKey, rows: [[UInt8]], in village: FuzzVillage
  ) throws -> Bool {
    let time = village.chain.nextTime
    let unsigned = try UnsignedTransaction(
      chain: village.chain.chain.id, sender: key.publicKey.address, expiry: time.adding(seconds: 300),
      id: [UInt8](repeating: 9, count: 16), action: action, manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let envelope = try unsigned.signed(by: [key])
    let plain = try VerifiedTransaction.decodeUnsigned(
      entry: Entry.make(.transaction, envelope), chain: village.chain.chain.id)
    var app = village.chain.chain.app
    var codes = [ErrorCode](repeating: .success, count: rows.count)
    let code = outcome(plain, rows, &app, &codes, at: time)
    if action.kind == MutualAidAction.join.rawValue, action.contract == MutualAid.name {
      // What is read ahead of the state must not change what becomes of it.
      let ahead = try VerifiedTransaction.verify(
        envelope: envelope, chain: village.chain.chain.id, reader: ChainState.read)
      var other = village.chain.chain.app
      var ignored = codes
      try hold(outcome(ahead, rows, &other, &ignored, at: time) == code, "a join read ahead ends otherwise")
      try hold(other.stateRoot() == app.stateRoot(), "a join read ahead changes something else")
    }
    guard code == .success else {
      try hold(app.stateRoot() == village.root, "refused with \(code.name), but the state changed")
      return false
    }
    try app.mutualAid.recount()
    let later = time.adding(days: 400)
    for _ in 0..<2_000 {
      guard let due = app.nextDue, due <= later else { break }
      _ = app.runDueStep(at: later)
    }
    try app.mutualAid.recount()
    return true
  }

  private static func outcome(
    _ transaction: VerifiedTransaction, _ rows: [[UInt8]], _ app: inout ChainState, _ codes: inout [ErrorCode],
    at time: Timestamp
  ) -> ErrorCode {
    do throws(LedgerError) {
      try app.admit(transaction, at: time)
      try app.execute(transaction, rows: rows, at: time, outcomes: &codes)
      return .success
    } catch {
      return error.code
    }
  }

  // MARK: Blocks

  private static func blocks() throws -> [[UInt8]] {
    let village = try FuzzVillage.shared()
    var chain = village.chain
    return try village.good().map { good in
      let entries = try chain.transaction(good.action, by: village.senders[good.sender], rows: good.rows)
      return try RowEntries.pack(entries + [entries[0], [EntryKind.rows.rawValue, 0, 1, 7]]).flatMap { $0.dropFirst() }
    }
  }

  /// Any entries a proposer may put into a block: each has its codes, and the money adds up afterwards.
  private static func block(_ bytes: [UInt8]) throws -> Bool {
    guard let all = RowEntries.unpack([0] + bytes) else { return false }
    let entries = all.filter { entry in
      entry.count >= 2 && [EntryKind.transaction.rawValue, EntryKind.rows.rawValue].contains(entry[0])
    }
    guard !entries.isEmpty else { return false }
    var chain = try FuzzVillage.shared().chain
    let block = try chain.block(entries)
    try hold(block.codes.count == entries.count, "an entry without codes")
    for (entry, codes) in zip(entries, block.codes) {
      let rows = entry[0] == EntryKind.rows.rawValue ? RowEntries.unpack(entry) : nil
      try hold(codes.count == rows?.count ?? 1, "a row without a code")
    }
    try chain.state.recount()
    return true
  }
}
