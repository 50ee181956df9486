import Consortium
import Foundation
import MutualAid
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// Receipts made of true parts that say something untrue.
@Suite struct LyingReceiptTests {
  private let fixture: ProofFixture
  private let template: Receipt

  init() throws {
    fixture = try ProofFixture.shared.get()
    template = try fixture.receipt(fixture.transactions[0])
  }

  private func verify(_ receipt: Receipt) throws(ProofError) {
    _ = try receipt.verify(chain: fixture.chain, policy: fixture.policy)
  }

  /// With a later seal a transaction would seem to stand in a later block, at a later time.
  @Test func theSealIsThatOfTheTransactionsBlock() throws {
    let last = try fixture.receipt(fixture.transactions[fixture.transactions.count - 1])
    for index in fixture.transactions where index != fixture.forged {
      let receipt = try fixture.receipt(index)
      try verify(receipt)
      guard receipt.seal.index != last.seal.index else { continue }
      var late = receipt
      late.seal = last.seal
      #expect(throws: ProofError(code: .notIncluded)) { try verify(late) }
      late.seal.header = receipt.seal.header
      #expect(throws: ProofError(code: .notIncluded)) { try verify(late) }
    }
  }

  @Test func partsOfAnotherReceiptDoNotFit() throws {
    let other = try fixture.receipt(fixture.transactions[4])
    let changes: [(inout Receipt) -> Void] = [
      { $0.index = other.index }, { $0.entry = other.entry }, { $0.path = other.path },
      { ($0.index, $0.entry) = (other.index, other.entry) }, { ($0.entry, $0.path) = (other.entry, other.path) },
      { $0.seal.path = other.seal.path }, { $0.seal.seal = other.seal.seal }, { $0.seal.header = other.seal.header },
      { $0.seal.index = other.seal.index },
    ]
    for change in changes {
      var receipt = template
      change(&receipt)
      #expect(throws: ProofError(code: .notIncluded)) { try verify(receipt) }
    }
  }

  @Test func onlyTransactionsHaveReceipts() throws {
    for (index, entry) in fixture.entries.enumerated() where entry.first != EntryKind.transaction.rawValue {
      guard let receipt = try? fixture.receipt(UInt64(index)) else { continue }
      #expect(throws: ProofError(code: .notIncluded)) { try verify(receipt) }
    }
    for index in [UInt64(fixture.entries.count), .max - 1, .max] {
      #expect(throws: ProofError(code: .notFound)) { try fixture.receipt(index) }
    }
  }

  @Test func aForgedTransactionInTheLogHasNone() throws {
    #expect(throws: ProofError(code: .refused)) { try verify(fixture.receipt(fixture.forged)) }
  }

  @Test func anotherChainOrPolicyIsRefused() throws {
    #expect(throws: ProofError(code: .wrongChain)) { try template.verify(chain: .zero, policy: fixture.policy) }
    let strangers = try SignedBlock().policy
    #expect(throws: ProofError(code: .noQuorum)) { try template.verify(chain: fixture.chain, policy: strangers) }
  }

  /// A receipt of an envelope in a block of its own, under ``SignedBlock``'s policy.
  private func receipt(_ envelope: [UInt8], in block: SignedBlock) throws -> Receipt {
    var block = block
    block.entries = [Entry.make(.transaction, envelope)]
    let log = try block.log()
    var receipt = template
    receipt.index = 2
    receipt.entry = Data(log.entries[2])
    receipt.path = try log.path(2)
    receipt.seal = log.seal
    return receipt
  }

  /// The chain's real transaction, and what may be wrong with one that a log holds all the same.
  private func envelope(
    sender: SigningKey, signedBy signer: SigningKey, chain: Hash, expiry: Timestamp
  ) throws -> [UInt8] {
    try UnsignedTransaction(
      chain: chain, sender: sender.publicKey.address, expiry: expiry, id: [UInt8](repeating: 5, count: 16),
      action: MutualAid.leave(membership: 0)
    ).signed(by: [signer])
  }

  @Test func whatABlockRefusesHasNoReceipt() throws {
    let block = try SignedBlock()
    func code(
      signedBy signer: UInt8 = 1, chain: Hash? = nil, expiry: UInt64, spoiled: Bool = false
    ) throws -> ProofError.Code? {
      let alice = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
      var envelope = try envelope(
        sender: alice, signedBy: SigningKey(seed: [UInt8](repeating: signer, count: 32)), chain: chain ?? block.chain,
        expiry: Timestamp(seconds: expiry))
      if spoiled { envelope[envelope.count - 3] ^= 4 }
      var receipt = try receipt(envelope, in: block)
      receipt.chain = block.chain.description
      do throws(ProofError) {
        _ = try receipt.verify(chain: block.chain, policy: block.policy)
        return nil
      } catch {
        return error.code
      }
    }
    let time = block.time.seconds
    for expiry in [time, time + 1, time + 600] { #expect(try code(expiry: expiry) == nil) }
    for expiry in [0, time - 1, time + 601, Timestamp.max.seconds] { #expect(try code(expiry: expiry) == .refused) }
    #expect(try code(signedBy: 2, expiry: time) == .refused, "mallory in alice's name")
    #expect(try code(chain: .sha256([9]), expiry: time) == .refused)
    #expect(try code(expiry: time, spoiled: true) == .refused)
  }

  /// Cosignatures name only the log's origin. A test network of the same organisations under the same origin must
  /// not give receipts that hold on the real chain.
  @Test func aLogOfTheSameOriginButAnotherChainIsRefused() throws {
    var test = try SignedBlock()
    let real = test.chain
    test.chain = .sha256([2])
    let alice = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    let envelope = try envelope(sender: alice, signedBy: alice, chain: real, expiry: test.time)
    var receipt = try receipt(envelope, in: test)
    receipt.chain = real.description
    #expect(throws: ProofError(code: .wrongChain)) { try receipt.verify(chain: real, policy: test.policy) }
  }
}
