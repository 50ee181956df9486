internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// Organisations that the rest of a history can do without.
  private static let (inquiry, auditor) = (UInt16(3), UInt16(5))

  /// While the investigator is suspended the others hurry to let it act again, or little else would happen.
  /// A call for a pause is heard by another now and then.
  mutating func makeUp() throws(LedgerError) -> Step? {
    let pauses = chain.consortium.governance.pauses
    if let last = (0..<pauses.count).last, pauses[last].beganAt == .zero, chain.nextTime < pauses[last].until,
      below(4) == 0
    {
      let caller = pauses[last].first == 0 ? 1 : 0
      return try step(
        .consortium(.callPause), Consortium.callPause(pauses[last].scope, plan: pauses[last].plan),
        by: chain.network.organisations[caller].officer)
    }
    guard chain.consortium.organisations[Int(Self.inquiry)].standing == .suspended, below(3) == 0 else { return nil }
    let proposals = chain.consortium.governance.proposals
    let open = (0..<proposals.count).last { proposals[$0].kind == .unsuspend && proposals[$0].status.isOpen }
    guard let open else {
      return try step(
        .consortium(.propose), Consortium.propose(.unsuspend(Self.inquiry)), by: chain.network.organisations[0].officer)
    }
    guard proposals[open].status == .voting else { return nil }
    return try ballot(open, approve: true)
  }

  /// The vote of an organisation that has not voted yet.
  private mutating func ballot(_ proposal: Int, approve: Bool) throws(LedgerError) -> Step {
    let record = chain.consortium.governance.proposals[proposal]
    let voter = (0..<4).first { !record.ayes.contains(UInt32($0)) && !record.noes.contains(UInt32($0)) } ?? 0
    return try step(
      .consortium(.vote), chain.ballot(UInt32(proposal), approve: approve),
      by: chain.network.organisations[voter].officer)
  }

  /// An organisation proposes something, often what another has proposed: one of the two fails then.
  mutating func propose() throws(LedgerError) -> Step {
    let sender = chain.network.organisations[below(chain.network.organisations.count)].officer
    let governance = chain.consortium.governance
    let last = (0..<governance.proposals.count).last { governance.proposals[$0].status.isOpen }
    if let last, below(2) == 0 {
      let action = Action(
        contract: Consortium.name, kind: ConsortiumAction.propose.rawValue, payload: governance.content(of: last))
      return try step(.consortium(.propose), action, by: sender)
    }
    let change = try change()
    return try step(.consortium(.propose), Consortium.propose(change), by: sender)
  }

  private mutating func change() throws(LedgerError) -> Change {
    let organisations = chain.consortium.organisations
    let isSuspended = { (ordinal: UInt16) in organisations[Int(ordinal)].standing == .suspended }
    let number = chain.made
    switch below(10) {
    // Proposed by two at once, the second one fails.
    case 0..<2: return isSuspended(Self.auditor) ? .unsuspend(Self.auditor) : .suspend(Self.auditor)
    case 2 where below(2) == 0:
      let key = try SigningKey(label: "officer \(number)")
      return .addOfficer(Self.auditor, .init(key: key.publicKey, roles: [.auditor]))
    case 2:
      let next = try SigningKey(label: "next officer \(number)")
      return .rotateOfficer(chain.network.organisations[Int(Self.auditor)].address, next.publicKey)
    case 3:
      // Enough that a leap of time decides most of what is open.
      let kind = ProposalKind.allCases[below(ProposalKind.allCases.count)]
      return .rule(
        Rule(
          kind: kind, numerator: 2, denominator: 3, votingSeconds: 86_400 * UInt32(3 + below(20)),
          timelockSeconds: 86_400 * UInt32(below(4))))
    case 4:
      let pauses = chain.consortium.governance.pauses.count
      let last = UInt32(max(1, pauses) - 1)
      return below(2) == 0 ? .endPause(last) : .extendPause(last, chain.nextTime.adding(days: UInt64(1 + below(9))))
    case 5 where chain.state.plans.count == conventions.count && below(3) == 0:
      return try MutualAid.windDown(of: UInt16(conventions.count - 1))
    case 5:
      return .addOrganisation(
        .init(name: "new-\(below(5)).example", roles: [.charity], keys: nil, people: []))
    default: return try nextConvention()
    }
  }

  /// A plan's convention with another number in it.
  private mutating func nextConvention() throws(LedgerError) -> Change {
    let plan = UInt16(below(max(1, chain.state.plans.count)))
    guard Int(plan) < chain.state.plans.count else {
      return try MutualAid.change(convention: conventions[0], of: plan)
    }
    let present = chain.state.convention(of: plan)
    let (waiting, days) = (UInt32(below(5)), UInt32(20 + below(20)))
    let isOld = below(8) == 0
    let next = try present.changed { wire in
      if !isOld { wire.version += 1 }
      wire.waitingDays = waiting
      wire.filingDays = days
      if wire.hasCalendar, isOld {
        wire.calendar.noticeDays = [7, 21]
        wire.calendar.debitDays = [14, 28]
      } else if wire.hasCalendar {
        wire.calendar.noticeDays = [5, 15]
        wire.calendar.debitDays = [10, 25]
      }
    }
    return try MutualAid.change(convention: next, of: plan)
  }

  /// An organisation votes, mostly for what is open.
  mutating func vote() throws(LedgerError) -> Step {
    let proposals = chain.consortium.governance.proposals
    let open = (0..<proposals.count).filter { proposals[$0].status == .voting }
    if open.isEmpty, below(3) > 0 { return try propose() }
    if open.isEmpty || below(10) == 0 {
      return try step(
        .consortium(.vote), chain.ballot(UInt32(below(proposals.count + 1))),
        by: chain.network.organisations[below(7)].officer)
    }
    let proposal = open[below(open.count)]
    // Some proposals nobody likes.
    let isLiked = proposal % 5 < 4
    return try ballot(proposal, approve: below(12) == 0 ? !isLiked : isLiked)
  }

  /// A proposal is taken back, a pause called for, or somebody caught.
  mutating func govern() throws(LedgerError) -> Step {
    switch below(8) {
    case 0..<2:
      let proposals = chain.consortium.governance.proposals
      let open = (0..<proposals.count).last { proposals[$0].status == .voting }
      let proposer = open.map { Int(proposals[$0].organisation) } ?? 0
      return try step(
        .consortium(.withdraw), Consortium.withdraw(proposal: UInt32(open ?? 0)),
        by: chain.network.organisations[min(proposer, chain.network.organisations.count - 1)].officer)
    case 2..<7:
      let caller = chain.network.organisations[below(5)].officer
      let scope = PauseScope.allCases[below(2)]
      return try step(
        .consortium(.callPause), Consortium.callPause(scope, plan: UInt16(below(2))), by: caller)
    default: return try evidence()
    }
  }

  /// Two batches of the investigator's for one sequence, or the same batch twice.
  private mutating func evidence() throws(LedgerError) -> Step {
    guard let key = chain.network.organisations[Int(Self.inquiry)].endorsing?.vote else {
      preconditionFailure("four organisations of a random history endorse")
    }
    let sequence = UInt64(below(60))
    let isGood = below(3) > 0
    var batches: [Batch] = []
    for index in 0..<2 {
      batches.append(
        try Batch(
          Header(
            chain: chain.chain.id, epoch: 0, sequence: sequence, previous: .label("batch", isGood ? UInt64(index) : 0),
            certificate: [], proposer: UInt32(Self.inquiry)), entries: [], signedBy: key))
    }
    let bytes = try Evidence.bytes(batches: batches[0], batches[1], key: key.publicKey)
    return Step(
      action: .consortium(.evidence), entries: try chain.transaction(Consortium.submitEvidence(bytes), by: anybody()))
  }
}
