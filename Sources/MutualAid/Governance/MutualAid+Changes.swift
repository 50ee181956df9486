public import Consortium
internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf

extension MutualAid {
  /// Whether a proposed change can be made, as far as it concerns plans. Changes of organisations do where one would
  /// leave that acts for a plan.
  ///
  /// - Throws: `plan.unknown`, `plan.convention_known`, `plan.unfit_organisation`, `plan.organisation_in_office`,
  ///   `convention.not_the_next`, `convention.other_payers`, `plan.winding_down` and the codes of a convention that
  ///   may not be.
  public func check(_ change: Change, consortium: Consortium) throws(LedgerError) {
    switch change {
    case .convention(let content): _ = try next(content)
    case .offices(let content): _ = try offices(content, consortium: consortium)
    case .windDown(let content): try requireRunning(try ending(content))
    case .removeOrganisation(let ordinal):
      for plan in 0..<plans.count where [plans[plan].custodian, plans[plan].identity].contains(ordinal) {
        throw LedgerError(.organisationInOffice, "it acts for plan \(plan)")
      }
    default: break
    }
  }

  /// Makes a change that was carried and whose timelock is over; when it throws, nothing has changed.
  public mutating func carryOut(_ change: Change, consortium: Consortium, at time: Timestamp) throws(LedgerError) {
    try check(change, consortium: consortium)
    switch change {
    case .convention(let content):
      let (plan, convention) = try next(content)
      bind(convention, to: plan, at: time)
    case .offices(let content):
      let (plan, custodian, identity) = try offices(content, consortium: consortium)
      plans.update(Int(plan)) { record in
        record.custodian = custodian
        record.identity = identity
      }
    case .windDown(let content): windDown(try ending(content), at: time)
    default: break
    }
  }

  /// The change by which a plan is wound down.
  public static func windDown(of plan: UInt16) throws(LedgerError) -> Change {
    var wire = WireWindDownPlan()
    wire.plan = UInt32(plan)
    return .windDown(try encodedBytes(of: wire))
  }

  private func ending(_ content: [UInt8]) throws(LedgerError) -> UInt16 {
    try plan(try Self.decode(content, as: WireWindDownPlan.self).plan)
  }

  /// The change by which a plan gets its next convention.
  public static func change(convention: Convention, of plan: UInt16) throws(LedgerError) -> Change {
    var wire = WireChangeConvention()
    wire.plan = UInt32(plan)
    wire.convention = Data(convention.bytes)
    return .convention(try encodedBytes(of: wire))
  }

  /// The change by which other organisations act for a plan.
  public static func change(
    officesOf plan: UInt16, custodian: UInt16, identity: UInt16
  ) throws(LedgerError) -> Change {
    var wire = WireChangeOffices()
    wire.plan = UInt32(plan)
    wire.custodian = UInt32(custodian)
    wire.identity = UInt32(identity)
    return .offices(try encodedBytes(of: wire))
  }

  /// The plan and convention that a change names; `nil` for what does not read.
  public static func convention(changedBy content: [UInt8]) -> (plan: UInt32, convention: Convention)? {
    guard let wire = try? WireChangeConvention(serializedBytes: content),
      let convention = try? Convention(decoding: Array(wire.convention))
    else { return nil }
    return (wire.plan, convention)
  }

  /// A plan's next convention: the same key, a later version, and payers counted as before.
  private func next(_ content: [UInt8]) throws(LedgerError) -> (plan: UInt16, convention: Convention) {
    let wire: WireChangeConvention = try Self.decode(content)
    let plan = try plan(wire.plan)
    let convention = try Convention(decoding: Array(wire.convention))
    let present = indexes[Int(plan)].convention
    try requireRunning(plan)
    guard conventions.count < Int(UInt16.max) else { throw LedgerError(.tooManyPlans, "no room for a convention") }
    for ordinal in 0..<conventions.count where conventions[ordinal].hash == convention.hash {
      throw LedgerError(.conventionKnown, "this convention stands on the chain")
    }
    guard convention.key == present.key, convention.version > present.version else {
      throw LedgerError(.notTheNext, "version \(present.version) of \(present.key) is in force")
    }
    // Cases noticed by one way of counting payers could not be shared by the other.
    guard convention.payers == present.payers, (convention.calendar == nil) == (present.calendar == nil) else {
      throw LedgerError(.otherPayers, "a plan keeps its way of counting payers, and its calendar or none")
    }
    return (plan, convention)
  }

  private func offices(
    _ content: [UInt8], consortium: Consortium
  ) throws(LedgerError) -> (plan: UInt16, custodian: UInt16, identity: UInt16) {
    let wire: WireChangeOffices = try Self.decode(content)
    let plan = try plan(wire.plan)
    try requireOffices(custodian: wire.custodian, identity: wire.identity, consortium: consortium)
    return (plan, UInt16(wire.custodian), UInt16(wire.identity))
  }

  /// Whether organisations can act for a plan.
  func requireOffices(custodian: UInt32, identity: UInt32, consortium: Consortium) throws(LedgerError) {
    guard try consortium.roles(of: custodian).contains(.custodian) else {
      throw LedgerError(.unfitOrganisation, "organisation \(custodian) is no custodian")
    }
    guard try consortium.roles(of: identity).contains(.identity) else {
      throw LedgerError(.unfitOrganisation, "organisation \(identity) is no identity authority")
    }
  }

  /// Puts a plan's next convention into force.
  private mutating func bind(_ convention: Convention, to plan: UInt16, at time: Timestamp) {
    let ordinal = keep(convention, of: plan, since: time)
    plans.update(Int(plan)) { record in
      record.convention = ordinal
      if let calendar = convention.calendar {
        // The debit that runs keeps its day; the next notice comes after it.
        record.nextNotice = calendar.nextNotice(after: max(time, record.nextDebit))
      }
      // Where cover lasts longer now, months of birth that were dealt with may come again for who joins later.
      let reached = UInt16(clamping: CivilDate(time).monthIndex - 12 * convention.ages.coverToYears)
      if reached < record.agedThrough {
        record.agedThrough = reached
        record.agedCursor = 0
      }
    }
    indexes[Int(plan)].bind(convention, since: time)
  }

  /// Puts a convention's text into the tables; its ordinal.
  mutating func keep(_ convention: Convention, of plan: UInt16, since: Timestamp) -> UInt16 {
    let ordinal = UInt16(conventions.count)
    conventions.append(
      ConventionRecord(
        hash: convention.hash, plan: plan, version: UInt16(convention.version),
        length: UInt32(convention.bytes.count), firstPage: UInt32(conventionPages.count), since: since))
    conventionPages.append(text: convention.bytes)
    return ordinal
  }
}

extension MutualAid {
  /// Until when a plan is paused in one respect; `nil` while it is not.
  public func pausedUntil(_ scope: PauseScope, plan: UInt16, at time: Timestamp) -> Timestamp? {
    guard let pause = pause(scope, plan: plan), time < pause.until else { return nil }
    return pause.until
  }

  /// The last pause of a plan in one respect, running or over. What was due when it began, and is still to be done,
  /// waits for its end.
  func pause(_ scope: PauseScope, plan: UInt16) -> Pause? {
    if pauses.isEmpty { return nil }
    return pauses.first { $0.scope == scope && $0.plan == plan }
  }
}
