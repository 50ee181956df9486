import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

@Suite struct AuthenticatedTableTests {
  @Test func emptyTableHasTheHashOfNothing() {
    var table = AuthenticatedTable<Filled<12>>(name: "t", version: 1)
    #expect(table.root().description == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func recordsAreBigEndianInDeclaredOrder() {
    var key = [UInt8](repeating: 0, count: 32)
    key[0] = 0xAB
    var record = Keyed(key: Hash(key)!, value: -2)
    record.next = 0x0102_0304
    let expected = key + [1, 2, 3, 4, 255, 255, 255, 255, 255, 255, 255, 254]
    #expect(record.canonicalBytes == expected)
    #expect(Keyed(from: expected.span.bytes) == record)
  }

  @Test func readerReadsEveryKindOfField() {
    let bytes: [UInt8] = [9, 1, 2, 0, 0, 1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 5, 6, 7, 8]
    let span = bytes.span.bytes
    var reader = RecordReader()
    #expect(reader.uint8(in: span) == 9)
    #expect(reader.uint16(in: span) == 0x0102)
    #expect(reader.uint32(in: span) == 256)
    #expect(reader.int64(in: span) == -1)
    reader.skip(1, in: span)
    let rest: InlineArray<3, UInt8> = reader.bytes(in: span)
    #expect((rest[0], rest[1], rest[2]) == (6, 7, 8))
    #expect(reader.offset == bytes.count)
    let copy = [UInt8](unsafeUninitializedCapacity: 3) { buffer, count in
      var writer = RecordWriter(UnsafeMutableRawBufferPointer(buffer))
      writer.bytes(rest)
      count = writer.offset
    }
    #expect(copy == [6, 7, 8])
  }

  @Test func rootIsThatOfTheRFCForEverySizeUpAndDown() {
    var table = AuthenticatedTable<Filled<13>>(name: "t", version: 1)
    var leaves: [[UInt8]] = []
    var roots: [Hash] = []
    for size in 0..<300 {
      let root = table.root()
      #expect(root == PlainTree.root(leaves[...]), "size \(size)")
      #expect(table.checkInvariants(), "size \(size)")
      roots.append(root)
      let record = Filled<13>(UInt64(size) &* 0x9E37_79B9_7F4A_7C15)
      table.append(record)
      leaves.append(record.canonicalBytes)
    }
    for size in (0..<300).reversed() {
      table.removeLast()
      #expect(table.root() == roots[size], "size \(size)")
      #expect(table.checkInvariants(), "size \(size)")
    }
  }

  @Test(arguments: 0..<60)
  func rootAndPathsAgreeWithAPlainTree(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = AuthenticatedTable<Filled<40>>(name: "t", version: 1)
    var model: [Filled<40>] = []
    var kept: [(table: AuthenticatedTable<Filled<40>>, model: [Filled<40>])] = []
    let limit = Int.random(in: 1...600, using: &generator)
    for _ in 0..<40 {
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        let record = Filled<40>(UInt64.random(in: 0...9, using: &generator))
        switch Int.random(in: 0..<8, using: &generator) {
        case 0..<4 where model.count < limit:
          table.append(record)
          model.append(record)
        case 0..<5 where !model.isEmpty:
          table.removeLast()
          model.removeLast()
        default:
          guard let index = model.indices.randomElement(using: &generator) else { continue }
          if Bool.random(using: &generator) {
            table.replace(index, record)
            model[index] = record
          } else {
            table.update(index) { $0.value += 1 }
            model[index].value += 1
          }
        }
      }
      if Bool.random(using: &generator) {
        kept.append((table, model))
      }
      #expect(table.root() == PlainTree.root(model.map(\.canonicalBytes)[...]), "seed \(seed)")
      #expect(table.checkInvariants(), "seed \(seed)")
    }
    kept.append((table, model))
    for (table, model) in kept {
      var table = table
      let leaves = model.map(\.canonicalBytes)
      #expect(table.root() == PlainTree.root(leaves[...]), "seed \(seed)")
      #expect((0..<table.count).map { table[$0] } == model, "seed \(seed)")
      let summary = table.summary()
      for _ in 0..<5 {
        guard let index = model.indices.randomElement(using: &generator) else { break }
        let proof = table.proof(of: index)
        #expect(proof.path == PlainTree.path(index, leaves[...]), "seed \(seed)")
        #expect(proof.record == leaves[index], "seed \(seed)")
        #expect(proof.verify(in: summary), "seed \(seed)")
      }
    }
  }

  @Test func pathsAreRightForEverySmallSize() throws {
    var table = AuthenticatedTable<Filled<8>>(name: "t", version: 1)
    var leaves: [[UInt8]] = []
    for size in 1...70 {
      table.append(Filled(UInt64(size)))
      leaves.append(Filled<8>(UInt64(size)).canonicalBytes)
      let root = table.root()
      for index in 0..<size {
        let path = table.inclusionPath(index)
        #expect(path == PlainTree.path(index, leaves[...]), "\(index) of \(size)")
        let proof = InclusionProof(index: UInt64(index), size: UInt64(size), path: path)
        try proof.verify(leafHash: .leaf(leaves[index]), root: root)
      }
    }
  }

  @Test func manyWritesWithoutARootStayRight() {
    // More buckets than the table takes notes of before it hashes by itself.
    let count = 8 * 70_000
    var table = AuthenticatedTable<Filled<8>>(name: "t", version: 1)
    for value in 0..<count { table.append(Filled(UInt64(value))) }
    let before = table
    _ = table.root()
    var fresh = AuthenticatedTable<Filled<8>>(name: "t", version: 1)
    for value in 0..<count { fresh.append(Filled(UInt64(value) &+ UInt64(value & 7 == 3 ? 5 : 0))) }
    for value in stride(from: 3, to: count, by: 8).reversed() {
      table.update(value) { $0.value += 5 }
    }
    #expect(table.rootIfFlushed == nil)
    #expect(table.root() == fresh.root())
    #expect(table.rootIfFlushed == fresh.rootIfFlushed)
    #expect((0..<count).allSatisfy { before[$0].value == UInt64($0) })
  }

  @Test func aFailedUpdateChangesNothing() {
    struct Refusal: Error, Equatable {}
    var table = AuthenticatedTable<Filled<8>>(name: "t", version: 1)
    table.append(Filled(1))
    let root = table.root()
    #expect(throws: Refusal()) {
      try table.update(0) { (record: inout Filled<8>) throws(Refusal) in
        record.value = 2
        throw Refusal()
      }
    }
    #expect(table[0].value == 1)
    #expect(table.root() == root)
  }

  @Test func canonicalBytesMakeTheSameTable() {
    var table = AuthenticatedTable<Filled<104>>(name: "t", version: 1)
    for value in 0..<1_000 { table.append(Filled(UInt64(value))) }
    var copy = AuthenticatedTable<Filled<104>>(name: "t", version: 1)
    for ordinal in 0..<table.count {
      table.withCanonicalBytes(ordinal) { copy.append(canonical: $0) }
    }
    #expect(copy.summary() == table.summary())
  }
}
