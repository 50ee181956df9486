internal import TongzhouClient

/// The words of a forecast, on a terminal and in a report.
struct ForecastWords {
  private let isChinese: Bool

  init(_ language: Language) { isChinese = language == .zh }

  private func text(_ zh: String, _ en: String) -> String { isChinese ? zh : en }

  /// The value of `lang` in a page.
  var code: String { text("zh-CN", "en") }

  func title(_ output: ForecastOutput) -> String {
    text(
      "《\(output.planZh)》（\(output.plan)）的预测，人群：\(output.populationZh)",
      "Forecast of \(output.planEn) (\(output.plan)) with \(output.populationEn)")
  }

  func sizes(_ output: ForecastOutput) -> String {
    let members = Figures.whole(Double(output.members))
    let (sample, each) = (Figures.whole(Double(output.sample)), Figures.whole(output.membersPerMembership))
    return text(
      "开始时 \(members) 名会员；模拟 \(output.runs) 次，每次 \(sample) 个会员资格，一个代表 \(each) 人。种子 \(output.seed)。",
      "\(members) members at the beginning; \(output.runs) runs of \(sample) memberships, each standing for \(each). "
        + "Seed \(output.seed).")
  }

  var intervals: String {
    text(
      "每个数字是各次模拟的中位数；括号里是第 10 到第 90 百分位。",
      "Each figure is the median of the runs; in brackets the 10th to the 90th percentile.")
  }

  /// The unit of members in tables: 万, or thousands.
  var memberUnit: (name: String, factor: Double) { isChinese ? ("万", 1e-4) : ("thousand", 1e-3) }

  /// The unit of large sums: 亿元, or millions of yuan.
  var moneyUnit: (name: String, factor: Double) { isChinese ? ("亿元", 1e-8) : ("million yuan", 1e-6) }

  var columns: [String] {
    isChinese
      ? [
        "年", "会员（\(memberUnit.name)）", "平均年龄", "不满 40 岁 %", "年轻的留下 %", "年长的留下 %", "案例", "每人分摊（元）",
        "互助金给到 %", "储备（元）", "结转（\(moneyUnit.name)）", "模拟次数",
      ]
      : [
        "year", "members (\(memberUnit.name))", "mean age", "under 40 %", "young stay %", "older stay %", "cases",
        "yuan a member", "aid given %", "reserve (yuan)", "carried (\(moneyUnit.name))", "runs",
      ]
  }

  func windDown(_ output: ForecastOutput) -> String {
    let least = Figures.whole(Double(output.minimumMembers))
    let (some, all) = (output.windDownYears.count, output.runs)
    guard some > 0, let first = output.windDownYears.first else {
      return text(
        "会员少于 \(least) 人就终止：\(all) 次模拟都没有走到这一步。",
        "Winding down with fewer than \(least) members: it came to that in none of the \(all) runs.")
    }
    let middle = output.medianWindDownYear.map { text("，半数在第 \($0) 年以前", "; half of them by year \($0)") } ?? ""
    return text(
      "会员少于 \(least) 人就终止：\(all) 次模拟里有 \(some) 次终止，最早在第 \(first) 年\(middle)。",
      "Winding down with fewer than \(least) members: it came to that in \(some) of the \(all) runs, first in year "
        + "\(first)\(middle).")
  }

  // MARK: The report

  var cost: String { text("每名会员一年分摊（元）", "What a year costs a member (yuan)") }
  var people: String { text("会员人数", "Members") }
  var young: String { text("四十岁以下的会员占比（%）", "Members under forty (%)") }
  var staying: String { text("最初的会员里没有自愿退出的（%）", "First members who have not left of their own will (%)") }
  var under40: String { text("当初不满四十岁", "under forty then") }
  var over40: String { text("当初四十岁以上", "forty or older then") }
  var reserve: String { text("计划的储备（元）", "The plan's reserve (yuan)") }
  var carried: String { text("答应了、结转还没给的（\(moneyUnit.name)）", "Promised and carried over (\(moneyUnit.name))") }
  var cases: String { text("案例", "Cases") }
  var median: String { text("中位数", "median") }
  var band: String { text("第 10 到第 90 百分位", "10th to 90th percentile") }
  func year(_ number: Int) -> String { text("第 \(number) 年", "year \(number)") }
  var figures: String { text("逐年数字", "Year by year") }
  var assumed: String { text("假设", "Assumptions") }
  var charts: String {
    text("没有脚本时看不到图，数字都在下面的表里。", "Without scripts there are no charts; all figures are in the table.")
  }

  func assumptions(_ output: ForecastOutput) -> [String] {
    let own = output.assumptions
    let (first, later) = (Figures.percent(own.firstYearRate), Figures.percent(own.laterRate))
    let (joining, tolerance) = (Figures.whole(Double(own.joiningAYear)), Figures.tenth(own.toleranceYuan))
    return [
      text(
        "发病按公开的发病率表（25 种重疾，2006–2010 年）；因为加入时声明了健康，加入第一年只有表里的 \(first)，\(own.selectionYears) 年后是 \(later)。"
          + "每次模拟的发病率另有 \(Figures.percent(own.spread)) 的不确定。",
        "Illness by the published table (25 diseases, 2006–2010). Because members declared that they are healthy, "
          + "\(first) of the table's rate remains in the first year and \(later) after \(own.selectionYears) years; "
          + "each run has an uncertainty of \(Figures.percent(own.spread)) in it."),
      text(
        "每年有 \(joining) 人想加入，年龄和开始时一样。",
        "\(joining) people a year think of joining, of the same ages as at the beginning."),
      text(
        "会员比较过去十二个月的分摊和自己能指望得到的互助金：多付 \(tolerance) 元时，这样的会员一年里走一半，这样的人也有一半不再加入。"
          + "不管多少钱，每年另有 \(Figures.percent(own.leavingAnyway)) 的人离开。",
        "A member compares the last twelve months' shares with the aid that she can expect: where she pays "
          + "\(tolerance) yuan more, half of those like her leave within a year, and half of those like her do not "
          + "join. \(Figures.percent(own.leavingAnyway)) a year leave whatever it costs."),
      text(
        "每个案例都符合公约，当天确认；公示、扣款、上限、等待期和储备都由真正的合约代码按公约执行。不计死亡。",
        "Every case is covered and confirmed on its day; notices, debits, caps, waiting periods and reserve are "
          + "carried out by the contract's own code. Nobody dies."),
      text(
        "区间包括样本的偶然性：\(Figures.whole(Double(output.sample))) 个会员资格的起伏比 "
          + "\(Figures.whole(Double(output.members))) 名会员大。",
        "The intervals contain the chance of a sample: \(Figures.whole(Double(output.sample))) memberships vary more "
          + "than \(Figures.whole(Double(output.members))) members do."),
    ]
  }
}
