internal import Consortium
internal import FoundationEssentials
internal import Ledger
public import TransparencyLog

/// Families and employers, which enrol in bulk and pay together (docs/members.md).
extension MutualAid {
  /// The platform registers a group with the account that enrols for it.
  mutating func registerGroup(_ wire: WireRegisterGroup, at time: Timestamp) throws(LedgerError) {
    let plan = try plan(wire.plan)
    guard let kind = UInt8(exactly: wire.kind).flatMap({ GroupRecord.Kind(rawValue: $0) }) else {
      throw LedgerError(.malformed, "a group is a family or an employer")
    }
    guard let payer = Address(wire.payer), payer.key != .zero else {
      throw LedgerError(.malformed, "an account is twenty bytes")
    }
    groups.append(GroupRecord(kind: kind, plan: plan, payer: payer, registeredAt: time))
  }

  /// A group by its ordinal, if the sender enrols for it.
  func group(_ ordinal: UInt32, paidBy sender: Address) throws(LedgerError) -> Int {
    let group = try group(ordinal)
    guard groups[group].payer == sender else { throw LedgerError(.notThePayer, "another account enrols for it") }
    return group
  }

  private func group(_ ordinal: UInt32) throws(LedgerError) -> Int {
    guard Int(ordinal) < groups.count else { throw LedgerError(.unknownGroup, "no group \(ordinal)") }
    return Int(ordinal)
  }

  /// Takes up a manifest of people: all rows are checked for their form, then each is a join with an outcome of its
  /// own. Each membership belongs to the owner that its attestation names.
  mutating func enrol(
    _ wire: WireEnrol, rows: [[UInt8]], sender: Address, consortium: Consortium, at time: Timestamp,
    outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let group = try group(wire.group, paidBy: sender)
    guard Int(groups[group].members) + rows.count <= GroupRecord.maximumMembers else {
      throw LedgerError(.groupFull, "a group has at most \(GroupRecord.maximumMembers) memberships")
    }
    let plan = groups[group].plan
    try requireOpen(plan, plans[Int(plan)], at: time)
    var people: [Enrolment] = []
    for row in rows { people.append(try Enrolment(row: row)) }
    for (index, person) in people.enumerated() {
      do throws(LedgerError) {
        let row = try prove(person.carried, plan: plan, consortium: consortium, at: time)
        try requireMayJoin(row.attestation, at: time)
        let membership = UInt32(memberships.count)
        enrol(row.attestation, commitment: person.commitment, at: time)
        seat(membership, in: group)
      } catch {
        outcomes[index] = error.code
      }
    }
  }

  private mutating func seat(_ membership: UInt32, in group: Int) {
    guard let place = try? groupSeats.insert(GroupSeatRecord(membership: membership, group: UInt32(group))) else {
      preconditionFailure("a new membership has no seat")
    }
    let last = groups[group].last
    if last != 0 { groupSeats.update(Int(last) - 1) { $0.following = UInt32(place) + 1 } }
    groups.update(group) { record in
      if last == 0 { record.first = UInt32(place) + 1 }
      record.last = UInt32(place) + 1
      record.members += 1
    }
    memberships.update(Int(membership)) { $0.marks.formUnion(.inGroup) }
  }

  /// The live memberships of a group, in the order in which they were enrolled.
  public func members(ofGroup group: UInt32) -> [UInt32] {
    var found: [UInt32] = []
    var next = groups[Int(group)].first
    while next != 0 {
      let seat = groupSeats[Int(next) - 1]
      if !seat.hasLeft, memberships[Int(seat.membership)].status != .ended { found.append(seat.membership) }
      next = seat.following
    }
    return found
  }

