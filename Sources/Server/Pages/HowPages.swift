internal import Ledger
internal import Node
internal import TransparencyLog

/// The parts of "How it works", in the order in which they are read.
enum HowPart: String, CaseIterable {
  case ledger, endorsement, proof, promise

  static let path = "/how"

  var path: String { "\(HowPart.path)/\(rawValue)" }

  /// Name of its template.
  var template: String { "\(HowPage.template)-\(rawValue)" }

  /// Keys of its texts: what links to it call it, what it is about in a sentence, its heading, and what stands below.
  var texts: (link: String, card: String, title: String, lead: String) {
    switch self {
    case .ledger: ("how_ledger", "how_ledger_card", "how_ledger_title", "how_ledger_lead")
    case .endorsement: ("how_endorsement", "how_endorsement_card", "how_endorsement_title", "how_endorsement_lead")
    case .proof: ("how_proof", "how_proof_card", "how_proof_title", "how_proof_lead")
    case .promise: ("how_promise", "how_promise_card", "how_promise_title", "how_promise_lead")
    }
  }

  /// Links to all parts, and to the one that is read next.
  ///
  /// - Parameter here: the part that is being read; `nil` on the page before them.
  static func links(_ here: HowPart?, _ scope: PageScope) -> PageFields {
    let parts = allCases
    let next = here.map { here in parts.drop { $0 != here }.dropFirst().first } ?? parts.first
    return [
      "how_parts": parts.map { part -> PageFields in
        [
          "part_href": scope.reader.link(part.path), "part_name": scope.texts.say(part.texts.link),
          "part_card": scope.texts.say(part.texts.card), "part_here": part == here,
        ]
      },
      "how_start_href": scope.reader.link(path),
      "how_start_here": here == nil,
      "next_href": next.map { scope.reader.link($0.path) },
      "next_name": next.map { scope.texts.say("how_next", ["part": scope.texts.say($0.texts.link)]) },
    ]
  }
}

/// `/how` and the pages of its parts.
struct HowPage: Page {
  static let template = "how"
  let template: String
  let section: Section? = nil
  let title: String
  let about: String?
  let fields: PageFields
  let isOfBlock: Bool

  /// - Parameter part: which; `nil` for the page before them, ten yuan of one member from her deposit to the proof in
  ///   her hand, whose figures are an example's.
  init(_ part: HowPart?, _ scope: PageScope) {
    template = part?.template ?? HowPage.template
    title = scope.texts.say(part?.texts.title ?? "how_title")
    about = part?.texts.lead ?? "how_lead"
    isOfBlock = part != nil
    fields = HowPart.links(part, scope).adding(part.map { HowPage.figures($0, scope) } ?? [:])
  }

  /// The page of the part that an address names.
  ///
  /// - Throws: `PageError.notFound` where there is no such part.
  init(named name: String?, _ scope: PageScope) throws(PageError) {
    guard let part = name.flatMap(HowPart.init(rawValue:)) else { throw .notFound }
    self.init(part, scope)
  }

  /// What a part says of this very ledger.
  private static func figures(_ part: HowPart, _ scope: PageScope) -> PageFields {
    let (texts, view) = (scope.texts, scope.view)
    switch part {
    case .ledger:
      return [
        "blocks": Numbers.grouped(view.height),
        "entries": Numbers.grouped(view.head.size),
        "root": view.head.root.description,
        "explorer_href": scope.reader.link(Section.explorer.path),
      ]
    case .endorsement:
      return [
        "quorum_text": QuorumWords.rule(scope),
        "quorum_promise": QuorumWords.promise(scope),
        "organisations_href": scope.reader.link(Section.organisations.path),
      ]
    case .proof:
      let entries = Numbers.grouped(view.head.size)
      return [
        "tree_now": texts.count("how_tree_now", longestPath(size: view.head.size), ["entries": entries])
      ]
    case .promise:
      return [
        "quorum_promise": QuorumWords.promise(scope),
        "more_text": texts.say(view.certifiers.count == 1 ? "how_does_single" : "how_does_more"),
      ]
    }
  }

  /// The most hashes that a path of RFC 6962 has in a tree of that many leaves: ⌈log2 size⌉.
  static func longestPath(size: UInt64) -> Int { size < 2 ? 0 : 64 - (size - 1).leadingZeroBitCount }
}
