internal import Crypto
public import TransparencyLog

/// The algorithms of a signature; others can follow under new numbers.
public enum SignatureSuite: UInt32, Sendable {
  /// Ed25519 as BoringSSL verifies it (cofactorless, canonical), with SHA-256 elsewhere.
  case ed25519 = 1
}

/// A public key that was checked: right length, canonical, not of small order.
///
/// With a key of small order a signature anyone can make verifies for any message, so such a key
/// is refused (`key.unacceptable`) before it can stand for anybody.
public struct PublicKey: Hashable, Sendable {
  /// The 32 bytes of the key, kept as a hash-sized value.
  public let raw: Hash

  /// Checks and takes the bytes of an Ed25519 key.
  public init(_ bytes: some Collection<UInt8>) throws(LedgerError) {
    try self.init(checking: Hash(bytes))
  }

  /// The same for bytes wherever they stand.
  init(_ bytes: RawSpan) throws(LedgerError) { try self.init(checking: Hash(bytes)) }

  private init(checking raw: Hash?) throws(LedgerError) {
    guard let raw, Ed25519.isAcceptablePublicKey(raw) else {
      throw LedgerError(.badKey, "a public key is not 32 canonical bytes of full order")
    }
    self.raw = raw
  }

  /// The 32 bytes.
  public var bytes: [UInt8] { raw.bytes }

  /// The address of an account that starts with this key.
  public var address: Address { raw.withUnsafeBytes { Address(suite: .ed25519, publicKey: $0.bytes) } }

  /// Whether `signature` is this key's over the domain prefix and the message.
  public func verifies(
    _ signature: ArraySlice<UInt8>, domain: [UInt8], message: ArraySlice<UInt8>
  ) -> Bool {
    Ed25519.verify(signature: signature, prefix: domain, message: message, key: raw)
  }

  /// The same for whole arrays.
  public func verifies(_ signature: [UInt8], domain: [UInt8], message: [UInt8]) -> Bool {
    verifies(signature[...], domain: domain, message: message[...])
  }
}

extension PublicKey: Comparable {
  /// The order of the bytes.
  public static func < (a: PublicKey, b: PublicKey) -> Bool { a.raw < b.raw }
}

/// A private key with its public half. Signing is deterministic (RFC 8032), so it fits a pure room.
public struct SigningKey: Sendable {
  /// The 32-byte seed (RFC 8032 private key).
  public let seed: [UInt8]
  /// The public half.
  public let publicKey: PublicKey
  private let key: Curve25519.Signing.PrivateKey

  /// A key from its 32-byte seed; `key.unacceptable` for another length.
  public init(seed: [UInt8]) throws(LedgerError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw LedgerError(.badKey, "a private key is 32 bytes")
    }
    self.seed = seed
    self.key = key
    publicKey = try PublicKey(Array(key.publicKey.rawRepresentation))
  }

  /// The signature over the domain prefix and the message: 64 bytes.
  public func sign(domain: [UInt8], message: [UInt8]) throws(LedgerError) -> [UInt8] {
    do {
      return Array(try key.signature(for: domain + message))
    } catch {
      throw LedgerError(.badSignature, "the key cannot sign")
    }
  }
}
