internal import Ledger
internal import Node
internal import Storage

/// `/explorer`: the blocks, newest first.
struct ExplorerPage: Page {
  static let template = "explorer"
  let section: Section? = .explorer
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) throws {
    let texts = scope.texts
    title = texts.say("explorer_title")
    let before = try scope.reader.query.before()
    let blocks = try scope.index.blocks(before: before, limit: PageScope.rows)
    let oldest = blocks.last?.height ?? 1
    fields =
      ([
        "height": Numbers.grouped(scope.view.height),
        "entries_count": Numbers.grouped(scope.view.head.size),
        "search_text": "",
        "has_blocks": !blocks.isEmpty,
        "blocks": blocks.map { block -> PageFields in
          [
            "block_href": scope.link("explorer/blocks", block.height),
            "block_height": Numbers.grouped(block.height),
            "block_iso": Moments.iso(block.time),
            "block_time": Moments.short(block.time),
            "block_proposer": scope.organisationName(Int(block.proposer)),
            "block_transactions": Numbers.grouped(block.transactions),
            "block_failed": block.failed > 0 ? texts.count("block_failed", block.failed) : nil,
          ]
        },
      ] as PageFields)
      .adding(scope.lag(indexed: try scope.index.height))
      .adding(scope.pager("/explorer", older: oldest > 1 ? oldest : nil, fragment: "blocks"))
  }
}
