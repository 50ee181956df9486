internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import NIOCore
internal import TongzhouClient

/// JSON as the API gives it: snake_case names, sorted, so that equal content is equal bytes.
enum JSONResponse {
  static func make(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    type: String = "application/json"
  ) throws -> Response {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var fields = fields
    fields[.contentType] = type
    return Response(
      status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
  }
}

extension JSONResponse {
  /// A proof file, as it is written to disk.
  static func file(_ file: some ProofFile) throws -> Response {
    Response(
      status: .ok, headers: [.contentType: type(of: file).mediaType],
      body: .init(byteBuffer: ByteBuffer(bytes: try file.json())))
  }
}

/// A page of a list: what stands on it, and where the next one begins.
struct ItemPage<Item: Encodable>: Encodable {
  let items: [Item]
  let next: String?
}

extension ItemPage {
  /// The page as JSON with a Link field to the next.
  func response(_ request: Request) throws -> Response {
    try JSONResponse.make(self, fields: PageLink.fields(to: next, request))
  }
}

/// The Link field of a list's page.
enum PageLink {
  /// The field that names the next page; none where this is the last.
  static func fields(to next: String?, _ request: Request) throws -> HTTPFields {
    guard let next else { return [:] }
    // Only what lists know, and each in its own spelling: nothing of a stranger's gets into a header field.
    var query = try [
      "chain", "limit", "plan", "membership", "case", "sender", "party", "project", "giver",
    ].compactMap { name in
      try request.parameter(name).map { "\(name)=\($0.percentEncoded)" }
    }
    query.append("cursor=\(next)")
    let path = request.uri.path.split(separator: "/").joined(separator: "/")
    return [.link: "</\(path)?\(query.joined(separator: "&"))>; rel=\"next\""]
  }
}

extension Request {
  /// A parameter of the query; `nil` where it is not given.
  ///
  /// - Throws: 400 `http.bad_request` for one that is given twice: whoever looked at the other one would be misled.
  func parameter(_ name: String) throws -> String? {
    let values = uri.queryParameters[values: Substring(name)]
    guard values.count <= 1 else { throw Problem.badRequest("\(name) is given more than once") }
    return values.first.map { String($0) }
  }
}

/// The parameters of a list.
struct ListQuery {
  /// The most items of a page.
  static let maximum = 200
  let limit: Int
  /// Where the page begins; what it means is the list's own business.
  let cursor: UInt64?

  init(_ request: Request) throws {
    if let text = try request.parameter("limit") {
      guard let limit = Numbers.read(text, as: Int.self), (1...ListQuery.maximum).contains(limit) else {
        throw Problem.badRequest("limit is 1 to \(ListQuery.maximum)")
      }
      self.limit = limit
    } else {
      limit = 50
    }
    if let text = try request.parameter("cursor") {
      guard let cursor = Numbers.read(text, as: UInt64.self) else {
        throw Problem.badRequest("cursor is what the page before named")
      }
      self.cursor = cursor
    } else {
      cursor = nil
    }
  }

  /// A page of a table whose newest records come first.
  func newestFirst<Item: Encodable>(
    count: Int, where isWanted: (Int) -> Bool = { _ in true }, _ item: (Int) throws -> Item
  ) rethrows -> ItemPage<Item> {
    var items: [Item] = []
    var ordinal = min(cursor.map { Int(clamping: $0) } ?? count, count)
    // A filter may pass over many records; a request looks at no more than this.
    var looked = 0
    while ordinal > 0, items.count < limit, looked < 10_000 {
      ordinal -= 1
      looked += 1
      if isWanted(ordinal) { items.append(try item(ordinal)) }
    }
    return ItemPage(items: items, next: ordinal > 0 ? String(ordinal) : nil)
  }
}
