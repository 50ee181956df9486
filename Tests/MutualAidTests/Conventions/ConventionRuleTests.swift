import Ledger
import MutualAid
import Testing

/// One broken rule: the field that the fault must name, and what breaks it.
struct BrokenRule: Sendable, CustomTestStringConvertible {
  let field: String
  let name: String
  let change: @Sendable (inout WireConvention) -> Void

  init(_ field: String, _ name: String, _ change: @escaping @Sendable (inout WireConvention) -> Void) {
    self.field = field
    self.name = name
    self.change = change
  }

  var testDescription: String { "\(field): \(name)" }
}

@Suite struct ConventionRuleTests {
  @Test func theFixtureBreaksNoRule() {
    #expect(Convention.faults(in: ConventionFixture.good()).isEmpty)
  }

  @Test(arguments: header + money + classes + aid + schedule + contest + endings)
  func isRefused(_ rule: BrokenRule) throws {
    var wire = ConventionFixture.good()
    rule.change(&wire)
    let faults = Convention.faults(in: wire)
    #expect(faults.contains { $0.field == rule.field }, "faults found: \(faults)")
    let error = try #require(throws: LedgerError.self) { try Convention(wire) }
    #expect(error.code == .badConvention)
    #expect(error.message == faults.first?.description)
  }

  @Test(arguments: atTheLimit)
  func isAccepted(_ limit: BrokenRule) {
    var wire = ConventionFixture.good()
    limit.change(&wire)
    #expect(Convention.faults(in: wire) == [])
  }

  @Test func allFaultsAreFoundAtOnce() {
    var wire = ConventionFixture.good()
    wire.key = ""
    wire.feePpm = 600_000
    wire.filingDays = 0
    #expect(Convention.faults(in: wire).map(\.field) == ["key", "fee_ppm", "filing_days"])
  }

  static let header: [BrokenRule] = [
    BrokenRule("format", "unknown") { $0.format = 2 },
    BrokenRule("format", "missing") { $0.format = 0 },
    BrokenRule("key", "empty") { $0.key = "" },
    BrokenRule("key", "too long") { $0.key = String(repeating: "a", count: 33) },
    BrokenRule("key", "capital") { $0.key = "Plan" },
    BrokenRule("key", "not ASCII") { $0.key = "计划" },
    BrokenRule("version", "zero") { $0.version = 0 },
    BrokenRule("version", "more than 16 bits") { $0.version = 65_536 },
    BrokenRule("name_zh", "empty") { $0.nameZh = "" },
    BrokenRule("name_zh", "22 characters of three bytes") { $0.nameZh = String(repeating: "助", count: 22) },
    BrokenRule("name_en", "empty") { $0.nameEn = "" },
    BrokenRule("name_en", "control character") { $0.nameEn = "a\u{1B}[2Jb" },
    BrokenRule("name_en", "turned direction") { $0.nameEn = "a\u{202E}b" },
    BrokenRule("name_en", "space at the end") { $0.nameEn = "Plan " },
    BrokenRule("ages", "missing") { $0.clearAges() },
    BrokenRule("ages.cover_to_years", "above 120") { $0.ages.coverToYears = 121 },
    BrokenRule("ages.join_to_years", "as late as the end of cover") { $0.ages.joinToYears = 60 },
    BrokenRule("ages.join_from_days", "above the last age") { $0.ages.joinFromDays = 60 * 366 },
    BrokenRule("ages.join_from_days", "huge") { $0.ages.joinFromDays = .max },
  ]

  static let money: [BrokenRule] = [
    BrokenRule("first_deposit", "nothing") { $0.firstDeposit = 0 },
    BrokenRule("first_deposit", "negative") { $0.firstDeposit = -10_000 },
    BrokenRule("first_deposit", "part of a fen") { $0.firstDeposit = 10_000_001 },
    BrokenRule("first_deposit", "huge") { $0.firstDeposit = Convention.maximumAmount + 10_000 },
    BrokenRule("low_balance", "nothing") { $0.lowBalance = 0 },
    BrokenRule("low_balance", "negative") { $0.lowBalance = -1 },
    BrokenRule("low_balance", "huge") { $0.lowBalance = .max },
    BrokenRule("waiting_days", "over ten years") { $0.waitingDays = 3651 },
    BrokenRule("fee_ppm", "over one half") { $0.feePpm = 500_001 },
    BrokenRule("caps", "missing") { $0.clearCaps() },
    BrokenRule("caps.per_case", "negative") { $0.caps.perCase = -1 },
    BrokenRule("caps.per_period", "negative") { $0.caps.perPeriod = -1 },
    BrokenRule("caps.per_year", "negative") { $0.caps.perYear = .min },
    BrokenRule("caps.per_year", "huge") { $0.caps.perYear = Convention.maximumAmount + 1 },
  ]

