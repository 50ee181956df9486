public import Ledger

/// A moment as EPCIS writes it: RFC 3339 with an offset, to the millisecond.
public struct EPCISTime: Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z, rounded half to even as the event hash asks.
  public let milliseconds: UInt64

  /// The beginning of a second.
  public init(_ time: Timestamp) { milliseconds = time.seconds * 1000 }

  /// The second it lies in.
  public var timestamp: Timestamp { Timestamp(seconds: milliseconds / 1000) }

  /// Reads `2026-01-02T08:00:00.123+08:00`; `nil` without an offset, before 1970, after 9999 and for leap seconds.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ from: Int, _ count: Int) -> Int? {
      guard from + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[from..<from + count] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    func stands(_ character: Unicode.Scalar, at place: Int) -> Bool {
      place < bytes.count && bytes[place] == UInt8(ascii: character)
    }
    guard let year = number(0, 4), stands("-", at: 4), let month = number(5, 2), stands("-", at: 7),
      let day = number(8, 2), stands("T", at: 10) || stands("t", at: 10), let hour = number(11, 2), stands(":", at: 13),
      let minute = number(14, 2), stands(":", at: 16), let second = number(17, 2),
      (1970...9999).contains(year), (1...12).contains(month), (1...EPCISCalendar.count(year, month)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var place = 19
    var microseconds = 0
    if stands(".", at: place) {
      place += 1
      var digits = 0
      while let digit = number(place, 1) {
        if digits < 6 { microseconds = microseconds * 10 + digit }
        digits += 1
        place += 1
      }
      guard digits > 0, digits <= 12 else { return nil }
      for _ in min(digits, 6)..<6 { microseconds *= 10 }
    }
    guard place < bytes.count, let offset = EPCISOffset(String(decoding: bytes[place...], as: UTF8.self), orZulu: true)
    else { return nil }
    let days = EPCISCalendar.number(year, month, day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset.minutes * 60
    let rest = microseconds % 1000
    var milliseconds = microseconds / 1000
    if rest > 500 || (rest == 500 && milliseconds % 2 == 1) { milliseconds += 1 }
    let total = seconds * 1000 + milliseconds
    guard total >= 0, total <= Int(Timestamp.max.seconds) * 1000 else { return nil }
    self.milliseconds = UInt64(total)
  }

  /// As text at an offset, without milliseconds where there are none.
  public func text(at offset: EPCISOffset) -> String { text(minutes: offset.minutes, zone: offset.text, always: false) }

  /// As text in UTC with milliseconds: how the event hash takes it.
  public var hashed: String { text(minutes: 0, zone: "Z", always: true) }

  private func text(minutes: Int, zone: String, always: Bool) -> String {
    let local = max(Int(milliseconds / 1000) + minutes * 60, 0)
    let (year, month, day) = EPCISCalendar.date(local / 86_400)
    let rest = local % 86_400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let fraction = Int(milliseconds % 1000)
    let digits = (fraction < 10 ? "00" : fraction < 100 ? "0" : "") + "\(fraction)"
    let shown = always || fraction > 0 ? "." + digits : ""
    return
      "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))\(shown)\(zone)"
  }
}

/// An offset from UTC, `+08:00`, as the field eventTimeZoneOffset has it.
public struct EPCISOffset: Hashable, Sendable {
  /// Minutes east of Greenwich.
  public let minutes: Int

  /// China's.
  public static let china = EPCISOffset(minutes: 480)

  private init(minutes: Int) { self.minutes = minutes }

  /// Reads `+08:00`, up to fourteen hours; where it ends a time also `Z`.
  init?(_ text: String, orZulu: Bool = false) {
    let bytes = Array(text.utf8)
    if orZulu, bytes.count == 1, bytes[0] & ~0x20 == UInt8(ascii: "Z") {
      minutes = 0
      return
    }
    guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
      bytes[3] == UInt8(ascii: ":")
    else { return nil }
    let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hours, rest) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard rest < 60, hours < 14 || (hours == 14 && rest == 0) else { return nil }
    minutes = (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + rest)
  }

  /// `+08:00`.
  public var text: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let size = abs(minutes)
    return (minutes < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60)
  }
}

/// Days of the Gregorian calendar, counted from 1970-01-01.
private enum EPCISCalendar {
  /// How many days a month has.
  static func count(_ year: Int, _ month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// The number of a day from 1970 on.
  static func number(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = year - 1
    let years = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
    return years + (1..<month).reduce(0) { $0 + count(year, $1) } + day - 1
  }

  /// The date of a number that is not negative.
  static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
    // Never later than the true year, since no year has more than 366 days; at most a few steps before it.
    var year = 1970 + number / 366
    while EPCISCalendar.number(year + 1, 1, 1) <= number { year += 1 }
    var (month, rest) = (1, number - EPCISCalendar.number(year, 1, 1))
    while rest >= count(year, month) {
      rest -= count(year, month)
      month += 1
    }
    return (year, month, rest + 1)
  }
}
