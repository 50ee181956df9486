import Consortium
import Foundation
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import MutualAid

/// Rows that are not those a manifest signed, and manifests where none may be.
@Suite struct ManifestTests {
  @Test("a manifest that is not in order is refused with all its rows", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("rows without their manifest are nobody's", arguments: [1, 3])
  func orphans(count: Int) throws {
    let village = try Village.fresh()
    let rows = try RowEntries.pack((0..<count).map { DepositTests.deposit(1_000_000, reference: UInt64($0)) })
    try expectRefused(rows, on: village.chain, code: .orphanRows)
    try expectRefused([Entry.make(.rows, [0, 200, 1])], on: village.chain, code: .orphanRows)
  }

  @Test("rows before their manifest are nobody's, and the manifest has none")
  func before() throws {
    var village = try Village.fresh()
    let entries = try ManifestTests.good(&village)
    let rows = [ErrorCode](repeating: .orphanRows, count: 3)
    try expectCodes([rows, [.rowsMismatch]], of: entries.reversed(), on: village.chain)
  }

  @Test("rows behind another transaction are nobody's")
  func behindAnother() throws {
    var village = try Village.fresh()
    let entries = try ManifestTests.good(&village)
    let other = try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 1))
    let rows = [ErrorCode](repeating: .orphanRows, count: 3)
    try expectCodes(
      [[.rowsMismatch], [.notTheOwner], rows], of: [entries[0], other[0], entries[1]], on: village.chain)
  }

  @Test("a second copy of the rows is nobody's, and the first is taken")
  func twice() throws {
    var village = try Village.fresh()
    let entries = try ManifestTests.good(&village)
    try expectRefused([entries[1]], on: village.chain, code: .orphanRows, after: entries)
  }

  @Test("rows whose lengths do not add up are nobody's, and the manifest has none")
  func unreadable() throws {
    var village = try Village.fresh()
    var entries = try ManifestTests.good(&village)
    entries[1].removeLast()
    try expectCodes([[.rowsMismatch], [.orphanRows]], of: entries, on: village.chain)
  }

  @Test("rows may come in several entries, and only whole")
  func severalEntries() throws {
    var village = try Village.fresh()
    let entries = try ManifestTests.good(&village)
    let single = try #require(RowEntries.unpack(entries[1]))
    let apart = try single.flatMap { try RowEntries.pack([$0]) }
    var copy = village.chain
    #expect(try copy.block([entries[0]] + apart).codes == [[.success], [.success], [.success], [.success]])
    try expectRefused([entries[0]] + apart.dropLast(), on: village.chain, code: .rowsMismatch)
  }

  // MARK: Building

  private static let rows = (0..<3).map { DepositTests.deposit(1_000_000, reference: UInt64($0)) }

  /// A transaction with three deposits and one entry of rows.
  private static func good(_ village: inout Village) throws -> [[UInt8]] {
    try DepositTests.manifest(&village, rows)
  }

  /// The same with other rows behind it.
  private static func followed(_ what: String, _ change: @escaping @Sendable (inout [[UInt8]]) -> Void) -> BadCase {
    BadCase(what, .rowsMismatch) { village in
      var others = rows
      change(&others)
      return [try good(&village)[0]] + (try RowEntries.pack(others))
    }
  }

  /// A good action that should have no manifest, with one.
  private static func with(_ what: String, _ action: @escaping @Sendable (inout Village) throws -> Action) -> BadCase {
    BadCase("rows behind \(what)", .manifestUnexpected) { village in
      let action = try action(&village)
      return try village.sent(action, by: village.officer(.platform), rows: [[1], [2]])
    }
  }

  static let cases: [BadCase] = [
    followed("rows in another order") { $0.swapAt(0, 1) },
    followed("a row too few") { $0.removeLast() },
    followed("a row too many") { $0.append(DepositTests.deposit(1_000_000, reference: 9)) },
    followed("a row twice") { $0[1] = $0[0] },
    followed("a row with one bit changed") { $0[2][11] ^= 1 },
    followed("an empty row more") { $0.append([]) },
    followed("no rows") { $0 = [] },
    BadCase("more rows than any manifest may have", .rowsMismatch) { village in
      let action = try MutualAid.deposits(plan: 0, first: village.chain.state.plans[0].nextDeposit)
      let key = village.officer(.custodian)
      let manifest = Manifest(count: .max, root: Manifest(rows: rows).root)
      let unsigned = try UnsignedTransaction(
        chain: village.chain.chain.id, sender: key.publicKey.address, expiry: village.soon,
        id: [UInt8](repeating: 7, count: 16), action: action, manifest: manifest)
      return [Entry.make(.transaction, try unsigned.signed(by: [key]))] + (try RowEntries.pack(rows))
    },
    BadCase("deposits without rows", .manifestUnexpected) { village in
      try village.sent(
        MutualAid.deposits(plan: 0, first: village.chain.state.plans[0].nextDeposit), by: village.officer(.custodian))
    },
    BadCase("accounts without rows", .manifestUnexpected) { village in
      try village.sent(Consortium.registerAction(), by: village.officer(.platform))
    },
    BadCase("attestations without rows", .manifestUnexpected) { village in
      try village.sent(Consortium.attestAction(plan: 0), by: village.officer(.identity))
    },
    with("a plan") { _ in
      try MutualAid.openPlan(TestConvention.plain(key: "one-more"), custodian: 1, identity: 2)
    },
    with("a notice") { village in try MutualAid.publishNotice(caseOrdinal: village.confirmed(0)) },
    with("a leaving") { _ in try MutualAid.leave(membership: 0) },
    with("a case") { village in try village.file(0, on: village.today) },
  ]
}
