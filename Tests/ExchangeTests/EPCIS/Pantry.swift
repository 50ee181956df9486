import Consortium
import Exchange
import HeartChain
import Ledger
import TestSupport
import TransparencyLog

/// A food bank, a school, a forest and a bank on one chain of hearts, and the gateway through which the food bank
/// speaks EPCIS.
struct Pantry {
  enum Place: Int, CaseIterable {
    case platform, bank, food, school, forest

    var roles: Role {
      switch self {
      case .platform: .platform
      case .bank: .custodian
      case .food, .school, .forest: .charity
      }
    }
  }

  /// 2026-01-01 00:00 in UTC+8.
  static let start = Timestamp(seconds: 1_767_196_800)
  static let kinds: [(category: GiftCategory, unit: GiftUnit)] = [
    (.money, .fen), (.goods, .gram), (.goods, .gram), (.goods, .piece), (.trees, .piece), (.goods, .millilitre),
  ]

  let names = HeartNames(origin: "log.example/heart")
  let genesis: Genesis
  var app: HeartChain
  var time = Pantry.start
  /// Every accepted event.
  var steps: [Way.Step] = []
  /// Lots by the identifiers under which they were captured.
  var known: [String: [UInt32]] = [:]
  private var made: UInt64 = 0

  init() throws {
    let organisations = try Place.allCases.map { place in
      Consortium.FoundingOrganisation(
        name: "\(place).example", roles: place.roles,
        keys: place == .platform
          ? EndorserKeys(
            vote: try SigningKey(label: "vote").publicKey, cosign: try SigningKey(label: "cosign").publicKey,
            log: try SigningKey(label: "log").publicKey) : nil,
        officers: [try Pantry.officer(place).publicKey])
    }
    let kinds = Pantry.kinds.enumerated().map { number, kind in
      GiftKindRecord(
        name: .label("kind", UInt64(number)), category: kind.category, unit: kind.unit, hearts: 1000, points: 1)
    }
    genesis = try Genesis(
      name: "heart", origin: "log.example/heart", time: Pantry.start, limits: Limits(),
      contracts: [
        (Consortium.name, try Consortium.genesisPayload(organisations)),
        (Hearts.name, try Hearts.genesisPayload(kinds: kinds)),
      ])
    app = try HeartChain(genesis: genesis)
    app.watch(true)
    for place in [Place.food, .school, .forest] {
      let project = try Hearts.openProject(
        from: time, to: time.adding(days: 3650), place: 620_100, description: .label("project", UInt64(place.rawValue)))
      let code = try perform(project, by: place).code
      guard code == .success else { throw LedgerError(code, "the project was refused") }
    }
  }

  static func officer(_ place: Place) throws -> SigningKey { try SigningKey(label: "officer \(place)") }

