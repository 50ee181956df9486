import Foundation
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Storage

@Suite("The search index") struct SearchIndexTests {
  /// Compares all queries with the model.
  private static func compare(
    _ index: SearchIndex, _ model: SearchModel, _ random: RandomBlocks, seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let end = model.blocks.last.map { $0.firstIndex + $0.size } ?? 1
    #expect(try index.height == model.blocks.last?.height ?? 0)

    for entry in 0..<(end + 3) {
      #expect(try index.transaction(index: entry) == model.transactions.first { $0.index == entry })
      #expect(try index.block(holding: entry) == model.block(holding: entry))
    }
    for transaction in model.transactions {
      #expect(try index.transaction(hash: transaction.hash) == model.transaction(hash: transaction.hash))
    }
    for height in 0...UInt64(model.blocks.count + 1) {
      #expect(try index.block(height: height) == model.summaries.first { $0.height == height })
    }
    for _ in 0..<60 {
      let before = Bool.random(using: &generator) ? UInt64.random(in: 0...(end + 2), using: &generator) : nil
      let limit = Int.random(in: -1...12, using: &generator)
      let sender = Bool.random(using: &generator) ? random.senders.randomElement(using: &generator) : nil
      let kind = SubjectKind.allCases.randomElement(using: &generator) ?? .plan
      let subject = IndexedSubject(kind: kind, ordinal: UInt64.random(in: 0...4, using: &generator))
      for about in [nil, subject] {
        let found = try index.transactions(before: before, limit: limit, sender: sender, subject: about)
        #expect(found == model.transactions(before: before, limit: limit, sender: sender, subject: about))
      }
      #expect(try index.blocks(before: before, limit: limit) == model.blocks(before: before, limit: limit))
    }
    for membership in 0..<UInt32(model.blocks.flatMap(\.owners).count + 1) {
      #expect(try index.changes(of: membership) == model.changes(of: membership))
      #expect(try index.history(of: membership).height == index.height)
    }
    for sender in random.senders { #expect(try index.memberships(of: sender) == model.memberships(of: sender)) }
  }

  @Test("answers as a plain array does, after every feeding", arguments: [1, 2, 3] as [UInt64])
  func model(seed: UInt64) throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let memory = try SearchIndex.inMemory(chain: testChain)
    let file = try SearchIndex.open(path: directory.index, chain: testChain, generationRows: 50)
    var random = RandomBlocks(seed: seed)
    var model = SearchModel()
    try Self.compare(memory, model, random, seed: seed)
    for (step, count) in [1, 1, 30, 3, 64].enumerated() {
      let blocks = random.blocks(count)
      model.blocks += blocks
      try memory.feed(blocks)
      for block in blocks { try file.feed([block]) }
      if step != 3 { try Self.compare(memory, model, random, seed: seed + UInt64(step)) }
    }
    // One by one or many at a time, in one generation or many, makes no difference.
    #expect(try file.read { db in try db.generation() } > 5)
    #expect(try memory.read { db in try db.generation() } == 0)
    try Self.compare(file, model, random, seed: seed)
  }

  @Test("gives everything of a long page, and never more than a thousand")
  func limits() throws {
    var random = RandomBlocks(seed: 9)
    var model = SearchModel()
    model.blocks = random.blocks(1_100)
    let index = try SearchIndex.inMemory(chain: testChain, generationRows: 5_000)
    for start in stride(from: 0, to: 1_100, by: 50) { try index.feed(Array(model.blocks[start..<(start + 50)])) }
    let all = try index.transactions(before: nil, limit: .max, sender: nil, subject: nil)
    #expect(all == model.transactions(before: nil, limit: SearchIndex.maximumLimit, sender: nil, subject: nil))
    #expect(all.count == 1_000)
    #expect(try index.blocks(before: nil, limit: 5_000) == model.blocks(before: nil, limit: 1_000))
    #expect(try index.blocks(before: .max, limit: .min).isEmpty)
    #expect(try index.transactions(before: .max, limit: 0, sender: nil, subject: nil).isEmpty)
    let sender = random.senders[4]
    let subject = IndexedSubject(kind: .case, ordinal: 3)
    let found = try index.transactions(before: nil, limit: 1_000, sender: sender, subject: subject)
    #expect(found == model.transactions(before: nil, limit: 1_000, sender: sender, subject: subject))
    #expect(found.count > 10)
  }

  @Test("counts a subject named twice once, and takes none that no record can be")
  func subjects() throws {
    var block = RandomBlocks.single
    let largest = IndexedSubject(kind: .account, ordinal: IndexedSubject.maximumOrdinal)
    block.subjects = [(2, largest), (2, largest)]
    let index = try SearchIndex.inMemory(chain: testChain)
    try index.feed([block])
    #expect(try index.transactions(before: nil, limit: 9, sender: nil, subject: largest) == block.transactions)
    // One bit further would be the first record of another kind.
    let beyond = IndexedSubject(kind: .refund, ordinal: largest.ordinal + 1 + largest.ordinal)
    #expect(try index.transactions(before: nil, limit: 9, sender: nil, subject: beyond).isEmpty)
  }

  @Test("reads a transaction back from JSON, with hash and sender as people write them")
  func coding() throws {
    let transaction = try #require(RandomBlocks.single.transactions.first)
    let data = try JSONEncoder().encode(transaction)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"\(transaction.hash)\"") && text.contains("\"\(transaction.sender)\""))
    #expect(try JSONDecoder().decode(IndexedTransaction.self, from: data) == transaction)
    let short = text.replacing(transaction.hash.description, with: transaction.hash.description.dropLast())
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(IndexedTransaction.self, from: Data(short.utf8))
    }
  }
}

extension RandomBlocks {
  /// A first block with one transaction, at place 2.
  static var single: IndexedBlock {
    var block = IndexedBlock(
      height: 1, time: Timestamp(seconds: 1_700_000_000), firstIndex: 1, size: 3, sealIndex: 3, proposer: 0)
    var generator = SeededGenerator(seed: 4)
    guard let sender = Address(bytes(Address.byteCount, &generator)) else { preconditionFailure("twenty bytes") }
    block.transactions = [
      IndexedTransaction(
        index: 2, hash: .sha256([1]), height: 1, time: block.time, sender: sender, contract: "mutual_aid", kind: 4,
        code: 0, codeName: "success", rows: 0)
    ]
    return block
  }
}
