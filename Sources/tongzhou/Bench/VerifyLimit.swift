internal import ArgumentParser
internal import Crypto
internal import Dispatch
internal import Foundation
internal import Ledger

/// How many signatures all cores verify in a second when they do nothing else: with the library alone, no decoding.
struct VerifyLimit {
  /// Signatures looked at in one go; enough for a second or so.
  static let count = 20_000

  private let sample: [SignedBytes]
  private var verified = 0
  private var seconds = 0.0

  /// The limit for signatures of transactions' entries.
  init(_ entries: [[UInt8]]) throws {
    sample = try entries.prefix(VerifyLimit.count).map { try SignedBytes(entry: $0) }
  }

  /// Signatures a second, over all goes.
  var perSecond: Double { Double(verified) / seconds }

  /// Verifies all signatures once more. What is held against the limit takes place between two goes: a machine shared
  /// with others is faster in one second than in the next.
  mutating func measure() {
    let sample = sample
    let slice = 64
    let began = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: (sample.count + slice - 1) / slice) { number in
      for signed in sample[(number * slice)..<min((number + 1) * slice, sample.count)] {
        precondition(signed.verifies, "a signature that was just made does not verify")
      }
    }
    seconds += (ContinuousClock.now - began) / .seconds(1)
    verified += sample.count
  }
}

/// How often something is measured beside the limit, in turn.
struct RoundsOption: ParsableArguments {
  @Option(help: "Rounds, with the limit measured before, between and after them (1 to 100).")
  var rounds = 1

  func validate() throws {
    guard (1...100).contains(rounds) else { throw ValidationError("--rounds is 1 to 100") }
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
