internal import Consortium
internal import Contracts
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// A chain of hearts of one organisation, whose manifests of events become blocks as on a node, without a disk.
struct GiftField {
  /// Rows of a manifest.
  static let rows = 1000
  /// Bytes of stored hashes for each record of a table: a hash of 32 bytes over eight records, and as much above them
  /// (docs/state.md).
  static let hashBytesPerRecord = 8
  /// Gifts that one manifest of ``road()`` begins; they are repacked by the hundred into twenty lots each.
  private static let (gifts, pools, portions) = (600, 6, 20)
  private static let place: UInt32 = 620_100

  let genesis: Genesis
  private(set) var chain: Chain<ChainState>
  /// The state root in the last block's seal.
  private(set) var stateRoot = Hash.zero
  /// Seconds of the processor that taking up all manifests took.
  private(set) var processorSeconds = 0.0
  /// The entries of the manifests' transactions.
  private(set) var transactions: [[UInt8]] = []
  private let officer: SigningKey
  private let vote: SigningKey
  private let cosign: SigningKey
  private let givers: [Hash]
  private var waiting: [IndexedBlock] = []
  private var next: UInt64 = 1
  private var made = 0
  private var given = 0

  /// - Parameter givers: addresses to which gifts are bound, in turn.
  init(givers: Int) throws {
    func key(_ purpose: String) throws -> SigningKey {
      try SigningKey(seed: Hash.sha256(Array("tongzhou bench trace \(purpose)".utf8)).bytes)
    }
    (officer, vote, cosign) = (try key("officer"), try key("vote"), try key("cosign"))
    let rice = GiftKindRecord(
      name: .sha256(Array("rice".utf8)), category: .goods, unit: .gram, hearts: 1000, points: 1)
    let founder = Consortium.FoundingOrganisation(
      name: "foodbank.tongzhou.example", roles: .all,
      keys: EndorserKeys(vote: vote.publicKey, cosign: cosign.publicKey, log: try key("log").publicKey),
      officers: [officer.publicKey])
    genesis = try Genesis(
      name: "heart", origin: "bench.tongzhou.example/log/heart", time: Timestamp(seconds: 1_767_196_800),
      limits: Limits(),
      contracts: [
        (Consortium.name, try Consortium.genesisPayload([founder])),
        (Hearts.name, try Hearts.genesisPayload(kinds: [rice])),
      ])
    self.givers = try (0..<givers).map { number in
      guard let address = Address(Hash.sha256(Array("giver \(number)".utf8)).bytes.prefix(Address.byteCount)) else {
        throw LedgerError(.malformed, "an address has twenty bytes")
      }
      return address.key
    }
    var app = try ChainState(genesis: genesis)
    // As on a node, which feeds its index.
    app.watchEverything()
    chain = try Chain(genesis: genesis, app: app)
    let open = try Hearts.openProject(
      from: chain.time, to: chain.time.adding(days: 3650), place: GiftField.place,
      description: .sha256(Array("project".utf8)))
    _ = try block(open, rows: [])
  }

  /// The contract's state.
  var hearts: Hearts { chain.app.hearts }

  /// Every table of the state.
  var image: StateImage {
    var app = chain.app
    return app.image()
  }

  /// Blocks for an index that were not taken yet.
  mutating func takeBlocks() -> [IndexedBlock] {
    defer { waiting = [] }
    return waiting
  }

  /// A manifest becomes a block; every row has to be accepted.
  ///
  /// - Returns: how long it took from the batch's bytes to the new state root.
  mutating func tell(_ events: [TraceEvent]) throws -> Duration {
    let told = try block(Hearts.trace(first: next), rows: events.map(\.row))
    next += UInt64(events.count)
    return told
  }

