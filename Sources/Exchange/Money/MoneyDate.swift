internal import Foundation
internal import Ledger

/// Days and moments in UTC+8, the time that projects live by, as XML Schema and JSON Schema write them.
enum MoneyDate {
  private static let offset: UInt64 = 8 * 3600
  private static let zone = TimeZone(secondsFromGMT: Int(offset)) ?? .gmt

  /// Days since 1970-01-01.
  static func number(_ time: Timestamp) -> UInt64 { (time.seconds + offset) / Timestamp.day }

  /// `2026-01-01`.
  static func date(_ day: UInt64) -> String {
    // Midnight in UTC+8 of the first day lies before what a timestamp can say; no chain is that old.
    let seconds = max(offset, day * Timestamp.day) - offset
    return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(
      Date.ISO8601FormatStyle(timeZone: zone).year().month().day())
  }

  /// `2026-01-01T08:00:00+08:00`.
  static func moment(_ time: Timestamp) -> String {
    Date(timeIntervalSince1970: TimeInterval(time.seconds)).formatted(
      Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone))
  }
}

/// Money in yuan, exactly.
enum Yuan {
  /// `-1234.05`: fen as yuan with two decimals.
  static func text(_ fen: Int64) -> String {
    let (whole, rest) = fen.magnitude.quotientAndRemainder(dividingBy: 100)
    return (fen < 0 ? "-" : "") + "\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
  }

  /// The same as a number that no binary fraction rounds.
  static func decimal(_ fen: Int64) -> Decimal {
    Decimal(sign: fen < 0 ? .minus : .plus, exponent: -2, significand: Decimal(fen.magnitude))
  }
}
