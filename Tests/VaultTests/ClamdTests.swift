import Foundation
import Testing

@testable import Vault

/// Scanning by the real clamd, and by one that answers badly.
@Suite struct ClamdTests {
  @Test("an answer is clean, a name, or none; never a guess")
  func replies() {
    func result(_ text: String) -> ScanResult { ClamdReply.result(of: Array(text.utf8)) }
    #expect(result("stream: OK\0") == .clean)
    #expect(result("stream: Eicar-Test-Signature FOUND\0") == .infected("Eicar-Test-Signature"))
    #expect(result("stream: a<b>\u{1B}[2J FOUND\0") == .infected("a?b???2J"))
    for text in [
      "", "\0", "OK\0", "stream: OK", "stream: OK\0stream: OK\0", "stream: ok\0", "stream:  FOUND\0", "stream: FOUND\0",
      "stream: OK FOUND NOT\0", "INSTREAM size limit exceeded. ERROR\0", "stream: x ERROR\0",
    ] {
      guard case .unavailable = result(text) else {
        Issue.record("\(text.debugDescription) counts as \(result(text))")
        continue
      }
    }
    guard case .infected(let name) = result("stream: \(String(repeating: "a", count: 500)) FOUND\0") else {
      Issue.record("a long name")
      return
    }
    #expect(name.count == ClamdReply.maximumNameLength)
  }

  @Test("where nobody listens, or the path is too long, there is no answer, at once")
  func nobody() throws {
    let long = "/tmp/" + String(repeating: "x", count: 200)
    for address in [ClamdScanner.Address.socket("/nonexistent/clamd"), .socket(long), .port(1)] {
      #expect(ClamdScanner(address).scan([1]) == .unavailable("nobody listens"))
    }
  }

  @Test("one who accepts and says nothing, or hangs up, is waited for no longer than allowed")
  func silent() throws {
    let silent = try FakeClamd { _ in }
    let began = ContinuousClock.now
    #expect(
      ClamdScanner(.port(silent.port), timeout: .milliseconds(300)).scan(Cast.text(10))
        == .unavailable("no answer in time"))
    #expect(ContinuousClock.now - began < .seconds(20))
    let rude = try FakeClamd { connection in shutdown(connection, Int32(SHUT_RDWR)) }
    guard case .unavailable = ClamdScanner(.port(rude.port)).scan(Cast.text(4 << 20)) else {
      Issue.record("an answer from one who hung up")
      return
    }
  }

  @Test("one who answers early is heard")
  func early() throws {
    let clamd = try FakeClamd { connection in
      let text = Array("INSTREAM size limit exceeded. ERROR\0".utf8)
      _ = send(connection, text, text.count, Int32(MSG_NOSIGNAL))
    }
    #expect(
      ClamdScanner(.port(clamd.port), timeout: .seconds(20)).scan(Cast.text(10))
        == .unavailable("larger than its StreamMaxLength"))
  }

  @Test(
    "the real clamd finds a signature of our own in what an officer opens, and lets the rest through",
    .enabled(if: RealClamd.isInstalled, "clamd is not installed; Scripts/setup --tests installs clamav-daemon"))
  func real() async throws {
    let clamd = try RealClamd()
    defer { clamd.end() }
    try #require(await clamd.isReady(), "clamd does not come up: \(clamd.said)")
    let scanner = ClamdScanner(.socket(clamd.socket))
    #expect(scanner.scan(Cast.text(200_000)) == .clean)
    let room = try Room()
    let clean = try room.put(Cast.text(200_000)).header.document
    // The words lie across a chunk's border, and far from the beginning.
    let bad = try room.put(Cast.text(65_530) + Array(RealClamd.words.utf8) + Cast.text(10)).header.document
    func open(_ document: DocumentID) throws -> [UInt8] {
      try room.store.open(
        document, in: room.caseID, by: room.cast.ada.party, with: room.cast.ada.key, for: .investigation, at: 1,
        scanner: scanner, policy: .refuseUnscanned
      ).0.bytes
    }
    #expect(try open(clean) == Cast.text(200_000))
    let refusal = #expect(throws: VaultError.self) { try open(bad) }
    #expect(refusal?.code == .infected && refusal?.message.contains(RealClamd.signature) == true)
    #expect(try room.store.accesses(limit: 10).last?.access == .foundInfected(.investigation))
    // More than this clamd takes: no answer, and so not opened.
    #expect(scanner.scan(Cast.text(3 << 20)) == .unavailable("larger than its StreamMaxLength"))
    clamd.end()
    #expect(throws: VaultError(.unscanned, "")) { try open(clean) }
  }
}

/// Debian's clamd on a socket in a folder of its own, with a database of one signature of ours.
private final class RealClamd {
  static let path = "/usr/sbin/clamd"
  static let words = "tongzhou-test-words-that-no-document-has"
  static let signature = "Tongzhou.Test.Words"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

  let socket: String
  private let folder: String
  private let process = Process()

  init() throws {
    // The path of a socket has to be short.
    folder = FileManager.default.temporaryDirectory.path() + "/tz-clamd-" + String(UUID().uuidString.prefix(8))
    socket = folder + "/clamd.ctl"
    try FileManager.default.createDirectory(atPath: folder + "/db", withIntermediateDirectories: true)
    let hexadecimal = Hexadecimal.encode(Array(Self.words.utf8))
    try Data("\(Self.signature):0:*:\(hexadecimal)\n".utf8).write(to: URL(filePath: folder + "/db/own.ndb"))
    let settings = """
      Foreground yes
      LocalSocket \(socket)
      DatabaseDirectory \(folder)/db
      TemporaryDirectory \(folder)
      LogFile \(folder)/log
      StreamMaxLength 2M
      MaxThreads 2
      SelfCheck 0

      """
    try Data(settings.utf8).write(to: URL(filePath: folder + "/conf"))
    process.executableURL = URL(filePath: Self.path)
    process.arguments = ["--config-file", folder + "/conf"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  var said: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "nothing" }

  /// Waits until it answers; it is asked a few times even where a single turn among many tests takes as long.
  func isReady() async -> Bool {
    let scanner = ClamdScanner(.socket(socket))
    let deadline = ContinuousClock.now + .seconds(60)
    var asked = 0
    while process.isRunning, ContinuousClock.now < deadline || asked < 20 {
      asked += 1
      if scanner.scan([1]) == .clean { return true }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  func end() {
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// Somebody on a free port of this machine who treats the first connection as he likes, and then listens no more.
private struct FakeClamd {
  let port: UInt16

  init(_ body: @escaping @Sendable (Int32) -> Void) throws {
    let listening = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, size) == 0 && listen(listening, 4) == 0 && getsockname(listening, $0, &size) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread {
      let connection = accept(listening, nil, nil)
      close(listening)
      guard connection >= 0 else { return }
      body(connection)
      // Whatever is sent is taken until the other side has had enough.
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while recv(connection, &buffer, buffer.count, 0) > 0 {}
      close(connection)
    }
  }
}
