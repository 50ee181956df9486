import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import Storage

@Suite("Searching") struct SearchTests {
  private let model: SearchModel
  private let index: SearchIndex

  init() throws {
    var random = RandomBlocks(seed: 12)
    model = SearchModel(blocks: random.blocks(80))
    index = try SearchIndex.inMemory(chain: testChain, generationRows: 100)
    for block in model.blocks { try index.feed([block]) }
  }

  /// All transactions whose hash begins so, in the order of the answer.
  private func beginning(_ prefix: String) -> [SearchHit] {
    model.transactions.filter { $0.hash.description.hasPrefix(prefix) }.sorted {
      $0.index < $1.index
    }.map(SearchHit.transaction)
  }

  @Test("finds transactions by the whole hash or eight digits and more of it, in either case")
  func hashes() throws {
    var several = 0
    for transaction in model.transactions {
      let digits = transaction.hash.description
      for count in [8, 9, 14, 15, 16, 17, 18, 19, 40, 63, 64] {
        let prefix = String(digits.prefix(count))
        let found = try index.search(prefix, limit: 100).filter { if case .transaction = $0 { true } else { false } }
        #expect(found == beginning(prefix), "\(prefix)")
        if found.count > 1 { several += 1 }
      }
      #expect(try index.search("0x" + digits.uppercased(), limit: 100) == beginning(digits))
      #expect(
        try index.search(String(digits.prefix(7)) + " ", limit: 100).allSatisfy { !beginning(digits).contains($0) })
      #expect(try index.search(digits + "0", limit: 100).isEmpty)
    }
    #expect(several > 20)
  }

  @Test("finds addresses that have sent something or own a membership, and no others")
  func addresses() throws {
    var generator = SeededGenerator(seed: 3)
    let sender = try #require(model.transactions.first?.sender)
    #expect(try index.search("  \(sender) ", limit: 9) == [.address(sender)])
    // It begins like a sender for as long as the index keeps.
    let alike = try #require(Address(sender.bytes.prefix(8) + RandomBlocks.bytes(12, &generator)))
    #expect(try index.search("\(alike)", limit: 9).isEmpty)
    let mistyped = sender.description.dropLast() + (sender.description.hasSuffix("q") ? "p" : "q")
    #expect(try index.search(String(mistyped), limit: 9).isEmpty)

    let other = try SearchIndex.inMemory(chain: testChain)
    var block = RandomBlocks.single
    block.owners = [(0, alike)]
    try other.feed([block])
    #expect(try other.search("\(alike)", limit: 9) == [.address(alike)])

    let hearts = try SearchIndex.inMemory(chain: testChain)
    block.owners = []
    block.hearts.changes = [(alike, [1])]
    try hearts.feed([block])
    #expect(try hearts.search("\(alike)", limit: 9) == [.address(alike)])
  }

  @Test("finds a block by its number, and no block that is not there")
  func blocks() throws {
    let block = try #require(model.summaries.first { $0.height == 80 })
    for text in ["80", "080", "block 80", "Block #80", "#80", "８０", "区块　80", "区块80"] {
      #expect(try index.search(text, limit: 9) == [.block(block)], "\(text)")
    }
    for text in ["81", "0", "-80", "8 0", "80.", "18446744073709551616", "٨٠"] {
      #expect(try index.search(text, limit: 9).isEmpty, "\(text)")
    }
  }

  @Test("finds a subject by its kind and number in both languages")
  func subjects() throws {
    let found = SearchHit.subject(IndexedSubject(kind: .case, ordinal: 3))
    for text in ["case 3", "CASE 3", "case3", "case #3", "Case#3", "案例 3", "案例3", "案例　３"] {
      #expect(try index.search(text, limit: 9) == [found], "\(text)")
    }
    for text in ["case 5", "case", "case x", "case 3 4", "3 case", "cases 3", "case 9223372036854775807"] {
      #expect(try index.search(text, limit: 9).isEmpty, "\(text)")
    }
    for kind in SubjectKind.allCases {
      let subject = IndexedSubject(kind: kind, ordinal: 2)
      #expect(try index.search("\(kind.rawValue) 2", limit: 9) == [.subject(subject)])
    }
  }

  @Test("gives as many hits as asked for, and none for text without sense")
  func limits() throws {
    let prefix = try #require(
      model.transactions.map { String($0.hash.description.prefix(8)) }.first { beginning($0).count > 1 })
    #expect(try index.search(prefix, limit: 1) == Array(beginning(prefix).prefix(1)))
    #expect(try index.search(prefix, limit: 0).isEmpty)
    #expect(try index.search("80", limit: -1).isEmpty)
    #expect(try index.search("", limit: 9).isEmpty)
    #expect(try index.search("%' OR 1=1 --", limit: 9).isEmpty)
    #expect(try index.search(String(repeating: " ", count: 200) + "80", limit: 9).isEmpty)
  }

  @Test("a number of eight digits can be a block and the beginning of a hash")
  func both() throws {
    let other = try SearchIndex.inMemory(chain: testChain)
    var block = RandomBlocks.single
    block.transactions[0].hash = try #require(Hash([0, 0, 0, 1] + Array(repeating: 7, count: 28)))
    try other.feed([block])
    let summary = try #require(try other.block(height: 1))
    #expect(try other.search("00000001", limit: 9) == [.block(summary), .transaction(block.transactions[0])])
  }
}
