internal import Credentials
internal import HTTPTypes
internal import HeartChain
internal import Hummingbird
internal import Ledger
internal import MutualAid
internal import NIOCore
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `/qr/<kind>/<id>`: a QR code with the address of the page that checks files, which fetches the file and checks it;
/// or with an account's address, or a shop's question.
struct VerifyCode {
  /// What the file is of.
  enum Kind: String, CaseIterable {
    /// A transaction by its hash: its receipt.
    case receipts
    /// A membership: its statement.
    case members
    /// A case: the proof of its record.
    case cases
    /// A lot: its way.
    case ways
    /// An address, which is the picture's whole text: for a payment's reference or a drop-off.
    case addresses
    /// A shop's question to a customer, which is the picture's whole text.
    case questions
  }

  /// How readers reach this server.
  struct Origin: Sendable {
    /// Where the operator says it: `https://aid.example`, without a slash at its end.
    var told: String?
    /// The scheme of the server itself.
    var scheme = "http"

    /// The address in front of every path: what the operator says; else the host that this request names, which says
    /// nothing to anybody but who sent it.
    ///
    /// - Throws: `PageError.badRequest` for a host that is none.
    func base(of request: Request) throws(PageError) -> String {
      if let told { return told }
      guard let host = request.head.authority, (1...255).contains(host.utf8.count),
        host.utf8.allSatisfy({ byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
            UInt8(ascii: "["), UInt8(ascii: "]"):
            true
          default: false
          }
        })
      else { throw .badRequest }
      return "\(scheme)://\(host)"
    }
  }

  /// The picture.
  private let svg: String
  /// Who may keep it, and for how long.
  private let caching: String

  /// - Throws: `PageError.notFound` where nothing has this id, `PageError.badRequest` for a host that is none.
  init(_ scope: PageScope, kind: String?, id: String?, origin: Origin, _ request: Request) throws {
    guard let kind = kind.flatMap(Kind.init(rawValue:)) else { throw PageError.notFound }
    let file: String
    switch kind {
    case .receipts:
      guard let hash = id.flatMap({ Hash(hexadecimal: $0) }), try scope.index.transaction(hash: hash) != nil else {
        throw PageError.notFound
      }
      file = "/v1/receipts/\(hash)"
    case .members: file = "/v1/members/\(try VerifyCode.ordinal(id, below: scope.aid.memberships.count))/statement"
    case .cases: file = "/v1/proofs/cases/\(try VerifyCode.ordinal(id, below: scope.aid.cases.count))"
    case .ways: file = "/v1/ways/\(try VerifyCode.ordinal(id, below: scope.hearts.lots.count))"
    case .addresses:
      guard let address = AskedAddress(id).address,
        let code = QRCode(Array(address.description.utf8), correction: .medium)
      else { throw PageError.notFound }
      svg = code.svg
      caching = VerifyCode.forAll
      return
    case .questions:
      // Nothing but a question of the one form, or this would draw anybody's text in this site's name.
      guard let id, let asked = try? QuestionText(text: id), asked.isOfPartner,
        let code = QRCode(Array(asked.text.utf8), correction: .medium)
      else { throw PageError.notFound }
      svg = code.svg
      caching = "no-store"
      return
    }
    let address = try origin.base(of: request) + "/verify?file=" + scope.file(file).percentEncoded
    guard let code = QRCode(Array(address.utf8), correction: .medium) else { throw PageError.badRequest }
    svg = code.svg
    caching = origin.told == nil ? "private, max-age=3600" : VerifyCode.forAll
  }

  /// An ordinal; what is none of this kind's ids may be one of another's, so it is not found.
  private static func ordinal(_ text: String?, below count: Int) throws(PageError) -> Int {
    do {
      return try PageScope.ordinal(text, below: count)
    } catch {
      throw .notFound
    }
  }

  /// For a picture that is the same for all.
  private static let forAll = "public, max-age=86400"

  /// The picture, which others may keep only where it is the same for all.
  var response: Response {
    Response(
      status: .ok,
      headers: [.contentType: "image/svg+xml", .cacheControl: caching],
      body: .init(byteBuffer: ByteBuffer(string: svg)))
  }
}

extension PageScope {
  /// The place of the QR code for something on a page.
  func code(_ kind: VerifyCode.Kind, _ id: some CustomStringConvertible) -> String {
    file("/qr/\(kind.rawValue)/\(id)")
  }
}
