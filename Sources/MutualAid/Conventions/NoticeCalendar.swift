public import Ledger

/// The days of each month on which a plan gives notice of its cases, and those on which it debits.
///
/// Days are civil days in UTC+8 and begin at midnight. They lie between 1 and 28, so every month has
/// them all; a debit follows its notice within the month and comes before the next notice, so the last
/// debit of a month comes before the first notice of the next.
public struct NoticeCalendar: Hashable, Sendable {
  /// A notice and the debit that belongs to it.
  public struct Pair: Hashable, Sendable {
    /// Day of the month of the notice, 1…28.
    public let noticeDay: Int
    /// Day of the month of the debit, after the notice, 1…28.
    public let debitDay: Int
  }

  /// One to four pairs, in the order of the month.
  public let pairs: [Pair]

  /// A calendar whose days were checked.
  init(pairs: [Pair]) {
    precondition(!pairs.isEmpty, "a checked calendar has at least one pair")
    self.pairs = pairs
  }

  /// The next notice strictly after a moment, and its debit.
  public func next(after time: Timestamp) -> (notice: Timestamp, debit: Timestamp) {
    let month = CivilDate(time).monthIndex
    for pair in pairs {
      let notice = NoticeCalendar.moment(pair.noticeDay, month: month)
      if notice > time { return (notice, NoticeCalendar.moment(pair.debitDay, month: month)) }
    }
    return (
      NoticeCalendar.moment(pairs[0].noticeDay, month: month + 1),
      NoticeCalendar.moment(pairs[0].debitDay, month: month + 1)
    )
  }

  /// The next notice strictly after a moment.
  public func nextNotice(after time: Timestamp) -> Timestamp { next(after: time).notice }

  /// The debit that belongs to a notice; for another moment, to the last notice before it.
  public func debit(ofNotice time: Timestamp) -> Timestamp {
    let date = CivilDate(time)
    if let pair = pairs.last(where: { $0.noticeDay <= date.day }) {
      return NoticeCalendar.moment(pair.debitDay, month: date.monthIndex)
    }
    return NoticeCalendar.moment(pairs[pairs.count - 1].debitDay, month: date.monthIndex - 1)
  }

  /// The most days between the moment a case is ready for notice and its debit.
  public var longestWaitDays: Int {
    var longest = 0
    for (index, pair) in pairs.enumerated() {
      // A case that just missed the notice before waits for this one; the longest month has 31 days.
      let before = index > 0 ? pairs[index - 1].noticeDay : pairs[pairs.count - 1].noticeDay - 31
      longest = max(longest, pair.debitDay - before)
    }
    return longest
  }

  private static func moment(_ day: Int, month index: Int) -> Timestamp {
    CivilDate(year: index / 12, month: index % 12 + 1, day: day)?.midnight ?? .max
  }
}
