/// A moment in whole seconds since 1970-01-01T00:00:00Z (POSIX), as block times and cosignatures count.
public struct Timestamp: Hashable, Sendable {
  /// POSIX seconds.
  public let seconds: UInt64

  /// The latest moment accepted anywhere: the end of the year 9999. Sums below stay far from overflow.
  public static let max = Timestamp(seconds: 253_402_300_799)
  /// The beginning; stands for "never" in records.
  public static let zero = Timestamp(seconds: 0)
  /// Seconds in a day.
  public static let day: UInt64 = 86_400

  /// A moment of so many seconds; the caller has checked the range where the number comes from outside.
  public init(seconds: UInt64) {
    self.seconds = seconds
  }

  /// A moment from outside; `time.invalid` after the year 9999.
  public init(validating seconds: UInt64) throws(LedgerError) {
    guard seconds <= Timestamp.max.seconds else { throw LedgerError(.badTime, "a time after the year 9999") }
    self.seconds = seconds
  }

  /// A later moment.
  public func adding(seconds delta: UInt64) -> Timestamp {
    let (sum, overflow) = seconds.addingReportingOverflow(delta)
    return overflow ? .max : Timestamp(seconds: min(sum, Timestamp.max.seconds))
  }

  /// A moment so many days later.
  public func adding(days: UInt64) -> Timestamp {
    let (delta, overflow) = days.multipliedReportingOverflow(by: Timestamp.day)
    return overflow ? .max : adding(seconds: delta)
  }
}

extension Timestamp: Comparable {
  /// Earlier is less.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }
}
