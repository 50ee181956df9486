internal import Crypto
internal import Foundation

/// One claim with its salt (RFC 9901, section 4.2), as text. The credential holds only its digest.
struct Disclosure: Hashable {
  /// Bytes of a salt: 128 bits.
  static let saltBytes = 16
  private static let maximumBytes = 512

  let text: String
  let claim: String
  let value: Bool

  /// A new one with a salt of the generator.
  init(_ claim: String, _ value: Bool, using generator: inout some RandomNumberGenerator) {
    let bytes = (0..<Disclosure.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let salt = Base64URL.encode(bytes)
    text = Base64URL.encode(#"["\#(salt)","\#(claim)",\#(value)]"#.utf8)
    self.claim = claim
    self.value = value
  }

  /// Reads the text; `credential.malformed` for other than a salt of 128 bits, a name, and true or false.
  init(_ text: some StringProtocol) throws(CredentialError) {
    guard text.utf8.count <= Disclosure.maximumBytes, let bytes = Base64URL.decode(text) else {
      throw CredentialError(.malformed, "a disclosure that is no base64url")
    }
    let parts = try StrictJSON.decode(Parts.self, from: bytes)
    guard parts.salt.utf8.count >= 22 else { throw CredentialError(.malformed, "a salt that can be guessed") }
    self.text = String(text)
    claim = parts.claim
    value = parts.value
  }

  private struct Parts: Decodable {
    let salt, claim: String
    let value: Bool

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      salt = try list.decode(String.self)
      claim = try list.decode(String.self)
      value = try list.decode(Bool.self)
      guard list.isAtEnd else {
        throw DecodingError.dataCorruptedError(in: list, debugDescription: "more than three elements")
      }
    }
  }

  /// What stands for it in the credential: a hash of the text, not of what it says.
  var digest: String { Base64URL.encode(SHA256.hash(data: Data(text.utf8))) }
}
