internal import Consortium
internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// Money, goods or a pledge of trees: a lot begins. Who records it is the custodian for money, else the project's
  /// charity. A pledge brings no hearts before the trees stand.
  mutating func give(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let kind = try giftKind(event)
    let isPledge = event.kind == .pledged
    guard isPledge ? kind.category == .trees : kind.category == .money || kind.category == .goods else {
      throw LedgerError(.wrongCategory, "gifts of this sort are not recorded so")
    }
    let isMoney = kind.category == .money
    guard isMoney ? run.isCustodian : run.isCharity else {
      throw LedgerError(.wrongRole, "a custodian records money, a charity everything else")
    }
    let project = try giving(event, by: isMoney ? nil : step.organisation)
    let (hearts, points) = try isPledge ? (0, 0) : worth(event.quantity, kind)
    guard (isPledge ? project.pledged : project[kind.unit].given) <= Hearts.maximumFlow - event.quantity else {
      throw LedgerError(.overflow, "more than a project may take in")
    }
    try requireRoom(lots: 1)

    let made = UInt32(lots.count)
    lots.append(
      LotRecord(
        project: event.project, kind: event.gift, state: isPledge ? .pledged : .held, unit: kind.unit,
        owner: project.charity, holder: step.organisation, place: event.place, gift: UInt32(gifts.count) + 1,
        quantity: event.quantity, movedAt: event.time, event: step.name,
        history: TraceHistory.origin(step.hash, output: 0, sources: [])))
    mint(
      GiftRecord(
        party: event.party, hearts: hearts, time: step.time, origin: made, points: points,
        organisation: step.organisation, binding: GiftBinding(rawValue: event.reason) ?? .anonymous,
        isAttendance: false))
    update(event.project, at: step.time) { project in
      project.gifts &+= 1
      if isPledge { project.pledged += event.quantity } else { project[kind.unit].given += event.quantity }
    }
    return TraceEffect(made: (made, 1))
  }

  /// Part of a pledge stands: a lot of its own, and a gift of its own with the pledge's giver.
  mutating func plant(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let (ordinal, lot) = try held(step, run, in: [.pledged])
    let pledge = gifts[Int(lot.gift) - 1]
    guard event.quantity <= lot.left else { throw LedgerError(.lotTooSmall, "more planted than was pledged") }
    let (hearts, points) = try worth(event.quantity, kindList[Int(lot.kind)])
    try requireRoom(lots: 1)

    let hash = step.hash
    touch(ordinal, step, hash) { $0.left -= event.quantity }
    let made = UInt32(lots.count)
    lots.append(
      LotRecord(
        project: lot.project, kind: lot.kind, unit: lot.unit, owner: lot.owner, holder: step.organisation,
        place: event.place != 0 ? event.place : lot.place, gift: UInt32(gifts.count) + 1, quantity: event.quantity,
        movedAt: event.time, event: step.name,
        history: TraceHistory.origin(hash, output: 0, sources: [lots[ordinal].history])))
    mint(
      GiftRecord(
        party: pledge.party, hearts: hearts, time: step.time, origin: made, points: points,
        organisation: step.organisation, binding: pledge.binding, isAttendance: false))
    update(lot.project, at: step.time) { project in
      project.gifts &+= 1
      project.planted += event.quantity
      project[.piece].given += event.quantity
    }
    return TraceEffect(sources: [UInt32(ordinal)], made: (made, 1))
  }

  /// Somebody took part.
  mutating func attend(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    let kind = try giftKind(event)
    guard kind.category == .activities else { throw LedgerError(.wrongCategory, "no activity") }
    guard run.isCharity else { throw LedgerError(.wrongRole, "a charity records who took part") }
    let project = try giving(event, by: step.organisation)
    let (hearts, points) = try worth(event.quantity, kind)
    guard project[.attendance].given <= Hearts.maximumFlow - event.quantity else {
      throw LedgerError(.overflow, "more than a project may take in")
    }
    try requireRoom(lots: 0)

    mint(
      GiftRecord(
        party: event.party, hearts: hearts, time: step.time, origin: event.project, points: points,
        organisation: step.organisation, binding: GiftBinding(rawValue: event.reason) ?? .anonymous,
        isAttendance: true))
    update(event.project, at: step.time) { project in
      project.gifts &+= 1
      project[.attendance].given += event.quantity
      project[.attendance].out += event.quantity
    }
    return TraceEffect()
  }

  /// The kind that a row names, if it is counted in the row's unit.
  private func giftKind(_ event: TraceEvent) throws(LedgerError) -> GiftKindRecord {
    guard Int(event.gift) < kindList.count else { throw LedgerError(.unknownKind, "no kind \(event.gift)") }
    let kind = kindList[Int(event.gift)]
    guard kind.unit == event.unit else { throw LedgerError(.wrongUnit, "the kind is counted in another unit") }
    return kind
  }

  func project(_ number: UInt32) throws(LedgerError) -> Int {
    guard Int(number) < projects.count else { throw LedgerError(.unknownProject, "no project \(number)") }
    return Int(number)
  }

  /// The project to which something is given within its term, and of the charity where one is named.
  private func giving(_ event: TraceEvent, by charity: UInt16?) throws(LedgerError) -> ProjectRecord {
    let project = projects[try project(event.project)]
    guard charity == nil || project.charity == charity else {
      throw LedgerError(.otherProject, "another charity's project")
    }
    guard project.start <= event.time, event.time <= project.end else {
      throw LedgerError(.outsideTerm, "before or after the project's term")
    }
    return project
  }

  /// Hearts and points of a quantity at the rates in force.
  private func worth(_ quantity: Int64, _ kind: GiftKindRecord) throws(LedgerError) -> (Int64, UInt16) {
    guard let hearts = kind.hearts(for: quantity), totals.minted <= HeartTotals.maximum - hearts else {
      throw LedgerError(.overflow, "more hearts than may be")
    }
    return (hearts, LoveIndex.points(of: quantity, kind: kind, formula: formula))
  }

  /// Puts down a gift; its hearts go where it says.
  private mutating func mint(_ gift: GiftRecord) {
    var gift = gift
    hearts.update(0) { totals in
      totals.minted += gift.hearts
      switch gift.binding {
      case .address: totals.held += gift.hearts
      case .claim: totals.waiting += gift.hearts
      case .anonymous, .reversed: totals.anonymous += gift.hearts
      }
    }
    if gift.binding == .address {
      gift.points = credit(gift, UInt32(gifts.count), to: gift.party, .minted, at: gift.time)
    }
    note(gift: UInt32(gifts.count), of: gift.party)
    gifts.append(gift)
  }

  /// Credits an address with a gift's hearts, which stand in the totals as held; its debt is filled first. Gives the
  /// points that counted.
  mutating func credit(
    _ gift: GiftRecord, _ ordinal: UInt32, to party: Hash, _ kind: HeartChange.Kind, at time: Timestamp
  ) -> UInt16 {
    let key = GiverRecord.key(of: party)
    if givers.find(key) == nil {
      guard (try? givers.insert(GiverRecord(key: key))) != nil else { preconditionFailure("the key was free") }
    }
    guard let place = givers.find(key) else { preconditionFailure("it was just put there") }
    let limit = formula.dayPoints
    let change = HeartChange(kind, hearts: gift.hearts, number: ordinal, commitment: .zero, time: time)
    let (filled, points) = givers.update(place) { giver in
      let filled = min(giver.debt, gift.hearts)
      giver.minted += gift.hearts
      giver.debt -= filled
      giver.held += gift.hearts - filled
      giver.gifts &+= 1
      let points = giver.credit(points: gift.points, of: gift.time, limit: limit, at: time)
      giver.note(change)
      return (filled, points)
    }
    note(change, of: party)
    if filled > 0 {
      hearts.update(0) { totals in
        totals.held -= filled
        totals.debt -= filled
      }
    }
    return points
  }
}
