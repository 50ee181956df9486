public import TransparencyLog

/// A witness of somebody else's, asked over HTTP (C2SP tlog-witness).
public struct WitnessClient: Sendable {
  /// An answer, and how long the witness asks to be left alone, in seconds.
  public struct Reply: Sendable {
    /// What `CheckpointSubmission` takes.
    public let answer: CheckpointSubmission.Answer
    /// `nil` where it does not say.
    public let retryAfter: Int?
  }

  private let transport: HTTPTransport

  /// A client of the witness whose submission prefix this is. Call ``shutdown()`` when done.
  ///
  /// - Throws: `client.bad_address`.
  public init(_ prefix: String, options: ClientOptions = ClientOptions()) throws(ClientError) {
    transport = try HTTPTransport(prefix, options: options)
  }

  /// Looks at a submission prefix without a client of it.
  ///
  /// - Throws: `client.bad_address`.
  public static func check(_ prefix: String) throws(ClientError) { _ = try HTTPTransport.base(of: prefix) }

  /// Sends a request once.
  ///
  /// - Throws: `client.unreachable`, `client.timed_out`, `client.answer_too_large`.
  public func send(_ request: AddCheckpointRequest) async throws -> Reply {
    let answer = try await transport.exchange(
      "/add-checkpoint", request.bytes, type: "text/plain; charset=utf-8",
      limit: CheckpointSubmission.maximumAnswerByteCount)
    return Reply(
      answer: .init(status: answer.status, contentType: answer.type, body: answer.body), retryAfter: answer.retryAfter)
  }

  /// Ends the connections; to be called once, last.
  public func shutdown() async { await transport.shutdown() }
}
