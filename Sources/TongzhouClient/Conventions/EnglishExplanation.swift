internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// A convention in English.
struct EnglishExplanation {
  let convention: Convention
  let example: ConventionExample

  var sections: [ExplanationSection] {
    [
      section("What this is", about), section("Who may join", joining), section("When cover begins", cover),
      section("Which diseases, how much", diseases), section("From the diagnosis to the money", way),
      section("How a share is worked out", sharing), section("When a cap or the balances do not reach", limits),
      section("Whether the money is there", solvency), section("Leaving", leaving),
      section("How the plan ends", ending),
      section("What is not promised", notPromised),
      section("The convention's fingerprint", fingerprint),
    ]
  }

  private func section(_ heading: String, _ paragraphs: [String]) -> ExplanationSection {
    ExplanationSection(heading: heading, paragraphs: paragraphs)
  }

  private func yuan(_ micro: Int64) -> String { "\(Wording.yuan(micro)) yuan" }

  private func days(_ number: Int) -> String { number == 1 ? "1 day" : "\(number) days" }

  private var about: [String] {
    [
      "An agreement among members: when one of them has a disease of this convention, and the investigation and the "
        + "public notice leave no doubt, the members who have a balance share the aid.",
      "Every notice, share and payout stands on the chain, where anyone can check them from the first to the last.",
    ]
  }

  private var joining: [String] {
    let ages = convention.ages
    return [
      "From \(days(ages.joinFromDays)) after birth until the age of \(ages.joinToYears); cover ends at "
        + "\(ages.coverToYears), and the balance is then paid back. A person turns a year older on the first day of "
        + "her month of birth.",
      "One person has one membership in this plan; a relative may join and pay for her.",
    ]
  }

  private var cover: [String] {
    var lines = [
      "The first deposit is at least \(yuan(convention.firstDeposit.micro)); whoever has a balance is in."
    ]
    if convention.waitingDays > 0 {
      lines.append(
        "A waiting period of \(days(convention.waitingDays)) follows the first deposit; a diagnosis within it brings "
          + "no aid.")
      if convention.waitingIllness == .refund {
        lines.append(
          "Who falls ill within it gets the shares given since and the balance back when it is reported, and the "
            + "membership ends.")
      }
    } else {
      lines.append("There is no waiting period.")
    }
    lines.append("Below \(yuan(convention.lowBalance.micro)) a member is told to top up.")
    let again = convention.waitingDays > 0 ? "begins a new waiting period" : "begins the cover anew"
    if convention.graceDays > 0 {
      lines.append(
        "For \(days(convention.graceDays)) after the balance is used up, paying the missed shares continues the cover "
          + "without a new waiting period; a diagnosis in the gap brings no aid. A later deposit \(again).")
    } else {
      lines.append("When the balance is used up, cover stops; a later deposit \(again).")
    }
    return lines
  }

  private var diseases: [String] {
    example.groups.map { group in
      let bands = group.bands.map { band in
        let ages = band.fromYears == band.toYears ? "age \(band.fromYears)" : "ages \(band.fromYears)–\(band.toYears)"
        return "\(yuan(band.amount.micro)) at \(ages)"
      }
      return "\(bands.joined(separator: ", ")): \(group.classes.map(\.nameEn).joined(separator: "; "))."
    } + [
      "The age on the day of the diagnosis counts. Whether a case meets the convention is for the investigation to "
        + "find in the medical records."
    ]
  }

  private var way: [String] {
    var lines = [
      "A case is filed within \(days(convention.filingDays)) of its diagnosis and investigated by a third party. If "
        + "two organisations that did not investigate it agree, it goes to public notice."
    ]
    if let calendar = convention.calendar {
      let pairs = calendar.pairs.map { "notice on the \(ordinal($0.noticeDay)), debit on the \(ordinal($0.debitDay))" }
      lines.append(
        "Each month: \(pairs.joined(separator: "; ")), from midnight, Beijing time. Without an objection that "
          + "stands, the case is shared on the debit day.")
      lines.append(
        "Once the investigation is done, the debit comes within \(days(calendar.longestWaitDays)); then the custodian "
          + "pays.")
    } else {
      lines.append(
        "Each case has a public notice of its own of \(days(convention.noticeDays)). Without an objection that stands, "
          + "it is shared the moment the notice ends; nobody has to approve it.")
      lines.append(
        "From the beginning of the notice to the share it takes \(days(convention.noticeDays)); then the "
          + "custodian pays.")
    }
    if convention.endsAfterAid {
      lines.append("A membership ends when its aid was shared, and its balance is paid back.")
    }
    if let records = convention.records {
      lines.append(
        "A hospital registers a medical record on the chain when it writes it. A record serves one case, and one "
          + "registered more than \(days(records.registeredWithinDays)) after the diagnosis counts as back-dated. "
          + (records.isRequired
            ? "No case is filed without one."
            : "A case may be filed without one; then it is for the investigation to find out."))
    }
    return lines + contest + fastTrack
  }

