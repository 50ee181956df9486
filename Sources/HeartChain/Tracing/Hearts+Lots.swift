internal import Consortium
internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// The most of one unit that ever goes through a project: far enough from the end of 64 bits for every sum.
  static let maximumFlow: Int64 = 1 << 60

  /// The ordinal that a reference in a row means.
  ///
  /// - Throws: `lot.unknown`.
  func lot(_ reference: UInt32, _ run: TraceRun) throws(LedgerError) -> Int {
    guard reference >= 1 << 31 else {
      guard Int(reference) < lots.count else { throw LedgerError(.unknownLot, "no lot \(reference)") }
      return Int(reference)
    }
    let (row, output) = (Int(reference & (1 << 31 - 1)) >> 8, Int(reference & 255))
    guard row < run.made.count, output < run.made[row].count else {
      throw LedgerError(.unknownLot, "no earlier row made this lot")
    }
    return Int(run.made[row].first) + output
  }

  /// A lot in one of some states that the organisation holds, and at which the event may happen.
  ///
  /// - Throws: `lot.unknown`, `lot.ended`, `lot.wrong_state`, `lot.not_held`, `trace.wrong_unit`, `trace.backwards`.
  func held(
    _ reference: UInt32, _ step: TraceStep, _ run: TraceRun, in states: [LotState] = [.held], unit: GiftUnit?
  ) throws(LedgerError) -> (ordinal: Int, record: LotRecord) {
    let ordinal = try lot(reference, run)
    let record = lots[ordinal]
    if record.state == .ended || record.state == .void { throw LedgerError(.lotEnded, "nothing of it is left") }
    guard states.contains(record.state) else { throw LedgerError(.wrongLotState, "not in this state") }
    guard record.holder == step.organisation else { throw LedgerError(.lotNotHeld, "another organisation has it") }
    guard unit == nil || unit == record.unit else { throw LedgerError(.wrongUnit, "it is counted in another unit") }
    guard step.event.time >= record.movedAt else { throw LedgerError(.eventBackwards, "an earlier event is later") }
    return (ordinal, record)
  }

  /// The lot that a row names; see above.
  func held(
    _ step: TraceStep, _ run: TraceRun, in states: [LotState] = [.held]
  ) throws(LedgerError) -> (ordinal: Int, record: LotRecord) {
    try held(step.event.lot, step, run, in: states, unit: step.event.unit)
  }

  /// What sort of gift a lot is; goods for a container.
  func category(_ lot: LotRecord) -> GiftCategory {
    lot.kind == LotRecord.container ? .goods : kindList[Int(lot.kind)].category
  }

  func require(_ lot: LotRecord, _ categories: [GiftCategory], container: Bool = false) throws(LedgerError) {
    guard container || lot.kind != LotRecord.container, categories.contains(category(lot)) else {
      throw LedgerError(.wrongCategory, "gifts of this sort do not go this way")
    }
  }

  /// Whether so many lots and one gift more can be.
  func requireRoom(lots count: Int) throws(LedgerError) {
    guard lots.count + count <= lotLimit, gifts.count < lotLimit, givers.count < Int(UInt32.max) else {
      throw LedgerError(.tooManyLots, "the chain has no ordinals left")
    }
  }

  /// The organisation to which something goes.
  ///
  /// - Throws: `consortium.unknown_organisation`, `organisation.wrong_standing`, `lot.not_held`.
  func requireReceiver(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) {
    guard step.event.other != step.organisation else { throw LedgerError(.lotNotHeld, "it has it already") }
    guard try !run.consortium.roles(of: UInt32(step.event.other)).isEmpty else {
      throw LedgerError(.wrongStanding, "it takes part no longer")
    }
  }

  /// Adds an event to a lot's way, and ends the lot when nothing is left.
  mutating func touch(_ ordinal: Int, _ step: TraceStep, _ hash: Hash, _ change: (inout LotRecord) -> Void) {
    lots.update(ordinal) { lot in
      change(&lot)
      if step.event.place != 0 { lot.place = step.event.place }
      lot.movedAt = step.event.time
      lot.event = step.name
      lot.history = TraceHistory.step(lot.history, hash)
      if lot.left == 0 {
        lot.state = .ended
        lot.receiver = 0
      }
    }
  }

  mutating func update(_ project: UInt32, at time: Timestamp, _ change: (inout ProjectRecord) -> Void) {
    projects.update(Int(project)) { record in
      change(&record)
      record.eventAt = time
    }
  }
}

