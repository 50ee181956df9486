internal import Ledger
internal import TransparencyLog

/// What an account signs a request to an issuer with: for one chain, and for a few minutes.
struct RequestSignature: Sendable, Equatable {
  /// How far a request's time may be from the issuer's clock, in seconds.
  static let window: UInt64 = 300

  private let bytes: [UInt8]

  /// Signs.
  init(_ message: [UInt8], domain: [UInt8], by key: SigningKey) throws(LedgerError) {
    bytes = try key.sign(domain: domain, message: message)
  }

  /// Reads 128 hexadecimal digits; `nil` for other text.
  init?(text: String) {
    guard text.utf8.count == 128, let first = Hash(hexadecimal: String(text.prefix(64))),
      let second = Hash(hexadecimal: String(text.suffix(64)))
    else { return nil }
    bytes = first.bytes + second.bytes
  }

  /// 128 hexadecimal digits.
  var text: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  /// Refuses what this account did not sign in the last minutes.
  ///
  /// - Parameters:
  ///   - key: the key that the request names.
  ///   - time: when it says that it was signed.
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.expired`, `signature.not_the_sender`, `signature.invalid`.
  func verify(
    _ message: [UInt8], domain: [UInt8], of address: Address, by key: PublicKey, at time: Timestamp,
    currentKey: PublicKey?, now: Timestamp
  ) throws(LedgerError) {
    let (early, late) = (
      now.adding(seconds: RequestSignature.window), time.adding(seconds: RequestSignature.window)
    )
    guard time <= early, now <= late else { throw LedgerError(.expired, "it was signed at another time") }
    guard currentKey.map({ $0 == key }) ?? (key.address == address) else {
      throw LedgerError(.wrongSigner, "not the key of this account")
    }
    guard key.verifies(bytes, domain: domain, message: message) else {
      throw LedgerError(.badSignature, "the account did not sign this")
    }
  }

  /// A time as it is signed: eight bytes, the highest first.
  static func bytes(of time: Timestamp) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: time.seconds >> (56 - 8 * UInt64($0))) }
  }
}
