internal import HeartChain
internal import Ledger
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// A gift. Quantities are whole numbers in the unit of the lot it began.
struct GiftModel: Encodable {
  let gift: Int
  let binding: String
  /// The giver's address, or that of a claim code's key; absent for a gift by nobody.
  let party: String?
  let hearts: Int64
  /// Of these, how many the giver no longer held when it was taken back.
  let owed: Int64
  let points: UInt16
  let time: UInt64
  let organisation: UInt16
  let project: UInt32
  /// The lot it began, with its kind and quantity; absent for attendance, which begins none.
  let lot: UInt32?
  let kind: UInt16?
  let quantity: Int64?
  let unit: String?
  /// What became of it; only where one gift is asked for.
  let impact: ImpactModel?

  init(_ ordinal: Int, _ hearts: Hearts, impact: ImpactModel? = nil) {
    let record = hearts.gifts[ordinal]
    gift = ordinal
    binding = TraceWords.word(record.binding, in: TraceWords.bindings)
    let address = record.party == .zero ? nil : Address(record.party.bytes.prefix(Address.byteCount))
    party = address?.description
    self.hearts = record.hearts
    owed = record.owed
    points = record.points
    time = record.time.seconds
    organisation = record.organisation
    project = GiftModel.project(of: record, hearts)
    let begun = record.isAttendance ? nil : hearts.lots[Int(record.origin)]
    lot = begun == nil ? nil : record.origin
    kind = begun?.kind
    quantity = begun?.received
    unit = begun.map { ModelWords.unit($0.unit) }
    self.impact = impact
  }

  /// The project that a gift was given to.
  static func project(of gift: GiftRecord, _ hearts: Hearts) -> UInt32 {
    gift.isAttendance ? gift.origin : hearts.lots[Int(gift.origin)].project
  }
}

/// What became of a gift, in whole units that add up to what was given.
struct ImpactModel: Encodable {
  struct Portion: Encodable {
    let outcome: String
    let quantity: Int64
    let organisation: UInt16
    let receiver: UInt16?
    let place: UInt32
    /// The last events that show it, oldest first, and how many there are.
    let events: [EventModel]
    let eventCount: Int
  }

  let given: Int64
  let unit: String
  /// Whether all of it was followed to where it is now.
  let whole: Bool
  /// Lots that were followed.
  let lots: Int
  let portions: [Portion]

  init(_ impact: Impact) {
    given = impact.given
    unit = ModelWords.unit(impact.unit)
    whole = impact.isWhole
    lots = impact.lotCount
    portions = impact.portions.map {
      Portion(
        outcome: ModelWords.snake($0.outcome), quantity: $0.quantity, organisation: $0.organisation,
        receiver: $0.receiver, place: $0.place, events: $0.events.map(EventModel.init), eventCount: $0.eventCount)
    }
  }
}

/// A lot with a page of its own events; those of the lots it came from are in its way, `/v1/ways/{lot}`.
struct LotModel: Encodable {
  let lot: Int
  let project: UInt32
  /// Absent for a container.
  let kind: UInt16?
  let state, unit: String
  let owner, holder: UInt16
  let receiver: UInt16?
  let place: UInt32
  /// The container it is in.
  let inside: UInt32?
  /// The gift it began as.
  let gift: UInt32?
  /// What was taken back is not among what was lost.
  let received, left, handed, lost, takenBack, passed: Int64
  let movedAt: UInt64
  let event: EventModel
  let history: String
  /// Its events, oldest first.
  let items: [StepModel]
  let next: String?

  init(_ ordinal: Int, _ hearts: Hearts, items: [StepModel], next: String?) {
    let record = hearts.lots[ordinal]
    lot = ordinal
    project = record.project
    kind = record.kind == LotRecord.container ? nil : record.kind
    state = TraceWords.word(record.state, in: TraceWords.states)
    unit = ModelWords.unit(record.unit)
    owner = record.owner
    holder = record.holder
    receiver = record.state == .travelling ? record.receiver : nil
    place = record.place
    inside = record.inside == 0 ? nil : record.inside - 1
    gift = record.gift == 0 ? nil : record.gift - 1
    received = record.received
    left = record.left
    handed = record.handed
    lost = record.wasted
    takenBack = record.takenBack
    passed = record.passed
    movedAt = record.movedAt.seconds
    event = EventModel(record.event)
    history = record.history.description
    self.items = items
    self.next = next
  }
}

