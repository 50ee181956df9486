internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// Requests to one server, with limits on sizes and times, repeated where that is harmless.
final class HTTPTransport: Sendable {
  /// An answer of any status below 400, and 404 where the caller allows it.
  struct Answer: Sendable {
    let status: Int
    let body: [UInt8]
    /// What its header says of other places.
    var location: String?
    /// See above.
    var link: String?
  }

  /// An answer of any status.
  struct RawAnswer: Sendable {
    let status: Int
    let type: String?
    /// Seconds that the server asks to wait.
    let retryAfter: Int?
    let body: [UInt8]
  }

  /// The most bytes of a problem document that are looked at.
  private static let problemBytes = 64 << 10

  /// The address without a slash at its end.
  let base: String
  private let client: HTTPClient
  private let options: ClientOptions

  /// An address without a slash at its end.
  ///
  /// - Throws: `client.bad_address` unless it is `http://host…` or `https://host…`, without user, query or fragment.
  static func base(of address: String) throws(ClientError) -> String {
    guard let parts = URLComponents(string: address), let scheme = parts.scheme, ["http", "https"].contains(scheme),
      let host = parts.host, !host.isEmpty, parts.user == nil, parts.query == nil, parts.fragment == nil
    else { throw ClientError(.badAddress, "\(address) is not the address of a node, like http://127.0.0.1:8080") }
    var base = address
    while base.hasSuffix("/") { base.removeLast() }
    return base
  }

  /// - Throws: `client.bad_address` as ``base(of:)``, and for a file of certificates that cannot be read.
  init(_ address: String, options: ClientOptions) throws(ClientError) {
    base = try Self.base(of: address)
    self.options = options
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    if let file = options.authority {
      guard FileManager.default.isReadableFile(atPath: file) else {
        throw ClientError(.badAddress, "cannot read the certificates in \(file)")
      }
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .file(file)
      configuration.tlsConfiguration = tls
    }
    configuration.timeout = .init(connect: .seconds(options.connectSeconds), read: .seconds(options.answerSeconds))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.connections
    // The pool's own repetition knows nothing of our deadline.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Ends the connections; to be called once, last.
  func shutdown() async { try? await client.shutdown().get() }

  /// Reads what stands at a path.
  ///
  /// - Parameters:
  ///   - path: with a slash at its beginning.
  ///   - limit: the most bytes of the answer.
  /// - Returns: `nil` for 404 where `mayBeMissing`.
  func get(_ path: String, limit: Int, mayBeMissing: Bool = false) async throws -> [UInt8]? {
    do {
      return try await repeated { try await self.once(HTTPClientRequest(url: self.base + path), limit: limit) }.body
    } catch let error as ClientError where mayBeMissing && error.status == 404 {
      return nil
    }
  }

  /// The answer to a request with header fields of its own, sent once.
  ///
  /// - Parameter content: a body to send, with its type; without one it is read what stands there.
  func answer(
    _ path: String, fields: [(name: String, value: String)] = [],
    sending content: (bytes: [UInt8], type: String)? = nil, limit: Int
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: base + path)
    for (name, value) in fields { request.headers.add(name: name, value: value) }
    if let content {
      request.method = .POST
      request.headers.add(name: "content-type", value: content.type)
      request.body = .bytes(content.bytes)
    }
    return try await once(request, limit: limit)
  }

