internal import Crypto
internal import FoundationEssentials

/// A reader: who, and the X25519 key that documents are wrapped for.
public struct Reader: Hashable, Sendable, Comparable {
  /// Bytes of a key.
  public static let keyBytes = 32

  /// Whose key it is.
  public let party: PartyID
  /// The public key in its one form.
  public let publicKey: [UInt8]

  /// - Throws: `vault.bad_key` for a key of another length, not in canonical form, or of small order: with such a
  ///   key everybody would share the secret.
  public init(party: PartyID, publicKey: [UInt8]) throws(VaultError) {
    guard Self.isAcceptable(publicKey) else {
      throw VaultError(.badKey, "a reader's key is not 32 canonical bytes of a point that keeps a secret")
    }
    self.party = party
    self.publicKey = publicKey
  }

  /// By party, then by key.
  public static func < (a: Reader, b: Reader) -> Bool {
    a.party == b.party ? a.publicKey.lexicographicallyPrecedes(b.publicKey) : a.party < b.party
  }

  /// Below 2^255 − 19, and no secret with it is zero.
  private static func isAcceptable(_ key: [UInt8]) -> Bool {
    guard key.count == keyBytes, key[31] < 0x80 else { return false }
    if key[31] == 0x7F, key[1..<31].allSatisfy({ $0 == 0xFF }), key[0] >= 0xED { return false }
    // Any private key finds a point of small order: they are multiples of the cofactor.
    guard let point = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: key),
      let probe = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: [UInt8](repeating: 0x42, count: 32)),
      let shared = try? probe.sharedSecretFromKeyAgreement(with: point)
    else { return false }
    return shared.withUnsafeBytes { bytes in bytes.contains { $0 != 0 } }
  }
}

/// A reader's private X25519 key.
public struct ReaderKey: Sendable {
  let key: Curve25519.KeyAgreement.PrivateKey
  /// The public half.
  public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  /// The key that follows from 32 secret bytes, such as the seed of the account's signing key: HKDF-SHA256, so that
  /// signing and reading never use the same key.
  ///
  /// - Throws: `vault.bad_key` for another length.
  public init(secret: [UInt8]) throws(VaultError) {
    guard secret.count == 32 else { throw VaultError(.badKey, "a secret is 32 bytes") }
    let seed = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: secret), salt: [UInt8](), info: Domain.tag("vault-reader"),
      outputByteCount: 32)
    guard let key = try? seed.withUnsafeBytes({ try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: Array($0)) })
    else { throw VaultError(.badKey, "no reader's key follows from the secret") }
    self.key = key
  }

  /// The reader that others wrap documents for.
  public func reader(_ party: PartyID) throws(VaultError) -> Reader {
    try Reader(party: party, publicKey: publicKey)
  }
}
