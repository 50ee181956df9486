internal import Foundation
internal import Logging
internal import Metrics

/// What to do when the disk refuses a write: say so, count it, wait a moment, and try again.
struct DiskPatience: Sendable {
  /// What could not be written; the label `what` of the metric.
  enum Part: String {
    case journal, log, snapshot
  }

  let chain: String
  /// How long to wait before trying again.
  let retry: Duration
  let logger: Logger

  /// Notes a write that failed.
  func note(_ part: Part, _ error: any Error) {
    Counter(label: "tongzhou_write_failures_total", dimensions: [("chain", chain), ("what", part.rawValue)]).increment()
    logger.error("\(part.rawValue) not written", metadata: ["chain": "\(chain)", "error": "\(error)"])
  }

  /// Waits on this thread.
  func wait() { Thread.sleep(forTimeInterval: retry / .seconds(1)) }
}
