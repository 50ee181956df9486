internal import Foundation
internal import Ledger
internal import Simulator
internal import TongzhouClient
internal import TransparencyLog

/// What a demonstration prints of its year of hearts.
struct DemoHeartsOutput: Encodable {
  struct Kind: Encodable {
    let nameZh: String
    let nameEn: String
    let unitZh: String
    let unitEn: String
    let gifts: Int
    let quantity: Int64
  }

  struct Charity: Encodable {
    let name: String
    let projects: Int
    let gifts: Int
    let givenFen: Int64
    let spentFen: Int64
    let overheadFen: Int64
  }

  struct Sign: Encodable {
    let name: String
    let organisations: [String]
    let project: UInt32?
    let count: Int
  }

  struct Partner: Encodable {
    let ordinal: UInt32
    let name: String
    let threshold: UInt16
  }

  struct Giver: Encodable {
    let address: String
    let loveIndex: UInt16
    /// What the partner said to the credential she showed.
    let opened: Bool
    let keyFile: String
  }

  struct Verified: Encodable {
    let auditEntries: UInt64
    let auditBlocks: UInt64
    let auditFiles: Int
    let auditSeconds: Double
    let wayBytes: Int
    let waySteps: Int
  }

  let chain: String
  let gifts: Int
  let givers: Int
  let lots: Int
  let rowsAccepted: UInt64
  let rowsRefused: UInt64
  let kinds: [Kind]
  let charities: [Charity]
  let hearts: [String: Int64]
  let signs: [Sign]
  let results: [String: Int]
  let events: [String: Int]
  let partner: Partner
  let examples: [Giver]
  let exampleGift: UInt32
  let exampleLot: UInt32
  let seconds: Double
  let verified: Verified

  init(_ lived: DemoHearts, directory: String) {
    let report = lived.report
    chain = lived.genesis.chain.description
    gifts = report.gifts
    givers = report.givers
    lots = report.lots
    rowsAccepted = report.accepted
    rowsRefused = report.refused
    kinds = report.kinds.map {
      Kind(
        nameZh: $0.nameZh, nameEn: $0.nameEn, unitZh: $0.unitZh, unitEn: $0.unitEn, gifts: $0.gifts,
        quantity: $0.quantity)
    }
    charities = report.charities.map {
      Charity(
        name: $0.name, projects: $0.projects, gifts: $0.gifts, givenFen: $0.given, spentFen: $0.spent,
        overheadFen: $0.overhead)
    }
    hearts = Dictionary(uniqueKeysWithValues: report.hearts.map { ($0.name, $0.count) })
    signs = report.signs.map {
      Sign(name: $0.name, organisations: $0.organisations, project: $0.project, count: $0.count)
    }
    results = Dictionary(uniqueKeysWithValues: report.results.map { ($0.name, $0.count) })
    events = Dictionary(uniqueKeysWithValues: report.events.map { ($0.name, $0.count) })
    partner = Partner(
      ordinal: report.partner.ordinal, name: report.partner.name, threshold: report.partner.threshold)
    examples = zip(report.examples, lived.shown).map { giver, opened in
      Giver(
        address: "\(giver.address)", loveIndex: giver.loveIndex, opened: opened,
        keyFile: "\(directory)/\(DemoHearts.keyFile(giver))")
    }
    exampleGift = report.exampleGift
    exampleLot = report.exampleLot
    seconds = lived.seconds
    verified = Verified(
      auditEntries: lived.audit.entries, auditBlocks: lived.audit.blocks, auditFiles: lived.audit.files,
      auditSeconds: lived.auditSeconds, wayBytes: lived.way.bytes, waySteps: lived.way.steps)
  }
}

extension DemoHeartsOutput {
  func print(data: String) {
    Output.line()
    Output.line("一年爱心 · A year of hearts: \(gifts) gifts by \(givers) addresses, on a chain of their own")
    Output.line("  chain \(chain)")
    for kind in kinds {
      Output.line(
        "  \(kind.nameZh) · \(kind.nameEn)".padding(toLength: 28, withPad: " ", startingAt: 0)
          + " \(kind.gifts) gifts, \(amount(kind))")
    }
    for charity in charities {
      Output.line(
        "  \(charity.name): \(charity.gifts) gifts to \(charity.projects) projects; money in "
          + "\(yuan(charity.givenFen)), spent \(yuan(charity.spentFen)), overhead \(yuan(charity.overheadFen)) yuan")
    }
    let count = { (name: String) in hearts[name] ?? 0 }
    let there = ["held", "waiting", "anonymous", "spent", "given", "reversed"].reduce(0) { $0 + count($1) }
    Output.line(
      "  hearts              minted \(count("minted")) + debt \(count("debt")) = held \(count("held")) + waiting "
        + "\(count("waiting")) + of nobody \(count("anonymous")) + spent \(count("spent")) + given "
        + "\(count("given")) + taken back \(count("reversed"))")
    Output.line(
      "                      \(count("minted") + count("debt") == there ? "equal to the heart" : "NOT EQUAL")")
    Output.line("  events              \(rowsAccepted) accepted, \(rowsRefused) refused; \(lots) lots")
    for (name, count) in events.sorted(by: { $0.key < $1.key }) {
      Output.line("  \(name.padding(toLength: 34, withPad: " ", startingAt: 0)) \(count)")
    }
    Output.line("  signs of a fraud, found in the state")
    for sign in signs {
      let place = sign.project.map { ", project \($0)" } ?? ""
      let times = sign.count > 1 ? ", \(sign.count) times" : ""
      Output.line("    \(sign.name): \(sign.organisations.joined(separator: ", "))\(place)\(times)")
    }
    Output.line("  \(partner.name) opens its channel at a love index of \(partner.threshold)")
    for giver in examples {
      Output.line(
        "    \(giver.address), index \(giver.loveIndex): \(giver.opened ? "opened" : "not opened") (\(giver.keyFile))")
    }
    Output.line(
      "  way ok: gift \(exampleGift) went into lot \(exampleLot), which reached a school kitchen; "
        + "\(verified.waySteps) steps, \(verified.wayBytes) bytes")
    Output.line("    tongzhou verify \(data)/way.json --genesis \(chain) --policy \(data)/log/heart/policy/0")
    Output.line(
      "  chain ok: \(verified.auditEntries) entries, \(verified.auditBlocks) blocks, \(verified.auditFiles) files, "
        + "\(text(verified.auditSeconds)) s; lived in \(text(seconds)) s")
    Output.line("  audit it again: tongzhou audit \(data)/log/heart --genesis \(chain)")
  }

  /// A quantity as people say it: yuan, kilograms and litres instead of the units that are counted.
  private func amount(_ kind: Kind) -> String {
    switch kind.unitEn {
    case "fen": "\(yuan(kind.quantity)) 元 yuan"
    case "g": "\(kind.quantity / 1000) 公斤 kg"
    case "ml": "\(kind.quantity / 1000) 升 l"
    default: "\(kind.quantity) \(kind.unitZh) \(kind.unitEn)"
    }
  }

  private func yuan(_ fen: Int64) -> String { String(format: "%d.%02d", fen / 100, fen % 100) }

  private func text(_ value: Double) -> String { String(format: "%.3g", value) }
}
