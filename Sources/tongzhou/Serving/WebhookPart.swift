internal import Ledger
internal import Logging
internal import Node
internal import ServiceLifecycle
internal import Storage
internal import TongzhouClient

/// The part of a server that tells receivers what happens on its chains, as its settings say.
struct WebhookPart {
  /// What sends them.
  let services: [any Service]
  /// What to tell the operator: what receivers of Ed25519 signatures have to know.
  let lines: [String]

  /// - Parameters:
  ///   - data: the data directory.
  ///   - chains: what is told of.
  /// - Throws: ``SettingsError`` for the file, `StorageError` where deliveries cannot be kept.
  init(data: String, settings: ServingSettings, chains: [any ServedChain], logger: Logger) throws {
    guard let file = settings.webhooks else {
      (services, lines) = ([], [])
      return
    }
    let receivers = try WebhookFile.read(file, allowed: settings.webhooksAllow)
    let senders = Dictionary(
      uniqueKeysWithValues: receivers.map { receiver in
        (
          receiver.endpoint.id,
          WebhookSender(allowing: receiver.inner, clock: { Timestamp.wallClock.seconds })
        )
      })
    let endpoints = receivers.map(\.endpoint)
    let webhooks = Webhooks(
      of: chains, to: endpoints, store: try WebhookStore(path: WebhookPart.path(data: data)),
      clock: { Timestamp.wallClockMilliseconds }, logger: logger
    ) { letter, endpoint async throws(CancellationError) in
      guard let sender = senders[endpoint.id] else { return .unreachable }
      return try await sender.send(
        id: letter.id, body: letter.body, to: endpoint.target, secrets: endpoint.secrets)
    }
    services = [LivingService { await webhooks.run() }]
    lines = endpoints.flatMap { endpoint in
      endpoint.secrets.compactMap(\.publicKey).map { "webhooks \(endpoint.id) \($0)" }
    }
  }

  /// Where deliveries are kept.
  static func path(data: String) -> String { "\(data)/webhooks/\(file)" }

  /// The name of the file that they are kept in.
  static let file = "deliveries.sqlite"
}
