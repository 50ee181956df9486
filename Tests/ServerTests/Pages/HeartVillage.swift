import Contracts
import HeartChain
import Ledger
import MutualAid
import TestSupport
import TransparencyLog

@testable import Server

/// A small chain of hearts with its log and search index, as pages and the interface show it: every action stands in a
/// block of its own.
struct HeartVillage {
  /// Organisations by ordinal, as in `TestNetwork(heartsNamed:)`.
  enum Place: Int, CaseIterable {
    case platform, bank, food, forest, school, audit

    var ordinal: UInt16 { UInt16(rawValue) }
  }

  /// Lanzhou, in six digits of GB/T 2260.
  static let place: UInt32 = 620_100

  var chain: TestChain
  var fixture: PageFixture
  private var made: UInt64 = 0

  init(endorsers: Int = 4, name: String = "heart") throws {
    let network = try TestNetwork(heartsNamed: name, endorsers: endorsers)
    chain = try TestChain(network, watching: .everybody)
    fixture = try PageFixture(network, name: name)
    try block()
  }

  var hearts: Hearts { chain.chain.app.hearts }

  /// When the next block happens.
  var now: Timestamp { chain.nextTime }

  static func person(_ number: Int) throws -> SigningKey { try SigningKey(label: "person \(number)") }

  func officer(_ place: Place) -> SigningKey { chain.network.organisations[place.rawValue].officer }

  /// Executes entries in a block, and keeps it.
  @discardableResult
  mutating func block(_ entries: [[UInt8]] = [], isIndexed: Bool = true) throws -> [[ErrorCode]] {
    let block = try chain.block(entries)
    try fixture.add(block, isIndexed: isIndexed)
    return block.codes
  }

  /// An action in a block: its code, then those of its rows.
  @discardableResult
  mutating func perform(
    _ action: Action, by key: SigningKey, with others: [SigningKey] = [], rows: [[UInt8]] = []
  ) throws -> [ErrorCode] {
    try block(entries(action, by: key, with: others, rows: rows)).flatMap { $0 }
  }

