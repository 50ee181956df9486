/// Some bytes of a fixed number that name or fix something.
public protocol VaultValue: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// How many bytes.
  static var byteCount: Int { get }
  /// The bytes.
  var bytes: [UInt8] { get }
  /// The value of exactly so many bytes, which the caller has counted.
  init(counted bytes: [UInt8])
}

extension VaultValue {
  /// Takes exactly the right number of bytes; `nil` for any other.
  public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(counted: Array(bytes))
  }

  /// Reads lowercase hexadecimal digits, two for each byte; `nil` for anything else.
  public init?(hexadecimal text: String) {
    guard let bytes = Hexadecimal.decode(text) else { return nil }
    self.init(bytes)
  }

  /// Lowercase hexadecimal digits.
  public var description: String { Hexadecimal.encode(bytes) }

  /// The order of the bytes.
  public static func < (a: Self, b: Self) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }
}

/// What a document is called: sixteen random bytes, chosen by whoever seals it.
public struct DocumentID: VaultValue {
  /// Sixteen.
  public static let byteCount = 16
  /// The bytes.
  public let bytes: [UInt8]
  /// See ``VaultValue``.
  public init(counted bytes: [UInt8]) { self.bytes = bytes }
}

/// What the documents of one case lie under: sixteen random bytes that say nothing about the case.
///
/// They are chosen before the case is filed, since the filing carries the commitment to the documents.
public struct CaseID: VaultValue {
  /// Sixteen.
  public static let byteCount = 16
  /// The bytes.
  public let bytes: [UInt8]
  /// See ``VaultValue``.
  public init(counted bytes: [UInt8]) { self.bytes = bytes }
}

/// Who reads, adds or erases: the twenty bytes of an address on the chain.
public struct PartyID: VaultValue {
  /// Twenty.
  public static let byteCount = 20
  /// The bytes.
  public let bytes: [UInt8]
  /// See ``VaultValue``.
  public init(counted bytes: [UInt8]) { self.bytes = bytes }
  /// Nobody: stands in records where nobody is meant.
  static let none = PartyID(counted: [UInt8](repeating: 0, count: byteCount))
}

/// A SHA-256 or HMAC-SHA-256: a commitment, a mark, or the hash of a record.
public struct VaultHash: VaultValue {
  /// Thirty-two.
  public static let byteCount = 32
  /// The bytes.
  public let bytes: [UInt8]
  /// See ``VaultValue``.
  public init(counted bytes: [UInt8]) { self.bytes = bytes }
  /// Before the first record of a chain of hashes.
  static let zero = VaultHash(counted: [UInt8](repeating: 0, count: byteCount))
}

/// Lowercase hexadecimal text.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func encode(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// The one form only: lowercase, an even number of digits.
  static func decode(_ text: String) -> [UInt8]? {
    let letters = Array(text.utf8)
    guard letters.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters.count / 2)
    for place in stride(from: 0, to: letters.count, by: 2) {
      guard let high = value(letters[place]), let low = value(letters[place + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): letter - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
