import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Random histories on the contract and on a ledger that changes every balance by hand.
@Suite struct SettlementPropertyTests {
  @Test func sharesAreThoseOfALedgerThatChangesEveryBalance() throws {
    var settled = 0
    var shortfalls = 0
    var waited = 0
    for seed in UInt64(1)...600 {
      var history = try RandomHistory(seed: seed)
      try history.run(days: 120)
      settled += history.settled
      shortfalls += history.shortfalls
      waited += history.waited
    }
    // The histories are worth something only if these happened often.
    #expect(settled > 3000 && shortfalls > 300 && waited > 1000, "\(settled) \(shortfalls) \(waited)")
  }

  @Test func threeHundredThousandOverFiveMillionIsSixFen() throws {
    var field = try SettlementField(feePartsPerMillion: 0)
    for index in 0..<5_000_000 { try field.enrol(index, balance: Amount(yuan: 10)) }
    field.addCase(aid: try Amount(yuan: 300_000))
    field.settle()
    #expect(field.sums.share == 60_000)
    #expect(field.sums.collected == field.sums.needed)
    #expect(Amount(micro: field.sums.share).description == "0.06")
  }

  @Test func everyoneRunsDryAtOnceWithDistinctBalances() throws {
    var field = try SettlementField(feePartsPerMillion: 80_000)
    for index in 1...1000 { try field.enrol(index - 1, balance: Amount(micro: Int64(index))) }
    field.addCase(aid: try Amount(yuan: 1))
    field.settle()
    #expect(field.sums.share == 1000)
    #expect(field.sums.collected == 500_500)
    #expect(field.sums.payers == 0)
    #expect(field.sums.shortfall == 1_080_000 - 500_500)
    field.addCase(aid: try Amount(yuan: 1))
    field.settle()
    #expect(field.sums.share == 1000, "nobody is left to pay")
  }
}

/// One seeded history: rules drawn at random, then days of deposits, cases, leavers, reversals and time.
struct RandomHistory {
  private let seed: UInt64
  private var generator: SeededGenerator
  private var state = MutualAid()
  private var slow: SlowLedger
  private let convention: Convention
  private var deposited: [Int64] = []
  private(set) var settled = 0
  private(set) var shortfalls = 0
  private(set) var waited = 0
  private let firstDay: Int64 = 20_100

  init(seed: UInt64) throws {
    self.seed = seed
    generator = SeededGenerator(seed: seed)
    var rules = SlowLedger.Rules()
    rules.payersAtNotice = seed % 2 == 0
    rules.feePartsPerMillion = seed % 3 == 0 ? 80_000 : 0
    rules.perCase = seed % 4 == 0 ? 2_000_003 : 0
    rules.perPeriod = seed % 8 == 2 ? 3_000_000 : 0
    rules.perYear = seed % 5 == 0 ? 15_000_000 : 0
    rules.beyond = [Convention.Beyond.proRata, .carry, .reserve][Int(seed % 3)]
    rules.graceDays = seed % 7 < 4 ? 10 : 0
    rules.endsAfterAid = seed % 11 < 4
    slow = SlowLedger(rules: rules)
    convention = try RandomHistory.convention(rules)
    state.open(convention, custodian: 0, identity: 0, at: time(0))
    slow.year = CivilDate(time(0)).year
  }

  private func time(_ day: Int64) -> Timestamp {
    CivilDate.midnight(dayNumber: UInt32(firstDay + day)).adding(seconds: 60)
  }

