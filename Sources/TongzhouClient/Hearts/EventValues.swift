internal import Foundation
internal import HeartChain
internal import Ledger
internal import MutualAid

/// Values of a file of events, each read exactly or not at all.
enum EventValues {
  /// When it happened: `2026-03-01 09:00` or with seconds in UTC+8, a day alone for its beginning, or POSIX seconds.
  static func time(_ text: EventText) throws(WrittenFileError) -> Timestamp {
    let word = try text.required("when")
    if word.utf8.allSatisfy({ (48...57).contains($0) }), let seconds = UInt64(word) {
      return Timestamp(seconds: seconds)
    }
    let expected = "when: a time such as 2026-03-01 09:00 is expected, in China time"
    let parts = word.split(whereSeparator: { $0 == " " || $0 == "T" })
    // Separators alone leave no part at all.
    guard (1...2).contains(parts.count) else { throw text.failure(.badValue, expected) }
    let day = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    let clock = parts.count == 2 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : []
    guard day.count == 3, day[0].utf8.count == 4,
      let date = CivilDate(
        year: number(day[0], digits: 4), month: number(day[1], digits: 2), day: number(day[2], digits: 2)),
      let number = UInt32(exactly: date.dayNumber), parts.count == 1 || (2...3).contains(clock.count)
    else { throw text.failure(.badValue, expected) }
    var seconds: UInt64 = 0
    for (index, limit) in [24, 60, 60].prefix(clock.count).enumerated() {
      let value = EventValues.number(clock[index], digits: 2)
      guard (0..<limit).contains(value) else { throw text.failure(.badValue, "when: no such time of the day") }
      seconds += UInt64(value) * [3600, 60, 1][index]
    }
    return CivilDate.midnight(dayNumber: number).adding(seconds: seconds)
  }

  /// A moment as files have it, in UTC+8.
  static func text(_ time: Timestamp) -> String {
    let date = CivilDate(time)
    let seconds = (time.seconds % Timestamp.day + CivilDate.offsetSeconds) % Timestamp.day
    return String(
      format: "%04d-%02d-%02d %02d:%02d:%02d", date.year, date.month, date.day, Int(seconds / 3600),
      Int(seconds / 60 % 60), Int(seconds % 60))
  }

  /// So many digits as a number; −1 for anything else.
  private static func number(_ text: Substring, digits: Int) -> Int {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return -1 }
    return Int(text) ?? -1
  }

  /// A whole number of 32 bits; `nil` where the column is empty.
  static func number(_ text: EventText, _ column: String) throws(WrittenFileError) -> UInt32? {
    guard let word = text[column] else { return nil }
    guard word.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt32(word) else {
      throw text.failure(.badValue, "\(column): a whole number is expected")
    }
    return number
  }

  /// A quantity: `5000 g`, `5 kg`, `12.50 yuan`, or a bare whole number where the unit is known.
  static func quantity(
    _ word: String, in known: GiftUnit?, _ column: String, _ text: EventText
  ) throws(WrittenFileError) -> (quantity: Int64, unit: GiftUnit) {
    let words = word.split(separator: " ")
    guard (1...2).contains(words.count) else { throw notAQuantity(column, text) }
    guard words.count == 2 else {
      guard let known, let number = decimal(words[0], decimals: 0) else { throw notAQuantity(column, text) }
      return (number, known)
    }
    let name = String(words[1])
    let large = TraceWords.large.first { $0.word.utf8.elementsEqual(name.utf8) }
    guard let unit = large?.unit ?? TraceWords.value(name, in: TraceWords.units),
      let number = decimal(words[0], decimals: large?.decimals ?? 0)
    else { throw notAQuantity(column, text) }
    guard known == nil || known == unit else {
      throw text.failure(.rule, "\(column): the kind or the lot is counted in another unit than \(name)")
    }
    return (number, unit)
  }

  private static func notAQuantity(_ column: String, _ text: EventText) -> WrittenFileError {
    text.failure(.badValue, "\(column): a quantity with its unit is expected, such as 5000 g, 2.5 kg or 12.50 yuan")
  }

  /// A decimal number with at most so many decimals, times ten to their power.
  private static func decimal(_ text: Substring, decimals: Int) -> Int64? {
    var digits = Array(text.utf8)[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits.removeFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = parts.first, (1...16).contains(whole.count) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : []
    guard parts.count == 1 || (1...max(1, decimals)).contains(fraction.count), fraction.count <= decimals else {
      return nil
    }
    let padded = Array(whole) + Array(fraction) + [UInt8](repeating: 48, count: decimals - fraction.count)
    guard padded.allSatisfy({ (48...57).contains($0) }), padded.count <= 18,
      let number = Int64(String(decoding: padded, as: UTF8.self))
    else { return nil }
    return isNegative ? -number : number
  }

  /// `name=quantity`.
  static func pair(
    _ entry: String, in unit: GiftUnit?, _ column: String, _ text: EventText
  ) throws(WrittenFileError) -> (name: String, quantity: Int64) {
    let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw text.failure(.badValue, "\(column): names and quantities are expected, such as sack=3 kg; 14=200 g")
    }
    let quantity = try quantity(trimmed(parts[1]), in: unit, column, text).quantity
    return (trimmed(parts[0]), quantity)
  }

  /// The entries of a list with semicolons between.
  static func list(_ value: String?) -> [String] {
    (value ?? "").split(separator: ";").map { trimmed($0) }.filter { !$0.utf8.isEmpty }
  }

  static func trimmed(_ text: Substring) -> String { text.trimmingCharacters(in: .whitespaces) }
}
