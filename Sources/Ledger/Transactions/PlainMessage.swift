/// Reads a protobuf message in its plain form without allocating: known fields only, numbered below 16, in ascending
/// order, each of the wire type asked for, every number in its shortest form.
///
/// It only keeps the position; every call names the bytes again, because a span may not be stored, and says of fields
/// where they stand. Slices of an array would cost a count of references each, of which a block has tens of thousands.
///
/// Writers produce this form, so it is what nearly all messages have. Whoever meets another form (`isPlain` is false)
/// asks the protobuf library, which knows all of them; for plain ones both read the same, which tests hold them to.
package struct PlainMessage: Sendable {
  private var position: Int
  private let end: Int
  /// False once something did not read in the plain form.
  package private(set) var isPlain = true

  /// A reader of the message that stands at a place.
  package init(at place: Range<Int>) {
    position = place.lowerBound
    end = place.upperBound
  }

  /// Whether everything was read, in the plain form.
  package var isDone: Bool { isPlain && position == end }

  /// Where the next field stands if it is this one of type bytes, string or message; `nil` if it is another or there is
  /// none.
  package mutating func place(_ field: UInt8, in bytes: RawSpan) -> Range<Int>? {
    guard take(field << 3 | 2, in: bytes), let length = varint(in: bytes) else { return nil }
    guard length <= UInt64(end - position) else {
      isPlain = false
      return nil
    }
    defer { position += Int(length) }
    return position..<(position + Int(length))
  }

  /// The next field if it is this one of type uint64; `nil` if it is another or there is none.
  package mutating func uint64(_ field: UInt8, in bytes: RawSpan) -> UInt64? {
    take(field << 3, in: bytes) ? varint(in: bytes) : nil
  }

  /// The next field if it is this one of type uint32; `nil` if it is another or there is none.
  package mutating func uint32(_ field: UInt8, in bytes: RawSpan) -> UInt32? {
    guard let value = uint64(field, in: bytes) else { return nil }
    guard let narrow = UInt32(exactly: value) else {
      isPlain = false
      return nil
    }
    return narrow
  }

  private mutating func take(_ tag: UInt8, in bytes: RawSpan) -> Bool {
    guard isPlain, position < end, bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self) == tag else {
      return false
    }
    position += 1
    return true
  }

  private mutating func varint(in bytes: RawSpan) -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 63 {
      let byte = bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
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
  /// Adds bytes that a library read, and says where they now stand: as ``PlainMessage`` says it of what it reads.
  package mutating func placed(_ bytes: some Sequence<UInt8>) -> Range<Int> {
    let start = count
    append(contentsOf: bytes)
    return start..<count
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