  /// An action's entry and those of its rows, for a block of several.
  mutating func entries(
    _ action: Action, by key: SigningKey, with others: [SigningKey] = [], rows: [[UInt8]] = []
  ) throws -> [[UInt8]] {
    made += 1
    let unsigned = try UnsignedTransaction(
      chain: chain.chain.id, sender: key.publicKey.address, expiry: now.adding(seconds: 300),
      id: Array(Hash.label("heart village", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    return try [Entry.make(.transaction, unsigned.signed(by: [key] + others))] + RowEntries.pack(rows)
  }

  /// An organisation tells events; the code of each.
  @discardableResult
  mutating func tell(_ place: Place, _ events: [TraceEvent]) throws -> [ErrorCode] {
    let books = hearts.books
    let next = place.rawValue < books.count ? books[place.rawValue].next : 1
    return Array(
      try perform(Hearts.trace(first: next), by: officer(place), rows: events.map(\.row)).dropFirst())
  }

  /// A project of a charity from now on; its number.
  @discardableResult
  mutating func openProject(_ place: Place, days: UInt64) throws -> UInt32 {
    let number = UInt32(hearts.projects.count)
    try perform(
      Hearts.openProject(
        from: now, to: now.adding(days: days), place: HeartVillage.place,
        description: .label("project", UInt64(number))), by: officer(place))
    return number
  }

  /// An event that happens now; what is not filled in is zero.
  func event(
    _ kind: TraceKind, _ unit: GiftUnit? = .gram, lot: UInt32 = 0, _ quantity: Int64 = 0,
    _ fill: (inout TraceEvent) -> Void = { _ in }
  ) -> TraceEvent {
    var event = TraceEvent(kind, unit: unit, time: now)
    event.lot = lot
    event.quantity = quantity
    fill(&event)
    return event
  }

  /// A gift to a project, of a person where one is given.
  func gift(_ kind: TestKind, _ quantity: Int64, to project: UInt32, from person: Int? = nil) throws -> TraceEvent {
    let what: TraceKind = kind == .tree ? .pledged : kind == .lesson ? .attended : .donated
    let party = try person.map { try HeartVillage.person($0).publicKey.address.key }
    return event(what, kind.record.unit, quantity) { event in
      event.gift = kind.rawValue
      event.project = project
      event.place = HeartVillage.place
      event.party = party ?? .zero
      event.reason = (party == nil ? GiftBinding.anonymous : .address).rawValue
    }
  }

  /// One of everything that shows, after 101 days:
  ///
  /// Projects 0 (food) and 1 (forest) are over, 2 (school) runs for 300 days and has reported nothing. Of 5 kg of rice
  /// 2 kg were handed over after two days and 300 g are lost. 100 yuan went from the bank to the food bank, of which 30
  /// on to the school and 10 from there to the bank, and 5 straight back; 5 were spent on overhead. Nine trees are
  /// pledged. The food bank told of more than it had, and showed a receipt again.
  static func full() throws -> HeartVillage {
    var village = try HeartVillage()
    for (place, days) in [(Place.food, UInt64(100)), (.forest, 100), (.school, 300)] {
      try village.openProject(place, days: days)
    }
    try village.accepted(.food, [village.gift(.rice, 5000, to: 0, from: 1)])
    try village.money()
    try village.accepted(.forest, [village.gift(.tree, 9, to: 1, from: 2)])
    village.chain.advance(days: 2)
    try village.accepted(
      .food,
      [
        village.event(.handedOver, lot: 0, 2000) { $0.party = .label("kitchen", 1) },
        village.event(.lost, lot: 0, 300) { $0.reason = LossReason.expired.rawValue },
      ])
    try village.tell(.food, [village.event(.handedOver, lot: 0, 2701) { $0.party = .label("kitchen", 2) }])
    try village.tell(.food, [village.spend(2, 100, on: .aid)])
    try village.perform(
      Hearts.relate(UInt32(Place.bank.rawValue), UInt32(Place.school.rawValue), evidence: .label("register", 1)),
      by: village.officer(.audit))
    village.chain.advance(days: 99)
    try village.block()
    return village
  }

  /// Money goes round; lots 1 to 5.
  private mutating func money() throws {
    func pay(_ kind: TraceKind, _ lot: UInt32, _ fen: Int64, to place: Place? = nil) -> TraceEvent {
      event(kind, .fen, lot: lot, fen) { $0.other = place?.ordinal ?? 0 }
    }
    try accepted(.bank, [gift(.money, 10_000, to: 0, from: 3), pay(.disbursed, 1, 10_000, to: .food)])
    try accepted(
      .food,
      [
        pay(.arrived, 2, 10_000), pay(.disbursed, 2, 3_000, to: .school), pay(.disbursed, 2, 500, to: .bank),
        spend(2, 500, on: .overhead),
      ])
    try accepted(.school, [pay(.arrived, 3, 3_000), pay(.disbursed, 3, 1_000, to: .bank)])
    try accepted(.bank, [pay(.arrived, 4, 500), pay(.arrived, 5, 1_000)])
  }

  /// A payment with the one receipt that this village has.
  private func spend(_ lot: UInt32, _ fen: Int64, on purpose: SpendingPurpose) -> TraceEvent {
    event(.spent, .fen, lot: lot, fen) {
      $0.reason = purpose.rawValue
      $0.evidence = .label("receipt", 1)
      $0.party = .label("payee", 1)
    }
  }

  /// Tells events of which none may be refused.
  private mutating func accepted(_ place: Place, _ events: [TraceEvent]) throws {
    let codes = try tell(place, events)
    guard let refused = codes.first(where: { $0 != .success }) else { return }
    throw LedgerError(refused, "an event of the village was refused")
  }

  /// The chain as pages see it.
  mutating func show() throws -> ShownChain { try fixture.show(chain) }
}
