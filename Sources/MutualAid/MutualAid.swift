public import Consortium
public import Ledger
internal import TransparencyLog

/// The contract "mutual-aid": plans, memberships, cases and their money.
///
/// A value: a copy shares its pages. The tables are the state; what is marked derived is rebuilt from them.
public struct MutualAid: Sendable {
  /// The contract's name in actions and in the genesis.
  public static let name = "mutual-aid"
  /// The most plans of one chain.
  public static let maximumPlans = 64

  /// The plans, by ordinal.
  public internal(set) var plans = AuthenticatedTable<PlanRecord>(name: "plans", version: 1)
  /// Conventions announced.
  public internal(set) var conventions = AuthenticatedTable<ConventionRecord>(name: "conventions", version: 1)
  /// Their text.
  public internal(set) var conventionPages = AuthenticatedTable<TextPage>(name: "convention_pages", version: 1)
  /// All memberships there ever were.
  public internal(set) var memberships = AuthenticatedTable<MembershipRecord>(name: "memberships", version: 1)
  /// The people behind them.
  public internal(set) var nullifiers = UniqueKeyTable<NullifierRecord>(name: "nullifiers", version: 1)
  /// Payments of the last 90 days.
  public internal(set) var references = UniqueKeyTable<PaymentReferenceRecord>(name: "payment_references", version: 1)
  /// The cases.
  public internal(set) var cases = AuthenticatedTable<CaseRecord>(name: "cases", version: 1)
  /// Their notices.
  public internal(set) var notices = AuthenticatedTable<NoticeRecord>(name: "notices", version: 1)
  /// The settlements.
  public internal(set) var settlements = AuthenticatedTable<SettlementRecord>(name: "settlements", version: 1)
  /// What waits for a settlement.
  public internal(set) var queue = AuthenticatedTable<QueueRecord>(name: "queue", version: 1)
  /// Money that goes back.
  public internal(set) var refunds = AuthenticatedTable<RefundRecord>(name: "refunds", version: 1)

  /// Members ready to sit on juries.
  public internal(set) var volunteers = AuthenticatedTable<VolunteerRecord>(name: "volunteers", version: 1)
  /// Objections to cases in notice.
  public internal(set) var objections = AuthenticatedTable<ObjectionRecord>(name: "objections", version: 1)
  /// The organisations' hash chains.
  public internal(set) var dice = AuthenticatedTable<DiceRecord>(name: "dice", version: 1)
  /// Draws of juries.
  public internal(set) var draws = AuthenticatedTable<DrawRecord>(name: "draws", version: 1)
  /// What organisations revealed for them.
  public internal(set) var reveals = AuthenticatedTable<RevealRecord>(name: "reveals", version: 1)
  /// The juries.
  public internal(set) var juries = AuthenticatedTable<JuryRecord>(name: "juries", version: 1)
  /// Who sits on them.
  public internal(set) var seats = AuthenticatedTable<SeatRecord>(name: "seats", version: 1)

  /// Accounts of owners whose key was changed or may be.
  public internal(set) var accountKeys = UniqueKeyTable<AccountKeyRecord>(name: "account_keys", version: 1)
  /// New keys that organisations proposed.
  public internal(set) var recoveries = AuthenticatedTable<RecoveryRecord>(name: "recoveries", version: 1)
  /// Who is paid for memberships, and who has died.
  public internal(set) var beneficiaries = UniqueKeyTable<BeneficiaryRecord>(name: "beneficiaries", version: 1)
  /// Illnesses within the waiting period.
  public internal(set) var illnesses = UniqueKeyTable<IllnessRecord>(name: "illnesses", version: 1)
  /// Families and employers.
  public internal(set) var groups = AuthenticatedTable<GroupRecord>(name: "groups", version: 1)
  /// Whom they enrolled.
  public internal(set) var groupSeats = UniqueKeyTable<GroupSeatRecord>(name: "group_seats", version: 1)
  /// What members consented to.
  public internal(set) var consents = AuthenticatedTable<ConsentRecord>(name: "consents", version: 1)

  /// Recoveries whose delay runs, by the moment at which the key is to stand, then by ordinal; derived.
  var waitingRecoveries: [UInt32] = []

  /// What custodians said they hold.
  public internal(set) var reserveStatements = AuthenticatedTable<ReserveStatementRecord>(
    name: "reserve_statements", version: 1)
  /// When cases were reported, and until when organisations decide.
  public internal(set) var reports = AuthenticatedTable<ReportRecord>(name: "reports", version: 1)
  /// Records that hospitals registered.
  public internal(set) var hospitalRecords = UniqueKeyTable<HospitalRecord>(name: "hospital_records", version: 1)
  /// Who may file for members who cannot.
  public internal(set) var helpers = UniqueKeyTable<HelpersRecord>(name: "helpers", version: 1)

