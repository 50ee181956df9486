internal import CZlib
internal import Foundation

/// The states of many credentials, one or two bits each (draft-ietf-oauth-status-list-21), lowest bits first.
public struct StatusList: Sendable, Equatable {
  /// What a credential's state is.
  public enum Status: UInt8, Sendable {
    /// It holds.
    case valid = 0
    /// It was taken back for good.
    case invalid = 1
    /// It does not hold at present.
    case suspended = 2
    /// A number that each issuer gives a meaning of its own.
    case specific = 3
  }

  /// The longest list, in bytes, when it is not compressed.
  public static let maximumBytes = 1 << 20
  /// Bits of a state: 1 or 2.
  public let bits: Int
  /// The states, packed.
  public private(set) var bytes: [UInt8]

  /// A list in which everything is valid.
  ///
  /// - Throws: `credential.invalid_settings` for other than 1 or 2 bits, no entries, or too many.
  public init(bits: Int, count: Int) throws(CredentialError) {
    guard bits == 1 || bits == 2, count > 0, count <= StatusList.maximumBytes * 8 / bits else {
      throw CredentialError(.badSettings, "a list has 1 or 2 bits for each entry, and at most 1 MiB")
    }
    self.bits = bits
    bytes = [UInt8](repeating: 0, count: (count * bits + 7) / 8)
  }

  /// Reads a compressed list; `credential.malformed` for what is none, or longer than the limit.
  public init(bits: Int, compressed text: String) throws(CredentialError) {
    guard bits == 1 || bits == 2 else { throw CredentialError(.malformed, "a list with other than 1 or 2 bits") }
    guard let compressed = Base64URL.decode(text), !compressed.isEmpty else {
      throw CredentialError(.malformed, "a list that is no base64url")
    }
    self.bits = bits
    bytes = try StatusList.inflate(compressed)
  }

  /// How many states it holds.
  public var count: Int { bytes.count * 8 / bits }

  /// The state at a place; `nil` behind the end.
  public subscript(index: Int) -> Status? {
    guard (0..<count).contains(index) else { return nil }
    let (byte, shift) = place(of: index)
    return Status(rawValue: (bytes[byte] >> shift) & mask)
  }

  /// Sets the state at a place; `credential.invalid_settings` behind the end, or for one that needs more bits.
  public mutating func set(_ status: Status, at index: Int) throws(CredentialError) {
    guard (0..<count).contains(index), status.rawValue <= mask else {
      throw CredentialError(.badSettings, "no such place in the list, or no bits for this state")
    }
    let (byte, shift) = place(of: index)
    bytes[byte] = bytes[byte] & ~(mask << shift) | status.rawValue << shift
  }

  private var mask: UInt8 { UInt8(1 << bits) - 1 }

  private func place(of index: Int) -> (Int, UInt8) { (index * bits / 8, UInt8(index * bits % 8)) }

  /// The list compressed (zlib) and as base64url, `lst` of the token.
  public func compressed() throws(CredentialError) -> String {
    var result = [UInt8](repeating: 0, count: Int(compressBound(UInt(bytes.count))))
    var length = UInt(result.count)
    guard compress2(&result, &length, bytes, UInt(bytes.count), Z_BEST_COMPRESSION) == Z_OK else {
      throw CredentialError(.malformed, "zlib cannot compress the list")
    }
    return Base64URL.encode(result.prefix(Int(length)))
  }

  /// zlib itself stops at the end of the room it is given, so a small text cannot become a large list.
  private static func inflate(_ compressed: [UInt8]) throws(CredentialError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: maximumBytes)
    var (length, read) = (UInt(result.count), UInt(compressed.count))
    guard uncompress2(&result, &length, compressed, &read) == Z_OK, read == UInt(compressed.count), length > 0 else {
      throw CredentialError(.malformed, "a list that zlib cannot read, or that is too long")
    }
    return Array(result.prefix(Int(length)))
  }
}
