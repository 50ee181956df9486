/// An amount of money in millionths of a yuan.
///
/// A share can be below a fen (300,000 yuan over 75 million members is 0.004 yuan), so the unit is the
/// millionth. Every operation is checked: what does not fit into 64 bits is an error with the code
/// `amount.overflow`, never a wrap or a trap.
public struct Amount: Hashable, Sendable {
  /// Millionths of a yuan.
  public let micro: Int64

  /// Nothing.
  public static let zero = Amount(micro: 0)
  /// Millionths in one fen.
  public static let microPerFen: Int64 = 10_000
  /// Millionths in one yuan.
  public static let microPerYuan: Int64 = 1_000_000

  /// An amount of so many millionths of a yuan.
  public init(micro: Int64) {
    self.micro = micro
  }

  /// An amount of so many whole yuan; `amount.overflow` past 9.2 trillion.
  public init(yuan: Int64) throws(LedgerError) {
    let (micro, overflow) = yuan.multipliedReportingOverflow(by: Amount.microPerYuan)
    if overflow { throw LedgerError(.overflow, "\(yuan) yuan do not fit") }
    self.micro = micro
  }

  /// An amount from a product or sum in 128 bits; `amount.overflow` if it does not fit into 64.
  public init(exactly micro: Int128) throws(LedgerError) {
    guard let narrow = Int64(exactly: micro) else { throw LedgerError(.overflow, "an amount does not fit") }
    self.micro = narrow
  }

  /// The sum.
  public func adding(_ other: Amount) throws(LedgerError) -> Amount {
    let (micro, overflow) = micro.addingReportingOverflow(other.micro)
    if overflow { throw LedgerError(.overflow, "a sum does not fit") }
    return Amount(micro: micro)
  }

  /// The difference; may be negative.
  public func subtracting(_ other: Amount) throws(LedgerError) -> Amount {
    let (micro, overflow) = micro.subtractingReportingOverflow(other.micro)
    if overflow { throw LedgerError(.overflow, "a difference does not fit") }
    return Amount(micro: micro)
  }

  /// `⌊self × parts / 1,000,000⌋` for a rate in parts per million; the amount must not be negative.
  public func scaled(partsPerMillion parts: UInt32) throws(LedgerError) -> Amount {
    guard micro >= 0 else { throw LedgerError(.overflow, "a rate of a negative amount") }
    return try Amount(exactly: Int128(micro) * Int128(parts) / 1_000_000)
  }

  /// The part that can leave the chain: whole fen, rounded down, and what remains.
  public var wholeFen: (fen: Amount, remainder: Amount) {
    let remainder = micro % Amount.microPerFen
    return (Amount(micro: micro - remainder), Amount(micro: remainder))
  }
}

extension Amount: Comparable {
  /// Order of the values.
  public static func < (a: Amount, b: Amount) -> Bool { a.micro < b.micro }
}

extension Amount: CustomStringConvertible {
  /// Yuan with as many decimals as needed, at least two: `0.06`, `12.50`, `0.004321`.
  public var description: String {
    let magnitude = micro.magnitude
    var decimals = String(magnitude % 1_000_000)
    decimals = String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
    while decimals.utf8.count > 2, decimals.utf8.last == UInt8(ascii: "0") { decimals.removeLast() }
    return "\(micro < 0 ? "-" : "")\(magnitude / 1_000_000).\(decimals)"
  }

  /// Reads yuan with at most six decimals; `nil` for anything else.
  public init?(yuanText text: String) {
    var digits = Array(text.utf8)[...]
    let negative = digits.first == UInt8(ascii: "-")
    if negative { digits = digits.dropFirst() }
    let parts = digits.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty, whole.count <= 13 else { return nil }
    let decimals = parts.count == 2 ? parts[1] : []
    if parts.count == 2, decimals.isEmpty || decimals.count > 6 { return nil }
    // Thirteen and six digits stay far below 128 bits; the sign comes before the range is looked at, since
    // the least amount has no positive counterpart.
    var value: Int128 = 0
    for digit in whole + decimals {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int128(digit - UInt8(ascii: "0"))
    }
    for _ in decimals.count..<6 { value *= 10 }
    guard let micro = Int64(exactly: negative ? -value : value) else { return nil }
    self.init(micro: micro)
  }
}
