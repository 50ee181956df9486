internal import Consortium
internal import Ledger
internal import TransparencyLog

/// A hospital's advances of one plan. Derived from `fast_tracks`.
struct HospitalAdvances: Equatable, Sendable {
  /// The newest, ordinal + 1.
  var newest: UInt32 = 0
  /// When the last of them was overturned; zero if none was.
  var overturnedAt = Timestamp.zero

  /// The place in a lookup.
  static func key(plan: UInt16, hospital: UInt16) -> UInt32 { UInt32(plan) << 16 | UInt32(hospital) }
}

extension MutualAid {
  /// A case's fast track; `nil` where no hospital has signed for it.
  public func fastTrack(of record: CaseRecord) -> FastTrackRecord? {
    record.fastTrack == 0 ? nil : fastTracks[Int(record.fastTrack) - 1]
  }

  /// A hospital signs that a case fulfils the convention. Nothing is paid on its word alone.
  mutating func certify(_ wire: WireCertifyDiagnosis, by hospital: UInt16, at time: Timestamp) throws(LedgerError) {
    let number = try fastTrackCase(wire.case)
    guard let diagnosis = Hash(wire.diagnosis) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let record = cases[number]
    guard let rules = rules(of: record).fastTrack else {
      throw LedgerError(.noFastTrack, "this plan has no fast track")
    }
    guard record.fastTrack == 0 else { throw LedgerError(.fastTrackUsed, "a hospital has signed for this case") }
    try requireTrust(hospital, of: record.plan, rules, at: time)
    fastTracks.append(
      FastTrackRecord(caseOrdinal: UInt32(number), hospital: hospital, certifiedAt: time, diagnosis: diagnosis))
    cases.update(number) { $0.fastTrack = UInt32(fastTracks.count) }
  }

  /// An insurer signs beside the hospital: the reserve advances the aid at once, and the custodian owes its payment.
  mutating func countersign(_ wire: WireCountersign, by insurer: UInt16, at time: Timestamp) throws(LedgerError) {
    let number = try fastTrackCase(wire.case)
    let record = cases[number]
    guard let track = fastTrack(of: record) else {
      throw LedgerError(.notCertified, "no hospital has signed for this case")
    }
    guard track.status == .certified else { throw LedgerError(.fastTrackUsed, "the aid has been advanced") }
    guard track.hospital != insurer else {
      throw LedgerError(.ownCountersignature, "the organisation has signed as the hospital")
    }
    guard let rules = rules(of: record).fastTrack else {
      preconditionFailure("a case was certified under a convention without a fast track")
    }
    guard pausedUntil(.payouts, plan: record.plan, at: time) == nil else {
      throw LedgerError(.payoutsPaused, "nothing is paid out while the plan is paused")
    }
    try requireTrust(track.hospital, of: record.plan, rules, at: time)
    let amount = Amount(micro: min(record.aid, rules.amount.micro)).wholeFen.fen.micro
    try requireRoom(for: amount, hospital: track.hospital, of: record.plan, rules, at: time)
    guard amount > 0, plans[Int(record.plan)].money.reserve >= amount else {
      throw LedgerError(.reserveShort, "the plan's reserve does not hold the advance")
    }
    let key = HospitalAdvances.key(plan: record.plan, hospital: track.hospital)
    var advances = hospitals[key] ?? HospitalAdvances()
    fastTracks.update(Int(record.fastTrack) - 1) { track in
      track.insurer = insurer + 1
      track.previous = advances.newest
      track.status = .advanced
      track.amount = amount
      track.outstanding = amount
      track.countersignedAt = time
    }
    advances.newest = record.fastTrack
    hospitals[key] = advances
    cases.update(number) { $0.given = amount }
    plans.update(Int(record.plan)) { plan in
      plan.money.reserve -= amount
      plan.money.payoutsDue += amount
    }
  }

  /// A case whose aid may still be advanced: nobody has decided against it, and no jury looks at it.
  private func fastTrackCase(_ number: UInt32) throws(LedgerError) -> Int {
    let found = try claim(number)
    try requireRunning(cases[found].plan)
    switch cases[found].status {
    case .filed, .assigned, .reported, .confirmed, .noticed: return found
    default: throw LedgerError(.wrongCaseState, "case \(number) is not in the state for this")
    }
  }

  /// After an advance on a hospital's word was overturned, it signs for nothing until the window has passed.
  private func requireTrust(
    _ hospital: UInt16, of plan: UInt16, _ rules: Convention.FastTrack, at time: Timestamp
  ) throws(LedgerError) {
    guard let advances = hospitals[HospitalAdvances.key(plan: plan, hospital: hospital)],
      advances.overturnedAt != .zero
    else { return }
    guard advances.overturnedAt.adding(days: UInt64(rules.windowDays)) <= time else {
      throw LedgerError(.hospitalBarred, "an advance on this hospital's word was overturned lately")
    }
  }

