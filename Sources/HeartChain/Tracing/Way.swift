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
  /// A step that does not lead to the lot is refused too, so that nobody can pad a way: each stands in the history of
  /// the lot, or of one that it came from before it came from it. A void lot's last event, the reversal of its gift, is
  /// no row: `reversal` is its hash (``TraceHistory/reversal(_:_:_:)``).
  public func verify(_ record: LotRecord, reversal: Hash? = nil) -> Bool {
    var walk = WayWalk(steps: steps.count)
    for step in steps {
      guard walk.follow(step) else { return false }
    }
    guard var found = walk.history(of: lot) else { return false }
    if let reversal { found = TraceHistory.step(found, reversal) }
    return found == record.history && walk.allLead(steps, to: lot)
  }
}

extension Way.Step {
  /// The lots whose earlier events count for lots of the way that this step makes or changes: what is made builds on
  /// all that went in, and what comes out of a container on the container.
  func builds(on isWanted: (UInt32) -> Bool) -> ArraySlice<UInt32> {
    if made.contains(where: isWanted) { return sources[...] }
    return isUnpacking && sources.dropFirst().contains(where: isWanted) ? sources.prefix(1) : []
  }

  /// Whether it takes lots out of a container.
  var isUnpacking: Bool { row.first == TraceKind.unpacked.rawValue }

  /// Whether the lots are as many as the event has, and those that its row names by ordinal.
  func fits(_ event: TraceEvent) -> Bool {
    let named: [UInt32]
    switch event.sources {
    case .some(let sources): named = sources
    case nil: return false
    }
    // A lot of the same manifest is named by the row that makes it: there the histories alone decide.
    return made.count == event.madeCount && sources.count == named.count
      && zip(sources, named).allSatisfy { $0 == $1 || $1 >= 1 << 31 }
  }
}
