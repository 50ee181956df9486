internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// A convention in Chinese.
struct ChineseExplanation {
  let convention: Convention
  let example: ConventionExample

  var sections: [ExplanationSection] {
    [
      section("这是什么", about), section("谁可以加入", joining), section("从什么时候开始有保障", cover),
      section("保哪些病，给多少", diseases), section("从确诊到拿钱", way), section("均摊怎么算", sharing),
      section("碰到上限或余额不够时", limits), section("钱在不在", solvency), section("退出", leaving),
      section("计划怎么结束", ending),
      section("不承诺什么", notPromised),
      section("公约的指纹", fingerprint),
    ]
  }

  private func section(_ heading: String, _ paragraphs: [String]) -> ExplanationSection {
    ExplanationSection(heading: heading, paragraphs: paragraphs)
  }

  private func yuan(_ micro: Int64) -> String { "\(Wording.yuan(micro)) 元" }

  private var about: [String] {
    [
      "这是会员之间的约定：有人得了公约里的病，经核查、公示没有问题，互助金由有余额的会员均摊。",
      "每一次公示、均摊和给付都记在链上，谁都可以从头到尾自己核对一遍。",
    ]
  }

  private var joining: [String] {
    let ages = convention.ages
    return [
      "出生满 \(ages.joinFromDays) 天到 \(ages.joinToYears) 岁可以加入，保障到满 \(ages.coverToYears) 岁为止。"
        + "到龄时余额退回。一个人在出生月的第一天长一岁。",
      "一个人在这个计划里只能有一份会员资格；可以由家人替他加入和充值。",
    ]
  }

  private var cover: [String] {
    var lines = ["首次充值至少 \(yuan(convention.firstDeposit.micro))，余额大于零就算在内。"]
    if convention.waitingDays > 0 {
      lines.append("首次充值之后有 \(convention.waitingDays) 天等待期，等待期内确诊的病不给付互助金。")
      if convention.waitingIllness == .refund {
        lines.append("等待期内得了公约里的病，报告之后退回加入以来分摊过的钱和余额，会员资格结束。")
      }
    } else {
      lines.append("没有等待期。")
    }
    lines.append("余额低于 \(yuan(convention.lowBalance.micro))会收到提醒。")
    let again = convention.waitingDays > 0 ? "重新计算等待期" : "从充值那天起重新保障"
    if convention.graceDays > 0 {
      lines.append(
        "余额用完后 \(convention.graceDays) 天之内，补交欠下的均摊就可以接着保障，等待期不重来；中断期间确诊的病不给付。"
          + "过了这些天再充值，\(again)。")
    } else {
      lines.append("余额用完，保障就停了；以后再充值，\(again)。")
    }
    return lines
  }

  private var diseases: [String] {
    example.groups.map { group in
      let bands = group.bands.map { band in
        let ages = band.fromYears == band.toYears ? "\(band.fromYears) 岁" : "\(band.fromYears)–\(band.toYears) 岁"
        return "\(ages) \(yuan(band.amount.micro))"
      }
      return "\(bands.joined(separator: "，"))：\(group.classes.map(\.nameZh).joined(separator: "、"))。"
    } + ["年龄按确诊那天算。够不够公约的标准，由核查看病历决定。"]
  }

  private var way: [String] {
    var lines = ["确诊后 \(convention.filingDays) 天之内提出申请，由第三方核查；两家没有参加核查的机构都同意，才进入公示。"]
    if let calendar = convention.calendar {
      let days = calendar.pairs.map { "\($0.noticeDay) 日公示、\($0.debitDay) 日扣款" }
      lines.append("每月 \(days.joined(separator: "；"))，都从北京时间零点起。公示期内没有异议成立，就在扣款日均摊。")
      lines.append("核查完成之后，最多再等 \(calendar.longestWaitDays) 天就到扣款日，随后由托管机构打款。")
    } else {
      lines.append("每一例单独公示 \(convention.noticeDays) 天；没有异议成立，公示一结束就自动均摊，不用谁来批。")
      lines.append("从公示开始到均摊是 \(convention.noticeDays) 天，随后由托管机构打款。")
    }
    if convention.endsAfterAid { lines.append("得到互助金之后，会员资格结束，余额退回。") }
    if let records = convention.records {
      lines.append(
        "病历由医院写成时就在链上登记；一份病历只能用于一次申请，确诊 \(records.registeredWithinDays) 天之后才登记的，按倒签处理，不收。"
          + (records.isRequired ? "没有登记过的病历，不能申请。" : "没有登记病历的也可以申请，由核查去查。"))
    }
    return lines + contest + fastTrack
  }

