import Consortium
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

@testable import Server

@Suite("Proofs that are handed out, checked by who trusts nothing but genesis and policy")
struct ProofTests {
  @Test("the receipt of every transaction verifies, under its index and under its hash, whole and bare")
  func receipts() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let transactions = try chain.index.transactions(before: nil, limit: 1000, sender: nil, subject: nil)
    #expect(transactions.count > 12)
    try await ServerProbe.with([chain]) { server in
      for transaction in transactions {
        let answer = try await server.get("/v1/receipts/\(transaction.index)")
        #expect(answer.headers[.contentType] == Receipt.mediaType)
        let receipt = try Receipt(file: answer.bytes)
        let proven = try receipt.verify(chain: view.genesis.chain, policy: policy)
        #expect(proven.seal.height == transaction.height && proven.transaction.sender == transaction.sender)
        #expect(receipt.index == transaction.index)
        let named = try await server.get("/v1/receipts/\(transaction.hash)")
        #expect(try Receipt(file: named.bytes).verify(chain: view.genesis.chain, policy: policy).seal == proven.seal)

        let bare = try await server.get("/v1/receipts/\(transaction.index).tlog-proof")
        #expect(bare.headers[.contentType] == "text/plain; charset=utf-8")
        let proof = try TlogProof(bare.bytes)
        #expect(proof.index == transaction.index)
        #expect(try proof.verify(entry: Array(receipt.entry), policy: policy).checkpoint.size == view.head.size)
        #expect(try await server.get("/v1/receipts/\(transaction.hash).tlog-proof").bytes == bare.bytes)
      }
      for odd in ["2.tlog-proof.tlog-proof", "2.json", ".tlog-proof", "2.tlog-proo"] {
        try await server.refuses("/v1/receipts/\(odd)", "400 http.bad_request")
      }
      // Headers, seals and rows are no transactions.
      try await server.refuses("/v1/receipts/1", "404 http.not_found")
    }
  }

  @Test("every member's statement verifies and gives her balance")
  func statements() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let count = view.app.mutualAid.memberships.count
    try await ServerProbe.with([chain]) { server in
      for member in 0..<count {
        let answer = try await server.get("/v1/members/\(member)/statement")
        let statement = try MemberStatement(file: answer.bytes)
        let proven = try statement.verify(chain: view.genesis.chain, policy: policy)
        let told = try await server.get("/v1/members/\(member)").object()["balance"] as? String
        #expect(told == Amount(micro: proven.balance).description)
        #expect(proven.membership.number == view.app.mutualAid.memberships[member].number)
      }
    }
  }

  @Test("a statement opens the cases asked for, with the others of their settlements, and says which it cannot")
  func openedCases() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let aid = view.app.mutualAid
    let shared = (0..<aid.cases.count).filter { aid.cases[$0].settlement > 0 && aid.cases[$0].plan == 0 }
    let waiting = try #require((0..<aid.cases.count).first { aid.cases[$0].settlement == 0 })
    let first = try #require(shared.first)
    try await ServerProbe.with([chain]) { server in
      for (asked, opened) in [
        ("all", shared), (shared.map { "\($0)" }.joined(separator: ","), shared),
        ("\(first)", shared.filter { aid.cases[$0].settlement == aid.cases[first].settlement }),
      ] {
        let answer = try await server.get("/v1/members/0/statement?cases=\(asked)")
        let proven = try MemberStatement(file: answer.bytes).verify(chain: view.genesis.chain, policy: policy)
        let found = proven.cases.flatMap(\.cases)
        #expect(found.map { Int($0.number) }.sorted() == opened, "\(asked)")
        #expect(found.allSatisfy { $0.aid == aid.cases[Int($0.number)].aid && $0.aid > 0 })
        #expect(proven.opens(.all) == (opened == shared) && proven.opens(.these([UInt32(first)])))
        #expect(!proven.opens(.these([UInt32(waiting)])))
      }
      let plain = try await server.get("/v1/members/0/statement")
      #expect(try MemberStatement(file: plain.bytes).cases == nil)
      for odd in ["", "1,", ",1", "01", "-1", "+1", "1;2", "all,1", "4294967296", "%EF%BC%91"] {
        try await server.refuses("/v1/members/0/statement?cases=\(odd)", "400 http.bad_request")
      }
      let many = (0..<65).map { "\($0)" }.joined(separator: ",")
      try await server.refuses("/v1/members/0/statement?cases=\(many)", "400 http.bad_request")
      try await server.refuses("/v1/members/0/statement?cases=\(waiting)", "404 proof.not_found")
      try await server.refuses("/v1/members/0/statement?cases=\(aid.cases.count)", "404 proof.not_found")
    }
    var statement = try await API.statement(of: 0, on: chain, opening: .nothing, proofs: ProofShelf([chain]))
    let limit = shared.count - 1
    do throws(ProofError) {
      try statement.open(.all, in: aid, limit: limit)
      Issue.record("more was opened than the limit")
    } catch {
      #expect(error.code == .tooManyCases && Problem(error).status == .badRequest)
    }
    try statement.open(.all, in: aid, limit: shared.count)
    #expect(statement.cases?.isEmpty == false)
  }

  @Test("a record of every table verifies under the signed state root, and a bent one does not")
  func state() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    var app = view.app
    let tables = app.commitment().tables
    #expect(tables.count > 10)
    try await ServerProbe.with([chain]) { server in
      for table in tables where table.count > 0 {
        let name = String(decoding: table.name, as: UTF8.self)
        for ordinal in [0, table.count - 1] {
          let answer = try await server.get("/v1/proofs/\(name)/\(ordinal)")
          #expect(answer.status == .ok, "\(name)/\(ordinal)")
          let file = try JSONDecoder().decode(StateFile.self, from: Data(answer.bytes))
          #expect(file.format == "tongzhou-state-proof/v1" && file.chain == view.genesis.chain.description)
          let checkpoint = try policy.verify(UnverifiedCheckpoint(Array(file.seal.checkpoint.utf8))).checkpoint
          let path = InclusionProof(
            index: file.seal.index, size: checkpoint.size, path: file.seal.path.compactMap { Hash($0) })
          try path.verify(leafHash: .leaf(Array(file.seal.seal)), root: checkpoint.root)
          let root = try Seal(entry: Array(file.seal.seal)).state
          let proof = try file.proof()
          #expect(proof.record.ordinal == ordinal)
          #expect(proof.verify(name: name, version: table.version, under: root))
          var record = proof.record.record
          record[0] ^= 1
          let bent = StateProof(
            table: proof.table, record: RecordProof(ordinal: ordinal, record: record, path: proof.record.path))
          #expect(!bent.verify(name: name, version: table.version, under: root))
        }
        try await server.refuses("/v1/proofs/\(name)/\(table.count)", "404 http.not_found")
      }
    }
  }

  @Test("a key that nobody uses is proven absent, one that is used is not, and a bent proof proves nothing")
  func absence() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let view = try #require(chain.view)
    let policy = try view.certifiers.policy(origin: view.genesis.origin)
    let aid = view.app.mutualAid
    let used = (1..<aid.nullifiers.count).map { aid.nullifiers[$0] }
    #expect(used.count > 2)
    // Before all, right behind each, and anywhere.
    let first = try #require(Hash([UInt8](repeating: 0, count: 31) + [1]))
    let behind = used.compactMap { Hash($0.key.bytes.dropLast() + [$0.key.bytes[31] &+ 1]) }
    let keys = [first] + behind + [Hash.label("nobody", 1)]
    @Sendable func refusal(_ proof: Absence) -> ProofError.Code? {
      do throws(ProofError) {
        _ = try proof.verify(chain: view.genesis.chain, policy: policy)
        return nil
      } catch { return error.code }
    }
    try await ServerProbe.with([chain]) { server in
      for key in keys where !used.contains(where: { $0.key == key }) {
        let answer = try await server.get("/v1/absence/nullifiers/\(key)")
        #expect(answer.headers[.contentType] == Absence.mediaType)
        let proof = try Absence(file: answer.bytes)
        let proven = try proof.verify(chain: view.genesis.chain, policy: policy)
        #expect(proven.key == key && proven.table == .nullifiers && proven.seal.height > 0)
        for other in used.map(\.key) {
          var bent = proof
          bent.key = Data(other.bytes)
          #expect(refusal(bent) == .notIncluded)
        }
        var bent = proof
        bent.records.reverse()
        if bent != proof { #expect(refusal(bent) == .notIncluded) }
        bent.records = Array(proof.records.prefix(1))
        if proof.records.count == 2 { #expect(refusal(bent) == .notIncluded) }
        bent.records = []
        #expect(refusal(bent) == .malformed)
      }
      for record in used where record.membership != 0 {
        try await server.refuses("/v1/absence/nullifiers/\(record.key)", "404 http.not_found")
      }
      let reference = try await server.get("/v1/absence/payment_references/\(Hash.label("unpaid", 1))")
      let proven = try Absence(file: reference.bytes).verify(chain: view.genesis.chain, policy: policy)
      #expect(proven.table == .paymentReferences)
      try await server.refuses("/v1/absence/memberships/\(Hash.label("x", 1))", "404 http.not_found")
      try await server.refuses("/v1/absence/nullifiers/\(Hash.zero)", "400 http.bad_request")
      try await server.refuses("/v1/absence/nullifiers/12", "400 http.bad_request")
    }
  }

  /// The file of a state proof, read by its documented form alone.
  private struct StateFile: Decodable {
    let format, chain: String
    let table: ProvenTable
    let record: ProvenRecord
    let seal: SealProof

    func proof() throws -> StateProof {
      let root = try #require(Hash(table.root))
      return StateProof(
        table: TableProof(
          table: TableSummary(name: table.name, version: UInt32(table.version), count: table.count, root: root),
          index: table.index, tableCount: table.tables, path: table.path.compactMap { Hash($0) }),
        record: RecordProof(
          ordinal: record.ordinal, record: Array(record.record), path: record.path.compactMap { Hash($0) }))
    }
  }

  @Test("a statement waits for the search index, and says so when it does not come")
  func behind() async throws {
    var village = try Village()
    village.chain.advance(days: 3)
    // A deposit that the index has not heard of.
    let chain = try Self.withUnindexedDeposit(&village)
    try await ServerProbe.with([chain]) { server in
      let answer = try await server.get("/v1/members/0/statement")
      #expect(answer.status == .serviceUnavailable)
      #expect(try answer.code() == "search.behind")
      #expect(answer.headers[.retryAfter] == "5")
    }
  }

  private static func withUnindexedDeposit(_ village: inout Village) throws -> ShownChain {
    let row = Deposit(membership: 0, amount: try Amount(yuan: 1), reference: .label("unindexed", 1)).canonicalBytes
    let first = village.chain.state.plans[0].nextDeposit
    let entries = try village.chain.transaction(
      MutualAid.deposits(plan: 0, first: first), by: village.chain.network.organisation(.custodian).officer,
      rows: [row])
    try village.block(entries, isIndexed: false)
    return try village.show()
  }
}