  /// So many cases and so much money of one hospital within the window: a hospital that lies cannot empty the reserve.
  private func requireRoom(
    for amount: Int64, hospital: UInt16, of plan: UInt16, _ rules: Convention.FastTrack, at time: Timestamp
  ) throws(LedgerError) {
    var place = hospitals[HospitalAdvances.key(plan: plan, hospital: hospital)]?.newest ?? 0
    var count = 1
    var total = amount
    // No more of them lie within the window than the convention allows, but for a later version with a longer one.
    while place != 0, count <= rules.cases {
      let track = fastTracks[Int(place) - 1]
      if track.countersignedAt.adding(days: UInt64(rules.windowDays)) <= time { break }
      count += 1
      total += track.amount
      place = track.previous
    }
    guard count <= rules.cases, total <= rules.total.micro else {
      throw LedgerError(.fastTrackLimit, "the hospital's cases or money within \(rules.windowDays) days are used up")
    }
  }

  /// Notes that the custodian has paid all that is due of an advance.
  mutating func notePaidAdvance(_ number: Int, at time: Timestamp) {
    let record = cases[number]
    guard record.fastTrack != 0, record.paid == record.given else { return }
    fastTracks.update(Int(record.fastTrack) - 1) { if $0.status == .advanced, $0.paidAt == .zero { $0.paidAt = time } }
  }

  /// What is raised for a case puts its advance back into the reserve first; returns how much of it.
  mutating func returnAdvance(_ number: UInt32, from amount: Int64) -> Int64 {
    let place = cases[Int(number)].fastTrack
    guard place != 0 else { return 0 }
    let back = min(amount, fastTracks[Int(place) - 1].outstanding)
    fastTracks.update(Int(place) - 1) { $0.outstanding -= back }
    return back
  }

  /// The case was shared as it stood.
  mutating func upholdAdvance(_ number: Int, at time: Timestamp) {
    endAdvance(number, .upheld, at: time)
  }

  /// The case does not stand: what was not paid yet stays in the reserve, the rest is owed back.
  mutating func overturnAdvance(_ number: Int, at time: Timestamp) {
    let record = cases[number]
    guard let track = fastTrack(of: record) else { return }
    guard track.status == .advanced else { return endAdvance(number, .overturned, at: time) }
    let unpaid = record.given - record.paid
    let lost = track.outstanding - unpaid
    let isShared = rules(of: record).fastTrack?.loss == .members
    cases.update(number) { $0.given = $0.paid }
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsDue -= unpaid
      plan.money.reserve += unpaid
      if isShared { plan.money.loss += lost }
    }
    fastTracks.update(Int(record.fastTrack) - 1) { $0.outstanding = lost }
    endAdvance(number, .overturned, at: time)
    hospitals[HospitalAdvances.key(plan: record.plan, hospital: track.hospital)]?.overturnedAt = time
  }

  /// An appeal was won: the advance stands again. What members have put back for it goes into their next share.
  mutating func restoreAdvance(_ number: Int) {
    let record = cases[number]
    guard let track = fastTrack(of: record), track.status == .overturned else { return }
    fastTracks.update(Int(record.fastTrack) - 1) { track in
      track.status = .advanced
      track.endedAt = .zero
    }
    if rules(of: record).fastTrack?.loss == .members { giveBack(track.outstanding, plan: record.plan) }
  }

  /// The custodian reports that an advance which is owed back, or a part of it, came.
  mutating func recover(_ wire: WireRecover, at time: Timestamp) throws(LedgerError) {
    let record = cases[try claim(wire.case)]
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard let track = fastTrack(of: record), track.status == .overturned, wire.amount > 0,
      wire.amount % Amount.microPerFen == 0,
      wire.amount <= track.outstanding
    else { throw LedgerError(.nothingOwed, "at most what is owed back, in whole fen") }
    fastTracks.update(Int(record.fastTrack) - 1) { track in
      track.outstanding -= wire.amount
      track.recovered += wire.amount
    }
    cases.update(Int(wire.case)) { record in
      record.given -= wire.amount
      record.paid -= wire.amount
    }
    plans.update(Int(record.plan)) { plan in
      plan.money.recoveries += wire.amount
      plan.money.reserve += wire.amount
    }
    if rules(of: record).fastTrack?.loss == .members { giveBack(wire.amount, plan: record.plan) }
    passOnReserve(of: record.plan, at: time)
  }

  /// Members need not put an amount back into the reserve, or have: then it lessens what they share next.
  private mutating func giveBack(_ amount: Int64, plan: UInt16) {
    plans.update(Int(plan)) { plan in
      let unshared = min(plan.money.loss, amount)
      plan.money.loss -= unshared
      let shared = min(plan.money.reserve, amount - unshared)
      plan.money.reserve -= shared
      plan.money.rounding += shared
    }
  }

  private mutating func endAdvance(_ number: Int, _ status: FastTrackRecord.Status, at time: Timestamp) {
    let place = cases[number].fastTrack
    guard place != 0 else { return }
    fastTracks.update(Int(place) - 1) { track in
      switch track.status {
      case .certified: track.status = .void
      case .advanced: track.status = status
      case .upheld, .overturned, .void: return
      }
      track.endedAt = time
    }
  }
}