  private static func convention(_ rules: SlowLedger.Rules) throws -> Convention {
    var wire = WireConvention()
    wire.format = Convention.format
    wire.key = "random"
    wire.version = 1
    wire.nameZh = "随机"
    wire.nameEn = "Random"
    wire.ages.joinFromDays = 28
    wire.ages.joinToYears = 100
    wire.ages.coverToYears = 110
    wire.firstDeposit = Amount.microPerFen
    wire.lowBalance = Amount.microPerFen
    wire.waitingDays = 1
    var one = WireDiseaseClass()
    one.id = 1
    one.key = "any"
    one.nameZh = "某"
    one.nameEn = "Any"
    one.icd10 = ["C00"]
    wire.classes = [one]
    var aid = WireAid()
    aid.diseaseClass = 1
    aid.toYears = 109
    aid.amount = Amount.microPerYuan
    wire.aid = [aid]
    wire.feePpm = UInt32(rules.feePartsPerMillion)
    wire.caps = WireCaps()
    wire.caps.perCase = rules.perCase
    wire.caps.perPeriod = rules.perPeriod
    wire.caps.perYear = rules.perYear
    if rules.payersAtNotice {
      wire.payers = .atNotice
      wire.calendar.noticeDays = [7, 21]
      wire.calendar.debitDays = [14, 28]
    } else {
      wire.payers = .atSettlement
      wire.noticeDays = 5
    }
    switch rules.beyond {
    case .proRata: wire.beyond = .proRata
    case .carry: wire.beyond = .carry
    case .reserve: wire.beyond = .reserve
    }
    wire.graceDays = UInt32(rules.graceDays)
    wire.endsAfterAid = rules.endsAfterAid
    wire.filingDays = 180
    wire.contest = .usual
    wire.windDown = .usual
    return try Convention(wire)
  }

  mutating func run(days: Int64) throws {
    for day in 1...days {
      runDue(day)
      for _ in 0..<below(6) { act(day) }
      try compare(day)
    }
  }

  private mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  // MARK: Time

  private mutating func runDue(_ day: Int64) {
    // The contract runs its steps one by one; the slow ledger follows each settlement it sees.
    while true {
      let before = state.settlements.count
      let openBefore = state.indexes[0].openNotices
      guard state.runDueStep(at: time(day)) else { break }
      guard state.settlements.count > before else {
        slow.runQueue(day: day, mayRun: !state.mustHold)
        continue
      }
      let group = openBefore.prefix(openBefore.count - state.indexes[0].openNotices.count)
      let numbers = group.map { Int(state.notices[Int($0)].caseOrdinal) }
      slow.settle(numbers, day: day, year: CivilDate(time(day)).year)
      slow.noticesDone += group.count
      settled += 1
      if slow.lastShortfall > 0 { shortfalls += 1 }
      let record = state.settlements[before]
      #expect(record.share == slow.lastShare, "seed \(seed) day \(day)")
      #expect(record.shortfall == slow.lastShortfall, "seed \(seed) day \(day)")
      guard slow.rules.endsAfterAid else { continue }
      for number in numbers where !slow.members[slow.cases[number].member].isEnded {
        if slow.queue.isEmpty || !slow.rules.payersAtNotice {
          slow.end(slow.cases[number].member)
        } else {
          slow.queue.append((.end(slow.cases[number].member), Int(state.plans[0].notices)))
        }
      }
    }
  }

  // MARK: What people do

  private mutating func act(_ day: Int64) {
    switch below(20) {
    case 0...3: join(day)
    case 4...11: deposit(day)
    case 12...14: fallIll(day)
    case 15: leave(day)
    case 16: reverse(day)
    case 17:
      state.plans.update(0) {
        $0.money.contributions += 1_000_000
        $0.money.reserve += 1_000_000
      }
      slow.reserve += 1_000_000
    default: break
    }
  }

  private mutating func join(_ day: Int64) {
    let index = slow.members.count
    let nullifier = Hash.sha256(Array("\(seed) \(index)".utf8))
    guard let owner = Address(nullifier.bytes.prefix(20)) else { return }
    state.enrol(
      Attestation(
        plan: 0, birthMonth: 23_900, owner: owner, earliestJoin: .zero, expiry: .max, nullifier: nullifier),
      commitment: nullifier, at: time(day))
    slow.members.append(SlowLedger.Member())
    deposited.append(0)
  }

  private mutating func deposit(_ day: Int64) {
    guard !slow.members.isEmpty else { return }
    let index = below(slow.members.count)
    let amount = Int64(1 + below(300)) * 50_000
    let mustWait = state.mustQueue(0)
    let queued = state.queue.count
    state.plans.update(0) { $0.money.deposits += amount }
    _ = state.credit(plan: 0, membership: UInt32(index), amount: amount, deposit: 1, at: time(day))
    waited += state.queue.count - queued
    slow.credit(index, amount, day: day, mustWait: mustWait, notices: Int(state.plans[0].notices))
    deposited[index] += amount
  }

