import Consortium
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// The application in a chain of blocks, as a node runs it.
@Suite struct HeartBlockTests {
  /// Two blocks with a project and a manifest of 1,000 gifts.
  private static func chain() throws -> (Chain<HeartChain>, [[ErrorCode]]) {
    let village = try Village()
    var chain = try Chain<HeartChain>(genesis: village.genesis)
    let food = try Village.officer(.food)
    var made: UInt64 = 0
    func entries(_ action: Action, _ rows: [[UInt8]]) throws -> [[UInt8]] {
      made += 1
      let unsigned = try UnsignedTransaction(
        chain: chain.id, sender: food.publicKey.address, expiry: chain.time.adding(seconds: 300),
        id: Array(Hash.label("block", made).bytes.prefix(16)), action: action,
        manifest: rows.isEmpty ? nil : Manifest(rows: rows))
      return [Entry.make(.transaction, try unsigned.signed(by: [food]))] + (try RowEntries.pack(rows))
    }
    func block(_ entries: [[UInt8]]) throws -> [[ErrorCode]] {
      var certificate: [EndorserCosignature] = []
      if chain.height > 0 {
        let text = chain.head.text(origin: chain.genesis.origin)
        certificate = [try EndorserCosignature(text: text, time: chain.time, key: SigningKey(label: "cosign"))]
      }
      let header = Header(
        chain: chain.id, epoch: chain.epoch, sequence: chain.sequence + 1, previous: chain.previous,
        certificate: certificate, proposer: 0)
      let batch = try Batch(header, entries: entries, signedBy: SigningKey(label: "vote"))
      let certified = try chain.validate(batch, at: batch.header.sequence)
      let block = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certified)
      chain.commit(block)
      return block.codes
    }
    let open = try Hearts.openProject(
      from: village.time, to: village.time.adding(days: 90), place: 1, description: .label("project", 1))
    var codes = try block(entries(open, []))
    let gifts = try (0..<1000).map {
      try TraceEvent.gift(.rice, 1 + Int64($0), project: 0, at: village.time, from: $0 % 10).row
    }
    codes += try block(entries(Hearts.trace(first: 1), gifts))
    return (chain, codes)
  }

  @Test func aManifestOfAThousandGiftsIsOneTransactionOfABlock() throws {
    let (chain, codes) = try HeartBlockTests.chain()
    #expect(codes.joined().allSatisfy { $0 == .success })
    #expect(codes.count == 1 + 1 + 2)
    #expect(codes.joined().count == 1002)
    #expect(chain.app.hearts.lots.count == 1000)
    #expect(chain.app.hearts.totals.held == 500_500)
    #expect(chain.app.hearts.projects[0][.gram].left == 500_500)
    #expect(chain.app.hearts.brokenInvariant() == nil)
    // The same entries lead to the same state again.
    var first = chain.app
    var second = try HeartBlockTests.chain().0.app
    #expect(first.stateRoot() == second.stateRoot())
  }

  @Test func everyTableProvesItsRecords() throws {
    var app = try HeartBlockTests.chain().0.app
    let root = app.stateRoot()
    let commitment = app.commitment()
    var proven = 0
    for table in commitment.tables where table.count > 0 {
      let name = String(decoding: table.name, as: UTF8.self)
      let ordinal = Int(table.count) - 1
      let record = try #require(app.recordProof(table: name, ordinal: ordinal), "\(name)")
      let proof = StateProof(table: try #require(commitment.proof(ofTable: name)), record: record)
      #expect(proof.verify(name: name, version: table.version, under: root), "\(name)")
      #expect(app.recordProof(table: name, ordinal: ordinal + 1) == nil)
      proven += 1
    }
    // All of the consortium's that are not empty, and of the contract's but what no partner or auditor did yet.
    #expect(proven >= 16)
    #expect(commitment.tables.count == 27)
  }

  @Test func anImageOfAnotherVersionIsNoState() throws {
    let (chain, _) = try HeartBlockTests.chain()
    var app = chain.app
    let image = app.image()
    for name in ["hearts", "lots", "gift_kinds"] {
      let fewer = StateImage(image.tables.filter { $0.name != name })
      #expect(throws: StateError(.wrongImage, "")) { try HeartChain(genesis: chain.genesis, image: fewer) }
    }
    let again = try HeartChain(genesis: chain.genesis, image: image)
    #expect(again.hearts.givers.count == app.hearts.givers.count)
  }
}