  static let classes: [BrokenRule] = [
    BrokenRule("classes", "none") { $0.classes = [] },
    BrokenRule("classes", "too many") {
      $0.classes = (1...65).map { ConventionFixture.diseaseClass($0, "class-\($0)", ["C50"]) }
    },
    BrokenRule("classes[0].id", "zero") { $0.classes[0].id = 0 },
    BrokenRule("classes[1].id", "above 255") { $0.classes[1].id = 256 },
    BrokenRule("classes[1].id", "twice") { $0.classes[1].id = 1 },
    BrokenRule("classes[1].id", "descending") { $0.classes.reverse() },
    BrokenRule("classes[1].key", "twice") { $0.classes[1].key = "cancer" },
    BrokenRule("classes[0].key", "underscore") { $0.classes[0].key = "a_b" },
    BrokenRule("classes[0].name_zh", "empty") { $0.classes[0].nameZh = "" },
    BrokenRule("classes[1].name_en", "newline") { $0.classes[1].nameEn = "a\nb" },
    BrokenRule("classes[1].icd10", "no code") { $0.classes[1].icd10 = [] },
    BrokenRule("classes[1].icd10", "too many codes") {
      $0.classes[1].icd10 = [String](repeating: "C50", count: 65)
    },
    BrokenRule("classes[0].icd10[0]", "empty") { $0.classes[0].icd10 = [""] },
    BrokenRule("classes[0].icd10[0]", "lower case") { $0.classes[0].icd10 = ["c50"] },
    BrokenRule("classes[0].icd10[0]", "one digit") { $0.classes[0].icd10 = ["C5"] },
    BrokenRule("classes[0].icd10[0]", "nothing behind the point") { $0.classes[0].icd10 = ["C50."] },
    BrokenRule("classes[0].icd10[0]", "no point") { $0.classes[0].icd10 = ["C501"] },
    BrokenRule("classes[0].icd10[0]", "long tail") { $0.classes[0].icd10 = ["C50.12345"] },
    BrokenRule("classes[0].icd10[1]", "backward range") { $0.classes[0].icd10 = ["C50", "C97-C00"] },
    BrokenRule("classes[0].icd10[0]", "range of two kinds") { $0.classes[0].icd10 = ["C00-C97.1"] },
    BrokenRule("classes[0].icd10[0]", "range of three") { $0.classes[0].icd10 = ["C00-C10-C20"] },
    BrokenRule("classes[0].icd10[0]", "full-width digits") { $0.classes[0].icd10 = ["C５０"] },
  ]

  static let aid: [BrokenRule] = [
    BrokenRule("aid", "none") { $0.aid = [] },
    BrokenRule("aid", "too many") {
      $0.aid = [WireAid](repeating: ConventionFixture.band(1, 0, 59, 1), count: 513)
    },
    BrokenRule("aid[2].disease_class", "unknown class") { $0.aid[2].diseaseClass = 5 },
    BrokenRule("aid[2].disease_class", "not sorted by class") { $0.aid.swapAt(1, 2) },
    BrokenRule("aid[0].from_years", "above the last age") { $0.aid[0].fromYears = 40 },
    BrokenRule("aid[1].from_years", "overlap") { $0.aid[1].fromYears = 39 },
    BrokenRule("aid[1].from_years", "not sorted by age") { $0.aid.swapAt(0, 1) },
    BrokenRule("aid[2].to_years", "at the end of cover") { $0.aid[2].toYears = 60 },
    BrokenRule("aid[2].amount", "nothing") { $0.aid[2].amount = 0 },
    BrokenRule("aid[2].amount", "negative") { $0.aid[2].amount = -1 },
    BrokenRule("aid[2].amount", "over ten million yuan") { $0.aid[2].amount = 10_000_000_000_001 },
  ]

