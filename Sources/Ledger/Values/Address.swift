public import TransparencyLog

/// Who sends, owns or receives: 20 bytes of a hash over the account's first public key.
///
/// It survives the rotation of the key. In text it is bech32m (BIP-350) with the prefix `tz`.
public struct Address: Hashable, Sendable {
  /// Bytes in an address.
  public static let byteCount = 20

  /// Twenty bytes, the rest of the hash zero; equality and order are those of the bytes.
  private let padded: Hash

  /// The address of an account whose first key is `publicKey` under the suite.
  public init(suite: SignatureSuite, publicKey: [UInt8]) {
    self.init(suite: suite, publicKey: publicKey.span.bytes)
  }

  /// The same for a key's bytes wherever they stand; nothing is copied to the heap on the way.
  init(suite: SignatureSuite, publicKey: RawSpan) {
    let domain = Domain.address
    let digest = withUnsafeTemporaryAllocation(byteCount: domain.count + 1 + publicKey.byteCount, alignment: 8) {
      buffer in
      buffer.copyBytes(from: domain)
      buffer[domain.count] = UInt8(truncatingIfNeeded: suite.rawValue)
      publicKey.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: buffer[(domain.count + 1)...]).copyMemory(from: $0)
      }
      return Hash.sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
    self.init(prefix: digest)
  }

  /// Reads exactly 20 bytes; `nil` for any other length.
  init?(_ bytes: RawSpan) {
    guard bytes.byteCount == Address.byteCount else { return nil }
    self.init(inline: InlineArray { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
  }

  /// Reads exactly 20 bytes; `nil` for any other length.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Address.byteCount else { return nil }
    var field = InlineArray<20, UInt8>(repeating: 0)
    for (index, byte) in bytes.enumerated() { field[index] = byte }
    self.init(inline: field)
  }

  /// The address of which this is the ``key``; `nil` unless twelve zero bytes follow its twenty.
  public init?(key: Hash) {
    guard key.withUnsafeBytes({ $0[Address.byteCount...].allSatisfy { $0 == 0 } }) else { return nil }
    padded = key
  }

  private init(prefix digest: Hash) {
    self.init(inline: digest.withUnsafeBytes { bytes in InlineArray { bytes[$0] } })
  }

  /// The address of these 20 bytes.
  init(inline bytes: InlineArray<20, UInt8>) {
    var field = InlineArray<32, UInt8>(repeating: 0)
    for index in bytes.indices { field[index] = bytes[index] }
    guard let hash = Hash(field.span.bytes) else { preconditionFailure("thirty-two bytes") }
    padded = hash
  }

  /// The 20 bytes in place.
  var inline: InlineArray<20, UInt8> {
    padded.withUnsafeBytes { bytes in InlineArray { bytes[$0] } }
  }

  /// The 20 bytes.
  public var bytes: [UInt8] { padded.withUnsafeBytes { Array($0.prefix(Address.byteCount)) } }

  /// The 20 bytes followed by twelve zero bytes: the key of this address in a table of unique keys.
  public var key: Hash { padded }
}

extension Address: Comparable {
  /// The order of the bytes.
  public static func < (a: Address, b: Address) -> Bool { a.padded < b.padded }
}

extension Address: CustomStringConvertible {
  /// The human-readable prefix of every address.
  public static let prefix = "tz"

  /// Bech32m text: `tz1…`.
  public var description: String { Bech32m.encode(prefix: Address.prefix, bytes: bytes) }

  /// Reads bech32m text; `address.invalid` for a wrong checksum, prefix, case or length.
  public init(text: String) throws(LedgerError) {
    guard let (prefix, bytes) = Bech32m.decode(text), Array(prefix.utf8) == Array(Address.prefix.utf8),
      let address = Address(bytes)
    else { throw LedgerError(.badAddress, "not an address: a mistyped character, or another prefix or length") }
    self = address
  }
}
