import Consortium
import Contracts
import Foundation
import Ledger
import TestSupport
import Testing

@testable import MutualAid

/// Accounts and attestations that the consortium may not take.
@Suite struct RegisteringTests {
  @Test("a bad manifest is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("an account registered twice is told so in its row, and the others are registered")
  func twice() throws {
    var village = try Village.fresh()
    let known = try Village.bystander.get().publicKey.address
    let new = try TestPerson(30).key.publicKey.address
    let entries = try village.sent(
      Consortium.registerAction(), by: village.officer(.hospital), rows: [known, new, new].map(\.bytes))
    let before = village.chain.chain.app.consortium.accounts.count
    let block = try village.chain.block(entries)
    #expect(block.codes == [[.success], [.replayed, .success, .replayed]])
    #expect(block.app.consortium.accounts.count == before + 1)
    #expect(block.app.consortium.isRegistered(new))
  }

  private static func registering(_ what: String, _ code: ErrorCode, _ rows: [[UInt8]]) -> BadCase {
    BadCase(what, code) { village in
      let good = try TestPerson(30).key.publicKey.address.bytes
      return try village.sent(Consortium.registerAction(), by: village.officer(.platform), rows: [good] + rows)
    }
  }

  /// Two rows for plan 0, the second changed as bytes.
  private static func attesting(
    _ what: String, _ code: ErrorCode, plan: UInt32 = 0, by role: Role = .identity,
    _ change: @escaping @Sendable (inout [UInt8]) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(what, code) { village in
      let good = try TestPerson(30).attestation(plan: 0).canonicalBytes
      var bad = try TestPerson(31).attestation(plan: 0).canonicalBytes
      try change(&bad)
      var wire = WireAttest()
      wire.plan = plan
      let action = Action(
        contract: Consortium.name, kind: ConsortiumAction.attest.rawValue, payload: try encodedBytes(of: wire))
      return try village.sent(action, by: village.officer(role), rows: [good, bad])
    }
  }

  static let cases: [BadCase] = [
    registering("an account of 19 bytes", .badRow, [[UInt8](repeating: 7, count: 19)]),
    registering("an account of 21 bytes", .badRow, [[UInt8](repeating: 7, count: 21)]),
    registering("an account of no bytes", .badRow, [[]]),
    registering("an account of zeros", .badRow, [[UInt8](repeating: 0, count: 20)]),
    BadCase("accounts from an account that is no officer", .notAnOfficer) { village in
      try village.sent(
        Consortium.registerAction(), by: Village.bystander.get(), rows: [[UInt8](repeating: 7, count: 20)])
    },
    attesting("attestations by the platform", .wrongRole, by: .platform),
    attesting("rows for another plan than the message", .badRow, plan: 1),
    attesting("a plan past 16 bits", .malformed, plan: 65_536),
    attesting("a row of 71 bytes", .badRow) { $0.removeLast() },
    attesting("a row of 73 bytes", .badRow) { $0.append(0) },
    attesting("a row for another plan", .badRow) { $0[1] = 1 },
    attesting("a nullifier of zeros", .badRow) { $0.replaceSubrange(40..., with: [UInt8](repeating: 0, count: 32)) },
    attesting("times past the year 9999", .badRow) {
      $0.replaceSubrange(24..<40, with: [UInt8](repeating: 0xFF, count: 16))
    },
    BadCase("a message that does not decode", .malformed) { village in
      let row = try TestPerson(30).attestation(plan: 0).canonicalBytes
      let action = Action(contract: Consortium.name, kind: ConsortiumAction.attest.rawValue, payload: [0xFF])
      return try village.sent(action, by: village.officer(.identity), rows: [row])
    },
  ]
}
