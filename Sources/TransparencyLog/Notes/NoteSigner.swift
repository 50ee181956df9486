internal import Crypto

/// A named Ed25519 key that signs notes (type 01), as a log does.
public struct NoteSigner: Sendable {
  /// The public half, to be given to verifiers.
  public let verifierKey: VerifierKey

  private let key: SigningKey

  /// Makes a signer from the 32-byte seed of an Ed25519 key (RFC 8032). Throws `signingFailed` for any
  /// other length.
  public init(name: NoteName, seed: [UInt8]) throws(TransparencyLogError) {
    key = try SigningKey(seed: seed)
    verifierKey = try VerifierKey(name: name, type: .ed25519, publicKey: key.publicKey)
  }

  /// Signs a note's text. Throws `malformedNote` for a text that no note can have.
  public func sign(text: [UInt8]) throws(TransparencyLogError) -> NoteSignature {
    try SigningKey.checkSignable(text)
    return try NoteSignature(name: verifierKey.name, keyID: verifierKey.id, signature: key.sign(text))
  }
}

/// A named Ed25519 key that cosigns checkpoints with a time (type 04), as a witness does.
///
/// The key may serve nothing else: the signed message does not name the cosigner.
public struct NoteCosigner: Sendable {
  /// The public half, to be given to verifiers.
  public let verifierKey: VerifierKey

  private let key: SigningKey

  /// Makes a cosigner from the 32-byte seed of an Ed25519 key (RFC 8032). Throws `signingFailed` for any
  /// other length.
  public init(name: NoteName, seed: [UInt8]) throws(TransparencyLogError) {
    key = try SigningKey(seed: seed)
    verifierKey = try VerifierKey(name: name, type: .ed25519Cosignature, publicKey: key.publicKey)
  }

  /// Cosigns a checkpoint's text at a time in seconds since 1970.
  ///
  /// Throws `timestampOutOfRange` unless the time is 1...2^63-1, and `malformedNote` for a text that no
  /// note can have.
  public func cosign(text: [UInt8], timestamp: UInt64) throws(TransparencyLogError) -> NoteSignature {
    guard (1...Cosignature.maximumTimestamp).contains(timestamp) else {
      throw TransparencyLogError(.timestampOutOfRange, "The time of a cosignature is 1...2^63 - 1 seconds.")
    }
    try SigningKey.checkSignable(text)
    let signature = try key.sign(Cosignature.message(timestamp: timestamp, text: text))
    return try NoteSignature(
      name: verifierKey.name, keyID: verifierKey.id,
      signature: Cosignature(timestamp: timestamp, signature: signature).blob)
  }
}

/// A private key that says nothing of itself when printed.
private struct SigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let key: Curve25519.Signing.PrivateKey

  init(seed: [UInt8]) throws(TransparencyLogError) {
    guard seed.count == Ed25519.seedByteCount,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else {
      throw TransparencyLogError(.signingFailed, "The seed of an Ed25519 key has 32 bytes.")
    }
    self.key = key
  }

  var publicKey: [UInt8] {
    Array(key.publicKey.rawRepresentation)
  }

  func sign(_ message: [UInt8]) throws(TransparencyLogError) -> [UInt8] {
    guard let signature = try? key.signature(for: message) else {
      throw TransparencyLogError(.signingFailed, "The message could not be signed.")
    }
    return Array(signature)
  }

  static func checkSignable(_ text: [UInt8]) throws(TransparencyLogError) {
    guard NoteText.isSignable(text) else {
      throw TransparencyLogError(
        .malformedNote, "The text is not UTF-8 that ends in a newline and has no control characters.")
    }
  }

  var description: String { "private key" }

  var customMirror: Mirror { Mirror(self, children: []) }
}
