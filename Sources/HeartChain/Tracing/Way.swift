public import Ledger
public import TransparencyLog

/// The way of a lot: every event of it and of the lots it came from, back to the gifts, oldest first.
///
/// Whoever has the lot's record, proven in a certified state, needs nothing else to check it: the history in the
/// record is a hash over exactly these events (``TraceHistory``). No path into the log is needed for any of them, and
/// leaving one out, adding, changing or moving one gives another hash.
public struct Way: Hashable, Sendable {
  /// One event, with the lots whose histories it changed.
  public struct Step: Hashable, Sendable {
    /// See ``LotRecord/event``.
    public var event: UInt64
    /// Block time.
    public var time: Timestamp
    /// The row as it was signed.
    public var row: [UInt8]
    /// Ordinals of the lots it changed, in the order of its parts; of unpacking the container first.
    public var sources: [UInt32]
    /// Ordinals of the lots it made, in order.
    public var made: [UInt32]

    /// A step, for instance as received.
    public init(event: UInt64, time: Timestamp, row: [UInt8], sources: [UInt32], made: [UInt32]) {
      self.event = event
      self.time = time
      self.row = row
      self.sources = sources
      self.made = made
    }
  }

  /// The events, each after all that it builds on.
  public var steps: [Step]
  /// The lot it is the way of.
  public var lot: UInt32

  /// A way, for instance as received.
  public init(of lot: UInt32, steps: [Step]) {
    self.lot = lot
    self.steps = steps
  }

  /// Whether this is the way, the whole way and nothing else, of a lot with this record.
  ///
  /// A step that does not lead to the lot is refused too, so that nobody can pad a way. A void lot's last event, the
  /// reversal of its gift, is no row: `reversal` is its hash (``TraceHistory/reversal(_:_:_:)``).
  public func verify(_ record: LotRecord, reversal: Hash? = nil) -> Bool {
    var histories: [UInt32: Hash] = [:]
    for step in steps {
      guard let event = try? TraceEvent(row: step.row), step.fits(event) else { return false }
      let hash = TraceHistory.hash(event: step.event, time: step.time, row: step.row)
      var carrier: Hash?
      var sources: [Hash] = []
      // Lots that only went along with those of the way have no history here, and none is needed.
      for (index, source) in step.sources.enumerated() {
        guard var history = histories[source] else { continue }
        if event.kind == .unpacked, index > 0 {
          guard let carrier else { return false }
          history = TraceHistory.step(history, carrier)
        }
        history = TraceHistory.step(history, hash)
        if index == 0 { carrier = history }
        histories[source] = history
        sources.append(history)
      }
      guard sources.count == step.sources.count else { continue }
      for (output, made) in step.made.enumerated() {
        guard histories[made] == nil else { return false }
        histories[made] = TraceHistory.origin(hash, output: UInt8(truncatingIfNeeded: output), sources: sources)
      }
    }
    guard var found = histories[lot] else { return false }
    if let reversal { found = TraceHistory.step(found, reversal) }
    return found == record.history && isNeeded
  }

  /// Whether every step leads to the lot.
  private var isNeeded: Bool {
    var wanted: [UInt32: Bool] = [lot: true]
    for step in steps.reversed() {
      guard step.sources.contains(where: { wanted[$0] == true }) || step.made.contains(where: { wanted[$0] == true })
      else { return false }
      for source in step.builds(on: { wanted[$0] == true }) { wanted[source] = true }
    }
    return true
  }
}

extension Way.Step {
  /// The lots whose earlier events count for lots of the way that this step makes or changes: what is made builds on
  /// all that went in, and what comes out of a container on the container.
  func builds(on isWanted: (UInt32) -> Bool) -> ArraySlice<UInt32> {
    if made.contains(where: isWanted) { return sources[...] }
    let isUnpacking = row.first == TraceKind.unpacked.rawValue && sources.dropFirst().contains(where: isWanted)
    return isUnpacking ? sources.prefix(1) : []
  }

  /// Whether the lots are as many as the event has, and those that its row names by ordinal.
  func fits(_ event: TraceEvent) -> Bool {
    let named: [UInt32]
    switch event.kind {
    case .donated, .pledged: named = []
    case .repacked, .packed: named = event.ingoing.map(\.lot)
    case .unpacked: named = [event.lot] + event.parts.map(\.lot)
    case .attended, .committed: return false
    default: named = [event.lot]
    }
    let outputs =
      switch event.kind {
      case .donated, .pledged, .planted, .disbursed, .packed: 1
      case .repacked: event.outgoing.count
      default: 0
      }
    // A lot of the same manifest is named by the row that makes it: there the histories alone decide.
    return made.count == outputs && sources.count == named.count
      && zip(sources, named).allSatisfy { $0 == $1 || $1 >= 1 << 31 }
  }
}
