internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// A project promises money to somebody: no lot moves, but no more can be promised than came in
  /// and was not given or taken back.
  mutating func commit(_ step: TraceStep) throws(LedgerError) -> TraceEffect {
    let event = step.event
    guard event.unit == .fen else { throw LedgerError(.wrongUnit, "money is counted in fen") }
    let number = try project(event.project)
    let project = projects[number]
    guard project.charity == step.organisation else { throw LedgerError(.otherProject, "another charity's project") }
    let kept = project[.fen].given - project[.fen].lost - project.returned
    guard event.quantity <= kept - project.committed else {
      throw LedgerError(.overcommitted, "more would be promised than came in")
    }
    update(event.project, at: step.time) { $0.committed += event.quantity }
    return TraceEffect()
  }

  /// Money leaves for another organisation, as a lot of its own that is on its way.
  mutating func disburse(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let (ordinal, lot) = try held(step, run)
    try require(lot, [.money])
    guard event.quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more disbursed than there is") }
    try requireReceiver(step, run)
    guard projects[Int(lot.project)].disbursed <= Hearts.maximumFlow - event.quantity else {
      throw LedgerError(.overflow, "more than a project may move")
    }
    try requireRoom(lots: 1)

    let hash = step.hash
    touch(ordinal, step, hash) { $0.left -= event.quantity }
    let made = UInt32(lots.count)
    var moved = LotRecord(
      project: lot.project, kind: lot.kind, state: .travelling, unit: lot.unit, owner: lot.owner,
      holder: step.organisation, place: lot.place, quantity: event.quantity, movedAt: event.time, event: step.name,
      history: TraceHistory.origin(hash, output: 0, sources: [lots[ordinal].history]))
    moved.receiver = event.other
    lots.append(moved)
    update(lot.project, at: step.time) { $0.disbursed += event.quantity }
    return TraceEffect(sources: [UInt32(ordinal)], made: (made, 1))
  }

  /// Money is spent, or given back: each time with a receipt.
  mutating func pay(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    try giveOut(step, run, .money) { project in
      if step.event.kind == .returned {
        project.returned += step.event.quantity
      } else if step.event.reason == SpendingPurpose.overhead.rawValue {
        project.overhead += step.event.quantity
      } else {
        project.spent += step.event.quantity
      }
    }
  }
}
