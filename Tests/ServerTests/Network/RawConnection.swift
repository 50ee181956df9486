import Foundation
import Synchronization

/// A connection that sends what it is told, byte by byte, and sees what comes back: what no proper client does.
///
/// Waiting happens on threads of its own, so that the server in this process is not kept from its work.
final class RawConnection: Sendable {
  private let descriptor: Int32
  private let isOpen = Mutex(true)

  /// Connects to a port of this machine.
  ///
  /// - Parameter buffer: how many bytes the system takes for a reader who does not read.
  init(port: Int, receiveBuffer buffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var buffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      Glibc.close(descriptor)
      throw POSIXError(.ECONNREFUSED)
    }
  }

  deinit { close() }

  /// Sends bytes; false if the other side has hung up, or takes no more for now.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Sends text.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Whatever arrives until the other side hangs up, the text stands in it, or the time is over.
  func receive(until wanted: String? = nil, seconds: Double = 10) async -> (text: String, isClosed: Bool) {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in continuation.resume(returning: wait(until: wanted, seconds: seconds)) }
    }
  }

  private func wait(until wanted: String?, seconds: Double) -> (text: String, isClosed: Bool) {
    var bytes: [UInt8] = []
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
      if let wanted, String(decoding: bytes, as: UTF8.self).contains(wanted) { break }
      let left = (end - ContinuousClock.now) / .milliseconds(1)
      guard left > 0 else { break }
      var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&poller, 1, Int32(min(left, 60_000)) + 1) > 0 else { continue }
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &part, part.count, 0)
      guard count > 0 else { return (String(decoding: bytes, as: UTF8.self), true) }
      bytes += part[..<count]
    }
    return (String(decoding: bytes, as: UTF8.self), false)
  }

  /// Hangs up.
  func close() {
    isOpen.withLock { isOpen in
      if isOpen { Glibc.close(descriptor) }
      isOpen = false
    }
  }
}
