internal import Crypto
internal import Dispatch
internal import Foundation
internal import Ledger

/// How many signatures all cores verify in a second when they do nothing else.
enum VerifyLimit {
  /// Signatures looked at; enough for a second or so.
  static let count = 20_000

  /// Verifies the signatures of transactions' entries with the library alone: no decoding, no state.
  ///
  /// - Returns: signatures a second.
  static func measure(_ entries: [[UInt8]]) throws -> Double {
    let sample = try entries.prefix(count).map { try SignedBytes(entry: $0) }
    let slice = 64
    let began = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: (sample.count + slice - 1) / slice) { number in
      for signed in sample[(number * slice)..<min((number + 1) * slice, sample.count)] {
        precondition(signed.verifies, "a signature that was just made does not verify")
      }
    }
    return Double(sample.count) / ((ContinuousClock.now - began) / .seconds(1))
  }
}

/// The first signature of a transaction with the bytes under it.
private struct SignedBytes: Sendable {
  private let key: [UInt8]
  private let signature: [UInt8]
  private let message: [UInt8]

  init(entry: [UInt8]) throws {
    let parts = try VerifiedTransaction.signedBytes(entry: entry)
    (key, signature, message) = (parts.key, parts.signature, parts.message)
  }

  var verifies: Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
    return key.isValidSignature(signature, for: message)
  }
}
