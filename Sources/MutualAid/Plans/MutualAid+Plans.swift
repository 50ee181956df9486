internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

extension MutualAid {
  /// Opens a plan under a convention whose text comes with the action.
  mutating func openPlan(
    _ wire: WireOpenPlan, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    _ = try consortium.requireOfficer(sender, role: .platform)
    guard plans.count < MutualAid.maximumPlans else { throw LedgerError(.tooManyPlans, "no room for another plan") }
    let convention = try Convention(decoding: Array(wire.convention))
    for ordinal in 0..<conventions.count where conventions[ordinal].hash == convention.hash {
      throw LedgerError(.conventionKnown, "this convention has a plan")
    }
    guard try consortium.roles(of: wire.custodian).contains(.custodian) else {
      throw LedgerError(.unfitOrganisation, "organisation \(wire.custodian) is no custodian")
    }
    guard try consortium.roles(of: wire.identity).contains(.identity) else {
      throw LedgerError(.unfitOrganisation, "organisation \(wire.identity) is no identity authority")
    }
    open(convention, custodian: UInt16(wire.custodian), identity: UInt16(wire.identity), at: time)
  }

  /// Opens a plan; everything was checked.
  mutating func open(_ convention: Convention, custodian: UInt16, identity: UInt16, at time: Timestamp) {
    var record = PlanRecord()
    record.convention = UInt16(conventions.count)
    record.custodian = custodian
    record.identity = identity
    record.year = UInt16(CivilDate(time).year)
    if let calendar = convention.calendar { record.nextNotice = calendar.nextNotice(after: time) }
    let youngestLeaving = CivilDate(time).monthIndex - 12 * convention.ages.coverToYears
    // Months of birth before this one are past cover already; nobody of them can join.
    record.agedThrough = UInt16(clamping: youngestLeaving)
    conventions.append(
      ConventionRecord(
        hash: convention.hash, plan: UInt16(plans.count), version: UInt16(convention.version),
        length: UInt32(convention.bytes.count), firstPage: UInt32(conventionPages.count), since: time))
    var offset = 0
    while offset < convention.bytes.count {
      let end = min(offset + ConventionPage.byteCount, convention.bytes.count)
      conventionPages.append(ConventionPage(convention.bytes[offset..<end]))
      offset = end
    }
    plans.append(record)
    indexes.append(PlanIndex(convention: convention))
  }

  /// The convention in force in a plan.
  public func convention(of plan: UInt16) -> Convention { indexes[Int(plan)].convention }
}
