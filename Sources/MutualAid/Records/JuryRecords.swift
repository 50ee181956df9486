public import Ledger
public import TransparencyLog

/// A member who is ready to sit on juries; table `volunteers`. It is one pool for each plan.
public struct VolunteerRecord: FixedLayoutRecord, Hashable {
  /// The membership's ordinal.
  public var membership: UInt32
  /// The plan.
  public var plan: UInt16
  /// Whether she is ready now.
  public var isReady: Bool
  /// Block time of her last word on it.
  public var since: Timestamp

  /// Bytes of a record.
  public static let byteCount = 16

  init(membership: UInt32, plan: UInt16, since: Timestamp) {
    self.membership = membership
    self.plan = plan
    isReady = true
    self.since = since
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    membership = reader.uint32(in: bytes)
    plan = reader.uint16(in: bytes)
    isReady = reader.uint8(in: bytes) != 0
    reader.skip(1, in: bytes)
    since = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(membership)
    writer.integer(plan)
    writer.integer(UInt8(isReady ? 1 : 0))
    writer.integer(UInt8(0))
    writer.timestamp(since)
  }
}

/// A member's objection to a case in notice; table `objections`.
public struct ObjectionRecord: FixedLayoutRecord, Hashable {
  /// The case's ordinal.
  public var caseOrdinal: UInt32
  /// The membership that objects.
  public var membership: UInt32
  /// The objection to the same case before it, ordinal + 1; 0 for none.
  public var previous: UInt32
  /// Why: see ``Reason``.
  public var reason: Reason
  /// Block time.
  public var time: Timestamp
  /// Commitment to the evidence.
  public var evidence: Hash

  /// Why a member objects.
  public enum Reason: UInt16, Sendable, CaseIterable {
    /// Ill before joining, or within the waiting period.
    case illBefore = 1
    /// The health declaration was not true.
    case falseDeclaration = 2
    /// The documents are not genuine.
    case falseDocuments = 3
    /// The disease is not one that the convention names.
    case notCovered = 4
    /// The person is not the one insured.
    case otherPerson = 5
    /// Something else, told in the evidence.
    case other = 6
  }

  /// Bytes of a record.
  public static let byteCount = 56

  init(caseOrdinal: UInt32, membership: UInt32, previous: UInt32, reason: Reason, time: Timestamp, evidence: Hash) {
    self.caseOrdinal = caseOrdinal
    self.membership = membership
    self.previous = previous
    self.reason = reason
    self.time = time
    self.evidence = evidence
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    caseOrdinal = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
    previous = reader.uint32(in: bytes)
    reason = Reason(rawValue: reader.uint16(in: bytes)) ?? .other
    reader.skip(2, in: bytes)
    time = reader.timestamp(in: bytes)
    evidence = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(caseOrdinal)
    writer.integer(membership)
    writer.integer(previous)
    writer.integer(reason.rawValue)
    writer.integer(UInt16(0))
    writer.timestamp(time)
    writer.hash(evidence)
  }
}

/// The jury of a case; table `juries`.
public struct JuryRecord: FixedLayoutRecord, Hashable {
  /// What became of it.
  public enum Verdict: UInt8, Sendable {
    /// It still votes.
    case open = 0
    /// The case stands.
    case upheld = 1
    /// The case is refused.
    case rejected = 2
    /// Too few voted.
    case noQuorum = 3
    /// The owner withdrew the case.
    case withdrawn = 4
  }

  /// The case's ordinal.
  public var caseOrdinal: UInt32
  /// The draw it comes from.
  public var draw: UInt32
  /// The jury of the same case before it, ordinal + 1; 0 for none.
  public var previous: UInt32
  /// Whether the owner appealed; otherwise members objected.
  public var isAppeal: Bool
  /// See ``Verdict``.
  public var verdict: Verdict
  /// Numbers drawn from the seed so far.
  public var drawn: UInt16 = 0
  /// The seat given last, ordinal + 1; seats are linked from there.
  public var lastSeat: UInt32 = 0
  /// Opened votes for the case, and against it.
  public var approving: UInt16 = 0
  /// See ``approving``.
  public var rejecting: UInt16 = 0
  /// Votes must be committed before this.
  public var commitBy: Timestamp
  /// And opened before this.
  public var revealBy: Timestamp

  /// Bytes of a record.
  public static let byteCount = 40

  init(
    caseOrdinal: UInt32, draw: UInt32, previous: UInt32, isAppeal: Bool, commitBy: Timestamp, revealBy: Timestamp
  ) {
    self.caseOrdinal = caseOrdinal
    self.draw = draw
    self.previous = previous
    self.isAppeal = isAppeal
    verdict = .open
    self.commitBy = commitBy
    self.revealBy = revealBy
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    caseOrdinal = reader.uint32(in: bytes)
    draw = reader.uint32(in: bytes)
    previous = reader.uint32(in: bytes)
    isAppeal = reader.uint8(in: bytes) != 0
    verdict = Verdict(rawValue: reader.uint8(in: bytes)) ?? .open
    drawn = reader.uint16(in: bytes)
    lastSeat = reader.uint32(in: bytes)
    approving = reader.uint16(in: bytes)
    rejecting = reader.uint16(in: bytes)
    commitBy = reader.timestamp(in: bytes)
    revealBy = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(caseOrdinal)
    writer.integer(draw)
    writer.integer(previous)
    writer.integer(UInt8(isAppeal ? 1 : 0))
    writer.integer(verdict.rawValue)
    writer.integer(drawn)
    writer.integer(lastSeat)
    writer.integer(approving)
    writer.integer(rejecting)
    writer.timestamp(commitBy)
    writer.timestamp(revealBy)
  }
}

/// A juror's seat; table `seats`.
public struct SeatRecord: FixedLayoutRecord, Hashable {
  /// What a juror has done.
  public enum Status: UInt8, Sendable {
    /// Drawn.
    case drawn = 1
    /// Stepped back; another was drawn.
    case recused = 2
    /// Her vote is committed.
    case committed = 3
    /// Opened: the case stands.
    case approved = 4
    /// Opened: the case is refused.
    case rejected = 5
  }

  /// The jury's ordinal.
  public var jury: UInt32
  /// The membership that sits on it.
  public var membership: UInt32
  /// The seat given before it in the same jury, ordinal + 1; 0 for the first.
  public var previous: UInt32
  /// See ``Status``.
  public var status = Status.drawn
  /// What was committed; zero before.
  public var commitment = Hash.zero

  /// Bytes of a record.
  public static let byteCount = 48

  init(jury: UInt32, membership: UInt32, previous: UInt32) {
    self.jury = jury
    self.membership = membership
    self.previous = previous
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    jury = reader.uint32(in: bytes)
    membership = reader.uint32(in: bytes)
    previous = reader.uint32(in: bytes)
    status = Status(rawValue: reader.uint8(in: bytes)) ?? .recused
    reader.skip(3, in: bytes)
    commitment = reader.hash(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(jury)
    writer.integer(membership)
    writer.integer(previous)
    writer.integer(status.rawValue)
    writer.integer(UInt8(0))
    writer.integer(UInt16(0))
    writer.hash(commitment)
  }
}