  static let schedule: [BrokenRule] = [
    BrokenRule("payers", "not said") { $0.payers = .unspecified },
    BrokenRule("payers", "unknown") { $0.payers = .UNRECOGNIZED(3) },
    BrokenRule("payers", "at notice without a calendar") {
      $0.clearCalendar()
      $0.noticeDays = 7
    },
    BrokenRule("notice_days", "missing without a calendar") {
      $0.clearCalendar()
      $0.payers = .atSettlement
    },
    BrokenRule("notice_days", "over 60") {
      $0.clearCalendar()
      $0.payers = .atSettlement
      $0.noticeDays = 61
    },
    BrokenRule("notice_days", "beside a calendar") { $0.noticeDays = 7 },
    BrokenRule("calendar", "empty") { $0.calendar = WireCalendar() },
    BrokenRule("calendar", "a debit missing") { $0.calendar.debitDays = [14] },
    BrokenRule("calendar", "five notices") {
      $0.calendar.noticeDays = [1, 5, 9, 13, 17]
      $0.calendar.debitDays = [2, 6, 10, 14, 18]
    },
    BrokenRule("calendar.notice_days[0]", "day 0") { $0.calendar.noticeDays[0] = 0 },
    BrokenRule("calendar.debit_days[1]", "day 29") { $0.calendar.debitDays[1] = 29 },
    BrokenRule("calendar.debit_days[0]", "on the notice day") { $0.calendar.debitDays[0] = 7 },
    BrokenRule("calendar.debit_days[0]", "before the notice") { $0.calendar.debitDays[0] = 6 },
    BrokenRule("calendar.notice_days[1]", "on the debit day before") { $0.calendar.debitDays[0] = 21 },
    BrokenRule("calendar.notice_days[1]", "before the debit before") { $0.calendar.noticeDays[1] = 13 },
    BrokenRule("calendar.debit_days[1]", "past the month's end") { $0.calendar.debitDays[1] = 5 },
    BrokenRule("beyond", "not said") { $0.beyond = .unspecified },
    BrokenRule("beyond", "unknown") { $0.beyond = .UNRECOGNIZED(9) },
    BrokenRule("grace_days", "over a year") { $0.graceDays = 366 },
    BrokenRule("filing_days", "none") { $0.filingDays = 0 },
    BrokenRule("filing_days", "over ten years") { $0.filingDays = 3651 },
  ]

  static let contest: [BrokenRule] = [
    BrokenRule("contest", "missing") { $0.clearContest() },
    BrokenRule("contest.objections", "none") { $0.contest.objections = 0 },
    BrokenRule("contest.objections", "over a hundred") { $0.contest.objections = 101 },
    BrokenRule("contest.objections_a_year", "none") { $0.contest.objectionsAYear = 0 },
    BrokenRule("contest.objections_a_year", "more than a byte holds") { $0.contest.objectionsAYear = 256 },
    BrokenRule("contest.jurors", "two") { ($0.contest.jurors, $0.contest.quorum) = (2, 2) },
    BrokenRule("contest.jurors", "a hundred") { ($0.contest.jurors, $0.contest.quorum) = (100, 99) },
    BrokenRule("contest.quorum", "half") { ($0.contest.jurors, $0.contest.quorum) = (10, 5) },
    BrokenRule("contest.quorum", "more than there are") { $0.contest.quorum = 10 },
    BrokenRule("contest.vote_days", "none") { $0.contest.voteDays = 0 },
    BrokenRule("contest.reveal_days", "over a month") { $0.contest.revealDays = 31 },
    BrokenRule("contest.appeal_days", "over a year") { $0.contest.appealDays = 366 },
    BrokenRule("contest.decision_days", "none") { $0.contest.decisionDays = 0 },
    BrokenRule("contest.decision_days", "over ninety") { $0.contest.decisionDays = 91 },
    BrokenRule("solvency.statement_days", "none") { $0.solvency = WireSolvency() },
    BrokenRule("solvency.statement_days", "over ninety") { $0.solvency.statementDays = 91 },
    BrokenRule("solvency.tolerance_ppm", "more than everything") {
      ($0.solvency.statementDays, $0.solvency.tolerancePpm) = (90, 1_000_001)
    },
    BrokenRule("records.registered_within_days", "none") { $0.records.required = true },
    BrokenRule("records.registered_within_days", "over a year") { $0.records.registeredWithinDays = 366 },
  ]

  private static func advancing(
    _ field: String, _ name: String, _ change: @escaping @Sendable (inout WireFastTrack) -> Void
  ) -> BrokenRule {
    BrokenRule(field, name) { wire in
      wire.fastTrack.amount = 20_000_000_000
      wire.fastTrack.cases = 3
      wire.fastTrack.total = 60_000_000_000
      wire.fastTrack.windowDays = 30
      wire.fastTrack.loss = .shared
      change(&wire.fastTrack)
    }
  }

