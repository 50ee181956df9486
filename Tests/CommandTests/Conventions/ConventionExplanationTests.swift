import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

@Suite struct ConventionExplanationTests {
  /// What an explanation must say, worked out by hand from the convention.
  static let figures: [(String, Language, [String])] = [
    (
      "tongzhou-seed", .zh,
      [
        "300,000 元 ÷ 5,000,000 = 每人 0.06 元", "不收平台费", "等待期", "180 天等待期", "每例 3 元", "公示 7 天",
        // 300,000 × 0.67 ‰; ⌊10 × 365 ÷ 201⌋.
        "每人一年约 201 元", "约够 18 天",
        // 300,000 ÷ 3; half of them at 3 yuan.
        "要 100,000 名", "只有 50,000 名会员", "一共 150,000 元", "互助金就是 150,000 元，而不是 300,000 元",
        "0–74 岁 90,000 元：甲状腺癌（轻度）", "恶性肿瘤（重度）、较重急性心肌梗死", "不是保险",
      ]
    ),
    (
      "tongzhou-seed", .en,
      [
        "300,000 yuan ÷ 5,000,000 = 0.06 yuan each", "no platform fee", "waiting period of 180 days", "3 yuan a case",
        "notice of its own of 7 days", "about 201 yuan a year", "about 18 days", "needs 100,000 members",
        "With only 50,000 members", "the aid is 150,000 yuan instead of 300,000 yuan",
        "90,000 yuan at ages 0–74: Mild thyroid cancer", "not insurance",
      ]
    ),
    (
      "fortnight", .zh,
      [
        "（300,000 + 平台费 24,000）元 ÷ 5,000,000 = 每人 0.0648 元", "互助金的 8%", "90 天等待期",
        "7 日公示、14 日扣款；21 日公示、28 日扣款", "最多再等 24 天", "每例 0.10 元，每年 188 元", "结转",
        // 324,000 × 0.67 ‰; ⌊10 × 365 ÷ 217.08⌋.
        "每人一年约 217.08 元", "约够 16 天",
        // 324,000 ÷ 0.1; half of them give 162,000, of which 300/324 are aid.
        "要 3,240,000 名", "只有 1,620,000 名会员", "先给 150,000 元，其余 150,000 元结转",
        "0–39 岁 300,000 元，40–59 岁 100,000 元：恶性肿瘤（重度）", "用完后 15 天之内", "会员资格结束",
      ]
    ),
    (
      "fortnight", .en,
      [
        "(300,000 + a fee of 24,000) yuan ÷ 5,000,000 = 0.0648 yuan each", "fee is 8% of the aid given",
        "notice on the 7th, debit on the 14th; notice on the 21st, debit on the 28th", "within 24 days",
        "0.10 yuan a case, 188 yuan a year", "about 217.08 yuan a year", "needs 3,240,000 members",
        "150,000 yuan are given now and 150,000 yuan are carried",
        "300,000 yuan at ages 0–39, 100,000 yuan at ages 40–59: Severe cancer", "For 15 days after",
      ]
    ),
  ]

  @Test(arguments: figures)
  func saysTheComputedFigures(_ name: String, _ language: Language, _ pieces: [String]) throws {
    let convention = try ShippedConventions.file(name).convention
    let text = ConventionExplanation(convention, language: language).text
    for piece in pieces { #expect(text.contains(piece), "missing: \(piece)") }
    #expect(text.contains(convention.hash.description))
  }

  @Test(arguments: ShippedConventions.names, Language.allCases)
  func isMadeOfSectionsThatAllSaySomething(_ name: String, _ language: Language) throws {
    let explanation = ConventionExplanation(try ShippedConventions.file(name).convention, language: language)
    #expect(explanation.sections.count == 12)
    for section in explanation.sections {
      #expect(!section.heading.isEmpty)
      #expect(!section.paragraphs.isEmpty)
      for paragraph in section.paragraphs {
        #expect(explanation.text.contains("\n  \(paragraph)\n"))
        #expect(paragraph.hasSuffix(language == .zh ? "。" : "."), "\(paragraph)")
      }
    }
  }

  @Test func sharesThatDoNotDivideAreRoundedUp() throws {
    let convention = try ShippedConventions.file("tongzhou-seed").convention
    // 300,000 yuan over 7 million: 42,857.142857… millionths, so 42,858, and 7,000,000 × 42,858 − 3 × 10¹¹ = 6,000,000.
    let text = ConventionExplanation(convention, language: .en, members: 7_000_000).text
    #expect(text.contains("= 0.042858 yuan (rounded up to the millionth; the 6 yuan over go to the next) each"))
  }

  @Test func sharesAboveTheCapAreSaidToBeCapped() throws {
    let convention = try ShippedConventions.file("tongzhou-seed").convention
    let text = ConventionExplanation(convention, language: .zh, members: 50_000).text
    #expect(text.contains("每人 6 元"))
    #expect(text.contains("超过了上限，所以每人只出 3 元"))
    #expect(!ConventionExplanation(convention, language: .zh, members: 0).text.isEmpty)
  }

  @Test func figuresFollowTheConvention() throws {
    let text = try #require(
      try ShippedConventions.text("fortnight", replacing: "fee: 8 %", by: "fee: 0.5 %"))
    let convention = try ConventionFile(text: text, file: "f").convention
    #expect(ConventionExplanation(convention, language: .en).text.contains("fee of 1,500) yuan ÷ 5,000,000 = 0.0603"))
  }
}
