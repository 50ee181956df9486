import MutualAid

/// A convention that obeys every rule; tests break one rule at a time.
enum ConventionFixture {
  static func good() -> WireConvention {
    var wire = WireConvention()
    wire.format = 1
    wire.key = "test-plan"
    wire.version = 1
    wire.nameZh = "测试互助"
    wire.nameEn = "Test Plan"
    wire.ages.joinFromDays = 28
    wire.ages.joinToYears = 59
    wire.ages.coverToYears = 60
    wire.firstDeposit = 10_000_000
    wire.lowBalance = 3_000_000
    wire.waitingDays = 90
    wire.classes = [diseaseClass(1, "cancer", ["C00-C97"]), diseaseClass(4, "heart", ["I21", "I22.0"])]
    wire.aid = [
      band(1, 0, 39, 300_000_000_000), band(1, 40, 59, 100_000_000_000), band(4, 0, 59, 50_000_000_000),
    ]
    wire.feePpm = 80_000
    wire.caps.perCase = 100_000
    wire.payers = .atNotice
    wire.calendar.noticeDays = [7, 21]
    wire.calendar.debitDays = [14, 28]
    wire.beyond = .carry
    wire.graceDays = 15
    wire.endsAfterAid = true
    wire.filingDays = 180
    wire.contest = .usual
    wire.windDown = .usual
    return wire
  }

  static func diseaseClass(_ id: UInt32, _ key: String, _ codes: [String]) -> WireDiseaseClass {
    var entry = WireDiseaseClass()
    entry.id = id
    entry.key = key
    entry.nameZh = "病"
    entry.nameEn = "Disease"
    entry.icd10 = codes
    return entry
  }

  static func band(_ id: UInt32, _ from: UInt32, _ to: UInt32, _ micro: Int64) -> WireAid {
    var band = WireAid()
    band.diseaseClass = id
    band.fromYears = from
    band.toYears = to
    band.amount = micro
    return band
  }
}
