import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

@Suite struct StateProofTests {
  private static func table(_ name: String, version: UInt32, records: Int) -> AuthenticatedTable<Filled<24>> {
    var table = AuthenticatedTable<Filled<24>>(name: name, version: version)
    for value in 0..<records { table.append(Filled(UInt64(value) &+ UInt64(version) << 32)) }
    return table
  }

  @Test func leafBytesAreFixed() {
    let summary = TableSummary(name: "ab", version: 3, count: 258, root: .zero)
    let expected: [UInt8] = [0, 2, 0x61, 0x62, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 1, 2] + [UInt8](repeating: 0, count: 32)
    #expect(summary.leafBytes == expected)
    #expect(StateCommitment([summary]).root == Hash.leaf(expected))
    #expect(StateCommitment([]).root == Hash.emptyRoot)
    let long = TableSummary(name: [UInt8](repeating: 0, count: 65_536), version: 0, count: 0, root: .zero)
    #expect(long.leafBytes == nil)
    let proof = TableProof(table: long, index: 0, tableCount: 1, path: [])
    #expect(!proof.verify(name: String(repeating: "\0", count: 65_536), version: 0, under: .zero))
  }

  @Test func tablesAreSortedByTheBytesOfTheirNames() {
    // The two spellings of "é" are equal as strings, and not as bytes.
    let names = ["b", "a", "Z", "\u{E9}", "e\u{301}", "ab"]
    let summaries = names.map { TableSummary(name: $0, version: 1, count: 0, root: .emptyRoot) }
    let sorted = ["Z", "a", "ab", "b", "e\u{301}", "\u{E9}"].map { Array($0.utf8) }
    let commitment = StateCommitment(summaries)
    #expect(commitment.tables.map(\.name) == sorted)
    #expect(commitment.root == StateCommitment(summaries.reversed()).root)
    let leaves = commitment.tables.compactMap(\.leafBytes)
    #expect(commitment.root == PlainTree.root(leaves[...]))
    #expect(commitment.proof(ofTable: "e\u{301}")?.index == 4)
    #expect(commitment.proof(ofTable: "\u{E9}")?.index == 5)
    #expect(commitment.proof(ofTable: "c") == nil)
  }

  @Test(arguments: 1...9)
  func recordsAreProvenUnderTheStateRoot(tableCount: Int) throws {
    var tables = (0..<tableCount).map {
      StateProofTests.table("table\($0)", version: UInt32($0), records: 5 + 7 * $0)
    }
    let commitment = StateCommitment(tables.indices.map { tables[$0].summary() })
    for (position, table) in tables.enumerated() {
      let tableProof = try #require(commitment.proof(ofTable: table.name))
      let version = UInt32(position)
      for ordinal in 0..<table.count {
        let proof = StateProof(table: tableProof, record: table.proof(of: ordinal))
        #expect(proof.verify(name: table.name, version: version, under: commitment.root))
        #expect(!proof.verify(name: "table", version: version, under: commitment.root))
        #expect(!proof.verify(name: table.name, version: version + 1, under: commitment.root))
        #expect(!proof.verify(name: table.name, version: version, under: .zero))
      }
    }
  }

  @Test("a commitment that follows its tables is the one made anew", arguments: [0, 1, 2, 3, 5, 8, 45])
  func updated(tableCount: Int) throws {
    // Names in no order, so that places differ from indices.
    var tables = (0..<tableCount).map { index in
      StateProofTests.table("table\(index * 7 % 11)-\(index)", version: 1, records: index % 3)
    }
    var commitment = StateCommitment([])
    var generator = SeededGenerator(seed: UInt64(tableCount))
    for _ in 0..<40 {
      for _ in 0..<Int(generator.next() % 4) where tableCount > 0 {
        tables[Int(generator.next() % UInt64(tableCount))].append(Filled(generator.next()))
      }
      for index in tables.indices {
        // A root or a summary that was asked for in between changes nothing.
        switch generator.next() % 4 {
        case 0: _ = tables[index].root()
        case 1: _ = tables[index].summary()
        default: break
        }
        commitment.take(&tables[index])
      }
      commitment.finish()
      let anew = StateCommitment(tables.indices.map { tables[$0].summary() })
      #expect(commitment.root == anew.root && commitment.tables == anew.tables)
      #expect(anew.root == PlainTree.root(anew.tables.compactMap(\.leafBytes)[...]))
      for table in tables { #expect(commitment.proof(ofTable: table.name) == anew.proof(ofTable: table.name)) }
    }
  }

  @Test("tables that are not those of before stop the program: fewer, more, and others")
  func otherTables() async {
    await #expect(processExitsWith: .failure) {
      var tables = (0..<2).map { StateProofTests.table("table\($0)", version: 1, records: 1) }
      var commitment = StateCommitment(tables.indices.map { tables[$0].summary() })
      commitment.take(&tables[0])
      commitment.finish()
    }
    await #expect(processExitsWith: .failure) {
      var table = StateProofTests.table("table", version: 1, records: 1)
      var commitment = StateCommitment([table.summary()])
      commitment.take(&table)
      commitment.take(&table)
    }
    await #expect(processExitsWith: .failure) {
      var other = StateProofTests.table("other", version: 1, records: 1)
      var table = StateProofTests.table("table", version: 1, records: 1)
      var commitment = StateCommitment([table.summary()])
      commitment.take(&other)
    }
    // The same calls with the right tables, so that it is these that stopped the others.
    await #expect(processExitsWith: .success) {
      var tables = (0..<2).map { StateProofTests.table("table\($0)", version: 1, records: 1) }
      var commitment = StateCommitment(tables.indices.map { tables[$0].summary() })
      for index in tables.indices { commitment.take(&tables[index]) }
      commitment.finish()
    }
  }

  @Test func changedProofsAreRefused() throws {
    var tables = (0..<5).map { StateProofTests.table("table\($0)", version: 1, records: 40) }
    let commitment = StateCommitment(tables.indices.map { tables[$0].summary() })
    let table = try #require(commitment.proof(ofTable: "table2"))
    let record = tables[2].proof(of: 11)
    let accepts = { (table: TableProof, record: RecordProof) in
      StateProof(table: table, record: record).verify(name: "table2", version: 1, under: commitment.root)
    }
    #expect(accepts(table, record))

    var bytes = record.record
    bytes[23] ^= 1
    #expect(!accepts(table, RecordProof(ordinal: 11, record: bytes, path: record.path)))
    #expect(!accepts(table, RecordProof(ordinal: 12, record: record.record, path: record.path)))
    #expect(!accepts(table, RecordProof(ordinal: .max, record: record.record, path: record.path)))
    #expect(!accepts(table, RecordProof(ordinal: 11, record: record.record, path: record.path.dropLast())))
    #expect(!accepts(table, RecordProof(ordinal: 11, record: record.record, path: record.path + [.zero])))
    for index in record.path.indices {
      var path = record.path
      path[index] = .zero
      #expect(!accepts(table, RecordProof(ordinal: 11, record: record.record, path: path)))
    }
    for index in table.path.indices {
      var path = table.path
      path[index] = .zero
      #expect(!accepts(TableProof(table: table.table, index: table.index, tableCount: 5, path: path), record))
    }
    let grown = TableSummary(name: "table2", version: 1, count: 41, root: table.table.root)
    #expect(!accepts(TableProof(table: grown, index: table.index, tableCount: 5, path: table.path), record))
    #expect(!accepts(TableProof(table: table.table, index: 3, tableCount: 5, path: table.path), record))
    #expect(!accepts(TableProof(table: table.table, index: 2, tableCount: 0, path: table.path), record))
  }
}
