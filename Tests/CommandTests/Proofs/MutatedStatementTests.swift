import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

/// A statement bent anywhere is refused, or says what it said before.
@Suite struct MutatedStatementTests {
  private let fixture: ProofFixture

  init() throws { fixture = try ProofFixture.shared.get() }

  /// Verifies a bent file; the code of the refusal, `nil` where it is accepted and still says the same.
  private func refusal(_ json: [UInt8], of original: MemberStatement, _ label: @autoclosure () -> String) throws
    -> ProofError.Code?
  {
    let read: MemberStatement
    do throws(ProofError) {
      read = try MemberStatement(file: json)
      let proven = try read.verify(chain: fixture.chain, policy: fixture.policy)
      let honest = try original.verify(chain: fixture.chain, policy: fixture.policy)
      #expect(proven.seal == honest.seal && proven.balance == honest.balance, "\(label())")
      #expect(proven.membership == honest.membership && proven.changes == honest.changes, "\(label())")
      #expect(proven.shares.map(\.given) == honest.shares.map(\.given), "\(label())")
    } catch {
      return error.code
    }
    var plain = read
    plain.seal.checkpoint = original.seal.checkpoint
    #expect(plain == original, "\(label())")
    let note = try UnverifiedCheckpoint(Array(read.seal.checkpoint.utf8))
    let honest = try UnverifiedCheckpoint(Array(original.seal.checkpoint.utf8))
    #expect(try fixture.policy.verify(note).checkpoint == honest.checkpoint, "\(label())")
    return nil
  }

  @Test(arguments: [UInt32(0), 1, 2])
  func everyElementCounts(membership: UInt32) throws {
    let statement = try fixture.statement(membership)
    let tree = try JSONTree(parsing: statement.json())
    #expect(try refusal(tree.bytes, of: statement, "unbent") == nil)
    var generator = SeededGenerator(seed: UInt64(membership))
    var counts: [ProofError.Code?: Int] = [:]
    for (path, value) in tree.places {
      let bent = value.bent { count in
        [0, count - 1] + (0..<2).map { _ in Int(generator.next() % UInt64(count)) }
      }
      for bent in bent {
        let file = tree.replacing(path[...], by: bent)
        counts[try refusal(file.bytes, of: statement, "\(path): \(bent)"), default: 0] += 1
      }
    }
    for code in [ProofError.Code.malformed, .wrongChain, .noQuorum, .notIncluded, .brokenHistory, .brokenShares] {
      #expect(counts[code, default: 0] > 0, "\(code.name)")
    }
    #expect(counts[nil, default: 0] < counts[.notIncluded, default: 0] / 4)
  }

  @Test func partsOfAnotherMembersStatementDoNotFit() throws {
    let (mine, other) = (try fixture.statement(0), try fixture.statement(1))
    func verify(_ change: (inout MemberStatement) -> Void) throws(ProofError) {
      var statement = mine
      change(&statement)
      _ = try statement.verify(chain: fixture.chain, policy: fixture.policy)
    }
    try verify { _ in }
    #expect(throws: ProofError(code: .brokenHistory)) { try verify { $0.membership = other.membership } }
    #expect(throws: ProofError(code: .brokenHistory)) { try verify { $0.changes = other.changes } }
    #expect(throws: ProofError(code: .brokenHistory)) { try verify { $0.changes.swapAt(1, 2) } }
    #expect(throws: ProofError(code: .brokenHistory)) { try verify { $0.changes.removeLast() } }
    #expect(throws: ProofError(code: .brokenHistory)) { try verify { $0.changes.removeAll() } }
    #expect(throws: ProofError(code: .brokenShares)) {
      try verify { ($0.settlements.records, $0.settlements.hashes) = ([], []) }
    }
    #expect(throws: ProofError(code: .notIncluded)) { try verify { $0.settlements.records += $0.settlements.records } }
    #expect(throws: ProofError(code: .notIncluded)) { try verify { $0.membership.ordinal = 1 } }
    #expect(throws: ProofError(code: .notIncluded)) { try verify { $0.plan = $0.membership } }
    #expect(throws: ProofError(code: .notIncluded)) { try verify { $0.tables.swapAt(0, 1) } }
  }

  /// The number of tables stands in no leaf. Fifteen and sixteen give some paths the same form, so a file could
  /// name either; but all three of its tables must name the same.
  @Test func theTablesAreOfOneState() throws {
    let statement = try fixture.statement(0)
    for index in 0..<3 {
      for count in statement.tables[index].index + 1...64 where count != statement.tables[index].tables {
        var bent = statement
        bent.tables[index].tables = count
        #expect(throws: ProofError(code: .notIncluded)) {
          try bent.verify(chain: fixture.chain, policy: fixture.policy)
        }
      }
    }
  }

  @Test func anEarlierSealHasAnotherState() throws {
    let statement = try fixture.statement(0)
    let earlier = try fixture.receipt(fixture.transactions[0]).seal
    var stale = statement
    stale.seal = earlier
    #expect(throws: ProofError(code: .notIncluded)) { try stale.verify(chain: fixture.chain, policy: fixture.policy) }
  }

  @Test func cutShortAndRandomFilesAreNone() throws {
    let statement = try fixture.statement(2)
    let json = try statement.json()
    for count in stride(from: 0, to: json.count, by: 11) {
      #expect(throws: ProofError(code: .malformed)) { try MemberStatement(file: Array(json.prefix(count))) }
    }
    var generator = SeededGenerator(seed: 0x73746174656D)
    for round in 0..<600 {
      var bytes = (0..<Int(generator.next() % 300)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      #expect(throws: ProofError(code: .malformed)) { try MemberStatement(file: bytes) }
      bytes = json
      for _ in 0...(generator.next() % 4) {
        bytes[Int(generator.next() % UInt64(json.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      _ = try refusal(bytes, of: statement, "round \(round)")
    }
    let receipt = try fixture.receipt(fixture.transactions[0]).json()
    #expect(throws: ProofError(code: .malformed)) { try MemberStatement(file: receipt) }
    #expect(throws: ProofError(code: .malformed)) { try Receipt(file: json) }
  }
}
