/// The kind of a key and its signatures in a signed note: the byte that goes into the key ID.
///
/// Any byte is a type; those without a name here are kept, and their signatures are ignored.
public struct SignatureType: RawRepresentable, Hashable, Sendable {
  /// The type byte.
  public let rawValue: UInt8

  /// Makes a type of a byte.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// 01: Ed25519 over the note's text.
  public static let ed25519 = Self(rawValue: 0x01)
  /// 02: ECDSA. Not verified here; its key ID follows a rule of its own.
  public static let ecdsa = Self(rawValue: 0x02)
  /// 04: Ed25519 cosignature with a time (C2SP tlog-cosignature, v1).
  public static let ed25519Cosignature = Self(rawValue: 0x04)
  /// 05: RFC 6962 tree head signature. Not verified here.
  public static let rfc6962TreeHead = Self(rawValue: 0x05)
  /// 06: ML-DSA-44 cosignature. Not verified here, since swift-crypto does not offer ML-DSA-44.
  public static let mlDSA44 = Self(rawValue: 0x06)

  /// Whether this library verifies signatures of the type.
  public var isSupported: Bool {
    self == .ed25519 || self == .ed25519Cosignature
  }
}
