internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// Parts of lots become other lots: sorted, cooked, pooled. What went in is what came out and what was lost.
  mutating func repack(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let inputs = try mixture(step, run)
    let first = lots[inputs[0]]
    let hash = step.hash
    var sources: [Hash] = []
    for (ordinal, part) in zip(inputs, event.ingoing) {
      touch(ordinal, step, hash) { $0.left -= part.quantity }
      sources.append(lots[ordinal].history)
    }
    let made = UInt32(lots.count)
    for (index, part) in event.outgoing.enumerated() {
      lots.append(
        LotRecord(
          project: first.project, kind: UInt16(part.lot), unit: first.unit, owner: first.owner,
          holder: step.organisation, place: event.place != 0 ? event.place : first.place, quantity: part.quantity,
          movedAt: event.time, event: step.name,
          history: TraceHistory.origin(hash, output: UInt8(index), sources: sources)))
    }
    update(first.project, at: step.time) { project in
      if event.quantity > 0 { project[first.unit].lost += event.quantity }
    }
    return TraceEffect(sources: inputs.map { UInt32($0) }, made: (made, event.outgoing.count))
  }

  /// The lots of which parts go into a repacking that may happen. Apart from what changes the state: with a loop of
  /// checks in it the compiler copies the whole contract for every part.
  private func mixture(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> [Int] {
    let event = step.event
    var inputs: [Int] = []
    var going: Int64 = 0
    for part in event.ingoing {
      let (ordinal, lot) = try held(part.lot, step, run, unit: event.unit)
      guard !inputs.contains(ordinal) else { throw LedgerError(.lotTwice, "a lot goes in twice") }
      guard part.quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more goes in than there is") }
      try require(lot, [.goods, .money])
      if let first = inputs.first { try requireLike(lot, lots[first]) }
      inputs.append(ordinal)
      going += part.quantity
    }
    let first = lots[inputs[0]]
    let isMoney = category(first) == .money
    var coming = event.quantity
    for part in event.outgoing {
      guard Int(part.lot) < kindList.count else { throw LedgerError(.unknownKind, "no kind \(part.lot)") }
      let kind = kindList[Int(part.lot)]
      guard kind.unit == first.unit else { throw LedgerError(.wrongUnit, "a kind counted in another unit") }
      guard kind.category == category(first), !isMoney || part.lot == UInt32(first.kind) else {
        throw LedgerError(.wrongCategory, "another sort of gift")
      }
      coming += part.quantity
    }
    guard going == coming, !isMoney || event.quantity == 0 else {
      throw LedgerError(.unbalanced, "what went in is not what came out and what was lost")
    }
    try requireRoom(lots: event.outgoing.count)
    return inputs
  }

  /// Lots go into a new container, with which they go until they come out of it.
  mutating func pack(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    var inputs: [Int] = []
    for part in event.parts {
      let (ordinal, lot) = try held(part.lot, step, run, unit: nil)
      guard !inputs.contains(ordinal) else { throw LedgerError(.lotTwice, "a lot goes in twice") }
      try require(lot, [.goods])
      // A container belongs to one project; what units its lots are counted in is all the same.
      guard inputs.isEmpty || lots[inputs[0]].project == lot.project else {
        throw LedgerError(.lotsDiffer, "lots of several projects")
      }
      inputs.append(ordinal)
    }
    try requireRoom(lots: 1)

    let hash = step.hash
    let container = UInt32(lots.count)
    let first = lots[inputs[0]]
    var sources: [Hash] = []
    for ordinal in inputs {
      touch(ordinal, step, hash) { lot in
        lot.state = .packed
        lot.inside = container + 1
      }
      sources.append(lots[ordinal].history)
    }
    lots.append(
      LotRecord(
        project: first.project, kind: LotRecord.container, unit: .piece, owner: first.owner,
        holder: step.organisation, place: event.place != 0 ? event.place : first.place,
        quantity: Int64(inputs.count), movedAt: event.time, event: step.name,
        history: TraceHistory.origin(hash, output: 0, sources: sources)))
    update(first.project, at: step.time) { _ in }
    return TraceEffect(sources: inputs.map { UInt32($0) }, made: (container, 1))
  }

  /// Lots come out of a container where it is. Each takes the container's way into its own history.
  mutating func unpack(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let (container, box) = try held(event.lot, step, run, unit: nil)
    guard box.kind == LotRecord.container else { throw LedgerError(.wrongCategory, "no container") }
    var outputs: [Int] = []
    for part in event.parts {
      let ordinal = try lot(part.lot, run)
      guard !outputs.contains(ordinal) else { throw LedgerError(.lotTwice, "a lot comes out twice") }
      guard lots[ordinal].state == .packed, lots[ordinal].inside == UInt32(container) + 1 else {
        throw LedgerError(.wrongLotState, "it is not in this container")
      }
      outputs.append(ordinal)
    }

    let hash = step.hash
    touch(container, step, hash) { $0.left -= Int64(outputs.count) }
    let way = lots[container].history
    for ordinal in outputs {
      touch(ordinal, step, hash) { lot in
        lot.state = .held
        lot.inside = 0
        lot.holder = step.organisation
        lot.place = box.place
        lot.history = TraceHistory.step(lot.history, way)
      }
    }
    update(box.project, at: step.time) { _ in }
    return TraceEffect(sources: ([container] + outputs).map { UInt32($0) })
  }

  private func requireLike(_ lot: LotRecord, _ other: LotRecord) throws(LedgerError) {
    guard lot.project == other.project, category(lot) == category(other),
      category(lot) != .money || lot.kind == other.kind
    else { throw LedgerError(.lotsDiffer, "lots of several projects or sorts") }
  }
}
