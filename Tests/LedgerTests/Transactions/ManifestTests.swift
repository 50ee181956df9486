import FoundationEssentials
import Testing
import TransparencyLog

@testable import Ledger

/// Rows held against the manifest that was signed, in a block.
struct ManifestTests {
  private let organisations: Organisations

  init() throws { organisations = try Organisations(1) }

  private static let rows: [[UInt8]] = [[1], [2, 2], [], [3, 3, 3]]

  /// A signed transaction whose manifest is over these rows.
  private func transaction(_ number: UInt8 = 1, over rows: [[UInt8]]) throws -> [UInt8] {
    let key = organisations.keys[0].log
    let unsigned = try UnsignedTransaction(
      chain: organisations.genesis.chain, sender: key.publicKey.address,
      expiry: Organisations.start.adding(seconds: 300), id: [UInt8](repeating: number, count: 16),
      action: Action(contract: "tally", kind: 1, payload: []), manifest: Manifest(rows: rows))
    return Entry.make(.transaction, try unsigned.signed(by: [key]))
  }

  /// The codes of a first block of these entries.
  private func codes(_ entries: [[UInt8]], limits: Limits = Limits()) throws -> [[ErrorCode]] {
    let organisations = try Organisations(1, limits: limits)
    let chain = try organisations.chain()
    let header = Header(
      chain: chain.id, epoch: 0, sequence: 1, previous: chain.id, certificate: [], proposer: 0)
    let batch = try Batch(header, entries: entries, signedBy: organisations.keys[0].vote)
    let certificate = try chain.validate(batch, at: 1)
    return try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate).codes
  }

  @Test("the signed rows, however they are divided among entries")
  func theSignedRows() throws {
    let good = try transaction(over: Self.rows)
    #expect(try codes([good] + RowEntries.pack(Self.rows)) == [[.success], [.success, .success, .success, .success]])
    let single = try Self.rows.flatMap { try RowEntries.pack([$0]) }
    #expect(try codes([good] + single) == [[.success]] + Array(repeating: [.success], count: 4))
  }

  @Test("other rows than the signed ones: a byte, an order, a number, a boundary between two")
  func otherRows() throws {
    let good = try transaction(over: Self.rows)
    let wrong: [[[UInt8]]] = [
      [[1], [2, 2], [], [3, 3, 4]], [[2, 2], [1], [], [3, 3, 3]], [[1], [2, 2], []],
      [[1], [2, 2], [], [3, 3, 3], []],
      [[1], [2], [2], [3, 3, 3]], [[1, 2, 2], [], [3, 3, 3]], [[1]],
    ]
    for rows in wrong {
      let expected = [[.rowsMismatch], [ErrorCode](repeating: .rowsMismatch, count: rows.count)]
      #expect(try codes([good] + RowEntries.pack(rows)) == expected)
    }
    #expect(try codes([good]) == [[.rowsMismatch]])
  }

  @Test("a manifest that names another root or another number than its rows have")
  func otherManifests() throws {
    let key = organisations.keys[0].log
    for manifest in [
      Manifest(count: 4, root: .zero), Manifest(count: 3, root: Manifest(rows: Self.rows).root),
      Manifest(count: 5, root: Manifest(rows: Self.rows).root), Manifest(count: .max, root: .zero),
    ] {
      let unsigned = try UnsignedTransaction(
        chain: organisations.genesis.chain, sender: key.publicKey.address, expiry: Organisations.start,
        id: [UInt8](repeating: 1, count: 16), action: Action(contract: "tally", kind: 1, payload: []),
        manifest: manifest)
      let entry = Entry.make(.transaction, try unsigned.signed(by: [key]))
      // Rows past the count stand in the same entry, so they are taken with the others.
      let expected = [[.rowsMismatch], [ErrorCode](repeating: .rowsMismatch, count: 4)]
      #expect(try codes([entry] + RowEntries.pack(Self.rows)) == expected)
    }
  }

  @Test("rows that nobody asked for: alone, before their manifest, after it, behind a transaction without one")
  func orphans() throws {
    let good = try transaction(over: Self.rows)
    let rows = try RowEntries.pack(Self.rows)
    let orphans = [ErrorCode](repeating: .orphanRows, count: 4)
    #expect(try codes(rows) == [orphans])
    #expect(try codes(rows + [good]) == [orphans, [.rowsMismatch]])
    #expect(try codes([good] + rows + rows) == [[.success], [.success, .success, .success, .success], orphans])
    let plain = try organisations.transaction(9).entry
    #expect(try codes([plain] + rows) == [[.success], orphans])
    // Another transaction between a manifest and its rows.
    #expect(try codes([good, plain] + rows) == [[.rowsMismatch], [.success], orphans])
  }

  @Test("an entry of rows that does not unpack belongs to nobody")
  func malformedEntries() throws {
    let good = try transaction(over: Self.rows)
    #expect(try codes([good, [4, 0, 9]]) == [[.rowsMismatch], [.orphanRows]])
    let halves = try [RowEntries.pack(Array(Self.rows[..<2])), RowEntries.pack(Array(Self.rows[2...]))].flatMap { $0 }
    #expect(
      try codes([good, halves[0], [4, 1], halves[1]])
        == [[.rowsMismatch], [.rowsMismatch, .rowsMismatch], [.orphanRows], [.orphanRows, .orphanRows]])
  }

  @Test("a refused envelope leaves its rows to nobody")
  func refusedEnvelope() throws {
    var bad = try transaction(over: Self.rows)
    bad[bad.count - 1] ^= 1
    let orphans = [ErrorCode](repeating: .orphanRows, count: 4)
    #expect(try codes([bad] + RowEntries.pack(Self.rows)) == [[.badSignature], orphans])
  }

  @Test("a manifest has at most 2^20 rows")
  func mostRows() throws {
    var limits = Limits()
    limits.batchBytes = 1 << 24
    let organisations = try Organisations(1, limits: limits)
    let key = organisations.keys[0].log
    for (count, code) in [(1 << 20, ErrorCode.success), ((1 << 20) + 1, .rowsMismatch)] {
      let rows = [[UInt8]](repeating: [], count: count)
      let unsigned = try UnsignedTransaction(
        chain: organisations.genesis.chain, sender: key.publicKey.address, expiry: Organisations.start,
        id: [UInt8](repeating: 1, count: 16), action: Action(contract: "tally", kind: 1, payload: []),
        manifest: Manifest(rows: rows))
      let entry = Entry.make(.transaction, try unsigned.signed(by: [key]))
      let found = try codes([entry] + RowEntries.pack(rows), limits: limits)
      #expect(found[0] == [code])
      #expect(found.dropFirst().joined().allSatisfy { $0 == code })
    }
  }
}