/// Widths and order of the fields, which docs/hearts.md gives.
@Suite struct HeartLayoutTests {
  @Test func aLotWithItsGiftAndTheirHashesTakesNoMoreThanTwoHundredBytes() {
    // Each record costs eight bytes of stored hashes beside its own.
    #expect(LotRecord.byteCount + GiftRecord.byteCount + 16 <= 200)
  }

  @Test func rowsAreBigEndianInDeclaredOrder() throws {
    var event = TraceEvent(.repacked, unit: .gram, time: Timestamp(seconds: 0x0102_0304))
    event.quantity = 5
    event.place = 0x0a0b_0c0d
    event.inputs = 1
    event.evidence = .label("picture", 1)
    event.parts = [TracePart(lot: 7, quantity: 8), TracePart(lot: 1, quantity: 3)]
    let row = event.row
    let head: [UInt8] = [
      4, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 10, 11, 12, 13, 0, 0, 0, 1, 0, 0, 0, 0,
    ]
    #expect(Array(row.prefix(36)) == head)
    #expect(Array(row[36..<68]) == event.evidence.bytes)
    #expect(Array(row[100...]) == [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3])
    #expect(try TraceEvent(row: row) == event)
  }

  @Test func recordsKeepTheirCanonicalForm() throws {
    let (chain, _) = try Self.records()
    for bytes in chain { #expect(bytes.again == bytes.bytes) }
  }

  private struct Form {
    let bytes: [UInt8]
    let again: [UInt8]

    init<Record: FixedLayoutRecord>(_ record: Record) {
      let first = record.canonicalBytes
      bytes = first
      again = Record(from: first.span.bytes).canonicalBytes
    }
  }

  private static func records() throws -> ([Form], Village) {
    let village = try ActionRuleTests.village()
    let hearts = village.hearts
    let forms = [
      Form(hearts.lots[0]), Form(hearts.gifts[1]), Form(hearts.givers[1]), Form(hearts.totals),
      Form(hearts.projects[0]), Form(hearts.manifests[0]), Form(hearts.books[2]), Form(hearts.partners[0]),
      Form(hearts.kinds[3]), Form(hearts.formula), Form(hearts.flows[0]), Form(hearts.exhibits[0]),
      Form(hearts.consents[0]),
    ]
    return (forms, village)
  }
}

/// The love index at its edges; the random histories hold it against a slow reference.
@Suite struct LoveIndexTests {
  @Test func itCannotBeBoughtInADayAndFadesAsStated() throws {
    var village = try Village()
    _ = try village.openProject(.food, days: 3650)
    let address = try Village.person(1).publicKey.address
    func index(_ days: UInt64 = 0) -> UInt16 {
      village.hearts.loveIndex(of: address, at: village.time.adding(days: days))
    }
    // Ten gifts of a ton each on one day: 20 points for the first, and no more than 30 that day.
    let now = village.time
    _ = try village.tell(
      .food, (0..<10).map { _ in try .gift(.rice, 1_000_000, project: 0, at: now, from: 1) })
    #expect(index() == 30)
    for day in 1..<40 {
      village.time = Village.start.adding(days: UInt64(day))
      let today = village.time
      _ = try village.tell(
        .food,
        [.gift(.rice, 1_000_000, project: 0, at: today, from: 1), .gift(.rice, 1, project: 0, at: today, from: 1)])
    }
    // 30 and 39 days of 20; the day's second gift is too small to count.
    #expect(index() == 810)
    #expect(index(90 * 2) == 810)
    // Periods are counted from 1970: these gifts lie in one or two of them.
    #expect(index(90 * 5) < 810)
    #expect(index(90 * 5) >= 810 * 8 / 10)
    #expect(index(90 * 13) == 0)
  }

  @Test func itEndsAtAThousand() throws {
    var village = try Village()
    _ = try village.openProject(.food, days: 3650)
    for day in 0..<60 {
      village.time = Village.start.adding(days: UInt64(day))
      let today = village.time
      _ = try village.tell(
        .food, (0..<2).map { _ in try .gift(.rice, 1_000_000, project: 0, at: today, from: 1) })
    }
    #expect(village.hearts.loveIndex(of: try Village.person(1).publicKey.address, at: village.time) == 1000)
    #expect(village.hearts.loveIndex(of: try Village.person(2).publicKey.address, at: village.time) == 0)
  }
}
