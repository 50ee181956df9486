public import Ledger
public import TransparencyLog

/// What went into a project, out of it and lost on the way, in one unit.
public struct ProjectFlow: Hashable, Sendable {
  /// What was given.
  public var given: Int64 = 0
  /// What reached people: handed over, attended, spent; of money also what was returned.
  public var out: Int64 = 0
  /// What was lost, died or was taken back before it had moved.
  public var lost: Int64 = 0

  /// What organisations still hold or have under way. Wraps for a record that no state can hold.
  public var left: Int64 { given &- out &- lost }
}

/// A charity's project; table `projects`.
///
/// What is still undistributed at any moment is ``ProjectFlow/left``, so what stays beyond the term shows here.
public struct ProjectRecord: FixedLayoutRecord, Hashable {
  /// The charity that runs it.
  public var charity: UInt16
  /// Coarse place.
  public var place: UInt32
  /// First moment at which gifts may be given.
  public var start: Timestamp
  /// Last moment.
  public var end: Timestamp
  /// Block time of its opening.
  public var openedAt: Timestamp
  /// Hash of the public description.
  public var description: Hash
  /// Block time of the last disclosure; the opening's before the first.
  public var disclosedAt: Timestamp
  /// Block time of the last event of one of its lots.
  public var eventAt: Timestamp
  /// Flows, one for each unit.
  private var flows: (ProjectFlow, ProjectFlow, ProjectFlow, ProjectFlow, ProjectFlow)
  /// Fen committed.
  public var committed: Int64 = 0
  /// Fen disbursed to other organisations; the same fen may count more than once.
  public var disbursed: Int64 = 0
  /// Fen spent on what the project is for.
  public var spent: Int64 = 0
  /// Fen spent on running it.
  public var overhead: Int64 = 0
  /// Fen given back.
  public var returned: Int64 = 0
  /// Trees pledged.
  public var pledged: Int64 = 0
  /// Of these, planted.
  public var planted: Int64 = 0
  /// Of these, taken back before they were planted.
  public var withdrawn: Int64 = 0
  /// Hearts that givers gave to it.
  public var hearts: Int64 = 0
  /// Gifts recorded.
  public var gifts: UInt32 = 0
  /// Of these, reversed.
  public var reversed: UInt32 = 0

  /// Bytes of a record.
  public static let byteCount = 8 + 24 + 32 + 16 + 120 + 40 + 24 + 16

  init(
    charity: UInt16, place: UInt32, start: Timestamp, end: Timestamp, description: Hash, time: Timestamp
  ) {
    self.charity = charity
    self.place = place
    self.start = start
    self.end = end
    self.description = description
    openedAt = time
    disclosedAt = time
    eventAt = time
    flows = (ProjectFlow(), ProjectFlow(), ProjectFlow(), ProjectFlow(), ProjectFlow())
  }

  /// What went in and out in a unit.
  public subscript(_ unit: GiftUnit) -> ProjectFlow {
    get {
      switch unit {
      case .fen: flows.0
      case .gram: flows.1
      case .piece: flows.2
      case .millilitre: flows.3
      case .attendance: flows.4
      }
    }
    set {
      switch unit {
      case .fen: flows.0 = newValue
      case .gram: flows.1 = newValue
      case .piece: flows.2 = newValue
      case .millilitre: flows.3 = newValue
      case .attendance: flows.4 = newValue
      }
    }
  }

  /// What still had to reach somebody: of pieces, what is left beyond all trees that were planted, since a tree that
  /// stands has done so. Where trees died, as many goods by the piece can be missing here; only a project with both is
  /// concerned.
  public func undistributed(_ unit: GiftUnit) -> Int64 {
    unit == .piece ? max(0, self[unit].left - planted) : self[unit].left
  }

  /// Equal when the canonical bytes are.
  public static func == (a: ProjectRecord, b: ProjectRecord) -> Bool { a.canonicalBytes == b.canonicalBytes }

  /// Of the description and the opening.
  public func hash(into hasher: inout Swift.Hasher) {  // order-free: equality only
    hasher.combine(description)  // order-free: equality only
    hasher.combine(openedAt)  // order-free: equality only
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    var reader = RecordReader()
    charity = reader.uint16(in: bytes)
    reader.skip(2, in: bytes)
    place = reader.uint32(in: bytes)
    start = reader.timestamp(in: bytes)
    end = reader.timestamp(in: bytes)
    openedAt = reader.timestamp(in: bytes)
    description = reader.hash(in: bytes)
    disclosedAt = reader.timestamp(in: bytes)
    eventAt = reader.timestamp(in: bytes)
    flows = (ProjectFlow(), ProjectFlow(), ProjectFlow(), ProjectFlow(), ProjectFlow())
    for unit in GiftUnit.allCases {
      self[unit] = ProjectFlow(
        given: reader.int64(in: bytes), out: reader.int64(in: bytes), lost: reader.int64(in: bytes))
    }
    committed = reader.int64(in: bytes)
    disbursed = reader.int64(in: bytes)
    spent = reader.int64(in: bytes)
    overhead = reader.int64(in: bytes)
    returned = reader.int64(in: bytes)
    pledged = reader.int64(in: bytes)
    planted = reader.int64(in: bytes)
    withdrawn = reader.int64(in: bytes)
    hearts = reader.int64(in: bytes)
    gifts = reader.uint32(in: bytes)
    reversed = reader.uint32(in: bytes)
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.integer(charity)
    writer.integer(UInt16(0))
    writer.integer(place)
    writer.timestamp(start)
    writer.timestamp(end)
    writer.timestamp(openedAt)
    writer.hash(description)
    writer.timestamp(disclosedAt)
    writer.timestamp(eventAt)
    for flow in [flows.0, flows.1, flows.2, flows.3, flows.4] {
      writer.integer(flow.given)
      writer.integer(flow.out)
      writer.integer(flow.lost)
    }
    for amount in [committed, disbursed, spent, overhead, returned, pledged, planted, withdrawn, hearts] {
      writer.integer(amount)
    }
    writer.integer(gifts)
    writer.integer(reversed)
  }
}
