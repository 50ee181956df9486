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
    var histories: [UInt32: Hash] = [:]
    var effects: [Effect] = []
    effects.reserveCapacity(steps.count)
    for step in steps {
      guard let effect = step.follow(&histories) else { return false }
      effects.append(effect)
    }
    guard var found = histories[lot] else { return false }
    if let reversal { found = TraceHistory.step(found, reversal) }
    return found == record.history && allLead(effects)
  }

  /// What a step did to the histories that are known.
  fileprivate struct Effect {
    /// Lots whose histories took it up, in order.
    var changed: [UInt32] = []
    /// Lots whose histories began with it; none where a source is not of the way.
    var made: [UInt32] = []
  }

  /// Whether every step leads to the lot.
  private func allLead(_ effects: [Effect]) -> Bool {
    var wanted: [UInt32: Bool] = [lot: true]
    for (step, effect) in zip(steps, effects).reversed() {
      let isOrigin = effect.made.contains { wanted[$0] == true }
      guard isOrigin || effect.changed.contains(where: { wanted[$0] == true }) else { return false }
      var before: ArraySlice<UInt32> = isOrigin ? step.sources[...] : []
      if step.isUnpacking, effect.changed.dropFirst().contains(where: { wanted[$0] == true }) {
        before = effect.changed.prefix(1)
      }
      // Before it was made nothing can have happened to a lot: such a step would stand in no history.
      for made in effect.made { wanted[made] = nil }
      for source in before { wanted[source] = true }
    }
    return true
  }
}

extension Way.Step {
  fileprivate var isUnpacking: Bool { row.first == TraceKind.unpacked.rawValue }

  /// Adds the step to the histories of the lots that are known, and begins those of the lots that it makes; `nil` where
  /// that cannot be.
  fileprivate func follow(_ histories: inout [UInt32: Hash]) -> Way.Effect? {
    guard let event = try? TraceEvent(row: row), fits(event), made.allSatisfy({ histories[$0] == nil }) else {
      return nil
    }
    let hash = TraceHistory.hash(event: self.event, time: time, row: row)
    var carrier: Hash?
    var effect = Way.Effect()
    var after: [Hash] = []
    // Lots that only went along with those of the way have no history here, and none is needed.
    for (index, source) in sources.enumerated() {
      guard var history = histories[source] else { continue }
      if event.kind == .unpacked, index > 0 {
        guard let carrier else { return nil }
        history = TraceHistory.step(history, carrier)
      }
      history = TraceHistory.step(history, hash)
      if index == 0 { carrier = history }
      histories[source] = history
      effect.changed.append(source)
      after.append(history)
    }
    guard after.count == sources.count else { return effect }
    for (output, made) in made.enumerated() {
      histories[made] = TraceHistory.origin(hash, output: UInt8(truncatingIfNeeded: output), sources: after)
    }
    effect.made = made
    return effect
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
    switch event.sources {
    case .some(let sources): named = sources
    case nil: return false
    }
    // A lot of the same manifest is named by the row that makes it: there the histories alone decide.
    return made.count == event.madeCount && sources.count == named.count
      && zip(sources, named).allSatisfy { $0 == $1 || $1 >= 1 << 31 }
  }
}
