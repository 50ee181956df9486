import Foundation
import TestSupport
import TransparencyLog

@testable import Ledger
@testable import MutualAid

/// Transactions put together by hand, since the usual builders make no bad ones.
extension EnvelopeTests {
  /// Membership 0 leaves, which is good, but the body was changed before it was signed.
  static func leaving(
    _ what: String, _ code: ErrorCode,
    body change: @escaping @Sendable (inout WireBody, Village) throws -> Void = { _, _ in }
  ) -> BadCase {
    BadCase(what, code) { village in [Entry.make(.transaction, try forged(village, body: change))] }
  }

  /// The same, but it was signed for another purpose, or the envelope was changed afterwards.
  static func sealed(
    _ what: String, _ code: ErrorCode, domain: [UInt8] = Domain.transaction,
    _ change: @escaping @Sendable (inout WireEnvelope, Village) throws -> Void = { _, _ in }
  ) -> BadCase {
    BadCase(what, code) { village in
      [Entry.make(.transaction, try forged(village, domain: domain, envelope: change))]
    }
  }

  /// The bytes of an envelope in which membership 0 leaves.
  static func forged(
    _ village: Village, body change: (inout WireBody, Village) throws -> Void = { _, _ in },
    domain: [UInt8] = Domain.transaction, envelope seal: (inout WireEnvelope, Village) throws -> Void = { _, _ in }
  ) throws -> [UInt8] {
    let key = try village.owner(of: 0)
    let action = try MutualAid.leave(membership: 0)
    var body = WireBody()
    body.chain = Data(village.chain.chain.id.bytes)
    body.sender = Data(key.publicKey.address.bytes)
    body.expiry = village.soon.seconds
    body.id = Data(repeating: 7, count: 16)
    body.action.contract = action.contract
    body.action.kind = action.kind
    body.action.payload = Data(action.payload)
    try change(&body, village)
    var envelope = WireEnvelope()
    let bytes = try encodedBytes(of: body)
    envelope.body = Data(bytes)
    envelope.signatures = [try signature(over: bytes, by: key, domain: domain)]
    try seal(&envelope, village)
    return try encodedBytes(of: envelope)
  }

  static func signature(
    over body: [UInt8], by key: SigningKey, domain: [UInt8] = Domain.transaction
  ) throws -> WireSignature {
    var signature = WireSignature()
    signature.suite = SignatureSuite.ed25519.rawValue
    signature.publicKey = Data(key.publicKey.bytes)
    signature.signature = Data(try key.sign(domain: domain, message: body))
    return signature
  }
}

extension Village {
  /// Five minutes after the next block.
  var soon: Timestamp { chain.nextTime.adding(seconds: 300) }
}
