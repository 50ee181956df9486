internal import Consortium
internal import Contracts
internal import Hummingbird
internal import Ledger
internal import MutualAid
internal import Node
internal import TransparencyLog

extension API {
  /// Plans, notices, cases, settlements, organisations and proposals.
  func addPlans(to v1: RouterGroup<ServerContext>) {
    v1.get("plans") { request, _ in
      let view = try view(request)
      let plans = view.app.mutualAid.plans
      return try ListQuery(request).newestFirst(count: plans.count) { PlanModel($0, view) }.response(request)
    }
    v1.get("plans/{plan}") { request, context in
      let view = try view(request)
      let plan = try API.ordinal("plan", context, below: view.app.mutualAid.plans.count, "plan")
      return try JSONResponse.make(PlanModel(plan, view))
    }
    v1.get("notices") { request, _ in
      let aid = try view(request).app.mutualAid
      return try ListQuery(request).newestFirst(count: aid.notices.count) { NoticeModel($0, aid) }.response(request)
    }
    v1.get("cases") { request, _ in
      let aid = try view(request).app.mutualAid
      let plan = try API.filter("plan", request)
      return try ListQuery(request).newestFirst(
        count: aid.cases.count, where: { number in plan.map { Int(aid.cases[number].plan) == $0 } ?? true }
      ) { CaseModel($0, aid) }.response(request)
    }
    v1.get("cases/{case}") { request, context in
      let aid = try view(request).app.mutualAid
      let number = try API.ordinal("case", context, below: aid.cases.count, "case")
      return try JSONResponse.make(CaseModel(number, aid))
    }
    v1.get("settlements") { request, _ in
      let aid = try view(request).app.mutualAid
      let plan = try API.filter("plan", request)
      return try ListQuery(request).newestFirst(
        count: aid.settlements.count, where: { number in plan.map { Int(aid.settlements[number].plan) == $0 } ?? true }
      ) { SettlementModel($0, aid) }.response(request)
    }
    v1.get("settlements/{settlement}") { request, context in
      let aid = try view(request).app.mutualAid
      let number = try API.ordinal("settlement", context, below: aid.settlements.count, "settlement")
      return try JSONResponse.make(SettlementModel(number, aid))
    }
    v1.get("complaints") { request, _ in
      let view = try view(request)
      let aid = view.app.mutualAid
      return try ListQuery(request).newestFirst(count: aid.complaints.count) {
        ComplaintModel($0, aid, at: view.time)
      }.response(request)
    }
    v1.get("organisations") { request, _ in
      let consortium = try view(request).app.consortium
      let items = (0..<consortium.organisations.count).map { OrganisationModel($0, consortium) }
      return try ItemPage(items: items, next: nil).response(request)
    }
    v1.get("organisations/{organisation}") { request, context in
      let consortium = try view(request).app.consortium
      let number = try API.ordinal("organisation", context, below: consortium.organisations.count, "organisation")
      return try JSONResponse.make(OrganisationModel(number, consortium))
    }
    v1.get("proposals") { request, _ in
      let consortium = try view(request).app.consortium
      return try ListQuery(request).newestFirst(count: consortium.governance.proposals.count) {
        ProposalModel($0, consortium)
      }.response(request)
    }
  }

  /// An ordinal in the query, of four bytes as in the state; `nil` where it is not given.
  static func filter(_ name: String, _ request: Request) throws -> Int? {
    guard let text = try request.parameter(name) else { return nil }
    guard let number = Numbers.read(text, as: UInt32.self) else {
      throw Problem.badRequest("\(name) is a whole number from 0 to \(UInt32.max)")
    }
    return Int(number)
  }
}

/// A plan. Money is in yuan, as text with up to six decimals.
struct PlanModel: Encodable {
  struct Money: Encodable {
    let deposits, reversals, custodianDebt, contributions: String
    let balances, pending, rounding, reserve, suspense, payoutsDue, payoutsPaid, fees, refundsDue, refundsPaid: String
    let carried, recoveries, loss: String
    let moneyIn, moneyOut: String
  }

