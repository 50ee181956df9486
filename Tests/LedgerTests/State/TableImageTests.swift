import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Tables as snapshots hold them: taken apart into chunks and put together again.
@Suite struct TableImageTests {
  private func table(_ count: Int) -> AuthenticatedTable<Filled<12>> {
    var table = AuthenticatedTable<Filled<12>>(name: "t", version: 3)
    for index in 0..<count { table.append(Filled<12>(UInt64(index) &* 0x9E37_79B9_7F4A_7C15)) }
    return table
  }

  private func rejoined(_ image: TableImage) -> TableImage {
    let chunks = (0..<image.chunkCount).map { TableChunk(image.chunk($0), recordBytes: image.recordBytes) }
    for (index, chunk) in chunks.enumerated() { #expect(chunk.root == image.chunkRoot(index)) }
    return TableImage(name: image.name, version: image.version, recordBytes: image.recordBytes, chunks: chunks)
  }

  @Test(
    "a table made of its chunks is the table, and goes on as it does",
    arguments: [0, 1, 7, 8, 9, 341, 342, 32_767, 32_768, 32_769, 65_536, 100_003])
  func roundTrip(count: Int) throws {
    var whole = table(count)
    let image = whole.image()
    #expect(image.chunkCount == (count + 32_767) / 32_768)
    #expect(MerkleTree.treeRoot(of: (0..<image.chunkCount).map(image.chunkRoot)) == whole.root())
    var made = AuthenticatedTable<Filled<12>>(name: "t", version: 3)
    try StateImage([rejoined(image)]).read(&made)
    #expect(made.summary() == whole.summary())
    #expect(made.checkInvariants())
    // Changes of one leave the other alone, at chunk borders too.
    let before = whole.root()
    for ordinal in [0, 7, 32_767, 32_768, count - 1] where (0..<count).contains(ordinal) {
      made[ordinal] = Filled<12>(5)
    }
    for value in 0..<40 { made.append(Filled<12>(UInt64(value))) }
    #expect(made.checkInvariants() == false, "not hashed yet")
    _ = made.root()
    #expect(made.checkInvariants() && made.count == count + 40)
    #expect(whole.root() == before && whole.checkInvariants())
    while made.count > count { made.removeLast() }
    for ordinal in [0, 7, 32_767, 32_768, count - 1] where (0..<count).contains(ordinal) {
      made[ordinal] = whole[ordinal]
    }
    #expect(made.root() == before && made.checkInvariants())
  }

  @Test("a table of another name, version or length of records is refused")
  func refused() throws {
    var whole = table(20)
    let image = StateImage([whole.image()])
    var name = AuthenticatedTable<Filled<12>>(name: "u", version: 3)
    var version = AuthenticatedTable<Filled<12>>(name: "t", version: 4)
    var length = AuthenticatedTable<Filled<13>>(name: "t", version: 3)
    #expect(throws: StateError(.wrongImage, "")) { try image.read(&name) }
    #expect(throws: StateError(.wrongImage, "")) { try image.read(&version) }
    #expect(throws: StateError(.wrongImage, "")) { try image.read(&length) }
    #expect(name.isEmpty && version.isEmpty && length.isEmpty)
  }

  @Test("a table with unique keys finds the same after it was put together", arguments: 0..<6)
  func uniqueKeys(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var table = UniqueKeyTable<Keyed>(name: "k", version: 1)
    var keys: [Hash] = []
    for number in 0..<UInt64(3000) {
      // Some share their first bytes, which the index tells apart by the table only.
      var bytes = Hash.label("key", number).bytes
      if number % 5 == 0 { bytes.replaceSubrange(0..<6, with: [1, 2, 3, 4, 5, 6]) }
      let key = try #require(Hash(bytes))
      keys.append(key)
      try table.insert(Keyed(key: key, value: Int64(number)))
    }
    for key in keys.shuffled(using: &generator).prefix(700) { table.remove(key) }
    var made = UniqueKeyTable<Keyed>(name: "k", version: 1)
    try StateImage([rejoined(table.image())]).read(&made)
    #expect(made.checkInvariants())
    for key in keys {
      #expect(made.find(key) == table.find(key))
      #expect(made.predecessor(key) == table.predecessor(key))
    }
    for number in 0..<UInt64(200) {
      let record = Keyed(key: .label("later", number), value: 1)
      #expect(try made.insert(record) == table.insert(record))
      #expect(made.remove(keys[Int(number)]) == table.remove(keys[Int(number)]))
    }
    #expect(made.root() == table.root() && made.checkInvariants())
  }

  @Test("the radix sort sorts as the library does, and keeps the order below its first bit", arguments: 0..<20)
  func radixSort(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = [0, 1, 2, 17, 4000][Int(seed) % 5]
    let range = [Int64.min ... .max, -3...3, 0...1_000_000, -(1 << 40)...(1 << 40)][Int(seed) % 4]
    let values = (0..<count).map { _ in Int64.random(in: range, using: &generator) }
    var sorted = values
    RadixSort.sort(&sorted)
    #expect(sorted == values.sorted())
    var high = values
    RadixSort.sort(&high, fromBit: 32)
    let stable = values.enumerated().sorted { ($0.element >> 32, $0.offset) < ($1.element >> 32, $1.offset) }
    #expect(high == stable.map(\.element))
  }
}
