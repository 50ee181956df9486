import Ledger
import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

@Suite struct ShippedConventionTests {
  /// A plan on a chain is bound to these bytes. If a hash changes, so has a rule or the encoding: raise the
  /// version of the convention, or find out what broke.
  @Test(arguments: [
    ("tongzhou-seed", "967e578b057a9dbd9ab9bbdf099d63382d20c6ac3936c8c308aa08e96a6ee250"),
    ("fortnight", "f0d73774bedcbb8cbc2270a1343504e514e74cf0effeb1edcfe623590dbe27ad"),
    ("neighbours", "d440ce52ff146239a932339b79e968870958c9a1770e3b97fd94608709fb9074"),
  ])
  func hashIsPinned(_ name: String, _ hash: String) throws {
    let convention = try ShippedConventions.file(name).convention
    #expect(convention.key == name)
    #expect(convention.hash.description == hash)
    #expect(try Convention(decoding: convention.bytes).hash == convention.hash)
  }

  @Test func seedPlanHasTheRulesOfTheFacts() throws {
    let seed = try ShippedConventions.file("tongzhou-seed").convention
    #expect(seed.payers == .atSettlement)
    #expect(seed.feePartsPerMillion == 0)
    #expect(seed.caps.perCase == Amount(micro: 3_000_000))
    #expect(seed.firstDeposit == Amount(micro: 10_000_000))
    #expect(seed.waitingDays == 180)
    #expect([seed.ages.joinFromDays, seed.ages.joinToYears, seed.ages.coverToYears] == [28, 65, 75])
    #expect(seed.highestAid == Amount(micro: 300_000_000_000))
    #expect(seed.noticeDays == 7)
    #expect(seed.calendar == nil)
    #expect(seed.beyond == .proRata)
    #expect(seed.graceDays == 0)
    #expect(!seed.endsAfterAid)
    #expect(seed.waitingIllness == .nothing)
    let cancer = try #require(seed.classID("cancer"))
    for age in 0..<75 { #expect(seed.aid(diseaseClass: cancer, ageYears: age) == seed.highestAid) }
  }

  @Test func fortnightHasTheRulesOfTheFacts() throws {
    let plan = try ShippedConventions.file("fortnight").convention
    #expect(plan.payers == .atNotice)
    #expect(plan.feePartsPerMillion == 80_000)
    #expect(plan.caps.perCase == Amount(micro: 100_000))
    #expect(plan.caps.perYear == Amount(micro: 188_000_000))
    #expect(plan.waitingDays == 90)
    #expect([plan.ages.joinFromDays, plan.ages.joinToYears, plan.ages.coverToYears] == [30, 59, 60])
    #expect(plan.calendar?.pairs.map(\.noticeDay) == [7, 21])
    #expect(plan.calendar?.pairs.map(\.debitDay) == [14, 28])
    #expect(plan.beyond == .carry)
    #expect(plan.graceDays == 15)
    #expect(plan.endsAfterAid)
    #expect(plan.waitingIllness == .refund)
    let cancer = try #require(plan.classID("cancer"))
    let thyroid = try #require(plan.classID("thyroid-mild"))
    #expect(plan.aid(diseaseClass: cancer, ageYears: 39) == Amount(micro: 300_000_000_000))
    #expect(plan.aid(diseaseClass: cancer, ageYears: 40) == Amount(micro: 100_000_000_000))
    #expect(plan.aid(diseaseClass: thyroid, ageYears: 59) == Amount(micro: 50_000_000_000))
  }

  @Test(arguments: ShippedConventions.names)
  func everyClassIsPaidAtEveryAge(_ name: String) throws {
    let convention = try ShippedConventions.file(name).convention
    for entry in convention.classes {
      for age in 0..<convention.ages.coverToYears {
        #expect(convention.aid(diseaseClass: entry.id, ageYears: age) != nil, "\(entry.key) at \(age)")
      }
    }
  }
}
