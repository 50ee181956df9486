extension NodeClient {
  /// A page of events as EPCIS has them, in the order in which the chain took them. Nothing of it is proven.
  public struct EPCISPage: Sendable {
    /// An EPCISQueryDocument, as the node gave it.
    public let document: [UInt8]
    /// Behind which place the next page begins; `nil` at the end.
    public let next: UInt64?
  }

  /// The most bytes of a page: more than 200 events with all their lots.
  private static let epcisPageBytes = 16 << 20

  /// A page of at most 200 events.
  ///
  /// - Parameters:
  ///   - query: parameters of EPCIS's SimpleEventQuery that the node takes, such as `GE_eventTime`.
  ///   - place: where the page before ended; `nil` for the first.
  /// - Throws: `client.bad_answer` for pages that do not come to an end.
  public func epcisEvents(
    _ query: [(name: String, value: String)] = [], after place: UInt64? = nil, on name: String
  ) async throws -> EPCISPage {
    var path = "/epcis/events?chain=\(name)&perPage=200"
    for (name, value) in query { path += "&\(name.percentEncoded)=\(value.percentEncoded)" }
    if let place { path += "&nextPageToken=\(place)" }
    let address = path
    let answer = try await transport.repeated {
      try await self.transport.answer(address, limit: NodeClient.epcisPageBytes)
    }
    guard let link = answer.link else { return EPCISPage(document: answer.body, next: nil) }
    guard let token = link.split(separator: "nextPageToken=", maxSplits: 1).dropFirst().first,
      let next = UInt64(token.prefix { $0.isASCII && $0.isNumber }), place.map({ next > $0 }) ?? true
    else { throw ClientError(.badAnswer, "the pages of events do not come to an end") }
    return EPCISPage(document: answer.body, next: next)
  }

  /// What became of a capture.
  public struct EPCISCapture: Decodable, Sendable {
    /// Why something was refused.
    public struct Problem: Decodable, Sendable {
      /// One of EPCIS's exceptions, such as `epcisException:ValidationException`.
      public let type: String
      /// What was found.
      public let detail: String
      /// The chain's or the node's code, of docs/errors.md.
      public let code: String
      /// Which event of the document, from 0; `nil` where it is about all.
      public let event: Int?

      private enum CodingKeys: CodingKey { case type, detail, code, event }

      /// Reads one; its texts are a node's, and may come to a terminal.
      public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        type = try fields.decode(String.self, forKey: .type)
        code = try fields.decode(String.self, forKey: .code)
        detail = HTTPTransport.line(try fields.decode(String.self, forKey: .detail))
        event = try fields.decodeIfPresent(Int.self, forKey: .event)
        guard HTTPTransport.isCode(type), HTTPTransport.isCode(code) else {
          throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no code"))
        }
      }
    }

    /// Whether it goes on.
    public let running: Bool
    /// Whether every event was taken.
    public let success: Bool
    /// What was refused.
    public let errors: [Problem]
  }

  /// Hands in an EPCISDocument for the organisation that has a token.
  ///
  /// It is sent once, and again only where the node says that it did not take it up. Where the answer is lost, it can
  /// be sent again by the caller: an organisation's events are taken once.
  ///
  /// - Parameter isRollback: whether one event that is refused refuses all.
  /// - Returns: the capture's name, by which ``epcisCapture(_:token:on:)`` knows it.
  /// - Throws: ``ClientError`` with the node's code; `client.bad_address` for what is no token.
  public func capture(
    epcis document: [UInt8], token: String, isRollback: Bool = true, on name: String
  ) async throws -> String {
    let fields =
      try NodeClient.bearer(token) + [("gs1-capture-error-behaviour", isRollback ? "rollback" : "proceed")]
    let path = "/epcis/capture?chain=\(name)"
    let answer: Result<HTTPTransport.Answer, ClientError> = try await transport.repeated {
      do {
        return .success(
          try await self.transport.answer(
            path, fields: fields, sending: (document, "application/json"), limit: 1 << 16))
      } catch let error as ClientError where error.status == nil {
        return .failure(error)
      }
    }
    let location = try answer.get().location ?? ""
    let id = location.split(separator: "?", maxSplits: 1).first?.split(separator: "/").last.map(String.init) ?? ""
    guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ $0 < 128 }), id.allSatisfy({ $0.isHexDigit }) else {
      throw ClientError(.badAnswer, "\(path): the capture has no name")
    }
    return id
  }

  /// What became of a capture, as it stands.
  public func epcisCapture(_ id: String, token: String, on name: String) async throws -> EPCISCapture {
    let path = "/epcis/capture/\(id)?chain=\(name)"
    let fields = try NodeClient.bearer(token)
    // A refused event of each of a thousand has its error.
    let answer = try await transport.repeated {
      try await self.transport.answer(path, fields: fields, limit: 4 << 20)
    }
    return try NodeClient.decode(EPCISCapture.self, answer.body, path)
  }

  /// The field that says who somebody is; nothing else can get into the header by it.
  private static func bearer(_ token: String) throws -> [(name: String, value: String)] {
    guard (1...512).contains(token.utf8.count), token.utf8.allSatisfy({ (33...126).contains($0) }) else {
      throw ClientError(.badAddress, "a token is 1 to 512 visible characters")
    }
    return [("authorization", "Bearer \(token)")]
  }
}
