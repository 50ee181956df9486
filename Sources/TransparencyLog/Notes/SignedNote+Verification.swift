/// A signature that was found valid.
public struct VerifiedSignature: Hashable, Sendable {
  /// The key it is by.
  public let key: VerifierKey

  /// The time that a cosignature states, in seconds since 1970; `nil` for a type that states none.
  public let timestamp: UInt64?
}

extension SignedNote {
  /// Checks the signatures by known keys, and returns those that are valid in the order of their lines.
  ///
  /// A line is by a known key when name and ID both match; other lines are ignored, and so are lines
  /// by keys of unsupported types. Throws `invalidSignature` when a known key's signature fails, since
  /// then the note as a whole is not what it claims to be, `ambiguousKey` when two different known keys
  /// match a line, and `noKnownSignature` when no line is valid.
  public func verify(keys: [VerifierKey]) throws(TransparencyLogError) -> [VerifiedSignature] {
    var verified: [VerifiedSignature] = []
    for signature in signatures {
      guard let key = try Self.key(of: signature, among: keys), key.type.isSupported else { continue }
      verified.append(try key.verify(signature, over: text))
    }
    guard !verified.isEmpty else {
      throw TransparencyLogError(.noKnownSignature, "The note has no signature by a known key.")
    }
    return verified
  }

  private static func key(
    of signature: NoteSignature, among keys: [VerifierKey]
  ) throws(TransparencyLogError) -> VerifierKey? {
    var found: VerifierKey?
    for key in keys where signature.matches(key) {
      guard found == nil || found == key else {
        throw TransparencyLogError(.ambiguousKey, "Two different known keys have the same name and ID.")
      }
      found = key
    }
    return found
  }
}

extension VerifierKey {
  /// Checks one signature of this key over a note's text.
  ///
  /// Throws `invalidSignature` when name or ID are not this key's, the type is not supported, the
  /// length is wrong, a cosignature's time is above 2^63 - 1, or the signature does not verify.
  public func verify(
    _ signature: NoteSignature, over text: [UInt8]
  ) throws(TransparencyLogError) -> VerifiedSignature {
    guard signature.matches(self) else { throw Self.invalid }
    switch type {
    case .ed25519:
      guard Ed25519.verify(signature: signature.signature, message: text, key: publicKey) else {
        throw Self.invalid
      }
      return VerifiedSignature(key: self, timestamp: nil)
    case .ed25519Cosignature:
      guard let cosignature = Cosignature(blob: signature.signature),
        Ed25519.verify(
          signature: cosignature.signature,
          message: Cosignature.message(timestamp: cosignature.timestamp, text: text), key: publicKey)
      else {
        throw Self.invalid
      }
      return VerifiedSignature(key: self, timestamp: cosignature.timestamp)
    default:
      throw Self.invalid
    }
  }

  private static var invalid: TransparencyLogError {
    TransparencyLogError(.invalidSignature, "The signature by a known key does not verify.")
  }
}
