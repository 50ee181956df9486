public import Contracts
public import HeartChain
public import Ledger
internal import MutualAid
public import TransparencyLog

/// A chain of hearts on which something of every sort has happened once: rice that is pooled, boxed, driven to a school
/// and eaten; money that is paid on and spent; trees that are pledged, planted and counted; gifts that were taken back;
/// a partner with a channel, and a giver's consent.
public struct TestGiving: Sendable {
  /// Organisations by ordinal.
  public enum Place: Int, Sendable {
    case platform, bank, food, forest, school, audit
  }

  /// Lots by ordinal.
  public enum Lot: UInt32, Sendable, CaseIterable {
    case rice, moreRice, oil, wrong, meal, box, money, payment, pledge, trees, wrongMilk, waiting
  }

  /// Lanzhou and Dingxi, in six digits of GB/T 2260.
  public static let places: (lanzhou: UInt32, dingxi: UInt32) = (620_100, 621_100)

  /// Who signs.
  public let network: TestNetwork
  /// The chain after its last block.
  public private(set) var chain: TestChain
  /// All entries of its log.
  public private(set) var entries: [[UInt8]]
  /// What finds ways.
  public private(set) var ways = WayIndex()
  /// Why and when the gifts of void lots were taken back, by lot.
  public private(set) var reversals: [Lot: (reason: Hash, time: Timestamp)] = [:]

  /// The gift that waits for whoever has its code, which is the seed of `SigningKey(label: "code")`.
  public var waiting: UInt32 { hearts.lots[Int(Lot.waiting.rawValue)].gift - 1 }
  /// The chain's state.
  public var app: ChainState { chain.chain.app }
  /// Its hearts.
  public var hearts: Hearts { app.hearts }

  /// The chain, the same every time.
  public init() throws(LedgerError) {
    network = try TestNetwork(heartsNamed: "giving", endorsers: 4)
    chain = try TestChain(network, watching: .everybody)
    entries = [Entry.make(.genesis, network.genesis.bytes)]
    try block()
    for place in [Place.food, .forest] {
      try perform(
        Hearts.openProject(
          from: chain.nextTime, to: chain.nextTime.adding(days: 365), place: TestGiving.places.lanzhou,
          description: .label("project", UInt64(place.rawValue))), by: place)
    }
    try giveFood()
    try giveMoney()
    try giveTrees()
    try takeBack()
    try letPartnersIn()
  }

  /// The way of a lot.
  public func way(of lot: Lot) -> Way { ways.way(of: lot.rawValue) ?? Way(of: lot.rawValue, steps: []) }

  /// The private key of a giver.
  public static func giver(_ number: Int) throws(LedgerError) -> SigningKey { try SigningKey(label: "giver \(number)") }

  private mutating func giveFood() throws(LedgerError) {
    let (pooled, boxed) = (TraceEvent.made(by: 3), TraceEvent.made(by: 4))
    try tell(
      .food,
      [
        gift(.rice, 5000, from: 1), gift(.rice, 3000, from: 2), gift(.oil, 900), gift(.rice, 70),
      ])
    try tell(
      .food,
      [
        event(.received, .gram, .rice),
        event(.stored, .gram, .moreRice),
        event(.corrected, .gram, .moreRice, -10),
        event(.repacked, .gram, nil, 100) { event in
          event.parts = [(0, 5000), (1, 2000), (UInt32(TestKind.rice.rawValue), 6900)].map {
            TracePart(lot: $0.0, quantity: $0.1)
          }
          event.inputs = 2
        },
        event(.packed, nil) { event in
          event.parts = [TracePart(lot: pooled, quantity: 0), TracePart(lot: Lot.oil.rawValue, quantity: 0)]
          event.inputs = 2
        },
        event(.shipped, .piece) { event in
          event.lot = boxed
          event.other = UInt16(Place.school.rawValue)
        },
        event(.stored, .gram, .wrong),
      ])
    try tell(
      .school,
      [
        event(.arrived, .piece, .box, 2) { $0.place = TestGiving.places.dingxi },
        event(.unpacked, nil, .box) { event in
          event.parts = [TracePart(lot: Lot.meal.rawValue, quantity: 0)]
          event.inputs = 1
        },
        event(.lost, .gram, .meal, 50) { $0.reason = LossReason.damaged.rawValue },
        event(.handedOver, .gram, .meal, 6000) { $0.party = .label("recipients", 1) },
      ])
  }

