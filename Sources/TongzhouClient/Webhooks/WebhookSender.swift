internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1

/// Sends webhooks: resolves, checks, connects to the address that was checked, signs, and reads the status.
public struct WebhookSender: Sendable {
  /// What came of one attempt.
  public enum Answer: Sendable, Hashable {
    /// The receiver answered.
    ///
    /// - Parameters:
    ///   - status: the status of HTTP.
    ///   - retryAfter: how many seconds it asks to wait; `nil` where it does not.
    case status(Int, retryAfter: UInt64?)
    /// Nobody answered in time.
    case timedOut
    /// No connection, or it broke.
    case unreachable
    /// It was not sent: the host does not resolve, or to an inner network.
    case refused(WebhookError.Code)
  }

  /// Bytes of an answer that are waited for; nobody reads them.
  private static let answerBytes = 16 << 10

  private let resolver: any HostResolver
  private let inner: InnerAllowance
  private let seconds: Int64
  private let clock: @Sendable () -> UInt64

  /// A sender.
  ///
  /// - Parameters:
  ///   - inner: what of the inner networks it may reach.
  ///   - seconds: for one attempt, from the first word to the last of the answer, 1 to 30.
  ///   - clock: seconds since 1970.
  public init(
    resolver: any HostResolver = SystemResolver(), allowing inner: InnerAllowance = .none, seconds: Int64 = 20,
    clock: @escaping @Sendable () -> UInt64
  ) {
    self.resolver = resolver
    self.inner = inner
    self.seconds = min(max(1, seconds), 30)
    self.clock = clock
  }

  /// Sends a message once, signed with every secret.
  ///
  /// - Throws: `CancellationError` only: then nobody knows whether it arrived.
  public func send(
    id: String, body: [UInt8], to target: WebhookTarget, secrets: [WebhookSecret]
  ) async throws(CancellationError) -> Answer {
    let time = clock()
    var request = HTTPClientRequest(url: target.url)
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    do {
      let literal = IPAddress(target.host)
      let found: [IPAddress]
      if let literal { found = [literal] } else { found = await resolver.addresses(of: target.host) }
      let address = try target.choose(of: found, allowing: inner)
      // Nothing resolves the name a second time: it could stand for something else by then.
      if literal == nil { configuration.dnsOverride = [target.host: "\(address)"] }
      let signatures = try secrets.map { secret throws(WebhookError) in
        try secret.signature(id: id, timestamp: time, body: body)
      }
      request.headers.add(name: "webhook-signature", value: signatures.joined(separator: " "))
    } catch {
      return .refused(error.code)
    }
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.headers.add(name: "user-agent", value: "tongzhou/0.1")
    request.headers.add(name: "webhook-id", value: id)
    request.headers.add(name: "webhook-timestamp", value: "\(time)")
    request.body = .bytes(body)
    configuration.timeout = .init(connect: .seconds(min(seconds, 10)), read: .seconds(seconds))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    // A client for itself: a connection that is kept open outlives what its address was checked for.
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let answer = await answer(to: request, client)
    try? await client.shutdown().get()
    if Task.isCancelled, answer == .unreachable || answer == .timedOut { throw CancellationError() }
    return answer
  }

  private func answer(to request: HTTPClientRequest, _ client: HTTPClient) async -> Answer {
    do {
      let response = try await client.execute(request, timeout: .seconds(seconds))
      // What the receiver writes says nothing more than its status.
      _ = try? await response.body.collect(upTo: Self.answerBytes)
      return .status(
        Int(response.status.code),
        retryAfter: response.headers.first(name: "retry-after").flatMap { Self.seconds($0, now: clock()) })
    } catch let error as HTTPClientError
      where [.deadlineExceeded, .readTimeout, .connectTimeout, .writeTimeout].contains(error)
    {
      return .timedOut
    } catch {
      return .unreachable
    }
  }

  /// `Retry-After`: seconds, or a date of RFC 9110 in its preferred form.
  static func seconds(_ text: String, now: UInt64) -> UInt64? {
    if let seconds = UInt64(text) { return seconds }
    let reader = DateFormatter()
    reader.locale = Locale(identifier: "en_US_POSIX")
    reader.timeZone = TimeZone(secondsFromGMT: 0)
    reader.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    guard text.utf8.count < 40, let date = reader.date(from: text), date.timeIntervalSince1970 >= 0 else { return nil }
    let then = UInt64(date.timeIntervalSince1970)
    return then > now ? then - now : 0
  }
}
