internal import Consortium
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Organisations whose officers decide cases.
  static let deciders: Role = [.platform, .insurer, .charity, .auditor]

  /// The platform hands a case to an organisation that investigates it.
  mutating func assign(_ wire: WireAssign, consortium: Consortium) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .assign)
    guard try consortium.roles(of: wire.organisation).contains(.investigator) else {
      throw LedgerError(.unfitOrganisation, "organisation \(wire.organisation) does not investigate")
    }
    move(number, .assign)
    cases.update(number) { $0.investigator = UInt16(wire.organisation) + 1 }
  }

  /// The investigator's report. What becomes of the case is for officers of other organisations to decide.
  mutating func investigate(
    _ wire: WireInvestigate, by organisation: UInt16, at time: Timestamp
  ) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: .report)
    guard cases[number].investigator == organisation + 1 else {
      throw LedgerError(.notAssigned, "case \(wire.case) was handed to another organisation")
    }
    guard let report = Hash(wire.report) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    move(number, .report)
    cases.update(number) { record in
      record.report = report
      if wire.confirmed { record.marks.insert(.foundCovered) }
    }
    noteReport(number, at: time)
  }

  /// An officer's decision. The second organisation that says the same decides; the investigator has no say.
  mutating func decide(_ wire: WireDecide, by organisation: UInt16, at time: Timestamp) throws(LedgerError) {
    let number = try caseNumber(wire.case, for: wire.approve ? .approve : .decline)
    let own = organisation + 1
    let record = cases[number]
    guard record.investigator != own else {
      throw LedgerError(.ownInvestigation, "who investigated a case does not decide it")
    }
    if let track = fastTrack(of: record) {
      guard track.insurer != own, track.hospital != organisation else {
        throw LedgerError(.ownCountersignature, "who signed for an advance does not decide the case")
      }
    }
    guard record.approvedBy != own, record.declinedBy != own else {
      throw LedgerError(.alreadyDecided, "each organisation decides once")
    }
    let first = wire.approve ? record.approvedBy : record.declinedBy
    guard first != 0 else {
      cases.update(number) { record in
        if wire.approve { record.approvedBy = own } else { record.declinedBy = own }
      }
      return
    }
    cases.update(number) { $0.decidedBy = own }
    if wire.approve { confirm(number, .approve) } else { refuse(number, .decline, at: time) }
  }

  /// A case waits for its notice.
  mutating func confirm(_ number: Int, _ event: CaseRecord.Event) {
    move(number, event)
    restoreAdvance(number)
    let plan = Int(cases[number].plan)
    if indexes[plan].convention.calendar != nil { indexes[plan].awaitNotice(UInt32(number)) }
  }

  /// A case is refused; its owner may file another, or appeal.
  mutating func refuse(_ number: Int, _ event: CaseRecord.Event, at time: Timestamp) {
    move(number, event)
    cases.update(number) { $0.refusedAt = time }
    indexes[Int(cases[number].plan)].refusedAt = time
    overturnAdvance(number, at: time)
    memberships.update(Int(cases[number].membership)) { if $0.openCase == UInt32(number) + 1 { $0.openCase = 0 } }
  }
}
