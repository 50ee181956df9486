import GRDB
import Ledger
import Testing
import TransparencyLog

@testable import Storage

@Suite("Feeding the search index") struct FeedTests {
  @Test("refuses blocks that do not follow, and takes nothing of such a feed")
  func gap() throws {
    let index = try SearchIndex.inMemory(chain: testChain)
    var random = RandomBlocks(seed: 5)
    let blocks = random.blocks(6)
    let gap = SearchIndexError(.gap, "")
    #expect(throws: gap) { try index.feed([blocks[1]]) }
    try index.feed(Array(blocks[0..<2]))
    #expect(throws: gap) { try index.feed([blocks[0]]) }
    #expect(throws: gap) { try index.feed([blocks[1]]) }
    #expect(throws: gap) { try index.feed([blocks[2], blocks[4]]) }
    #expect(throws: gap) { try index.feed([blocks[2], blocks[2]]) }
    #expect(try index.height == 2)
    #expect(try index.block(height: 3) == nil)
    try index.feed([])
    try index.feed(Array(blocks[2...]))
    #expect(try index.height == 6)
  }

  @Test(
    "refuses a block that contradicts itself, and goes on with the right one",
    arguments: [
      { $0.size = 0 }, { $0.size = .max }, { $0.firstIndex = 1 << 62 }, { $0.time = Timestamp(seconds: .max) },
      { $0.sealIndex = 4 }, { $0.sealIndex = 0 }, { $0.size = 2 }, { $0.firstIndex = 3 },
      { $0.transactions[0].height = 2 }, { $0.transactions[0].index = 0 }, { $0.transactions[0].index = 4 },
      { $0.transactions[0].time = Timestamp(seconds: 1 << 63) }, { $0.transactions += $0.transactions },
      { $0.subjects = [(1, IndexedSubject(kind: .plan, ordinal: 0))] },
      { $0.subjects = [(2, IndexedSubject(kind: .plan, ordinal: 1 << 52))] },
      { $0.hearts.steps = [.sample(at: $0.time.adding(seconds: 1))] },
      { $0.hearts.steps = [.sample(1 << 62, at: $0.time)] },
      { $0.hearts.steps = [.sample(at: $0.time, row: [])] },
      { $0.hearts.steps = [.sample(at: $0.time, sources: [3, 4, 3])] },
      { $0.hearts.steps = [.sample(at: $0.time, sources: [3], made: [3])] },
      { $0.hearts.changes = [($0.transactions[0].sender, [])] },
    ] as [@Sendable (inout IndexedBlock) -> Void])
  func badBlock(spoil: @Sendable (inout IndexedBlock) -> Void) throws {
    let index = try SearchIndex.inMemory(chain: testChain)
    var block = RandomBlocks.single
    spoil(&block)
    #expect(throws: SearchIndexError(.badBlock, "")) { try index.feed([block]) }
    #expect(try index.height == 0)
    try index.feed([RandomBlocks.single])
    #expect(try index.height == 1)
  }

  @Test("refuses a block that begins within the one before it")
  func overlap() throws {
    let index = try SearchIndex.inMemory(chain: testChain)
    try index.feed([RandomBlocks.single])
    let second = IndexedBlock(
      height: 2, time: .zero, firstIndex: 3, size: 2, sealIndex: 4, proposer: 0)
    #expect(throws: SearchIndexError(.badBlock, "")) { try index.feed([second]) }
  }

  @Test("refuses an event that was told before, and takes nothing of its block")
  func eventTwice() throws {
    let index = try SearchIndex.inMemory(chain: testChain)
    var first = RandomBlocks.single
    first.hearts.steps = [.sample(7, at: first.time)]
    try index.feed([first])
    var second = IndexedBlock(height: 2, time: .zero, firstIndex: 4, size: 2, sealIndex: 5, proposer: 0)
    second.hearts.steps = [.sample(8, at: .zero), .sample(7, at: .zero)]
    #expect(throws: SearchIndexError(.database, "")) { try index.feed([second]) }
    #expect(try index.height == 1)
    #expect(try index.steps(after: nil, limit: 9).map(\.step) == first.hearts.steps)
  }

