internal import Foundation
internal import Node
internal import TongzhouClient
internal import Yams

/// The file with the receivers of webhooks, a list in YAML or JSON:
///
///     - id: newspaper
///       url: https://example.org/hooks/tongzhou
///       secrets: [whsec_…, whsk_…]
///       events: [notice.published, settlement.made]
///       address: https://node.example
///       allow: 10.1.0.0/16
enum WebhookFile {
  /// The most bytes of it.
  static let maximumBytes = 65_536

  private static let keys = ["id", "url", "secret", "secrets", "events", "address", "allow"]

  /// A receiver, and what of inner networks it may be in.
  struct Receiver {
    let endpoint: WebhookEndpoint
    let inner: InnerAllowance
  }

  /// Reads it.
  ///
  /// - Parameter allowed: what of inner networks every receiver may be in, as `webhooks-allow` has it.
  /// - Throws: `settings.unreadable`, `settings.unknown_key`, `settings.bad_value`. Messages name the receiver's id and
  ///   never an address or a secret.
  static func read(_ file: String, allowed: String?) throws -> [Receiver] {
    let bytes: [UInt8]
    switch SecretFile.content(of: file, limit: maximumBytes) {
    case .missing:
      throw SettingsError(
        .unreadable, "webhooks: \(file) is missing, may not be read, or has over \(maximumBytes) bytes")
    case .exposed:
      throw SettingsError(.unreadable, "webhooks: \(file) holds secrets and can be read by others; chmod 600 \(file)")
    case .bytes(let content): bytes = content
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch {
      // What the parser quotes may be a secret.
      throw SettingsError(.unreadable, "webhooks: \(file) is not YAML")
    }
    guard let list = node?.sequence, (1...WebhookEndpoint.maximumCount).contains(list.count) else {
      throw SettingsError(
        .badValue, "webhooks: \(file) is a list of 1 to \(WebhookEndpoint.maximumCount) receivers")
    }
    var found: [Receiver] = []
    for (place, node) in list.enumerated() {
      let receiver = try receiver(node, "webhooks: receiver \(place + 1)", allowed: allowed)
      guard !found.contains(where: { $0.endpoint.id == receiver.endpoint.id }) else {
        throw SettingsError(.badValue, "webhooks: two receivers have the id \(receiver.endpoint.id)")
      }
      found.append(receiver)
    }
    return found
  }

  private static func receiver(_ node: Node, _ place: String, allowed: String?) throws -> Receiver {
    guard let mapping = node.mapping else { throw SettingsError(.badValue, "\(place) is not names and values") }
    for (key, _) in mapping where !keys.contains(key.scalar?.string ?? "") {
      throw SettingsError(
        .unknownKey, "\(place) has a name that none has; there are \(keys.joined(separator: ", "))")
    }
    func texts(_ key: String) throws -> [String] {
      guard let value = mapping.first(where: { $0.key.scalar?.string == key })?.value else { return [] }
      if let text = value.scalar?.string { return [text] }
      guard let list = value.sequence?.map({ $0.scalar?.string }), !list.contains(nil) else {
        throw SettingsError(.badValue, "\(place): \(key) is one text or a list of texts")
      }
      return list.compactMap { $0 }
    }
    func text(_ key: String) throws -> String? {
      let texts = try texts(key)
      guard texts.count <= 1 else { throw SettingsError(.badValue, "\(place): \(key) is one text") }
      return texts.first
    }
    guard let id = try text("id"), WebhookEndpoint.isID(id) else {
      throw SettingsError(.badValue, "\(place): id is 1 to 32 small letters, digits and hyphens")
    }
    let place = "webhooks: \(id)"
    let kinds = try texts("events").map { name in
      guard let kind = WebhookEvent.Kind(rawValue: name) else {
        let known = WebhookEvent.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw SettingsError(.badValue, "\(place): there is no such event; there are \(known)")
      }
      return kind
    }
    guard let url = try text("url") else { throw SettingsError(.badValue, "\(place) has no url") }
    let secrets = try texts("secret") + texts("secrets")
    guard (1...WebhookEndpoint.maximumSecrets).contains(secrets.count) else {
      throw SettingsError(.badValue, "\(place) has 1 to \(WebhookEndpoint.maximumSecrets) secrets")
    }
    do {
      let inner = try InnerAllowance(
        text: ([allowed, try text("allow")].compactMap { $0 }).joined(separator: ","))
      let endpoint = WebhookEndpoint(
        id: id, target: try WebhookTarget(url, allowing: inner), secrets: try secrets.map(WebhookSecret.init(text:)),
        kinds: kinds, address: try address(text("address"), place))
      return Receiver(endpoint: endpoint, inner: inner)
    } catch let error as WebhookError {
      throw SettingsError(.badValue, "\(place): \(error)")
    }
  }

  /// The node's own address, without a slash at its end.
  private static func address(_ text: String?, _ place: String) throws -> String? {
    guard var address = text else { return nil }
    while address.hasSuffix("/") { address.removeLast() }
    guard address.utf8.count <= 1024, let parts = URLComponents(string: address), parts.scheme != nil,
      parts.host?.isEmpty == false, parts.user == nil, parts.query == nil, parts.fragment == nil
    else { throw SettingsError(.badValue, "\(place): address is this node's, like https://node.example") }
    return address
  }
}
