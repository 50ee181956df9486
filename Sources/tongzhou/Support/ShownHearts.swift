internal import HeartChain
internal import Ledger
internal import MutualAid
internal import TongzhouClient
internal import TransparencyLog

/// An address's hearts and index as the terminal has them.
struct ShownGiver: Encodable {
  struct Term: Encodable {
    let from: String
    let points: UInt32
    let weight: UInt16
    let counted: UInt64
  }

  struct Change: Encodable {
    let time: UInt64
    let kind: String
    let hearts: Int64
    let number: UInt32
  }

  struct Consent: Encodable {
    let consent: UInt32
    let partner: UInt32
    let until: UInt64
    let holds: Bool
  }

  let chain, address: String
  let minted, held, spent, given, reversed, debt: Int64
  let loveIndex: UInt16
  let formula: UInt64
  let time: UInt64
  let terms: [Term]
  let changes: [Change]
  let consents: [Consent]

  private enum CodingKeys: String, CodingKey {
    case chain, address, minted, held, spent, given, reversed, debt, formula, time, terms, changes, consents
    case loveIndex = "love_index"
  }

  init(_ giver: ProvenGiver, _ consents: [(consent: UInt32, record: IndexConsentRecord)], chain: Hash) {
    self.chain = chain.description
    address = giver.address.description
    minted = giver.record.minted
    held = giver.record.held
    spent = giver.record.spent
    given = giver.record.given
    reversed = giver.record.reversed
    debt = giver.record.debt
    loveIndex = giver.index
    formula = giver.version
    time = giver.time.seconds
    terms = giver.terms.map {
      Term(from: $0.from.dayText, points: $0.points, weight: $0.weight, counted: $0.counted)
    }
    changes = giver.changes.map {
      Change(
        time: $0.time.seconds, kind: TraceWords.word($0.kind, in: TraceWords.changes), hearts: $0.hearts,
        number: $0.number)
    }
    self.consents = consents.map {
      Consent(
        consent: $0.consent, partner: $0.record.partner, until: $0.record.until.seconds,
        holds: $0.record.holds(at: giver.time))
    }
  }

  func print(isPinned: Bool) {
    Output.line("\(address)")
    Output.line("  hearts       \(held) held of \(minted); \(spent) spent, \(given) given, \(reversed) taken back")
    if debt > 0 { Output.line("  debt         \(debt), which the next hearts fill") }
    Output.line("  love index   \(loveIndex), by version \(formula) of the formula")
    for term in terms where term.points > 0 {
      Output.line("    from \(term.from): \(term.points) points × \(term.weight) ÷ 1000 = \(term.counted)")
    }
    Output.line("  what changed its hearts:")
    for change in changes { Output.line("    \(Timestamp(seconds: change.time).dayText)  \(ShownGiver.words(change))") }
    for consent in consents {
      let standing = consent.holds ? "until \(Timestamp(seconds: consent.until).dayText)" : "taken back or over"
      Output.line("  consent \(consent.consent) for partner \(consent.partner): \(standing)")
    }
    Output.line(
      "  chain        \(chain)" + (isPinned ? ", as pinned" : "; compare it with the one you know, or use --genesis"))
  }

  private static func words(_ change: Change) -> String {
    switch change.kind {
    case "minted": "+\(change.hearts) for gift \(change.number)"
    case "claimed": "+\(change.hearts) for gift \(change.number), claimed with its code"
    case "spent": "−\(change.hearts) at partner \(change.number)"
    case "given": "−\(change.hearts) to project \(change.number)"
    default: "−\(change.hearts): gift \(change.number) was taken back"
    }
  }
}

/// A gift as the terminal has it.
struct ShownGift: Encodable {
  struct Step: Encodable {
    let organisation: String
    let number, time: UInt64
    let what, words: String
    let lots: [UInt32]
  }

  let chain: String
  let gift: UInt32
  let binding: String
  let hearts: Int64
  let points: UInt16
  let time: UInt64
  let recordedBy: String
  let project: UInt32
  let lot: UInt32?
  let impact: GiftImpact.Impact?
  /// Events of its lot and of the lots that something of it went into.
  let steps: [Step]
  private let organisations: [String]

  private enum CodingKeys: String, CodingKey {
    case chain, gift, binding, hearts, points, time, project, lot, impact, steps
    case recordedBy = "recorded_by"
  }

  init(
    _ gift: UInt32, _ record: GiftRecord, _ story: GiftImpact, steps: [ToldStep], organisations: [String], chain: Hash
  ) {
    self.chain = chain.description
    self.gift = gift
    binding = TraceWords.word(record.binding, in: TraceWords.bindings)
    hearts = record.hearts
    points = record.points
    time = record.time.seconds
    recordedBy = ShownGift.name(record.organisation, organisations)
    project = story.project
    lot = story.lot
    impact = story.impact
    self.steps = steps.map { step in
      Step(
        organisation: ShownGift.name(step.event.organisation, organisations), number: step.event.number,
        time: step.time, what: step.what, words: ShownGift.words(step, organisations), lots: step.sources + step.made)
    }
    self.organisations = organisations
  }

  static func name(_ ordinal: UInt16, _ names: [String]) -> String {
    Int(ordinal) < names.count ? names[Int(ordinal)] : "organisation \(ordinal)"
  }

