internal import Consortium
internal import HeartChain
internal import Ledger
internal import MutualAid
internal import Storage

/// Transactions in words.
enum TransactionWords {
  /// The keys of a short name and of a sentence.
  static func keys(contract: String, kind: UInt32) -> (name: String, text: String) {
    if contract == Consortium.name {
      switch ConsortiumAction(rawValue: kind) {
      case .register: return ("tx_register", "tx_register_text")
      case .attest: return ("tx_attest", "tx_attest_text")
      case .propose: return ("tx_propose", "tx_propose_text")
      case .vote: return ("tx_vote", "tx_vote_text")
      case .withdraw: return ("tx_withdraw", "tx_withdraw_text")
      case .callPause: return ("tx_call_pause", "tx_call_pause_text")
      case .evidence: return ("tx_evidence", "tx_evidence_text")
      case nil: break
      }
    }
    if contract == MutualAid.name, let action = MutualAidAction(rawValue: kind) {
      switch action {
      case .openPlan: return ("tx_open_plan", "tx_open_plan_text")
      case .join: return ("tx_join", "tx_join_text")
      case .deposits: return ("tx_deposits", "tx_deposits_text")
      case .fileCase: return ("tx_file_case", "tx_file_case_text")
      case .investigate: return ("tx_investigate", "tx_investigate_text")
      case .publishNotice: return ("tx_publish_notice", "tx_publish_notice_text")
      case .confirmPayout: return ("tx_confirm_payout", "tx_confirm_payout_text")
      case .leave: return ("tx_leave", "tx_leave_text")
      case .confirmRefund: return ("tx_confirm_refund", "tx_confirm_refund_text")
      case .reverse: return ("tx_reverse", "tx_reverse_text")
      case .contribute: return ("tx_contribute", "tx_contribute_text")
      case .assign: return ("tx_assign", "tx_assign_text")
      case .decide: return ("tx_decide", "tx_decide_text")
      case .withdrawCase: return ("tx_withdraw_case", "tx_withdraw_case_text")
      case .object: return ("tx_object", "tx_object_text")
      case .appeal: return ("tx_appeal", "tx_appeal_text")
      case .volunteer: return ("tx_volunteer", "tx_volunteer_text")
      case .commitDice: return ("tx_commit_dice", "tx_commit_dice_text")
      case .revealDice: return ("tx_reveal_dice", "tx_reveal_dice_text")
      case .recuse: return ("tx_recuse", "tx_recuse_text")
      case .commitVote: return ("tx_commit_vote", "tx_commit_vote_text")
      case .revealVote: return ("tx_reveal_vote", "tx_reveal_vote_text")
      case .returnPayout: return ("tx_return_payout", "tx_return_payout_text")
      case .certifyDiagnosis: return ("tx_certify", "tx_certify_text")
      case .countersign: return ("tx_countersign", "tx_countersign_text")
      case .recover: return ("tx_recover", "tx_recover_text")
      case .reserveStatement: return ("tx_reserve_statement", "tx_reserve_statement_text")
      case .registerRecord: return ("tx_register_record", "tx_register_record_text")
      case .nameHelper: return ("tx_name_helper", "tx_name_helper_text")
      case .askFieldCheck: return ("tx_ask_field_check", "tx_ask_field_check_text")
      case .sendFieldCheck: return ("tx_send_field_check", "tx_send_field_check_text")
      case .reportFieldCheck: return ("tx_report_field_check", "tx_report_field_check_text")
      case .complain: return ("tx_complain", "tx_complain_text")
      case .answerComplaint: return ("tx_answer_complaint", "tx_answer_complaint_text")
      case .rotateKey: return ("tx_rotate_key", "tx_rotate_key_text")
      case .proposeRecovery: return ("tx_propose_recovery", "tx_propose_recovery_text")
      case .vetoRecovery: return ("tx_veto_recovery", "tx_veto_recovery_text")
      case .proveIdentity: return ("tx_prove_identity", "tx_prove_identity_text")
      case .setPayee: return ("tx_set_payee", "tx_set_payee_text")
      case .setHeir: return ("tx_set_heir", "tx_set_heir_text")
      case .reportDeath: return ("tx_report_death", "tx_report_death_text")
      case .takeOver: return ("tx_take_over", "tx_take_over_text")
      case .reportIllness: return ("tx_report_illness", "tx_report_illness_text")
      case .registerGroup: return ("tx_register_group", "tx_register_group_text")
      case .enrol: return ("tx_enrol", "tx_enrol_text")
      case .groupDeposit: return ("tx_group_deposit", "tx_group_deposit_text")
      case .leaveGroup: return ("tx_leave_group", "tx_leave_group_text")
      case .giveConsent: return ("tx_give_consent", "tx_give_consent_text")
      case .withdrawConsent: return ("tx_withdraw_consent", "tx_withdraw_consent_text")
      }
    }
    if contract == Hearts.name, let action = HeartAction(rawValue: kind) { return keys(of: action) }
    return ("tx_unknown", "tx_unknown_text")
  }

