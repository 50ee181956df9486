/// A protobuf message taken apart into its fields, without knowing what they mean; written again as it was read.
///
/// For tests that send what no library writes: fields in another order, doubled, of another kind, numbers at the
/// edge of their range.
public struct ProtobufFields: Sendable {
  /// A field as it stands in the bytes.
  public struct Field: Sendable {
    /// Number and wire type.
    public var tag: UInt64
    /// What follows the tag.
    public var content: Content

    /// The wire types that a message of today has.
    public enum Content: Sendable {
      /// A number of any width.
      case number(UInt64)
      /// Four or eight bytes.
      case fixed([UInt8])
      /// A length and so many bytes: text, bytes, another message.
      case bytes([UInt8])
    }
  }

  /// The fields in their order.
  public var fields: [Field]

  /// A message of these fields.
  public init(_ fields: [Field]) { self.fields = fields }

  /// Takes a message apart; `nil` for what is none.
  public init?(_ message: [UInt8]) {
    var rest = message[...]
    var fields: [Field] = []
    while !rest.isEmpty {
      guard let tag = ProtobufFields.number(&rest) else { return nil }
      switch tag & 7 {
      case 0:
        guard let value = ProtobufFields.number(&rest) else { return nil }
        fields.append(Field(tag: tag, content: .number(value)))
      case 1, 5:
        let width = tag & 7 == 1 ? 8 : 4
        guard rest.count >= width else { return nil }
        fields.append(Field(tag: tag, content: .fixed(Array(rest.prefix(width)))))
        rest = rest.dropFirst(width)
      case 2:
        guard let length = ProtobufFields.number(&rest), length <= UInt64(rest.count) else { return nil }
        fields.append(Field(tag: tag, content: .bytes(Array(rest.prefix(Int(length))))))
        rest = rest.dropFirst(Int(length))
      default: return nil
      }
    }
    self.fields = fields
  }

  /// The bytes of the message.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      bytes += ProtobufFields.encoded(field.tag)
      switch field.content {
      case .number(let value): bytes += ProtobufFields.encoded(value)
      case .fixed(let content): bytes += content
      case .bytes(let content): bytes += ProtobufFields.encoded(UInt64(content.count)) + content
      }
    }
    return bytes
  }

  private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func encoded(_ number: UInt64) -> [UInt8] {
    var rest = number
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
