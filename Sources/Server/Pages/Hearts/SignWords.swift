internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// A sign in words: what stands where. Never that somebody cheated.
struct SignWords {
  let found: FoundSign
  let scope: PageScope
  private let words: HeartWords
  private let facts: SignFacts

  init(_ found: FoundSign, _ scope: PageScope) {
    self.found = found
    self.scope = scope
    words = HeartWords(scope)
    facts = SignFacts(found.sign)
  }

  private var texts: Texts { scope.texts }

  /// One line.
  var title: String {
    switch found.sign {
    case .undistributed: texts.say("sign_undistributed", ["left": quantity])
    case .unplanted: texts.say("sign_unplanted", ["trees": quantity])
    case .silent: texts.say("sign_silent")
    case .onlyOverhead: texts.say("sign_only_overhead")
    case .roundTrip: texts.say("sign_round_trip", ["first": organisation(0), "second": organisation(1)])
    case .ring: texts.say("sign_ring", ["n": "\(facts.organisations.count)"])
    case .overdrawn: texts.say("sign_overdrawn", ["organisation": organisation(0)])
    case .repeated: texts.say("sign_repeated", ["organisation": organisation(0)])
    }
  }

  /// What stands there, in sentences.
  var text: String {
    switch found.sign {
    case .undistributed: project("sign_undistributed_text")
    case .unplanted: project("sign_unplanted_text")
    case .silent: project("sign_silent_text")
    case .onlyOverhead: project("sign_only_overhead_text")
    case .roundTrip: texts.join([texts.say("sign_round_trip_text", ["quantity": quantity])] + relation)
    case .ring:
      texts.join(
        [texts.say("sign_ring_text", ["names": names, "first": organisation(0), "quantity": quantity])] + relation)
    case .overdrawn: events("sign_overdrawn_text")
    case .repeated: events("sign_repeated_text")
    }
  }

  private var quantity: String {
    guard let quantity = facts.quantity, let unit = facts.unit else { return "" }
    if case .unplanted = found.sign { return words.quantity(quantity, unit, of: .trees) }
    return words.quantity(quantity, unit)
  }

  private var relation: [String] { facts.related == true ? [texts.say("sign_related")] : [] }

  private func organisation(_ place: Int) -> String { scope.organisationName(Int(facts.organisations[place])) }

  private var names: String {
    facts.organisations.map { scope.organisationName(Int($0)) }.joined(separator: texts.say("sign_then"))
  }

  private func project(_ key: String) -> String {
    guard let number = facts.project else { return "" }
    let record = scope.hearts.projects[Int(number)]
    let last = record.disclosedAt == record.openedAt ? nil : texts.date(record.disclosedAt)
    return texts.say(
      key,
      [
        "project": words.projectName(number), "charity": scope.organisationName(Int(record.charity)),
        "end": texts.date(record.end), "quantity": quantity, "since": texts.date(found.time),
        "last": last.map { texts.say("sign_last_report", ["time": $0]) } ?? texts.say("sign_no_report"),
      ])
  }

  private func events(_ key: String) -> String {
    let number = found.event.map { $0 & (1 << 48 - 1) } ?? 0
    return texts.count(key, facts.events ?? 0, ["number": Numbers.grouped(number)])
  }
}

extension SignWords {
  /// What fills a sign's article.
  func fields(_ number: Int) throws -> PageFields {
    let fields: PageFields = [
      "sign_number": "\(number)",
      "sign_title": title,
      "sign_text": text,
      "sign_iso": found.time == .zero ? nil : Moments.iso(found.time),
      "sign_time": texts.moment(found.time),
      "sign_project": facts.project.map { words.projectName($0) },
      "sign_project_href": facts.project.map { scope.link("hearts/projects", $0) },
      "sign_has_organisations": !facts.organisations.isEmpty,
      "sign_organisations": facts.organisations.map { ordinal -> PageFields in
        [
          "organisation_name": scope.organisationName(Int(ordinal)),
          "organisation_href": scope.organisationLink(Int(ordinal)),
        ]
      },
      "sign_records": found.places.map { place -> PageFields in
        [
          "record_name": texts.say(SignWords.name(of: place.table), ["n": "\(place.ordinal)"]),
          "record_href": scope.reader.link(
            "/verify", [("file", scope.file("/v1/proofs/\(place.table)/\(place.ordinal)"))]),
        ]
      },
    ]
    return fields.adding(try event())
  }

  private static func name(of table: String) -> String {
    switch table {
    case "projects": "sign_record_project"
    case "flows": "sign_record_flow"
    case "relations": "sign_record_relation"
    case "trace_books": "sign_record_book"
    default: "sign_record_manifest"
    }
  }

  /// The event that made it what it is, and the block it stands in.
  private func event() throws -> PageFields {
    guard let event = found.event else { return ["sign_event": nil] }
    let block = try block(of: event)
    return [
      "sign_event": texts.say(
        "sign_event",
        [
          "organisation": scope.organisationName(Int(event >> 48)),
          "number": Numbers.grouped(event & (1 << 48 - 1)),
        ]),
      "sign_block": block.map { texts.say("sign_block", ["n": Numbers.grouped($0)]) },
      "sign_block_href": block.map { scope.link("explorer/blocks", $0) },
    ]
  }

  /// An accepted event stands in the index; of a refused one the time of its manifest tells the block, if only one has
  /// that time.
  private func block(of event: UInt64) throws -> UInt64? {
    if let place = try scope.index.step(of: event)?.place { return IndexedStep.height(place: place) }
    guard found.time != .zero else { return nil }
    let search = BlockSearch(
      index: scope.index, entries: LogEntries(log: scope.log, size: scope.view.head.size))
    return try search.only(at: found.time, height: scope.view.height)
  }
}
