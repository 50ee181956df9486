internal import HeartChain
internal import Ledger
internal import MutualAid

/// How an address's love index came to be: period by period, points, what they weigh now, and what that gives.
struct LoveIndexAccount {
  /// Points of one period of 90 days.
  struct Line {
    /// Periods before the present one.
    let age: Int
    /// Its first and last day.
    let from: Timestamp
    let to: Timestamp
    let points: UInt32
    /// What points of this age weigh, in thousandths.
    let weight: UInt16
    /// ⌊points × weight ÷ 1,000⌋.
    let counted: UInt64
  }

  /// The periods that count, the present one first.
  let lines: [Line]
  /// The sum over all lines, before it is limited.
  let sum: UInt64
  /// The index.
  let value: UInt16
  /// The least threshold that is not reached; `nil` where there is none above.
  let next: UInt16?
  /// The thresholds reached, ascending.
  let reached: [UInt16]
  /// The next change that comes without a gift or a reversal: its day, and the index from then on; `nil` where it
  /// never falls.
  let fades: (time: Timestamp, value: UInt16)?

  init(_ giver: GiverRecord, formula: FormulaRecord, at time: Timestamp) {
    let present = LoveIndex.period(time)
    var lines: [Line] = []
    for age in 0..<FormulaRecord.periods where UInt32(age) <= present {
      let period = present - UInt32(age)
      // A record holds points up to its last period, and of twelve; before and after there are none.
      let isHeld = period <= giver.period && period + UInt32(FormulaRecord.periods) > giver.period
      let points = isHeld ? giver.points[Int(period) % FormulaRecord.periods] : 0
      let weight = formula.weights[age]
      lines.append(
        Line(
          age: age, from: LoveIndexAccount.start(of: period),
          to: LoveIndexAccount.start(of: period).adding(days: LoveIndex.periodDays - 1), points: points,
          weight: weight, counted: UInt64(points) * UInt64(weight) / 1000))
    }
    self.lines = lines
    sum = lines.reduce(0) { $0 + $1.counted }
    let value = LoveIndex.value(of: giver, formula: formula, at: time)
    self.value = value

    var reached: [UInt16] = []
    var next: UInt16?
    for place in formula.thresholds.indices where formula.thresholds[place] > 0 {
      let threshold = formula.thresholds[place]
      if threshold <= value { reached.append(threshold) } else if next == nil { next = threshold }
    }
    self.reached = reached
    self.next = next

    var fades: (Timestamp, UInt16)?
    for step in 1...UInt32(FormulaRecord.periods) where fades == nil {
      let later = LoveIndexAccount.start(of: present + step)
      let then = LoveIndex.value(of: giver, formula: formula, at: later)
      if then < value { fades = (later, then) }
    }
    self.fades = fades
  }

  /// Midnight in UTC+8 at which a period begins.
  static func start(of period: UInt32) -> Timestamp {
    CivilDate.midnight(dayNumber: UInt32(clamping: UInt64(period) * LoveIndex.periodDays))
  }

  /// Thousandths as percent: 850 as "85%".
  static func percent(_ thousandths: UInt16) -> String {
    HeartWords.thousandths(Int128(thousandths) * 100) + "%"
  }
}
