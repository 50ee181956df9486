internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// The next step, whatever it is.
  mutating func draw() throws(LedgerError) -> Step {
    if let step = try makeUp() { return step }
    // A draw and a jury are soon over, so what they wait for comes more often.
    let state = chain.state
    let isContested = state.openDraw != nil || (0..<state.juries.count).contains { state.juries[$0].verdict == .open }
    if isContested, below(3) == 0 { return try contest() }
    return switch below(122) {
    case 0: try openPlan()
    case 1..<3: try register()
    case 3..<7: try attest()
    case 7..<15: try join()
    case 15..<22: try deposits()
    case 22..<27: try fileCase()
    case 27..<32: try investigate()
    case 32..<35: try publishNotice()
    case 35..<39: try confirmPayout()
    case 39: try leave()
    case 40..<43: try confirmRefund()
    case 43: try reverse()
    case 44: try contribute()
    case 45: try propose()
    case 46..<49: try vote()
    case 49: try govern()
    case 50..<76: try examine()
    case 76..<93: try contest()
    case 93..<98: try fastTrack()
    case 98..<110: try filings()
    case 110..<113: try bad()
    default: try memberStep()
    }
  }

  /// A step by the one who may do it, and now and then by somebody else.
  mutating func step(
    _ kind: HistoryAction, _ action: Action, by key: SigningKey, rows: [[UInt8]] = [], effect: Effect = .none
  ) throws(LedgerError) -> Step {
    let sender = below(9) == 0 ? try anybody() : key
    return Step(action: kind, entries: try chain.transaction(action, by: sender, rows: rows), effect: effect)
  }

  /// An officer, a member or a stranger.
  mutating func anybody() throws(LedgerError) -> SigningKey {
    switch below(3) {
    case 0: chain.network.organisations[below(chain.network.organisations.count)].officer
    case 1 where !people.isEmpty: people[below(people.count)].key
    default: try SigningKey(label: "stranger \(below(6))")
    }
  }

  mutating func openPlan() throws(LedgerError) -> Step {
    let next = chain.state.plans.count
    let known = next < conventions.count && below(6) > 0 ? next : below(conventions.count)
    // The third plan's money lies with the second bank; sometimes an organisation is named that is unfit.
    let custodian: UInt32 = [next == 2 ? 6 : 1, 1, 1, 5, 99][max(0, below(20) - 15)]
    return try step(
      .mutualAid(.openPlan),
      MutualAid.openPlan(
        conventions[known], custodian: custodian, identity: chain.network.organisation(.identity).ordinal),
      by: chain.network.organisation(.platform).officer)
  }

  private mutating func register() throws(LedgerError) -> Step {
    var rows: [[UInt8]] = []
    for _ in 0...below(3) { rows.append(try SigningKey(label: "stranger \(below(6))").publicKey.address.bytes) }
    if below(8) == 0 { rows.append([1, 2, 3]) }
    let sender = chain.network.organisations[below(chain.network.organisations.count)].officer
    return try step(.consortium(.register), Consortium.registerAction(), by: sender, rows: rows)
  }

  private mutating func attest() throws(LedgerError) -> Step {
    let plan = anyPlan()
    let month = CivilDate(chain.nextTime).monthIndex
    var found: [TestPerson] = []
    for index in 0...below(6) {
      if below(6) == 0, !people.isEmpty {
        found.append(people[below(people.count)])
        continue
      }
      // Mostly in the middle of life; some soon too old for cover, some too young or too old to join.
      let birth =
        switch below(12) {
        case 0..<4: month - 61 * 12 + 2 + below(8)
        case 4: month - 1
        case 5: month - 70 * 12
        default: 1970 * 12 + below(300)
        }
      let number = chain.made * 16 + UInt64(index)
      found.append(try TestPerson(number, birthMonth: UInt16(birth)))
    }
    let expiry = below(8) == 0 ? chain.nextTime.adding(days: UInt64(below(20))) : Timestamp.max
    let rows = found.map { $0.attestation(plan: plan, expiry: expiry) }
    var bytes = rows.map(\.canonicalBytes)
    if below(12) == 0 { bytes[0].removeLast() }
    return try step(
      .consortium(.attest), Consortium.attestAction(plan: plan),
      by: chain.network.organisation(.identity).officer, rows: bytes, effect: .attested(found, rows))
  }

  private mutating func join() throws(LedgerError) -> Step {
    guard !attested.isEmpty else { return try attest() }
    let index = below(attested.count)
    // Most rows are used once; some are kept and tried again.
    let row = below(8) > 0 ? attested.remove(at: index) : attested[index]
    let shown =
      below(16) > 0
      ? row
      : ProvenAttestation(
        attestation: row.attestation, manifest: row.manifest + UInt32(below(3)), index: row.index + 1, path: row.path)
    guard let key = keys[row.attestation.owner] else { preconditionFailure("everybody attested has a key") }
    return try step(.mutualAid(.join), TestChain.join(shown), by: key)
  }

  private mutating func deposits() throws(LedgerError) -> Step {
    let plan = anyPlan()
    let state = chain.state
    // What this block's earlier manifests use up, should they succeed.
    let next = promised[plan] ?? (Int(plan) < state.plans.count ? state.plans[Int(plan)].nextDeposit : 1)
    let first = below(10) == 0 ? next + UInt64(below(3)) : next
    var rows: [[UInt8]] = []
    for index in 0...below(8) {
      let fits =
        below(12) > 0
        ? pick(state.memberships.count) { ordinal in
          state.memberships[ordinal].plan == plan && state.memberships[ordinal].status != .ended
        } : nil
      let fen = Int64(below(10) == 0 ? below(96) + 1 : below(4000) + 100)
      let micro = fen * Amount.microPerFen + (below(150) == 0 ? 1 : 0)
      // Sometimes a payment that was reported before.
      let number = below(16) == 0 ? first / 2 : first + UInt64(index)
      rows.append(
        Deposit(
          membership: UInt32(fits ?? below(state.memberships.count + 2)), amount: Amount(micro: micro),
          reference: .label("reference of plan \(plan)", number)
        ).canonicalBytes)
    }
    promised[plan] = first + UInt64(rows.count)
    return try step(
      .mutualAid(.deposits), MutualAid.deposits(plan: plan, first: first), by: custodian(of: plan), rows: rows)
  }

  private mutating func fileCase() throws(LedgerError) -> Step {
    let state = chain.state
    let fits =
      below(10) > 0
      ? pick(state.memberships.count) { ordinal in
        let member = state.memberships[ordinal]
        let cumulative = state.plans[Int(member.plan)].cumulative
        return member.openCase == 0 && member.balance(cumulative: cumulative) > 0
      } : nil
    let membership = fits ?? below(state.memberships.count + 2)
    let today = CivilDate(chain.nextTime).dayNumber
    let back = [0, 0, 0, 0, 1, 2, 3, 45, -2][below(9)]
    let owner = membership < state.memberships.count ? keys[state.memberships[membership].owner] : nil
    let hospital = chain.network.organisation(.hospital).officer
    return try step(
      .mutualAid(.fileCase),
      MutualAid.fileCase(
        membership: UInt32(membership), diseaseClass: below(12) == 0 ? 7 : 1, diagnosed: UInt32(today - back),
        documents: .label("documents", chain.made)), by: below(3) == 0 ? hospital : owner ?? hospital)
  }

  mutating func investigate() throws(LedgerError) -> Step {
    try step(
      .mutualAid(.investigate),
      MutualAid.investigate(
        caseOrdinal: anyCase(.assigned), confirmed: below(6) > 0, report: .label("report", chain.made)),
      by: chain.network.organisation(.investigator).officer)
  }

  mutating func publishNotice() throws(LedgerError) -> Step {
    try step(
      .mutualAid(.publishNotice), MutualAid.publishNotice(caseOrdinal: anyCase(.confirmed)),
      by: chain.network.organisation(.platform).officer)
  }

  private mutating func confirmPayout() throws(LedgerError) -> Step {
    let number = anyCase(.settled)
    let state = chain.state
    var plan: UInt16 = 0
    var payable = Amount.microPerFen
    var payee = Hash.zero
    if Int(number) < state.cases.count {
      let record = state.cases[Int(number)]
      plan = record.plan
      if below(10) > 0 { payee = state.payee(of: record.membership, at: chain.nextTime) }
      payable = Amount(micro: record.given - record.paid).wholeFen.fen.micro
    }
    let amount =
      switch below(8) {
      case 0: payable + Amount.microPerFen
      case 1, 2: Amount(micro: payable / 2).wholeFen.fen.micro
      default: payable
      }
    return try step(
      .mutualAid(.confirmPayout),
      MutualAid.confirmPayout(
        caseOrdinal: number, amount: Amount(micro: amount), reference: .label("payout", chain.made), payee: payee),
      by: custodian(of: plan))
  }

  private mutating func leave() throws(LedgerError) -> Step {
    let state = chain.state
    let fits = pick(state.memberships.count) { state.memberships[$0].status == .active }
    let membership = UInt32(below(4) > 0 ? fits ?? 0 : below(state.memberships.count + 1))
    let owner = Int(membership) < state.memberships.count ? keys[state.memberships[Int(membership)].owner] : nil
    let other = try anybody()
    return try step(
      .mutualAid(.leave), MutualAid.leave(membership: membership), by: owner ?? other, effect: .left(membership))
  }

  private mutating func confirmRefund() throws(LedgerError) -> Step {
    let state = chain.state
    let refund = pick(state.refunds.count) { !state.refunds[$0].isPaid } ?? below(state.refunds.count + 1)
    let plan = refund < state.refunds.count ? state.refunds[refund].plan : 0
    var payee = Hash.zero
    if refund < state.refunds.count, state.refunds[refund].kind != .suspense, below(10) > 0 {
      payee = state.payee(of: state.refunds[refund].membership - 1, at: chain.nextTime)
    }
    return try step(
      .mutualAid(.confirmRefund),
      MutualAid.confirmRefund(refund: UInt32(refund), reference: .label("refund", chain.made), payee: payee),
      by: custodian(of: plan))
  }

  private mutating func reverse() throws(LedgerError) -> Step {
    let count = chain.state.memberships.count
    let membership = below(count + 1)
    let plan = membership < count ? chain.state.memberships[membership].plan : 0
    let fen = below(6) == 0 ? 9_000_000 : Int64(below(3000) + 1)
    return try step(
      .mutualAid(.reverse),
      MutualAid.reverse(
        membership: UInt32(membership), amount: Amount(micro: fen * Amount.microPerFen),
        reference: .label("reversal", chain.made)), by: custodian(of: plan))
  }

  private mutating func contribute() throws(LedgerError) -> Step {
    let plan = anyPlan()
    let micro = Int64(below(5000)) * Amount.microPerFen + (below(8) == 0 ? 1 : 0)
    return try step(
      .mutualAid(.contribute),
      MutualAid.contribute(plan: plan, amount: Amount(micro: micro), reference: .label("gift", chain.made)),
      by: custodian(of: plan))
  }
}

extension RandomHistory {
  /// A plan, sometimes one that is not there.
  private mutating func anyPlan() -> UInt16 {
    let count = chain.state.plans.count
    return UInt16(count == 0 || below(16) == 0 ? count : below(count))
  }

  /// A case in a state where there is one, else any number.
  mutating func anyCase(_ status: CaseRecord.Status) -> UInt32 {
    let state = chain.state
    let fits = below(12) > 0 ? pick(state.cases.count) { state.cases[$0].status == status } : nil
    return UInt32(fits ?? below(state.cases.count + 2))
  }

  /// The officer of the bank that holds a plan's money.
  func custodian(of plan: UInt16) -> SigningKey {
    let plans = chain.state.plans
    guard Int(plan) < plans.count else { return chain.network.organisation(.custodian).officer }
    return chain.network.organisations[Int(plans[Int(plan)].custodian)].officer
  }

  /// The first ordinal that fits, from a random one on.
  mutating func pick(_ count: Int, where fits: (Int) -> Bool) -> Int? {
    guard count > 0 else { return nil }
    let start = below(count)
    return (0..<count).map { (start + $0) % count }.first(where: fits)
  }
}
