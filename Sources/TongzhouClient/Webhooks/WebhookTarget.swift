internal import Foundation

/// What of the inner networks an operator lets webhooks reach: none of it, unless he says so.
public struct InnerAllowance: Sendable, Hashable {
  private let names: [String]
  private let networks: [IPNetwork]

  /// Nothing is allowed.
  public static let none = InnerAllowance(names: [], networks: [])

  private init(names: [String], networks: [IPNetwork]) {
    self.names = names
    self.networks = networks
  }

  /// Reads names of hosts, addresses and networks with commas between: `receiver.internal, 10.1.0.0/16, ::1`.
  ///
  /// - Throws: `webhook.bad_address` for what is none of these.
  public init(text: String) throws(WebhookError) {
    var (names, networks): ([String], [IPNetwork]) = ([], [])
    for part in text.split(separator: ",").map({ $0.filter { $0 != " " } }).filter({ !$0.isEmpty }) {
      if let network = IPNetwork(part) {
        networks.append(network)
      } else if WebhookTarget.isName(part) {
        names.append(part)
      } else {
        throw WebhookError(.badAddress, "\(part) is no name of a host, address or network")
      }
    }
    self.init(names: names, networks: networks)
  }

  func allows(_ address: IPAddress) -> Bool {
    networks.contains { $0.contains(address) || $0.contains(address.plain) }
  }

  func allows(host: String) -> Bool { names.contains(host) }
}

/// Where a webhook goes: an address whose parts were looked at one by one.
public struct WebhookTarget: Sendable, Hashable {
  /// The most bytes of an address.
  public static let maximumByteCount = 2048

  let url: String
  /// The name or address in it, without brackets.
  let host: String

  /// Reads an address: `https://`, a host and a path; no user, no fragment. `http://` only where the host is allowed
  /// by name or number.
  ///
  /// - Throws: `webhook.bad_address`, and `webhook.inner_address` for a number that is not public.
  public init(_ text: String, allowing inner: InnerAllowance) throws(WebhookError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.maximumByteCount, bytes.allSatisfy({ (33...126).contains($0) }) else {
      throw WebhookError(.badAddress, "an address has at most \(Self.maximumByteCount) printable ASCII characters")
    }
    guard !bytes.contains(UInt8(ascii: "\\")), !bytes.contains(UInt8(ascii: "#")) else {
      throw WebhookError(.badAddress, "an address has no backslash and no #")
    }
    let isSecure = text.hasPrefix("https://")
    guard isSecure || text.hasPrefix("http://") else {
      throw WebhookError(.badAddress, "an address begins with https://, in small letters")
    }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    guard !authority.contains("@") else {
      throw WebhookError(.badAddress, "an address names no user and no password; the secret signs instead")
    }
    let host = try Self.host(of: authority)
    // The client reads the address anew: it must find what was checked here.
    guard let url = URL(string: text), let found = url.host,
      found == host || found == "[\(host)]", url.user == nil, url.password == nil
    else { throw WebhookError(.badAddress, "the address does not read") }
    let number = IPAddress(host)
    let isAllowed = inner.allows(host: host) || number.map { inner.allows($0) } ?? false
    if let number, !number.isPublic, !isAllowed {
      throw WebhookError(.innerAddress, "an address of an inner network; --webhooks-allow lets one in")
    }
    guard isSecure || isAllowed else {
      throw WebhookError(.badAddress, "http:// only where --webhooks-allow names the host; others need https://")
    }
    self.url = text
    self.host = host
  }

  /// The host of `host` or `host:port`, an address of version 6 in brackets.
  private static func host(of authority: Substring) throws(WebhookError) -> String {
    var (name, port): (Substring, Substring?) = (authority, nil)
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw WebhookError(.badAddress, "a bracket is open") }
      name = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw WebhookError(.badAddress, "no port behind the bracket") }
      port = rest.isEmpty ? nil : rest.dropFirst()
      guard IPAddress(String(name))?.bytes.count == 16 else {
        throw WebhookError(.badAddress, "in brackets stands an address of version 6")
      }
    } else if let colon = authority.firstIndex(of: ":") {
      name = authority[..<colon]
      port = authority[authority.index(after: colon)...]
    }
    if let port {
      guard let number = UInt16(port), number > 0, port == "\(number)" else {
        throw WebhookError(.badAddress, "a port is a number from 1 to 65535")
      }
    }
    let host = String(name)
    guard authority.hasPrefix("[") || isName(host) || IPAddress(host)?.bytes.count == 4 else {
      throw WebhookError(
        .badAddress, "a host is a name in small letters, four decimal numbers, or an address in brackets")
    }
    return host
  }

  /// Whether a text is the name of a host and no number in disguise: a last part of digits, or of `0x`, is what some
  /// resolvers read as an address.
  static func isName(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...253).contains(text.utf8.count), let last = labels.last else { return false }
    let isLabel = { (label: Substring) in
      (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy {
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            || $0 == UInt8(ascii: "-")
        }
    }
    let isNumber = last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } || last.hasPrefix("0x")
    return labels.allSatisfy(isLabel) && !isNumber
  }

  /// Chooses the address to connect to.
  ///
  /// One that is not public spoils the others: whoever answers for a name could mix them until one gets through.
  ///
  /// - Parameter addresses: what the host's name stands for now.
  /// - Throws: `webhook.unresolved` for none, `webhook.inner_address`.
  func choose(of addresses: [IPAddress], allowing inner: InnerAllowance) throws(WebhookError) -> IPAddress {
    guard let first = addresses.first else { throw WebhookError(.unresolved, "the host's name does not resolve") }
    guard inner.allows(host: host) || addresses.allSatisfy({ $0.isPublic || inner.allows($0) }) else {
      throw WebhookError(.innerAddress, "the host's name stands for an address of an inner network")
    }
    return first
  }
}
