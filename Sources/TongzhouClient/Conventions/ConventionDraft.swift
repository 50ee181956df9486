internal import MutualAid

/// What a convention's file says, before its rules are checked.
struct ConventionDraft {
  /// The rules as they would stand on the chain.
  private(set) var wire = WireConvention()
  /// Line of the file for each field of `wire`, by the field's name in ``Convention/Fault``.
  private(set) var lines: [String: Int] = [:]
  private let file: WrittenFile

  /// Reads the words and values of a file; see `Conventions/tongzhou-seed.yaml` for the layout.
  init(text: String, file: WrittenFile) throws(WrittenFileError) {
    self.file = file
    let map = try file.yaml(text).map([
      "format", "key", "version", "name", "ages", "deposit", "waiting", "filing", "classes", "aid", "fee", "caps",
      "payers", "notice", "calendar", "beyond", "grace", "ends_after_aid", "contest", "fast_track", "wind_down",
      "solvency", "records", "waiting_illness",
    ])
    try readHeader(map)
    try readMoney(map)
    let classes = try readClasses(try map.required("classes"))
    try readAid(try map.required("aid"), classes: classes)
    try readSchedule(map)
    try readContest(try map.required("contest"))
    try readFastTrack(try map.required("fast_track"))
    try readWindDown(try map.required("wind_down"))
    try readProofs(map)
  }

  /// The line that a fault speaks of: its field's, or that of the nearest part around it.
  func line(of field: String) -> Int? {
    var name = field[...]
    while true {
      if let line = lines[String(name)] { return line }
      guard let cut = name.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
      name = name[..<cut]
    }
  }

  /// Notes where a field of the wire stands and hands its value on.
  private mutating func at(_ field: String, _ value: YAMLValue) -> YAMLValue {
    lines[field] = value.line
    return value
  }

  private mutating func readHeader(_ map: YAMLMap) throws(WrittenFileError) {
    wire.format = try at("format", map.required("format")).number()
    wire.key = try at("key", map.required("key")).text()
    wire.version = try at("version", map.required("version")).number()
    let name = try map.required("name").map(["zh", "en"])
    wire.nameZh = try at("name_zh", name.required("zh")).text()
    wire.nameEn = try at("name_en", name.required("en")).text()
    let ages = try at("ages", map.required("ages")).map(["join_from", "join_to", "cover_to"])
    let years = ["years", "year"]
    wire.ages.joinFromDays = try at("ages.join_from_days", ages.required("join_from")).days()
    wire.ages.joinToYears = try at("ages.join_to_years", ages.required("join_to")).number(units: years)
    wire.ages.coverToYears = try at("ages.cover_to_years", ages.required("cover_to")).number(units: years)
  }

  private mutating func readMoney(_ map: YAMLMap) throws(WrittenFileError) {
    let deposit = try map.required("deposit").map(["first", "low"])
    wire.firstDeposit = try at("first_deposit", deposit.required("first")).amount()
    wire.lowBalance = try at("low_balance", deposit.required("low")).amount()
    wire.waitingDays = try at("waiting_days", map.required("waiting")).days()
    wire.waitingIllness = try at("waiting_illness", map.required("waiting_illness")).choice([
      ("nothing", .nothing), ("refund", .refund),
    ])
    wire.filingDays = try at("filing_days", map.required("filing")).days()
    wire.feePpm = try at("fee_ppm", map.required("fee")).partsPerMillion()
    let caps = try at("caps", map.required("caps")).map(["case", "period", "year"])
    // Set even when all are zero: a convention states its caps, or that it has none.
    wire.caps = WireCaps()
    wire.caps.perCase = try at("caps.per_case", caps.required("case")).amount()
    wire.caps.perPeriod = try at("caps.per_period", caps.required("period")).amount()
    wire.caps.perYear = try at("caps.per_year", caps.required("year")).amount()
  }

