import HeartChain
import Ledger
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
    made += 1
    let unsigned = try UnsignedTransaction(
      chain: chain.chain.id, sender: key.publicKey.address, expiry: now.adding(seconds: 300),
      id: Array(Hash.label("heart village", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let entry = Entry.make(.transaction, try unsigned.signed(by: [key] + others))
    return try block([entry] + RowEntries.pack(rows)).flatMap { $0 }
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

  /// The chain as pages see it.
  mutating func show() throws -> ShownChain { try fixture.show(chain) }
}
