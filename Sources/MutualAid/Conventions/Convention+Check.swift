internal import Ledger

extension Convention {
  /// A broken rule of a convention.
  public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The field as it is named in the message on the chain, such as `classes[2].icd10`.
    public let field: String
    /// What is wrong with it.
    public let message: String

    /// Field and message.
    public var description: String { "\(field): \(message)" }
  }

  /// The most classes of disease.
  public static let maximumClasses = 64
  /// The most rows of aid.
  public static let maximumAidBands = 512
  /// The most ICD-10 codes of one class.
  public static let maximumCodes = 64
  /// The most any amount in a convention may be, in millionths of a yuan: ten million yuan.
  public static let maximumAmount = 10_000_000 * Amount.microPerYuan

  /// Every rule that a convention breaks, in the order of its fields; empty if it may stand on a chain.
  public static func faults(in wire: WireConvention) -> [Fault] {
    var check = ConventionCheckList()
    check.header(wire)
    check.ages(wire)
    check.money(wire)
    check.classes(wire)
    check.aid(wire)
    check.schedule(wire)
    check.contest(wire)
    check.fastTrack(wire)
    check.windDown(wire)
    check.proofs(wire)
    return check.faults
  }
}

/// Collects the broken rules of one convention.
private struct ConventionCheckList {
  private(set) var faults: [Convention.Fault] = []

  /// Notes a fault unless the rule holds.
  private mutating func require(_ holds: Bool, _ field: String, _ message: String) {
    if !holds { faults.append(Convention.Fault(field: field, message: message)) }
  }

  mutating func header(_ wire: WireConvention) {
    require(wire.format == Convention.format, "format", "this version reads format \(Convention.format) only")
    require(ConventionText.isKey(wire.key), "key", "1 to 32 of the letters a-z, digits and -")
    require((1...65_535).contains(wire.version), "version", "from 1 to 65535")
    names(zh: wire.nameZh, en: wire.nameEn, prefix: "")
  }

  private mutating func names(zh: String, en: String, prefix: String) {
    let rule = "1 to 64 bytes without control characters, not beginning or ending with a space"
    require(ConventionText.isName(zh), prefix + "name_zh", rule)
    require(ConventionText.isName(en), prefix + "name_en", rule)
  }

  mutating func ages(_ wire: WireConvention) {
    let ages = wire.ages
    require(wire.hasAges, "ages", "missing")
    require(ages.coverToYears <= 120, "ages.cover_to_years", "at most 120")
    require(
      ages.joinToYears < ages.coverToYears, "ages.join_to_years",
      "below the age at which cover ends, or somebody would join without cover")
    // A person of n whole years has lived at least 365 n days.
    require(
      ages.joinFromDays / 365 <= ages.joinToYears, "ages.join_from_days", "not above the last age for joining")
  }

  mutating func money(_ wire: WireConvention) {
    let amounts = 1...Convention.maximumAmount
    require(
      amounts.contains(wire.firstDeposit) && wire.firstDeposit % Amount.microPerFen == 0, "first_deposit",
      "whole fen, above 0 and at most 10,000,000 yuan")
    require(amounts.contains(wire.lowBalance), "low_balance", "above 0 and at most 10,000,000 yuan")
    require(wire.waitingDays <= 3650, "waiting_days", "at most 3650")
    require(wire.feePpm <= 500_000, "fee_ppm", "at most 500000 (50 %)")
    // Caps present and all zero is the one way to say that there is none.
    require(wire.hasCaps, "caps", "missing")
    let caps = 0...Convention.maximumAmount
    require(caps.contains(wire.caps.perCase), "caps.per_case", "0 (no cap) or more, at most 10,000,000 yuan")
    require(caps.contains(wire.caps.perPeriod), "caps.per_period", "0 (no cap) or more, at most 10,000,000 yuan")
    require(caps.contains(wire.caps.perYear), "caps.per_year", "0 (no cap) or more, at most 10,000,000 yuan")
  }

