import Foundation
import Ledger
import MutualAid
import Testing
import TransparencyLog

@testable import TongzhouClient

/// The audit of a member's key on what is not hers; on what is hers, see `OwnerCommandTests`.
@Suite struct KeyAuditTests {
  private let fixture: ProofFixture
  private let papers: KeyPapers

  init() throws {
    fixture = try ProofFixture.shared.get()
    let secret = try #require(BackupSecret([UInt8](repeating: 7, count: BackupSecret.byteCount)))
    papers = try KeyPapers([secret], chain: fixture.chain, plan: 0)
  }

  private func audit(
    _ receipts: [Receipt], _ statement: (membership: UInt32, proven: MemberStatement.Proven)? = nil
  ) throws -> KeyAudit {
    try KeyAudit(
      receipts, statement: statement, papers: papers, chain: fixture.chain,
      policies: .proven(TrustedPolicies(pinned: fixture.policy)))
  }

  @Test func somebodyElsesStatementAndTransactionsAreNotHers() throws {
    let proven = try fixture.statement(0).verify(chain: fixture.chain, policy: fixture.policy)
    #expect(throws: LedgerError(.notTheOwner, "")) { try audit([], (0, proven)) }
    let honest = fixture.transactions.filter { $0 != fixture.forged }
    let found = try audit(honest.map { try fixture.receipt($0) })
    #expect(found.lines.isEmpty && found.findings.count == honest.count)
    #expect(Set(found.findings.map(\.code)) == [.notHers])
    #expect(try audit([]).findings.isEmpty)
  }

  @Test func aReceiptThatDoesNotHoldEndsIt() throws {
    #expect(throws: ProofError(.refused, "")) { try audit([try fixture.receipt(fixture.forged)]) }
    var bent = try fixture.receipt(fixture.transactions[0])
    bent.path[0][0] ^= 1
    #expect(throws: ProofError(.notIncluded, "")) { try audit([bent]) }
  }

  @Test func commitmentsAreReadFromActions() throws {
    let (one, two) = (Hash.sha256([1]), Hash.sha256([2]))
    func read(_ action: Action) -> [String] { MutualAid.commitments(of: action).map { "\($0.what.word) \($0.hash)" } }
    #expect(read(try MutualAid.setPayee(membership: 3, commitment: one)) == ["payee \(one)"])
    #expect(read(try MutualAid.setPayee(membership: 3, commitment: .zero)) == [])
    #expect(
      read(try MutualAid.giveConsent(membership: 3, purpose: .research, commitment: two, until: .zero))
        == ["consent \(two)"])
    #expect(read(try MutualAid.leave(membership: 3)) == [])
    let joins = try fixture.transactions.filter { $0 != fixture.forged }.map { try fixture.receipt($0) }
      .map { try $0.verify(chain: fixture.chain, policy: fixture.policy).transaction.action }
      .filter { $0.contract == MutualAid.name && $0.kind == MutualAidAction.join.rawValue }
    #expect(joins.map(read) == [[String]](repeating: ["insured \(one)", "health \(two)"], count: 3))
    let changes = joins.compactMap { MutualAid.ownChange(of: $0)?.commitment }
    #expect(changes == [Hash](repeating: .sha256(one.bytes + two.bytes), count: 3))
    let vote = try MutualAid.commitVote(jury: 5, membership: 3, approve: true, salt: one)
    #expect(MutualAid.commitments(of: vote).first?.what == .vote(jury: 5, membership: 3))
  }
}
