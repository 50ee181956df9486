internal import Crypto

/// Ed25519 (RFC 8032) as the C2SP formats use it, on plain bytes.
public enum Ed25519 {
  /// The length of a public key in bytes.
  public static let publicKeyByteCount = 32

  /// The length of a signature in bytes.
  public static let signatureByteCount = 64

  /// The length of a private key's seed in bytes.
  public static let seedByteCount = 32

  /// Whether a public key may be relied on: 32 bytes, in canonical form, and not of small order.
  ///
  /// With a key of small order anyone can make signatures that verify, for any message. Refused are
  /// the y-coordinates 0, 1, p - 1 and the two of order 8, with either sign bit, and every y that is
  /// not below p = 2^255 - 19. Whether the bytes are a point at all is not decided here: for those
  /// that are not, no signature ever verifies.
  public static func isAcceptablePublicKey(_ bytes: [UInt8]) -> Bool {
    Hash(bytes).map { isAcceptablePublicKey($0) } ?? false
  }

  /// The same for the 32 bytes of a key kept as a hash-sized value.
  public static func isAcceptablePublicKey(_ key: Hash) -> Bool {
    let y = Hash(words: (key.word0, key.word1, key.word2, key.word3 & UInt64(littleEndian: .max >> 1)))
    return isBelowFieldPrime(y) && !smallOrder.contains(y)
  }

  /// Whether a signature over a message is valid under a public key, cofactorless as in BoringSSL.
  ///
  /// Says nothing of the key: see `isAcceptablePublicKey`. `false` for wrong lengths.
  public static func verify(signature: [UInt8], message: [UInt8], key: [UInt8]) -> Bool {
    guard signature.count == signatureByteCount, key.count == publicKeyByteCount,
      let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
    else { return false }
    return publicKey.isValidSignature(signature, for: message)
  }

  /// Whether the message behind a prefix was signed; neither is copied to the heap on the way.
  public static func verify(
    signature: ArraySlice<UInt8>, prefix: [UInt8], message: ArraySlice<UInt8>, key: Hash
  ) -> Bool {
    guard signature.count == signatureByteCount,
      let publicKey = key.withUnsafeBytes({ try? Curve25519.Signing.PublicKey(rawRepresentation: $0) })
    else { return false }
    return withUnsafeTemporaryAllocation(byteCount: prefix.count + message.count, alignment: 8) { buffer in
      buffer.copyBytes(from: prefix)
      UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyBytes(from: message)
      return publicKey.isValidSignature(signature, for: UnsafeRawBufferPointer(buffer))
    }
  }

  /// Whether the 32 little-endian bytes, whose top bit is clear, are below 2^255 - 19.
  private static func isBelowFieldPrime(_ y: Hash) -> Bool {
    UInt64(littleEndian: y.word3) != .max >> 1 || y.word1 != .max || y.word2 != .max
      || UInt64(littleEndian: y.word0) < .max - 18
  }

  /// The y-coordinates of the points whose order divides 8, in little-endian bytes.
  private static let smallOrder: [Hash] =
    ([
      [UInt8](repeating: 0, count: 32),
      [1] + [UInt8](repeating: 0, count: 31),
      [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
      [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
        0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
      ],
      [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
        0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
      ],
    ] as [[UInt8]]).compactMap { Hash($0) }
}
