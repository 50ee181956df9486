public import Ledger
internal import TransparencyLog

/// The contract "hearts": gifts and their hearts, the love index, and the way of everything given.
///
/// A value: a copy shares its pages. The tables are the state; what is marked derived is rebuilt from them.
public struct Hearts: Sendable {
  /// The contract's name in actions and in the genesis.
  public static let name = "hearts"
  /// The most kinds of gifts.
  public static let maximumKinds = 4096
  /// The most projects of one chain.
  public static let maximumProjects = 1 << 20
  /// The most lots, and the most gifts: references in rows have 31 bits.
  public static let maximumLots = 1 << 31

  /// Kinds of gifts with their rates.
  public internal(set) var kinds = AuthenticatedTable<GiftKindRecord>(name: "gift_kinds", version: 1)
  /// Versions of the love index's formula; the last one holds.
  public internal(set) var formulas = AuthenticatedTable<FormulaRecord>(name: "formulas", version: 1)
  /// The projects.
  public internal(set) var projects = AuthenticatedTable<ProjectRecord>(name: "projects", version: 1)
  /// All lots there ever were.
  public internal(set) var lots = AuthenticatedTable<LotRecord>(name: "lots", version: 1)
  /// All gifts.
  public internal(set) var gifts = AuthenticatedTable<GiftRecord>(name: "gifts", version: 1)
  /// Addresses with hearts.
  public internal(set) var givers = UniqueKeyTable<GiverRecord>(name: "givers", version: 1)
  /// All hearts; one record.
  public internal(set) var hearts = AuthenticatedTable<HeartTotals>(name: "hearts", version: 1)
  /// Pictures, receipts and reports that were shown.
  public internal(set) var exhibits = UniqueKeyTable<ExhibitRecord>(name: "exhibits", version: 1)
  /// Manifests of events.
  public internal(set) var manifests = AuthenticatedTable<TraceManifestRecord>(name: "trace_manifests", version: 1)
  /// What each organisation has told, by its ordinal.
  public internal(set) var books = AuthenticatedTable<TraceBookRecord>(name: "trace_books", version: 1)
  /// What went from one organisation to another.
  public internal(set) var flows = UniqueKeyTable<FlowRecord>(name: "flows", version: 1)
  /// Organisations that are related.
  public internal(set) var relations = AuthenticatedTable<RelationRecord>(name: "relations", version: 1)
  /// Partners.
  public internal(set) var partners = AuthenticatedTable<PartnerRecord>(name: "partners", version: 1)
  /// What they open.
  public internal(set) var channels = AuthenticatedTable<ChannelRecord>(name: "channels", version: 1)
  /// Consents of givers.
  public internal(set) var consents = UniqueKeyTable<IndexConsentRecord>(name: "index_consents", version: 1)

  /// The kinds again, where every row of a manifest looks; derived.
  var kindList: [GiftKindRecord] = []
  /// Whether what an index needs is noted while a block runs; derived, never in the root.
  public var isWatched = false
  /// The events accepted in the last block, in order.
  public internal(set) var noted: [Way.Step] = []
  /// The changes of addresses' hearts in the last block, oldest first.
  public internal(set) var notedChanges: [NotedHeartChange] = []
  /// The gifts that came to somebody in the last block, oldest first; those by nobody are not among them.
  public internal(set) var notedGifts: [NotedGift] = []
  /// How many lots and gifts, and how many projects, this state takes: fewer in a test of the limits only.
  var (lotLimit, projectLimit) = (Hearts.maximumLots, Hearts.maximumProjects)

  /// The contract at a genesis.
  public init(genesis: Genesis) throws(LedgerError) {
    self.init()
    let rules = try HeartRules(genesis: genesis.payload(of: Hearts.name))
    for kind in rules.kinds { add(kind) }
    var formula = rules.formula ?? FormulaRecord()
    formula.since = genesis.time
    formulas.append(formula)
  }

  /// Without a kind, and without a formula: what a chain has that carries no hearts.
  public init() {
    hearts.append(HeartTotals())
  }

  mutating func add(_ kind: GiftKindRecord) {
    kinds.append(kind)
    kindList.append(kind)
  }

  /// The formula in force.
  public var formula: FormulaRecord { formulas[formulas.count - 1] }

  /// All hearts of the chain.
  public var totals: HeartTotals { hearts[0] }

  /// The record of an address that has or had hearts.
  public func giver(_ address: Address) -> GiverRecord? { place(of: address.key).map { givers[$0] } }

  /// Where an address with hearts stands; it is given as in a gift.
  func place(of party: Hash) -> Int? { givers.find(GiverRecord.key(of: party)) }

  /// The love index of an address under the formula in force; 0 for one without gifts.
  public func loveIndex(of address: Address, at time: Timestamp) -> UInt16 {
    giver(address).map { LoveIndex.value(of: $0, formula: formula, at: time) } ?? 0
  }

  /// The consent of a giver for a partner, if it holds.
  public func consent(of giver: Address, for partner: UInt32, at time: Timestamp) -> IndexConsentRecord? {
    guard let ordinal = consents.find(IndexConsentRecord.key(of: giver, partner: partner)) else { return nil }
    return consents[ordinal].holds(at: time) ? consents[ordinal] : nil
  }
}
