internal import Consortium
internal import FoundationEssentials
public import Ledger
internal import TransparencyLog

/// One plan whose members and cases somebody makes up, for forecasts: the contract's own rules, schedule and
/// settlement, without signatures, attestations or an investigation.
///
/// What a member or the custodian does here takes the same code as on a chain, with the same refusals. Left out is who
/// may do it: a case is found covered at once, since a forecast asks what aid costs and not who examines it. No log
/// gives this state.
public struct ModelPlan: Sendable {
  private var state = MutualAid()
  private var unpaid: [UInt32] = []

  /// The model's block time; it never goes back.
  public private(set) var now: Timestamp

  /// A plan that opens at a moment.
  public init(_ convention: Convention, opening: Timestamp) {
    now = opening
    state.open(convention, custodian: 0, identity: 0, at: opening)
  }

  /// The plan.
  public var plan: PlanRecord { state.plans[0] }
  /// A membership; an ordinal that ``enrol(birthMonth:)`` gave.
  public func membership(_ ordinal: UInt32) -> MembershipRecord { state.memberships[Int(ordinal)] }
  /// Cases ever taken up.
  public var caseCount: Int { state.cases.count }
  /// A case, by its ordinal.
  public func caseRecord(_ ordinal: UInt32) -> CaseRecord { state.cases[Int(ordinal)] }
  /// Settlements ever made.
  public var settlementCount: Int { state.settlements.count }
  /// A settlement, by its ordinal.
  public func settlement(_ ordinal: Int) -> SettlementRecord { state.settlements[ordinal] }
  /// Members with a balance, and the sum of their balances in millionths of a yuan.
  public var funded: (count: Int, balances: Int64) {
    let total = state.indexes[0].exhaustion.total(above: plan.cumulative)
    return (total.count, Int64(clamping: total.sum))
  }

  /// Moves the clock on: every step that the rules run by themselves runs at its own time, and what is due is paid out.
  public mutating func advance(to time: Timestamp) {
    while let due = state.nextDue, due <= time {
      now = max(now, due)
      guard state.runDueStep(at: now) else { break }
    }
    now = max(now, time)
    payOut()
  }

  /// Enrols a person of her own, born in a month (year × 12 + month − 1); cover begins with the first deposit.
  ///
  /// - Throws: `membership.too_young`, `membership.too_old`.
  public mutating func enrol(birthMonth: UInt16) throws(LedgerError) -> UInt32 {
    let ages = state.indexes[0].convention.ages
    let earliest = CivilDate.midnight(month: Int(birthMonth)).adding(days: UInt64(ages.joinFromDays))
    let ordinal = UInt32(state.memberships.count)
    let seed = withUnsafeBytes(of: UInt64(ordinal).bigEndian) { Hash.sha256(Array($0)) }
    guard let owner = Address(seed.bytes.prefix(Address.byteCount)) else {
      throw LedgerError(.badAddress, "twenty bytes make an address")
    }
    let row = Attestation(
      plan: 0, birthMonth: birthMonth, owner: owner, earliestJoin: earliest, expiry: .max, nullifier: seed)
    try state.requireMayJoin(row, at: now)
    state.enrol(row, commitment: seed, at: now)
    return ordinal
  }

  /// A payment that the custodian reports, in whole fen.
  ///
  /// - Returns: what became of it, as on a chain: credited, waiting for a debit, suspended.
  /// - Throws: `deposit.invalid_amount`, `amount.overflow`.
  @discardableResult
  public mutating func deposit(_ amount: Amount, membership: UInt32) throws(LedgerError) -> ErrorCode {
    guard (1...Deposit.maximumAmount).contains(amount.micro), amount.micro % Amount.microPerFen == 0 else {
      throw LedgerError(.badDeposit, "a deposit is a positive number of whole fen, at most 100,000 yuan")
    }
    guard plan.money.accepts(amount.micro) else { throw LedgerError(.overflow, "the plan has taken in all it may") }
    let number = plan.nextDeposit
    state.plans.update(0) { record in
      record.money.deposits += amount.micro
      record.nextDeposit += 1
    }
    return state.credit(plan: 0, membership: membership, amount: amount.micro, deposit: number, at: now)
  }

  /// The owner leaves; the refusals are those of the contract.
  public mutating func leave(_ membership: UInt32) throws(LedgerError) {
    var wire = WireLeave()
    wire.membership = membership
    try state.leave(wire, sender: state.memberships[Int(membership)].owner, at: now)
  }

  /// Files a case with a diagnosis of today, which is found covered at once; its notice and settlement follow the
  /// convention.
  ///
  /// - Throws: what the contract refuses a case with, such as `case.waiting_period`, `case.not_funded`.
  @discardableResult
  public mutating func takeUp(_ membership: UInt32, diseaseClass: UInt8) throws(LedgerError) -> UInt32 {
    var wire = WireFileCase()
    wire.membership = membership
    wire.diseaseClass = UInt32(diseaseClass)
    wire.diagnosed = UInt32(clamping: CivilDate(now).dayNumber)
    wire.documents = Data(Hash.sha256([]).bytes)
    let number = UInt32(state.cases.count)
    try state.fileCase(wire, membership: membership, at: now)
    state.move(Int(number), .assign)
    state.move(Int(number), .report)
    state.confirm(Int(number), .approve)
    if state.indexes[0].convention.calendar == nil {
      var notice = WirePublishNotice()
      notice.case = number
      try state.publishNotice(notice, at: now)
    }
    unpaid.append(number)
    return number
  }

  /// Pays every case what it was given, so that those whose money is out do not stay open.
  private mutating func payOut() {
    var open: [UInt32] = []
    for number in unpaid {
      let record = state.cases[Int(number)]
      let payable = Amount(micro: record.given - record.paid).wholeFen.fen.micro
      if record.status == .settled, payable > 0 {
        var wire = WireConfirmPayout()
        wire.case = number
        wire.amount = payable
        wire.reference = Data(Hash.sha256([]).bytes)
        // It is due, in whole fen, and no pause was ever set.
        try? state.confirmPayout(wire, at: now)
      }
      if state.cases[Int(number)].status != .paid { open.append(number) }
    }
    unpaid = open
  }
}

extension ModelPlan {
  /// Whether the plan's money obeys its equation (``PlanMoney``).
  public var isBalanced: Bool { plan.money.sources == plan.money.places + Int128(funded.balances) }
}
