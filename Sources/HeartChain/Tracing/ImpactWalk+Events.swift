internal import Ledger

extension ImpactWalk {
  /// Takes up one event of a lot that is followed.
  ///
  /// - Parameter made: gets the lots it made that have a part of the gift, and containers around such lots.
  /// - Returns: whether it fits what came before.
  mutating func take(_ traced: TracedStep, _ made: inout [UInt32]) -> Bool {
    let event = traced.event
    switch event.kind {
    case .donated, .pledged:
      guard let unit = event.unit else { return false }
      let isTree = event.kind == .pledged
      return begin(traced, unit, isTree: isTree, position: isTree ? .pledge : .store)
    case .planted where isBeginning: return begin(traced, .piece, isTree: true, position: .store)
    case .repacked: return repack(traced, &made)
    case .packed: return pack(traced, &made)
    case .unpacked: return unpack(traced)
    case .attended, .committed: return false
    default: break
    }
    let source = traced.step.sources[0]
    guard unfollowed[source] == nil else { return true }
    guard var lot = lots[source] else { return false }
    if event.place != 0 { lot.place = event.place }
    lot.event = traced.placed
    let fits = change(&lot, traced, &made)
    lots[source] = lot
    return fits
  }

  /// What happens to one lot.
  private mutating func change(_ lot: inout FollowedLot, _ traced: TracedStep, _ made: inout [UInt32]) -> Bool {
    let (event, quantity) = (traced.event, traced.event.quantity)
    func key(_ outcome: ImpactOutcome) -> ImpactKey {
      ImpactKey(outcome: outcome, organisation: traced.organisation, place: lot.place)
    }
    switch event.kind {
    case .shipped: lot.position = .road(to: event.other)
    case .arrived:
      (lot.position, lot.holder) = (.store, traced.organisation)
      if !lot.isContainer { return lot.lose(lot.left - quantity, key(.lostOnTheWay), traced.placed) }
    case .lost, .died:
      return lot.lose(quantity, key(ImpactOutcome(LossReason(rawValue: event.reason) ?? .unknown)), traced.placed)
    case .surveyed: return lot.lose(lot.left - quantity, key(.notFoundAlive), traced.placed)
    case .corrected:
      return quantity > 0 ? lot.find(quantity) : lot.lose(-quantity, key(.countedShort), traced.placed)
    case .handedOver: return end(quantity, of: &lot, key(.handedOver), traced)
    case .spent:
      let isAid = event.reason == SpendingPurpose.aid.rawValue
      return end(quantity, of: &lot, key(isAid ? .spentOnAid : .spentOnOverhead), traced)
    case .returned: return end(quantity, of: &lot, key(.returned), traced)
    case .planted, .disbursed: return part(quantity, from: &lot, traced, &made)
    default: break
    }
    return true
  }

  private mutating func end(
    _ quantity: Int64, of lot: inout FollowedLot, _ key: ImpactKey, _ traced: TracedStep
  ) -> Bool {
    guard let units = lot.take(quantity) else { return false }
    end(lot.count(units), key, traced.placed)
    return true
  }

  /// Part of a lot becomes a lot of its own: trees that stand, or money on its way.
  private mutating func part(
    _ quantity: Int64, from lot: inout FollowedLot, _ traced: TracedStep, _ made: inout [UInt32]
  ) -> Bool {
    let number = traced.step.made[0]
    guard quantity > 0, lots[number] == nil, let units = lot.take(quantity) else { return false }
    let share = lot.count(units)
    guard share > 0 else { return true }
    lots[number] = FollowedLot(
      units: EvenUnits(total: quantity, share: share), unit: lot.unit, isTree: lot.isTree,
      position: lot.isTree ? .store : .road(to: traced.event.other), holder: traced.organisation, place: lot.place,
      event: traced.placed)
    made.append(number)
    return true
  }

  /// Parts of lots are mixed and dealt out: to what comes out in its order, and what is lost is the last of it.
  private mutating func repack(_ traced: TracedStep, _ made: inout [UInt32]) -> Bool {
    let event = traced.event
    var (total, share): (Int64, Int64) = (0, 0)
    var place: UInt32?
    for (source, going) in zip(traced.step.sources, event.ingoing) {
      let (sum, isTooMuch) = total.addingReportingOverflow(going.quantity)
      guard !isTooMuch else { return false }
      total = sum
      guard unfollowed[source] == nil, var lot = lots[source] else { continue }
      guard let units = lot.take(going.quantity) else { return false }
      share += lot.count(units)
      touch(&lot, traced)
      lots[source] = lot
      place = place ?? lot.place
    }
    guard let place, share > 0, total > 0, share <= total else { return true }
    let mixture = EvenUnits(total: total, share: share)
    var dealt: Int64 = 0
    for (number, coming) in zip(traced.step.made, event.outgoing) {
      guard coming.quantity > 0, coming.quantity <= total - dealt, lots[number] == nil else { return false }
      let part = mixture.count(dealt..<dealt + coming.quantity)
      dealt += coming.quantity
      guard part > 0 else { continue }
      lots[number] = FollowedLot(
        units: EvenUnits(total: coming.quantity, share: part), unit: event.unit ?? .piece,
        holder: traced.organisation, place: place, event: traced.placed)
      made.append(number)
    }
    let key = ImpactKey(outcome: .lostInRepacking, organisation: traced.organisation, place: place)
    end(mixture.count(dealt..<total), key, traced.placed)
    return true
  }

  private mutating func pack(_ traced: TracedStep, _ made: inout [UInt32]) -> Bool {
    let box = traced.step.made[0]
    guard lots[box] == nil else { return false }
    var place: UInt32?
    for source in traced.step.sources {
      guard unfollowed[source] == nil, var lot = lots[source] else { continue }
      touch(&lot, traced)
      lot.position = .container(box)
      lots[source] = lot
      place = place ?? lot.place
    }
    guard let place else { return true }
    lots[box] = FollowedLot(
      units: EvenUnits(total: 1, share: 0), unit: .piece, isContainer: true, holder: traced.organisation,
      place: place, event: traced.placed)
    made.append(box)
    return true
  }

  private mutating func unpack(_ traced: TracedStep) -> Bool {
    let box = traced.step.sources[0]
    guard var container = lots[box] else { return false }
    touch(&container, traced)
    lots[box] = container
    for source in traced.step.sources.dropFirst() {
      guard unfollowed[source] == nil, var lot = lots[source] else { continue }
      guard lot.position == .container(box) else { return false }
      // Nobody looked where the container went.
      if unfollowed[box] != nil { unfollowed[source] = true }
      (lot.position, lot.holder, lot.place) = (.store, traced.organisation, container.place)
      lot.event = traced.placed
      lots[source] = lot
    }
    return true
  }

  private func touch(_ lot: inout FollowedLot, _ traced: TracedStep) {
    if traced.event.place != 0 { lot.place = traced.event.place }
    lot.event = traced.placed
  }
}
