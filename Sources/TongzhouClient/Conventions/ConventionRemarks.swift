internal import Ledger
internal import MutualAid

/// What can be said of a convention that obeys every rule.
struct ConventionRemarks {
  let convention: Convention
  private let example: ConventionExample

  init(_ convention: Convention) {
    self.convention = convention
    example = ConventionExample(convention, members: ConventionExplanation.usualMembers)
  }

  /// Rules that may stand, but that have hurt plans before.
  var warnings: [ConventionFinding] {
    gaps + wideBands + costs + days
  }

  /// Figures worth knowing.
  var notes: [ConventionFinding] {
    var notes = [
      note(
        "yearly_cost",
        "按一年每千人 0.67 例、例例给最高互助金算，每名会员一年约 \(yuan(example.yearly)) 元。",
        "At the incidence of 0.67 per thousand a year, and if every case got the highest aid, one member would pay "
          + "about \(yuan(example.yearly)) yuan a year."),
      note(
        "deposit_lasts",
        "照此，首次充值 \(yuan(convention.firstDeposit.micro)) 元约够 \(Wording.grouped(example.depositDays)) 天。",
        "At that, a first deposit of \(yuan(convention.firstDeposit.micro)) yuan would last about "
          + "\(Wording.grouped(example.depositDays)) days."),
    ]
    if let members = example.membersToRaise {
      notes.append(
        note(
          "members_needed",
          "按上限，一例最高互助金 \(yuan(example.aid)) 元要 \(Wording.grouped(members)) 名有余额的会员才够。",
          "At the cap, one case of the highest aid of \(yuan(example.aid)) yuan needs \(Wording.grouped(members)) "
            + "members who have a balance."))
    }
    if convention.beyond == .carry {
      notes.append(
        note(
          "carry", "碰到上限时结转：以后加入的会员会分担以前的病例。",
          "What a cap leaves open is carried: members who join later share cases of before."))
    }
    return notes
  }

  /// Classes and ages at which a member pays and would get nothing.
  private var gaps: [ConventionFinding] {
    let first = convention.ages.joinFromDays / 365
    var findings: [ConventionFinding] = []
    for entry in convention.classes {
      let missing = (first..<convention.ages.coverToYears).filter {
        convention.aid(diseaseClass: entry.id, ageYears: $0) == nil
      }
      guard let from = missing.first, let to = missing.last else { continue }
      findings.append(
        warning(
          "no_aid", "病种 \(entry.key)：\(from)–\(to) 岁之间有 \(missing.count) 个年龄没有互助金，会员却照样均摊。",
          "Class \(entry.key): nothing is paid at \(missing.count) of the ages from \(from) to \(to), though members "
            + "of these ages share."))
    }
    return findings
  }

  /// A wide band draws the old and the sick, as plans have found; the incidence is that of men, 25 diseases,
  /// China 2006–2010, at 20 and 70: 0.44 and 38.50 per thousand.
  private var wideBands: [ConventionFinding] {
    guard let band = convention.aid.first(where: { $0.fromYears <= 20 && $0.toYears >= 70 }) else { return [] }
    return [
      warning(
        "wide_band",
        "\(band.fromYears)–\(band.toYears) 岁互助金一样多。70 岁男性的发病率是 20 岁的 87 倍（每千人 38.50 比 0.44），"
          + "年轻会员可能会走。",
        "The aid is the same from \(band.fromYears) to \(band.toYears). A man of 70 falls ill 87 times as often as one "
          + "of 20 (38.50 against 0.44 per thousand), so the young may leave.")
    ]
  }

  private var costs: [ConventionFinding] {
    var findings: [ConventionFinding] = []
    let cap = convention.caps.perYear.micro
    if cap > 0, example.yearly > cap {
      findings.append(
        warning(
          "year_cap", "每年上限 \(yuan(cap)) 元低于例例给最高互助金时的 \(yuan(example.yearly)) 元，年末可能给不足。",
          "The yearly cap of \(yuan(cap)) yuan lies below the \(yuan(example.yearly)) yuan a year that it would take "
            + "if every case got the highest aid: late in a year aid may fall short."))
    }
    if convention.feePartsPerMillion > 100_000 {
      let percent = Wording.percent(convention.feePartsPerMillion)
      findings.append(
        warning("high_fee", "平台费 \(percent)，超过一成。", "The fee of \(percent) is above a tenth of the aid."))
    }
    if convention.lowBalance > convention.firstDeposit {
      findings.append(
        warning(
          "low_balance", "提醒线高于首次充值，会员一加入就会收到提醒。",
          "Members are told of a low balance right after their first deposit."))
    }
    return findings
  }

  private var days: [ConventionFinding] {
    var findings: [ConventionFinding] = []
    if convention.waitingDays == 0 {
      findings.append(
        warning(
          "no_waiting", "没有等待期，已经知道有病的人会来加入。",
          "Without a waiting period, people join who know that they are ill."))
    }
    let notice = convention.calendar?.pairs.map { $0.debitDay - $0.noticeDay }.min() ?? convention.noticeDays
    if notice < 3 {
      findings.append(
        warning(
          "short_notice", "公示只有 \(notice) 天，来不及提出异议。",
          "A public notice of \(notice) days leaves little time for an objection."))
    }
    if convention.filingDays < 30 {
      findings.append(
        warning(
          "short_filing", "确诊后只有 \(convention.filingDays) 天可以申请，病人未必来得及。",
          "Only \(convention.filingDays) days to file a case after its diagnosis; the ill may not manage."))
    }
    return findings
  }

  private func yuan(_ micro: Int64) -> String { Wording.yuan(micro) }

  private func warning(_ name: String, _ zh: String, _ en: String) -> ConventionFinding {
    ConventionFinding(severity: .warning, name: name, zh: zh, en: en, line: nil)
  }

  private func note(_ name: String, _ zh: String, _ en: String) -> ConventionFinding {
    ConventionFinding(severity: .note, name: name, zh: zh, en: en, line: nil)
  }
}