  private mutating func block(_ action: Action, rows: [[UInt8]]) throws -> Duration {
    made += 1
    let time = chain.time.adding(seconds: 1)
    let unsigned = try UnsignedTransaction(
      chain: chain.id, sender: officer.publicKey.address, expiry: time.adding(seconds: 300),
      id: Array(Hash.sha256(Array("transaction \(made)".utf8)).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let transaction = Entry.make(.transaction, try unsigned.signed(by: [officer]))
    transactions.append(transaction)
    var certificate: [EndorserCosignature] = []
    if chain.height > 0 {
      let text = chain.head.text(origin: genesis.origin)
      certificate = [try EndorserCosignature(text: text, time: time, key: cosign)]
    }
    let header = Header(
      chain: chain.id, epoch: chain.epoch, sequence: chain.sequence + 1, previous: chain.previous,
      certificate: certificate, proposer: 0)
    let signed = try Batch(header, entries: [transaction] + RowEntries.pack(rows), signedBy: vote)

    let (began, used) = (ContinuousClock.now, ProcessorTime.seconds)
    let batch = try Batch(signedHeader: signed.signedHeader, entries: signed.entries)
    let items = batch.entries.map { PreparedBatch.item($0, chain: genesis.chain, reader: ChainState.read) }
    let certified = try chain.validate(batch, at: batch.header.sequence)
    let block = try chain.execute(PreparedBatch(batch, items: items), certificate: certified)
    chain.commit(block)
    let taken = ContinuousClock.now - began
    processorSeconds += ProcessorTime.seconds - used
    for code in block.codes.joined() where code != .success { throw LedgerError(code, "an event was refused") }
    stateRoot = block.seal.state
    waiting.append(IndexedBlock(block))
    return taken
  }
}

/// Events.
extension GiftField {
  /// One gift of rice; the next giver's.
  private mutating func gift(_ grams: Int64) -> TraceEvent {
    var event = event(.donated)
    event.quantity = grams
    event.place = GiftField.place
    event.reason = GiftBinding.address.rawValue
    // Far from the giver before, so that records are as scattered as in life.
    event.party = givers[given &* 7919 % givers.count]
    given += 1
    return event
  }

  private func event(_ kind: TraceKind) -> TraceEvent { TraceEvent(kind, unit: .gram, time: chain.time) }

  private func handOver(_ lot: UInt32, _ grams: Int64) -> TraceEvent {
    var event = event(.handedOver)
    event.lot = lot
    event.quantity = grams
    event.party = .sha256(Array("kitchen \(lot)".utf8))
    return event
  }

  private func repack(_ lots: [(lot: UInt32, grams: Int64)], into portions: Int) -> TraceEvent {
    var event = event(.repacked)
    event.parts = lots.map { TracePart(lot: $0.lot, quantity: $0.grams) }
    event.inputs = UInt8(lots.count)
    let total = lots.reduce(0) { $0 + $1.grams }
    for _ in 0..<portions { event.parts.append(TracePart(lot: 0, quantity: total / Int64(portions))) }
    event.quantity = total % Int64(portions)
    return event
  }

  /// A thousand events from gifts to the people who eat: six hundred gifts, some taken in, repacked by the hundred,
  /// stored, and handed over in two parts each.
  mutating func road() -> [TraceEvent] {
    let grams = (0..<GiftField.gifts).map { 1000 + Int64($0 % 100) }
    var events = grams.map { gift($0) }
    let hundred = GiftField.gifts / GiftField.pools
    let rest = GiftField.rows - GiftField.gifts - GiftField.pools - 3 * GiftField.pools * GiftField.portions
    for number in 0..<rest {
      var event = event(.received)
      event.lot = TraceEvent.made(by: number)
      events.append(event)
    }
    let first = events.count
    for pool in 0..<GiftField.pools {
      let lots = (pool * hundred..<(pool + 1) * hundred).map { (lot: TraceEvent.made(by: $0), grams: grams[$0]) }
      events.append(repack(lots, into: GiftField.portions))
    }
    for pool in first..<first + GiftField.pools {
      for output in 0..<GiftField.portions {
        let lot = TraceEvent.made(by: pool, output: output)
        var stored = event(.stored)
        stored.lot = lot
        let whole = events[pool].outgoing[events[pool].outgoing.startIndex + output].quantity
        events += [stored, handOver(lot, whole / 2), handOver(lot, whole - whole / 2)]
      }
    }
    return events
  }

  /// A thousand gifts that are pooled later.
  mutating func pooledGifts() -> [TraceEvent] { (0..<GiftField.rows).map { _ in gift(10) } }

  /// Lots of ten grams become one, by the hundred and then the hundreds; at most 10,000. It is handed over whole.
  func pool(_ lots: [UInt32]) -> [TraceEvent] {
    var events: [TraceEvent] = []
    for start in stride(from: 0, to: lots.count, by: 100) {
      events.append(repack(lots[start..<min(start + 100, lots.count)].map { ($0, 10) }, into: 1))
    }
    let pools = events.indices.map { (TraceEvent.made(by: $0), events[$0].outgoing.reduce(0) { $0 + $1.quantity }) }
    events.append(repack(pools, into: 1))
    let last = TraceEvent.made(by: events.count - 1)
    let whole = pools.reduce(0) { $0 + $1.1 }
    var stored = event(.stored)
    stored.lot = last
    return events + [stored, handOver(last, whole)]
  }
}
