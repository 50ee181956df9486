public import TongzhouClient

/// A receiver of webhooks.
public struct WebhookEndpoint: Sendable {
  /// The most receivers of a node.
  public static let maximumCount = 32
  /// The most secrets of one receiver: more than a rotation needs.
  public static let maximumSecrets = 4

  /// The name it has here: in the log, in metrics and in the store. Its address and secrets are never written there.
  public let id: String
  /// Where it is.
  public let target: WebhookTarget
  /// What messages are signed with; each signature stands beside the others.
  public let secrets: [WebhookSecret]
  /// What it is told.
  public let kinds: [WebhookEvent.Kind]
  /// Of this node, as the receiver reaches it; goes before the paths in messages.
  public let address: String?

  /// A receiver. `kinds` without anything means all kinds.
  ///
  /// - Parameter id: as ``isID(_:)`` asks for.
  public init(
    id: String, target: WebhookTarget, secrets: [WebhookSecret], kinds: [WebhookEvent.Kind], address: String?
  ) {
    self.id = id
    self.target = target
    self.secrets = secrets
    self.kinds = kinds.isEmpty ? WebhookEvent.Kind.allCases : kinds
    self.address = address
  }

  /// Whether a text can name a receiver: 1 to 32 small letters, digits and hyphens.
  public static func isID(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }
}