  let plan: Int
  let nameZh, nameEn: String
  let convention: String
  let conventionVersion: Int
  let custodian, identityAuthority: UInt16
  let members, live: UInt32
  let funded: Int
  let cumulativeShare: String
  let settlements, notices, noticesSettled: UInt32
  /// Whether it goes on: running, winding, closing or closed.
  let standing: String
  let coverEndedAt: UInt64?
  let money: Money
  let reserves: ReservesModel

  init(_ ordinal: Int, _ view: PublishedView) {
    let aid = view.app.mutualAid
    let record = aid.plans[ordinal]
    let convention = aid.convention(of: UInt16(ordinal))
    let balances = aid.balances(of: UInt16(ordinal))
    plan = ordinal
    nameZh = convention.nameZh
    nameEn = convention.nameEn
    self.convention = convention.key
    conventionVersion = convention.version
    custodian = record.custodian
    identityAuthority = record.identity
    members = record.members
    live = record.live
    funded = balances.members
    cumulativeShare = yuan(record.cumulative)
    settlements = record.settlements
    notices = record.notices
    noticesSettled = record.noticesDone
    standing = "\(record.standing)"
    coverEndedAt = record.windingSince == .zero ? nil : record.windingSince.seconds
    let kept = record.money
    money = Money(
      deposits: yuan(kept.deposits), reversals: yuan(kept.reversals), custodianDebt: yuan(kept.debt),
      contributions: yuan(kept.contributions), balances: yuan(Int64(clamping: balances.total)),
      pending: yuan(kept.pending), rounding: yuan(kept.rounding), reserve: yuan(kept.reserve),
      suspense: yuan(kept.suspense), payoutsDue: yuan(kept.payoutsDue), payoutsPaid: yuan(kept.payoutsPaid),
      fees: yuan(kept.fees), refundsDue: yuan(kept.refundsDue), refundsPaid: yuan(kept.refundsPaid),
      carried: yuan(kept.carried), recoveries: yuan(kept.recoveries), loss: yuan(kept.loss),
      moneyIn: yuan(Int64(clamping: kept.sources)),
      moneyOut: yuan(Int64(clamping: balances.total + kept.places)))
    reserves = ReservesModel(UInt16(ordinal), aid, at: view.time)
  }
}

/// A public notice.
struct NoticeModel: Encodable {
  let notice: Int
  let plan: UInt16
  let number, `case`: UInt32
  let publishedAt, endsAt, debitAt: UInt64
  /// Whether its case was contested or withdrawn before it was shared.
  let takenOut: Bool

  init(_ ordinal: Int, _ aid: MutualAid) {
    let record = aid.notices[ordinal]
    notice = ordinal
    plan = record.plan
    number = record.number
    `case` = record.caseOrdinal
    publishedAt = record.publishedAt.seconds
    endsAt = record.endsAt.seconds
    debitAt = record.debitAt.seconds
    takenOut = record.isTakenOut
  }
}

/// A case, as far as the chain knows it: no name, no disease in words, no hospital.
struct CaseModel: Encodable {
  let `case`: Int
  let plan: UInt16
  let status: String
  let diseaseClass: UInt8
  let membership: UInt32
  let diagnosedDay: UInt32
  let filedAt: UInt64
  let notice, settlement, jury: UInt32?
  /// Ordinal of the organisation that investigates.
  let investigator: UInt16?
  let objections: UInt16
  let aid, given, carried, paid: String
  let fastTrack: FastTrackModel?
  /// When the investigator reported, and until when two organisations have to agree.
  let reportedAt, decideBy: UInt64?
  /// Whether they did not, so that a jury decided.
  let undecided: Bool
  /// When the hospital registered the record that it names.
  let recordRegisteredAt: UInt64?