  private var contest: [String] {
    let contest = convention.contest
    var lines = [
      "When no two organisations agree within \(days(contest.decisionDays)) of the investigator's report, a jury "
        + "decides. Should it come to nothing, the case goes on if the investigation found it covered and one "
        + "organisation agreed; else it is refused.",
      "When \(contest.objections) members object during the notice, the case leaves it and comes before a jury: "
        + "\(contest.jurors) of the members who are ready to judge are drawn, vote under seal for "
        + "\(days(contest.voteDays)) and open their votes within \(days(contest.revealDays)). At least "
        + "\(contest.quorum) have to vote, and more against the case than for it to refuse it; "
        + "otherwise it is noticed anew. A member objects at most \(contest.objectionsAYear) times a year.",
    ]
    if contest.appealDays > 0 {
      lines.append(
        "Within \(days(contest.appealDays)) of a refusal its owner may appeal once; another jury decides.")
    }
    return lines
  }

  private var fastTrack: [String] {
    guard let track = convention.fastTrack else { return [] }
    let loss =
      switch track.loss {
      case .reserve: "what does not come back the reserve bears"
      case .members: "until it comes back, members refill the reserve by the next settlements"
      }
    return [
      "Fast track: a hospital signs the diagnosis on the chain, an insurer signs beside it, and the plan's reserve "
        + "advances the aid at once, at most \(yuan(track.amount.micro)) a case; the custodian is to pay within two "
        + "hours. The case is examined, noticed and shared afterwards as usual, and what is shared refills the "
        + "reserve first.",
      "One hospital gets at most \(track.cases) such cases and \(yuan(track.total.micro)) within "
        + "\(days(track.windowDays)). If a case does not stand in the end, the advance is owed back; \(loss); and that "
        + "hospital may not use the fast track for \(days(track.windowDays)).",
    ]
  }

  private var ending: [String] {
    let rules = convention.windDown
    var lines: [String] = []
    if rules.minimumMembers > 0 {
      let after = rules.afterDays > 0 ? " for \(days(rules.afterDays))" : ""
      lines.append(
        "Once \(Wording.grouped(Int64(rules.minimumMembers))) members had a balance, the plan ends by itself when "
          + "fewer have one\(after).")
    }
    lines.append("The organisations may also decide to end it, by a proposal that is announced before it binds.")
    lines.append(
      "On that day cover ends, nothing more is paid in, and nobody has to ask to leave. Illnesses diagnosed before "
        + "may be filed for another \(days(rules.claimsDays)), and are examined, noticed and shared as usual. When "
        + "all are done, everybody's balance goes back.")
    switch rules.reserve {
    case .members:
      lines.append(
        "What the reserve holds then is divided equally among those who still have a balance, and the odd fen go to a "
          + "charity.")
    case .charity: lines.append("What the reserve holds then goes to a charity.")
    }
    return lines
  }

  private var solvency: [String] {
    guard let solvency = convention.solvency else {
      return ["The custodian may state at any time what it holds; the convention does not say how often."]
    }
    let shortage =
      solvency.tolerancePartsPerMillion == 0
      ? "less is there than has to be"
      : "more than \(Wording.percent(solvency.tolerancePartsPerMillion)) of what has to be there is missing"
    return [
      "At least every \(days(solvency.statementDays)) the custodian states what it holds for this plan. What it has to "
        + "hold follows from the chain, so everybody sees the difference.",
      solvency.pausesJoins
        ? "When a statement does not come in time, or \(shortage), nobody joins until that is mended; members stay "
          + "covered."
        : "When a statement does not come in time, or \(shortage), the plan's page says so; people may still join.",
    ]
  }

  private func ordinal(_ day: Int) -> String {
    switch (day % 10, day / 10) {
    case (1, 0), (1, 2): "\(day)st"
    case (2, 0), (2, 2): "\(day)nd"
    case (3, 0), (3, 2): "\(day)rd"
    default: "\(day)th"
    }
  }

