internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import TongzhouClient
internal import TransparencyLog

/// Gives finished bodies an ETag, answers 304 to who has them, and compresses what is worth it.
///
/// Streams and files that never change pass through.
struct RepresentationMiddleware: RouterMiddleware {
  /// Smaller bodies are not worth compressing; larger ones are never built here.
  private static let compressed = 1024...(4 << 20)

  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    guard request.method == .get || request.method == .head, response.status == .ok,
      response.headers[.eTag] == nil, response.headers[.cacheControl]?.hasSuffix("immutable") != true,
      let length = response.body.contentLength, length > 0, length <= RepresentationMiddleware.compressed.upperBound
    else { return response }
    let body = try await RepresentationMiddleware.collect(response.body)
    response.headers[.vary] = [response.headers[.vary], "Accept-Encoding"].compactMap { $0 }.joined(separator: ", ")
    var tag: String?
    if response.headers[.cacheControl] != "no-store" {
      let made = "\"" + Hash.sha256(body).description.prefix(32) + "\""
      tag = made
      response.headers[.eTag] = made
      if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-cache" }
      if let known = request.headers[.ifNoneMatch], RepresentationMiddleware.matches(known, made) {
        return RepresentationMiddleware.notModified(response.headers)
      }
    }
    if length >= RepresentationMiddleware.compressed.lowerBound, RepresentationMiddleware.takesGzip(request),
      RepresentationMiddleware.isText(response.headers[.contentType]), let packed = Gzip.compress(body)
    {
      response.headers[.contentEncoding] = "gzip"
      // A weak tag: the same content in other bytes.
      response.headers[.eTag] = tag.map { "W/" + $0 }
      response.body = .init(byteBuffer: ByteBuffer(bytes: packed))
    } else {
      response.body = .init(byteBuffer: ByteBuffer(bytes: body))
    }
    response.headers[.contentLength] = response.body.contentLength.map(String.init)
    return response
  }

  private static func collect(_ body: ResponseBody) async throws -> [UInt8] {
    let collector = Collector()
    try await body.write(collector)
    return collector.bytes
  }

  private static func matches(_ known: String, _ tag: String) -> Bool {
    known.split(separator: ",").contains { part in
      var part = part.drop { $0 == " " }
      if part.hasPrefix("W/") { part = part.dropFirst(2) }
      return part == tag || part == "*"
    }
  }

  /// 304 with the fields by which a cache decides, and none that speak of a body.
  static func notModified(_ headers: HTTPFields) -> Response {
    var response = Response(status: .notModified, headers: headers)
    for name in [HTTPField.Name.contentLength, .contentType, .contentEncoding] { response.headers[name] = nil }
    return response
  }

  private static func takesGzip(_ request: Request) -> Bool {
    (request.headers[.acceptEncoding] ?? "").split(separator: ",").contains { part in
      let words = part.split(separator: ";").map { $0.filter { $0 != " " } }
      // A weight of zero is a refusal, however many zeros it is written with.
      let isRefused = words.dropFirst().contains { weight in
        weight.hasPrefix("q=0") && weight.dropFirst(2).allSatisfy { "0.".contains($0) }
      }
      return words.first?.lowercased() == "gzip" && !isRefused
    }
  }

  private static func isText(_ type: String?) -> Bool {
    guard let type else { return false }
    return type.hasPrefix("text/") || type.hasPrefix("application/json") || type.hasPrefix("application/yaml")
      || type.hasSuffix("+json") || type.hasPrefix("application/atom+xml") || type == "image/svg+xml"
      || type.hasPrefix("application/javascript") || type.hasPrefix("application/xml")
  }
}

/// Takes a whole body into memory.
private final class Collector: ResponseBodyWriter {
  private(set) var bytes: [UInt8] = []

  func write(_ buffer: ByteBuffer) async throws { bytes.append(contentsOf: buffer.readableBytesView) }

  func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
