internal import HeartChain
internal import Ledger
internal import MutualAid
internal import Node
internal import Storage
internal import TransparencyLog

/// `/explorer/transactions/<index or hash>`: one entry of the log in words.
struct TransactionPage: Page {
  static let template = "transaction"
  let section: Section? = .explorer
  let title: String
  let fields: PageFields

  init(_ scope: PageScope, transaction text: String?) throws {
    guard let text else { throw PageError.badRequest }
    let found: IndexedTransaction?
    let place: UInt64
    if let hash = Hash(hexadecimal: text) {
      guard let transaction = try scope.index.transaction(hash: hash) else { throw PageError.notFound }
      (found, place) = (transaction, transaction.index)
    } else {
      guard let index = Numbers.read(text, as: UInt64.self) else { throw PageError.badRequest }
      guard index < scope.view.head.size else { throw PageError.notFound }
      (found, place) = (try scope.index.transaction(index: index), index)
    }
    let entry = try LogEntries(log: scope.log, size: scope.view.head.size).entry(place)
    title = scope.texts.say("transaction_name", ["n": Numbers.grouped(place)])
    var fields: PageFields = [
      "heading": title,
      "place": scope.texts.say("transaction_place_text", ["n": Numbers.grouped(place)]),
      "size": entry.map { scope.texts.count("transaction_bytes", $0.count) },
    ]
    if let found {
      fields.merge(TransactionPage.transaction(found, entry: entry, scope))
    } else {
      fields.merge(try TransactionPage.other(place, entry: entry, scope))
    }
    self.fields = fields
  }

  private static func transaction(
    _ transaction: IndexedTransaction, entry: [UInt8]?, _ scope: PageScope
  ) -> PageFields {
    let texts = scope.texts
    let keys = TransactionWords.keys(contract: transaction.contract, kind: transaction.kind)
    let who = TransactionRows(scope).who(transaction.sender)
    let isDone = transaction.code == 0
    return [
      "heading": texts.say(keys.name),
      "text": texts.say(keys.text),
      "result": isDone
        ? texts.say("transaction_done")
        : texts.say("transaction_failed", ["why": TransactionWords.why(transaction.code, texts)]),
      "result_failed": !isDone,
      "subject": entry.flatMap { subject(of: $0, scope) },
      "who": who.name,
      "who_href": who.link,
      "rows": transaction.rows > 0 ? Numbers.grouped(transaction.rows) : nil,
      "time": texts.moment(transaction.time),
      "block": Numbers.grouped(transaction.height),
      "block_href": scope.link("explorer/blocks", transaction.height),
      "hash": transaction.hash.description,
      "code": isDone ? nil : transaction.codeName,
      "receipt_href": scope.file("/v1/receipts/\(transaction.hash)"),
      "qr_href": scope.code(.receipts, transaction.hash),
      "check_href": scope.reader.link("/verify", [("file", scope.file("/v1/receipts/\(transaction.hash)"))]),
    ]
  }

  /// What a transaction is about, with a link, where the record is there.
  private static func subject(of entry: [UInt8], _ scope: PageScope) -> PageFields? {
    guard entry.first == EntryKind.transaction.rawValue,
      let transaction = try? VerifiedTransaction.decodeUnsigned(
        entry: entry, chain: scope.view.genesis.chain)
    else { return nil }
    let texts = scope.texts
    let label = texts.say("transaction_subject")
    if transaction.action.belongs(to: Hearts.name) {
      guard let gift = Hearts.gifts(of: transaction.action).first, Int(gift) < scope.hearts.gifts.count else {
        return nil
      }
      return [
        "subject_label": label, "subject_name": HeartWords(scope).giftName(gift),
        "subject_href": scope.link("hearts/gifts", gift),
      ]
    }
    guard transaction.action.belongs(to: MutualAid.name),
      let subject = MutualAid.subjects(of: transaction.action).first
    else { return nil }
    switch subject {
    case .plan(let ordinal) where Int(ordinal) < scope.aid.plans.count:
      return [
        "subject_label": label, "subject_name": scope.planName(Int(ordinal)),
        "subject_href": scope.link("plans", ordinal),
      ]
    case .membership(let ordinal) where Int(ordinal) < scope.aid.memberships.count:
      return [
        "subject_label": label, "subject_name": texts.say("member_name", ["n": "\(ordinal)"]),
        "subject_href": scope.link("members", ordinal),
      ]
    case .claim(let ordinal) where Int(ordinal) < scope.aid.cases.count:
      return [
        "subject_label": label, "subject_name": texts.say("case_name", ["n": "\(ordinal)"]),
        "subject_href": scope.link("cases", ordinal),
      ]
    case .refund(let ordinal) where Int(ordinal) < scope.aid.refunds.count:
      let refund = scope.aid.refunds[Int(ordinal)]
      return [
        "subject_label": label, "subject_name": texts.say("refund_name", ["n": "\(ordinal)"]),
        "subject_href": refund.membership > 0
          ? scope.link("members", refund.membership - 1) : scope.link("plans", refund.plan),
      ]
    default: return nil
    }
  }

  /// An entry that is no transaction: genesis, header, seal or rows.
  private static func other(_ index: UInt64, entry: [UInt8]?, _ scope: PageScope) throws -> PageFields {
    let texts = scope.texts
    if index == 0 { return ["text": texts.say("entry_genesis_text")] }
    guard let block = try scope.index.block(holding: index) else {
      throw PageError.lagging(height: try scope.index.height, newest: scope.view.height)
    }
    let height = Numbers.grouped(block.height)
    let text =
      switch entry?.first.flatMap(EntryKind.init(rawValue:)) {
      case .header: texts.say("entry_header_text", ["n": height])
      case .seal: texts.say("entry_seal_text", ["n": height])
      case .rows: texts.say("entry_rows_text")
      case .genesis, .transaction, nil: texts.say("entry_unknown_text", ["n": height])
      }
    return [
      "text": text, "time": texts.moment(block.time), "block": height,
      "block_href": scope.link("explorer/blocks", block.height),
    ]
  }
}