  /// The custodian reports one payment for a whole group: each live membership gets the same in whole fen, the first
  /// ones a fen more until all is placed. Where nobody is left it waits in suspense.
  mutating func groupDeposit(
    _ wire: WireGroupDeposit, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let group = try group(wire.group)
    let plan = groups[group].plan
    try requireCustodian(of: plan, sender, consortium)
    guard let reference = Hash(wire.reference), reference != .zero else {
      throw LedgerError(.malformed, "a commitment has 32 bytes")
    }
    guard wire.number == plans[Int(plan)].nextDeposit else {
      throw LedgerError(.depositOutOfTurn, "the next deposit has number \(plans[Int(plan)].nextDeposit)")
    }
    let people = members(ofGroup: wire.group)
    let most = Deposit.maximumAmount * Int64(max(1, people.count))
    guard (1...most).contains(wire.amount), wire.amount % Amount.microPerFen == 0 else {
      throw LedgerError(.badDeposit, "a positive number of whole fen, at most 100,000 yuan for each member")
    }
    guard plans[Int(plan)].money.accepts(wire.amount) else {
      throw LedgerError(.overflow, "the plan has taken in all it may")
    }
    let known = PaymentReferenceRecord(reference: reference, plan: plan, deposit: wire.number, time: time)
    forgetReferences(before: time, atMost: 18)
    guard (try? references.insert(known)) != nil else {
      throw LedgerError(.referenceUsed, "reported within the last 90 days")
    }
    indexes[Int(plan)].references.add(known.key, time: time)
    plans.update(Int(plan)) { record in
      record.money.deposits += wire.amount
      record.nextDeposit += 1
    }
    groups.update(group) { $0.paid += wire.amount }
    guard !people.isEmpty else {
      _ = suspend(plan: plan, membership: nil, amount: wire.amount, deposit: wire.number, at: time)
      return
    }
    let fen = wire.amount / Amount.microPerFen
    let (each, more) = fen.quotientAndRemainder(dividingBy: Int64(people.count))
    for (index, membership) in people.enumerated() {
      let amount = (each + (index < more ? 1 : 0)) * Amount.microPerFen
      guard amount > 0 else { break }
      _ = credit(plan: plan, membership: membership, amount: amount, deposit: wire.number, at: time)
    }
  }

  /// Whether two memberships are in one group: then one does not judge the other's case.
  func areRelated(_ a: UInt32, _ b: UInt32) -> Bool {
    guard let group = group(of: a) else { return false }
    return group == self.group(of: b)
  }

  /// The group that a membership is in; `nil` for none.
  private func group(of membership: UInt32) -> UInt32? {
    guard memberships[Int(membership)].marks.contains(.inGroup) else { return nil }
    return groupSeats.find(MembershipKey.key(of: membership)).map { groupSeats[$0].group }
  }

  /// The owner takes her membership out of its group; it goes on as hers alone.
  mutating func leaveGroup(_ wire: WireLeaveGroup, sender: Address) throws(LedgerError) {
    let ordinal = try owned(wire.membership, by: sender)
    guard memberships[ordinal].marks.contains(.inGroup) else {
      throw LedgerError(.notInGroup, "the membership is in no group")
    }
    leaveGroup(UInt32(ordinal))
  }

  /// The same, where it is in one.
  mutating func leaveGroup(_ membership: UInt32) {
    guard let place = groupSeats.find(MembershipKey.key(of: membership)) else { return }
    groupSeats.update(place) { $0.hasLeft = true }
    memberships.update(Int(membership)) { $0.marks.subtract(.inGroup) }
  }
}

/// One row of a group's manifest: an attestation with its path, and the commitments of a join.
public struct Enrolment: Sendable {
  let carried: CarriedRow
  /// SHA-256 over the commitments to the insured and to the health declaration.
  let commitment: Hash

  /// The row of a person.
  ///
  /// - Parameters:
  ///   - insured: salted commitment to who is insured.
  ///   - health: salted commitment to the health declaration.
  public static func row(_ proven: ProvenAttestation, insured: Hash, health: Hash) -> [UInt8] {
    var bytes = proven.attestation.canonicalBytes
    bytes.append(bigEndian: proven.manifest)
    bytes.append(bigEndian: proven.index)
    bytes += insured.bytes + health.bytes
    for hash in proven.path { bytes += hash.bytes }
    return bytes
  }

  init(row: [UInt8]) throws(LedgerError) {
    let head = Attestation.byteCount + 8 + 2 * Hash.byteCount
    let rest = row.count - head
    guard rest >= 0, rest % Hash.byteCount == 0, rest / Hash.byteCount <= InclusionProof.maximumPathCount else {
      throw LedgerError(.badRow, "an attestation, its place, two commitments and at most 64 hashes")
    }
    let attestation = Array(row[..<Attestation.byteCount])
    _ = try Attestation(row: attestation)
    var reader = RecordReader()
    let bytes = row.span.bytes
    reader.skip(Attestation.byteCount, in: bytes)
    let (manifest, index) = (reader.uint32(in: bytes), reader.uint32(in: bytes))
    let (insured, health) = (reader.hash(in: bytes), reader.hash(in: bytes))
    let path = (0..<rest / Hash.byteCount).map { _ in reader.hash(in: bytes) }
    carried = CarriedRow(row: attestation, manifest: manifest, index: index, path: path)
    commitment = .sha256(insured, health)
  }
}
