internal import Ledger
internal import MutualAid

/// Numbers as pages write them, the same in both languages and whatever the machine's locale.
enum Numbers {
  /// Digits in groups of three: `5,000,000`.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Yuan without a unit: two decimals where it is whole fen, else all six.
  static func yuan(_ micro: some BinaryInteger) -> String {
    let magnitude = UInt64(clamping: micro.magnitude)
    let isFen = magnitude % UInt64(Amount.microPerFen) == 0
    let decimals =
      isFen
      ? padded(magnitude % 1_000_000 / UInt64(Amount.microPerFen), 2) : padded(magnitude % 1_000_000, 6)
    return "\(micro < 0 ? "-" : "")\(grouped(magnitude / 1_000_000)).\(decimals)"
  }

  /// Yuan without a unit and always with all six decimals: `0.004000`.
  static func millionths(_ micro: Int64) -> String {
    "\(micro < 0 ? "-" : "")\(grouped(micro.magnitude / 1_000_000)).\(padded(micro.magnitude % 1_000_000, 6))"
  }

  /// With a plus or minus in front, as in a statement.
  static func signed(_ micro: Int64) -> String { micro > 0 ? "+" + yuan(micro) : yuan(micro) }

  /// Reads a whole number that is written in the one usual way: `/plans/007` and `/plans/+7` are not plan 7.
  static func read<Number: FixedWidthInteger>(_ text: some StringProtocol, as: Number.Type = Number.self) -> Number? {
    let digits = text.utf8
    guard let first = digits.first, digits.count <= 20, digits.count == 1 || first != UInt8(ascii: "0"),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Number(text)
  }

  static func padded(_ number: some BinaryInteger, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

/// Moments in China time, which plans and pages live by.
enum Moments {
  /// For tables, whose heading names the zone: `2026-01-05 14:03`.
  static func short(_ time: Timestamp) -> String { "\(CivilDate(time)) \(clock(time))" }

  /// For machines: `2026-01-05T14:03:59+08:00`.
  static func iso(_ time: Timestamp) -> String {
    "\(CivilDate(time))T\(clock(time)):\(Numbers.padded(time.seconds % 60, 2))+08:00"
  }

  /// Hours and minutes.
  static func clock(_ time: Timestamp) -> String {
    let minutes = (time.seconds + CivilDate.offsetSeconds) % Timestamp.day / 60
    return "\(Numbers.padded(minutes / 60, 2)):\(Numbers.padded(minutes % 60, 2))"
  }
}

extension Texts {
  /// An amount with its unit, exact: two decimals, or as many as a fraction of a fen has.
  func yuan(_ micro: some BinaryInteger) -> String {
    let amount = Numbers.yuan(micro)
    guard Int128(micro) % Int128(Amount.microPerFen) != 0 else { return say("yuan", ["amount": amount]) }
    let zeros = amount.reversed().prefix { $0 == "0" }.count
    return say("yuan", ["amount": String(amount.dropLast(zeros))])
  }

  /// An amount as a figure to be read at a glance, for the partial `amount`: from one yuan on it is rounded to the
  /// fen, and the exact amount stands below it.
  func figure(_ micro: some BinaryInteger) -> PageFields {
    let fen = Int128(Amount.microPerFen)
    guard micro.magnitude >= 1_000_000, Int128(micro) % fen != 0 else { return ["amount": yuan(micro), "exact": nil] }
    let rounded = (Int128(micro.magnitude) + fen / 2) / fen * fen
    return [
      "amount": yuan(micro < 0 ? -rounded : rounded), "exact": say("exact_amount", ["amount": yuan(micro)]),
    ]
  }

  /// A moment in a sentence, the zone said.
  func moment(_ time: Timestamp) -> String {
    let date = CivilDate(time)
    return say(
      "moment",
      ["year": "\(date.year)", "month": month(date), "day": "\(date.day)", "clock": Moments.clock(time)])
  }

  /// A day in a sentence.
  func date(_ time: Timestamp) -> String {
    let date = CivilDate(time)
    return say("date", ["year": "\(date.year)", "month": month(date), "day": "\(date.day)"])
  }

  private func month(_ date: CivilDate) -> String { say("month_\(date.month)") }
}