  private var contest: [String] {
    let contest = convention.contest
    var lines = [
      "核查报告之后 \(contest.decisionDays) 天，还没有两家机构意见一致的，也交给赔审团；赔审团没有结果时，核查说够标准、"
        + "又有一家机构同意的算通过，其余的算没有通过。",
      "公示期里有 \(contest.objections) 名会员提出异议，这一例就退出公示，交给赔审团：从愿意当赔审员的会员里抽 "
        + "\(contest.jurors) 人，先密封投票 \(contest.voteDays) 天，再公开 \(contest.revealDays) 天，至少 \(contest.quorum) 人投票"
        + "才算数，反对的比赞成的多才驳回；没有驳回的重新公示。每名会员一年最多提 \(contest.objectionsAYear) 次异议。",
    ]
    if contest.appealDays > 0 {
      lines.append("没有通过的，申请人可以在 \(contest.appealDays) 天之内申诉一次，由另外抽出的赔审团决定。")
    }
    return lines
  }

  private var fastTrack: [String] {
    guard let track = convention.fastTrack else { return [] }
    let loss =
      switch track.loss {
      case .reserve: "追不回来的由储备金承担"
      case .members: "没追回来之前由会员在下几次均摊里补上，追回来再抵减"
      }
    return [
      "快速通道：医院在链上签下诊断，保险机构再签一次，计划的储备金马上先垫付，每例最多 \(yuan(track.amount.micro))，"
        + "托管机构应当在两小时内打款。之后照样核查、公示、均摊，均摊来的钱先还储备金。",
      "同一家医院 \(track.windowDays) 天之内最多 \(track.cases) 例、\(yuan(track.total.micro))。"
        + "最后没有通过的，垫付的钱要退还，\(loss)；这家医院 \(track.windowDays) 天之内不能再用快速通道。",
    ]
  }

  private var ending: [String] {
    let rules = convention.windDown
    var lines: [String] = []
    if rules.minimumMembers > 0 {
      let after = rules.afterDays > 0 ? "，连续 \(rules.afterDays) 天" : ""
      lines.append(
        "有余额的会员达到过 \(Wording.grouped(Int64(rules.minimumMembers))) 人之后，又少于这个数\(after)，计划就自动结束。")
    }
    lines.append("各家机构也可以提议、投票，公告期满后结束计划。")
    lines.append(
      "结束那天保障停止，不再收钱，也不用再办退出；之前确诊的病，\(rules.claimsDays) 天之内还可以申请，照常核查、公示、均摊。"
        + "等全部病例办完，所有人的余额退回。")
    switch rules.reserve {
    case .members: lines.append("剩下的储备金由最后还有余额的会员平分，分不尽的零头捐给慈善机构。")
    case .charity: lines.append("剩下的储备金捐给慈善机构。")
    }
    return lines
  }

  private var sharing: [String] {
    var lines: [String] = []
    if convention.countsPayersAtNotice {
      lines.append(
        "均摊的人，是公示日零点有余额的会员。公示日到扣款日之间加入、续费和退出的，都等扣款之后再办，"
          + "所以均摊的人数在公示那天就定了。得到互助金的人也出自己的一份。")
    } else {
      lines.append("均摊的人，是扣款那一刻有余额的会员，每人一样多；余额不够的，有多少出多少。得到互助金的人也出自己的一份。")
    }
    lines.append(
      convention.feePartsPerMillion == 0
        ? "不收平台费。" : "平台费是实际给付的互助金的 \(Wording.percent(convention.feePartsPerMillion))，一起均摊。")
    let cost =
      example.fee == 0 ? yuan(example.aid) : "（\(Wording.yuan(example.aid)) + 平台费 \(Wording.yuan(example.fee))）元"
    let share =
      example.isExact
      ? yuan(example.share) : "\(yuan(example.share))（进到百万分之一元，多出的 \(yuan(example.rounding))留给下一次）"
    let members = Wording.grouped(example.members)
    lines.append("举例：\(members) 名会员，一例最高互助金，\(cost) ÷ \(members) = 每人 \(share)。")
    if let cap = example.capForOneCase, cap < example.share {
      lines.append("这超过了上限，所以每人只出 \(yuan(cap))，差额按下面说的办。")
    }
    lines.append(
      "一年大约多少：有一家互助计划在 2020 年见过每千人约 0.67 例；照此算，若例例都给最高互助金，每人一年约 \(yuan(example.yearly))，"
        + "首次充值 \(yuan(convention.firstDeposit.micro))约够 \(Wording.grouped(example.depositDays)) 天。")
    return lines
  }

