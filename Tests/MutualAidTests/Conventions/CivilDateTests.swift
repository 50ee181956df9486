import Ledger
import Testing

@testable import MutualAid

@Suite struct CivilDateTests {
  /// Dates with their day number, from `date -u -d DATE +%s` divided by 86,400.
  static let known: [(String, Int)] = [
    ("1600-02-29", -135_081), ("1899-12-31", -25_568), ("1900-03-01", -25_508), ("1969-12-31", -1),
    ("1970-01-01", 0), ("1972-02-29", 789), ("1999-12-31", 10_956), ("2000-02-29", 11_016),
    ("2000-03-01", 11_017), ("2023-02-28", 19_416), ("2024-02-29", 19_782), ("2024-12-31", 20_088),
    ("2026-11-23", 20_780), ("2100-02-28", 47_540), ("2100-03-01", 47_541), ("9999-12-31", 2_932_896),
  ]

  @Test(arguments: known)
  func knownDates(_ text: String, _ number: Int) throws {
    let date = CivilDate(dayNumber: number)
    #expect(date.description == text)
    #expect(date.dayNumber == number)
    #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
  }

  @Test func everyDayOfFourHundredYearsFollowsTheOneBefore() {
    var before = CivilDate(dayNumber: -1)
    for number in 0..<146_097 {
      let date = CivilDate(dayNumber: number)
      let isNextDay = (date.year, date.month, date.day) == (before.year, before.month, before.day + 1)
      let isNextMonth = (date.year, date.month, date.day) == (before.year, before.month + 1, 1)
      let isNextYear = (date.month, date.day, date.year) == (1, 1, before.year + 1)
      let isRight = date.dayNumber == number && before < date && (isNextDay || isNextMonth || isNextYear)
      #expect(isRight, "day \(number): \(before) then \(date)")
      if !isRight { return }
      before = date
    }
    #expect(before.description == "2369-12-31")
  }

  @Test func daysBeginAtMidnightInUTCPlusEight() {
    // 2026-11-23T16:00:00Z is midnight of the 24th in UTC+8.
    let midnight = Timestamp(seconds: 20_780 * 86_400 + 16 * 3600)
    #expect(CivilDate(Timestamp(seconds: midnight.seconds - 1)).description == "2026-11-23")
    #expect(CivilDate(midnight).description == "2026-11-24")
    #expect(CivilDate(midnight).midnight == midnight)
    #expect(CivilDate.midnight(dayNumber: 20_781) == midnight)
  }

  @Test func theEndsOfTimeAreNoTraps() {
    #expect(CivilDate(.zero).description == "1970-01-01")
    #expect(CivilDate(.zero).midnight == .zero)
    #expect(CivilDate.midnight(dayNumber: 0) == .zero)
    #expect(CivilDate.midnight(dayNumber: .max).seconds == UInt64(UInt32.max) * 86_400 - 28_800)
    #expect(CivilDate.midnight(month: 0) == .zero)
    #expect(CivilDate.midnight(month: -5) == .zero)
    #expect(CivilDate.midnight(month: 1900 * 12) == .zero)
    // 9999-12-31T23:59:59Z is eight o'clock of the day after in UTC+8.
    #expect(CivilDate(.max).year == 10_000)
    #expect(CivilDate(Timestamp(seconds: .max)).year > 500_000_000_000)
  }

  @Test func impossibleDatesAreRefused() {
    for (year, month, day) in [
      (2023, 2, 29), (2100, 2, 29), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (2024, 1, 32),
      (0, 1, 1), (10_000, 1, 1),
    ] {
      #expect(CivilDate(year: year, month: month, day: day) == nil, "\(year)-\(month)-\(day)")
    }
    #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
  }

  @Test func monthsAndYears() throws {
    let date = try #require(CivilDate(year: 2026, month: 11, day: 23))
    #expect(date.monthIndex == 2026 * 12 + 10)
    #expect(CivilDate(CivilDate.midnight(month: date.monthIndex)).description == "2026-11-01")
    #expect(CivilDate(date.startOfYear).description == "2026-01-01")
    // 2025-12-31T16:00:00Z.
    #expect(date.startOfYear == Timestamp(seconds: 1_767_196_800))
    let lastOfYear = Timestamp(seconds: date.startOfYear.seconds - 1)
    #expect(CivilDate(lastOfYear).description == "2025-12-31")
  }

  @Test func ageIsCountedFromTheMonthOfBirth() throws {
    let birth = UInt16(1986 * 12 + 10)
    func age(_ year: Int, _ month: Int, _ day: Int) throws -> Int {
      try #require(CivilDate(year: year, month: month, day: day)).age(bornInMonth: birth)
    }
    #expect(try age(1986, 11, 30) == 0)
    #expect(try age(1987, 10, 31) == 0)
    #expect(try age(1987, 11, 1) == 1)
    #expect(try age(2026, 10, 31) == 39)
    #expect(try age(2026, 11, 1) == 40)
    #expect(try age(1986, 10, 31) == -1)
    #expect(try age(1985, 11, 1) == -1)
    #expect(try age(1985, 10, 31) == -2)
  }
}