  /// Executes an action as a block of its own does.
  private mutating func perform(
    _ action: Action, by place: Place, rows: [[UInt8]] = []
  ) throws -> (code: ErrorCode, rows: [ErrorCode]) {
    made += 1
    let unsigned = try UnsignedTransaction(
      chain: genesis.chain, sender: Pantry.officer(place).publicKey.address, expiry: time.adding(seconds: 300),
      id: Array(Hash.label("transaction", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let transaction = try VerifiedTransaction.verify(
      envelope: unsigned.signed(by: [Pantry.officer(place)]), chain: genesis.chain)
    var outcomes = [ErrorCode](repeating: .success, count: rows.count)
    app.beginBlock()
    do throws(LedgerError) {
      try app.execute(transaction, rows: rows, at: time, outcomes: &outcomes)
    } catch { return (error.code, []) }
    return (.success, outcomes)
  }

  /// An organisation tells rows; the code of each.
  @discardableResult
  mutating func tell(_ place: Place, _ rows: [[UInt8]]) throws -> [ErrorCode] {
    let books = app.hearts.books
    let next = place.rawValue < books.count ? books[place.rawValue].next : 1
    let (code, outcomes) = try perform(Hearts.trace(first: next), by: place, rows: rows)
    guard code == .success else { throw LedgerError(code, "the manifest was refused") }
    steps += app.hearts.noted
    return outcomes
  }

  /// What the gateway knows of an organisation; of the food bank also what its identifiers mean.
  func profile(_ place: Place) throws -> CaptureProfile {
    var profile = CaptureProfile(
      organisation: UInt16(place.rawValue), officer: try Pantry.officer(place).publicKey.address,
      secret: .label("secret", 1))
    guard place == .food || place == .school else { return profile }
    profile.project = 0
    profile.kinds = [
      .init("urn:epc:class:lgtin:690123", 2), .init("urn:epc:class:lgtin:6901234.012345", 1),
      .init("urn:epc:id:sgtin:6901234.0999", 3),
    ]
    profile.places = [.init("urn:epc:id:sgln:6901234.00001.", 620_102)]
    profile.parties = [
      .init("urn:epc:id:pgln:6901235.00000", UInt16(Place.school.rawValue)),
      .init("urn:epc:id:pgln:6901234.00000", UInt16(Place.food.rawValue)),
    ]
    profile.givers = [.init("urn:epc:id:pgln:6909999.00000", try SigningKey(label: "giver").publicKey.address)]
    return profile
  }

  func plan(_ place: Place) throws -> CapturePlan {
    CapturePlan(state: app, profile: try profile(place), names: names, time: time, known: known)
  }

  /// Captures a document as the gateway does: plans it, and when every event is taken, tells the rows.
  @discardableResult
  mutating func capture(_ place: Place, _ document: [UInt8]) throws -> [CapturePlan.Taken] {
    let entries = try EPCISDocument(json: document).entries
    var plan = try plan(place)
    let taken = try entries.map { try plan.take($0) }
    guard !plan.rows.isEmpty else { return taken }
    let before = steps.count
    let codes = try tell(place, plan.rows)
    guard codes.allSatisfy({ $0 == .success }) else {
      throw LedgerError(codes.first { $0 != .success } ?? .success, "what was rehearsed was refused")
    }
    for binding in plan.bindings {
      known[binding.identifier, default: []].append(steps[before + binding.row].made[binding.output])
    }
    return taken
  }
}

/// Documents as a food bank's program writes them.
enum FoodBank {
  static let rice = "urn:epc:class:lgtin:6901234.012345.R2601"
  static let pallet = "urn:epc:id:sscc:6901234.1234567890"
  static let school = #"[{"type":"possessing_party","destination":"urn:epc:id:pgln:6901235.00000"}]"#

  /// A document with these events, each the members of one.
  static func document(_ events: String..., context: String = "") -> [UInt8] {
    let list = events.map { "{\($0)}" }.joined(separator: ",")
    return Array(
      """
      {"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"\(context)],"type":"EPCISDocument",\
      "schemaVersion":"2.0","creationDate":"2026-01-01T08:00:00Z","epcisBody":{"eventList":[\(list)]}}
      """.utf8)
  }

  /// Members of an ObjectEvent.
  static func object(
    _ action: String, _ step: String, _ what: String, hour: Int = 1, _ more: String = ""
  ) -> String {
    let clock = hour < 10 ? "0\(hour)" : "\(hour)"
    return """
      "type":"ObjectEvent","action":"\(action)","bizStep":"\(step)","eventTime":"2026-01-01T\(clock):00:00+08:00",\
      "eventTimeZoneOffset":"+08:00",\(what)\(more.isEmpty ? "" : "," + more)
      """
  }

  static func some(_ epcClass: String, _ quantity: String?, _ uom: String? = "KGM") -> String {
    let number = quantity.map { ",\"quantity\":\($0)" } ?? ""
    return "\"quantityList\":[{\"epcClass\":\"\(epcClass)\"\(number)\(uom.map { ",\"uom\":\"\($0)\"" } ?? "")}]"
  }
}
