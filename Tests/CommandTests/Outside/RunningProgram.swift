import Foundation

@testable import TongzhouClient

/// The program, or another one, while it runs beside a test.
final class RunningProgram {
  let process = Process()
  private let log: FileHandle

  /// Starts it; what it prints goes to a file.
  init(_ arguments: [String], of program: String = Program.tongzhou.url.path(), output: String) throws {
    try Data().write(to: URL(filePath: output))
    log = try FileHandle(forWritingTo: URL(filePath: output))
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.start()
  }

  /// Ends it as a power cut does.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to stop and waits.
  ///
  /// - Returns: its exit status.
  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

extension Process {
  /// Starts it with no signal blocked: a program inherits which are, on the threads that tests run on SIGTERM is, and
  /// who never hears of it does not stop.
  func start() throws {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }
}

/// A port of this machine that nobody listens on.
enum FreePort {
  /// A port of the loopback address.
  static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// Below the ports that the system gives to clients: one who tries again and again to reach a server that is gone
  /// would sooner or later get the server's own port, and be connected with himself.
  static func find() throws -> Int {
    for _ in 0..<100 {
      let port = UInt16.random(in: 12_000..<32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
      defer { close(descriptor) }
      var address = FreePort.address(port)
      let isFree = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
      if isFree { return Int(port) }
    }
    throw POSIXError(.EADDRINUSE)
  }
}

extension NodeClient {
  /// A client of a node on this machine that asks once.
  static func local(_ port: Int, patience: Int64 = 0) throws -> NodeClient {
    var options = ClientOptions()
    options.patienceSeconds = patience
    options.answerSeconds = 120
    return try NodeClient("http://127.0.0.1:\(port)", options: options)
  }

  /// Waits until the node serves all its chains.
  ///
  /// - Returns: false if it does not within the time, nor when asked a few times: among many tests a single turn may
  ///   take as long.
  func isReady(within seconds: Double, while isRunning: () -> Bool = { true }) async throws -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var asked = 0
    while isRunning(), ContinuousClock.now < deadline || asked < 20 {
      asked += 1
      if let chains = try? await chains(), !chains.isEmpty, (try? await get("/readyz", limit: 1 << 16)) != nil {
        return true
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}
