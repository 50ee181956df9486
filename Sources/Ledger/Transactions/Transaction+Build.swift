internal import FoundationEssentials
package import SwiftProtobuf
public import TransparencyLog

/// A transaction before it is signed.
public struct UnsignedTransaction: Sendable {
  /// The exact bytes that are signed.
  public let body: [UInt8]

  /// Builds the body.
  ///
  /// - Parameters:
  ///   - chain: the chain's id.
  ///   - sender: who sends.
  ///   - expiry: the last block time at which it may be executed, at most ten minutes ahead.
  ///   - id: sixteen bytes; random, so that nobody can guess or exhaust them.
  ///   - manifest: present when rows follow.
  public init(
    chain: Hash, sender: Address, expiry: Timestamp, id: [UInt8], action: Action, manifest: Manifest? = nil
  ) throws(LedgerError) {
    guard id.count == 16 else { throw LedgerError(.malformed, "an id has sixteen bytes") }
    var body = WireBody()
    body.chain = Data(chain.bytes)
    body.sender = Data(sender.bytes)
    body.expiry = expiry.seconds
    body.id = Data(id)
    body.action.contract = action.contract
    body.action.kind = action.kind
    body.action.payload = Data(action.payload)
    if let manifest {
      body.manifest.count = manifest.count
      body.manifest.root = Data(manifest.root.bytes)
    }
    self.body = try encodedBytes(of: body)
  }

  /// The envelope signed by these keys, the sender's first.
  public func signed(by keys: [SigningKey]) throws(LedgerError) -> [UInt8] {
    var envelope = WireEnvelope()
    envelope.body = Data(body)
    for key in keys {
      var signature = WireSignature()
      signature.suite = SignatureSuite.ed25519.rawValue
      signature.publicKey = Data(key.publicKey.bytes)
      signature.signature = Data(try key.sign(domain: Domain.transaction, message: body))
      envelope.signatures.append(signature)
    }
    return try encodedBytes(of: envelope)
  }
}

extension UnsignedTransaction {
  /// An envelope that somebody else signed already, with one more signature: the body stays as it was.
  ///
  /// - Throws: `encoding.malformed` for what is no envelope.
  public static func countersigned(_ envelope: [UInt8], by key: SigningKey) throws(LedgerError) -> [UInt8] {
    guard envelope.count < Entry.maximumBytes, var wire = try? WireEnvelope(serializedBytes: envelope) else {
      throw LedgerError(.malformed, "not an envelope, or longer than an entry")
    }
    var signature = WireSignature()
    signature.suite = SignatureSuite.ed25519.rawValue
    signature.publicKey = Data(key.publicKey.bytes)
    signature.signature = Data(try key.sign(domain: Domain.transaction, message: Array(wire.body)))
    wire.signatures.append(signature)
    return try encodedBytes(of: wire)
  }
}

/// The bytes of a message; fails only past two gigabytes.
package func encodedBytes(of message: some Message) throws(LedgerError) -> [UInt8] {
  do {
    return try message.serializedBytes()
  } catch {
    throw LedgerError(.malformed, "a message does not encode")
  }
}
