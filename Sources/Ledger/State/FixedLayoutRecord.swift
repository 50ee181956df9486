/// A record of an authenticated table: a value with one canonical form of fixed length.
///
/// The canonical bytes are what the table hashes, so they are a published format: fields in their
/// declared order without padding, integers big-endian, hashes as their 32 bytes. Use
/// `RecordReader` and `RecordWriter` to keep to it.
public protocol FixedLayoutRecord: Sendable {
  /// The length of the canonical form in bytes.
  static var byteCount: Int { get }

  /// Reads the record from its canonical form of exactly `byteCount` bytes.
  ///
  /// Must not stop the program for any content: the bytes may come from a proof that a stranger
  /// sent.
  init(from bytes: RawSpan)

  /// Writes the canonical form into exactly `byteCount` bytes, which are zero before the call.
  func encode(into bytes: UnsafeMutableRawBufferPointer)
}

extension FixedLayoutRecord {
  /// The canonical form as an array.
  public var canonicalBytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      encode(into: bytes)
      count = Self.byteCount
    }
  }
}
