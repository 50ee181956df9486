internal import Consortium
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// The custodian paid a part or all of what was given.
  mutating func confirmPayout(_ wire: WireConfirmPayout, at time: Timestamp) throws(LedgerError) {
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let number = try payable(wire.case, for: .pay)
    let record = cases[number]
    guard pausedUntil(.payouts, plan: record.plan, at: time) == nil else {
      throw LedgerError(.payoutsPaused, "nothing is paid out while the plan is paused")
    }
    try requirePayee(wire.payee, of: record.membership, at: time)
    let payable = Amount(micro: record.given - record.paid).wholeFen.fen.micro
    guard wire.amount > 0, wire.amount % Amount.microPerFen == 0, wire.amount <= payable else {
      throw LedgerError(.badPayment, "at most what is due, in whole fen")
    }
    cases.update(number) { $0.paid += wire.amount }
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsDue -= wire.amount
      plan.money.payoutsPaid += wire.amount
    }
    notePaidAdvance(number, at: time)
    closeIfPaid(number)
  }

  /// A case to which money can be paid, or from which it can come back: one that was shared, or whose aid was advanced.
  func payable(_ number: UInt32, for event: CaseRecord.Event) throws(LedgerError) -> Int {
    if isAdvanced(number) { return Int(number) }
    return try caseNumber(number, for: event)
  }

  /// Whether a case is still to be decided and has been advanced its aid.
  private func isAdvanced(_ number: UInt32) -> Bool {
    guard Int(number) < cases.count, cases[Int(number)].status.isOpen else { return false }
    return fastTrack(of: cases[Int(number)])?.status == .advanced
  }

  /// A case is closed when nothing more can be paid; a fraction of a fen goes to the plan's reserve.
  mutating func closeIfPaid(_ number: Int) {
    let record = cases[number]
    let (fen, remainder) = Amount(micro: record.given - record.paid).wholeFen
    guard record.status == .settled, record.carriedAid == 0, record.carriedFee == 0, fen == .zero else { return }
    move(number, .pay)
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsDue -= remainder.micro
      plan.money.reserve += remainder.micro
    }
    memberships.update(Int(record.membership)) { if $0.openCase == UInt32(number) + 1 { $0.openCase = 0 } }
  }

  /// A payout came back, from a closed account perhaps; it is due again.
  mutating func returnPayout(_ wire: WireReturnPayout) throws(LedgerError) {
    guard Hash(wire.reference) != nil else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    let number = try payable(wire.case, for: .payoutReturned)
    let record = cases[number]
    guard wire.amount > 0, wire.amount % Amount.microPerFen == 0, wire.amount <= record.paid else {
      throw LedgerError(.badPayment, "at most what was paid, in whole fen")
    }
    guard record.returnedPayouts < .max else { throw LedgerError(.badPayment, "it came back too often") }
    let wasClosed = record.status == .paid
    if !isAdvanced(wire.case) { move(number, .payoutReturned) }
    cases.update(number) { record in
      // The fraction of a fen that closing moved to the reserve stays there.
      if wasClosed { record.given = record.paid }
      record.paid -= wire.amount
      record.returnedPayouts += 1
    }
    plans.update(Int(record.plan)) { plan in
      plan.money.payoutsPaid -= wire.amount
      plan.money.payoutsDue += wire.amount
    }
    memberships.update(Int(record.membership)) { if $0.openCase == 0 { $0.openCase = UInt32(number) + 1 } }
  }
}