extension Hearts {
  /// Taken in, or put somewhere.
  mutating func move(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let (ordinal, lot) = try held(step, run)
    touch(ordinal, step, step.hash) { _ in }
    update(lot.project, at: step.time) { _ in }
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  mutating func ship(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let (ordinal, lot) = try held(step, run)
    try require(lot, [.goods], container: true)
    try requireReceiver(step, run)
    touch(ordinal, step, step.hash) { lot in
      lot.state = .travelling
      lot.receiver = step.event.other
    }
    update(lot.project, at: step.time) { _ in }
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  /// Only the organisation it was sent to says that it arrived, and how much of it.
  mutating func arrive(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let ordinal = try lot(event.lot, run)
    let lot = lots[ordinal]
    if lot.state == .ended || lot.state == .void { throw LedgerError(.lotEnded, "nothing of it is left") }
    guard lot.state == .travelling else { throw LedgerError(.wrongLotState, "it is not on its way") }
    guard lot.receiver == step.organisation else { throw LedgerError(.lotNotAddressed, "to another organisation") }
    guard event.unit == lot.unit else { throw LedgerError(.wrongUnit, "it is counted in another unit") }
    guard event.time >= lot.movedAt else { throw LedgerError(.eventBackwards, "an earlier event is later") }
    guard event.quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more arrived than was sent") }
    let missing = lot.left - event.quantity
    // Money does not spoil, and what is in a container is counted when it is unpacked.
    guard missing == 0 || (lot.kind != LotRecord.container && category(lot) == .goods) else {
      throw LedgerError(.unbalanced, "all of it arrives")
    }
    touch(ordinal, step, step.hash) { lot in
      lot.lost += missing
      lot.left -= missing
      lot.holder = step.organisation
      lot.receiver = 0
      lot.state = .held
    }
    update(lot.project, at: step.time) { project in
      if missing > 0 { project[lot.unit].lost += missing }
    }
    count(event.quantity, lot.unit, from: lot.holder, to: step)
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  mutating func handOver(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    try giveOut(step, run, .goods) { _ in }
  }

  /// Goods reach people, or money is paid: it leaves the lot and its project for good.
  ///
  /// - Parameter account: what the project says of it besides.
  mutating func giveOut(
    _ step: TraceStep, _ run: TraceRun, _ category: GiftCategory, account: (inout ProjectRecord) -> Void
  ) throws(LedgerError) -> TraceEffect {
    let (ordinal, lot) = try held(step, run)
    try require(lot, [category])
    let quantity = step.event.quantity
    guard quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more than there is") }
    touch(ordinal, step, step.hash) { lot in
      lot.left -= quantity
      lot.handed += quantity
    }
    update(lot.project, at: step.time) { project in
      project[lot.unit].out += quantity
      account(&project)
    }
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  /// Goods are lost where they are or on their way, by the word of who has or sent them; trees die.
  mutating func lose(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let isTree = step.event.kind == .died
    let (ordinal, lot) = try held(step, run, in: isTree ? [.held] : [.held, .travelling])
    try require(lot, [isTree ? .trees : .goods])
    let quantity = step.event.quantity
    guard quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more lost than there is") }
    drop(quantity, of: ordinal, lot, step)
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  /// Trees that are not found alive any more are dead.
  mutating func survey(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let (ordinal, lot) = try held(step, run)
    try require(lot, [.trees])
    guard step.event.quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more alive than there were") }
    drop(lot.left - step.event.quantity, of: ordinal, lot, step)
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  /// Stock counted anew. More than was lost before is never found: nothing comes out of nothing.
  mutating func correct(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let (ordinal, lot) = try held(step, run)
    try require(lot, [.goods, .trees])
    let more = step.event.quantity
    guard more >= 0 ? more <= lot.lost : -more <= lot.left else {
      throw LedgerError(.lotTooSmall, "more found than was lost, or more missing than there is")
    }
    drop(-more, of: ordinal, lot, step)
    return TraceEffect(sources: [UInt32(ordinal)])
  }

  private mutating func drop(_ quantity: Int64, of ordinal: Int, _ lot: LotRecord, _ step: TraceStep) {
    touch(ordinal, step, step.hash) { lot in
      lot.left -= quantity
      lot.lost += quantity
    }
    update(lot.project, at: step.time) { $0[lot.unit].lost += quantity }
  }

  private mutating func count(_ quantity: Int64, _ unit: GiftUnit, from sender: UInt16, to step: TraceStep) {
    // 256 organisations squared and five units: far below what a table holds.
    let key = FlowRecord.key(from: sender, to: step.organisation, unit: unit)
    if flows.find(key) == nil {
      guard (try? flows.insert(FlowRecord(from: sender, to: step.organisation, unit: unit))) != nil else {
        preconditionFailure("the key was free")
      }
    }
    guard let ordinal = flows.find(key) else { preconditionFailure("it was just put there") }
    flows.update(ordinal) { flow in
      let (sum, overflow) = flow.total.addingReportingOverflow(quantity)
      flow.total = overflow ? .max : sum
      flow.count &+= 1
      flow.event = step.name
    }
  }
}
