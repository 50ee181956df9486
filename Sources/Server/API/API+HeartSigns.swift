internal import Contracts
internal import HeartChain
internal import Hummingbird
internal import Ledger
internal import Node

extension API {
  /// What in the state a reader should look at: `/hearts/signs` for programs.
  func addHeartSigns(to v1: RouterGroup<ServerContext>) {
    v1.get("hearts/signs") { request, _ in
      let chain = try heartChain(request)
      let query = try ListQuery(request)
      guard let signs = await signs.signs(of: chain)?.signs.all else { throw API.notReady }
      let first = min(query.cursor.map { Int(clamping: $0) } ?? 0, signs.count)
      let end = min(first + query.limit, signs.count)
      return try ItemPage(
        items: signs[first..<end].map { SignModel($0) }, next: end < signs.count ? "\(end)" : nil
      ).response(request)
    }
  }
}

/// A sign. It says what stands where, not that anybody cheated.
struct SignModel: Encodable {
  /// A record that shows it; `/v1/proofs/{table}/{ordinal}` proves it.
  struct Record: Encodable {
    let table: String
    let ordinal: Int
  }

  let kind: String
  let time: UInt64
  let project: UInt32?
  let organisations: [UInt16]
  let unit: String?
  let quantity: Int64?
  let events: UInt32?
  let related: Bool?
  /// Organisation and number of the event that made it what it is.
  let event: EventName?
  let records: [Record]

  struct EventName: Encodable {
    let organisation: UInt16
    let number: UInt64

    init(_ event: UInt64) {
      organisation = UInt16(event >> 48)
      number = event & (1 << 48 - 1)
    }
  }

  init(_ found: FoundSign) {
    let facts = SignFacts(found.sign)
    kind = facts.kind
    time = found.time.seconds
    project = facts.project
    organisations = facts.organisations
    unit = facts.unit.map { "\($0)" }
    quantity = facts.quantity
    events = facts.events
    related = facts.related
    event = found.event.map { EventName($0) }
    records = found.places.map { Record(table: $0.table, ordinal: $0.ordinal) }
  }
}
