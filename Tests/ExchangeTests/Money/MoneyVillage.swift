import Consortium
import Exchange
import HeartChain
import Ledger
import TestSupport
import TransparencyLog

/// A chain of hearts on which money goes its way, and the book of it; each action executed as in a block of its own.
struct MoneyVillage {
  /// Organisations by ordinal, as in `TestNetwork(heartsNamed:)`.
  enum Place: Int, CaseIterable {
    case platform, bank, food, forest, school, audit
  }

  let network: TestNetwork
  var app: HeartChain
  var time = TestNetwork.start
  var book = MoneyBook()
  private var made: UInt64 = 0

  init() throws {
    network = try TestNetwork(heartsNamed: "heart")
    app = try HeartChain(genesis: network.genesis)
    app.watch(true)
  }

  var hearts: Hearts { app.hearts }

  var report: MoneyReport {
    MoneyReport(
      chain: network.genesis.chain, hearts: hearts, consortium: app.consortium, book: book, at: time)
  }

  /// Executes an action that is accepted with all its rows.
  mutating func perform(_ action: Action, by place: Place, rows: [[UInt8]] = []) throws {
    made += 1
    let key = network.organisations[place.rawValue].officer
    let unsigned = try UnsignedTransaction(
      chain: network.genesis.chain, sender: key.publicKey.address, expiry: time.adding(seconds: 300),
      id: Array(Hash.label("money village", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let transaction = try VerifiedTransaction.verify(envelope: unsigned.signed(by: [key]), chain: network.genesis.chain)
    var outcomes = [ErrorCode](repeating: .success, count: rows.count)
    app.beginBlock()
    try app.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    guard let refused = outcomes.first(where: { $0 != .success }) else {
      for step in hearts.noted { try book.add(step) }
      return
    }
    throw LedgerError(refused, "an event was refused")
  }

  mutating func tell(_ place: Place, _ events: [TraceEvent]) throws {
    let next = place.rawValue < hearts.books.count ? hearts.books[place.rawValue].next : 1
    try perform(Hearts.trace(first: next), by: place, rows: events.map(\.row))
  }

  mutating func openProject(_ place: Place, days: UInt64 = 100) throws {
    try perform(
      Hearts.openProject(
        from: time, to: time.adding(days: days), place: 620_100,
        description: .label("project", UInt64(hearts.projects.count))), by: place)
  }

  func gift(_ fen: Int64, to project: UInt32 = 0) -> TraceEvent {
    pay(.donated, 0, fen) { $0.project = project }
  }

  func pay(
    _ kind: TraceKind, _ lot: UInt32, _ fen: Int64, to place: Place? = nil,
    _ fill: (inout TraceEvent) -> Void = { _ in }
  ) -> TraceEvent {
    var event = TraceEvent(kind, unit: .fen, time: time)
    event.lot = lot
    event.quantity = fen
    event.other = UInt16(place?.rawValue ?? 0)
    fill(&event)
    return event
  }

  /// A payment with a receipt, to a payee who is a commitment.
  func spend(_ lot: UInt32, _ fen: Int64, on purpose: SpendingPurpose, receipt: UInt64) -> TraceEvent {
    pay(.spent, lot, fen) {
      $0.reason = purpose.rawValue
      $0.evidence = .label("receipt", receipt)
      $0.party = .label("payee", receipt)
    }
  }

  /// A project with every kind of movement, one without, and one whose term is over with money left:
  ///
  /// Project 0: 100.01, 200.00 and 0.05 yuan are given on one day, of which the 200 are taken back before they move,
  /// and 300.00 on the next; 250.05 go to the food bank, which promises 100, spends 60.10 and 10, sends 50 on to the
  /// school, where 50 arrive, and 20 to the forest, where they have not arrived; 5.00 are given back.
  static func full() throws -> MoneyVillage {
    var village = try MoneyVillage()
    try village.openProject(.food)
    try village.openProject(.forest)
    try village.openProject(.school, days: 10)
    try village.tell(.bank, [village.gift(10_001), village.gift(20_000), village.gift(5)])
    try village.perform(Hearts.reverse(gift: 1, reason: .label("mistake", 1)), by: .bank)
    village.time = village.time.adding(days: 1)
    // Lots 3 and 4: a gift, and what of it goes on.
    try village.tell(.bank, [village.gift(30_000), village.pay(.disbursed, 3, 25_005, to: .food)])
    try village.tell(
      .food,
      [
        village.pay(.arrived, 4, 25_005),
        village.pay(.committed, 0, 10_000) { $0.evidence = .label("contract", 1) },
        village.spend(4, 6_010, on: .aid, receipt: 1), village.spend(4, 1_000, on: .overhead, receipt: 2),
        village.pay(.disbursed, 4, 5_000, to: .school), village.pay(.disbursed, 4, 2_000, to: .forest),
      ])
    village.time = village.time.adding(days: 1)
    try village.tell(.school, [village.pay(.arrived, 5, 5_000)])
    try village.tell(.food, [village.pay(.returned, 4, 500) { $0.evidence = .label("receipt", 3) }])
    try village.tell(.bank, [village.gift(700, to: 2)])
    village.time = village.time.adding(days: 20)
    return village
  }

  /// What an organisation holds of a project's money; what is on its way nobody holds.
  func held(_ place: Place, of project: UInt32) -> Int64 {
    (0..<hearts.lots.count).map { hearts.lots[$0] }
      .filter { $0.project == project && $0.unit == .fen && $0.state == .held && Int($0.holder) == place.rawValue }
      .reduce(0) { $0 + $1.left }
  }
}
