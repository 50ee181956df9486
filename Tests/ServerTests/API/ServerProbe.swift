import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Node
import Testing

@testable import Server

/// Asks a server's whole router, middlewares and all, as a client on the network would.
struct ServerProbe: Sendable {
  /// What came back.
  struct Answer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The body as a JSON object.
    func object() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// The items of a page.
    func items() throws -> [[String: Any]] { try #require(try object()["items"] as? [[String: Any]]) }

    /// The numbers that a page's items have under a name.
    func numbers(_ name: String) throws -> [Int] { try items().map { try #require($0[name] as? Int) } }

    /// The stable code of a problem document, whose form is checked.
    func code(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
      #expect(headers[.contentType] == "application/problem+json", sourceLocation: sourceLocation)
      let problem = try object()
      #expect(problem["status"] as? Int == status.code, sourceLocation: sourceLocation)
      #expect(problem["type"] as? String == "about:blank", sourceLocation: sourceLocation)
      #expect(problem["title"] as? String == status.reasonPhrase, sourceLocation: sourceLocation)
      for name in ["detail", "request"] {
        #expect((problem[name] as? String)?.isEmpty == false, "\(name)", sourceLocation: sourceLocation)
      }
      return try #require(problem["code"] as? String, sourceLocation: sourceLocation)
    }
  }

  let client: any TestClientProtocol

  /// Serves chains, and asks.
  static func with(
    _ chains: [any ServedChain], options: ServerApplication.Options = .init(), witnessing: Witnessing = .init(),
    green: GreenChannel? = nil, metrics: PrometheusRegistry? = nil,
    clock: @escaping @Sendable () -> UInt64 = { 1_800_000_000 },
    _ body: @Sendable (ServerProbe) async throws -> Void
  ) async throws {
    let router = try ServerApplication.router(
      chains: chains, options: options, witnessing: witnessing, green: green, metrics: metrics, clock: clock)
    let app = Application(responder: router.buildResponder())
    try await app.test(.router) { try await body(ServerProbe(client: $0)) }
  }

  /// One request.
  func ask(
    _ method: HTTPRequest.Method, _ address: String, headers: HTTPFields = [:], body: [UInt8]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Answer {
    let answer = try await client.execute(
      uri: address, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
    ) { response in
      Answer(status: response.status, headers: response.headers, bytes: Array(response.body.readableBytesView))
    }
    // Whatever a test asks for: an answer that the description does not know is a mistake.
    if let fault = OpenAPIDocument.served.fault(in: answer, to: method, address) {
      Issue.record("\(method) \(address.prefix(80)): \(fault)", sourceLocation: sourceLocation)
    }
    return answer
  }

  /// One GET.
  func get(
    _ address: String, headers: HTTPFields = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Answer {
    try await ask(.get, address, headers: headers, sourceLocation: sourceLocation)
  }

  /// Expects that a GET is refused with a status and a code.
  func refuses(
    _ address: String, _ wanted: String, headers: HTTPFields = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await get(address, headers: headers, sourceLocation: sourceLocation)
    let code = try answer.code(sourceLocation: sourceLocation)
    #expect("\(answer.status.code) \(code)" == wanted, "\(address)", sourceLocation: sourceLocation)
  }
}