  /// Sends a body once.
  func post(_ path: String, _ body: [UInt8], type: String, limit: Int) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: base + path)
    request.method = .POST
    request.headers.add(name: "content-type", value: type)
    request.body = .bytes(body)
    return try await once(request, limit: limit).body
  }

  /// Sends a body once to a server that speaks no problem documents, and gives whatever it answers.
  func exchange(_ path: String, _ body: [UInt8], type: String, limit: Int) async throws -> RawAnswer {
    var request = HTTPClientRequest(url: base + path)
    request.method = .POST
    request.headers.add(name: "content-type", value: type)
    request.body = .bytes(body)
    return try await reading(request, limit: limit) { response in
      let body = try await response.body.collect(upTo: limit)
      return RawAnswer(
        status: Int(response.status.code), type: response.headers.first(name: "content-type"),
        retryAfter: Self.seconds(response.headers.first(name: "retry-after")), body: Array(body.readableBytesView))
    }
  }

  /// Does something again while it fails in a way that may pass, with longer and longer waits.
  func repeated<Value>(_ body: () async throws -> Value) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(options.patienceSeconds)
    var wait: Int64 = 100
    while true {
      do {
        return try await body()
      } catch let error as ClientError where error.isPassing {
        let asked = error.retryAfter.map { Int64(min($0, 3600)) * 1000 } ?? Int64.random(in: (wait / 2)...wait)
        let pause = Duration.milliseconds(min(asked, options.obedienceMilliseconds))
        guard ContinuousClock.now + pause < deadline else { throw error }
        wait = min(wait * 2, options.pauseMilliseconds)
        try await Task.sleep(for: pause)
      }
    }
  }

  private func once(_ request: HTTPClientRequest, limit: Int) async throws -> Answer {
    try await reading(request, limit: limit) { response in
      let status = Int(response.status.code)
      guard status < 300 else {
        let body = try await response.body.collect(upTo: HTTPTransport.problemBytes)
        throw HTTPTransport.problem(
          status, Array(body.readableBytesView), retryAfter: response.headers.first(name: "retry-after"))
      }
      let body = try await response.body.collect(upTo: limit)
      return Answer(
        status: status, body: Array(body.readableBytesView), location: response.headers.first(name: "location"),
        link: response.headers.first(name: "link"))
    }
  }

  /// Sends a request, has its answer read, and says in our words what went wrong on the way.
  private func reading<Value: Sendable>(
    _ request: HTTPClientRequest, limit: Int, _ read: @escaping @Sendable (HTTPClientResponse) async throws -> Value
  ) async throws -> Value {
    var request = request
    request.headers.add(name: "user-agent", value: "tongzhou/0.1")
    do {
      return try await inTime { [client, options, request] in
        try await read(try await client.execute(request, timeout: .seconds(options.answerSeconds)))
      }
    } catch let error as ClientError {
      throw error
    } catch let error as HTTPClientError {
      if Task.isCancelled { throw CancellationError() }
      let isLate = [.deadlineExceeded, .readTimeout, .connectTimeout, .writeTimeout].contains(error)
      throw ClientError(isLate ? .timedOut : .unreachable, "\(base): \(error)")
    } catch is NIOTooManyBytesError {
      throw ClientError(.tooLarge, "\(request.url): more than \(limit) bytes")
    } catch let error as CancellationError {
      throw error
    } catch {
      throw ClientError(.unreachable, "\(base): \(error)")
    }
  }

  /// Gives up what is not done in the time of one attempt. The library's own deadline ends with the head of the answer,
  /// and a server that sends a byte now and then would hold a client for ever.
  private func inTime<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      defer { group.cancelAll() }
      group.addTask { try await work() }
      group.addTask { [base, options] in
        try await Task.sleep(for: .seconds(options.answerSeconds))
        throw ClientError(.timedOut, "\(base): no whole answer in \(options.answerSeconds) s")
      }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  private static func seconds(_ retryAfter: String?) -> Int? { retryAfter.flatMap { Int($0) }.map { max(0, $0) } }

  /// What a server says went wrong: the code and the detail of its problem document, or the bare status.
  private static func problem(_ status: Int, _ body: [UInt8], retryAfter: String?) -> ClientError {
    struct Document: Decodable {
      let code: String
      let detail: String?
    }
    let wait = seconds(retryAfter)
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)),
      isCode(document.code)
    else {
      return ClientError(.badAnswer, "HTTP status \(status), and no problem document", status: status, retryAfter: wait)
    }
    return ClientError(
      ClientError.Code(document.code), line(document.detail ?? ""), status: status, retryAfter: wait)
  }

  /// Whether a server's text can be a code.
  static func isCode(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { (33...126).contains($0) }
  }

  /// A server's text for a terminal: no more than a line, and nothing that steers it.
  static func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(500).filter { $0.value >= 32 && $0.value != 127 }))
  }
}
