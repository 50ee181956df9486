internal import Ledger
internal import MutualAid
internal import Node

/// What pages say about a case: never more than class, age group and amounts.
struct CaseWords {
  let ordinal: Int
  let record: CaseRecord
  let notice: NoticeRecord?
  /// The jury that heard or hears it last.
  let jury: JuryRecord?
  let convention: Convention
  let texts: Texts

  init(_ ordinal: Int, _ scope: PageScope) {
    self.ordinal = ordinal
    record = scope.aid.cases[ordinal]
    notice = record.notice == 0 ? nil : scope.aid.notices[Int(record.notice - 1)]
    jury = record.jury == 0 ? nil : scope.aid.juries[Int(record.jury - 1)]
    convention = scope.aid.convention(of: record.plan)
    texts = scope.texts
  }

  var name: String { texts.say("case_name", ["n": "\(ordinal)"]) }

  /// The class of disease in the reader's language.
  var className: String {
    guard let found = convention.classes.first(where: { $0.id == record.diseaseClass }) else {
      return texts.say("class_unknown")
    }
    return texts.pick(zh: found.nameZh, en: found.nameEn)
  }

  /// The convention's age group that the insured was in on the day of the diagnosis.
  func ages(_ aid: MutualAid) -> String {
    let birth = aid.memberships[Int(record.membership)].birthMonth
    let age = CivilDate(CivilDate.midnight(dayNumber: record.diagnosed)).age(bornInMonth: birth)
    let band = convention.aid.first {
      $0.diseaseClass == record.diseaseClass && $0.fromYears <= age && age <= $0.toYears
    }
    guard let band else { return texts.say("ages_unknown") }
    return band.fromYears == band.toYears
      ? texts.say("ages_one", ["from": "\(band.fromYears)"])
      : texts.say("ages", ["from": "\(band.fromYears)", "to": "\(band.toYears)"])
  }

  /// Whether it was refused or taken back, so that nobody shares it.
  var isRefused: Bool {
    record.status == .declined || record.status == .rejected || record.status == .withdrawn
  }

  /// Whether its notice runs or its debit is awaited.
  var isOpen: Bool { record.status == .noticed || record.status == .decided }

  private var isCarried: Bool { record.carriedAid > 0 || record.carriedFee > 0 }

  /// A few words.
  var state: String {
    switch record.status {
    case .filed: texts.say("status_filed")
    case .assigned: texts.say("status_assigned")
    case .reported: texts.say("status_reported")
    case .contested: texts.say("status_contested")
    case .hearing: texts.say("status_hearing")
    case .rejected: texts.say("status_rejected")
    case .withdrawn: texts.say("status_withdrawn")
    case .confirmed: texts.say("status_confirmed")
    case .declined: texts.say("status_declined")
    case .noticed: texts.say("status_noticed")
    case .decided: texts.say("status_decided")
    case .settled: texts.say(isCarried ? "status_carried" : "status_settled")
    case .paid: texts.say("status_paid")
    }
  }

  /// The same with the dates of a running notice.
  var stateWithDates: String {
    guard let notice else { return state }
    switch record.status {
    case .noticed where notice.endsAt == notice.debitAt:
      return texts.say("notice_until_same", ["time": texts.moment(notice.endsAt)])
    case .noticed:
      return texts.say(
        "notice_until", ["time": texts.moment(notice.endsAt), "debit": texts.moment(notice.debitAt)])
    case .decided: return texts.say("notice_waiting_debit", ["debit": texts.moment(notice.debitAt)])
    default: return state
    }
  }

  /// A sentence.
  var sentence: String {
    switch record.status {
    case .filed: texts.say("case_state_filed")
    case .assigned: texts.say("case_state_assigned")
    case .reported: texts.say("case_state_reported")
    case .contested: texts.say("case_state_contested")
    case .hearing: texts.say("case_state_hearing", ["time": texts.moment(jury?.revealBy ?? .zero)])
    case .rejected: texts.say("case_state_rejected")
    case .withdrawn: texts.say("case_state_withdrawn")
    case .confirmed: texts.say("case_state_confirmed")
    case .declined: texts.say("case_state_declined")
    case .noticed: texts.say("case_state_noticed", ["time": texts.moment(notice?.endsAt ?? .zero)])
    case .decided: texts.say("case_state_decided", ["time": texts.moment(notice?.debitAt ?? .zero)])
    case .settled: texts.say(isCarried ? "case_state_carried" : "case_state_settled")
    case .paid: texts.say("case_state_paid")
    }
  }
}
