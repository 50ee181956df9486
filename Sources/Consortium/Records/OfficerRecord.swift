public import Ledger
public import TransparencyLog

/// Who signs for an organisation; table `officers`.
public struct OfficerRecord: FixedLayoutRecord, Hashable {
  /// The officer's address.
  public var address: Address
  /// Ordinal of the organisation.
  public var organisation: UInt16
  /// What she may do of what her organisation may; nothing once she was removed.
  public var roles: Role
  /// The key she signs with now.
  public var key: Hash

  /// Bytes of a record.
  public static let byteCount = 56

  init(_ officer: Consortium.FoundingOfficer, organisation: UInt16) {
    address = officer.key.address
    self.organisation = organisation
    roles = officer.roles
    key = officer.key.raw
  }

  /// Whether she signs for her organisation.
  public var isActive: Bool { !roles.isEmpty }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    address = reader.address(in: bytes)
    organisation = reader.uint16(in: bytes)
    roles = Role(rawValue: reader.uint16(in: bytes))
    key = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.address(address)
    writer.integer(organisation)
    writer.integer(roles.rawValue)
    writer.hash(key)
  }
}
