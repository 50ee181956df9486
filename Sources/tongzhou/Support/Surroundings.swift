internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid

extension Timestamp {
  /// What the machine's clock says.
  static var wallClock: Timestamp { Timestamp(seconds: UInt64(Date().timeIntervalSince1970)) }

  /// The same in milliseconds since 1970.
  static var wallClockMilliseconds: UInt64 { UInt64(Swift.max(0, Date().timeIntervalSince1970) * 1000) }

  /// Its day in UTC+8, as 2026-11-29.
  var dayText: String {
    let date = CivilDate(self)
    return String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
  }
}

extension Logger {
  /// The program's log on standard error, from a level of importance on.
  static func standardError(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "tongzhou") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
