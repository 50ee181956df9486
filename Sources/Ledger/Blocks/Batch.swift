internal import FoundationEssentials
internal import SwiftProtobuf
public import TransparencyLog

/// What opens a block: everything of a batch but its entries.
public struct Header: Sendable {
  /// The chain's id.
  public var chain: Hash
  /// Counts recoveries; 0 until the first.
  public var epoch: UInt64
  /// Where the ordering engine put it.
  public var sequence: UInt64
  /// Hash of the last valid batch; the chain id before the first.
  public var previous: Hash
  /// Exactly a quorum of cosignatures on the previous checkpoint, sorted by key; empty before the first.
  public var certificate: [EndorserCosignature]
  /// Number of entries between header and seal.
  public var count: UInt32
  /// RFC 6962 root over those entries.
  public var root: Hash
  /// Ordinal of the proposing organisation.
  public var proposer: UInt32

  /// What a batch says of its place; count and root follow from its entries when it is built.
  public init(
    chain: Hash, epoch: UInt64, sequence: UInt64, previous: Hash, certificate: [EndorserCosignature],
    count: UInt32 = 0, root: Hash = .zero, proposer: UInt32
  ) {
    self.chain = chain
    self.epoch = epoch
    self.sequence = sequence
    self.previous = previous
    self.certificate = certificate
    self.count = count
    self.root = root
    self.proposer = proposer
  }
}

/// A batch: signed header and entries, as the ordering engine carries them.
///
/// Its hash covers the proposer's signature, so that two valid signatures over one header cannot put
/// different bytes into the logs of honest organisations.
public struct Batch: Sendable {
  /// The header.
  public let header: Header
  /// The exact bytes of the signed header, as they stand in the log behind the kind byte.
  public let signedHeader: [UInt8]
  /// The entries between header and seal, kind byte first.
  public let entries: [[UInt8]]
  /// The leaf hashes of the entries.
  public let leaves: [Hash]
  /// The hash that votes and the next header name.
  public let hash: Hash
  let unsignedHeader: [UInt8]
  let signature: [UInt8]
}

extension Batch {
  /// Builds and signs a batch; count and root are taken from the entries.
  ///
  /// - Parameter leaves: the leaf hashes of the entries, where the caller has them already.
  public init(
    _ draft: Header, entries: [[UInt8]], leaves: [Hash]? = nil, signedBy key: SigningKey
  ) throws(LedgerError) {
    let leaves = leaves ?? entries.map { Hash.leaf($0) }
    var wire = WireHeader()
    wire.chain = Data(draft.chain.bytes)
    wire.epoch = draft.epoch
    wire.sequence = draft.sequence
    wire.previous = Data(draft.previous.bytes)
    wire.certificate = draft.certificate.map(\.wire)
    wire.count = UInt32(entries.count)
    let root = Batch.root(of: leaves)
    wire.root = Data(root.bytes)
    wire.proposer = draft.proposer
    var signed = WireSignedHeader()
    let header = try encodedBytes(of: wire)
    signed.header = Data(header)
    signed.signature = Data(try key.sign(domain: Domain.header, message: header))
    try self.init(signedHeader: encodedBytes(of: signed), entries: entries, leaves: leaves, root: root)
  }

  /// Reads a batch; checks form only (`batch.invalid`), not whether it fits the chain.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard let wire = try? WireBatch(serializedBytes: bytes) else { throw Batch.invalid("bytes do not decode") }
    try self.init(signedHeader: Array(wire.header), entries: wire.entries.map { Array($0) })
  }

  /// Puts together a batch from entries of a log; checks form only.
  ///
  /// - Parameter leaves: the leaf hashes of the entries, where the caller has hashed them already.
  public init(
    signedHeader: [UInt8], entries: [[UInt8]], leaves: [Hash]? = nil
  ) throws(LedgerError) {
    let leaves = leaves ?? entries.map { Hash.leaf($0) }
    try self.init(signedHeader: signedHeader, entries: entries, leaves: leaves, root: Batch.root(of: leaves))
  }

  /// - Parameter root: the root over the leaves.
  private init(
    signedHeader: [UInt8], entries: [[UInt8]], leaves: [Hash], root: Hash
  ) throws(LedgerError) {
    let read = try Batch.read(signedHeader)
    precondition(leaves.count == entries.count)
    guard entries.count == Int(read.header.count), root == read.header.root else {
      throw Batch.invalid("the entries are not those of the header")
    }
    for entry in entries {
      guard (2...Entry.maximumBytes).contains(entry.count), let kind = EntryKind(rawValue: entry[0]),
        kind == .transaction || kind == .rows
      else { throw Batch.invalid("an entry is empty, too long or of a kind no sender may put") }
    }
    header = read.header
    self.signedHeader = signedHeader
    self.entries = entries
    self.leaves = leaves
    unsignedHeader = read.unsigned
    signature = read.signature
    hash = Batch.hash(ofSignedHeader: signedHeader)
  }

  /// What a signed header says, without the entries of its batch and with nothing verified; `batch.invalid` where
  /// it does not decode.
  public static func header(of signedHeader: [UInt8]) throws(LedgerError) -> Header {
    try read(signedHeader).header
  }

  /// The hash of the batch that a signed header opens, as votes, seals and the next header name it.
  public static func hash(ofSignedHeader signedHeader: [UInt8]) -> Hash { .sha256(Domain.batch + signedHeader) }

  static func read(
    _ signedHeader: [UInt8]
  ) throws(LedgerError) -> (header: Header, unsigned: [UInt8], signature: [UInt8]) {
    guard signedHeader.count < Entry.maximumBytes, let signed = try? WireSignedHeader(serializedBytes: signedHeader),
      let wire = try? WireHeader(serializedBytes: signed.header)
    else { throw Batch.invalid("the header does not decode") }
    guard let chain = Hash(wire.chain), let previous = Hash(wire.previous), let root = Hash(wire.root) else {
      throw Batch.invalid("a hash of the header is not 32 bytes")
    }
    guard wire.reports.isEmpty else { throw Batch.invalid("reports open an epoch; this is its first version") }
    var certificate: [EndorserCosignature] = []
    for cosignature in wire.certificate {
      guard let read = try? EndorserCosignature(cosignature) else {
        throw Batch.invalid("a cosignature of the header is malformed")
      }
      certificate.append(read)
    }
    let header = Header(
      chain: chain, epoch: wire.epoch, sequence: wire.sequence, previous: previous, certificate: certificate,
      count: wire.count, root: root, proposer: wire.proposer)
    return (header, Array(signed.header), Array(signed.signature))
  }

  /// The bytes an ordering engine carries: a `WireBatch`, written without a copy of each entry on the way.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(signedHeader.count + 11) { $0 + $1.count + 11 })
    bytes.append(plainField: 1, signedHeader)
    for entry in entries { bytes.append(plainField: 2, entry) }
    return bytes
  }

  /// Whether the proposer's vote key made the signature.
  public func isSigned(by key: PublicKey) -> Bool {
    key.verifies(signature, domain: Domain.header, message: unsignedHeader)
  }

  static func invalid(_ message: String) -> LedgerError { LedgerError(.badBatch, message) }

  private static func root(of leaves: [Hash]) -> Hash {
    var tree = MerkleFrontier()
    tree.append(contentsOf: leaves)
    return tree.root
  }
}
