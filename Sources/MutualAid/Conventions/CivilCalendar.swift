public import Ledger

/// A date of the Gregorian calendar in UTC+8, the time that plans live by.
///
/// China keeps UTC+8 the whole year, so a civil day is always 86,400 seconds and a date is pure
/// arithmetic: no time zone table takes part.
public struct CivilDate: Hashable, Sendable {
  /// The year, 1 or later.
  public let year: Int
  /// The month, 1…12.
  public let month: Int
  /// The day of the month, 1…31.
  public let day: Int

  /// Seconds by which the plans' clock is ahead of UTC.
  public static let offsetSeconds: UInt64 = 8 * 3600

  /// A date; `nil` if the calendar has no such day, or outside the years 1…9999.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...CivilDate.days(inMonth: month, year: year)).contains(day)
    else { return nil }
    self.init(uncheckedYear: year, month: month, day: day)
  }

  /// The date in UTC+8 at a moment.
  public init(_ time: Timestamp) {
    // The day is carried by hand, so that no moment is too late for the sum.
    let isNextDay = time.seconds % Timestamp.day + CivilDate.offsetSeconds >= Timestamp.day
    self.init(dayNumber: Int(time.seconds / Timestamp.day) + (isNextDay ? 1 : 0))
  }

  /// The date so many days after 1970-01-01.
  init(dayNumber: Int) {
    let days = dayNumber + CivilDate.daysBeforeYear(1970)
    // 146,097 days make 400 years; the quotient is off by one year at the most.
    var year = days * 400 / 146_097 + 1
    while CivilDate.daysBeforeYear(year) > days { year -= 1 }
    while CivilDate.daysBeforeYear(year + 1) <= days { year += 1 }
    var rest = days - CivilDate.daysBeforeYear(year)
    var month = 1
    while rest >= CivilDate.days(inMonth: month, year: year) {
      rest -= CivilDate.days(inMonth: month, year: year)
      month += 1
    }
    self.init(uncheckedYear: year, month: month, day: rest + 1)
  }

  private init(uncheckedYear year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }
}

extension CivilDate {
  /// Days since 1970-01-01; negative before.
  public var dayNumber: Int {
    let months = (1..<month).reduce(0) { $0 + CivilDate.days(inMonth: $1, year: year) }
    return CivilDate.daysBeforeYear(year) + months + day - 1 - CivilDate.daysBeforeYear(1970)
  }

  /// Months since January of the year 0: year × 12 + month − 1, as attestations give the month of birth.
  public var monthIndex: Int { year * 12 + month - 1 }

  /// Age in whole years on this date of a person born in the month of this index.
  ///
  /// Only the month of birth is attested, so a person turns n on the first day of her month of birth.
  /// Negative before the month of birth.
  public func age(bornInMonth birth: UInt16) -> Int {
    let months = monthIndex - Int(birth)
    return months >= 0 ? months / 12 : -1 - (-1 - months) / 12
  }

  /// The moment at which the date begins; the beginning of all time for dates up to 1970-01-01.
  public var midnight: Timestamp {
    let day = dayNumber
    // Midnight of 1970-01-01 in UTC+8 lies eight hours before what a timestamp can say.
    guard day > 0 else { return .zero }
    return Timestamp(seconds: UInt64(day) * Timestamp.day - CivilDate.offsetSeconds)
  }

  /// The moment at which a day begins, counted from 1970-01-01.
  public static func midnight(dayNumber: UInt32) -> Timestamp {
    guard dayNumber > 0 else { return .zero }
    return Timestamp(seconds: UInt64(dayNumber) * Timestamp.day - offsetSeconds)
  }

  /// The moment at which a month begins, by its index (``monthIndex``); the beginning of all time up to 1970-01.
  public static func midnight(month index: Int) -> Timestamp {
    guard index > 1970 * 12 else { return .zero }
    return CivilDate(uncheckedYear: index / 12, month: index % 12 + 1, day: 1).midnight
  }

  /// The moment at which the year of this date began.
  public var startOfYear: Timestamp { CivilDate.midnight(month: year * 12) }

  /// Days of a month, 28…31.
  static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Whether the year has 366 days.
  static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Days from the first day of the year 1 to the first day of `year`: 365 for each year before it and one
  /// for each leap year among them.
  private static func daysBeforeYear(_ year: Int) -> Int {
    let before = year - 1
    return 365 * before + before / 4 - before / 100 + before / 400
  }
}

extension CivilDate: Comparable {
  /// Earlier is less.
  public static func < (a: CivilDate, b: CivilDate) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}

extension CivilDate: CustomStringConvertible {
  /// Such as `2026-11-23`.
  public var description: String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
