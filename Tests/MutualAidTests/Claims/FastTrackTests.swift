import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// What becomes of aid that was advanced. Aid is 1,000 yuan, of which 300 are advanced out of a reserve of 1,000; four
/// members have 100 yuan each.
@Suite struct FastTrackTests {
  private let yuan = Amount.microPerYuan

  private func track(_ village: Village) -> FastTrackRecord { village.chain.state.fastTracks[0] }

  private func money(_ village: Village) -> PlanMoney { village.chain.state.plans[0].money }

  @Test("an advance is due at once, and what members share refills the reserve first")
  func upheld() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    #expect(money(village).reserve == 700 * yuan && money(village).payoutsDue == 300 * yuan)
    try village.paid(number)
    #expect(track(village).status == .advanced && !track(village).isLate(at: village.chain.nextTime))
    try village.examined(number, approve: true)
    try village.succeed(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
    village.chain.advance(days: 3)
    try village.chain.block()
    let state = village.chain.state
    // 400 yuan came together: 300 went back to the reserve, and the member has 400 in all.
    #expect(state.cases[0].given == 400 * yuan && state.cases[0].paid == 300 * yuan)
    #expect(money(village).reserve == 1000 * yuan && money(village).payoutsDue == 100 * yuan)
    #expect(track(village).status == .upheld && track(village).outstanding == 0)
    #expect(state.settlements[0].returned == 300 * yuan)
    try state.recount()
  }

  @Test("a payment after more than two hours is late for ever")
  func late() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    village.chain.advance(seconds: FastTrackRecord.paymentSeconds + 1)
    try village.chain.block()
    #expect(track(village).isLate(at: village.chain.nextTime))
    try village.paid(number)
    village.chain.advance(days: 9)
    #expect(track(village).isLate(at: village.chain.nextTime))
  }

  @Test("an advance that comes back before the case is decided is due again")
  func returned() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    try village.paid(number)
    try village.succeed(
      MutualAid.returnPayout(caseOrdinal: number, amount: Amount(yuan: 300), reference: .reference),
      by: village.officer(.custodian))
    #expect(village.chain.state.cases[0].status == .filed && money(village).payoutsDue == 300 * yuan)
    try village.chain.state.recount()
  }

  @Test("a refusal before the payout leaves nothing owed and the reserve whole")
  func overturnedBeforePayment() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    try village.examined(number, approve: false)
    #expect(track(village).status == .overturned && track(village).outstanding == 0)
    #expect(money(village).reserve == 1000 * yuan && money(village).payoutsDue == 0 && money(village).loss == 0)
    try village.chain.state.recount()
  }

  @Test("a lost advance is shared by the next settlement, after its cases, and what comes back later lessens shares")
  func sharedLoss() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    try village.paid(number)
    try village.examined(number, approve: false)
    #expect(money(village).loss == 300 * yuan)
    // 100 come back at once: so much less is shared.
    try village.succeed(
      MutualAid.recover(caseOrdinal: number, amount: Amount(yuan: 100), reference: .reference),
      by: village.officer(.custodian))
    #expect(money(village).loss == 200 * yuan && money(village).reserve == 800 * yuan)
    // Rich enough for a case of 1,000 yuan and the loss.
    try village.chain.deposit([(0, 900), (1, 900), (2, 900), (Village.child, 900)], plan: 0)
    _ = try village.settled(1)
    let settlement = village.chain.state.settlements[0]
    #expect(settlement.lossBefore == 200 * yuan && settlement.lossAfter == 0)
    #expect(settlement.collected == 1200 * yuan && settlement.share == 300 * yuan)
    #expect(money(village).reserve == 1000 * yuan)
    // The rest comes back when members have paid it: it goes into their next share.
    try village.succeed(
      MutualAid.recover(caseOrdinal: number, amount: Amount(yuan: 200), reference: .reference),
      by: village.officer(.custodian))
    #expect(money(village).rounding == 200 * yuan && money(village).recoveries == 300 * yuan)
    #expect(track(village).recovered == 300 * yuan && track(village).outstanding == 0)
    try village.chain.state.recount()
  }

  @Test("an appeal that is won lets the advance stand again")
  func restored() throws {
    var village = try Village.fresh()
    try village.ready()
    let number = try village.advanced(0)
    try village.paid(number)
    try village.examined(number, approve: false)
    try village.succeed(MutualAid.appeal(caseOrdinal: number, evidence: .reference), by: village.owner(of: 0))
    try village.draw(0)
    try village.judge(approve: true)
    #expect(track(village).status == .advanced && track(village).outstanding == 300 * yuan)
    #expect(money(village).loss == 0)
    try village.succeed(MutualAid.publishNotice(caseOrdinal: number), by: village.officer(.platform))
    village.chain.advance(days: 3)
    try village.chain.block()
    #expect(track(village).status == .upheld)
    #expect(village.chain.state.cases[0].given == 400 * yuan && money(village).reserve == 1000 * yuan)
    try village.chain.state.recount()
  }

  @Test("who takes back a case after the advance owes it")
  func withdrawn() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    try village.paid(number)
    try village.succeed(MutualAid.withdrawCase(number), by: village.owner(of: 0))
    #expect(track(village).status == .overturned && track(village).outstanding == 300 * yuan)
    try village.chain.state.recount()
  }

  @Test("a colluding hospital and insurer get no more than the limits, and after one lie nothing")
  func colluding() throws {
    var village = try Village.fresh()
    try village.sponsored(yuan: 100_000)
    var advanced: Int64 = 0
    for day in 0..<40 {
      for membership: UInt32 in [0, 1, 2] where village.chain.state.memberships[Int(membership)].openCase == 0 {
        let number = try village.filed(membership)
        let steps = [
          (try MutualAid.certifyDiagnosis(caseOrdinal: number, diagnosis: .reference), village.officer(.hospital)),
          (try MutualAid.countersign(caseOrdinal: number), village.officer(.insurer)),
        ]
        for (action, key) in steps { _ = try village.chain.perform(action, by: key) }
      }
      if day == 30 { try village.examined(0, approve: false) }
      village.chain.advance(days: 1)
      try village.chain.block()
      let tracks = village.chain.state.fastTracks
      advanced = (0..<tracks.count).reduce(0) { $0 + tracks[$1].amount }
    }
    #expect(advanced == 300 * yuan)
    try village.chain.state.recount()
  }

  @Test("a snapshot knows the same advances")
  func image() throws {
    var village = try Village.fresh()
    let number = try village.advanced(0)
    try village.examined(number, approve: false)
    var state = village.chain.state
    let images = state.images()
    let restored = try MutualAid(image: StateImage(images))
    #expect(restored.hospitals == state.hospitals)
  }
}
