public import Ledger
public import TransparencyLog

/// An account that an organisation registered as a sender; table `accounts`, unique by address.
public struct AccountRecord: LinkedRecord, Hashable {
  /// The address, followed by twelve zero bytes.
  public var key: Hash
  /// Ordinal of the record with the next larger key; 0 at the end.
  public var next: UInt32
  /// Ordinal of the organisation that registered it.
  public var registrar: UInt16

  /// Bytes of a record.
  public static let byteCount = 40

  init(key: Hash, registrar: UInt16) {
    self.key = key
    next = 0
    self.registrar = registrar
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    key = reader.hash(in: bytes)
    next = reader.uint32(in: bytes)
    registrar = reader.uint16(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.hash(key)
    writer.integer(next)
    writer.integer(registrar)
    writer.integer(UInt16(0))
  }
}
