import TestSupport
import Testing

@testable import Ledger

/// Amounts: text, arithmetic up to the edges of 64 bits, rates and whole fen.
struct AmountTests {
  private static let edges: [Int64] = [
    .min, .min + 1, -1_000_000, -10_001, -10_000, -9_999, -1, 0, 1, 9_999, 10_000, 10_001, 999_999, 1_000_000, .max - 1,
    .max,
  ]

  private func overflows(_ body: () throws(LedgerError) -> Amount) -> Bool {
    do throws(LedgerError) {
      _ = try body()
      return false
    } catch {
      return error.code == .overflow
    }
  }

  @Test(
    "amounts are printed with two decimals or as many as they need",
    arguments: [
      (0, "0.00"), (1, "0.000001"), (4_321, "0.004321"), (10_000, "0.01"), (60_000, "0.06"), (100_000, "0.10"),
      (1_000_000, "1.00"), (12_500_000, "12.50"), (12_345_678, "12.345678"), (-1, "-0.000001"), (-60_000, "-0.06"),
      (-12_500_000, "-12.50"), (.max, "9223372036854.775807"), (.min, "-9223372036854.775808"),
    ] as [(Int64, String)])
  func printing(micro: Int64, text: String) {
    #expect(Amount(micro: micro).description == text)
    #expect(Amount(yuanText: text) == Amount(micro: micro))
  }

  @Test(
    "other ways to write an amount are read too",
    arguments: [("5", 5_000_000), ("0", 0), ("-0", 0), ("007", 7_000_000), ("0.1", 100_000), ("-3.5", -3_500_000)]
      as [(String, Int64)])
  func reading(text: String, micro: Int64) {
    #expect(Amount(yuanText: text)?.micro == micro)
  }

  @Test(
    "what is no amount of yuan is not read",
    arguments: [
      "", "-", "--1", "+1", ".", ".5", "5.", "-.5", "1.2.3", "1..2", "1,5", "1e3", "0x1", " 1", "1 ", "1\n", "1_000",
      "￥1",
      "١", "１", "1.0000000", "1.0000001", "12345678901234", "9223372036854.775808", "-9223372036854.775809",
      "9999999999999", "-9999999999999.999999", "NaN", "1\u{301}", "1\0",
    ])
  func notAmounts(text: String) {
    #expect(Amount(yuanText: text) == nil)
  }

  @Test("any amount comes back from its text", arguments: [1, 2] as [UInt64])
  func textRoundTrips(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for round in 0..<10_000 {
      let amount = Amount(micro: Int64(truncatingIfNeeded: random.next()) >> Int64(round % 64))
      #expect(Amount(yuanText: amount.description) == amount, "seed \(seed), round \(round)")
    }
  }

  @Test("sums and differences are right or an error, for all pairs of edges")
  func sumsAndDifferences() {
    for a in Self.edges {
      for b in Self.edges {
        let sum = Int64(exactly: Int128(a) + Int128(b))
        let difference = Int64(exactly: Int128(a) - Int128(b))
        let (left, right) = (Amount(micro: a), Amount(micro: b))
        #expect((try? left.adding(right))?.micro == sum)
        #expect((try? left.subtracting(right))?.micro == difference)
        #expect(overflows { () throws(LedgerError) in try left.adding(right) } == (sum == nil))
        #expect(overflows { () throws(LedgerError) in try left.subtracting(right) } == (difference == nil))
        #expect((left < right) == (a < b))
      }
    }
  }

  @Test("whole yuan fit up to 9,223,372,036,854")
  func wholeYuan() throws {
    for yuan in [0, 1, -1, 9_223_372_036_854, -9_223_372_036_854] as [Int64] {
      #expect(try Amount(yuan: yuan).micro == yuan * 1_000_000)
    }
    for yuan in [9_223_372_036_855, -9_223_372_036_855, .max, .min] as [Int64] {
      #expect(overflows { () throws(LedgerError) in try Amount(yuan: yuan) })
    }
  }