  /// What volunteers near the place were asked to look at.
  public internal(set) var fieldChecks = AuthenticatedTable<FieldCheckRecord>(name: "field_checks", version: 1)
  /// What members complained about.
  public internal(set) var complaints = AuthenticatedTable<ComplaintRecord>(name: "complaints", version: 1)

  /// Complaints without an answer, oldest first; derived.
  public internal(set) var openComplaints: [UInt32] = []
  /// How many of them each membership has, and the field checks of each case; derived, and looked up only.
  var complaining: [UInt32: Int] = [:]
  /// See ``complaining``.
  var checksByCase: [UInt32: [UInt32]] = [:]

  /// Reported cases that are not decided, by the end of their time; derived.
  var waitingReports: [WaitingReport] = []
  /// Of each case its place in `reports` and in `hospital_records`, ordinal + 1, 0 for none; derived.
  var reportsByCase = OrdinalList()
  /// See ``reportsByCase``.
  var recordsByCase = OrdinalList()
  /// Aid advanced ahead of the investigation.
  public internal(set) var fastTracks = AuthenticatedTable<FastTrackRecord>(name: "fast_tracks", version: 1)

  /// Advances by plan and hospital (``HospitalAdvances/key(plan:hospital:)``); derived, and only ever looked up.
  var hospitals: [UInt32: HospitalAdvances] = [:]
  /// Cases that wait for a jury, by ordinal; derived.
  var contested: [UInt32] = []
  /// Juries that vote, by ordinal; derived.
  var openJuries: [UInt32] = []

  /// Per plan what is looked up quickly; derived.
  var indexes: [PlanIndex] = []

  /// The last pause of each scope and plan; derived from the consortium's tables, and set whenever they change.
  public internal(set) var pauses: [Pause] = []

  /// Whose changes are noted while a block runs, for statements; derived, never in the root.
  public var watched = Watched.nobody
  /// The changes of watched memberships in the last block, oldest first.
  public internal(set) var noted: [NotedChange] = []

  /// The contract at a genesis: no plan yet.
  public init(genesis: Genesis) throws(LedgerError) {}

  /// An empty state without a chain, for measuring and modelling.
  public init() {}

  /// Hands all tables in, always in this order.
  public mutating func commit(to commitment: inout StateCommitment) {
    commitment.take(&accountKeys)
    commitment.take(&beneficiaries)
    commitment.take(&cases)
    commitment.take(&complaints)
    commitment.take(&consents)
    commitment.take(&conventionPages)
    commitment.take(&conventions)
    commitment.take(&dice)
    commitment.take(&draws)
    commitment.take(&fastTracks)
    commitment.take(&fieldChecks)
    commitment.take(&groupSeats)
    commitment.take(&groups)
    commitment.take(&helpers)
    commitment.take(&hospitalRecords)
    commitment.take(&illnesses)
    commitment.take(&juries)
    commitment.take(&memberships)
    commitment.take(&notices)
    commitment.take(&nullifiers)
    commitment.take(&objections)
    commitment.take(&references)
    commitment.take(&plans)
    commitment.take(&queue)
    commitment.take(&recoveries)
    commitment.take(&refunds)
    commitment.take(&reports)
    commitment.take(&reserveStatements)
    commitment.take(&reveals)
    commitment.take(&seats)
    commitment.take(&settlements)
    commitment.take(&volunteers)
  }
}

/// Whose changes are noted.
public enum Watched: Hashable, Sendable {
  /// Nobody's: what an endorser needs.
  case nobody
  /// One membership's, for its statement.
  case membership(UInt32)
  /// Everybody's, for a search index.
  case everybody
}

/// A change with the membership it is of.
public struct NotedChange: Hashable, Sendable {
  /// Ordinal of the membership.
  public let membership: UInt32
  /// What changed.
  public let change: MembershipChange
}

/// What is looked up quickly for one plan. Derived from the tables, never in the root.
struct PlanIndex: Sendable {
  /// The convention in force.
  private(set) var convention: Convention
  /// All versions there were, oldest first, with the block time from which each binds; empty while there is but one.
  private var versions: [(since: Timestamp, convention: Convention)] = []
  private let opened: Timestamp
  /// E of every membership that was funded and has not ended; those at or below C are exhausted.
  var exhaustion = OrderStatisticsTree()
  /// Notices that are not settled, oldest first.
  var openNotices: [UInt32] = []
  /// Confirmed cases that wait for the calendar's next notice, in the order in which they were filed.
  private(set) var awaitingNotice: [UInt32] = []
  /// Ordinals of the plan's settlements, in order.
  var settlements = OrdinalList()
  /// Memberships by month of birth.
  var birthMonths = BirthMonths()
  /// Cases about which something is still to be found out or shared.
  var openCases = 0
  /// When a case was refused last; zero if none was.
  var refusedAt = Timestamp.zero
  /// The plan's payment references, by number of deposit.
  var references = ReferenceOrder()
  /// The plan's part of `volunteers`, ordinals in order.
  var volunteers = OrdinalList()
  /// The custodian's last reserve statement.
  var lastStatement: UInt32?