/// An accepted event of lots.
struct StepModel: Encodable {
  let event: EventModel
  /// Block time.
  let time: UInt64
  let what: String
  /// When it happened, by the sender's word.
  let happenedAt: UInt64
  let unit: String?
  let quantity: Int64
  let place: UInt32?
  /// The organisation to which something went.
  let to: UInt16?
  /// Why it was lost, or what money was spent on.
  let reason: String?
  /// Plain hash of a picture or a receipt.
  let evidence: String?
  /// Lots that it changed, and lots that it made.
  let sources, made: [UInt32]

  init(_ step: Way.Step) {
    event = EventModel(step.event)
    time = step.time.seconds
    sources = step.sources
    made = step.made
    // The chain took it, so it reads.
    let row = try? TraceEvent(row: step.row)
    what = row.map { TraceWords.word($0.kind, in: TraceWords.events) } ?? ""
    happenedAt = row?.time.seconds ?? 0
    unit = row?.unit.map(ModelWords.unit)
    quantity = row?.quantity ?? 0
    place = row.flatMap { $0.place == 0 ? nil : $0.place }
    to = row.flatMap { [.shipped, .disbursed].contains($0.kind) ? $0.other : nil }
    evidence = row.flatMap { $0.evidence == .zero ? nil : $0.evidence.description }
    reason = row.flatMap { row in
      switch row.kind {
      case .lost, .died: LossReason(rawValue: row.reason).map { TraceWords.word($0, in: TraceWords.losses) }
      case .spent: SpendingPurpose(rawValue: row.reason).map { TraceWords.word($0, in: TraceWords.purposes) }
      default: nil
      }
    }
  }
}

/// A project with what went in and out of it.
struct ProjectModel: Encodable {
  struct Flow: Encodable {
    let unit: String
    let given, out, lost, left: Int64
  }

  let project: Int
  let charity: UInt16
  let place: UInt32
  let start, end, openedAt, disclosedAt, eventAt: UInt64
  let description: String
  /// In each unit that anything was given in.
  let flows: [Flow]
  /// Fen.
  let committed, disbursed, spent, overhead, returned: Int64
  /// Trees.
  let pledged, planted, withdrawn: Int64
  let hearts: Int64
  let gifts, reversed: UInt32

  init(_ ordinal: Int, _ hearts: Hearts) {
    let record = hearts.projects[ordinal]
    project = ordinal
    charity = record.charity
    place = record.place
    start = record.start.seconds
    end = record.end.seconds
    openedAt = record.openedAt.seconds
    disclosedAt = record.disclosedAt.seconds
    eventAt = record.eventAt.seconds
    description = record.description.description
    flows = GiftUnit.allCases.map { ($0, record[$0]) }.filter { $1.given > 0 || $1.out > 0 || $1.lost > 0 }.map {
      unit, flow in
      Flow(unit: ModelWords.unit(unit), given: flow.given, out: flow.out, lost: flow.lost, left: flow.left)
    }
    committed = record.committed
    disbursed = record.disbursed
    spent = record.spent
    overhead = record.overhead
    returned = record.returned
    pledged = record.pledged
    planted = record.planted
    withdrawn = record.withdrawn
    self.hearts = record.hearts
    gifts = record.gifts
    reversed = record.reversed
  }
}

/// What an organisation has told, and what of it was refused.
struct BookModel: Encodable {
  let organisation: Int
  /// Number of its next event.
  let next: UInt64
  let accepted, refused: UInt64
  let repeated, overdrawn: UInt32
  let lastRepeated, lastOverdrawn: EventModel?
  /// Block time of its last manifest; absent before the first.
  let time: UInt64?

  init(_ ordinal: Int, _ hearts: Hearts) {
    let record = hearts.books[ordinal]
    organisation = ordinal
    next = record.next
    accepted = record.accepted
    refused = record.refused
    repeated = record.repeated
    overdrawn = record.overdrawn
    lastRepeated = record.repeated == 0 ? nil : EventModel(record.lastRepeated)
    lastOverdrawn = record.overdrawn == 0 ? nil : EventModel(record.lastOverdrawn)
    time = record.time == .zero ? nil : record.time.seconds
  }
}

/// What arrived at one organisation from another.
struct FlowModel: Encodable {
  let from, to: UInt16
  let unit: String
  let count: UInt32
  let total: Int64
  let event: EventModel
  /// Whether an auditor said that they are related.
  let related: Bool

  init(_ ordinal: Int, _ hearts: Hearts, _ relations: RelatedPairs) {
    let record = hearts.flows[ordinal]
    from = record.sender
    to = record.receiver
    unit = record.unit.map(ModelWords.unit) ?? ""
    count = record.count
    total = record.total
    event = EventModel(record.event)
    related = relations.contains(record.sender, record.receiver)
  }
}
