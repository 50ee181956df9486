public import Ledger
public import TransparencyLog

/// A set of organisations: one bit for each ordinal.
public struct OrganisationBits: Hashable, Sendable {
  /// Bytes of the set in a record.
  static let byteCount = 32
  private var words: InlineArray<4, UInt64> = InlineArray(repeating: 0)

  init() {}

  init(reader: inout RecordReader, in bytes: RawSpan) {
    for index in 0..<4 { words[index] = reader.uint64(in: bytes) }
  }

  func write(to writer: inout RecordWriter) {
    for index in 0..<4 { writer.integer(words[index]) }
  }

  /// Whether an organisation is in it. Bit 63 of the first word is organisation 0.
  public func contains(_ organisation: UInt32) -> Bool {
    organisation < 256 && words[Int(organisation / 64)] >> (63 - UInt64(organisation % 64)) & 1 == 1
  }

  mutating func insert(_ organisation: UInt16) {
    words[Int(organisation / 64)] |= 1 << (63 - UInt64(organisation % 64))
  }

  /// Equal when the same organisations are in it.
  public static func == (a: OrganisationBits, b: OrganisationBits) -> Bool {
    (0..<4).allSatisfy { a.words[$0] == b.words[$0] }
  }

  /// The bits.
  public func hash(into hasher: inout Swift.Hasher) {  // order-free: equality only
    for index in 0..<4 { hasher.combine(words[index]) }
  }
}

/// A proposal and what became of it; table `proposals`.
public struct ProposalRecord: FixedLayoutRecord, Hashable {
  /// What it changes.
  public var kind: ProposalKind
  /// Where it is in its life.
  public var status: ProposalStatus
  /// Ordinal of the organisation that proposed it.
  public var organisation: UInt16
  /// Length of its content.
  public var length: UInt32
  /// Ordinal of the content's first page in `proposal_pages`.
  public var firstPage: UInt32
  /// The number of the code with which it failed; 0 where it did not.
  public var failure: UInt16 = 0
  /// SHA-256 of its content.
  public var content: Hash
  /// Block time at which it was proposed.
  public var proposedAt: Timestamp
  /// Votes are taken before this block time.
  public var votingEnds: Timestamp
  /// Block time from which it is carried out; zero until it is carried.
  public var executesAt = Timestamp.zero
  /// Block time at which it was closed; zero while it is open.
  public var closedAt = Timestamp.zero
  /// Who voted for it.
  public var ayes = OrganisationBits()
  /// Who voted against it.
  public var noes = OrganisationBits()

  /// Bytes of a record.
  public static let byteCount = 16 + 32 + 4 * 8 + 2 * OrganisationBits.byteCount

  init(
    kind: ProposalKind, organisation: UInt16, length: UInt32, firstPage: UInt32, content: Hash, proposedAt: Timestamp,
    votingEnds: Timestamp
  ) {
    self.kind = kind
    status = .voting
    self.organisation = organisation
    self.length = length
    self.firstPage = firstPage
    self.content = content
    self.proposedAt = proposedAt
    self.votingEnds = votingEnds
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    kind = ProposalKind(rawValue: reader.uint8(in: bytes)) ?? .rule
    status = ProposalStatus(rawValue: reader.uint8(in: bytes)) ?? .failed
    organisation = reader.uint16(in: bytes)
    length = reader.uint32(in: bytes)
    firstPage = reader.uint32(in: bytes)
    failure = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    content = reader.hash(in: bytes)
    proposedAt = reader.timestamp(in: bytes)
    votingEnds = reader.timestamp(in: bytes)
    executesAt = reader.timestamp(in: bytes)
    closedAt = reader.timestamp(in: bytes)
    ayes = OrganisationBits(reader: &reader, in: bytes)
    noes = OrganisationBits(reader: &reader, in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(kind.rawValue)
    writer.integer(status.rawValue)
    writer.integer(organisation)
    writer.integer(length)
    writer.integer(firstPage)
    writer.integer(failure)
    writer.integer(UInt16(0))
    writer.hash(content)
    writer.timestamp(proposedAt)
    writer.timestamp(votingEnds)
    writer.timestamp(executesAt)
    writer.timestamp(closedAt)
    ayes.write(to: &writer)
    noes.write(to: &writer)
  }
}

/// One organisation's vote; table `votes`.
public struct VoteRecord: FixedLayoutRecord, Hashable {
  /// Ordinal of the proposal.
  public var proposal: UInt32
  /// The organisation.
  public var organisation: UInt16
  /// Whether it is for it.
  public var approves: Bool
  /// The officer who voted for her organisation.
  public var officer: Address
  /// Block time.
  public var time: Timestamp

  /// Bytes of a record.
  public static let byteCount = 36

  init(proposal: UInt32, organisation: UInt16, approves: Bool, officer: Address, time: Timestamp) {
    self.proposal = proposal
    self.organisation = organisation
    self.approves = approves
    self.officer = officer
    self.time = time
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    proposal = reader.uint32(in: bytes)
    organisation = reader.uint16(in: bytes)
    approves = reader.uint8(in: bytes) != 0
    reader.skip(1, in: bytes)
    officer = reader.address(in: bytes)
    time = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(proposal)
    writer.integer(organisation)
    writer.integer(UInt8(approves ? 1 : 0))
    writer.integer(UInt8(0))
    writer.address(officer)
    writer.timestamp(time)
  }
}