  init(convention: Convention, since: Timestamp) {
    self.convention = convention
    opened = since
  }

  /// Puts the next version into force.
  mutating func bind(_ next: Convention, since: Timestamp) {
    if versions.isEmpty { versions = [(opened, convention)] }
    versions.append((since, next))
    convention = next
  }

  /// From when on the convention asks for reserve statements; `nil` where none of its versions does.
  var solvencySince: Timestamp? {
    if versions.isEmpty { return convention.solvency == nil ? nil : opened }
    return versions.first { $0.convention.solvency != nil }?.since
  }

  /// The version that bound at a moment; the first for what came before.
  func convention(at time: Timestamp) -> Convention {
    if versions.isEmpty { return convention }
    return (versions.last { $0.since <= time } ?? versions[0]).convention
  }

  /// Adds a confirmed case. In order of filing, whenever the finding came: that order stands in the tables.
  mutating func awaitNotice(_ number: UInt32) {
    let place = awaitingNotice.lastIndex { $0 < number }.map { $0 + 1 } ?? 0
    awaitingNotice.insert(number, at: place)
  }

  /// Takes out a case that will not be noticed.
  mutating func stopAwaiting(_ number: UInt32) { awaitingNotice.removeAll { $0 == number } }

  /// Takes out the cases that are noticed now, oldest first.
  mutating func takeAwaiting(atMost limit: Int) -> [UInt32] {
    defer { awaitingNotice.removeFirst(min(limit, awaitingNotice.count)) }
    return Array(awaitingNotice.prefix(limit))
  }
}

/// A growing list of ordinals whose copies are cheap.
struct OrdinalList: Sendable {
  private var pages = PagedBytes(stride: 4)

  var count: Int { pages.count }

  subscript(_ index: Int) -> UInt32 {
    pages.withRecord(index) { bytes in
      var reader = RecordReader()
      return reader.uint32(in: bytes)
    }
  }

  mutating func append(_ ordinal: UInt32) {
    let bytes = InlineArray<4, UInt8> { UInt8(truncatingIfNeeded: ordinal >> (24 - 8 * UInt32($0))) }
    pages.append(bytes.span.bytes)
  }

  mutating func replace(_ index: Int, _ ordinal: UInt32) {
    let bytes = InlineArray<4, UInt8> { UInt8(truncatingIfNeeded: ordinal >> (24 - 8 * UInt32($0))) }
    pages.replace(index, bytes.span.bytes)
  }
}

/// Memberships of one plan by month of birth: a chain through them for each month, four bytes each.
///
/// A chain runs from the newest membership to the oldest. `next` is kept by member number.
struct BirthMonths: Sendable {
  private var heads = OrdinalList()
  private var next = OrdinalList()

  /// First membership of a month, ordinal + 1; 0 for none.
  func first(month: UInt16) -> UInt32 { Int(month) < heads.count ? heads[Int(month)] : 0 }

  /// The membership after the one with this member number, ordinal + 1; 0 at the end.
  func after(number: UInt32) -> UInt32 { next[Int(number) - 1] }

  /// Adds the plan's newest membership.
  mutating func add(_ ordinal: UInt32, month: UInt16) {
    while heads.count <= Int(month) { heads.append(0) }
    next.append(heads[Int(month)])
    heads.replace(Int(month), ordinal + 1)
  }
}

/// Payment references of one plan in the order of their deposits, which is that of their times too.
struct ReferenceOrder: Sendable {
  private var entries = PagedBytes(stride: Hash.byteCount + 8)
  private var done = 0

  /// The reference that has been there longest, with its time.
  var oldest: (key: Hash, time: Timestamp)? {
    guard done < entries.count else { return nil }
    return entries.withRecord(done) { bytes in
      var reader = RecordReader()
      return (reader.hash(in: bytes), reader.timestamp(in: bytes))
    }
  }

  mutating func add(_ key: Hash, time: Timestamp) {
    withUnsafeTemporaryAllocation(byteCount: entries.stride, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.hash(key)
      writer.timestamp(time)
      entries.append(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  mutating func dropOldest() {
    done += 1
    // Once most of the list lies behind, the rest moves to a new one: memory stays in proportion.
    guard done >= 4096, done * 2 > entries.count else { return }
    var rest = PagedBytes(stride: entries.stride)
    for index in done..<entries.count { entries.withRecord(index) { rest.append($0) } }
    entries = rest
    done = 0
  }
}
