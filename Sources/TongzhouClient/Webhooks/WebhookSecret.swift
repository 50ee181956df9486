internal import Crypto
internal import Foundation

/// What the sender of webhooks signs with, so that a receiver knows who it was (Standard Webhooks 1.0.0).
public struct WebhookSecret: Sendable {
  /// The bytes a symmetric secret may have.
  public static let symmetricByteCounts = 24...64

  private enum Key: Sendable {
    /// For HMAC-SHA256; the receiver has the same.
    case symmetric([UInt8])
    /// The seed of an Ed25519 key; the receiver has the public half.
    case ed25519([UInt8])
  }

  private let key: Key

  /// Reads `whsec_` with 24 to 64 bytes in base64, or `whsk_` with an Ed25519 seed of 32 bytes, or with the seed and
  /// the public key behind it.
  ///
  /// - Throws: `webhook.bad_secret`; the message does not quote the text.
  public init(text: String) throws(WebhookError) {
    let (symmetric, asymmetric) = ("whsec_", "whsk_")
    if text.hasPrefix(symmetric) {
      guard let bytes = Self.bytes(text.dropFirst(symmetric.count)), Self.symmetricByteCounts.contains(bytes.count)
      else { throw WebhookError(.badSecret, "whsec_ is followed by 24 to 64 bytes in base64") }
      key = .symmetric(bytes)
    } else if text.hasPrefix(asymmetric) {
      guard let bytes = Self.bytes(text.dropFirst(asymmetric.count)), bytes.count == 32 || bytes.count == 64,
        let pair = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.prefix(32)),
        bytes.count == 32 || Array(pair.publicKey.rawRepresentation) == Array(bytes.suffix(32))
      else { throw WebhookError(.badSecret, "whsk_ is followed by an Ed25519 key of 32 or 64 bytes in base64") }
      key = .ed25519(Array(bytes.prefix(32)))
    } else {
      throw WebhookError(.badSecret, "a secret begins with whsec_ or whsk_")
    }
  }

  /// What the receiver of an Ed25519 signature has to know, `whpk_…`; `nil` for a symmetric secret.
  public var publicKey: String? {
    guard case .ed25519(let seed) = key,
      let pair = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { return nil }
    return "whpk_" + Data(pair.publicKey.rawRepresentation).base64EncodedString()
  }

  /// The signature over `id.timestamp.body`, as it stands in the field `webhook-signature`: `v1,…` or `v1a,…`.
  ///
  /// - Parameters:
  ///   - id: the field `webhook-id`; holds no full stop.
  ///   - timestamp: the field `webhook-timestamp`: seconds since 1970.
  public func signature(id: String, timestamp: UInt64, body: [UInt8]) throws(WebhookError) -> String {
    let signed = Array("\(id).\(timestamp).".utf8) + body
    switch key {
    case .symmetric(let bytes):
      let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: bytes))
      return "v1," + Data(code).base64EncodedString()
    case .ed25519(let seed):
      guard let pair = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
        let signature = try? pair.signature(for: signed)
      else { throw WebhookError(.badSecret, "the Ed25519 key does not sign") }
      return "v1a," + signature.base64EncodedString()
    }
  }

  private static func bytes(_ text: Substring) -> [UInt8]? { Data(base64Encoded: String(text)).map(Array.init) }
}
