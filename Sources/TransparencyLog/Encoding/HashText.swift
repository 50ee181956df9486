/// A hash on a line of its own: 44 characters of canonical base64.
enum HashText {
  static func decode(_ text: some BidirectionalCollection<UInt8>) -> Hash? {
    guard text.count == 44, let bytes = Base64.decode(text) else { return nil }
    return Hash(bytes)
  }

  static func encode(_ hash: Hash) -> [UInt8] {
    Base64.encode(hash.bytes)
  }
}
