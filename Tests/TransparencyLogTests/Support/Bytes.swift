import Testing
import TransparencyLog

/// The bytes of lowercase hexadecimal text.
func hex(_ text: String) -> [UInt8] {
  let digits = text.utf8.map { $0 > 0x60 ? $0 - 0x61 + 10 : $0 - 0x30 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// A hash out of 64 hexadecimal digits; a record of failure and zero otherwise.
func hash(hex text: String) -> Hash {
  found(Hash(hex(text)), "not a hash: \(text)") ?? .zero
}

/// A hash out of 44 characters of base64; a record of failure and zero otherwise.
func hash(base64 text: String) -> Hash {
  found(Base64.decode(text).flatMap { Hash($0) }, "not a hash: \(text)") ?? .zero
}

private func found(_ hash: Hash?, _ comment: String) -> Hash? {
  #expect(hash != nil, "\(comment)")
  return hash
}

/// The UTF-8 bytes of a text.
func utf8(_ text: String) -> [UInt8] {
  Array(text.utf8)
}

/// The text of UTF-8 bytes, for messages and for editing lines in a test.
func text(_ bytes: [UInt8]) -> String {
  String(decoding: bytes, as: UTF8.self)
}

/// The code that `body` is refused with; `nil` when it is not refused.
func refusal<T>(of body: () throws -> T) -> TransparencyLogError.Code? {
  do {
    _ = try body()
    return nil
  } catch let error as TransparencyLogError {
    return error.code
  } catch {
    Issue.record("an error of another type: \(error)")
    return nil
  }
}

/// Leaf hashes of a tree that is different at each index.
func leaves(_ count: Int) -> [Hash] {
  (0..<count).map { Hash.leaf(utf8("leaf \($0)")) }
}