  private var sharing: [String] {
    var lines: [String] = []
    if convention.countsPayersAtNotice {
      lines.append(
        "Those share who have a balance at midnight of the notice day. Joining, topping up an empty balance and "
          + "leaving wait from the notice until after the debit, so the number of payers is known from the notice on. "
          + "The person aided pays her own share too.")
    } else {
      lines.append(
        "Those share who have a balance at the moment of the debit, everybody the same; who has less gives what she "
          + "has. The person aided pays her own share too.")
    }
    lines.append(
      convention.feePartsPerMillion == 0
        ? "There is no platform fee."
        : "The platform's fee is \(Wording.percent(convention.feePartsPerMillion)) of the aid given, shared with it.")
    let cost =
      example.fee == 0
      ? yuan(example.aid) : "(\(Wording.yuan(example.aid)) + a fee of \(Wording.yuan(example.fee))) yuan"
    let share =
      example.isExact
      ? yuan(example.share)
      : "\(yuan(example.share)) (rounded up to the millionth; the \(yuan(example.rounding)) over go to the next)"
    let members = Wording.grouped(example.members)
    lines.append("Example: \(members) members, one case of the highest aid: \(cost) ÷ \(members) = \(share) each.")
    if let cap = example.capForOneCase, cap < example.share {
      lines.append("This is above the cap, so everybody gives \(yuan(cap)) only; the rest is dealt with as told below.")
    }
    lines.append(
      "About how much a year: a real plan saw about 0.67 cases per thousand members in 2020. At that, if every case "
        + "got the highest aid, a member would give about \(yuan(example.yearly)) a year, and a first deposit of "
        + "\(yuan(convention.firstDeposit.micro)) would last about \(Wording.grouped(example.depositDays)) days.")
    return lines
  }

  private var limits: [String] {
    let caps = convention.caps
    var parts: [String] = []
    if caps.perCase > .zero { parts.append("\(yuan(caps.perCase.micro)) a case") }
    if caps.perPeriod > .zero { parts.append("\(yuan(caps.perPeriod.micro)) a settlement") }
    if caps.perYear > .zero { parts.append("\(yuan(caps.perYear.micro)) a year") }
    var lines = [
      parts.isEmpty
        ? "There is no cap on what one member gives but her balance."
        : "One member gives at most \(parts.joined(separator: ", "))."
    ]
    switch convention.beyond {
    case .proRata:
      lines.append(
        "If that does not reach, every case of the settlement gets the same fraction, and nothing more later.")
    case .carry:
      lines.append(
        "If that does not reach, the rest is carried to later settlements, the oldest first; members who join later "
          + "share it too.")
    case .reserve:
      lines.append(
        "If that does not reach, the plan's reserve helps; if the reserve does not reach either, every case gets the "
          + "same fraction, and nothing more later.")
    }
    if let needed = example.membersToRaise, let few = example.tooFew, let cap = example.capForOneCase {
      lines.append(
        "At the cap, one case of the highest aid needs \(Wording.grouped(needed)) members who have a balance.")
      let result =
        switch convention.beyond {
        case .proRata: "the aid is \(yuan(example.aidByTooFew)) instead of \(yuan(example.aid))"
        case .carry:
          "\(yuan(example.aidByTooFew)) are given now and \(yuan(example.aid - example.aidByTooFew)) are carried"
        case .reserve: "the shares reach for \(yuan(example.aidByTooFew)), and the rest depends on the reserve"
        }
      lines.append(
        "With only \(Wording.grouped(few)) members, giving \(yuan(cap)) each, \(yuan(example.raisedByTooFew)) come "
          + "together: \(result).")
    }
    return lines
  }

  private var leaving: [String] {
    var lines = [
      "At any time and without a reason; the balance is paid back in whole fen, and a fraction of a fen stays in the "
        + "plan's reserve.",
      "Cases noticed before one leaves are still shared: the balance that remains is paid back right after them.",
    ]
    if convention.waitingDays > 0 { lines.append("Who joins again waits again.") }
    return lines
  }

  private var notPromised: [String] {
    [
      "This is not insurance, and nobody guarantees a sum: the aid comes out of the members' balances, as far as caps "
        + "and balances reach.",
      "A share depends on how many fall ill and how many share. More cases or fewer members make it larger.",
      "How long an investigation or a bank takes is not in the convention's hands; only the days of notice and debit "
        + "are.",
      "A disease from before joining, or a history that was hidden, brings no aid if the investigation finds it.",
    ]
  }

  private var fingerprint: [String] {
    [
      "Key \(convention.key), version \(convention.version), fingerprint \(convention.hash).",
      "Any change of the rules changes the fingerprint; a plan on the chain keeps to its own.",
    ]
  }
}
