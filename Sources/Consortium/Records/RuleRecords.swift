public import Ledger

/// What a kind of proposal needs; table `rules`, kind k at ordinal k − 1.
public struct RuleRecord: FixedLayoutRecord, Hashable {
  /// The rule.
  public var rule: Rule

  /// Bytes of a record.
  public static let byteCount = 12

  init(_ rule: Rule) { self.rule = rule }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    let kind = ProposalKind(rawValue: reader.uint8(in: bytes)) ?? .rule
    let numerator = reader.uint8(in: bytes)
    let denominator = reader.uint8(in: bytes)
    reader.skip(1, in: bytes)
    rule = Rule(
      kind: kind, numerator: numerator, denominator: max(1, denominator), votingSeconds: reader.uint32(in: bytes),
      timelockSeconds: reader.uint32(in: bytes))
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(rule.kind.rawValue)
    writer.integer(rule.numerator)
    writer.integer(rule.denominator)
    writer.integer(UInt8(0))
    writer.integer(rule.votingSeconds)
    writer.integer(rule.timelockSeconds)
  }
}

/// The consortium's numbers; table `parameters`, which has one record.
public struct ParametersRecord: FixedLayoutRecord, Hashable {
  /// The numbers.
  public var parameters: GovernanceParameters

  /// Bytes of a record.
  public static let byteCount = 16

  init(_ parameters: GovernanceParameters) { self.parameters = parameters }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    parameters = GovernanceParameters()
    parameters.pauseSeconds = reader.uint32(in: bytes)
    parameters.restSeconds = reader.uint32(in: bytes)
    parameters.callSeconds = reader.uint32(in: bytes)
    parameters.openProposals = reader.uint16(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(parameters.pauseSeconds)
    writer.integer(parameters.restSeconds)
    writer.integer(parameters.callSeconds)
    writer.integer(parameters.openProposals)
    writer.integer(UInt16(0))
  }
}

/// A call for a pause, and the pause it became; table `pauses`.
public struct PauseRecord: FixedLayoutRecord, Hashable {
  /// What is paused.
  public var scope: PauseScope
  /// The plan.
  public var plan: UInt16
  /// The organisation that called first.
  public var first: UInt16
  /// The one that called second; the same as the first where one is enough.
  public var second: UInt16
  /// The proposal that extended or ended it, ordinal + 1; 0 for none.
  public var proposal: UInt32 = 0
  /// Block time of the first call.
  public var calledAt: Timestamp
  /// Block time of the second; zero while that is awaited.
  public var beganAt = Timestamp.zero
  /// The pause is over at this block time; until it begins, the call is.
  public var until: Timestamp

  /// Bytes of a record.
  public static let byteCount = 36

  init(scope: PauseScope, plan: UInt16, first: UInt16, calledAt: Timestamp, until: Timestamp) {
    self.scope = scope
    self.plan = plan
    self.first = first
    second = first
    self.calledAt = calledAt
    self.until = until
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    scope = PauseScope(rawValue: reader.uint8(in: bytes)) ?? .joins
    reader.skip(1, in: bytes)
    plan = reader.uint16(in: bytes)
    first = reader.uint16(in: bytes)
    second = reader.uint16(in: bytes)
    proposal = reader.uint32(in: bytes)
    calledAt = reader.timestamp(in: bytes)
    beganAt = reader.timestamp(in: bytes)
    until = reader.timestamp(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(scope.rawValue)
    writer.integer(UInt8(0))
    writer.integer(plan)
    writer.integer(first)
    writer.integer(second)
    writer.integer(proposal)
    writer.timestamp(calledAt)
    writer.timestamp(beganAt)
    writer.timestamp(until)
  }
}
