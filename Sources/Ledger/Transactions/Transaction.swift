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

  /// Whether it is for a contract, by the very bytes of a name of ASCII characters.
  public func belongs(to contract: String) -> Bool {
    // Text that only means the same takes more bytes than ASCII; short text of one length compares at once.
    self.contract.utf8.count == contract.utf8.count && self.contract == contract
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
  /// The length of an id in bytes.
  public static let byteCount = 16

  /// Who sent it.
  public let sender: Address
  private let first: UInt64
  private let second: UInt64

  /// A name; `nil` unless the id has sixteen bytes.
  init?(sender: Address, id: RawSpan) {
    guard id.byteCount == TransactionID.byteCount else { return nil }
    self.sender = sender
    first = UInt64(bigEndian: id.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
    second = UInt64(bigEndian: id.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// A name; `nil` unless the id has sixteen bytes.
  public init?(sender: Address, id: some Collection<UInt8>) {
    self.init(sender: sender, id: Array(id).span.bytes)
  }

  /// The id and a part of the sender: ids are chosen by anyone, but nobody chooses many addresses that begin alike.
  public func hash(into hasher: inout Swift.Hasher) {  // order-free: equality only
    hasher.combine(first)  // order-free: equality only
    hasher.combine(second)  // order-free: equality only
    sender.hash(into: &hasher)  // order-free: equality only
  }

  /// Sixteen bytes chosen at random by the sender.
  public var id: [UInt8] {
    [first, second].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
  }
}

/// What a contract's reader made of an action's payload before the state was known; see ``Application/read(_:)``.
public typealias ActionReader = @Sendable (Action) -> (any Sendable)?

/// A transaction whose form was checked and whose signatures were verified.
///
/// Only ``verify(envelope:chain:reader:)`` makes one, so a contract never meets unchecked bytes. Nothing here
/// depends on the state: whether the sender may do this, and whether the time is right, comes later.
///
/// An object, so that handing it from pool to batch to block costs one reference; it never changes.
public final class VerifiedTransaction: Sendable {
  /// Its entry of the log: the kind byte, then the envelope as received.
  public let entry: [UInt8]
  /// The name of this transaction while it is alive.
  public let name: TransactionID
  /// The key the sender signed with.
  public let senderKey: PublicKey
  /// Whether that key is the first of the sender's account: the one its address is made of.
  public let isFirstKey: Bool
  /// Addresses of further signers, in the order of their signatures.
  public let cosigners: [Address]
  /// The last block time at which it may be executed.
  public let expiry: Timestamp
  /// What it asks for.
  public let action: Action
  /// What the contract's reader made of the action, where one was given and could read it. Only saves work: the
  /// contract reads the action itself where this is missing, and says what is wrong with it.
  public let content: (any Sendable)?
  /// Present when rows follow.
  public let manifest: Manifest?

  private init(
    entry: [UInt8], name: TransactionID, senderKey: PublicKey, cosigners: [Address], expiry: Timestamp,
    action: Action, content: (any Sendable)?, manifest: Manifest?
  ) {
    self.entry = entry
    self.name = name
    self.senderKey = senderKey
    isFirstKey = senderKey.address == name.sender
    self.cosigners = cosigners
    self.expiry = expiry
    self.action = action
    self.content = content
    self.manifest = manifest
  }

  /// The sender's address.
  public var sender: Address { name.sender }

  /// The sixteen bytes that tell it from others of its sender.
  public var id: [UInt8] { name.id }

  /// The envelope as received.
  public var envelope: [UInt8] { Array(entry.dropFirst()) }

  /// The transaction's hash: SHA-256 of the envelope. It names it for people and in addresses.
  public var hash: Hash {
    entry.withUnsafeBytes { .sha256(UnsafeRawBufferPointer(rebasing: $0.dropFirst()).bytes) }
  }

  /// Whether another one is made of the very same bytes, signatures included.
  public func hasSameBytes(as other: VerifiedTransaction) -> Bool { self === other || entry == other.entry }
}

extension VerifiedTransaction {
  /// The most signatures one envelope may carry.
  public static let maximumSignatures = 8
  /// How far ahead of block time an expiry may lie, in seconds: ten minutes.
  public static let horizon: UInt64 = 600

  /// Checks the form of an envelope and every signature in it.
  ///
  /// - Parameter reader: reads the action for its contract where the signatures verify.
  /// - Throws: `encoding.malformed`, `transaction.too_large`, `transaction.wrong_chain`, `time.invalid`,
  ///   `signature.unknown_suite`, `key.unacceptable`, `signature.invalid`. That the first key belongs to
  ///   the sender is checked against the state, since keys can be rotated.
  public static func verify(
    envelope: [UInt8], chain: Hash, reader: ActionReader? = nil
  ) throws(LedgerError) -> VerifiedTransaction {
    try verify(entry: Entry.make(.transaction, envelope), chain: chain, reader: reader)
  }

  /// The same for a transaction's entry of the log, whose first byte the caller has looked at.
  public static func verify(
    entry: [UInt8], chain: Hash, reader: ActionReader? = nil
  ) throws(LedgerError) -> VerifiedTransaction {
    let parts = try decode(entry: entry, chain: chain)
    guard parts.key.verifies(parts.signature, of: parts.fields),
      zip(parts.furtherKeys, parts.fields.further).allSatisfy({ $0.verifies($1, of: parts.fields) })
    else { throw LedgerError(.badSignature, "a signature does not verify") }
    return transaction(parts, entry: entry, reader: reader)
  }

  /// The same without looking at the signatures: for benches and tests of the rule itself.
  package static func decodeUnsigned(entry: [UInt8], chain: Hash) throws(LedgerError) -> VerifiedTransaction {
    transaction(try decode(entry: entry, chain: chain), entry: entry, reader: nil)
  }

  /// The first signature of a transaction's entry, its key, and the bytes under it: for benches of verification alone.
  package static func signedBytes(
    entry: [UInt8]
  ) throws(LedgerError) -> (key: [UInt8], signature: [UInt8], message: [UInt8]) {
    guard let fields = EnvelopeFields(entry, from: 1), let first = fields.signature else {
      throw LedgerError(.malformed, "not an envelope with a signature")
    }
    let bytes = fields.bytes
    return (Array(bytes[first.publicKey]), Array(bytes[first.signature]), Domain.transaction + bytes[fields.body])
  }

  /// An envelope taken apart, its form checked.
  private struct Parts {
    let fields: EnvelopeFields
    let signature: EnvelopeFields.Signature
    let key: PublicKey
    let furtherKeys: [PublicKey]
    let name: TransactionID
    let expiry: Timestamp
    let action: Action
    let manifest: Manifest?
  }

  private static func transaction(_ parts: Parts, entry: [UInt8], reader: ActionReader?) -> VerifiedTransaction {
    VerifiedTransaction(
      entry: entry, name: parts.name, senderKey: parts.key, cosigners: parts.furtherKeys.map(\.address),
      expiry: parts.expiry, action: parts.action, content: reader?(parts.action), manifest: parts.manifest)
  }

  private static func decode(entry: [UInt8], chain: Hash) throws(LedgerError) -> Parts {
    guard entry.count <= Entry.maximumBytes else { throw LedgerError(.tooLarge, "an envelope fills an entry") }
    guard let fields = EnvelopeFields(entry, from: 1) else {
      throw LedgerError(.malformed, "not an envelope with a body and an action")
    }
    guard let signature = fields.signature, fields.further.count < maximumSignatures else {
      throw LedgerError(.malformed, "an envelope carries one to \(maximumSignatures) signatures")
    }
    let bytes = fields.bytes.span.bytes
    guard Hash(bytes.extracting(fields.chain)) == chain else {
      throw LedgerError(.wrongChain, "meant for another chain")
    }
    guard let sender = Address(bytes.extracting(fields.sender)),
      let name = TransactionID(sender: sender, id: bytes.extracting(fields.id)), fields.contract.utf8.count <= 32
    else { throw LedgerError(.malformed, "sender, id or contract of a wrong length") }
    var manifest: Manifest?
    if let (count, place) = fields.manifest {
      guard let root = Hash(bytes.extracting(place)), count > 0 else {
        throw LedgerError(.malformed, "a manifest without rows or root")
      }
      manifest = Manifest(count: count, root: root)
    }
    return Parts(
      fields: fields, signature: signature, key: try key(of: signature, bytes), furtherKeys: try keys(fields, bytes),
      name: name, expiry: try Timestamp(validating: fields.expiry),
      action: Action(contract: fields.contract, kind: fields.kind, payload: Array(fields.bytes[fields.payload])),
      manifest: manifest)
  }

  private static func keys(_ fields: EnvelopeFields, _ bytes: RawSpan) throws(LedgerError) -> [PublicKey] {
    var keys: [PublicKey] = []
    for signature in fields.further { keys.append(try key(of: signature, bytes)) }
    return keys
  }

  private static func key(
    of signature: EnvelopeFields.Signature, _ bytes: RawSpan
  ) throws(LedgerError) -> PublicKey {
    guard SignatureSuite(rawValue: signature.suite) != nil else {
      throw LedgerError(.unknownSuite, "suite \(signature.suite)")
    }
    return try PublicKey(bytes.extracting(signature.publicKey))
  }
}

extension PublicKey {
  /// Whether a signature of an envelope is this key's over the envelope's body.
  fileprivate func verifies(_ signature: EnvelopeFields.Signature, of fields: EnvelopeFields) -> Bool {
    verifies(fields.bytes[signature.signature], domain: Domain.transaction, message: fields.bytes[fields.body])
  }
}
