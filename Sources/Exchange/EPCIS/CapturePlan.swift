internal import Consortium
public import HeartChain
public import Ledger
internal import TransparencyLog

/// Turns captured events into rows of one manifest, each judged on a copy of the state before anybody signs it.
///
/// A class of EPCIS may lie in several lots of ours, at several places. So an identifier stands for all lots that were
/// recorded under it, of which an event means those that its sender has or is sent, oldest first. Where it moves a
/// part of a lot, that part becomes a lot of its own before.
///
/// A value: what an event that is refused began leaves no trace.
public struct CapturePlan: Sendable {
  /// An identifier that a lot gets: the lot that a row makes, and which of those it makes.
  public struct Binding: Hashable, Sendable {
    /// The sender's name for it, in the one notation of GS1's identifiers.
    public let identifier: String
    /// The row, counted from 0 in this plan.
    public let row: Int
    /// Which of the lots that come out of it.
    public let output: Int
  }

  /// What became of an event.
  public struct Taken: Hashable, Sendable {
    /// Its rows in this plan; none where the chain keeps nothing of it.
    public let rows: Range<Int>
    /// The row that says the same as the event: the first that only prepares nothing.
    public let main: Int?
    /// The gifts in this plan that it takes back.
    public let reversals: Range<Int>
  }

  /// The most rows of a plan: one manifest.
  public static let maximumRows = 10_000

  /// The rows, to be signed as one manifest.
  public private(set) var rows: [[UInt8]] = []
  /// Identifiers that these rows give to lots.
  public private(set) var bindings: [Binding] = []
  /// Gifts to take back before the rows are handed in.
  public private(set) var reversals: [Reversal] = []
  /// Gifts that an earlier try of the same capture took back.
  public var reversed: Set<UInt32> = []

  /// The state after the rows so far.
  private(set) var state: HeartChain
  let profile: CaptureProfile
  let names: HeartNames
  let time: Timestamp
  /// Lots from here on are made by the rows.
  private let base: UInt32
  private var origins: [(row: Int, output: Int)] = []
  private var known: [String: [UInt32]]
  var mains: [Int] = []

  /// - Parameters:
  ///   - state: a copy of the state.
  ///   - time: the block time to reckon with; events after it are refused.
  ///   - known: lots that were recorded under identifiers, by ``identifiers(of:)``.
  public init(
    state: HeartChain, profile: CaptureProfile, names: HeartNames, time: Timestamp, known: [String: [UInt32]]
  ) {
    self.state = state
    self.state.watch(false)
    self.profile = profile
    self.names = names
    self.time = time
    self.known = known
    base = UInt32(state.hearts.lots.count)
  }

  /// The identifiers that events name and that are not our own, in the one notation, each once.
  public static func identifiers(of entries: [EPCISDocument.Entry], names: HeartNames) -> [String] {
    var found: Set<String> = []
    for entry in entries {
      let event = entry.event
      let all =
        event.epcs + event.outputEPCs + (event.quantities + event.outputQuantities).map(\.epcClass)
        + [event.parent].compactMap { $0 }
      for uri in all where names.lot(in: uri) == nil { found.insert(canonical(uri)) }
    }
    return found.sorted()
  }

  /// An identifier in the one notation of GS1's identifiers; of others as it is.
  public static func canonical(_ uri: String) -> String { DigitalLink.canonical(uri) ?? uri }

  /// Takes up an event.
  ///
  /// - Parameter declared: of a declaration of error, the rows of the event that it is about.
  /// - Throws: `ValidationException`, with the chain's code where its rules refuse the event; nothing is changed then.
  public mutating func take(
    _ entry: EPCISDocument.Entry, declared: [Way.Step] = []
  ) throws(EPCISError) -> Taken {
    let before = self
    do throws(EPCISError) {
      let (first, reversal) = (rows.count, reversals.count)
      mains = []
      try plan(entry, declared)
      return Taken(
        rows: first..<rows.count, main: mains.first, reversals: reversal..<reversals.count)
    } catch {
      self = before
      throw error
    }
  }

  private mutating func plan(_ entry: EPCISDocument.Entry, _ declared: [Way.Step]) throws(EPCISError) {
    let event = entry.event
    guard event.time.timestamp <= time else {
      throw EPCISError(.validation, "eventTime lies in the future", code: ErrorCode.eventInFuture.name)
    }
    if let uri = event.gift.recordedBy, names.organisation(in: uri) != profile.organisation {
      throw .invalid("recordedBy is another organisation than the token's")
    }
    if let declaration = event.errorDeclaration { return try declare(declaration, declared) }
    var draft = try Draft(event, hashID: entry.hashID, place: place(of: event))
    switch (event.kind, event.action) {
    case (.object, .add?): try begin(event, &draft)
    case (.aggregation, .add?): try pack(event, &draft)
    case (.aggregation, .delete?): try unpack(event, &draft)
    case (.transformation, _): try transform(event, &draft)
    default: try change(event, &draft)
    }
  }

  /// What is the same in all rows of an event.
  struct Draft {
    let time: Timestamp
    let hashID: String
    let place: UInt32
    private var evidence: Hash

