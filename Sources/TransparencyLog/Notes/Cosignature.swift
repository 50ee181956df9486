/// The Ed25519 cosignature of C2SP tlog-cosignature, version 1: a time, and a signature over time and text.
///
/// It says: at that time, this was the largest consistent tree of this origin that I had seen. On the
/// signature line both stand behind the key ID, the time as eight big-endian bytes.
public struct Cosignature: Hashable, Sendable {
  /// The latest time a cosignature may state, in seconds since 1970.
  public static let maximumTimestamp = UInt64(Int64.max)

  /// The time, in seconds since 1970, at most `maximumTimestamp`.
  public let timestamp: UInt64

  /// The 64 bytes of the Ed25519 signature over `message(timestamp:text:)`.
  public let signature: [UInt8]

  init(timestamp: UInt64, signature: [UInt8]) {
    self.timestamp = timestamp
    self.signature = signature
  }

  /// Reads what stands behind the key ID; `nil` unless it is 72 bytes with a time in range. Nothing is
  /// verified.
  public init?(blob: [UInt8]) {
    guard blob.count == 8 + Ed25519.signatureByteCount else { return nil }
    timestamp = blob.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    signature = Array(blob.dropFirst(8))
    guard timestamp <= Self.maximumTimestamp else { return nil }
  }

  /// What stands behind the key ID: 72 bytes.
  public var blob: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: timestamp >> UInt64(56 - 8 * $0)) } + signature
  }

  /// What is signed: two lines with the version and the time, then the note's text with its last newline.
  ///
  /// It does not name the cosigner, so a key may serve one cosigner only.
  public static func message(timestamp: UInt64, text: [UInt8]) -> [UInt8] {
    Array("cosignature/v1\ntime ".utf8) + DecimalText.encode(timestamp) + [LineReader.newline] + text
  }
}
