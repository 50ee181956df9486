/// A public key with its name, in the form that C2SP signed-note calls a vkey:
/// `<name>+<8 hex digits of the key ID>+<base64 of type byte and key>`.
///
/// Keys of unsupported types are kept; their signatures are ignored when a note is verified.
public struct VerifierKey: Hashable, Sendable {
  /// The most bytes that a key after its type byte may have: twice an ML-DSA-87 key.
  public static let maximumKeyByteCount = 5_184

  /// The name on the signature lines.
  public let name: NoteName

  /// The kind of key.
  public let type: SignatureType

  /// The key's bytes without the type byte; 32 for the supported types.
  public let publicKey: [UInt8]

  /// The key ID on the signature lines: an identifier, no security.
  public let id: UInt32

  /// Makes a key of its parts.
  ///
  /// Throws `malformedKey` for a wrong length, and `unacceptableKey` for an Ed25519 key that
  /// `Ed25519.isAcceptablePublicKey` refuses.
  public init(name: NoteName, type: SignatureType, publicKey: [UInt8]) throws(TransparencyLogError) {
    guard !publicKey.isEmpty, publicKey.count <= Self.maximumKeyByteCount else {
      throw TransparencyLogError(.malformedKey, "The key is empty or too long.")
    }
    if type.isSupported {
      guard publicKey.count == Ed25519.publicKeyByteCount else {
        throw TransparencyLogError(.malformedKey, "An Ed25519 key has 32 bytes.")
      }
      guard Ed25519.isAcceptablePublicKey(publicKey) else {
        throw TransparencyLogError(.unacceptableKey, "The Ed25519 key is of small order or not canonical.")
      }
    }
    self.name = name
    self.type = type
    self.publicKey = publicKey
    self.id = Self.id(name: name, type: type, publicKey: publicKey)
  }

  /// Reads a vkey. Throws the errors of the other initialisers, `malformedKey` for text in any other
  /// form, and `keyIDMismatch` when the ID is not that of name, type and key.
  public init(text: [UInt8]) throws(TransparencyLogError) {
    // The base64 part may hold plus signs of its own, so only the first two divide.
    let parts = text.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].count <= Self.maximumKeyByteCount * 2,
      let written = KeyID.parse(hexadecimal: parts[1]),
      let material = Base64.decode(parts[2]), let type = material.first
    else {
      throw TransparencyLogError(.malformedKey, "The verifier key is not name, key ID and base64.")
    }
    try self.init(
      name: NoteName(parts[0]), type: SignatureType(rawValue: type), publicKey: Array(material.dropFirst()))
    guard written == id else {
      throw TransparencyLogError(.keyIDMismatch, "The key ID is not that of the name, type and key.")
    }
  }

  /// Reads a vkey, as `init(text:)` with bytes does.
  public init(text: String) throws(TransparencyLogError) {
    try self.init(text: Array(text.utf8))
  }

  /// The vkey as bytes; reading it gives an equal key.
  public var text: [UInt8] {
    let plus = [UInt8(ascii: "+")]
    return name.bytes + plus + KeyID.hexadecimal(id) + plus + Base64.encode([type.rawValue] + publicKey)
  }

  private static func id(name: NoteName, type: SignatureType, publicKey: [UInt8]) -> UInt32 {
    let hash =
      type == .ecdsa
      ? Hash.sha256(publicKey) : Hash.sha256(name.bytes + [LineReader.newline, type.rawValue] + publicKey)
    return hash.withUnsafeBytes { KeyID.parse($0.prefix(4)) }
  }
}

extension VerifierKey: CustomStringConvertible {
  /// The vkey.
  public var description: String {
    String(decoding: text, as: UTF8.self)
  }
}

/// Key IDs in their two written forms: big-endian bytes and eight lowercase hexadecimal digits.
enum KeyID {
  static let byteCount = 4

  static func parse(_ bytes: some Collection<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  static func bytes(_ id: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: id >> UInt32($0)) }
  }

  static func parse(hexadecimal text: ArraySlice<UInt8>) -> UInt32? {
    guard text.count == 2 * byteCount else { return nil }
    var id: UInt32 = 0
    for digit in text {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): id = id << 4 | UInt32(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): id = id << 4 | UInt32(digit - UInt8(ascii: "a")) + 10
      default: return nil
      }
    }
    return id
  }

  static func hexadecimal(_ id: UInt32) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return (0..<8).map { digits[Int(id >> UInt32(28 - 4 * $0) & 15)] }
  }
}
