internal import Foundation

/// Finds the addresses of a host.
public protocol HostResolver: Sendable {
  /// The addresses that a name stands for now; none where it stands for nothing.
  func addresses(of name: String) async -> [IPAddress]
}

/// As the system does: its files, then its name servers.
public struct SystemResolver: HostResolver {
  /// The most addresses of one name.
  private static let limit = 64

  /// A resolver.
  public init() {}

  /// See ``HostResolver``.
  public func addresses(of name: String) async -> [IPAddress] {
    await withCheckedContinuation { continuation in
      // It waits for name servers, and must not hold a thread that others share.
      Thread.detachNewThread { continuation.resume(returning: SystemResolver.find(name)) }
    }
  }

  private static func find(_ name: String) -> [IPAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [IPAddress] = []
    var next = list
    while let entry = next, found.count < limit {
      next = entry.pointee.ai_next
      guard let raw = UnsafeRawPointer(entry.pointee.ai_addr) else { continue }
      let bytes: [UInt8]
      switch entry.pointee.ai_family {
      case AF_INET:
        bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
      case AF_INET6:
        bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
      default: continue
      }
      if let address = IPAddress(bytes: bytes) { found.append(address) }
    }
    return found
  }
}
