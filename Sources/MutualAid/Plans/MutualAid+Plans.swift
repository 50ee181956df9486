internal import Consortium
internal import FoundationEssentials
public import Ledger
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
    try requireOffices(custodian: wire.custodian, identity: wire.identity, consortium: consortium)
    open(convention, custodian: UInt16(wire.custodian), identity: UInt16(wire.identity), at: time)
  }

  /// Opens a plan; everything was checked.
  mutating func open(_ convention: Convention, custodian: UInt16, identity: UInt16, at time: Timestamp) {
    var record = PlanRecord()
    record.custodian = custodian
    record.identity = identity
    record.year = UInt16(CivilDate(time).year)
    if let calendar = convention.calendar { record.nextNotice = calendar.nextNotice(after: time) }
    let youngestLeaving = CivilDate(time).monthIndex - 12 * convention.ages.coverToYears
    // Months of birth before this one are past cover already; nobody of them can join.
    record.agedThrough = UInt16(clamping: youngestLeaving)
    record.convention = keep(convention, of: UInt16(plans.count), since: time)
    plans.append(record)
    indexes.append(PlanIndex(convention: convention, since: time))
  }

  /// The convention in force in a plan.
  public func convention(of plan: UInt16) -> Convention { indexes[Int(plan)].convention }

  /// The convention that was in force in a plan at a moment; its first for what came before.
  public func convention(of plan: UInt16, at time: Timestamp) -> Convention {
    indexes[Int(plan)].convention(at: time)
  }
}
