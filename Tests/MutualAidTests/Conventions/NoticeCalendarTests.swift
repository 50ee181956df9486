import Ledger
import Testing

@testable import MutualAid

@Suite struct NoticeCalendarTests {
  private func calendar() throws -> NoticeCalendar {
    try #require(try Convention(ConventionFixture.good()).calendar)
  }

  private func midnight(_ year: Int, _ month: Int, _ day: Int) throws -> Timestamp {
    try #require(CivilDate(year: year, month: month, day: day)).midnight
  }

  @Test func noticesFollowOneAnotherThroughYearEndAndLeapDay() throws {
    let calendar = try calendar()
    var time = try midnight(2023, 12, 20)
    var found: [String] = []
    for _ in 0..<6 {
      let (notice, debit) = calendar.next(after: time)
      #expect(calendar.nextNotice(after: time) == notice)
      #expect(calendar.debit(ofNotice: notice) == debit)
      found.append("\(CivilDate(notice)) \(CivilDate(debit))")
      time = notice
    }
    #expect(
      found == [
        "2023-12-21 2023-12-28", "2024-01-07 2024-01-14", "2024-01-21 2024-01-28", "2024-02-07 2024-02-14",
        "2024-02-21 2024-02-28", "2024-03-07 2024-03-14",
      ])
  }

  @Test func theNextNoticeIsStrictlyLater() throws {
    let calendar = try calendar()
    let seventh = try midnight(2026, 11, 7)
    #expect(calendar.nextNotice(after: Timestamp(seconds: seventh.seconds - 1)) == seventh)
    #expect(try calendar.nextNotice(after: seventh) == midnight(2026, 11, 21))
    #expect(try calendar.nextNotice(after: midnight(2026, 12, 31)) == midnight(2027, 1, 7))
    #expect(try calendar.nextNotice(after: .zero) == midnight(1970, 1, 7))
  }

  @Test func anyMomentBelongsToTheNoticeBefore() throws {
    let calendar = try calendar()
    #expect(try calendar.debit(ofNotice: midnight(2026, 11, 20)) == midnight(2026, 11, 14))
    #expect(try calendar.debit(ofNotice: midnight(2026, 11, 25)) == midnight(2026, 11, 28))
    #expect(try calendar.debit(ofNotice: midnight(2027, 1, 3)) == midnight(2026, 12, 28))
  }

  @Test func longestWaitMatchesEveryDayOfFourYears() throws {
    let calendar = try calendar()
    var longest: UInt64 = 0
    for day in UInt32(20_454)..<20_454 + 1461 {
      let midnight = CivilDate.midnight(dayNumber: day)
      longest = max(longest, calendar.next(after: midnight).debit.seconds - midnight.seconds)
    }
    #expect(longest == 24 * 86_400)
    #expect(calendar.longestWaitDays == 24)
  }
}
