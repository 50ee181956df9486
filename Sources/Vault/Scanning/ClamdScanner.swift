internal import Glibc

/// Asks a clamd of this machine about a document, by its INSTREAM command.
///
/// The connection is not encrypted, so it goes through a socket in the file system or the loopback address and
/// nowhere else. It blocks for as long as it may take and then says `unavailable`. clamd puts what it is sent into a
/// temporary file, whose folder therefore should be one in memory (docs/vault.md).
public struct ClamdScanner: DocumentScanner, Sendable {
  /// Where clamd listens.
  public enum Address: Sendable, Equatable {
    /// A socket in the file system.
    case socket(String)
    /// A port of 127.0.0.1.
    case port(UInt16)
  }

  private static let chunkBytes = 1 << 16
  private let address: Address
  private let timeout: Duration

  /// A scanner.
  ///
  /// - Parameters:
  ///   - address: where clamd listens.
  ///   - timeout: how long everything together may take.
  public init(_ address: Address, timeout: Duration = .seconds(60)) {
    self.address = address
    self.timeout = timeout
  }

  /// See ``DocumentScanner``.
  public func scan(_ content: [UInt8]) -> ScanResult {
    do {
      let connection = try ClamdConnection(address, until: .now + timeout)
      do {
        try connection.send(Array("zINSTREAM\0".utf8))
        for start in stride(from: 0, to: content.count, by: Self.chunkBytes) {
          let chunk = content[start..<min(start + Self.chunkBytes, content.count)]
          var bytes: [UInt8] = []
          bytes.reserveCapacity(4 + chunk.count)
          bytes.append(number: UInt32(chunk.count))
          try connection.send(bytes + chunk)
        }
        try connection.send([0, 0, 0, 0])
      } catch .closed {
        // It says why it hears no more.
      }
      return ClamdReply.result(of: try connection.receive(limit: ClamdReply.maximumByteCount))
    } catch {
      return .unavailable(error.words)
    }
  }
}

/// Why there was no answer.
enum ClamdFailure: Error {
  case unreachable, closed, timedOut

  var words: String {
    switch self {
    case .unreachable: "nobody listens"
    case .closed: "the connection ended"
    case .timedOut: "no answer in time"
    }
  }
}

/// A connection that never waits longer than it may.
private final class ClamdConnection {
  private let descriptor: Int32
  private let deadline: ContinuousClock.Instant

  init(_ address: ClamdScanner.Address, until deadline: ContinuousClock.Instant) throws(ClamdFailure) {
    self.deadline = deadline
    let family = if case .socket = address { AF_UNIX } else { AF_INET }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw .unreachable }
    let connected =
      switch address {
      case .socket(let path): connect(path)
      case .port(let port): connect(port)
      }
    if !connected {
      guard errno == EINPROGRESS else { throw .unreachable }
      try wait(for: POLLOUT)
      var failure: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0, failure == 0 else {
        throw .unreachable
      }
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private func connect(_ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
      guard bytes.count < field.count else { return false }
      field.copyBytes(from: bytes)
      return true
    }
    guard fits else {
      errno = ENAMETOOLONG
      return false
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  private func connect(_ port: UInt16) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  func send(_ bytes: [UInt8]) throws(ClamdFailure) {
    var done = 0
    while done < bytes.count {
      try wait(for: POLLOUT)
      let sent = bytes.withUnsafeBytes { buffer in
        Glibc.send(descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent >= 0 { done += sent } else if ![EAGAIN, EINTR].contains(errno) { throw .closed }
    }
  }

  /// What comes until a zero byte or the end.
  func receive(limit: Int) throws(ClamdFailure) -> [UInt8] {
    var received: [UInt8] = []
    while received.last != 0, received.count < limit {
      try wait(for: POLLIN)
      var buffer = [UInt8](repeating: 0, count: limit - received.count)
      let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
      if count == 0 { break }
      if count > 0 { received += buffer.prefix(count) } else if ![EAGAIN, EINTR].contains(errno) { throw .closed }
    }
    guard !received.isEmpty else { throw .closed }
    return received
  }

  private func wait(for event: some BinaryInteger) throws(ClamdFailure) {
    while true {
      let left = deadline - .now
      guard left > .zero else { throw .timedOut }
      // Rounded up, so that it never turns into asking without waiting.
      let milliseconds = left.components.seconds * 1_000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
      var asked = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let ready = poll(&asked, 1, Int32(clamping: milliseconds))
      if ready > 0 { return }
      if ready < 0, errno != EINTR { throw .closed }
    }
  }
}