  private mutating func fallIll(_ day: Int64) {
    guard !slow.members.isEmpty else { return }
    let index = below(slow.members.count)
    guard state.memberships[index].openCase == 0, !slow.members[index].isEnded else { return }
    let aid = Int64(1 + below(40)) * 333_337
    let number = UInt32(state.cases.count)
    var record = CaseRecord(
      plan: 0, diseaseClass: 1, membership: UInt32(index), diagnosed: 0, filedAt: time(day), aid: aid,
      documents: .zero)
    record.status = .confirmed
    state.cases.append(record)
    state.indexes[0].openCases += 1
    slow.cases.append(SlowLedger.Case(member: index, aid: aid))
    if convention.calendar == nil {
      let ends = time(day).adding(days: UInt64(convention.noticeDays))
      state.notice(number, publishedAt: time(day), endsAt: ends, debitAt: ends)
    } else {
      state.indexes[0].awaitNotice(number)
    }
  }

  private mutating func leave(_ day: Int64) {
    guard !slow.members.isEmpty else { return }
    let index = below(slow.members.count)
    guard state.memberships[index].status == .active else { return }
    var wire = WireLeave()
    wire.membership = UInt32(index)
    let waits = state.mustQueue(0) || !state.indexes[0].openNotices.isEmpty
    try? state.leave(wire, sender: state.memberships[index].owner, at: time(day))
    if waits {
      waited += 1
      slow.members[index].isLeaving = true
      slow.queue.append((.end(index), Int(state.plans[0].notices)))
    } else {
      slow.end(index)
    }
  }

  private mutating func reverse(_ day: Int64) {
    guard !slow.members.isEmpty else { return }
    let index = below(slow.members.count)
    // A grace period after a reversal is counted from the last settlement; those are tested elsewhere.
    guard deposited[index] > 0, slow.rules.graceDays == 0 else { return }
    let amount = min(deposited[index], Int64(1 + below(100)) * 50_000)
    deposited[index] -= amount
    if state.mustQueue(0) {
      state.plans.update(0) { $0.reversing += amount }
      state.enqueue(.reversal, plan: 0, membership: UInt32(index), amount: amount, at: time(day))
      slow.queue.append((.reversal(index, amount), Int(state.plans[0].notices)))
    } else {
      state.reverse(UInt32(index), amount: amount, deposit: 0, at: time(day))
      slow.reverse(index, amount, day: day)
    }
  }

  // MARK: Comparing

  private func compare(_ day: Int64) throws {
    let place: Comment = "seed \(seed) day \(day)"
    try state.checkMoney()
    try state.recount()
    let plan = state.plans[0]
    #expect(plan.cumulative == slow.paidByWhoNeverRanOut, place)
    #expect(state.balances(of: 0).members == slow.payers, place)
    #expect(plan.money.rounding == slow.rounding, place)
    #expect(plan.money.reserve == slow.reserve, place)
    #expect(plan.money.suspense == slow.suspense, place)
    #expect(plan.money.pending == slow.pending, place)
    #expect(plan.money.fees == slow.fees, place)
    #expect(plan.money.debt == slow.debt, place)
    #expect(plan.money.refundsDue == slow.refunds, place)
    #expect(plan.money.carried == slow.carried, place)
    for index in slow.members.indices {
      #expect(
        state.memberships[index].balance(cumulative: plan.cumulative) == slow.members[index].balance,
        "\(place) \(index)")
    }
    for index in slow.cases.indices {
      #expect(state.cases[index].given == slow.cases[index].given, "\(place) \(index)")
    }
  }
}

extension MutualAid {
  /// Between a cut-off and its debit, where payers are counted at notice.
  fileprivate var mustHold: Bool {
    indexes[0].convention.countsPayersAtNotice && plans[0].nextDebit != .zero
  }
}
