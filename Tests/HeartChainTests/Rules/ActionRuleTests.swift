import Consortium
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Every rule of the actions that are no rows.
@Suite struct ActionRuleTests {
  /// A village with a project, a partner, person 1 with 5,000 hearts, and gift 1 of 300 hearts that waits for code 1.
  static func village() throws -> Village {
    var village = try Village()
    let now = village.time
    _ = try village.openProject(.food)
    let code = try Village.code(1).publicKey.address.key
    let waiting = try TraceEvent.gift(.rice, 300, project: 0, at: now).with {
      $0.reason = GiftBinding.claim.rawValue
      $0.party = code
    }
    let rice = try TraceEvent.gift(.rice, 5000, project: 0, at: now, from: 1)
    #expect(try village.tell(.food, [rice, waiting]) == [.success, .success])
    let partner = try village.perform(
      Hearts.registerPartner(account: Village.person(50).publicKey.address, description: .label("shop", 1)),
      by: Village.officer(.platform))
    #expect(partner.code == .success)
    return village
  }

  static func spend(_ hearts: Int64, partner: UInt32 = 0, receipt: UInt64 = 1) throws -> Action {
    try Hearts.spend(hearts: hearts, at: partner, purpose: 1, receipt: .label("receipt", receipt))
  }

  @Test func heartsAreSpentWithThePartnersSignatureAndGivenToProjects() throws {
    var village = try ActionRuleTests.village()
    let (giver, shop) = (try Village.person(1), try Village.person(50))
    let address = giver.publicKey.address
    let index = village.hearts.loveIndex(of: address, at: village.time)
    #expect(index == 5)
    #expect(try village.perform(ActionRuleTests.spend(1000), by: giver).code == .notThePartner)
    #expect(try village.perform(ActionRuleTests.spend(1000), by: giver, with: [shop]).code == .success)
    #expect(try village.perform(ActionRuleTests.spend(10), by: giver, with: [shop]).code == .exhibitUsed)
    #expect(try village.perform(ActionRuleTests.spend(0, receipt: 2), by: giver, with: [shop]).code == .badHearts)
    #expect(try village.perform(ActionRuleTests.spend(4001, receipt: 2), by: giver, with: [shop]).code == .tooFewHearts)
    #expect(
      try village.perform(ActionRuleTests.spend(1, partner: 9, receipt: 2), by: giver, with: [shop]).code
        == .unknownPartner)
    #expect(try village.perform(Hearts.give(hearts: 500, to: 0), by: giver).code == .success)
    #expect(try village.perform(Hearts.give(hearts: -5, to: 0), by: giver).code == .badHearts)
    #expect(try village.perform(Hearts.give(hearts: 5, to: 3), by: giver).code == .unknownProject)
    // A registered sender without hearts gets a clear answer; a stranger is not let in.
    let food = try Village.officer(.food)
    #expect(try village.perform(Hearts.give(hearts: 5, to: 0), by: food).code == .unknownGiver)
    #expect(try village.perform(Hearts.give(hearts: 5, to: 0), by: Village.person(9)).code == .unknownSender)
    let record = try #require(village.hearts.giver(address))
    #expect((record.held, record.spent, record.given) == (3500, 1000, 500))
    #expect(village.hearts.loveIndex(of: address, at: village.time) == index)
    #expect(village.hearts.partners[0].hearts == 1000)
    #expect(village.hearts.projects[0].hearts == 500)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func aWaitingGiftGoesToWhoeverHasTheCodesKey() throws {
    var village = try ActionRuleTests.village()
    let (finder, code) = (try Village.person(7), try Village.code(1))
    #expect(village.hearts.totals.waiting == 300)
    #expect(try village.perform(Hearts.redeem(gift: 1), by: finder).code == .wrongClaim)
    #expect(try village.perform(Hearts.redeem(gift: 1), by: finder, with: [Village.code(2)]).code == .wrongClaim)
    #expect(try village.perform(Hearts.redeem(gift: 0), by: finder, with: [code]).code == .giftNotWaiting)
    #expect(try village.perform(Hearts.redeem(gift: 9), by: finder, with: [code]).code == .unknownGift)
    #expect(try village.perform(Hearts.redeem(gift: 1), by: finder, with: [code]).code == .success)
    #expect(try village.perform(Hearts.redeem(gift: 1), by: finder, with: [code]).code == .giftNotWaiting)
    #expect(village.hearts.giver(finder.publicKey.address)?.held == 300)
    #expect(village.hearts.totals.waiting == 0)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func whatIsTakenBackAndGoneIsADebtThatTheNextHeartsFill() throws {
    var village = try ActionRuleTests.village()
    let (giver, shop) = (try Village.person(1), try Village.person(50))
    let address = giver.publicKey.address
    #expect(try village.perform(ActionRuleTests.spend(4000), by: giver, with: [shop]).code == .success)
    let reason = Hash.label("reason", 1)
    #expect(
      try village.perform(Hearts.reverse(gift: 0, reason: reason), by: Village.officer(.school)).code == .otherGift)
    #expect(try village.perform(Hearts.reverse(gift: 0, reason: .zero), by: Village.officer(.food)).code == .malformed)
    #expect(try village.perform(Hearts.reverse(gift: 0, reason: reason), by: Village.officer(.food)).code == .success)
    #expect(
      try village.perform(Hearts.reverse(gift: 0, reason: reason), by: Village.officer(.food)).code == .giftReversed)
    var record = try #require(village.hearts.giver(address))
    #expect((record.held, record.debt, record.reversed) == (0, 4000, 5000))
    #expect(village.hearts.gifts[0].owed == 4000)
    #expect(village.hearts.gifts[0].binding == .reversed)
    #expect(village.hearts.loveIndex(of: address, at: village.time) == 0)
    // Nothing of the lot had moved, so it is void, and the project has that much less.
    #expect(village.hearts.lots[0].state == .void)
    #expect(village.hearts.projects[0][.gram].left == 300)
    let now = village.time
    #expect(try village.tell(.food, [.gift(.rice, 6000, project: 0, at: now, from: 1)]) == [.success])
    record = try #require(village.hearts.giver(address))
    #expect((record.held, record.debt, record.minted) == (2000, 0, 11_000))
    #expect(village.hearts.totals.debt == 0)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func anAuditorTakesBackWhatAnotherRecordedAndAMovedLotGoesOn() throws {
    var village = try ActionRuleTests.village()
    let now = village.time
    let eaten = TraceEvent.make(.handedOver, at: now) {
      $0.lot = 0
      $0.quantity = 3000
      $0.party = .label("recipient", 1)
    }
    #expect(try village.tell(.food, [eaten]) == [.success])
    #expect(
      try village.perform(Hearts.reverse(gift: 0, reason: .label("reason", 1)), by: Village.officer(.audit)).code
        == .success)
    #expect(
      try village.perform(Hearts.reverse(gift: 1, reason: .label("reason", 2)), by: Village.officer(.audit)).code
        == .success)
    #expect(village.hearts.lots[0].state == .held)
    #expect(village.hearts.lots[0].left == 2000)
    #expect(village.hearts.totals.waiting == 0)
    #expect(
      try village.perform(Hearts.redeem(gift: 1), by: Village.person(7), with: [Village.code(1)]).code
        == .giftReversed)
    #expect(village.hearts.brokenInvariant() == nil)
  }

  /// The record does not say where a lot had been, so what counts is that all of it is where it began.
  @Test func aLotThatWentAwayIsVoidOnlyWhereAllOfItCameBack() throws {
    var village = try ActionRuleTests.village()
    let now = village.time
    func sent(to place: Village.Place) -> TraceEvent {
      .make(.shipped, at: now) { $0.other = UInt16(place.rawValue) }
    }
    let arrived = TraceEvent.make(.arrived, at: now) { $0.quantity = 5000 }
    #expect(try village.tell(.food, [sent(to: .school)]) == [.success])
    #expect(try village.tell(.school, [arrived, sent(to: .food)]) == [.success, .success])
    var away = village
    let reversal = try Hearts.reverse(gift: 0, reason: .label("reason", 1))
    #expect(try away.perform(reversal, by: Village.officer(.food)).code == .success)
    #expect(away.hearts.lots[0].state == .travelling && away.hearts.lots[0].left == 5000)
    #expect(away.hearts.projects[0][.gram].lost == 0 && away.hearts.brokenInvariant() == nil)
    // On its way still, and nothing else than before: it can arrive, and goes on.
    #expect(try away.tell(.food, [arrived]) == [.success])
    #expect(away.hearts.lots[0].state == .held && away.hearts.lots[0].takenBack == 0)

    #expect(try village.tell(.food, [arrived]) == [.success])
    #expect(try village.perform(reversal, by: Village.officer(.food)).code == .success)
    #expect(village.hearts.lots[0].state == .void && village.hearts.lots[0].takenBack == 5000)
    #expect(village.hearts.lots[0].wasted == 0 && village.hearts.projects[0][.gram].lost == 5000)
    #expect(try village.tell(.food, [sent(to: .school)]) == [.lotEnded])
    #expect(village.hearts.brokenInvariant() == nil)
  }

  @Test func partnersOpenChannelsAtThresholdsAndGiversConsent() throws {
    var village = try ActionRuleTests.village()
    let (giver, shop, platform) = (try Village.person(1), try Village.person(50), try Village.officer(.platform))
    let what = Hash.label("bicycles without deposit", 1)
    let later = village.time.adding(days: 30)
    func channel(_ threshold: UInt32) throws -> Action {
      try Hearts.openChannel(partner: 0, threshold: threshold, description: what)
    }
    #expect(try village.perform(channel(651), by: shop).code == .unknownThreshold)
    #expect(try village.perform(channel(650), by: platform).code == .notThePartner)
    #expect(try village.perform(channel(650), by: shop).code == .success)
    #expect(
      try village.perform(
        Hearts.registerPartner(account: shop.publicKey.address, description: what), by: platform
      ).code == .partnerKnown)
    #expect(try village.perform(Hearts.consent(partner: 0, until: village.time), by: giver).code == .badConsent)
    #expect(
      try village.perform(Hearts.consent(partner: 0, until: village.time.adding(days: 367)), by: giver).code
        == .badConsent)
    #expect(try village.perform(Hearts.consent(partner: 0, until: later), by: platform).code == .unknownGiver)
    #expect(try village.perform(Hearts.consent(partner: 0, until: later), by: giver).code == .success)
    let address = giver.publicKey.address
    #expect(village.hearts.consent(of: address, for: 0, at: village.time)?.until == later)
    #expect(village.hearts.consent(of: address, for: 0, at: later) == nil)
    #expect(try village.perform(Hearts.withdrawConsent(1), by: platform).code == .otherConsent)
    #expect(try village.perform(Hearts.withdrawConsent(2), by: giver).code == .noConsent)
    #expect(try village.perform(Hearts.withdrawConsent(1), by: giver).code == .success)
    #expect(try village.perform(Hearts.withdrawConsent(1), by: giver).code == .noConsent)
    #expect(village.hearts.consent(of: address, for: 0, at: village.time) == nil)
    #expect(try village.perform(Hearts.consent(partner: 0, until: later), by: giver).code == .success)
    #expect(village.hearts.consents.count == 2)

    #expect(try village.perform(Hearts.closeChannel(0), by: platform).code == .notThePartner)
    #expect(try village.perform(Hearts.closeChannel(0), by: shop).code == .success)
    #expect(try village.perform(Hearts.closeChannel(0), by: platform).code == .unknownChannel)
    for _ in 0..<ChannelRecord.maximum { #expect(try village.perform(channel(100), by: shop).code == .success) }
    #expect(try village.perform(channel(100), by: shop).code == .tooManyPartners)
    #expect(try village.perform(Hearts.closePartner(0), by: Village.officer(.food)).code == .wrongRole)
    #expect(try village.perform(Hearts.closePartner(0), by: shop).code == .success)
    #expect((0..<village.hearts.channels.count).allSatisfy { village.hearts.channels[$0].closedAt != .zero })
    #expect(try village.perform(ActionRuleTests.spend(1), by: giver, with: [shop]).code == .partnerClosed)
  }

  @Test func projectsHaveTermsAndRelationsAreSaidOnce() throws {
    var village = try ActionRuleTests.village()
    let food = try Village.officer(.food)
    func project(_ days: UInt64) throws -> Action {
      try Hearts.openProject(
        from: village.time, to: village.time.adding(days: days), place: 1, description: .label("project", 9))
    }
    #expect(try village.perform(project(0), by: food).code == .badTerm)
    #expect(try village.perform(project(3654), by: food).code == .badTerm)
    #expect(try village.perform(project(10), by: Village.officer(.bank)).code == .wrongRole)
    #expect(try village.perform(Hearts.disclose(project: 0, report: .label("report", 1)), by: food).code == .success)
    #expect(
      try village.perform(Hearts.disclose(project: 0, report: .label("report", 2)), by: Village.officer(.school)).code
        == .otherProject)
    let audit = try Village.officer(.audit)
    #expect(try village.perform(Hearts.relate(3, 2, evidence: .label("register", 1)), by: audit).code == .success)
    #expect(try village.perform(Hearts.relate(2, 3, evidence: .label("register", 1)), by: audit).code == .badRelation)
    #expect(try village.perform(Hearts.relate(2, 2, evidence: .label("register", 1)), by: audit).code == .badRelation)
    #expect(
      try village.perform(Hearts.relate(2, 99, evidence: .label("register", 1)), by: audit).code
        == .unknownOrganisation)
    #expect(try village.perform(Hearts.relate(1, 4, evidence: .label("register", 2)), by: audit).code == .success)
    // The later one is of a smaller pair, and pairs beside both and between them are none.
    let related = RelatedPairs(village.hearts)
    let expected = [2 << 8 | 3: 0, 1 << 8 | 4: 1]
    for first in 0..<6 as Range<UInt16> {
      for second in 0..<6 as Range<UInt16> {
        let relation = expected[Int(min(first, second)) << 8 | Int(max(first, second))]
        #expect(related.relation(of: first, second) == relation, "\(first), \(second)")
        #expect(related.contains(first, second) == (relation != nil))
      }
    }
    let rows = [try TraceEvent.gift(.rice, 1, project: 0, at: village.time).row]
    #expect(
      try village.perform(Hearts.give(hearts: 1, to: 0), by: Village.person(1), rows: rows).code
        == .manifestUnexpected)
    #expect(
      try village.perform(Action(contract: "hearts", kind: 99, payload: []), by: food).code == .unknownAction)
    #expect(
      try village.perform(Action(contract: "mutual-aid", kind: 1, payload: []), by: food).code == .unknownAction)
  }
}
