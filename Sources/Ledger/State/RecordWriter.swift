public import TransparencyLog

/// Writes the fields of a canonical record one after another; integers are big-endian.
///
/// Writing past the end is a mistake in a layout and stops the program. Only valid while the
/// buffer is.
public struct RecordWriter {
  @usableFromInline let target: UnsafeMutableRawBufferPointer
  /// How many bytes have been written.
  @inlinable public var offset: Int { position }

  @usableFromInline var position = 0

  /// A writer at the start of the buffer.
  @inlinable
  public init(_ target: UnsafeMutableRawBufferPointer) {
    self.target = target
  }

  /// Writes an integer in the type's own width.
  @inlinable
  public mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    let start = advance(by: MemoryLayout<T>.size)
    target.storeBytes(of: value.bigEndian, toByteOffset: start, as: T.self)
  }

  /// Writes 32 bytes.
  @inlinable
  public mutating func hash(_ value: Hash) {
    let start = advance(by: Hash.byteCount)
    target.storeBytes(of: value, toByteOffset: start, as: Hash.self)
  }

  /// Writes the bytes as they are.
  @inlinable
  public mutating func bytes(_ value: RawSpan) {
    let start = advance(by: value.byteCount)
    value.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: $0) }
  }

  /// Writes the bytes as they are.
  @inlinable
  public mutating func bytes<let length: Int>(_ value: InlineArray<length, UInt8>) {
    bytes(value.span.bytes)
  }

  @inlinable
  mutating func advance(by length: Int) -> Int {
    let start = position
    precondition(target.count - start >= length)
    position = start + length
    return start
  }
}