  private static func keys(of action: HeartAction) -> (name: String, text: String) {
    switch action {
    case .openProject: ("tx_open_project", "tx_open_project_text")
    case .disclose: ("tx_disclose", "tx_disclose_text")
    case .trace: ("tx_trace", "tx_trace_text")
    case .redeem: ("tx_redeem", "tx_redeem_text")
    case .spend: ("tx_spend", "tx_spend_text")
    case .giveHearts: ("tx_give_hearts", "tx_give_hearts_text")
    case .reverse: ("tx_reverse_gift", "tx_reverse_gift_text")
    case .registerPartner: ("tx_register_partner", "tx_register_partner_text")
    case .closePartner: ("tx_close_partner", "tx_close_partner_text")
    case .openChannel: ("tx_open_channel", "tx_open_channel_text")
    case .closeChannel: ("tx_close_channel", "tx_close_channel_text")
    case .consent: ("tx_consent", "tx_consent_text")
    case .withdrawConsent: ("tx_end_consent", "tx_end_consent_text")
    case .relate: ("tx_relate", "tx_relate_text")
    }
  }

  /// Why a transaction was refused.
  static func why(_ code: UInt16, _ texts: Texts) -> String {
    texts.has("code_\(code)") ? texts.say("code_\(code)") : texts.say("code_other")
  }

  /// An address short enough for a table.
  static func short(_ address: String) -> String { "\(address.prefix(9))…\(address.suffix(6))" }
}

/// A list of transactions, as the partial `transaction-list` shows it.
struct TransactionRows {
  private let scope: PageScope

  init(_ scope: PageScope) { self.scope = scope }

  func fields(_ transactions: [IndexedTransaction]) -> PageFields {
    ["entries": transactions.map(row), "has_entries": !transactions.isEmpty]
  }

  private func row(_ transaction: IndexedTransaction) -> PageFields {
    [
      "entry_href": scope.link("explorer/transactions", transaction.index),
      "entry_what": scope.texts.say(
        TransactionWords.keys(contract: transaction.contract, kind: transaction.kind).name),
      "entry_failed": transaction.code != 0,
      "entry_who": who(transaction.sender).name,
      "entry_iso": Moments.iso(transaction.time),
      "entry_time": Moments.short(transaction.time),
      "entry_index": Numbers.grouped(transaction.index),
    ]
  }

  /// An officer is named by his organisation, anybody else by her address.
  func who(_ sender: Address) -> (name: String, link: String) {
    if let organisation = scope.consortium.organisation(ofOfficer: sender) {
      return (scope.organisationName(Int(organisation)), scope.organisationLink(Int(organisation)))
    }
    let address = sender.description
    return (TransactionWords.short(address), scope.reader.link("/search", [("q", address)]))
  }
}
