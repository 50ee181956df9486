internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// Reserve statements, hospital records, helpers, field checks and complaints.
  mutating func filings() throws(LedgerError) -> Step {
    switch below(12) {
    case 0..<3: try stateReserves()
    case 3: try registerRecord()
    case 4: try fileOnRecord()
    case 5: try nameHelper()
    case 6: try fileByHelper()
    case 7..<10: try checkField()
    case 10: try complain()
    default: try answer()
    }
  }

  /// Mostly where a good statement is missing.
  private mutating func stateReserves() throws(LedgerError) -> Step {
    let state = chain.state
    let time = chain.nextTime
    let wanting = pick(state.plans.count) { state.reserveFault(of: UInt16($0), at: time) != nil }
    let plan = UInt16(below(3) > 0 ? wanting ?? 0 : below(state.plans.count + 1))
    let last = Int(plan) < state.plans.count ? state.lastStatement(of: plan)?.record : nil
    let owed = Int(plan) < state.plans.count ? state.owed(by: plan, feesDrawn: last?.feesDrawn ?? 0) : 0
    // Deposits of the same block come too late for it.
    let held = below(5) == 0 ? owed / 2 : owed + 1_000 * Amount.microPerYuan
    let number = (last?.number ?? 0) + (below(8) == 0 ? 2 : 1)
    let ago = [0, 1, 60, 3600, 9 * Timestamp.day][below(5)]
    return try step(
      .mutualAid(.reserveStatement),
      MutualAid.reserveStatement(
        plan: plan, number: number, asOf: Timestamp(seconds: time.seconds - ago), held: Amount(micro: held),
        feesDrawn: last.map { Amount(micro: $0.feesDrawn) } ?? .zero, evidence: .label("reserves", chain.made)),
      by: custodian(of: plan))
  }

  /// The record at an ordinal of the table has its ordinal for a label, so that it is found again.
  private mutating func registerRecord() throws(LedgerError) -> Step {
    let next = max(1, chain.state.hospitalRecords.count)
    return try step(
      .mutualAid(.registerRecord), MutualAid.registerRecord(record(below(5) == 0 ? 1 : next)),
      by: chain.network.organisation(.hospital).officer)
  }

  private func record(_ ordinal: Int) -> Hash { .label("record", UInt64(ordinal)) }

  private mutating func fileOnRecord() throws(LedgerError) -> Step {
    let state = chain.state
    let newest = max(1, state.hospitalRecords.count - 1 - below(3))
    let written =
      newest < state.hospitalRecords.count ? state.hospitalRecords[newest].registeredAt : chain.nextTime
    let membership = UInt32(
      pick(state.memberships.count) { ordinal in
        let member = state.memberships[ordinal]
        return member.openCase == 0 && member.balance(cumulative: state.plans[Int(member.plan)].cumulative) > 0
      } ?? below(9))
    let hospital = chain.network.organisation(.hospital)
    return try step(
      .mutualAid(.fileCase),
      MutualAid.fileCase(
        membership: membership, diseaseClass: 1, diagnosed: UInt32(CivilDate(written).dayNumber - below(3)),
        documents: .label("documents", chain.made), record: (record(newest), hospital.ordinal)), by: hospital.officer)
  }

  private mutating func nameHelper() throws(LedgerError) -> Step {
    let membership = UInt32(below(chain.state.memberships.count + 1))
    let helper = try SigningKey(label: "stranger \(below(6))").publicKey.address
    return try step(
      .mutualAid(.nameHelper),
      MutualAid.nameHelper(membership: membership, helper: helper, remove: below(4) == 0), by: owner(of: membership))
  }

  private mutating func fileByHelper() throws(LedgerError) -> Step {
    let state = chain.state
    guard let found = pick(state.helpers.count, where: { $0 > 0 && !state.helpers[$0].named.isEmpty }) else {
      return try nameHelper()
    }
    var key = try anybody()
    for number in 0..<6 {
      let stranger = try SigningKey(label: "stranger \(number)")
      if state.helpers[found].named.contains(stranger.publicKey.address) { key = stranger }
    }
    return try step(
      .mutualAid(.fileCase),
      MutualAid.fileCase(
        membership: state.helpers[found].membership, diseaseClass: 1,
        diagnosed: UInt32(CivilDate(chain.nextTime).dayNumber), documents: .label("documents", chain.made)), by: key)
  }

  /// A check that is under way goes on, or another is asked for.
  mutating func checkField() throws(LedgerError) -> Step {
    let state = chain.state
    func open(_ status: FieldCheckRecord.Status) -> (Int) -> Bool {
      { place in
        let check = state.fieldChecks[place]
        return check.status == status && state.cases[Int(check.caseOrdinal)].status == .assigned
      }
    }
    if below(8) > 0, let sent = pick(state.fieldChecks.count, where: open(.sent)) {
      return try step(
        .mutualAid(.reportFieldCheck),
        MutualAid.reportFieldCheck(UInt32(sent), agrees: below(3) > 0, report: .label("check", chain.made)),
        by: owner(of: state.fieldChecks[sent].membership - 1))
    }
    if below(8) > 0, let asked = pick(state.fieldChecks.count, where: open(.asked)) {
      let plan = state.cases[Int(state.fieldChecks[asked].caseOrdinal)].plan
      let ready = pick(state.volunteers.count) { state.volunteers[$0].isReady && state.volunteers[$0].plan == plan }
      return try step(
        .mutualAid(.sendFieldCheck),
        MutualAid.sendFieldCheck(UInt32(asked), membership: ready.map { state.volunteers[$0].membership } ?? 0),
        by: chain.network.organisation(.platform).officer)
    }
    if below(10) == 0 {
      let check = UInt32(below(state.fieldChecks.count + 1))
      return try step(
        .mutualAid(.reportFieldCheck),
        MutualAid.reportFieldCheck(check, agrees: true, report: .label("check", chain.made)), by: anybody())
    }
    return try step(
      .mutualAid(.askFieldCheck), MutualAid.askFieldCheck(caseOrdinal: anyCase(.assigned)),
      by: chain.network.organisation(.investigator).officer)
  }

  private mutating func complain() throws(LedgerError) -> Step {
    let membership = UInt32(below(chain.state.memberships.count + 1))
    let subjects = ComplaintRecord.Subject.allCases
    let reasons = ComplaintRecord.Reason.allCases
    return try step(
      .mutualAid(.complain),
      MutualAid.complain(
        membership: membership, about: subjects[below(subjects.count)], ordinal: UInt32(below(9)),
        reason: reasons[below(reasons.count)], content: .label("complaint", chain.made)), by: owner(of: membership))
  }

  private mutating func answer() throws(LedgerError) -> Step {
    let state = chain.state
    let number =
      below(5) > 0 ? pick(state.complaints.count) { state.complaints[$0].answeredAt == .zero } : nil
    let complaint = number ?? below(state.complaints.count + 1)
    let concerned = complaint < state.complaints.count ? Int(state.complaints[complaint].concerned) : 0
    return try step(
      .mutualAid(.answerComplaint),
      MutualAid.answer(complaint: UInt32(complaint), with: .label("answer", chain.made)),
      by: chain.network.organisations[concerned].officer)
  }
}
