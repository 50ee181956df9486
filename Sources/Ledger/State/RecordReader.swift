public import TransparencyLog

/// Reads the fields of a canonical record one after another; integers are big-endian.
///
/// It only keeps the position; every call names the bytes again, because a span may not be stored.
/// Reading past the end is a mistake in a layout and stops the program.
public struct RecordReader: Sendable {
  /// How many bytes have been read.
  @inlinable public var offset: Int { position }

  @usableFromInline var position = 0

  /// A reader at the start of a record.
  @inlinable
  public init() {}

  /// Reads an integer of the type's own width.
  @inlinable
  public mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, in bytes: RawSpan) -> T {
    let start = advance(by: MemoryLayout<T>.size, in: bytes)
    return T(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: T.self))
  }

  /// Reads one byte.
  @inlinable public mutating func uint8(in bytes: RawSpan) -> UInt8 { integer(UInt8.self, in: bytes) }
  /// Reads two bytes.
  @inlinable public mutating func uint16(in bytes: RawSpan) -> UInt16 { integer(UInt16.self, in: bytes) }
  /// Reads four bytes.
  @inlinable public mutating func uint32(in bytes: RawSpan) -> UInt32 { integer(UInt32.self, in: bytes) }
  /// Reads eight bytes.
  @inlinable public mutating func uint64(in bytes: RawSpan) -> UInt64 { integer(UInt64.self, in: bytes) }
  /// Reads eight bytes, two's complement.
  @inlinable public mutating func int64(in bytes: RawSpan) -> Int64 { integer(Int64.self, in: bytes) }

  /// Reads 32 bytes.
  @inlinable
  public mutating func hash(in bytes: RawSpan) -> Hash {
    let start = advance(by: Hash.byteCount, in: bytes)
    return Hash(bytes.extracting(start..<start + Hash.byteCount)).unsafelyUnwrapped
  }

  /// Reads as many bytes as the asked type holds, without an allocation.
  @inlinable
  public mutating func bytes<let length: Int>(in bytes: RawSpan) -> InlineArray<length, UInt8> {
    let start = advance(by: length, in: bytes)
    return InlineArray { bytes.unsafeLoad(fromByteOffset: start + $0, as: UInt8.self) }
  }

  /// Passes over bytes.
  @inlinable
  public mutating func skip(_ length: Int, in bytes: RawSpan) {
    _ = advance(by: length, in: bytes)
  }

  @inlinable
  mutating func advance(by length: Int, in bytes: RawSpan) -> Int {
    let start = position
    precondition(bytes.byteCount - start >= length)
    position = start + length
    return start
  }
}
