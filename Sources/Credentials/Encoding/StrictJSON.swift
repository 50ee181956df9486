internal import Foundation

/// JSON as all readers understand it alike: no member twice, no escapes in names, no deep nesting.
///
/// Foundation takes one of two members of the same name, other readers the other one; a signed text must not mean two
/// things.
enum StrictJSON {
  static let maximumDepth = 8

  /// Reads a value; `credential.malformed` for what is no JSON, ambiguous or too deep.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(CredentialError) -> Value {
    try refuseAmbiguity(bytes)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw CredentialError(.malformed, "JSON with other members than it should have")
    }
  }

  /// Writes a value, its members in order.
  static func encode(_ value: some Encodable) throws(CredentialError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch {
      throw CredentialError(.malformed, "a value that JSON cannot hold")
    }
  }

  /// Looks at brackets, names and strings only; whether the rest is JSON, the decoder says.
  static func refuseAmbiguity(_ bytes: [UInt8]) throws(CredentialError) {
    // Names of each object that is open; `nil` for an array.
    var open: [Set<[UInt8]>?] = []
    var position = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "{"): open.append([])
      case UInt8(ascii: "["): open.append(nil)
      case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
      case UInt8(ascii: "\""):
        let (text, end) = try string(in: bytes, from: position)
        position = end
        if follows(colonIn: bytes, after: end), let last = open.indices.last, open[last] != nil {
          guard !text.contains(UInt8(ascii: "\\")) else { throw CredentialError(.malformed, "an escaped name") }
          guard open[last]?.insert(text).inserted == true else { throw CredentialError(.malformed, "a name twice") }
        }
      default: break
      }
      guard open.count <= maximumDepth else { throw CredentialError(.malformed, "nested too deep") }
      position += 1
    }
  }

  /// The text between two quotation marks, and where the second one stands.
  private static func string(in bytes: [UInt8], from start: Int) throws(CredentialError) -> ([UInt8], Int) {
    var end = start + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
    guard end < bytes.count else { throw CredentialError(.malformed, "a text without an end") }
    return (Array(bytes[(start + 1)..<end]), end)
  }

  private static func follows(colonIn bytes: [UInt8], after end: Int) -> Bool {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    return bytes[(end + 1)...].first { !blanks.contains($0) } == UInt8(ascii: ":")
  }
}