  init(_ ordinal: Int, _ aid: MutualAid) {
    let record = aid.cases[ordinal]
    let report = aid.report(on: UInt32(ordinal))
    reportedAt = report?.reportedAt.seconds
    decideBy = report?.decideBy.seconds
    undecided = report?.isUndecided ?? false
    recordRegisteredAt = aid.hospitalRecord(of: UInt32(ordinal))?.registeredAt.seconds
    `case` = ordinal
    plan = record.plan
    status = "\(record.status)"
    diseaseClass = record.diseaseClass
    membership = record.membership
    diagnosedDay = record.diagnosed
    filedAt = record.filedAt.seconds
    notice = record.notice == 0 ? nil : record.notice - 1
    settlement = record.settlement == 0 ? nil : record.settlement - 1
    jury = record.jury == 0 ? nil : record.jury - 1
    investigator = record.investigator == 0 ? nil : record.investigator - 1
    objections = record.objections
    self.aid = yuan(record.aid)
    given = yuan(record.given)
    carried = yuan(record.carriedAid)
    paid = yuan(record.paid)
    fastTrack = aid.fastTrack(of: record).map(FastTrackModel.init)
  }
}

/// Aid ahead of the investigation.
struct FastTrackModel: Encodable {
  let status: String
  let hospital: UInt16
  let insurer: UInt16?
  let amount, outstanding, recovered: String
  let certifiedAt: UInt64
  let countersignedAt, paidAt, endedAt: UInt64?

  init(_ record: FastTrackRecord) {
    func moment(_ time: Timestamp) -> UInt64? { time == .zero ? nil : time.seconds }
    status = "\(record.status)"
    hospital = record.hospital
    insurer = record.insurer == 0 ? nil : record.insurer - 1
    amount = yuan(record.amount)
    outstanding = yuan(record.outstanding)
    recovered = yuan(record.recovered)
    certifiedAt = record.certifiedAt.seconds
    countersignedAt = moment(record.countersignedAt)
    paidAt = moment(record.paidAt)
    endedAt = moment(record.endedAt)
  }
}

/// A settlement: everything from which anyone recomputes a member's share.
struct SettlementModel: Encodable {
  let settlement: Int
  let plan: UInt16
  let number: UInt32
  let time: UInt64
  let cases: UInt32
  let casesRoot: String
  let aid, fee, aidGiven, feeGiven, share, cumulative, collected, shortfall, fromReserve: String
  let roundingBefore, roundingAfter, carriedBefore, carriedAfter, lossBefore, lossAfter, returned: String
  let payersBefore, payersAfter: UInt32

  init(_ ordinal: Int, _ aid: MutualAid) {
    let record = aid.settlements[ordinal]
    settlement = ordinal
    plan = record.plan
    number = record.number
    time = record.time.seconds
    cases = record.cases
    casesRoot = record.casesRoot.description
    self.aid = yuan(record.aid)
    fee = yuan(record.fee)
    aidGiven = yuan(record.aidGiven)
    feeGiven = yuan(record.feeGiven)
    share = yuan(record.share)
    cumulative = yuan(record.cumulative)
    collected = yuan(record.collected)
    shortfall = yuan(record.shortfall)
    fromReserve = yuan(record.fromReserve)
    roundingBefore = yuan(record.roundingBefore)
    roundingAfter = yuan(record.roundingAfter)
    carriedBefore = yuan(record.carriedBefore)
    carriedAfter = yuan(record.carriedAfter)
    lossBefore = yuan(record.lossBefore)
    lossAfter = yuan(record.lossAfter)
    returned = yuan(record.returned)
    payersBefore = record.payersBefore
    payersAfter = record.payersAfter
  }
}

/// An organisation of the consortium.
struct OrganisationModel: Encodable {
  struct Keys: Encodable {
    let vote, cosign, log: String
  }

  let organisation: Int
  let name: String
  let roles: [String]
  let endorsingKeys: Keys?
  let standing: String

  init(_ ordinal: Int, _ consortium: Consortium) {
    let record = consortium.organisations[ordinal]
    organisation = ordinal
    name = record.name.string
    standing = "\(record.standing)"
    roles = Role.names.filter { record.roles.contains($0.0) }.map(\.1)
    endorsingKeys =
      record.isEndorser
      ? Keys(vote: record.voteKey.description, cosign: record.cosignKey.description, log: record.logKey.description)
      : nil
  }
}

/// Millionths of a yuan as yuan.
func yuan(_ micro: Int64) -> String { Amount(micro: micro).description }