  mutating func classes(_ wire: WireConvention) {
    require(
      (1...Convention.maximumClasses).contains(wire.classes.count), "classes",
      "1 to \(Convention.maximumClasses) classes")
    // The rest is not looked at past the limits, so that a huge list costs nothing.
    var previous: UInt32 = 0
    var keys: [[UInt8]] = []
    for (index, entry) in wire.classes.prefix(Convention.maximumClasses).enumerated() {
      let field = "classes[\(index)]"
      require((1...255).contains(entry.id), "\(field).id", "from 1 to 255")
      require(index == 0 || entry.id > previous, "\(field).id", "unique and ascending")
      previous = entry.id
      let key = Array(entry.key.utf8)
      require(ConventionText.isKey(entry.key), "\(field).key", "1 to 32 of the letters a-z, digits and -")
      require(!keys.contains(key), "\(field).key", "another class has this key")
      keys.append(key)
      names(zh: entry.nameZh, en: entry.nameEn, prefix: "\(field).")
      require(
        (1...Convention.maximumCodes).contains(entry.icd10.count), "\(field).icd10",
        "1 to \(Convention.maximumCodes) codes")
      for (place, code) in entry.icd10.prefix(Convention.maximumCodes).enumerated() {
        require(
          ICD10.isCodeOrRange(code), "\(field).icd10[\(place)]",
          "a code such as C50 or I21.4, or a range such as C00-C97")
      }
      limits(entry, field)
    }
  }

  /// What narrows a class.
  private mutating func limits(_ entry: WireDiseaseClass, _ field: String) {
    require(
      entry.except.count <= Convention.maximumCodes, "\(field).except", "at most \(Convention.maximumCodes) codes")
    for (place, code) in entry.except.prefix(Convention.maximumCodes).enumerated() {
      require(
        ICD10.isCodeOrRange(code), "\(field).except[\(place)]",
        "a code such as C50 or I21.4, or a range such as C00-C97")
    }
    let behaviours = Array(entry.behaviours.prefix(8))
    let isAscending = zip(behaviours, behaviours.dropFirst()).allSatisfy { $0 < $1 }
    // ICD-O-3 knows 0 benign, 1 uncertain, 2 in situ, 3 malignant primary, 6 metastatic, and 9 malignant but unknown
    // whether primary.
    require(
      entry.behaviours.count <= 6 && isAscending && behaviours.allSatisfy { [0, 1, 2, 3, 6, 9].contains($0) },
      "\(field).behaviours", "behaviours of ICD-O-3 (0, 1, 2, 3, 6, 9), ascending")
  }

  mutating func fastTrack(_ wire: WireConvention) {
    guard wire.hasFastTrack else { return }
    let track = wire.fastTrack
    let highest = wire.aid.map(\.amount).max() ?? 0
    require(
      track.amount > 0 && track.amount % Amount.microPerFen == 0 && track.amount <= highest, "fast_track.amount",
      "whole fen, above 0 and not above the highest aid")
    require((1...1000).contains(track.cases), "fast_track.cases", "1 to 1000")
    require(
      track.total % Amount.microPerFen == 0 && track.total >= track.amount && track.total <= Convention.maximumAmount,
      "fast_track.total", "whole fen, at least what one case is advanced, at most 10,000,000 yuan")
    require((1...366).contains(track.windowDays), "fast_track.window_days", "1 to 366")
    require(track.loss == .fromReserve || track.loss == .shared, "fast_track.loss", "reserve or members")
  }

  mutating func windDown(_ wire: WireConvention) {
    require(wire.hasWindDown, "wind_down", "missing")
    require(wire.windDown.minimumMembers <= 1_000_000_000, "wind_down.minimum_members", "at most a billion")
    require(wire.windDown.afterDays <= 366, "wind_down.after_days", "at most 366")
    require((1...3650).contains(wire.windDown.claimsDays), "wind_down.claims_days", "1 to 3650")
    require(
      wire.windDown.reserve == .members || wire.windDown.reserve == .charity, "wind_down.reserve",
      "members or charity")
  }

