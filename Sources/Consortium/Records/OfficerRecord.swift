public import Ledger

/// Who signs for an organisation; table `officers`.
public struct OfficerRecord: FixedLayoutRecord, Hashable {
  /// The officer's address.
  public var address: Address
  /// Ordinal of the organisation.
  public var organisation: UInt16

  /// Bytes of a record.
  public static let byteCount = 24

  init(address: Address, organisation: UInt16) {
    self.address = address
    self.organisation = organisation
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    address = reader.address(in: bytes)
    organisation = reader.uint16(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.address(address)
    writer.integer(organisation)
    writer.integer(UInt16(0))
  }
}