  @Test("a number of 128 bits is an amount only within 64")
  func exactly() throws {
    for micro in [0, Int128(Int64.max), Int128(Int64.min)] {
      #expect(Int128(try Amount(exactly: micro).micro) == micro)
    }
    for micro in [Int128(Int64.max) + 1, Int128(Int64.min) - 1, Int128.max, Int128.min, 1 << 64] {
      #expect(overflows { () throws(LedgerError) in try Amount(exactly: micro) })
    }
  }

  @Test(
    "a rate is taken in 128 bits and rounded down",
    arguments: [
      (0, 0, 0), (.max, 0, 0), (0, .max, 0), (1, 999_999, 0), (1, 1_000_000, 1), (3, 500_000, 1),
      (1_000_001, 60_000, 60_000),
      // The product passes 64 bits by far, the result does not.
      (.max, 1_000_000, .max), (.max, 999_999, 9_223_362_813_482_738_952), (.max / 2, 2_000_000, .max - 1),
    ] as [(Int64, UInt32, Int64)])
  func rates(micro: Int64, parts: UInt32, result: Int64) throws {
    #expect(try Amount(micro: micro).scaled(partsPerMillion: parts).micro == result)
  }

  @Test("a rate of a negative amount, or one past 64 bits, is an error")
  func wrongRates() {
    for (micro, parts) in [
      (-1, 1), (.min, 1_000_000), (-1, 0), (.max, 1_000_001), (.max, .max), (.max / 2 + 1, 2_000_000),
    ]
      as [(Int64, UInt32)]
    {
      #expect(overflows { () throws(LedgerError) in try Amount(micro: micro).scaled(partsPerMillion: parts) })
    }
  }

  @Test("what leaves the chain is whole fen, rounded down, and nothing is lost")
  func wholeFen() {
    var random = SeededGenerator(seed: 4)
    let some = (0..<1_000).map { Int64(random.next() >> (1 + UInt64($0) % 60)) }
    for micro in Self.edges + some {
      let (fen, remainder) = Amount(micro: micro).wholeFen
      #expect(fen.micro % 10_000 == 0)
      #expect(fen.micro + remainder.micro == micro)
      #expect(remainder.micro.magnitude < 10_000)
      if micro >= 0 { #expect(remainder.micro >= 0 && fen.micro <= micro) }
    }
    #expect(Amount(micro: 9_999).wholeFen.fen == .zero)
    #expect(Amount(micro: 19_999).wholeFen.fen.micro == 10_000)
  }
}

/// Moments: nothing lies after the year 9999, and no sum passes it.
struct TimestampTests {
  @Test("a moment from outside lies before the end of the year 9999")
  func limits() throws {
    // 9999-12-31T23:59:59Z.
    #expect(Timestamp.max.seconds == 253_402_300_799)
    for seconds in [0, 1, 1_767_196_800, 253_402_300_799] as [UInt64] {
      #expect(try Timestamp(validating: seconds).seconds == seconds)
    }
    for seconds in [253_402_300_800, 1_767_196_800_000, UInt64(Int64.max), .max] as [UInt64] {
      #expect(throws: LedgerError(.badTime, "")) { try Timestamp(validating: seconds) }
    }
  }

  @Test("sums stop at the end instead of passing it")
  func sums() {
    let noon = Timestamp(seconds: 1_767_196_800)
    #expect(noon.adding(seconds: 0) == noon)
    #expect(noon.adding(seconds: 59).seconds == 1_767_196_859)
    #expect(noon.adding(days: 1).seconds == 1_767_283_200)
    #expect(noon.adding(seconds: 253_402_300_799 - 1_767_196_800) == .max)
    for late in [noon, .zero, .max] {
      for delta in [253_402_300_800, .max - 1, .max] as [UInt64] {
        #expect(late.adding(seconds: delta) == .max)
        #expect(late.adding(days: delta) == .max)
      }
      // 86,400 times this is 2^64 and a little: the product must not wrap to a small one.
      #expect(late.adding(days: 213_503_982_334_602) == .max)
    }
    #expect(Timestamp.max.adding(seconds: 1) == .max)
    #expect(Timestamp.zero < noon && noon < .max)
  }
}