    init(_ event: EPCISEvent, hashID: String, place: UInt32) throws(EPCISError) {
      time = event.time.timestamp
      self.hashID = hashID
      self.place = place
      evidence = .zero
      if let text = event.gift.evidence {
        guard let hash = GiftFields.hash(text) else { throw .invalid("evidence is sha256: and 64 digits") }
        evidence = hash
      }
    }

    /// A row's event; the first one shows the picture or receipt, which may be shown once.
    mutating func event(_ kind: TraceKind, _ unit: GiftUnit?, hasPlace: Bool = true) -> TraceEvent {
      var event = TraceEvent(kind, unit: unit, time: time)
      if hasPlace { event.place = place }
      event.evidence = evidence
      evidence = .zero
      return event
    }
  }

  // MARK: Rows

  /// Judges a row that says what the event says, and keeps it.
  @discardableResult
  mutating func put(_ event: TraceEvent) throws(EPCISError) -> Range<UInt32> {
    mains.append(rows.count)
    return try append(event)
  }

  /// Judges a row and keeps it with lots that rows before it made named by those.
  ///
  /// - Returns: the lots it makes, as they are numbered in this copy of the state.
  mutating func append(_ event: TraceEvent) throws(EPCISError) -> Range<UInt32> {
    guard rows.count < CapturePlan.maximumRows else {
      throw EPCISError(.captureLimit, "the events would be more than \(CapturePlan.maximumRows) rows")
    }
    let made: Range<UInt32>
    do {
      made = try state.rehearse(event, by: profile.officer, at: time)
    } catch { throw EPCISError(.validation, error.message, code: error.code.name) }
    var wire = event
    switch event.kind {
    case .donated, .pledged, .attended, .committed, .packed: break
    case .repacked:
      for place in 0..<Int(event.inputs) { wire.parts[place].lot = reference(event.parts[place].lot) }
    default: wire.lot = reference(event.lot)
    }
    if event.kind == .packed || event.kind == .unpacked {
      wire.parts = event.parts.map { TracePart(lot: reference($0.lot), quantity: $0.quantity) }
    }
    for output in 0..<made.count { origins.append((rows.count, output)) }
    rows.append(wire.row)
    return made
  }

  /// Judges a gift's being taken back, and keeps it.
  mutating func rehearse(_ reversal: Reversal) throws(EPCISError) {
    do {
      try state.rehearse(reversalOf: reversal.gift, reason: reversal.reason, by: profile.officer, at: time)
    } catch { throw EPCISError(.validation, error.message, code: error.code.name) }
    reversals.append(reversal)
  }

  private func reference(_ lot: UInt32) -> UInt32 {
    guard lot >= base else { return lot }
    let origin = origins[Int(lot - base)]
    return TraceEvent.made(by: origin.row, output: origin.output)
  }

  // MARK: Identifiers

  /// Records that a lot goes by an identifier from now on. One of ours is only taken for the lot that really has it.
  mutating func bind(_ uri: String, to lot: UInt32) throws(EPCISError) {
    if let own = names.lot(in: uri) {
      guard own == lot else { throw .invalid("the chain numbers its lots: name a new one by an identifier of yours") }
      return
    }
    let identifier = CapturePlan.canonical(uri)
    known[identifier, default: []].append(lot)
    let origin = origins[Int(lot - base)]
    bindings.append(Binding(identifier: identifier, row: origin.row, output: origin.output))
  }

  /// The lots that an identifier stands for, oldest first.
  ///
  /// - Throws: `ValidationException` with `lot.unknown`.
  func lots(_ uri: String) throws(EPCISError) -> [UInt32] {
    if let own = names.lot(in: uri) {
      if Int(own) < state.hearts.lots.count { return [own] }
    } else if let found = known[CapturePlan.canonical(uri)], !found.isEmpty {
      return found.filter { Int($0) < state.hearts.lots.count }.sorted()
    }
    throw EPCISError(.validation, "no lot is known by this identifier", code: ErrorCode.unknownLot.name)
  }

  /// A lot's record in this copy of the state.
  func lot(_ ordinal: UInt32) -> LotRecord { state.hearts.lots[Int(ordinal)] }

  /// The place of an event: where it was recorded, or where things are afterwards; 0 where neither is known here.
  private func place(of event: EPCISEvent) -> UInt32 {
    for uri in [event.readPoint, event.bizLocation].compactMap({ $0 }) {
      if let place = names.place(in: uri) ?? CaptureProfile.longest(profile.places, uri) { return place }
    }
    return 0
  }

  /// The organisation to which something goes.
  func receiver(_ event: EPCISEvent) throws(EPCISError) -> UInt16 {
    for type in ["possessing_party", "owning_party", "location"] {
      for party in event.destinations where party.type == type {
        if let found = names.organisation(in: party.value) ?? CaptureProfile.longest(profile.parties, party.value) {
          return found
        }
      }
    }
    throw EPCISError(
      .validation, "no destination is an organisation of this chain", code: ErrorCode.unknownOrganisation.name)
  }

  /// Who received something, as a commitment.
  func recipient(_ event: EPCISEvent, _ draft: Draft) -> Hash {
    for party in event.destinations {
      if let commitment = names.recipient(in: party.value) { return commitment }
    }
    return profile.recipient(event.destinations.first?.value ?? "", draft.hashID)
  }
}