  private mutating func giveMoney() throws(LedgerError) {
    try tell(.bank, [gift(.money, 100_000, from: 1)])
    try tell(
      .food,
      [
        event(.committed, .fen, nil, 80_000) { $0.evidence = .label("contract", 1) }
      ])
    try tell(
      .bank, [event(.disbursed, .fen, .money, 60_000) { $0.other = UInt16(Place.food.rawValue) }])
    try tell(
      .food,
      [
        event(.arrived, .fen, .payment, 60_000),
        event(.spent, .fen, .payment, 50_000) { event in
          event.reason = SpendingPurpose.aid.rawValue
          event.evidence = .label("receipt", 1)
          event.party = .label("payee", 1)
        },
        event(.spent, .fen, .payment, 1_234) { event in
          event.reason = SpendingPurpose.overhead.rawValue
          event.evidence = .label("receipt", 2)
          event.party = .label("payee", 2)
        },
        event(.returned, .fen, .payment, 66) { $0.evidence = .label("receipt", 3) },
      ])
  }

  private mutating func giveTrees() throws(LedgerError) {
    try tell(.forest, [gift(.tree, 10, to: 1, from: 3)])
    try tell(.forest, [event(.planted, .piece, .pledge, 6) { $0.evidence = .label("picture", 1) }])
    try tell(
      .forest,
      [
        event(.surveyed, .piece, .trees, 5) { $0.evidence = .label("picture", 2) },
        event(.died, .piece, .trees, 1) { $0.reason = LossReason.disaster.rawValue },
      ])
  }

  /// A gift of nobody and one of a giver are taken back before anything of them had moved; another waits for its code.
  private mutating func takeBack() throws(LedgerError) {
    var coded = try gift(.milk, 300)
    coded.party = try SigningKey(label: "code").publicKey.address.key
    coded.reason = GiftBinding.claim.rawValue
    try tell(.food, [gift(.milk, 500, from: 4), coded])
    for (lot, place) in [(Lot.wrong, Place.food), (.wrongMilk, .audit)] {
      let (reason, gift) = (Hash.label("reason", UInt64(lot.rawValue)), hearts.lots[Int(lot.rawValue)].gift - 1)
      let time = chain.nextTime
      try perform(Hearts.reverse(gift: gift, reason: reason), by: place)
      reversals[lot] = (reason, time)
    }
  }

  private mutating func letPartnersIn() throws(LedgerError) {
    let partner = try SigningKey(label: "partner")
    try perform(
      Hearts.registerPartner(account: partner.publicKey.address, description: .label("partner", 0)), by: .platform)
    try act(Hearts.openChannel(partner: 0, threshold: 100, description: .label("channel", 0)), by: partner)
    try act(
      Hearts.consent(partner: 0, until: chain.nextTime.adding(days: 30)), by: TestGiving.giver(1))
    try perform(
      Hearts.relate(UInt32(Place.food.rawValue), UInt32(Place.school.rawValue), evidence: .label("board", 1)),
      by: .audit)
  }

  // MARK: Blocks

  private func gift(
    _ kind: TestKind, _ quantity: Int64, to project: UInt32 = 0, from giver: Int? = nil
  ) throws(LedgerError) -> TraceEvent {
    let party = giver == nil ? Hash.zero : try TestGiving.giver(giver ?? 0).publicKey.address.key
    return event(kind == .tree ? .pledged : .donated, kind.record.unit, nil, quantity) { event in
      event.gift = kind.rawValue
      event.project = project
      event.place = TestGiving.places.lanzhou
      event.party = party
      event.reason = (party == .zero ? GiftBinding.anonymous : .address).rawValue
    }
  }

  /// An event that happens now.
  private func event(
    _ kind: TraceKind, _ unit: GiftUnit?, _ lot: Lot? = nil, _ quantity: Int64 = 0,
    _ fill: (inout TraceEvent) -> Void = { _ in }
  ) -> TraceEvent {
    var event = TraceEvent(kind, unit: unit, time: chain.nextTime)
    event.lot = lot?.rawValue ?? 0
    event.quantity = quantity
    fill(&event)
    return event
  }

  private mutating func tell(_ place: Place, _ events: [TraceEvent]) throws(LedgerError) {
    let books = hearts.books
    let next = place.rawValue < books.count ? books[place.rawValue].next : 1
    try perform(Hearts.trace(first: next), by: place, rows: events.map(\.row))
  }

  private mutating func perform(_ action: Action, by place: Place, rows: [[UInt8]] = []) throws(LedgerError) {
    try act(action, by: network.organisations[place.rawValue].officer, rows: rows)
  }

  /// An action in a block of its own, an hour after the one before.
  private mutating func act(_ action: Action, by key: SigningKey, rows: [[UInt8]] = []) throws(LedgerError) {
    for code in try block(chain.transaction(action, by: key, rows: rows)) where code != .success {
      throw LedgerError(code, "this was to be taken up")
    }
    chain.advance(seconds: 3600)
  }

  @discardableResult
  private mutating func block(_ entries: [[UInt8]] = []) throws(LedgerError) -> [ErrorCode] {
    let block = try chain.block(entries)
    self.entries += block.entries
    ways.add(block.app.steps)
    return block.codes.flatMap { $0 }
  }
}