  static let endings: [BrokenRule] = [
    advancing("fast_track.amount", "nothing") { $0.amount = 0 },
    advancing("fast_track.amount", "a fraction of a fen") { $0.amount = 1 },
    advancing("fast_track.amount", "more than the highest aid") { $0.amount = 300_000_010_000 },
    advancing("fast_track.cases", "none") { $0.cases = 0 },
    advancing("fast_track.cases", "over a thousand") { $0.cases = 1001 },
    advancing("fast_track.total", "less than one case") { $0.total = 19_999_990_000 },
    advancing("fast_track.window_days", "none") { $0.windowDays = 0 },
    advancing("fast_track.window_days", "over a year") { $0.windowDays = 367 },
    advancing("fast_track.loss", "nobody bears it") { $0.loss = .unspecified },
    BrokenRule("wind_down", "missing") { $0.clearWindDown() },
    BrokenRule("wind_down.minimum_members", "over a billion") { $0.windDown.minimumMembers = 1_000_000_001 },
    BrokenRule("wind_down.after_days", "over a year") { $0.windDown.afterDays = 367 },
    BrokenRule("wind_down.claims_days", "none") { $0.windDown.claimsDays = 0 },
    BrokenRule("wind_down.reserve", "to nobody") { $0.windDown.reserve = .unspecified },
    BrokenRule("classes[0].except[0]", "no code") { $0.classes[0].except = ["50"] },
    BrokenRule("classes[0].behaviours", "not of ICD-O-3") { $0.classes[0].behaviours = [4] },
    BrokenRule("classes[0].behaviours", "not ascending") { $0.classes[0].behaviours = [6, 3] },
  ]

  static let atTheLimit: [BrokenRule] = [
    advancing("fast_track", "all of the highest aid") { ($0.amount, $0.total) = (300_000_000_000, 300_000_000_000) },
    BrokenRule("wind_down.minimum_members", "a billion") { $0.windDown.minimumMembers = 1_000_000_000 },
    BrokenRule("classes[0].behaviours", "all there are") { $0.classes[0].behaviours = [0, 1, 2, 3, 6, 9] },
    BrokenRule("key", "32 bytes") { $0.key = String(repeating: "a", count: 32) },
    BrokenRule("version", "16 bits") { $0.version = 65_535 },
    BrokenRule("name_zh", "21 characters of three bytes") { $0.nameZh = String(repeating: "助", count: 21) },
    BrokenRule("ages", "the oldest") {
      $0.ages.coverToYears = 120
      $0.ages.joinToYears = 119
    },
    BrokenRule("ages", "from birth") { $0.ages.joinFromDays = 0 },
    BrokenRule("first_deposit", "one fen") { $0.firstDeposit = 10_000 },
    BrokenRule("waiting_days", "none") { $0.waitingDays = 0 },
    BrokenRule("fee_ppm", "one half") { $0.feePpm = 500_000 },
    BrokenRule("caps", "no cap") { $0.caps = WireCaps() },
    BrokenRule("classes", "the most") {
      $0.classes = (1...64).map { ConventionFixture.diseaseClass($0, "class-\($0)", ["C50"]) }
    },
    BrokenRule("icd10", "every form") { $0.classes[0].icd10 = ["C50", "I21.4", "I21.9001", "C00-C97", "I60.1-I69.8"] },
    BrokenRule("aid", "ten million yuan") { $0.aid[2].amount = 10_000_000_000_000 },
    BrokenRule("aid", "one year alone") { $0.aid[2].fromYears = 59 },
    BrokenRule("calendar", "four times a month") {
      $0.calendar.noticeDays = [1, 8, 15, 22]
      $0.calendar.debitDays = [7, 14, 21, 28]
    },
    BrokenRule("payers", "at settlement with a calendar") { $0.payers = .atSettlement },
    BrokenRule("notice_days", "60 days") {
      $0.clearCalendar()
      $0.payers = .atSettlement
      $0.noticeDays = 60
    },
    BrokenRule("beyond", "reserve") { $0.beyond = .reserve },
    BrokenRule("grace_days", "a year") { $0.graceDays = 365 },
    BrokenRule("filing_days", "one day") { $0.filingDays = 1 },
    BrokenRule("contest.quorum", "all") { $0.contest.quorum = 9 },
    BrokenRule("contest.appeal_days", "no appeal") { $0.contest.appealDays = 0 },
    BrokenRule("contest.decision_days", "ninety") { $0.contest.decisionDays = 90 },
    BrokenRule("solvency", "everything may be missing") {
      ($0.solvency.statementDays, $0.solvency.tolerancePpm) = (90, 1_000_000)
    },
    BrokenRule("records", "a year") { $0.records.registeredWithinDays = 365 },
  ]
}
