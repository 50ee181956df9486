import Consortium
import HeartChain
import Ledger
import TestSupport
import TransparencyLog

/// Organisations, people and one chain of hearts on which actions are executed one after another, each as in a block of
/// its own.
struct Village {
  /// Organisations by ordinal.
  enum Place: Int, CaseIterable {
    case platform, bank, food, forest, school, audit

    var roles: Role {
      switch self {
      case .platform: .platform
      case .bank: .custodian
      case .food, .forest, .school: .charity
      case .audit: .auditor
      }
    }
  }

  /// Kinds of gifts by ordinal.
  enum Kind: UInt16, CaseIterable {
    case money, rice, oil, tree, lesson, meal, milk

    var record: GiftKindRecord {
      let (category, unit, hearts, points): (GiftCategory, GiftUnit, UInt32, UInt32) =
        switch self {
        case .money: (.money, .fen, 1000, 10)
        case .rice: (.goods, .gram, 1000, 1)
        case .oil: (.goods, .gram, 2500, 2)
        case .tree: (.trees, .piece, 1000, 5000)
        case .lesson: (.activities, .attendance, 100_000, 10_000)
        case .meal: (.goods, .gram, 0, 0)
        case .milk: (.goods, .millilitre, 1000, 1)
        }
      return GiftKindRecord(
        name: .label("kind", UInt64(rawValue)), category: category, unit: unit, hearts: hearts, points: points)
    }
  }

  /// 2026-01-01 00:00 in UTC+8.
  static let start = Timestamp(seconds: 1_767_196_800)
  static let place: UInt32 = 620_100

  let genesis: Genesis
  var app: HeartChain
  var time = Village.start
  private var made: UInt64 = 0
  /// What was noted in all blocks, while the contract was watched.
  private(set) var told: (steps: [Way.Step], gifts: [NotedGift], changes: [NotedHeartChange]) = ([], [], [])

  init() throws {
    var organisations: [Consortium.FoundingOrganisation] = []
    for place in Place.allCases {
      let keys =
        place == .platform
        ? EndorserKeys(
          vote: try SigningKey(label: "vote").publicKey, cosign: try SigningKey(label: "cosign").publicKey,
          log: try SigningKey(label: "log").publicKey) : nil
      organisations.append(
        Consortium.FoundingOrganisation(
          name: "\(place).example", roles: place.roles, keys: keys, officers: [try Village.officer(place).publicKey]))
    }
    genesis = try Genesis(
      name: "heart", origin: "log.example/heart", time: Village.start, limits: Limits(),
      contracts: [
        (Consortium.name, try Consortium.genesisPayload(organisations)),
        (Hearts.name, try Hearts.genesisPayload(kinds: Kind.allCases.map(\.record))),
      ])
    app = try HeartChain(genesis: genesis)
  }

  static func officer(_ place: Place) throws -> SigningKey { try SigningKey(label: "officer \(place)") }
  static func person(_ number: Int) throws -> SigningKey { try SigningKey(label: "person \(number)") }
  static func code(_ number: Int) throws -> SigningKey { try SigningKey(label: "code \(number)") }

  var hearts: Hearts { app.hearts }

  /// Executes an action as a block does; its code and its rows' codes. When it is refused, the state root stays.
  mutating func perform(
    _ action: Action, by key: SigningKey, with others: [SigningKey] = [], rows: [[UInt8]] = []
  ) throws -> (code: ErrorCode, rows: [ErrorCode]) {
    made += 1
    let unsigned = try UnsignedTransaction(
      chain: genesis.chain, sender: key.publicKey.address, expiry: time.adding(seconds: 300),
      id: Array(Hash.label("transaction", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let transaction = try VerifiedTransaction.verify(
      envelope: unsigned.signed(by: [key] + others), chain: genesis.chain)
    var outcomes = [ErrorCode](repeating: .success, count: rows.count)
    app.beginBlock()
    let before = app.stateRoot()
    do throws(LedgerError) {
      try app.admit(transaction, at: time)
      try app.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
      told.steps += hearts.noted
      told.gifts += hearts.notedGifts
      told.changes += hearts.notedChanges
      return (.success, outcomes)
    } catch {
      guard app.stateRoot() == before, hearts.noted.isEmpty, hearts.notedGifts.isEmpty, hearts.notedChanges.isEmpty
      else { throw LedgerError(error.code, "it was refused and changed the state or was noted") }
      return (error.code, [])
    }
  }

  /// An organisation tells events; the code of each.
  mutating func tell(_ place: Place, _ events: [TraceEvent]) throws -> [ErrorCode] {
    let (code, rows) = try perform(
      Hearts.trace(first: next(place)), by: Village.officer(place), rows: events.map(\.row))
    guard code == .success else { throw LedgerError(code, "the manifest was refused") }
    return rows
  }

  func next(_ place: Place) -> UInt64 {
    place.rawValue < hearts.books.count ? hearts.books[place.rawValue].next : 1
  }

  /// A project of a charity over the year from now, in which all others happen.
  mutating func openProject(_ place: Place, days: UInt64 = 365) throws -> UInt32 {
    let number = UInt32(hearts.projects.count)
    let (code, _) = try perform(
      Hearts.openProject(
        from: time, to: time.adding(days: days), place: Village.place, description: .label("project", UInt64(number))),
      by: Village.officer(place))
    guard code == .success else { throw LedgerError(code, "the project was refused") }
    return number
  }
}

extension TraceEvent {
  /// An event with what differs from zero.
  static func make(
    _ kind: TraceKind, _ unit: GiftUnit? = .gram, at time: Timestamp, _ fill: (inout TraceEvent) -> Void = { _ in }
  ) -> TraceEvent {
    var event = TraceEvent(kind, unit: unit, time: time)
    fill(&event)
    return event
  }

  /// A gift, to a person where one is given.
  static func gift(
    _ kind: Village.Kind, _ quantity: Int64, project: UInt32, at time: Timestamp, from person: Int? = nil
  ) throws -> TraceEvent {
    let what: TraceKind = kind == .tree ? .pledged : kind == .lesson ? .attended : .donated
    let party = try person.map { try Village.person($0).publicKey.address.key }
    return make(what, kind.record.unit, at: time) { event in
      event.gift = kind.rawValue
      event.quantity = quantity
      event.project = project
      event.place = Village.place
      event.party = party ?? .zero
      event.reason = (party == nil ? GiftBinding.anonymous : .address).rawValue
    }
  }
}