  /// Classes stand on the chain by their ids, whatever the order of the file.
  private mutating func readClasses(_ value: YAMLValue) throws(WrittenFileError) -> [WireDiseaseClass] {
    _ = at("classes", value)
    var entries: [(wire: WireDiseaseClass, line: Int?, codes: Int?)] = []
    for (key, value) in try value.fields() {
      let map = try value.map(["id", "zh", "en", "icd10", "except", "behaviour"])
      var entry = WireDiseaseClass()
      entry.key = key
      entry.id = try map.required("id").number()
      entry.nameZh = try map.required("zh").text()
      entry.nameEn = try map.required("en").text()
      let codes = try map.required("icd10")
      entry.icd10 = try codes.texts()
      if let except = map.optional("except") { entry.except = try except.texts() }
      if let behaviours = map.optional("behaviour") {
        for value in try behaviours.list() { entry.behaviours.append(try value.number()) }
      }
      entries.append((entry, value.line, codes.line))
    }
    entries.sort { $0.wire.id < $1.wire.id }
    for (index, entry) in entries.enumerated() {
      lines["classes[\(index)]"] = entry.line
      lines["classes[\(index)].icd10"] = entry.codes
    }
    wire.classes = entries.map(\.wire)
    return wire.classes
  }

  /// Rows stand on the chain class by class and age by age; the file may name several classes in one row.
  private mutating func readAid(
    _ value: YAMLValue, classes: [WireDiseaseClass]
  ) throws(WrittenFileError) {
    _ = at("aid", value)
    var rows: [(names: YAMLValue, ids: [UInt32]?, band: WireAid, line: Int?)] = []
    for row in try value.list() {
      let map = try row.map(["for", "ages", "yuan"])
      let names = try map.required("for")
      var band = WireAid()
      (band.fromYears, band.toYears) = try map.required("ages").yearRange()
      band.amount = try map.required("yuan").amount()
      rows.append((names, try ids(names, classes: classes), band, row.line))
    }
    let named = rows.flatMap { $0.ids ?? [] }
    let others = classes.map(\.id).filter { !named.contains($0) }
    var bands: [(band: WireAid, line: Int?)] = []
    for row in rows {
      if row.ids == nil, others.isEmpty { throw row.names.failure(.badValue, "every class is named elsewhere") }
      for id in row.ids ?? others {
        var band = row.band
        band.diseaseClass = id
        bands.append((band, row.line))
      }
    }
    bands.sort {
      ($0.band.diseaseClass, $0.band.fromYears, $0.band.toYears)
        < ($1.band.diseaseClass, $1.band.fromYears, $1.band.toYears)
    }
    for (index, entry) in bands.enumerated() { lines["aid[\(index)]"] = entry.line }
    wire.aid = bands.map(\.band)
  }

  /// The ids of the classes that a row names; `nil` for "others".
  private func ids(
    _ names: YAMLValue, classes: [WireDiseaseClass]
  ) throws(WrittenFileError) -> [UInt32]? {
    if names.isWord("others") { return nil }
    var ids: [UInt32] = []
    for name in try names.texts() {
      guard let found = classes.first(where: { $0.key.utf8.elementsEqual(name.utf8) }) else {
        throw names.failure(.badValue, "no class is called \"\(name)\"")
      }
      ids.append(found.id)
    }
    return ids
  }

  private mutating func readContest(_ value: YAMLValue) throws(WrittenFileError) {
    let map = try at("contest", value).map([
      "objections", "objections_a_year", "jurors", "quorum", "vote", "reveal", "appeal", "decide",
    ])
    wire.contest.objections = try at("contest.objections", map.required("objections")).number()
    wire.contest.objectionsAYear = try at("contest.objections_a_year", map.required("objections_a_year")).number()
    wire.contest.jurors = try at("contest.jurors", map.required("jurors")).number()
    wire.contest.quorum = try at("contest.quorum", map.required("quorum")).number()
    wire.contest.voteDays = try at("contest.vote_days", map.required("vote")).days()
    wire.contest.revealDays = try at("contest.reveal_days", map.required("reveal")).days()
    wire.contest.appealDays = try at("contest.appeal_days", map.required("appeal")).days()
    wire.contest.decisionDays = try at("contest.decision_days", map.required("decide")).days()
  }

