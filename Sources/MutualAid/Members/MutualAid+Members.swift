internal import Consortium
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// The join's message, read already or now.
  static func joinContent(_ transaction: VerifiedTransaction) throws(LedgerError) -> JoinContent {
    if let read = transaction.content as? JoinContent { return read }
    return try JoinContent(payload: transaction.action.payload)
  }

  /// Checks the attestation a join carries, and that it stands in a manifest of the plan's identity authority.
  func prove(
    _ join: JoinContent, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let plan = try plan(join.plan)
    let record = plans[Int(plan)]
    try requireOpen(plan, record, at: time)
    let attestation = try join.attestation.get()
    guard attestation.owner == sender, attestation.plan == plan else {
      throw LedgerError(.attestationMismatch, "attested for another owner or plan")
    }
    guard let path = join.path else {
      throw LedgerError(.attestationNotProven, "a path has at most 64 hashes of 32 bytes")
    }
    try consortium.prove(attestation, manifest: join.manifest, path: path, by: record.identity, at: time)
  }

  /// A person joins; cover begins with the first deposit.
  mutating func join(
    _ join: JoinContent, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    try prove(join, sender: sender, consortium: consortium, at: time)
    let attestation = try join.attestation.get()
    guard let commitment = join.commitment else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    try requireMayJoin(attestation, at: time)
    enrol(attestation, commitment: commitment, at: time)
  }

  /// Whether anybody may join a plan now, alone or with a group: it goes on, is not paused, and its custodian has shown
  /// the money.
  ///
  /// - Parameter record: the plan's record.
  func requireOpen(_ plan: UInt16, _ record: PlanRecord, at time: Timestamp) throws(LedgerError) {
    try requireRunning(record)
    guard pausedUntil(.joins, plan: plan, at: time) == nil else {
      throw LedgerError(.joinsPaused, "nobody joins while the plan is paused")
    }
    try requireReserves(of: plan, at: time)
  }

  /// Whether the convention takes a person who was attested, and she has no live membership in the plan.
  func requireMayJoin(_ attestation: Attestation, at time: Timestamp) throws(LedgerError) {
    let ages = indexes[Int(attestation.plan)].convention.ages
    let today = CivilDate(time)
    let birth = CivilDate.midnight(month: Int(attestation.birthMonth))
    guard attestation.earliestJoin <= time, Int(attestation.birthMonth) <= today.monthIndex,
      attestation.earliestJoin >= birth.adding(days: UInt64(ages.joinFromDays))
    else { throw LedgerError(.tooYoung, "before the earliest join date") }
    guard today.age(bornInMonth: attestation.birthMonth) <= ages.joinToYears else {
      throw LedgerError(.tooOld, "older than \(ages.joinToYears)")
    }
    if let known = nullifiers.find(attestation.nullifier), nullifiers[known].membership != 0 {
      throw LedgerError(.alreadyMember, "this person has a live membership")
    }
  }

  /// Opens a membership; everything was checked.
  mutating func enrol(_ attestation: Attestation, commitment: Hash, at time: Timestamp) {
    let ordinal = UInt32(memberships.count)
    let nullifier: UInt32
    if let known = nullifiers.find(attestation.nullifier) {
      nullifier = UInt32(known)
      nullifiers.update(known) { $0.membership = ordinal + 1 }
    } else {
      guard
        let inserted = try? nullifiers.insert(NullifierRecord(key: attestation.nullifier, membership: ordinal + 1))
      else { preconditionFailure("the nullifier is neither known nor new") }
      nullifier = UInt32(inserted)
    }
    let plan = plans.update(Int(attestation.plan)) { record in
      record.members += 1
      record.live += 1
      return record
    }
    let change = MembershipChange(
      .join, number: UInt64(plan.members), commitment: commitment, time: time, cumulative: plan.cumulative)
    note(change, of: ordinal)
    memberships.append(
      MembershipRecord(
        owner: attestation.owner, nullifier: nullifier, plan: attestation.plan, birthMonth: attestation.birthMonth,
        number: plan.members, joinedAt: time, history: change.following(.zero)))
    indexes[Int(attestation.plan)].birthMonths.add(ordinal, month: attestation.birthMonth)
  }

  /// The owner leaves: at once, or right after the settlement of the last notice published before.
  mutating func leave(_ wire: WireLeave, sender: Address, at time: Timestamp) throws(LedgerError) {
    let ordinal = try owned(wire.membership, by: sender)
    let member = memberships[ordinal]
    guard member.status == .active else { throw LedgerError(.membershipEnded, "it has ended or is about to") }
    try requireRunning(member.plan)
    depart(UInt32(ordinal), .leave, at: time)
  }
}
