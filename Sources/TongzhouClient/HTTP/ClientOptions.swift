/// How patient a client is, and what it holds against a node that never stops talking.
public struct ClientOptions: Sendable {
  /// Seconds to wait for a connection.
  public var connectSeconds: Int64 = 5
  /// Seconds for one attempt, from the request to the last byte of the answer. A submission waits for its block.
  public var answerSeconds: Int64 = 60
  /// Seconds over which a request is repeated that may be; 0 for one attempt.
  public var patienceSeconds: Int64 = 10
  /// The longest pause between two attempts, in milliseconds, where the node does not ask for another.
  public var pauseMilliseconds: Int64 = 5000
  /// The longest pause between two attempts, in milliseconds, whatever the node asks for.
  public var obedienceMilliseconds: Int64 = 60_000
  /// Connections to one node at a time.
  public var connections = 16
  /// A file with the certificates to trust instead of the system's, for a node with an authority of its own.
  public var authority: String?

  /// The defaults.
  public init() {}
}
