/// Bech32m as BIP-350 defines it: base-32 text with a checksum that finds any four mistyped characters.
public enum Bech32m {
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
  private static let checksumConstant: UInt32 = 0x2bc8_30a3
  /// The longest text that is read (BIP-173 allows 90 characters).
  public static let maximumLength = 90

  /// Text for whole bytes; the prefix must be printable lower-case ASCII.
  public static func encode(prefix: String, bytes: [UInt8]) -> String {
    let data = regroup(bytes, from: 8, to: 5, padding: true) ?? []
    let head = Array(prefix.utf8)
    var text = head + [UInt8(ascii: "1")]
    for value in data + checksum(prefix: head, data: data) { text.append(alphabet[Int(value)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Prefix and bytes; `nil` for mixed case, a wrong checksum, stray bits or characters.
  public static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
    guard let (prefix, data) = decodeWords(text), let bytes = regroup(data, from: 5, to: 8, padding: false) else {
      return nil
    }
    return (prefix, bytes)
  }

  /// Prefix and five-bit words of a valid text, whether or not the words make whole bytes.
  static func decodeWords(_ text: String) -> (prefix: String, words: [UInt8])? {
    var characters = Array(text.utf8)
    guard characters.count <= maximumLength, characters.allSatisfy({ (33...126).contains($0) }) else { return nil }
    let upper = characters.contains { (65...90).contains($0) }
    let lower = characters.contains { (97...122).contains($0) }
    if upper && lower { return nil }
    if upper { characters = characters.map { (65...90).contains($0) ? $0 + 32 : $0 } }
    guard let separator = characters.lastIndex(of: UInt8(ascii: "1")), separator >= 1,
      characters.count - separator - 1 >= 6
    else { return nil }
    let head = Array(characters[..<separator])
    var data: [UInt8] = []
    for character in characters[(separator + 1)...] {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      data.append(UInt8(value))
    }
    guard polymod(expanded(head) + data) == checksumConstant else { return nil }
    return (String(decoding: head, as: UTF8.self), Array(data.dropLast(6)))
  }

  private static func regroup(_ values: [UInt8], from: UInt32, to: UInt32, padding: Bool) -> [UInt8]? {
    var accumulator: UInt32 = 0
    var bits: UInt32 = 0
    var result: [UInt8] = []
    let mask = (UInt32(1) << to) - 1
    for value in values {
      accumulator = ((accumulator << from) | UInt32(value)) & 0xfff
      bits += from
      while bits >= to {
        bits -= to
        result.append(UInt8((accumulator >> bits) & mask))
      }
    }
    if padding {
      if bits > 0 { result.append(UInt8((accumulator << (to - bits)) & mask)) }
    } else if bits >= from || (accumulator << (to - bits)) & mask != 0 {
      return nil
    }
    return result
  }

  private static func checksum(prefix: [UInt8], data: [UInt8]) -> [UInt8] {
    let value = polymod(expanded(prefix) + data + [0, 0, 0, 0, 0, 0]) ^ checksumConstant
    return (0..<6).map { UInt8((value >> (5 * (5 - UInt32($0)))) & 31) }
  }

  private static func expanded(_ prefix: [UInt8]) -> [UInt8] {
    prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
  }

  private static func polymod(_ values: [UInt8]) -> UInt32 {
    let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    var checksum: UInt32 = 1
    for value in values {
      let top = checksum >> 25
      checksum = ((checksum & 0x1ff_ffff) << 5) ^ UInt32(value)
      for (bit, term) in generator.enumerated() where (top >> UInt32(bit)) & 1 == 1 { checksum ^= term }
    }
    return checksum
  }
}
