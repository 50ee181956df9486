internal import Consortium
internal import Contracts
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// What owners and organisations do about keys, payees, ownership, illness, groups and consents.
  mutating func memberStep() throws(LedgerError) -> Step {
    switch below(17) {
    case 0..<4: try recoverKey()
    case 4: try rotateKey()
    case 5..<7: try nameParty()
    case 7: try reportDeath()
    case 8..<10: try takeOver()
    case 10..<12: try reportIllness()
    case 12..<15: try groupStep()
    default: try consentStep()
    }
  }

  /// Few accounts lose their keys, or later steps by their owners would all be refused.
  private mutating func loser() -> UInt32 {
    let state = chain.state
    let fits = pick(state.memberships.count) { state.memberships[$0].number % 6 == 0 }
    return UInt32(below(12) > 0 ? fits ?? 0 : below(state.memberships.count + 1))
  }

  private func newKey(of membership: UInt32) throws(LedgerError) -> SigningKey {
    try SigningKey(label: "new key \(membership)")
  }

  private mutating func rotateKey() throws(LedgerError) -> Step {
    let membership = loser()
    return try step(
      .mutualAid(.rotateKey), MutualAid.rotateKey(membership: membership, to: newKey(of: membership).publicKey),
      by: owner(of: membership))
  }

  /// Two organisations propose, the present key forbids, the identity authority attests, the proof follows.
  private mutating func recoverKey() throws(LedgerError) -> Step {
    let state = chain.state
    let waiting = (0..<state.recoveries.count).last { state.recoveries[$0].status == .waiting }
    let vetoed = (0..<state.recoveries.count).last { state.recoveries[$0].status == .vetoed }
    switch below(4) {
    case 0 where waiting != nil || below(6) == 0:
      let number = waiting ?? state.recoveries.count
      let membership = waiting.map { state.recoveries[$0].membership } ?? 0
      return try step(
        .mutualAid(.vetoRecovery), MutualAid.vetoRecovery(UInt32(number)), by: owner(of: membership))
    case 1..<3 where vetoed != nil:
      return try proveIdentity(vetoed ?? 0)
    case 3 where !renewed.isEmpty && below(3) == 0:
      // Of somebody, for some recovery.
      let row = renewed[below(renewed.count)]
      let other = try anybody()
      return try step(
        .mutualAid(.proveIdentity),
        MutualAid.proveIdentity(recovery: UInt32(below(state.recoveries.count + 1)), row),
        by: keys[row.attestation.owner] ?? other)
    default:
      let open = (0..<state.recoveries.count).last { state.recoveries[$0].status == .proposed }
      let membership = below(3) > 0 ? open.map { state.recoveries[$0].membership } ?? loser() : loser()
      return try step(
        .mutualAid(.proposeRecovery),
        MutualAid.proposeRecovery(membership: membership, to: newKey(of: membership).publicKey),
        by: chain.network.organisations[below(3)].officer)
    }
  }

  /// A proof by a row attested since the veto where there is one, else the attestation that it needs.
  private mutating func proveIdentity(_ number: Int) throws(LedgerError) -> Step {
    let record = chain.state.recoveries[number]
    guard Int(record.membership) < chain.state.memberships.count else { return try rotateKey() }
    let member = chain.state.memberships[Int(record.membership)]
    let key = below(2) == 0 ? try newKey(of: record.membership) : try owner(of: record.membership)
    let address = key.publicKey.address
    let manifests = chain.chain.app.consortium.attestations
    let nullifier = chain.state.nullifiers[Int(member.nullifier)].key
    let takesAny = below(8) == 0
    if let row = renewed.last(where: { row in
      row.attestation.owner == address && row.attestation.nullifier == nullifier
        && (takesAny || manifests[Int(row.manifest)].time >= record.vetoedAt)
    }) {
      return try step(
        .mutualAid(.proveIdentity), MutualAid.proveIdentity(recovery: UInt32(number), row), by: key)
    }
    return try attestAnew(Int(record.membership), for: key)
  }

  /// The identity authority attests the insured of a membership for another key.
  private mutating func attestAnew(_ membership: Int, for key: SigningKey) throws(LedgerError) -> Step {
    let member = chain.state.memberships[membership]
    let row = Attestation(
      plan: member.plan, birthMonth: member.birthMonth, owner: key.publicKey.address, earliestJoin: .zero,
      expiry: .max, nullifier: chain.state.nullifiers[Int(member.nullifier)].key)
    return try step(
      .consortium(.attest), Consortium.attestAction(plan: member.plan),
      by: chain.network.organisation(.identity).officer, rows: [row.canonicalBytes], effect: .renewed(row))
  }

  private mutating func nameParty() throws(LedgerError) -> Step {
    let membership = UInt32(below(chain.state.memberships.count + 1))
    let commitment = below(8) == 0 ? Hash.zero : .label("party", chain.made)
    let key = try owner(of: membership)
    guard below(2) == 0 else {
      return try step(
        .mutualAid(.setHeir), MutualAid.setHeir(membership: membership, commitment: commitment), by: key)
    }
    return try step(
      .mutualAid(.setPayee), MutualAid.setPayee(membership: membership, commitment: commitment), by: key)
  }

  private mutating func reportDeath() throws(LedgerError) -> Step {
    let membership = UInt32(below(chain.state.memberships.count + 1))
    let today = CivilDate(chain.nextTime).dayNumber
    return try step(
      .mutualAid(.reportDeath),
      MutualAid.reportDeath(membership: membership, day: UInt32(today + [0, 0, -1, -3, 2][below(5)])),
      by: chain.network.organisation(.identity).officer)
  }

  /// An insured who is of age takes over by a row attested for her own key.
  private mutating func takeOver() throws(LedgerError) -> Step {
    let state = chain.state
    if let row = renewed.last(where: { row in
      keys[row.attestation.owner] == nil
        && state.nullifiers.find(row.attestation.nullifier).map { place in
          state.nullifiers[place].membership != 0
        } ?? false
    }), below(4) > 0, let place = state.nullifiers.find(row.attestation.nullifier) {
      let membership = state.nullifiers[place].membership - 1
      let key = try SigningKey(label: "insured \(membership)")
      return try step(
        .mutualAid(.takeOver), MutualAid.takeOver(membership: membership, row), by: key, effect: .tookOver(key))
    }
    let fits = pick(state.memberships.count) { state.memberships[$0].status == .active }
    guard let membership = fits else { return try rotateKey() }
    return try attestAnew(membership, for: SigningKey(label: "insured \(membership)"))
  }

  private mutating func reportIllness() throws(LedgerError) -> Step {
    let state = chain.state
    let now = chain.nextTime
    let fits = pick(state.memberships.count) { ordinal in
      let member = state.memberships[ordinal]
      return member.status == .active && member.wasFunded && member.openCase == 0
        && now < member.waitingFrom.adding(days: 2)
    }
    let membership = UInt32(fits ?? below(state.memberships.count + 1))
    let hospital = chain.network.organisations[below(3) == 0 ? 5 : 4].officer
    return try step(
      .mutualAid(.reportIllness),
      MutualAid.reportIllness(
        membership: membership, diseaseClass: 1, diagnosed: UInt32(CivilDate(now).dayNumber),
        documents: .label("documents", chain.made)), by: below(2) == 0 ? hospital : owner(of: membership))
  }

  private mutating func groupStep() throws(LedgerError) -> Step {
    let state = chain.state
    guard state.groups.count > 1, below(8) > 0 else {
      let payer = try SigningKey(label: "payer \(below(2))").publicKey.address
      return try step(
        .mutualAid(.registerGroup),
        MutualAid.registerGroup(plan: UInt16(below(state.plans.count + 1)), kind: .family, payer: payer),
        by: chain.network.organisation(.platform).officer)
    }
    let group = below(state.groups.count)
    let plan = state.groups[group].plan
    switch below(5) {
    case 0..<2:
      let rows = attested.filter { $0.attestation.plan == plan }.prefix(2).map { proven in
        Enrolment.row(proven, insured: .label("insured", 1), health: .label("health", 1))
      }
      guard let payer = payers.first(where: { $0.publicKey.address == state.groups[group].payer }) else {
        preconditionFailure("two keys pay for all groups")
      }
      return try step(
        .mutualAid(.enrol), MutualAid.enrol(group: UInt32(group)), by: payer,
        rows: rows.isEmpty ? [[1, 2, 3]] : rows)
    case 2..<4:
      let next = promised[plan] ?? state.plans[Int(plan)].nextDeposit
      promised[plan] = next + 1
      return try step(
        .mutualAid(.groupDeposit),
        MutualAid.groupDeposit(
          group: UInt32(group), number: next + (below(8) == 0 ? 1 : 0),
          amount: Amount(micro: Int64(below(4_000) + 1) * Amount.microPerFen),
          reference: .label("group's payment", chain.made)), by: custodian(of: plan))
    default:
      let membership = pick(state.memberships.count) { state.memberships[$0].marks.contains(.inGroup) }
      let ordinal = UInt32(membership ?? below(state.memberships.count + 1))
      return try step(
        .mutualAid(.leaveGroup), MutualAid.leaveGroup(membership: ordinal), by: owner(of: ordinal))
    }
  }

  /// Who pays for groups.
  private var payers: [SigningKey] {
    (0..<2).compactMap { try? SigningKey(label: "payer \($0)") }
  }

  private mutating func consentStep() throws(LedgerError) -> Step {
    let state = chain.state
    if state.consents.count > 0, below(2) == 0 {
      let consent = below(state.consents.count + 1)
      let membership = consent < state.consents.count ? state.consents[consent].membership : 0
      return try step(
        .mutualAid(.withdrawConsent), MutualAid.withdrawConsent(UInt32(consent)), by: owner(of: membership))
    }
    let membership = UInt32(below(state.memberships.count + 1))
    return try step(
      .mutualAid(.giveConsent),
      MutualAid.giveConsent(
        membership: membership, purpose: ConsentRecord.Purpose.allCases[below(5)], commitment: .label("text", 1),
        until: chain.nextTime.adding(days: UInt64(below(60)))), by: owner(of: membership))
  }
}
