import FoundationEssentials
import SwiftProtobuf
import TransparencyLog

@testable import Ledger

/// Envelopes built field by field, so that each can be wrong in one thing and signed all the same.
struct Envelopes {
  let chain = Hash.sha256([1])
  let key: SigningKey
  let other: SigningKey

  init() throws {
    key = try SigningKey(seed: [UInt8](repeating: 41, count: 32))
    other = try SigningKey(seed: [UInt8](repeating: 42, count: 32))
  }

  /// A body with every field but the manifest, changed as a test needs.
  func body(_ change: (inout WireBody) -> Void = { _ in }) throws -> [UInt8] {
    var body = WireBody()
    body.chain = Data(chain.bytes)
    body.sender = Data(key.publicKey.address.bytes)
    body.expiry = 1_790_000_300
    body.id = Data(0..<16)
    body.action.contract = "tally"
    body.action.kind = 7
    body.action.payload = Data([9, 8, 7])
    change(&body)
    return try body.serializedBytes()
  }

  func signature(_ body: [UInt8], by key: SigningKey, domain: [UInt8] = Domain.transaction) throws -> WireSignature {
    var signature = WireSignature()
    signature.suite = 1
    signature.publicKey = Data(key.publicKey.bytes)
    signature.signature = Data(try key.sign(domain: domain, message: body))
    return signature
  }

  /// An envelope over a body with the sender's signature, changed as a test needs.
  func envelope(_ body: [UInt8], _ change: (inout WireEnvelope) throws -> Void = { _ in }) throws -> [UInt8] {
    var envelope = WireEnvelope()
    envelope.body = Data(body)
    envelope.signatures = [try signature(body, by: key)]
    try change(&envelope)
    return try envelope.serializedBytes()
  }

  func verify(_ envelope: [UInt8]) throws(LedgerError) -> VerifiedTransaction {
    try .verify(envelope: envelope, chain: chain)
  }

  /// The code with which an envelope is refused; `nil` if it verifies.
  func refusal(_ envelope: [UInt8]) -> ErrorCode? {
    do throws(LedgerError) {
      _ = try verify(envelope)
      return nil
    } catch {
      return error.code
    }
  }

  /// The same for a body that the sender signed.
  func refusal(body change: (inout WireBody) -> Void) throws -> ErrorCode? {
    refusal(try envelope(body(change)))
  }

  /// The same for a good body in a changed envelope.
  func refusal(changing change: (inout WireEnvelope) throws -> Void) throws -> ErrorCode? {
    refusal(try envelope(body(), change))
  }
}

extension VerifiedTransaction {
  /// Everything that a contract or the chain acts on, to compare two transactions by.
  var meaning: [[UInt8]] {
    let numbers = "\(expiry.seconds) \(action.kind) \(manifest.map { "\($0.count)" } ?? "none")"
    return [
      sender.bytes, id, Array(action.contract.utf8), action.payload, Array(numbers.utf8), manifest?.root.bytes ?? [],
    ]
  }
}
