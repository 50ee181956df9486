internal import HeartChain
internal import Ledger
internal import Node
internal import TransparencyLog

/// A project in words and figures: the public notice of it.
struct ProjectWords {
  let number: UInt32
  let record: ProjectRecord
  let scope: PageScope
  private let words: HeartWords

  init(_ number: UInt32, _ scope: PageScope) {
    self.number = number
    self.scope = scope
    record = scope.hearts.projects[Int(number)]
    words = HeartWords(scope)
  }

  private var texts: Texts { scope.texts }
  private var isOver: Bool { scope.view.time > record.end }

  var name: String { words.projectName(number) }

  /// In pieces are counted trees, of a project that took pledges, and things.
  private var pieces: GiftCategory { record.pledged > 0 ? .trees : .goods }

  func quantity(_ amount: Int64, _ unit: GiftUnit) -> String {
    words.quantity(amount, unit, of: unit == .piece ? pieces : .goods)
  }

  /// What a project has in each unit in which anything was given; of a sum that says nothing an empty list.
  private func sums(_ amount: (ProjectFlow) -> Int64) -> String {
    let parts = GiftUnit.allCases.filter { record[$0].given > 0 }.map { quantity(amount(record[$0]), $0) }
    return parts.isEmpty ? texts.say("notice_nothing") : parts.joined(separator: texts.say("list_and"))
  }

  /// What stands on every list of projects.
  var card: PageFields {
    [
      "project_number": "\(number)",
      "project_name": name,
      "project_href": scope.link("hearts/projects", number),
      "project_charity": scope.organisationName(Int(record.charity)),
      "project_charity_href": scope.reader.link("/hearts/charities", fragment: "charity-\(record.charity)"),
      "project_term": term,
      "project_state": state,
      "project_gifts": Numbers.grouped(record.gifts),
      "project_given": sums(\.given),
      "project_out": sums(\.out),
      "project_left": sums(\.left),
    ]
  }

  private var term: String {
    texts.say("notice_term_text", ["from": texts.date(record.start), "to": texts.date(record.end)])
  }

  private var state: String {
    if scope.view.time < record.start { return texts.say("notice_ahead") }
    guard isOver else { return texts.say("notice_running") }
    return texts.say(GiftUnit.allCases.contains { record.undistributed($0) > 0 } ? "notice_over_left" : "notice_over")
  }
}

extension ProjectWords {
  /// The whole notice.
  var notice: PageFields {
    card.adding([
      "project_place": words.place(record.place),
      "project_description": record.description.description,
      "project_opened": texts.moment(record.openedAt),
      "project_last_event": texts.moment(record.eventAt),
      "project_hearts": Numbers.grouped(record.hearts),
      "project_reversed": record.reversed > 0 ? texts.count("notice_reversed", record.reversed) : nil,
      "flows": GiftUnit.allCases.filter { record[$0].given > 0 }.map(flow),
      "money": record[.fen].given > 0 || record.committed > 0,
      "money_lines": money,
      "money_overhead": overhead,
      "trees": record.pledged > 0,
      "tree_lines": trees,
      "beyond": beyond,
      "beyond_bad": GiftUnit.allCases.contains { record.undistributed($0) > 0 } || waitingTrees > 0,
      "disclosed": disclosed,
      "proof_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/projects/\(number)"))]),
      "iati_href": scope.file("/v1/hearts/exports/iati.xml", [("project", "\(number)")]),
      "grants_href": record.disbursed > 0
        ? scope.file("/v1/hearts/exports/360giving.json", [("project", "\(number)")]) : nil,
    ])
  }

  private func flow(_ unit: GiftUnit) -> PageFields {
    let flow = record[unit]
    return [
      "flow_unit": texts.say(ProjectWords.name(of: unit, pieces)),
      "flow_given": quantity(flow.given, unit), "flow_out": quantity(flow.out, unit),
      "flow_lost": quantity(flow.lost, unit), "flow_left": quantity(flow.left, unit),
    ]
  }

  static func name(of unit: GiftUnit, _ pieces: GiftCategory) -> String {
    switch unit {
    case .fen: "unit_money"
    case .gram: "unit_weight"
    case .piece: pieces == .trees ? "unit_trees" : "unit_pieces"
    case .millilitre: "unit_volume"
    case .attendance: "unit_attendance"
    }
  }

  private func lines(_ lines: [(key: String, text: String)]) -> [PageFields] {
    lines.map { ["line_name": texts.say($0.key), "line_text": $0.text] }
  }

  private var money: [PageFields] {
    lines([
      ("notice_committed", quantity(record.committed, .fen)), ("notice_disbursed", quantity(record.disbursed, .fen)),
      ("notice_spent", quantity(record.spent, .fen)), ("notice_overhead", quantity(record.overhead, .fen)),
      ("notice_returned", quantity(record.returned, .fen)),
    ])
  }

  /// Overhead in thousandths of all that was spent; `nil` where nothing was.
  private var overhead: String? {
    let all = Int128(record.spent) + Int128(record.overhead)
    guard all > 0 else { return nil }
    return texts.say(
      "notice_overhead_share", ["share": ProjectWords.percent(Int128(record.overhead) * 1000 / all)])
  }

  /// Thousandths as percent: 125 as "12.5".
  static func percent(_ thousandths: Int128) -> String { "\(thousandths / 10).\(thousandths % 10)" }

  private var waitingTrees: Int64 { record.pledged - record.planted - record.withdrawn }

  private var trees: [PageFields] {
    lines([
      ("notice_pledged", quantity(record.pledged, .piece)), ("notice_planted", quantity(record.planted, .piece)),
      ("notice_withdrawn", quantity(record.withdrawn, .piece)),
      ("notice_waiting_trees", quantity(waitingTrees, .piece)),
    ])
  }

  /// What is left beyond the term; `nil` while it runs.
  private var beyond: String? {
    guard isOver else { return nil }
    let left = GiftUnit.allCases.filter { record.undistributed($0) > 0 }.map {
      quantity(record.undistributed($0), $0)
    }
    var sentences: [String] = []
    if !left.isEmpty {
      sentences.append(texts.say("notice_beyond", ["left": left.joined(separator: texts.say("list_and"))]))
    }
    if waitingTrees > 0 {
      sentences.append(texts.say("notice_beyond_trees", ["trees": quantity(waitingTrees, .piece)]))
    }
    return sentences.isEmpty ? texts.say("notice_beyond_none") : texts.join(sentences)
  }

  private var disclosed: String {
    record.disclosedAt == record.openedAt
      ? texts.say("sign_no_report") : texts.say("sign_last_report", ["time": texts.date(record.disclosedAt)])
  }
}
