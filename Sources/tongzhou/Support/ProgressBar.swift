internal import Foundation

/// A bar on standard error for whatever takes over two seconds; silent where that is no terminal.
struct ProgressBar {
  private let title: String
  private let isOn: Bool
  private let began = ContinuousClock.now
  private var drawn = ContinuousClock.now
  private var wasDrawn = false

  /// A bar with what is being done.
  init(_ title: String) {
    self.title = title
    isOn = isatty(STDERR_FILENO) == 1
  }

  /// Shows how far it is, at most ten times a second.
  mutating func show(_ done: some BinaryInteger, of all: some BinaryInteger) {
    let now = ContinuousClock.now
    guard isOn, all > 0, now - began > .seconds(2), now - drawn > .milliseconds(100) else { return }
    drawn = now
    wasDrawn = true
    let filled = Int(done) * 30 / Int(all)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    FileHandle.standardError.write(Data("\r\(title) \(bar) \(Int(done) * 100 / Int(all)) %".utf8))
  }

  /// Takes the bar away.
  func finish() {
    if wasDrawn { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
