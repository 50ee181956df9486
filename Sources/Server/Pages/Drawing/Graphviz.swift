internal import Foundation
internal import Ledger
internal import TransparencyLog

/// Graphviz's program `dot`, which lays out drawings.
///
/// It runs without a shell and without our environment, gets its graph on standard input, and is ended when it takes
/// too long or says too much.
struct Graphviz: Sendable {
  /// Where the program usually lies.
  static let places = ["/usr/bin/dot", "/usr/local/bin/dot", "/opt/homebrew/bin/dot"]
  /// How long one drawing may take.
  static let patience = Duration.seconds(8)
  /// The largest drawing, in bytes.
  static let maximumBytes = 2 << 20

  private let path: String
  private let patience: Duration

  /// The program, where one lies at one of the places.
  init?(at places: [String] = Graphviz.places, patience: Duration = Graphviz.patience) {
    guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    path = found
    self.patience = patience
  }

  /// Draws a graph as SVG; `nil` where the program fails, takes too long, or gives something else.
  func draw(_ dot: String) async -> [UInt8]? {
    let told = Array(dot.utf8)
    // A thread of its own: it waits, and the pool that answers requests must not.
    return await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: run(told).flatMap(WayStyle.dressed)) }
      thread.start()
    }
  }

  /// What the program says of a graph.
  private func run(_ told: [UInt8]) -> [UInt8]? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-Tsvg"]
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    // Who does not read its input must not end us.
    signal(SIGPIPE, SIG_IGN)
    do { try process.run() } catch { return nil }

    let running = process.processIdentifier
    let limit = DispatchWorkItem { kill(running, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + Double(patience.components.seconds), execute: limit)
    let writer = Thread {
      try? input.fileHandleForWriting.write(contentsOf: Data(told))
      try? input.fileHandleForWriting.close()
    }
    writer.start()

    var said: [UInt8] = []
    while let part = try? output.fileHandleForReading.read(upToCount: 65_536), !part.isEmpty {
      said += part
      if said.count > Graphviz.maximumBytes {
        kill(running, SIGKILL)
        break
      }
    }
    try? output.fileHandleForReading.close()
    ended.wait()
    limit.cancel()
    return process.terminationReason == .exit && process.terminationStatus == 0 && said.count <= Graphviz.maximumBytes
      ? said : nil
  }
}
