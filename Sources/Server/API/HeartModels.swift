internal import Contracts
internal import HeartChain
internal import Ledger
internal import Node
internal import TongzhouClient
internal import TransparencyLog

/// All hearts of a chain, the rules in force, and how much there is of everything. Hearts are counts, never money.
struct HeartsModel: Encodable {
  struct Totals: Encodable {
    let minted, held, waiting, anonymous, spent, given, reversed, debt: Int64
  }

  struct Formula: Encodable {
    /// Which version it is, from 1.
    let version: Int
    let since: UInt64
    let giftPoints, dayPoints: UInt16
    let weights, thresholds: [UInt16]
  }

  struct Kind: Encodable {
    let kind: Int
    let name, category, unit: String
    /// For 1,000 units.
    let hearts, points: UInt32
  }

  struct Counts: Encodable {
    let givers, gifts, lots, projects, partners, channels, consents, manifests: Int
  }

  let time: UInt64
  let totals: Totals
  let formula: Formula
  let kinds: [Kind]
  let counts: Counts

  init(_ view: PublishedView) {
    let hearts = view.app.hearts
    time = view.time.seconds
    let all = hearts.totals
    totals = Totals(
      minted: all.minted, held: all.held, waiting: all.waiting, anonymous: all.anonymous, spent: all.spent,
      given: all.given, reversed: all.reversed, debt: all.debt)
    let rules = hearts.formula
    formula = Formula(
      version: hearts.formulas.count, since: rules.since.seconds, giftPoints: rules.giftPoints,
      dayPoints: rules.dayPoints, weights: rules.weights.indices.map { rules.weights[$0] },
      thresholds: rules.thresholds.indices.map { rules.thresholds[$0] }.filter { $0 > 0 })
    kinds = (0..<hearts.kinds.count).map { ordinal in
      let record = hearts.kinds[ordinal]
      return Kind(
        kind: ordinal, name: record.name.description, category: ModelWords.category(record.category),
        unit: ModelWords.unit(record.unit), hearts: record.hearts, points: record.points)
    }
    // Tables of unique keys begin with a record that nobody stands in.
    counts = Counts(
      givers: max(0, hearts.givers.count - 1), gifts: hearts.gifts.count, lots: hearts.lots.count,
      projects: hearts.projects.count, partners: hearts.partners.count, channels: hearts.channels.count,
      consents: max(0, hearts.consents.count - 1), manifests: hearts.manifests.count)
  }
}

/// Words of the interface for what rows and records name by numbers.
enum ModelWords {
  static func category(_ category: GiftCategory) -> String { TraceWords.word(category, in: TraceWords.categories) }
  static func unit(_ unit: GiftUnit) -> String { TraceWords.word(unit, in: TraceWords.units) }

  /// A name out of an enumeration, as JSON has it: `handedOver` as `handed_over`.
  static func snake(_ name: some Any) -> String {
    "\(name)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
  }
}

/// Who told an event, and its number among that organisation's.
struct EventModel: Encodable {
  let organisation: UInt16
  let number: UInt64

  init(_ event: UInt64) {
    organisation = UInt16(truncatingIfNeeded: event >> 48)
    number = event & (1 << 48 - 1)
  }
}

/// An address with its hearts, and how its index comes to be: points of eligibility, no credit score.
struct GiverModel: Encodable {
  struct Term: Encodable {
    /// Periods of 90 days before the present one.
    let age: Int
    let from: UInt64
    let points: UInt32
    /// In thousandths.
    let weight: UInt16
    let counted: UInt64
  }

  let address: String
  /// Its record in `givers`.
  let giver: Int
  let minted, held, spent, given, reversed, debt: Int64
  let gifts, changes: UInt32
  let history: String
  let loveIndex: UInt16
  let formula: Int
  let terms: [Term]
  /// What changed its hearts, newest first.
  let items: [HeartChangeModel]
  let next: String?

  init(_ address: Address, _ ordinal: Int, _ view: PublishedView, items: [HeartChangeModel], next: String?) {
    let hearts = view.app.hearts
    let record = hearts.givers[ordinal]
    self.address = address.description
    giver = ordinal
    minted = record.minted
    held = record.held
    spent = record.spent
    given = record.given
    reversed = record.reversed
    debt = record.debt
    gifts = record.gifts
    changes = record.changes
    history = record.history.description
    loveIndex = LoveIndex.value(of: record, formula: hearts.formula, at: view.time)
    formula = hearts.formulas.count
    terms = ProvenGiver.terms(of: record, formula: hearts.formula, at: view.time).map {
      Term(age: $0.age, from: $0.from.seconds, points: $0.points, weight: $0.weight, counted: $0.counted)
    }
    self.items = items
    self.next = next
  }
}

/// One change of an address's hearts.
struct HeartChangeModel: Encodable {
  let kind: String
  let hearts: Int64
  /// A gift, a partner or a project, by the kind.
  let number: UInt32
  /// The receipt, or the reason of a reversal.
  let commitment: String?
  let time: UInt64

  init(_ change: HeartChange) {
    kind = TraceWords.word(change.kind, in: TraceWords.changes)
    hearts = change.hearts
    number = change.number
    commitment = change.commitment == .zero ? nil : change.commitment.description
    time = change.time.seconds
  }
}

/// A partner with what it opens.
struct PartnerModel: Encodable {
  let partner: Int
  let account, description: String
  let since: UInt64
  let closedAt: UInt64?
  /// Hearts spent at it.
  let hearts: Int64
  /// How many it has open.
  let openChannels: UInt32
  /// Those of them that are among the newest ``OpenChannels/maximumLooked`` of the chain.
  let channels: [ChannelModel]

  init(_ ordinal: Int, _ hearts: Hearts, channels: [Int]) {
    let record = hearts.partners[ordinal]
    partner = ordinal
    account = record.account.description
    description = record.description.description
    since = record.since.seconds
    closedAt = record.closedAt == .zero ? nil : record.closedAt.seconds
    self.hearts = record.hearts
    openChannels = record.channels
    self.channels = channels.map { ChannelModel($0, hearts) }
  }
}

/// What a partner opens from a value of the love index on.
struct ChannelModel: Encodable {
  let channel: Int
  let threshold: UInt16
  let description: String
  let since: UInt64

  init(_ ordinal: Int, _ hearts: Hearts) {
    let record = hearts.channels[ordinal]
    channel = ordinal
    threshold = record.threshold
    description = record.description.description
    since = record.since.seconds
  }
}

/// A giver's consent that thresholds of her index are attested for a partner.
struct ConsentModel: Encodable {
  let consent: Int
  let giver: String
  let partner: UInt32
  let since, until: UInt64
  let withdrawnAt: UInt64?
  /// Whether it stands now.
  let holds: Bool

  init(_ ordinal: Int, _ hearts: Hearts, at time: Timestamp) {
    let record = hearts.consents[ordinal]
    consent = ordinal
    giver = record.giver.description
    partner = record.partner
    since = record.since.seconds
    until = record.until.seconds
    withdrawnAt = record.withdrawnAt == .zero ? nil : record.withdrawnAt.seconds
    holds = record.holds(at: time)
  }
}
