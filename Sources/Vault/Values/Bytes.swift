internal import Crypto

/// Reads fields one after another; whatever is missing is an error.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// How many bytes are left.
  var left: Int { bytes.endIndex - place }

  mutating func take(_ count: Int) throws(VaultError) -> ArraySlice<UInt8> {
    guard count <= left else { throw VaultError(.malformed, "the bytes end within a field") }
    defer { place += count }
    return bytes[place..<(place + count)]
  }

  mutating func value<Value: VaultValue>(_ type: Value.Type = Value.self) throws(VaultError) -> Value {
    Value(counted: Array(try take(Value.byteCount)))
  }

  /// A number in big-endian bytes.
  mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self
  ) throws(VaultError) -> Number {
    try take(Number.bitWidth / 8).reduce(0) { $0 << 8 | Number($1) }
  }

  /// Takes four letters and a version.
  mutating func require(_ magic: [UInt8], version: UInt8) throws(VaultError) {
    guard try Array(take(magic.count)) == magic else {
      throw VaultError(.malformed, "the first bytes are not \(String(decoding: magic, as: UTF8.self))")
    }
    let found: UInt8 = try number()
    guard found == version else { throw VaultError(.unknownVersion, "version \(found), this program knows \(version)") }
  }

  /// Throws where something is left.
  func requireEnd() throws(VaultError) {
    guard left == 0 else { throw VaultError(.malformed, "\(left) bytes too many") }
  }
}

extension [UInt8] {
  /// Adds a number in big-endian bytes.
  mutating func append(number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }
}

/// Prefixes that keep one kind of hashed or encrypted bytes from passing for another; the form is that of the ledger.
enum Domain {
  static func tag(_ purpose: StaticString) -> [UInt8] {
    Array("tongzhou/".utf8) + purpose.withUTF8Buffer { Array($0) } + Array("/v1".utf8) + [0]
  }
}

extension VaultHash {
  /// SHA-256 of some bytes.
  static func sha256(_ bytes: some Sequence<UInt8>) -> VaultHash {
    VaultHash(counted: Array(SHA256.hash(data: Array(bytes))))
  }

  /// SHA-256 of parts one after another, without putting them together first.
  static func sha256(parts: [UInt8]...) -> VaultHash {
    var hash = SHA256()
    for part in parts { hash.update(data: part) }
    return VaultHash(counted: Array(hash.finalize()))
  }
}

/// Where random bytes come from: handed in, so that a test can fix them.
///
/// HPKE draws its ephemeral keys itself, from the system.
public struct Dice: Sendable {
  private let roll: @Sendable (Int) -> [UInt8]

  /// A source of random bytes; it returns as many as it was asked for.
  public init(_ roll: @escaping @Sendable (Int) -> [UInt8]) { self.roll = roll }

  /// The system's generator.
  public static let system = Dice { count in
    SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Array($0) }
  }

  func bytes(_ count: Int) -> [UInt8] {
    let bytes = roll(count)
    precondition(bytes.count == count, "dice give as many bytes as they are asked for")
    return bytes
  }

  /// A new name for a document.
  public func documentID() -> DocumentID { DocumentID(counted: bytes(DocumentID.byteCount)) }

  /// A new name for the documents of a case.
  public func caseID() -> CaseID { CaseID(counted: bytes(CaseID.byteCount)) }
}