  /// What the custodian and hospitals have to show; a convention may ask for neither.
  private mutating func readProofs(_ map: YAMLMap) throws(WrittenFileError) {
    if let value = map.optional("solvency") {
      let solvency = try at("solvency", value).map(["statement", "tolerance", "pause_joins"])
      wire.solvency.statementDays = try at("solvency.statement_days", solvency.required("statement")).days()
      wire.solvency.tolerancePpm = try at("solvency.tolerance_ppm", solvency.required("tolerance")).partsPerMillion()
      wire.solvency.pause = try at("solvency.pause", solvency.required("pause_joins")).isYes()
    }
    if let value = map.optional("records") {
      let records = try at("records", value).map(["registered_within", "required"])
      wire.records.registeredWithinDays = try at(
        "records.registered_within_days", records.required("registered_within")
      ).days()
      wire.records.required = try at("records.required", records.required("required")).isYes()
    }
  }

  private mutating func readFastTrack(_ value: YAMLValue) throws(WrittenFileError) {
    if value.isWord("none") { return }
    let map = try at("fast_track", value).map(["amount", "cases", "total", "window", "loss"])
    wire.fastTrack.amount = try at("fast_track.amount", map.required("amount")).amount()
    wire.fastTrack.cases = try at("fast_track.cases", map.required("cases")).number()
    wire.fastTrack.total = try at("fast_track.total", map.required("total")).amount()
    wire.fastTrack.windowDays = try at("fast_track.window_days", map.required("window")).days()
    wire.fastTrack.loss = try at("fast_track.loss", map.required("loss")).choice([
      ("reserve", .fromReserve), ("members", .shared),
    ])
  }

  private mutating func readWindDown(_ value: YAMLValue) throws(WrittenFileError) {
    let map = try at("wind_down", value).map(["minimum_members", "after", "claims", "reserve"])
    let minimum = try at("wind_down.minimum_members", map.required("minimum_members"))
    if !minimum.isWord("none") { wire.windDown.minimumMembers = try minimum.number() }
    wire.windDown.afterDays = try at("wind_down.after_days", map.required("after")).days()
    wire.windDown.claimsDays = try at("wind_down.claims_days", map.required("claims")).days()
    wire.windDown.reserve = try at("wind_down.reserve", map.required("reserve")).choice([
      ("members", .members), ("charity", .charity),
    ])
  }

  private mutating func readSchedule(_ map: YAMLMap) throws(WrittenFileError) {
    wire.payers = try at("payers", map.required("payers")).choice([
      ("at settlement", .atSettlement), ("at notice", .atNotice),
    ])
    if let notice = map.optional("notice") { wire.noticeDays = try at("notice_days", notice).days() }
    if let calendar = map.optional("calendar") {
      wire.calendar = WireCalendar()
      for (index, pair) in try at("calendar", calendar).list().enumerated() {
        let days = try pair.map(["notice", "debit"])
        wire.calendar.noticeDays.append(
          try at("calendar.notice_days[\(index)]", days.required("notice")).number())
        wire.calendar.debitDays.append(
          try at("calendar.debit_days[\(index)]", days.required("debit")).number())
      }
    } else if map.optional("notice") == nil {
      throw file.failure(.missing, "notice or calendar: one of them is needed")
    }
    wire.beyond = try at("beyond", map.required("beyond")).choice([
      ("pro rata", .proRata), ("carry", .carry), ("reserve", .reserve),
    ])
    wire.graceDays = try at("grace_days", map.required("grace")).days()
    wire.endsAfterAid = try at("ends_after_aid", map.required("ends_after_aid")).isYes()
  }
}
