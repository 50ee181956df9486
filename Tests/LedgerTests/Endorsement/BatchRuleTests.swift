import FoundationEssentials
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Each rule for a batch alone: a valid one is changed in one thing and signed anew.
struct BatchRuleTests {
  private let organisations: Organisations
  private let chain: Chain<TallyChain>

  init() throws {
    organisations = try Organisations(4)
    chain = try organisations.chainWithOneBlock()
  }

  private func entries() throws -> [[UInt8]] {
    [try organisations.transaction(2).entry, try organisations.transaction(3).entry]
  }

  /// The code with which a batch is refused after one block; `nil` if it is valid.
  private func refusal(_ batch: Batch, at sequence: UInt64 = 2) -> ErrorCode? {
    do throws(LedgerError) {
      _ = try chain.validate(batch, at: sequence)
      return nil
    } catch {
      return error.code
    }
  }

  private func changed(
    by proposer: Int = 0, signedBy signer: Int? = nil, _ change: (inout Header) throws -> Void
  ) throws -> Batch {
    var header = try organisations.header(after: chain, by: UInt32(proposer))
    try change(&header)
    return try Batch(header, entries: entries(), signedBy: organisations.keys[signer ?? proposer].vote)
  }

  @Test func aValidBatchIsValidWhoeverProposesIt() throws {
    for proposer in 0..<4 { #expect(refusal(try changed(by: proposer) { _ in }) == nil) }
  }

  @Test func headersThatDoNotFitTheChain() throws {
    #expect(refusal(try changed { $0.chain = try Organisations(4, name: "other").genesis.chain }) == .badBatch)
    #expect(refusal(try changed { $0.epoch = 1 }) == .badBatch)
    #expect(refusal(try changed { $0.sequence = 3 }) == .badBatch)
    #expect(refusal(try changed { _ in }, at: 3) == .badBatch)
    #expect(refusal(try changed { $0.previous = chain.id }) == .badBatch)
    #expect(refusal(try changed { $0.previous = .zero }) == .badBatch)
    // Skipped values leave gaps, so any later sequence will do; an earlier one never.
    #expect(refusal(try changed { $0.sequence = 9 }, at: 9) == nil)
    #expect(refusal(try changed { $0.sequence = 1 }, at: 1) == .badBatch)
    #expect(refusal(try changed { $0.sequence = 0 }, at: 0) == .badBatch)
  }

  @Test func proposersWhoAreNoneOrAnother() throws {
    #expect(refusal(try changed(signedBy: 0) { $0.proposer = 4 }) == .badBatch)
    #expect(refusal(try changed(signedBy: 0) { $0.proposer = .max }) == .badBatch)
    #expect(refusal(try changed(signedBy: 1) { $0.proposer = 0 }) == .badBatch)
    let header = try organisations.header(after: chain)
    for key in [organisations.keys[0].cosign, organisations.keys[0].log] {
      #expect(refusal(try Batch(header, entries: entries(), signedBy: key)) == .badBatch)
    }
  }

  @Test func certificatesThatAreNotExactlyAQuorumOnTheBlockBefore() throws {
    let head = chain.head
    func code(_ certificate: [EndorserCosignature]) throws -> ErrorCode? {
      refusal(try changed { $0.certificate = certificate })
    }
    let valid = try organisations.certificate(on: head, by: [1, 2, 3])
    #expect(try code(valid) == nil)
    #expect(try code([]) == .badCertificate)
    #expect(try code(Array(valid.dropFirst())) == .badCertificate)
    #expect(try code(organisations.certificate(on: head, by: [0, 1, 2, 3])) == .badCertificate)
    #expect(try code(valid.reversed()) == .badCertificate)
    #expect(try code([valid[0], valid[0], valid[1]]) == .badCertificate)
    #expect(
      try code(organisations.certificate(on: LogHead(size: head.size - 1, root: head.root), by: [1, 2, 3]))
        == .badCertificate)
    #expect(
      try code(organisations.certificate(on: LogHead(size: head.size, root: .zero), by: [1, 2, 3])) == .badCertificate)
  }

  @Test func noCertificateBeforeTheFirstCheckpoint() throws {
    let first = try organisations.chain()
    var header = try organisations.header(after: first)
    header.certificate = try organisations.certificate(on: first.head, by: [0, 1, 2])
    let batch = try Batch(header, entries: entries(), signedBy: organisations.keys[0].vote)
    #expect(throws: LedgerError(.badBatch, "")) { try first.validate(batch, at: 1) }
    #expect(try first.validate(organisations.batch(after: first), at: 1) == nil)
  }

  @Test func aBatchOverTheLimitOfBytes() throws {
    var limits = Limits()
    limits.batchBytes = 20_000
    let small = try Organisations(1, limits: limits)
    let chain = try small.chain()
    func validate(_ size: Int) throws {
      let batch = try small.batch(after: chain, [small.transaction(1, payload: [UInt8](repeating: 7, count: size))])
      _ = try chain.validate(batch, at: 1)
    }
    try validate(19_000)
    #expect(throws: LedgerError(.badBatch, "")) { try validate(20_000) }
  }

  @Test func aProposerOverItsAllowance() throws {
    var limits = Limits()
    limits.proposerBytes = 3000
    let small = try Organisations(1, limits: limits)
    var chain = try small.chain()
    let first = try small.batch(after: chain, [small.transaction(1, payload: [UInt8](repeating: 7, count: 2000))])
    chain.commit(
      try chain.execute(
        PreparedBatch(first, chain: chain.id), certificate: try chain.validate(first, at: 1)))
    let batch = try small.batch(after: chain, [small.transaction(2, payload: [UInt8](repeating: 7, count: 1000))])
    #expect(throws: LedgerError(.badBatch, "")) { try chain.validate(batch, at: 2) }
    // Ten minutes of block time later the first is forgotten.
    var header = batch.header
    header.certificate = try small.cosignatures(on: chain.head, by: [0]).map { _ in
      try EndorserCosignature(
        text: chain.head.text(origin: small.genesis.origin), time: Organisations.start.adding(seconds: 601),
        key: small.keys[0].cosign)
    }
    let late = try Batch(header, entries: batch.entries, signedBy: small.keys[0].vote)
    #expect(try chain.validate(late, at: 2) != nil)
  }

  @Test func limitsCountWhatStandsInTheLog() throws {
    let batch = try organisations.batch(after: chain, [organisations.transaction(2)])
    let read = try Batch(signedHeader: batch.signedHeader, entries: batch.entries)
    #expect(read.loggedBytes == batch.loggedBytes)
    #expect(read.hash == batch.hash)
    // An engine may carry the same batch in a longer form.
    let padded = try Batch(decoding: batch.encoded() + [0x7a, 2, 0, 0])
    #expect(padded.loggedBytes == batch.loggedBytes && padded.hash == batch.hash)
  }

  /// Signs a header of any content and reads the batch; the code with which it is refused.
  private func form(_ change: (inout WireHeader) throws -> Void, entries: [[UInt8]]? = nil) throws -> ErrorCode? {
    let valid = try changed { _ in }
    var header = try WireHeader(serializedBytes: valid.unsignedHeader)
    let entries = try entries ?? self.entries()
    var tree = MerkleFrontier()
    for entry in entries { tree.append(.leaf(entry)) }
    header.count = UInt32(entries.count)
    header.root = .init(tree.root.bytes)
    try change(&header)
    var signed = WireSignedHeader()
    signed.header = try header.serializedBytes()
    signed.signature = .init(
      try organisations.keys[0].vote.sign(domain: Domain.header, message: Array(signed.header)))
    var batch = WireBatch()
    batch.header = try signed.serializedBytes()
    batch.entries = entries.map { .init($0) }
    do {
      return refusal(try Batch(decoding: try batch.serializedBytes()))
    } catch let error as LedgerError {
      return error.code
    }
  }

  @Test func headersThatDoNotDescribeTheirEntries() throws {
    #expect(try form { _ in } == nil)
    #expect(try form { $0.count = 1 } == .badBatch)
    #expect(try form { $0.count = 3 } == .badBatch)
    #expect(try form { $0.root = .init(Hash.zero.bytes) } == .badBatch)
    #expect(try form { $0.root.removeLast() } == .badBatch)
    #expect(try form { $0.chain.removeLast() } == .badBatch)
    #expect(try form { $0.previous = .init() } == .badBatch)
    #expect(try form { $0.reports = [WireSignedReport()] } == .badBatch)
    #expect(try form { $0.certificate[0].signature.removeLast() } == .badBatch)
    #expect(try form { $0.certificate[0].key.removeLast() } == .badBatch)
    #expect(try form { $0.certificate[0].time = .max } == .badBatch)
    let swapped = Array(try entries().reversed())
    #expect(try form({ _ in }, entries: swapped) == nil)
    let valid = try changed { _ in }
    #expect(throws: LedgerError(.badBatch, "")) { try Batch(signedHeader: valid.signedHeader, entries: swapped) }
  }

  @Test func entriesNoSenderMayPut() throws {
    let envelope = try organisations.transaction(2).envelope
    for kind in 0...255 as ClosedRange<UInt8> {
      let isAllowed = kind == EntryKind.transaction.rawValue || kind == EntryKind.rows.rawValue
      #expect(try form({ _ in }, entries: [[kind] + envelope]) == (isAllowed ? nil : .badBatch), "kind \(kind)")
    }
    #expect(try form({ _ in }, entries: [[]]) == .badBatch)
    #expect(try form({ _ in }, entries: [[EntryKind.transaction.rawValue]]) == .badBatch)
    #expect(try form({ _ in }, entries: [[2] + [UInt8](repeating: 0, count: 65_534)]) == nil)
    #expect(try form({ _ in }, entries: [[2] + [UInt8](repeating: 0, count: 65_535)]) == .badBatch)
    #expect(try form({ _ in }, entries: []) == nil)
  }

  /// A transaction whose bytes are those of a seal stays a transaction, and a bad one.
  @Test func aSealInATransactionsPlaceIsANoOp() throws {
    let seal = Seal(
      height: 2, time: Organisations.start, batch: .zero, state: .zero, results: .zero, transactions: 0, failed: 0,
      rows: 0, steps: 0)
    let batch = try Batch(
      organisations.header(after: chain), entries: [Entry.make(.transaction, seal.entry)],
      signedBy: organisations.keys[0].vote)
    let certificate = try chain.validate(batch, at: 2)
    let block = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate)
    #expect(block.codes == [[.malformed]])
    #expect(block.seal.failed == 1)
    var before = chain.app
    #expect(block.seal.state == before.stateRoot())
  }

  @Test func theLibraryWritesTheSameBytes() throws {
    let batch = try changed { _ in }
    var wire = WireBatch()
    wire.header = Data(batch.signedHeader)
    wire.entries = batch.entries.map { Data($0) }
    #expect(!batch.entries.isEmpty)
    #expect(try batch.encoded() == wire.serializedBytes())
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func mutatedBatchesAreRefused(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let original = try changed { _ in }
    let bytes = original.encoded()
    for _ in 0..<1500 {
      var mutated = bytes
      let index = Int(dice.next() % UInt64(bytes.count))
      if dice.next() % 3 == 0 {
        mutated.removeSubrange(index...)
      } else {
        mutated[index] ^= 1 << UInt8(dice.next() % 8)
      }
      guard let batch = try? Batch(decoding: mutated), refusal(batch) == nil else { continue }
      // What is still valid puts the same into the log: only the carrying form was another.
      #expect(batch.hash == original.hash && batch.entries == original.entries, "seed \(seed), byte \(index)")
    }
  }
}
