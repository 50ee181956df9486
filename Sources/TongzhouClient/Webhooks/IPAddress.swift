internal import Foundation

/// An address of the Internet Protocol, version 4 or 6.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// 4 or 16 bytes, the most significant first.
  public let bytes: [UInt8]

  /// An address of 4 or 16 bytes; `nil` for another number.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// Reads four decimal numbers with full stops, or RFC 4291's forms of version 6 without brackets and zone.
  ///
  /// - Returns: `nil` for everything else: what only some programs take for an address, such as `127.1`, `0x7f.0.0.1`
  ///   or `2130706433`, is none here.
  public init?(_ text: String) {
    guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      bytes = withUnsafeBytes(of: &six) { Array($0) }
    } else {
      return nil
    }
  }

  /// As it is usually written.
  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it may be anybody's on the public Internet: not of this machine, not of an inner network, not for many
  /// receivers, and not set aside for another purpose (IANA's registries of special-purpose addresses).
  ///
  /// Of version 6 only what has been given out counts, 2000::/3. Addresses that hold one of version 4 count as that.
  public var isPublic: Bool {
    if let inner = embedded { return inner.isPublic }
    let networks = bytes.count == 4 ? IPNetwork.special4 : IPNetwork.special6
    if bytes.count == 16, bytes[0] >> 5 != 1 { return false }
    return !networks.contains { $0.contains(self) }
  }

  /// The address of version 4 to which one of version 6 leads: mapped (::ffff:0:0/96), or through a translator
  /// (64:ff9b::/96).
  private var embedded: IPAddress? {
    guard bytes.count == 16 else { return nil }
    let prefix = Array(bytes.prefix(12))
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    let translated: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
    return prefix == mapped || prefix == translated ? IPAddress(bytes: Array(bytes.suffix(4))) : nil
  }

  /// What connecting to it means: an address of version 4 in the form of version 6 is that of version 4.
  var plain: IPAddress { embedded ?? self }
}

/// The addresses that begin alike.
public struct IPNetwork: Hashable, Sendable {
  private let address: IPAddress
  private let bits: Int

  /// Reads an address, for itself alone, or an address with the number of bits that count, as in `10.0.0.0/8`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else { return nil }
    var bits = address.bytes.count * 8
    if parts.count == 2 {
      guard let number = Int(parts[1]), (0...bits).contains(number), parts[1] == "\(number)" else { return nil }
      bits = number
    }
    self.address = address
    self.bits = bits
  }

  /// Whether an address belongs to it. One of the other version does not.
  public func contains(_ other: IPAddress) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    for (place, (own, its)) in zip(address.bytes, other.bytes).enumerated() {
      let counted = min(8, max(0, bits - 8 * place))
      if counted == 0 { return true }
      if (own ^ its) >> (8 - counted) != 0 { return false }
    }
    return true
  }

  static let special4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    // Public by its number, but inside a large provider it answers for the machine itself.
    "168.63.129.16",
  ].compactMap { IPNetwork($0) }

  static let special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].compactMap { IPNetwork($0) }
}
