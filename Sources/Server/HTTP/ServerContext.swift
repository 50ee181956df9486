public import Hummingbird
internal import NIOCore

/// What every request carries: Hummingbird's own parts, and where it came from.
public struct ServerContext: RequestContext, RemoteAddressRequestContext {
  /// Hummingbird's storage.
  public var coreContext: CoreRequestContextStorage
  /// The peer's address; `nil` where there is no socket, as in tests.
  public let remoteAddress: SocketAddress?

  /// A context for a request on a connection.
  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    remoteAddress = source.channel.remoteAddress
  }
}
