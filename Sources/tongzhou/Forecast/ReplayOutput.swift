internal import MutualAid
internal import Simulator
internal import TongzhouClient

/// What a replay prints: published figures, derived ones and assumptions apart, then the comparison.
struct ReplayOutput: Encodable {
  struct Year: Encodable {
    let year: Int
    let aidedPublished: Int
    let membersDerived: Double
    let meanAidYuan: Double
    let debits: Int
    let largestDebitYuan: Double
    let costYuan: Double
    let costPublishedYuan: Double
    let deviation: Double
    let meanAidThatWouldFitYuan: Double
    let carriedYuan: Double
  }

  let plan: String
  let populationZh: String
  let populationEn: String
  let membersPerMembership: Int
  let illnessPerThousandPublished: Double
  let membersAtStartAssumed: Int
  let membersInLastYearDerived: Int
  let years: [Year]

  init(
    _ years: [PlanReplay.Year], figures: ReplayFigures, scale: Int, convention: Convention, population: PopulationFile
  ) {
    plan = "\(convention.key), version \(convention.version)"
    populationZh = population.nameZh
    populationEn = population.nameEn
    membersPerMembership = scale
    illnessPerThousandPublished = figures.illnessPerThousand
    membersAtStartAssumed = figures.membersAtStart
    membersInLastYearDerived = figures.membersInLastYear
    self.years = years.map { year in
      Year(
        year: year.year, aidedPublished: year.aided, membersDerived: year.members, meanAidYuan: year.meanAid,
        debits: year.debits, largestDebitYuan: year.largestDebit, costYuan: year.cost,
        costPublishedYuan: year.published, deviation: year.deviation, meanAidThatWouldFitYuan: year.impliedAid,
        carriedYuan: year.carried)
    }
  }

  func print(_ language: Language) {
    let isChinese = language == .zh
    func line(_ zh: String, _ en: String) { Output.line(isChinese ? zh : en) }
    let (start, end) = (Double(membersAtStartAssumed), Double(membersInLastYearDerived))
    let (first, last) = (years.first?.year ?? 0, years.last?.year ?? 0)
    line(
      "相互宝公开的数字，按 \(plan) 的规则重算；一个会员资格代表 \(membersPerMembership) 人。",
      "相互宝's published numbers by the rules of \(plan); one membership stands for \(membersPerMembership) members.")
    line(
      "公开的：每年的受助人数；\(last) 年每千名会员发病 \(illnessPerThousandPublished) 例；每名会员的分摊，只用来比较。",
      "published: aided members of each year; \(illnessPerThousandPublished) illnesses among a thousand members in "
        + "\(last); the cost per member, only to compare with")
    line(
      "推算的：\(last) 年的会员 \(Figures.whole(end)) 人（受助人数除以发病率）；每例平均互助金，由“\(populationZh)”的年龄、发病率表和公约的给付表得出。",
      "derived: \(Figures.whole(end)) members in \(last) (aided over incidence); the mean aid of a case from the ages "
        + "of \(populationEn), the incidence table and the convention's aid")
    line(
      "假设的：\(first) 年初 \(Figures.whole(start)) 人，一年里匀速增加到 \(last) 年的人数。",
      "assumed: \(Figures.whole(start)) members at the beginning of \(first), rising evenly to those of \(last)")
    Output.line()
    var table = TextTable(
      isChinese
        ? ["年", "受助", "平均分摊会员", "每例平均（元）", "扣款", "最大一期（元）", "每人分摊（元）", "公开（元）", "偏差", "吻合所需每例（元）"]
        : [
          "year", "aided", "mean payers", "mean aid", "debits", "largest debit", "yuan a member", "published",
          "deviation", "mean aid that would fit",
        ])
    for year in years {
      table.add([
        "\(year.year)", Figures.whole(Double(year.aidedPublished)), Figures.whole(year.membersDerived),
        Figures.whole(year.meanAidYuan), "\(year.debits)", Figures.tenth(year.largestDebitYuan),
        Figures.tenth(year.costYuan), Figures.tenth(year.costPublishedYuan), Figures.percent(year.deviation),
        Figures.whole(year.meanAidThatWouldFitYuan),
      ])
    }
    for row in table.lines { Output.line(row) }
  }
}
