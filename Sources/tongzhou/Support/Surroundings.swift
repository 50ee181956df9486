internal import Foundation
internal import Ledger
internal import Logging

extension Timestamp {
  /// What the machine's clock says.
  static var wallClock: Timestamp { Timestamp(seconds: UInt64(Date().timeIntervalSince1970)) }
}

extension Logger {
  /// The program's log on standard error, from a level of importance on.
  static func standardError(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "tongzhou") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
