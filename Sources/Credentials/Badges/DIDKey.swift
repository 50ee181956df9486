/// A key as a decentralised identifier that needs no register: `did:key:z…`, base58btc of a multicodec prefix and the
/// key.
enum DIDKey {
  private static let prefix: [UInt8] = [0xED, 0x01]
  private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)

  /// The identifier of 32 bytes of an Ed25519 key.
  static func identifier(of key: [UInt8]) -> String { "did:key:z" + base58(prefix + key) }

  /// Digits of base 58, the last one first; bytes in front that are zero do not occur behind the prefix.
  private static func base58(_ bytes: [UInt8]) -> String {
    var digits: [Int] = []
    for byte in bytes {
      var carry = Int(byte)
      for index in digits.indices {
        carry += digits[index] << 8
        (digits[index], carry) = (carry % 58, carry / 58)
      }
      while carry > 0 {
        digits.append(carry % 58)
        carry /= 58
      }
    }
    return String(decoding: digits.reversed().map { alphabet[$0] }, as: UTF8.self)
  }
}