  mutating func aid(_ wire: WireConvention) {
    require(
      (1...Convention.maximumAidBands).contains(wire.aid.count), "aid", "1 to \(Convention.maximumAidBands) rows")
    let ids = wire.classes.prefix(Convention.maximumClasses).map(\.id)
    var previous: WireAid?
    for (index, row) in wire.aid.prefix(Convention.maximumAidBands).enumerated() {
      let field = "aid[\(index)]"
      require(ids.contains(row.diseaseClass), "\(field).disease_class", "no class has this id")
      require(row.fromYears <= row.toYears, "\(field).from_years", "not above to_years")
      require(row.toYears < wire.ages.coverToYears, "\(field).to_years", "below the age at which cover ends")
      require(
        (1...Convention.maximumAmount).contains(row.amount), "\(field).amount",
        "above 0 and at most 10,000,000 yuan")
      if let previous {
        // One order only, so that the same rules have the same bytes; then overlaps are neighbours.
        require(previous.diseaseClass <= row.diseaseClass, "\(field).disease_class", "rows are sorted by class")
        if previous.diseaseClass == row.diseaseClass {
          require(
            previous.toYears < row.fromYears, "\(field).from_years",
            "above the last age of the row before: bands of a class ascend and do not overlap")
        }
      }
      previous = row
    }
  }

  mutating func schedule(_ wire: WireConvention) {
    require(
      wire.payers == .atSettlement || wire.payers == .atNotice, "payers", "counted at settlement or at notice")
    if wire.hasCalendar {
      require(wire.noticeDays == 0, "notice_days", "absent where there is a calendar")
      calendar(wire.calendar)
    } else {
      require((1...60).contains(wire.noticeDays), "notice_days", "1 to 60 days where there is no calendar")
      require(
        wire.payers != .atNotice, "payers",
        "counting them at notice needs a calendar whose debit comes before the next notice")
    }
    require(
      wire.beyond == .proRata || wire.beyond == .carry || wire.beyond == .reserve, "beyond",
      "pro rata, carry or reserve")
    require(wire.graceDays <= 365, "grace_days", "at most 365")
    require((1...3650).contains(wire.filingDays), "filing_days", "1 to 3650")
    require(
      wire.waitingIllness == .nothing || wire.waitingIllness == .refund, "waiting_illness", "nothing or refund")
  }

  mutating func contest(_ wire: WireConvention) {
    let contest = wire.contest
    require(wire.hasContest, "contest", "missing")
    // Objections are walked through one by one, and so are seats.
    require((1...100).contains(contest.objections), "contest.objections", "1 to 100 members")
    require((1...255).contains(contest.objectionsAYear), "contest.objections_a_year", "1 to 255")
    require((3...99).contains(contest.jurors), "contest.jurors", "3 to 99")
    require(
      contest.quorum <= contest.jurors && contest.quorum > contest.jurors / 2, "contest.quorum",
      "more than half of the jurors")
    require((1...30).contains(contest.voteDays), "contest.vote_days", "1 to 30")
    require((1...30).contains(contest.revealDays), "contest.reveal_days", "1 to 30")
    require(contest.appealDays <= 365, "contest.appeal_days", "at most 365")
    require((1...90).contains(contest.decisionDays), "contest.decision_days", "1 to 90")
  }

  mutating func proofs(_ wire: WireConvention) {
    if wire.hasSolvency {
      require((1...90).contains(wire.solvency.statementDays), "solvency.statement_days", "1 to 90")
      require(
        wire.solvency.tolerancePpm <= 1_000_000, "solvency.tolerance_ppm", "at most 1000000 (everything)")
    }
    if wire.hasRecords {
      require((1...365).contains(wire.records.registeredWithinDays), "records.registered_within_days", "1 to 365")
    }
  }

  private mutating func calendar(_ calendar: WireCalendar) {
    let (notices, debits) = (calendar.noticeDays, calendar.debitDays)
    guard (1...4).contains(notices.count), notices.count == debits.count else {
      require(false, "calendar", "1 to 4 notice days and as many debit days")
      return
    }
    for index in notices.indices {
      require((1...28).contains(notices[index]), "calendar.notice_days[\(index)]", "from 1 to 28")
      require((1...28).contains(debits[index]), "calendar.debit_days[\(index)]", "from 1 to 28")
      require(
        notices[index] < debits[index], "calendar.debit_days[\(index)]", "after its notice, in the same month")
      // Past the month's end nothing can collide: the last debit is on the 28th at the latest, and the
      // next notice on the first at the earliest.
      if index > 0 {
        require(
          debits[index - 1] < notices[index], "calendar.notice_days[\(index)]", "after the debit before it")
      }
    }
  }
}
