internal import Ledger
internal import Node
internal import TransparencyLog

/// The parts of "How it works", in the order in which they are read.
enum HowPart: String, CaseIterable {
  case ledger, endorsement, proof, promise

  static let path = "/how"

  var path: String { "\(HowPart.path)/\(rawValue)" }

  /// What links to it call it.
  var key: String {
    switch self {
    case .ledger: "how_ledger"
    case .endorsement: "how_endorsement"
    case .proof: "how_proof"
    case .promise: "how_promise"
    }
  }

  /// What it is about, in a sentence.
  private var card: String {
    switch self {
    case .ledger: "how_ledger_card"
    case .endorsement: "how_endorsement_card"
    case .proof: "how_proof_card"
    case .promise: "how_promise_card"
    }
  }

  /// The page of the part that an address names.
  ///
  /// - Throws: `PageError.notFound` where there is no such part.
  static func page(_ name: String?, _ scope: PageScope) throws(PageError) -> any Page {
    switch name.flatMap(HowPart.init(rawValue:)) {
    case .ledger: return HowLedgerPage(scope)
    case .endorsement: return HowEndorsementPage(scope)
    case .proof: return HowProofPage(scope)
    case .promise: return HowPromisePage(scope)
    case nil: throw .notFound
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
          "part_href": scope.reader.link(part.path), "part_name": scope.texts.say(part.key),
          "part_card": scope.texts.say(part.card), "part_here": part == here,
        ]
      },
      "how_start_href": scope.reader.link(path),
      "how_start_here": here == nil,
      "next_href": next.map { scope.reader.link($0.path) },
      "next_name": next.map { scope.texts.say("how_next", ["part": scope.texts.say($0.key)]) },
    ]
  }
}

/// `/how`: ten yuan of one member, from her deposit to the proof in her hand.
struct HowPage: Page {
  static let template = "how"
  let section: Section? = nil
  let title: String
  let fields: PageFields
  /// Its figures are an example's.
  let isOfBlock = false

  init(_ scope: PageScope) {
    title = scope.texts.say("how_title")
    fields = HowPart.links(nil, scope)
  }
}

/// `/how/ledger`: pages that each hold the fingerprint of the one before.
struct HowLedgerPage: Page {
  static let template = "how-ledger"
  let section: Section? = nil
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    title = scope.texts.say("how_ledger_title")
    fields = HowPart.links(.ledger, scope).adding([
      "blocks": Numbers.grouped(scope.view.height),
      "entries": Numbers.grouped(scope.view.head.size),
      "root": scope.view.head.root.description,
      "explorer_href": scope.reader.link(Section.explorer.path),
    ])
  }
}

/// `/how/endorsement`: organisations that recompute and sign, and how many of them have to.
struct HowEndorsementPage: Page {
  static let template = "how-endorsement"
  let section: Section? = nil
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    title = scope.texts.say("how_endorsement_title")
    fields = HowPart.links(.endorsement, scope).adding([
      "quorum_text": QuorumWords.rule(scope),
      "quorum_promise": QuorumWords.promise(scope),
      "organisations_href": scope.reader.link(Section.organisations.path),
    ])
  }
}

/// `/how/proof`: the way from an entry to the fingerprint that was signed.
struct HowProofPage: Page {
  static let template = "how-proof"
  let section: Section? = nil
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    let size = scope.view.head.size
    title = scope.texts.say("how_proof_title")
    fields = HowPart.links(.proof, scope).adding([
      "tree_now": scope.texts.count(
        "how_tree_now", HowProofPage.longestPath(size: size), ["entries": Numbers.grouped(size)])
    ])
  }

  /// The most hashes that a path of RFC 6962 has in a tree of that many leaves: ⌈log2 size⌉.
  static func longestPath(size: UInt64) -> Int { size < 2 ? 0 : 64 - (size - 1).leadingZeroBitCount }
}

/// `/how/promise`: what holds, under which condition, and what no ledger can promise.
struct HowPromisePage: Page {
  static let template = "how-promise"
  let section: Section? = nil
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    let isAlone = scope.view.certifiers.count == 1
    title = scope.texts.say("how_promise_title")
    fields = HowPart.links(.promise, scope).adding([
      "quorum_promise": QuorumWords.promise(scope),
      "more_text": scope.texts.say(isAlone ? "how_does_single" : "how_does_more"),
    ])
  }
}
