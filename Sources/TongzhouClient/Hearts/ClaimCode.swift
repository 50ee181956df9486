public import Ledger
internal import TransparencyLog

/// The code on the slip that somebody gets for a gift whose hearts are to be claimed later: whoever has it, has them.
///
/// Sixteen random bytes, from which a key follows. The gift on the chain names that key's address, and the claim is
/// signed with the key, so the code itself is shown to nobody. In text it is bech32m with the prefix `tzcode`, 39
/// characters of which a mistyped one is found; as a QR code it is the same text.
public struct ClaimCode: Hashable, Sendable {
  /// The prefix of the text.
  public static let prefix = "tzcode"
  /// Bytes of a code: more than anybody can try out, and few enough to be typed from a slip.
  public static let byteCount = 16
  private static let domain = Domain.tag("claim-code")
  private let bytes: [UInt8]

  /// A code from sixteen bytes that nobody can guess; `nil` for another length.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == ClaimCode.byteCount else { return nil }
    self.bytes = bytes
  }

  /// A new code from the system's generator.
  public static func random() -> ClaimCode {
    var generator = SystemRandomNumberGenerator()
    let words = [generator.next(), generator.next()]
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    guard let code = ClaimCode(bytes) else { preconditionFailure("two words are sixteen bytes") }
    return code
  }

  /// Reads the text, in small letters or in capitals as QR codes like them; `key.unacceptable` for a mistyped one.
  public init(text: String) throws(LedgerError) {
    guard let (prefix, bytes) = Bech32m.decode(text), Array(prefix.utf8) == Array(ClaimCode.prefix.utf8),
      let code = ClaimCode(bytes)
    else { throw LedgerError(.badKey, "not a claim code: a mistyped character, or something else") }
    self = code
  }

  /// The text of the slip.
  public var text: String { Bech32m.encode(prefix: ClaimCode.prefix, bytes: bytes) }

  /// The key that signs the claim: its seed is the SHA-256 of a prefix and the code.
  public func key() throws(LedgerError) -> SigningKey {
    try SigningKey(seed: Hash.sha256(ClaimCode.domain + bytes).bytes)
  }

  /// The address that a gift names; it says nothing of the code.
  public func address() throws(LedgerError) -> Address { try key().publicKey.address }
}
