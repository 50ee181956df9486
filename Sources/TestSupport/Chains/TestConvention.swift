public import Ledger
public import MutualAid

/// Conventions for tests: a plain one, changed as a test needs.
public enum TestConvention {
  /// Payers at settlement, a notice of three days for each case, 30 days of waiting, no fee, no cap, aid of
  /// 1,000 yuan for class 1 at any age, the rest of a shortfall lost. `change` edits the message.
  public static func plain(
    key: String = "plain", _ change: (inout WireConvention) -> Void = { _ in }
  ) throws(LedgerError) -> Convention {
    var wire = WireConvention()
    wire.format = Convention.format
    wire.key = key
    wire.version = 1
    wire.nameZh = "测试"
    wire.nameEn = "Test"
    wire.ages.joinFromDays = 30
    wire.ages.joinToYears = 60
    wire.ages.coverToYears = 70
    wire.firstDeposit = Amount.microPerYuan
    wire.lowBalance = Amount.microPerYuan
    wire.waitingDays = 30
    var diseases = WireDiseaseClass()
    diseases.id = 1
    diseases.key = "any"
    diseases.nameZh = "大病"
    diseases.nameEn = "Any"
    diseases.icd10 = ["C00-C97"]
    wire.classes = [diseases]
    var band = WireAid()
    band.diseaseClass = 1
    band.toYears = 69
    band.amount = 1_000 * Amount.microPerYuan
    wire.aid = [band]
    wire.caps = WireCaps()
    wire.payers = .atSettlement
    wire.noticeDays = 3
    wire.beyond = .proRata
    wire.filingDays = 180
    wire.contest = .usual
    wire.windDown = .usual
    change(&wire)
    return try Convention(wire)
  }

  /// The same with the calendar of 7/21 and 14/28 and payers at notice.
  public static func calendar(
    key: String = "calendar", _ change: (inout WireConvention) -> Void = { _ in }
  ) throws(LedgerError) -> Convention {
    try plain(key: key) { wire in
      wire.noticeDays = 0
      wire.calendar.noticeDays = [7, 21]
      wire.calendar.debitDays = [14, 28]
      wire.payers = .atNotice
      change(&wire)
    }
  }
}
