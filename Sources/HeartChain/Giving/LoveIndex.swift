public import Ledger

/// The love index: points of eligibility, never a credit score. Integers only, from a giver's record and the formula.
///
/// A gift brings ⌊quantity × points ÷ 1,000⌋ points, at most `giftPoints`, and no more than is left of `dayPoints` on
/// the civil day (UTC+8) on which it is credited. Points belong to the period of 90 days, counted from 1970-01-01, in
/// which the gift was recorded. The index is the sum over the last twelve periods of ⌊points × weight ÷ 1,000⌋, at
/// most 1,000. Reversal takes a gift's points out of its period; spending changes nothing.
public enum LoveIndex {
  /// The highest value.
  public static let maximum: UInt16 = 1000
  /// Days of a period.
  public static let periodDays: UInt64 = 90

  /// The civil day in UTC+8 of a moment, counted from 1970-01-01.
  public static func day(_ time: Timestamp) -> UInt32 {
    UInt32((time.seconds + 8 * 3600) / Timestamp.day)
  }

  /// The period of a moment.
  public static func period(_ time: Timestamp) -> UInt32 { day(time) / UInt32(periodDays) }

  /// The index of a giver at a moment.
  public static func value(of giver: GiverRecord, formula: FormulaRecord, at time: Timestamp) -> UInt16 {
    let present = period(time)
    var sum: UInt64 = 0
    for age in 0..<UInt32(FormulaRecord.periods) where age <= present {
      let counted = present - age
      guard giver.holds(period: counted) else { continue }
      sum += UInt64(giver.points[Int(counted) % FormulaRecord.periods]) * UInt64(formula.weights[Int(age)]) / 1000
    }
    return UInt16(min(sum, UInt64(maximum)))
  }

  /// Points of a gift before the limit of the day.
  static func points(of quantity: Int64, kind: GiftKindRecord, formula: FormulaRecord) -> UInt16 {
    let points = Int128(quantity) * Int128(kind.points) / 1000
    return UInt16(min(points, Int128(formula.giftPoints)))
  }
}

extension GiverRecord {
  /// Whether `points` holds those of a period.
  func holds(period counted: UInt32) -> Bool {
    counted <= period && UInt64(counted) + UInt64(FormulaRecord.periods) > UInt64(period)
  }

  /// Counts points of a gift recorded at a time, credited now; gives how many the day still takes.
  mutating func credit(points wanted: UInt16, of recorded: Timestamp, limit: UInt16, at time: Timestamp) -> UInt16 {
    let (today, present) = (LoveIndex.day(time), LoveIndex.period(time))
    if day != today {
      day = today
      dayPoints = 0
    }
    advance(to: present)
    let counted = LoveIndex.period(recorded)
    guard holds(period: counted) else { return 0 }
    let granted = UInt16(min(UInt32(wanted), UInt32(limit) - min(UInt32(limit), dayPoints)))
    dayPoints += UInt32(granted)
    points[Int(counted) % FormulaRecord.periods] += UInt32(granted)
    return granted
  }

  /// Takes a reversed gift's points out of its period, where that is still held.
  mutating func takeBack(points taken: UInt16, of recorded: Timestamp) {
    let counted = LoveIndex.period(recorded)
    guard holds(period: counted) else { return }
    let place = Int(counted) % FormulaRecord.periods
    points[place] -= min(points[place], UInt32(taken))
  }

  private mutating func advance(to present: UInt32) {
    guard present > period else { return }
    let passed = min(Int(present - period), FormulaRecord.periods)
    for step in 0..<passed { points[Int(present - UInt32(step)) % FormulaRecord.periods] = 0 }
    period = present
  }
}
