internal import Contracts
internal import Credentials
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient

/// The routes of the green channel: issuing credentials and badges, keys, status lists, and checking for partners.
struct GreenRoutes {
  private static let maximumQuestion = 1024
  private static let maximumPresentation = UnverifiedPresentation.maximumBytes + 1024

  /// `nil` where this node has no issuer's key.
  let green: GreenChannel?
  let chains: [any ServedChain]
  let limit: RateLimit
  /// How long a body may take to arrive.
  let patience: Duration

  private struct Question: Decodable {
    let partner: UInt32
    let threshold: UInt16
  }
  private struct Presentation: Decodable {
    let partner: UInt32
    let threshold: UInt16
    let presentation: String
  }

  func addRoutes(to router: Router<ServerContext>) {
    router.get(".well-known/jwt-vc-issuer") { _, _ in
      try GreenRoutes.file(try channel().keys.metadata(), type: "application/json")
    }
    let hearts = router.group("v1").add(middleware: PlainPath()).group("hearts")
    hearts.get("issuer-keys.json") { _, _ in
      try GreenRoutes.file(try channel().keys.file(), type: "application/json")
    }
    hearts.get("status/{list}") { _, context in
      let channel = try channel()
      guard let number = context.parameters.get("list").flatMap({ Numbers.read($0, as: Int.self) }),
        (1...IssuanceStore.maximumLists).contains(number),
        let list = try await channel.lists.published(number, on: view(of: channel))
      else { throw Problem.notFound("no such status list") }
      return try GreenRoutes.file(Array(list.token.utf8), type: StatusListToken.mediaType)
    }
    hearts.post("credentials") { request, context in try await issue(request, context) }
    hearts.get("badges") { _, _ in
      let channel = try channel()
      return try JSONResponse.make(BadgesModel(channel.key.issuer, latest().app.hearts))
    }
    hearts.post("badges") { request, context in
      let (channel, fields) = (try channel(), try count(context))
      let body = try await bytes(of: request, upTo: BadgeRequest.maximumBytes)
      let issued = try await channel.issue(try BadgeRequest(json: body), on: view(of: channel))
      return try JSONResponse.make(issued, status: .created, fields: fields)
    }
    hearts.post("nonces") { request, context in
      let (channel, fields) = (try channel(), try count(context))
      let asked = try await read(Question.self, request, upTo: GreenRoutes.maximumQuestion)
      let (nonce, audience) = try channel.ask(for: asked.partner, threshold: asked.threshold, on: view(of: channel))
      let expires = channel.clock() + UInt64(NonceBook.life)
      return try JSONResponse.make(
        NonceModel(
          nonce: nonce, audience: audience, threshold: asked.threshold, expires: expires,
          question: QuestionText(audience: audience, threshold: IndexThreshold(asked.threshold), nonce: nonce).text),
        status: .created, fields: fields)
    }
    hearts.post("presentations") { request, context in
      let (channel, fields) = (try channel(), try count(context))
      let shown = try await read(Presentation.self, request, upTo: GreenRoutes.maximumPresentation)
      let found = try await channel.check(
        shown.presentation, for: shown.partner, threshold: shown.threshold, on: view(of: channel))
      return try JSONResponse.make(
        AnswerModel(threshold: found.threshold, reached: found.isReached), fields: fields)
    }
  }

  private func issue(_ request: Request, _ context: ServerContext) async throws -> Response {
    let (channel, fields) = (try channel(), try count(context))
    let body = try await bytes(of: request, upTo: CredentialRequest.maximumBytes)
    let issued = try await channel.issue(try CredentialRequest(json: body), on: view(of: channel))
    return try JSONResponse.make(
      IssuedModel(
        issuer: channel.key.issuer, credentials: issued.map(\.text), expires: issued.first?.expires ?? 0),
      status: .created, fields: fields)
  }

  /// - Throws: 404 `http.not_found` where this node issues nothing.
  private func channel() throws -> GreenChannel {
    guard let green else { throw Problem.notFound("this node has no issuer's key") }
    return green
  }

  /// The first chain of hearts, where its newest block is new enough for what is signed.
  ///
  /// - Throws: `credential.outdated`; 503 `node.not_ready`.
  private func view(of channel: GreenChannel) throws -> PublishedView {
    let view = try latest()
    try GreenChannel.requireFresh(view, clock: channel.clock())
    return view
  }

  /// The first chain of hearts: the issuer's status lists are of one chain.
  private func latest() throws -> PublishedView {
    guard let view = try API.heartChain(of: chains).view else { throw API.notReady }
    return view
  }

  private func count(_ context: ServerContext) throws -> HTTPFields {
    var fields = try limit.count(context)
    // Credentials, questions and answers are nobody's but who asked.
    fields[.cacheControl] = "no-store"
    return fields
  }

  private func bytes(of request: Request, upTo limit: Int) async throws -> [UInt8] {
    let media = (request.headers[.contentType] ?? "").split(separator: ";").first.map { $0.filter { $0 != " " } }
    guard media?.lowercased() == "application/json" else {
      throw Problem(.unsupportedMediaType, .unsupportedMediaType, "send application/json")
    }
    return try await request.bytes(upTo: limit, within: patience)
  }

  private func read<Value: Decodable>(_ type: Value.Type, _ request: Request, upTo limit: Int) async throws -> Value {
    let body = try await bytes(of: request, upTo: limit)
    guard let value = try? JSONDecoder().decode(type, from: Data(body)) else {
      throw Problem.badRequest("the body is JSON as /openapi.yaml describes it")
    }
    return value
  }

  private static func file(_ bytes: [UInt8], type: String) throws -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "max-age=\(StatusLists.life)"],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

/// Credentials for their holder, and nobody else.
struct IssuedModel: Encodable {
  let issuer: String
  let credentials: [String]
  let expires: Int64
}

/// A question of a partner.
struct NonceModel: Encodable {
  let nonce, audience: String
  let threshold: UInt16
  let expires: UInt64
  /// All of it as one text, to be scanned or pasted.
  let question: String
}

/// All that a partner learns.
struct AnswerModel: Encodable {
  let threshold: UInt16
  let reached: Bool
}

extension Problem {
  /// The status of a refused credential.
  static func status(of code: CredentialError.Code) -> HTTPResponse.Status {
    switch code {
    case .malformed: .badRequest
    case .tooMany, .keyUsed, .replayed: .conflict
    case .noRoom, .outdated: .serviceUnavailable
    default: .unprocessableContent
    }
  }
}
