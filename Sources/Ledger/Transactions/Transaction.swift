internal import SwiftProtobuf
public import TransparencyLog

/// What a transaction asks a contract to do.
public struct Action: Sendable {
  /// The contract's name.
  public let contract: String
  /// Which of the contract's actions.
  public let kind: UInt32
  /// The action's own message.
  public let payload: [UInt8]

  /// An action for a contract.
  public init(contract: String, kind: UInt32, payload: [UInt8]) {
    self.contract = contract
    self.kind = kind
    self.payload = payload
  }
}

/// Number and RFC 6962 root of the rows that follow a transaction.
public struct Manifest: Hashable, Sendable {
  /// How many rows.
  public let count: UInt32
  /// Root of the tree whose leaves are the rows.
  public let root: Hash

  /// The manifest over these rows.
  public init(rows: [[UInt8]]) {
    var tree = MerkleFrontier()
    for row in rows { tree.append(.leaf(row)) }
    count = UInt32(rows.count)
    root = tree.root
  }

  init(count: UInt32, root: Hash) {
    self.count = count
    self.root = root
  }
}

/// A sender and its 16-byte id: the name of a transaction while it is alive.
public struct TransactionID: Hashable, Sendable {
  /// Who sent it.
  public let sender: Address
  /// Sixteen bytes chosen at random by the sender.
  public let id: [UInt8]
}

/// A transaction whose form was checked and whose signatures were verified.
///
/// Only ``verify(envelope:chain:)`` makes one, so a contract never meets unchecked bytes. Nothing here
/// depends on the state: whether the sender may do this, and whether the time is right, comes later.
public struct VerifiedTransaction: Sendable {
  /// The envelope as received: what stands in the log behind the kind byte.
  public let envelope: [UInt8]
  /// The sender's address.
  public let sender: Address
  /// The key the sender signed with.
  public let senderKey: PublicKey
  /// Addresses of further signers, in the order of their signatures.
  public let cosigners: [Address]
  /// The last block time at which it may be executed.
  public let expiry: Timestamp
  /// The sixteen bytes that tell it from others of its sender.
  public let id: [UInt8]
  /// What it asks for.
  public let action: Action
  /// Present when rows follow.
  public let manifest: Manifest?

  /// The name of this transaction while it is alive.
  public var name: TransactionID { TransactionID(sender: sender, id: id) }

  /// The transaction's hash: SHA-256 of the envelope. It names it for people and in addresses.
  public var hash: Hash { .sha256(envelope) }
}

extension VerifiedTransaction {
  /// The most signatures one envelope may carry.
  public static let maximumSignatures = 8
  /// How far ahead of block time an expiry may lie, in seconds: ten minutes.
  public static let horizon: UInt64 = 600

  /// Checks the form of an envelope and every signature in it.
  ///
  /// - Throws: `encoding.malformed`, `transaction.too_large`, `transaction.wrong_chain`, `time.invalid`,
  ///   `signature.unknown_suite`, `key.unacceptable`, `signature.invalid`. That the first key belongs to
  ///   the sender is checked against the state, since keys can be rotated.
  public static func verify(envelope: [UInt8], chain: Hash) throws(LedgerError) -> VerifiedTransaction {
    let (transaction, signed) = try decode(envelope: envelope, chain: chain)
    for (key, signature) in signed.signatures {
      guard key.verifies(signature, domain: Domain.transaction, message: signed.body) else {
        throw LedgerError(.badSignature, "a signature does not verify")
      }
    }
    return transaction
  }

  /// The same without looking at the signatures: for benches and tests of the rule itself.
  package static func decodeUnsigned(envelope: [UInt8], chain: Hash) throws(LedgerError) -> VerifiedTransaction {
    try decode(envelope: envelope, chain: chain).0
  }

  private struct Signed {
    let body: [UInt8]
    let signatures: [(PublicKey, [UInt8])]
  }

  private static func decode(
    envelope bytes: [UInt8], chain: Hash
  ) throws(LedgerError) -> (VerifiedTransaction, Signed) {
    guard bytes.count < Entry.maximumBytes else { throw LedgerError(.tooLarge, "an envelope fills an entry") }
    guard let envelope = try? WireEnvelope(serializedBytes: bytes),
      let body = try? WireBody(serializedBytes: envelope.body), body.hasAction
    else { throw LedgerError(.malformed, "not an envelope with a body and an action") }
    guard (1...maximumSignatures).contains(envelope.signatures.count) else {
      throw LedgerError(.malformed, "an envelope carries one to \(maximumSignatures) signatures")
    }
    guard Array(body.chain) == chain.bytes else { throw LedgerError(.wrongChain, "meant for another chain") }
    guard let sender = Address(body.sender), body.id.count == 16, body.action.contract.utf8.count <= 32 else {
      throw LedgerError(.malformed, "sender, id or contract of a wrong length")
    }
    var manifest: Manifest?
    if body.hasManifest {
      guard let root = Hash(body.manifest.root), body.manifest.count > 0 else {
        throw LedgerError(.malformed, "a manifest without rows or root")
      }
      manifest = Manifest(count: body.manifest.count, root: root)
    }
    var signatures: [(PublicKey, [UInt8])] = []
    for signature in envelope.signatures {
      guard SignatureSuite(rawValue: signature.suite) != nil else {
        throw LedgerError(.unknownSuite, "suite \(signature.suite)")
      }
      signatures.append((try PublicKey(Array(signature.publicKey)), Array(signature.signature)))
    }
    let transaction = VerifiedTransaction(
      envelope: bytes, sender: sender, senderKey: signatures[0].0,
      cosigners: signatures.dropFirst().map { $0.0.address },
      expiry: try Timestamp(validating: body.expiry), id: Array(body.id),
      action: Action(
        contract: body.action.contract, kind: body.action.kind, payload: Array(body.action.payload)),
      manifest: manifest)
    return (transaction, Signed(body: Array(envelope.body), signatures: signatures))
  }
}
