internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/signs`: what in the state a reader should look at, each with its evidence, the newest first.
struct SignsPage: Page {
  static let template = "hearts-signs"
  let section: Section? = .hearts
  let about: String? = "signs_lead"
  let title: String
  let fields: PageFields

  /// - Parameter found: those of the scope's view.
  init(_ scope: PageScope, _ found: FoundSigns) throws {
    let texts = scope.texts
    title = texts.say("signs_title")
    let signs = found.all
    // Numbered from the oldest, so that a list goes on where it stopped.
    let end = min(try scope.reader.query.before().map { Int(clamping: $0) } ?? signs.count, signs.count)
    let first = max(0, end - PageScope.rows)
    let shown = (first..<end).reversed()
    let list: PageFields = [
      "signs_text": signs.isEmpty ? texts.say("signs_none") : texts.count("signs_count", signs.count),
      "signs_none": signs.isEmpty,
      "signs": try shown.map { try SignWords(signs[signs.count - 1 - $0], scope).fields($0) },
      "signs_feed_href": scope.reader.link(to: .signs),
      "signs_file_href": scope.file("/v1/hearts/signs"),
    ]
    fields = list.adding(scope.pager("/hearts/signs", older: first > 0 ? first : nil))
  }
}
