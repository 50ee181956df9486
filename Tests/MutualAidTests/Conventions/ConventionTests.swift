import Ledger
import MutualAid
import Testing
import TransparencyLog

@Suite struct ConventionTests {
  @Test func everyRuleIsReadBack() throws {
    let convention = try Convention(ConventionFixture.good())
    #expect(convention.key == "test-plan")
    #expect(convention.version == 1)
    #expect(convention.nameZh == "测试互助")
    #expect(convention.nameEn == "Test Plan")
    #expect(convention.ages.joinFromDays == 28)
    #expect(convention.ages.joinToYears == 59)
    #expect(convention.ages.coverToYears == 60)
    #expect(convention.firstDeposit == Amount(micro: 10_000_000))
    #expect(convention.lowBalance == Amount(micro: 3_000_000))
    #expect(convention.waitingDays == 90)
    #expect(convention.classes.map(\.id) == [1, 4])
    #expect(convention.classes[1].icd10 == ["I21", "I22.0"])
    #expect(convention.aid.count == 3)
    #expect(convention.feePartsPerMillion == 80_000)
    #expect(convention.caps.perCase == Amount(micro: 100_000))
    #expect(convention.caps.perPeriod == .zero)
    #expect(convention.caps.perYear == .zero)
    #expect(convention.payers == .atNotice)
    #expect(convention.countsPayersAtNotice)
    #expect(convention.noticeDays == 0)
    #expect(convention.calendar?.pairs.map(\.noticeDay) == [7, 21])
    #expect(convention.calendar?.pairs.map(\.debitDay) == [14, 28])
    #expect(convention.beyond == .carry)
    #expect(convention.graceDays == 15)
    #expect(convention.endsAfterAid)
    #expect(convention.filingDays == 180)
  }

  @Test func bytesDecodeToTheSameConvention() throws {
    let convention = try Convention(ConventionFixture.good())
    let again = try Convention(decoding: convention.bytes)
    #expect(again.bytes == convention.bytes)
    #expect(again.hash == convention.hash)
    #expect(convention.hash == .sha256(Domain.tag("convention") + convention.bytes))
    var other = ConventionFixture.good()
    other.waitingDays += 1
    #expect(try Convention(other).hash != convention.hash)
  }

  @Test func aidDependsOnClassAndAge() throws {
    let convention = try Convention(ConventionFixture.good())
    #expect(convention.aid(diseaseClass: 1, ageYears: 0) == Amount(micro: 300_000_000_000))
    #expect(convention.aid(diseaseClass: 1, ageYears: 39) == Amount(micro: 300_000_000_000))
    #expect(convention.aid(diseaseClass: 1, ageYears: 40) == Amount(micro: 100_000_000_000))
    #expect(convention.aid(diseaseClass: 1, ageYears: 59) == Amount(micro: 100_000_000_000))
    #expect(convention.aid(diseaseClass: 1, ageYears: 60) == nil)
    #expect(convention.aid(diseaseClass: 1, ageYears: -1) == nil)
    #expect(convention.aid(diseaseClass: 2, ageYears: 30) == nil)
    #expect(convention.aid(diseaseClass: 4, ageYears: 30) == Amount(micro: 50_000_000_000))
    #expect(convention.highestAid == Amount(micro: 300_000_000_000))
    #expect(convention.classID("heart") == 4)
    #expect(convention.classID("Heart") == nil)
  }

  @Test func feeIsExactAndRoundedDown() throws {
    var wire = ConventionFixture.good()
    let eight = try Convention(wire)
    #expect(eight.fee(on: Amount(micro: 300_000_000_000)) == Amount(micro: 24_000_000_000))
    #expect(eight.fee(on: Amount(micro: 12)) == .zero)
    #expect(eight.fee(on: Amount(micro: 13)) == Amount(micro: 1))
    #expect(eight.fee(on: .zero) == .zero)
    #expect(eight.fee(on: Amount(micro: -5_000_000)) == .zero)
    wire.feePpm = 500_000
    #expect(try Convention(wire).fee(on: Amount(micro: .max)) == Amount(micro: Int64.max / 2))
    wire.feePpm = 0
    #expect(try Convention(wire).fee(on: Amount(micro: .max)) == .zero)
  }

  @Test func otherEncodingsOfTheSameRulesAreRefused() throws {
    let bytes = try Convention(ConventionFixture.good()).bytes
    // A field that this version does not know: number 100, varint 1.
    let unknown = bytes + [0xA0, 0x06, 0x01]
    // The first field, "format", once more at the end; and with a longer varint than needed.
    let doubled = bytes + [0x08, 0x01]
    let stretched = [0x08, 0x81, 0x00] + bytes.dropFirst(2)
    // A field that says what its absence says: notice_days = 0.
    let empty = bytes + [0x78, 0x00]
    for variant in [unknown, doubled, stretched, empty, Array(bytes.dropLast())] {
      #expect(throws: LedgerError(.conventionNotCanonical, "")) { try Convention(decoding: variant) }
    }
    // No bytes are the canonical encoding of a convention without any rule.
    #expect(throws: LedgerError(.badConvention, "")) { try Convention(decoding: []) }
    let large = [UInt8](repeating: 0, count: Convention.maximumBytes + 1)
    #expect(throws: LedgerError(.conventionNotCanonical, "")) { try Convention(decoding: large) }
  }

  @Test func unknownFieldsInsideAPartAreRefused() throws {
    var wire = ConventionFixture.good()
    wire.clearCalendar()
    wire.payers = .atSettlement
    wire.noticeDays = 7
    let bytes = try Convention(wire).bytes
    // The part "caps" (field 13): 0x6A, its length, and field 1 of it.
    let caps: [UInt8] = [0x6A, 0x04, 0x08, 0xA0, 0x8D, 0x06]
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: caps) })
    var variant = bytes
    variant.replaceSubrange(
      place..<place + caps.count, with: [0x6A, 0x06, 0x08, 0xA0, 0x8D, 0x06, 0x38, 0x01])
    #expect(throws: LedgerError(.conventionNotCanonical, "")) { try Convention(decoding: variant) }
  }
}
