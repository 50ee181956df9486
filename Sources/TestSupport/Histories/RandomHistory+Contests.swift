internal import Consortium
internal import Ledger
public import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// What becomes of a case between filing and notice, or after a payout.
  mutating func examine() throws(LedgerError) -> Step {
    // Mostly what some case waits for.
    let waiting = [CaseRecord.Status.filed, .assigned, .reported, .reported, .confirmed].filter { status in
      (0..<chain.state.cases.count).contains { chain.state.cases[$0].status == status }
    }
    switch below(60) {
    case 0..<57 where !waiting.isEmpty: return try process(waiting[below(waiting.count)])
    case 0..<57: return try process([.filed, .assigned, .reported, .confirmed][below(4)])
    case 57:
      let number = anyCase(below(2) == 0 ? .filed : .noticed)
      return try step(.mutualAid(.withdrawCase), MutualAid.withdrawCase(number), by: owner(ofCase: number))
    default:
      let number = anyCase(.paid)
      let paid = Int(number) < chain.state.cases.count ? chain.state.cases[Int(number)].paid : 0
      let plan = Int(number) < chain.state.cases.count ? chain.state.cases[Int(number)].plan : 0
      return try step(
        .mutualAid(.returnPayout),
        MutualAid.returnPayout(
          caseOrdinal: number, amount: Amount(micro: below(6) == 0 ? paid + 10_000 : paid),
          reference: .label("returned", chain.made)), by: custodian(of: plan))
    }
  }

  /// The next step of a case in a state.
  private mutating func process(_ status: CaseRecord.Status) throws(LedgerError) -> Step {
    switch status {
    case .filed:
      let to: UInt32 = below(8) == 0 ? UInt32(below(9)) : chain.network.organisation(.investigator).ordinal
      return try step(
        .mutualAid(.assign), MutualAid.assign(caseOrdinal: anyCase(.filed), to: to),
        by: chain.network.organisation(.platform).officer)
    // Checks take their time: mostly the investigator waits for them.
    case .assigned: return below(3) > 0 ? try checkField() : try investigate()
    case .reported:
      let number = anyCase(.reported)
      // Mostly of one mind, and mostly one that has not decided yet.
      let record = Int(number) < chain.state.cases.count ? chain.state.cases[Int(number)] : nil
      let deciders: Role = [.platform, .insurer, .charity, .auditor]
      let fit = chain.network.organisations.filter { organisation in
        guard !organisation.roles.isDisjoint(with: deciders) else { return false }
        let own = UInt16(organisation.ordinal) + 1
        return record.map { $0.approvedBy != own && $0.declinedBy != own } ?? true || below(12) == 0
      }
      let approve = (number % 4 != 0) != (below(20) == 0)
      return try step(
        .mutualAid(.decide), MutualAid.decide(caseOrdinal: number, approve: approve),
        by: fit.isEmpty ? anybody() : fit[below(fit.count)].officer)
    default: return try publishNotice()
    }
  }

  /// Objections, appeals, draws and juries: mostly what the state calls for.
  mutating func contest() throws(LedgerError) -> Step {
    let state = chain.state
    if let draw = state.openDraw, below(3) > 0 { return try reveal(draw) }
    let open = (0..<state.juries.count).filter { state.juries[$0].verdict == .open }
    if !open.isEmpty, below(6) > 0 { return try sit(on: UInt32(open[below(open.count)])) }
    switch below(11) {
    case 0:
      let organisation = chain.network.organisations[below(chain.network.organisations.count)]
      return try step(
        .mutualAid(.commitDice), MutualAid.commitDice(tip: dice(organisation.ordinal).tip), by: organisation.officer)
    case 1..<6:
      let membership = UInt32(
        pick(state.memberships.count) { ordinal in
          let member = state.memberships[ordinal]
          return member.volunteer == 0
            && member.balance(cumulative: state.plans[Int(member.plan)].cumulative) > 0
        } ?? below(9))
      return try step(
        .mutualAid(.volunteer), MutualAid.volunteer(membership: membership, ready: below(6) > 0),
        by: owner(of: membership))
    case 6..<10:
      let number = anyCase(.noticed)
      let plan = Int(number) < state.cases.count ? state.cases[Int(number)].plan : 0
      let membership = UInt32(
        pick(state.memberships.count) { ordinal in
          let member = state.memberships[ordinal]
          return member.plan == plan && member.balance(cumulative: state.plans[Int(plan)].cumulative) > 0
        } ?? below(9))
      return try step(
        .mutualAid(.object),
        MutualAid.object(
          to: number, membership: membership, reason: .other, evidence: .label("evidence", chain.made)),
        by: owner(of: membership))
    default:
      let number = anyCase(below(2) == 0 ? .declined : .rejected)
      return try step(
        .mutualAid(.appeal), MutualAid.appeal(caseOrdinal: number, evidence: .label("appeal", chain.made)),
        by: owner(ofCase: number))
    }
  }

  private mutating func reveal(_ draw: UInt32) throws(LedgerError) -> Step {
    let state = chain.state
    let part = (0..<state.dice.count).filter { state.dice[$0].tip != .zero }
    let organisation = part.isEmpty ? 0 : part[below(part.count)]
    let revealed = part.isEmpty ? 0 : Int(state.dice[organisation].revealed)
    let preimage = dice(UInt32(organisation)).preimage(after: revealed + (below(10) == 0 ? 1 : 0))
    return try step(
      .mutualAid(.revealDice),
      MutualAid.revealDice(draw: draw, preimage: preimage ?? .label("used up", 0)),
      by: chain.network.organisations[organisation].officer)
  }

  /// A juror does what it is time for, or something else.
  private mutating func sit(on jury: UInt32) throws(LedgerError) -> Step {
    let state = chain.state
    let all = state.seats(of: jury)
    let drawn = all.filter { state.seats[$0].status == .drawn }
    let seats = drawn.isEmpty || below(3) == 0 ? all : drawn
    let seat = state.seats[seats[below(seats.count)]]
    let membership = seat.membership
    let salt = Hash.label("salt \(jury)", UInt64(membership))
    let approve = membership % 2 == 0
    let key = try owner(of: membership)
    let isVoting = chain.nextTime < state.juries[Int(jury)].commitBy
    if isVoting != (below(12) == 0) {
      if below(3) == 0 {
        return try step(.mutualAid(.recuse), MutualAid.recuse(jury: jury, membership: membership), by: key)
      }
      return try step(
        .mutualAid(.commitVote),
        MutualAid.commitVote(jury: jury, membership: membership, approve: approve, salt: salt), by: key)
    }
    return try step(
      .mutualAid(.revealVote),
      MutualAid.revealVote(
        jury: jury, membership: membership, approve: below(12) == 0 ? !approve : approve, salt: salt), by: key)
  }

  /// The secret of an organisation's hash chains, which are short enough to be used up.
  public static func dice(of organisation: UInt32) -> DiceSecret {
    DiceSecret(.label("dice", UInt64(organisation)), length: 32)
  }

  private func dice(_ organisation: UInt32) -> DiceChain { RandomHistory.dice(of: organisation).chain(series: 1) }

  mutating func owner(of membership: UInt32) throws(LedgerError) -> SigningKey {
    let state = chain.state
    guard Int(membership) < state.memberships.count, let key = keys[state.memberships[Int(membership)].owner] else {
      return try anybody()
    }
    return key
  }

  private mutating func owner(ofCase number: UInt32) throws(LedgerError) -> SigningKey {
    let state = chain.state
    guard Int(number) < state.cases.count else { return try anybody() }
    return try owner(of: state.cases[Int(number)].membership)
  }
}