  func print() {
    Output.line("gift \(gift), recorded \(Timestamp(seconds: time).dayText) by \(recordedBy) for project \(project)")
    Output.line("  hearts       \(hearts), and \(points) points of the love index; bound to: \(binding)")
    if let lot { Output.line("  lot          \(lot)") }
    if let impact {
      let unit = TraceWords.value(impact.unit, in: TraceWords.units) ?? .piece
      Output.line("  of \(TraceWords.quantity(impact.given, unit)):")
      for part in impact.portions {
        let to = part.receiver.map { " to \(ShownGift.name($0, organisations))" } ?? ""
        let by = ShownGift.name(part.organisation, organisations)
        let what = part.outcome.replacing("_", with: " ")
        Output.line("    \(TraceWords.quantity(part.quantity, unit)) \(what)\(to), \(by), place \(part.place)")
      }
      if !impact.whole { Output.line("    the rest went further than the node follows") }
    }
    if !steps.isEmpty { Output.line("  its way, and that of what it became:") }
    for step in steps { Output.line("    " + step.words) }
    Output.line("  chain        \(chain)")
  }
}

extension ShownGift {
  /// An event in a line.
  private static func words(_ step: ToldStep, _ organisations: [String]) -> String {
    let unit = step.unit.flatMap { TraceWords.value($0, in: TraceWords.units) }
    var line = "\(Timestamp(seconds: step.happenedAt).dayText)  \(step.what)"
    if let unit, step.quantity != 0 { line += " " + TraceWords.quantity(step.quantity, unit) }
    if let reason = step.reason { line += ", " + reason }
    if let to = step.to { line += ", to " + name(to, organisations) }
    if let place = step.place { line += ", place \(place)" }
    let lots = (step.sources + step.made).map { "\($0)" }
    if !lots.isEmpty { line += "; lot " + lots.joined(separator: ", ") }
    return line + "; by \(name(step.event.organisation, organisations))"
  }
}

/// A lot as the terminal has it.
struct ShownLot: Encodable {
  let lot: UInt32
  let project: UInt32
  /// Absent for a container.
  let kind: UInt16?
  let state, unit, owner, holder: String
  let receiver: String?
  let place: UInt32
  let gift, inside: UInt32?
  /// What was taken back is not among what was lost.
  let received, left, handed, lost, takenBack, passed: Int64
  let history: String

  init(_ ordinal: UInt32, _ record: LotRecord, organisations: [String]) {
    lot = ordinal
    project = record.project
    kind = record.kind == LotRecord.container ? nil : record.kind
    state = TraceWords.word(record.state, in: TraceWords.states)
    unit = TraceWords.word(record.unit, in: TraceWords.units)
    owner = ShownGift.name(record.owner, organisations)
    holder = ShownGift.name(record.holder, organisations)
    receiver = record.state == .travelling ? ShownGift.name(record.receiver, organisations) : nil
    place = record.place
    gift = record.gift == 0 ? nil : record.gift - 1
    inside = record.inside == 0 ? nil : record.inside - 1
    received = record.received
    left = record.left
    handed = record.handed
    lost = record.wasted
    takenBack = record.takenBack
    passed = record.passed
    history = record.history.description
  }

  func print() {
    let way = receiver.map { ", on its way to \($0)" } ?? ""
    let what = kind.map { "kind \($0)" } ?? "a container"
    Output.line("lot \(lot): \(what) of project \(project), \(state) by \(holder)\(way), place \(place)")
    let counted = TraceWords.value(unit, in: TraceWords.units) ?? .piece
    func said(_ amount: Int64) -> String { TraceWords.quantity(amount, counted) }
    let back = takenBack > 0 ? ", \(said(takenBack)) taken back" : ""
    Output.line(
      "  \(said(received)) in the beginning: \(said(left)) left, \(said(handed)) handed over, "
        + "\(said(lost)) lost\(back), \(said(passed)) passed on")
    if let inside { Output.line("  in container \(inside)") }
    if let gift { Output.line("  began as gift \(gift)") }
  }
}

/// A file of rules that reads.
struct ShownRules: Encodable {
  struct Kind: Encodable {
    let name, category, unit: String
    let hearts, points: UInt32
  }

  let kinds: [Kind]
  let thresholds: [UInt16]?
  let ok = true

  private enum CodingKeys: String, CodingKey { case kinds, thresholds, ok }

  init(_ rules: HeartRulesFile) {
    kinds = rules.kinds.map {
      Kind(
        name: $0.name, category: TraceWords.word($0.record.category, in: TraceWords.categories),
        unit: TraceWords.word($0.record.unit, in: TraceWords.units), hearts: $0.record.hearts,
        points: $0.record.points)
    }
    thresholds = rules.formula.map { formula in
      formula.thresholds.indices.map { formula.thresholds[$0] }.filter { $0 > 0 }
    }
  }

  func print() {
    for kind in kinds {
      Output.line(
        "\(kind.name): \(kind.category) in \(kind.unit), \(kind.hearts) hearts and \(kind.points) points for 1000")
    }
    if let thresholds {
      Output.line("a formula with the thresholds \(thresholds.map { "\($0)" }.joined(separator: ", "))")
    }
    Output.line("the file may stand")
  }
}
