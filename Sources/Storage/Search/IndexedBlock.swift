public import Ledger
public import TransparencyLog

/// A transaction as the search index knows it.
public struct IndexedTransaction: Sendable, Hashable {
  /// The place of its entry in the log.
  public var index: UInt64
  /// The transaction's hash, by which people look for it.
  public var hash: Hash
  /// The height of its block.
  public var height: UInt64
  /// The time of its block.
  public var time: Timestamp
  /// Who signed it.
  public var sender: Address
  /// The contract that it asks.
  public var contract: String
  /// The contract's number for what it asks.
  public var kind: UInt32
  /// The number of its result code; 0 says that it did what it asked for.
  public var code: UInt16
  /// The name of its result code (docs/errors.md).
  public var codeName: String
  /// Rows of its manifest; 0 without one.
  public var rows: UInt32

  /// A transaction of these fields.
  public init(
    index: UInt64, hash: Hash, height: UInt64, time: Timestamp, sender: Address, contract: String, kind: UInt32,
    code: UInt16, codeName: String, rows: UInt32
  ) {
    self.index = index
    self.hash = hash
    self.height = height
    self.time = time
    self.sender = sender
    self.contract = contract
    self.kind = kind
    self.code = code
    self.codeName = codeName
    self.rows = rows
  }
}

/// The kinds of things that a transaction can be about.
public enum SubjectKind: String, Sendable, Hashable, Codable, CaseIterable {
  case plan, membership, `case`, settlement, organisation, manifest, refund, account, gift
}

/// Something that transactions are about: the record of this kind and ordinal.
public struct IndexedSubject: Sendable, Hashable {
  /// The largest ordinal that the index takes. Records have ordinals of four bytes, so this is never reached.
  public static let maximumOrdinal: UInt64 = (1 << 52) - 1

  /// What it is.
  public var kind: SubjectKind
  /// Its ordinal among those of its kind.
  public var ordinal: UInt64

  /// The subject of this kind and ordinal.
  public init(kind: SubjectKind, ordinal: UInt64) {
    self.kind = kind
    self.ordinal = ordinal
  }
}

/// All that the index takes from one block.
public struct IndexedBlock: Sendable {
  /// The block's height; the first block after the genesis has height 1.
  public var height: UInt64
  /// The block's time.
  public var time: Timestamp
  /// The place of its first entry, the header, in the log.
  public var firstIndex: UInt64
  /// Its entries, header and seal included.
  public var size: UInt64
  /// The place of its seal in the log.
  public var sealIndex: UInt64
  /// The ordinal of the organisation that proposed it.
  public var proposer: UInt32
  /// Its transactions in the order of the log.
  public var transactions: [IndexedTransaction]
  /// What its transactions are about, each by the place of the transaction in the log.
  public var subjects: [(transactionIndex: UInt64, IndexedSubject)]
  /// The changes of memberships in the order in which they happened; the bytes mean nothing to the index.
  public var changes: [(membership: UInt32, bytes: [UInt8])]
  /// The memberships that it opened, each with its owner.
  public var owners: [(membership: UInt32, owner: Address)]
  /// What a chain of hearts noted.
  public var hearts: IndexedHearts

  /// A block of these parts.
  public init(
    height: UInt64, time: Timestamp, firstIndex: UInt64, size: UInt64, sealIndex: UInt64, proposer: UInt32,
    transactions: [IndexedTransaction] = [], subjects: [(transactionIndex: UInt64, IndexedSubject)] = [],
    changes: [(membership: UInt32, bytes: [UInt8])] = [], owners: [(membership: UInt32, owner: Address)] = [],
    hearts: IndexedHearts = IndexedHearts()
  ) {
    self.height = height
    self.time = time
    self.firstIndex = firstIndex
    self.size = size
    self.sealIndex = sealIndex
    self.proposer = proposer
    self.transactions = transactions
    self.subjects = subjects
    self.changes = changes
    self.owners = owners
    self.hearts = hearts
  }
}

/// A block without what is in it.
public struct IndexedBlockSummary: Sendable, Hashable {
  /// The block's height.
  public var height: UInt64
  /// The block's time.
  public var time: Timestamp
  /// The place of its first entry in the log.
  public var firstIndex: UInt64
  /// Its entries, header and seal included.
  public var size: UInt64
  /// The place of its seal in the log.
  public var sealIndex: UInt64
  /// The ordinal of the organisation that proposed it.
  public var proposer: UInt32
  /// How many transactions it has.
  public var transactions: UInt32
  /// How many of them failed.
  public var failed: UInt32

  /// A summary of these fields.
  public init(
    height: UInt64, time: Timestamp, firstIndex: UInt64, size: UInt64, sealIndex: UInt64, proposer: UInt32,
    transactions: UInt32, failed: UInt32
  ) {
    self.height = height
    self.time = time
    self.firstIndex = firstIndex
    self.size = size
    self.sealIndex = sealIndex
    self.proposer = proposer
    self.transactions = transactions
    self.failed = failed
  }
}

/// Something that a search found.
public enum SearchHit: Sendable, Hashable {
  /// A transaction, by its hash.
  case transaction(IndexedTransaction)
  /// A block, by its height.
  case block(IndexedBlockSummary)
  /// A subject that at least one transaction is about.
  case subject(IndexedSubject)
  /// An address that has sent a transaction, owns a membership or has had hearts.
  case address(Address)
}
