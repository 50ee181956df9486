internal import Foundation

/// The program that is run for an alarm.
enum AlarmProgram {
  /// Seconds it may take; watching waits for it.
  private static let patience = 30

  /// Runs a program with a line on its standard input. That it cannot be run, or fails, is said on standard error:
  /// whoever watches goes on.
  static func run(_ path: String, line: Data) async {
    do {
      let status = try await OwnThread.run { try start(path, line: line) }
      if status != 0 { Output.note("\(path) ended with status \(status)") }
    } catch {
      Output.note("\(path) cannot be run")
    }
  }

  private static func start(_ path: String, line: Data) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    let input = Pipe()
    process.standardInput = input
    // Its output is not part of ours.
    process.standardOutput = FileHandle.standardError
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    // Who does not read its input must not end us.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
    try? input.fileHandleForWriting.write(contentsOf: line + Data("\n".utf8))
    try? input.fileHandleForWriting.close()
    if ended.wait(timeout: .now() + .seconds(patience)) == .timedOut {
      process.terminate()
      if ended.wait(timeout: .now() + .seconds(5)) == .timedOut { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    return process.terminationStatus
  }
}