  @Test("takes an owner said twice once")
  func ownerTwice() throws {
    let index = try SearchIndex.inMemory(chain: testChain)
    var first = RandomBlocks.single
    let owner = first.transactions[0].sender
    first.owners = [(7, owner), (7, owner), (3, owner)]
    var second = IndexedBlock(height: 2, time: .zero, firstIndex: 4, size: 2, sealIndex: 5, proposer: 0)
    second.owners = [(7, owner)]
    try index.feed([first, second])
    #expect(try index.memberships(of: owner) == [3, 7])
  }

  @Test("takes nothing of a feed that the disk has no room for, and goes on when there is room")
  func full() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let index = try SearchIndex.open(path: directory.index, chain: testChain)
    var random = RandomBlocks(seed: 7)
    let blocks = random.blocks(400)
    try index.feed(Array(blocks[0..<10]))
    for allowance in [1, 3, 10, 20] {
      try index.write { db in
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        try db.execute(sql: "PRAGMA max_page_count = \(pages + allowance)")
      }
      #expect(throws: SearchIndexError(.diskFull, "")) { try index.feed(Array(blocks[10...])) }
      #expect(try index.height == 10)
    }
    try index.write { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
    try index.feed(Array(blocks[10...]))
    let model = SearchModel(blocks: blocks)
    #expect(try index.blocks(before: nil, limit: 500) == model.blocks(before: nil, limit: 500))
    for membership in 0..<UInt32(50) { #expect(try index.changes(of: membership) == model.changes(of: membership)) }
  }

  @Test("does not keep readers waiting: they see the state before")
  func readersBesideAWrite() throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let index = try SearchIndex.open(path: directory.index, chain: testChain)
    var random = RandomBlocks(seed: 6)
    try index.feed(random.blocks(3))
    var seen: [UInt64] = []
    try index.write { _ in
      // On the same thread: waiting for the writer would be for ever.
      seen = [try index.height, UInt64(try index.blocks(before: nil, limit: 9).count)]
    }
    #expect(seen == [3, 3])
  }

  @Test("shows whole blocks to those who read meanwhile")
  func readersMeanwhile() async throws {
    let directory = TestDirectory()
    defer { directory.remove() }
    let index = try SearchIndex.open(path: directory.index, chain: testChain)
    let last: UInt64 = 400
    let sender = RandomBlocks.single.transactions[0].sender
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<3 {
        group.addTask {
          var states = Set<UInt64>()
          while !states.contains(last) {
            // Every block adds one change to membership 0; four blocks are fed at a time.
            let (height, changes) = try index.history(of: 0)
            #expect(height.isMultiple(of: 4) && changes.count == Int(height))
            // Every block has three transactions, so whatever is newest, none of its block is missing.
            let newest = try index.transactions(before: nil, limit: 12, sender: sender, subject: nil)
            #expect(Set(newest.map(\.height)).count == newest.count / 3)
            #expect((newest.first?.height ?? 0) >= height)
            states.insert(height)
            await Task.yield()
          }
          return states.count
        }
      }
      group.addTask {
        for height in stride(from: UInt64(1), through: last, by: 4) {
          try index.feed((height..<(height + 4)).map { Self.block($0, sender) })
          await Task.yield()
        }
        return 0
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.count == 4)
    #expect(try index.height == last)
  }

  private static func block(_ height: UInt64, _ sender: Address) -> IndexedBlock {
    let first = 1 + (height - 1) * 5
    var block = IndexedBlock(
      height: height, time: Timestamp(seconds: height), firstIndex: first, size: 5, sealIndex: first + 4, proposer: 0)
    block.transactions = (1...3).map { offset in
      IndexedTransaction(
        index: first + offset, hash: .sha256([UInt8(offset)] + Array("\(height)".utf8)), height: height,
        time: block.time, sender: sender, contract: "mutual_aid", kind: 4, code: 0, codeName: "success", rows: 0)
    }
    block.changes = [(0, [UInt8(truncatingIfNeeded: height)])]
    return block
  }
}

extension IndexedStep {
  /// An event that makes lot 9.
  fileprivate static func sample(
    _ event: UInt64 = 1, at time: Timestamp, row: [UInt8] = [1], sources: [UInt32] = [], made: [UInt32] = [9]
  ) -> IndexedStep {
    IndexedStep(event: event, time: time, row: row, sources: sources, made: made)
  }
}