  private var limits: [String] {
    let caps = convention.caps
    var parts: [String] = []
    if caps.perCase > .zero { parts.append("每例 \(yuan(caps.perCase.micro))") }
    if caps.perPeriod > .zero { parts.append("每次均摊 \(yuan(caps.perPeriod.micro))") }
    if caps.perYear > .zero { parts.append("每年 \(yuan(caps.perYear.micro))") }
    var lines = [
      parts.isEmpty ? "一名会员出多少没有上限，只以余额为限。" : "一名会员最多出：\(parts.joined(separator: "，"))。"
    ]
    switch convention.beyond {
    case .proRata: lines.append("均摊不够时，同一次均摊的每一例按同样的比例给付，差额以后不补。")
    case .carry: lines.append("均摊不够时，没给完的结转到以后的均摊，最早的先给；以后加入的会员也会分担到它们。")
    case .reserve: lines.append("均摊不够时，先用计划的储备金；储备金也不够，每一例按同样的比例给付，差额以后不补。")
    }
    if let needed = example.membersToRaise, let few = example.tooFew, let cap = example.capForOneCase {
      lines.append("按上限，一例最高互助金要 \(Wording.grouped(needed)) 名有余额的会员才够。")
      let result =
        switch convention.beyond {
        case .proRata: "互助金就是 \(yuan(example.aidByTooFew))，而不是 \(yuan(example.aid))"
        case .carry: "这一次先给 \(yuan(example.aidByTooFew))，其余 \(yuan(example.aid - example.aidByTooFew))结转"
        case .reserve: "均摊只够给 \(yuan(example.aidByTooFew))，其余看储备金还有多少"
        }
      lines.append(
        "比如只有 \(Wording.grouped(few)) 名会员，每人出到 \(yuan(cap))，一共 \(yuan(example.raisedByTooFew))，\(result)。")
    }
    return lines
  }

  private var solvency: [String] {
    guard let solvency = convention.solvency else {
      return ["托管机构可以随时公布它实际持有多少钱；公约没有规定多久一次。"]
    }
    let shortage =
      solvency.tolerancePartsPerMillion == 0
      ? "比应有的少" : "比应有的少超过 \(Wording.percent(solvency.tolerancePartsPerMillion))"
    return [
      "托管机构至少每 \(solvency.statementDays) 天公布一次它为这个计划持有多少钱。链上算得出它应该持有多少，差多少谁都看得到。",
      solvency.pausesJoins
        ? "过了时间没有公布，或者\(shortage)，就暂停新人加入，直到补上为止；已经加入的人不受影响。"
        : "过了时间没有公布，或者\(shortage)，计划的页面上会写明；新人仍然可以加入。",
    ]
  }

  private var leaving: [String] {
    var lines = ["随时可以退出，不用说理由，余额退回。钱按整分退，不到一分的零头归计划的储备金。"]
    lines.append("退出之前已经公示的病例，还要出一份：等它们均摊完，剩下的余额马上退。")
    if convention.waitingDays > 0 { lines.append("退出后再加入，等待期从头算起。") }
    return lines
  }

  private var notPromised: [String] {
    [
      "这不是保险，没有谁担保一定给多少：互助金来自会员的余额，以上限和余额为限。",
      "均摊多少看病例和人数，生病的人多了、会员少了，每人就出得多。",
      "核查要多久、银行打款要多久，公约管不了；公约只管公示和扣款的日子。",
      "加入前已有的病、隐瞒的病史，核查发现了就不给付。",
    ]
  }

  private var fingerprint: [String] {
    [
      "名称 \(convention.key)，第 \(convention.version) 版，指纹 \(convention.hash)。",
      "改动公约的任何一条规则，指纹就会变；链上的计划只按自己的那一份办。",
    ]
  }
}
