internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// `/explorer/blocks/<height>`: a block and its transactions.
struct BlockPage: Page {
  static let template = "block"
  let section: Section? = .explorer
  let title: String
  let fields: PageFields

  init(_ scope: PageScope, height text: String?) throws {
    guard let text, let height = Numbers.read(text, as: UInt64.self) else { throw PageError.badRequest }
    guard height >= 1, height <= scope.view.height else { throw PageError.notFound }
    guard let block = try scope.index.block(height: height) else {
      throw PageError.lagging(height: try scope.index.height, newest: scope.view.height)
    }
    title = scope.texts.say("block_name", ["n": Numbers.grouped(height)])
    fields = try BlockPage.head(block, scope)
      .adding(try BlockPage.transactions(block, scope))
      .adding([
        "before_href": height > 1 ? scope.link("explorer/blocks", height - 1) : nil,
        "after_href": height < scope.view.height ? scope.link("explorer/blocks", height + 1) : nil,
      ])
  }

  private static func head(_ block: IndexedBlockSummary, _ scope: PageScope) throws -> PageFields {
    let texts = scope.texts
    let entries = LogEntries(log: scope.log, size: scope.view.head.size)
    let seal = try entries.entry(block.sealIndex).map(Seal.init(entry:))
    let text =
      if block.transactions == 0 {
        texts.say("block_text_empty")
      } else if block.failed > 0 {
        texts.count("block_text_failed", block.transactions, ["failed": Numbers.grouped(block.failed)])
      } else {
        texts.count("block_text", block.transactions)
      }
    return [
      "block_name": texts.say("block_name", ["n": Numbers.grouped(block.height)]),
      "block_text": text,
      "block_time": texts.moment(block.time),
      "block_proposer": scope.organisationName(Int(block.proposer)),
      "block_entries": texts.say(
        "block_entries_text",
        ["first": Numbers.grouped(block.firstIndex), "last": Numbers.grouped(block.sealIndex)]),
      "block_steps": seal.flatMap { $0.steps > 0 ? texts.count("block_steps_text", $0.steps) : nil },
      "state_root": seal?.state.description,
      "signers": try signers(block, entries, scope),
    ]
  }

  /// Who signed the block: in the header of the next one, or in the checkpoint for the last.
  private static func signers(
    _ block: IndexedBlockSummary, _ entries: LogEntries, _ scope: PageScope
  ) throws -> String? {
    let members = scope.view.certifiers
    let names: [String]
    if block.height == scope.view.height {
      let signed = scope.view.cosignedAt
      names = members.members.filter { signed[$0.ordinal] != nil }.map(\.name)
    } else {
      guard let entry = try entries.entry(block.sealIndex + 1), entry.first == EntryKind.header.rawValue else {
        return nil
      }
      let keys = Set(try Batch.header(of: Array(entry.dropFirst())).certificate.map(\.key))
      names = members.members.filter { keys.contains($0.keys.cosign) }.map(\.name)
    }
    return names.isEmpty ? nil : names.joined(separator: scope.texts.say("list_and"))
  }

  private static func transactions(_ block: IndexedBlockSummary, _ scope: PageScope) throws -> PageFields {
    let before = min(try scope.reader.query.before() ?? block.sealIndex, block.sealIndex)
    let found = try scope.index.transactions(before: before, limit: PageScope.rows, sender: nil, subject: nil)
      .filter { $0.height == block.height }
    let older = found.count == PageScope.rows && (found.last?.index ?? 0) > block.firstIndex + 1
    return TransactionRows(scope).fields(found).adding(
      scope.pager("/explorer/blocks/\(block.height)", older: older ? found.last?.index : nil))
  }
}
