/// Reads a protobuf message in its plain form without allocating: known fields only, numbered below 16, in ascending
/// order, each of the wire type asked for, every number in its shortest form.
///
/// Writers produce this form, so it is what nearly all messages have. Whoever meets another form (`isPlain` is false)
/// asks the protobuf library, which knows all of them; for plain ones both read the same, which tests hold them to.
package struct PlainMessage {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  /// False once something did not read in the plain form.
  package private(set) var isPlain = true

  /// A reader of a whole message.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether everything was read, in the plain form.
  package var isDone: Bool { isPlain && position == bytes.endIndex }

  /// The next field if it is this one of type bytes, string or message; `nil` if it is another or there is none.
  package mutating func bytes(_ field: UInt8) -> ArraySlice<UInt8>? {
    guard take(field << 3 | 2), let length = varint() else { return nil }
    guard length <= UInt64(bytes.endIndex - position) else {
      isPlain = false
      return nil
    }
    defer { position += Int(length) }
    return bytes[position..<(position + Int(length))]
  }

  /// The next field if it is this one of type uint64; `nil` if it is another or there is none.
  package mutating func uint64(_ field: UInt8) -> UInt64? {
    take(field << 3) ? varint() : nil
  }

  /// The next field if it is this one of type uint32; `nil` if it is another or there is none.
  package mutating func uint32(_ field: UInt8) -> UInt32? {
    guard let value = uint64(field) else { return nil }
    guard let narrow = UInt32(exactly: value) else {
      isPlain = false
      return nil
    }
    return narrow
  }

  private mutating func take(_ tag: UInt8) -> Bool {
    guard isPlain, position < bytes.endIndex, bytes[position] == tag else { return false }
    position += 1
    return true
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.endIndex, shift < 63 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        // A last byte of zero behind others is a longer form of the same number.
        if byte == 0 && shift > 0 { break }
        return value
      }
      shift += 7
    }
    isPlain = false
    return nil
  }
}

extension [UInt8] {
  /// Adds a field of type bytes, string or message, numbered below 16, in the plain form.
  mutating func append(plainField field: UInt8, _ content: [UInt8]) {
    append(field << 3 | 2)
    var length = UInt64(content.count)
    while length > 0x7F {
      append(UInt8(truncatingIfNeeded: length) | 0x80)
      length >>= 7
    }
    append(UInt8(length))
    append(contentsOf: content)
  }
}
