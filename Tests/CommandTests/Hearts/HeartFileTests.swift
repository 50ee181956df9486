import Consortium
import Foundation
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

@Suite("Files of rules and foundings of a chain of hearts, and claim codes")
struct HeartFileTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Conventions").standardized

  private static func shipped(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private static func refusal(_ text: String, founding: Bool = false) -> String {
    do {
      if founding { _ = try FoundingFile(text: text, file: "f") } else { _ = try HeartRulesFile(text: text, file: "f") }
      return "none"
    } catch {
      return "\(error.code.name.dropFirst("heart_file.".count)) \(error.line.map { "\($0)" } ?? "-")"
    }
  }

  @Test("the shipped rules have the formula that holds where nothing is said, and kinds by their names")
  func shippedRules() throws {
    let rules = try HeartRulesFile(path: Self.folder.appending(path: "hearts.yaml").path)
    let formula = try #require(rules.formula)
    #expect(formula.canonicalBytes == FormulaRecord().canonicalBytes)
    #expect(rules.kinds.count == 10 && rules.kinds[2].name == "flour")
    #expect(rules.kinds[1].record.name == .sha256(Array("rice".utf8)) && rules.kinds[1].record.unit == .gram)
  }

  @Test("a proposal changes rates of kinds that stand, and adds new ones behind them")
  func change() throws {
    let rules = try HeartRulesFile(text: Self.shipped("hearts.yaml"), file: "f")
    let present = Array(rules.kinds.prefix(3).map(\.record))
    let text = """
      format: 1
      kinds:
        flour: { category: goods, unit: g, hearts: 1200, points: 1 }
        rice: { category: goods, unit: gram, hearts: 1000, points: 1 }
        tea: { category: goods, unit: g, hearts: 1000, points: 1 }

      """
    let change = try HeartRulesFile(text: text, file: "f").change(from: present)
    let tea = GiftKindRecord(
      name: .sha256(Array("tea".utf8)), category: .goods, unit: .gram, hearts: 1000, points: 1)
    var flour = present[2]
    flour.hearts = 1200
    let expected = try Consortium.propose(Hearts.change(kinds: [(2, flour), (3, tea)])).payload
    #expect(try Consortium.propose(change).payload == expected, "what stays as it is is not proposed")
    let other = text.replacing("flour: { category: goods, unit: g", with: "flour: { category: goods, unit: ml")
    #expect(throws: WrittenFileError(.hearts, .rule, "", file: "", line: nil)) {
      try HeartRulesFile(text: other, file: "f").change(from: present)
    }
    let same = "format: 1\nkinds:\n  rice: { category: goods, unit: g, hearts: 1000, points: 1 }\n"
    #expect(throws: WrittenFileError(.hearts, .rule, "", file: "", line: nil)) {
      try HeartRulesFile(text: same, file: "f").change(from: present)
    }
  }

  @Test("a mistake in a file of rules is told with its line")
  func rules() throws {
    let kinds = "format: 1\nkinds:\n  rice: { category: goods, unit: g, hearts: 1000, points: 1 }\n"
    #expect(Self.refusal(kinds) == "none")
    #expect(Self.refusal("format: 1\n") == "rule 1")
    #expect(Self.refusal(kinds.replacing("unit: g", with: "unit: fen")) == "rule 3")
    #expect(Self.refusal(kinds.replacing("goods", with: "food")) == "bad_value 3")
    #expect(Self.refusal(kinds.replacing("1000", with: "1.5")) == "bad_value 3")
    #expect(Self.refusal(kinds.replacing(", points: 1", with: "")) == "missing 3")
    #expect(Self.refusal(kinds.replacing("points", with: "pionts")) == "unknown_key 3")
    let shipped = try Self.shipped("hearts.yaml")
    let formula = "format: 1\n" + shipped[try #require(shipped.range(of: "formula:")).lowerBound...]
    #expect(Self.refusal(formula) == "none")
    for (good, bad) in [
      ("gift_points: 20", "gift_points: 0"), ("day_points: 30", "day_points: 19"), ("900, 800", "800, 900"),
      ("[1000, 1000", "[1001, 1000"), ("100, 300", "300, 100"), ("700, 800]", "700, 1001]"), (", 200]", "]"),
    ] {
      #expect(Self.refusal(formula.replacing(good, with: bad)).hasPrefix("rule"), "\(bad)")
    }
  }

  @Test("the shipped founding starts a chain; given keys are kept, others asked for")
  func founding() throws {
    let text = try Self.shipped("hearts-founding.yaml")
    let key = try SigningKey(label: "own").publicKey
    let given = text.replacing(
      "trees.example: { roles: [charity] }", with: "trees.example: { roles: [charity], officers: [\(key.raw)] }")
    let file = try FoundingFile(text: given, file: "f")
    #expect(file.chain == "heart" && file.organisations.count == 7 && file.organisations.filter(\.endorses).count == 4)
    var asked: [String] = []
    let genesis = try file.genesis(at: TestNetwork.start) { name in
      asked.append(name)
      return EndorserKeys(
        vote: try SigningKey(label: name + "/v").publicKey, cosign: try SigningKey(label: name + "/c").publicKey,
        log: try SigningKey(label: name + "/l").publicKey)
    } officers: { name in
      asked.append(name)
      return [try SigningKey(label: name + "/o").publicKey]
    }
    let chain = try HeartChain(genesis: genesis)
    #expect(chain.consortium.organisations.count == 7 && chain.hearts.kinds.count == 6)
    #expect(chain.consortium.organisations[3].name.string == "foodbank.example")
    #expect(chain.hearts.formula.giftPoints == 20 && genesis.limits.heartbeatSeconds == 60)
    #expect(chain.isOfficer(key.address) && !asked.contains("trees.example"))
    #expect(asked.filter { $0 == "bank.example" }.count == 2)
    #expect(try TrustedChain(genesis).hasHearts)
  }

  @Test("a mistake in a founding is told with its line")
  func badFounding() throws {
    let text = """
      format: 1
      chain: heart
      origin: hearts.example/log/heart
      organisations:
        bank.example: { roles: [custodian], endorses: yes }
      kinds:
        money: { category: money, unit: fen, hearts: 1000, points: 10 }

      """
    #expect(Self.refusal(text, founding: true) == "none")
    for (good, bad, wanted) in [
      ("chain: heart", "chain: ../heart", "rule 2"), ("[custodian]", "[bank]", "bad_value 5"),
      ("endorses: yes", "endorses: no", "rule 4"), ("endorses: yes", "endorses: yes, vote: 00", "rule 5"),
      ("endorses: yes", "endorses: yes, officers: [00]", "bad_value 5"), ("origin", "orgin", "unknown_key 3"),
    ] {
      #expect(Self.refusal(text.replacing(good, with: bad), founding: true) == wanted, "\(bad)")
    }
    let aid = try FoundingFile(text: text.components(separatedBy: "kinds:")[0], file: "f")
    #expect(aid.kinds.isEmpty, "without kinds it is a chain of mutual aid")
  }

  @Test("a claim code is read back from its text, in capitals too, and nothing else is")
  func claimCode() throws {
    let code = try #require(ClaimCode([UInt8](0..<16)))
    #expect(code.text.utf8.count == 39 && code.text.hasPrefix("tzcode1"))
    #expect(try ClaimCode(text: code.text) == code && ClaimCode(text: code.text.uppercased()) == code)
    #expect(try code.address() == code.key().publicKey.address)
    #expect(try ClaimCode.random().address() != ClaimCode.random().address())
    #expect(ClaimCode([UInt8](0..<15)) == nil)
    var mistyped = Array(code.text)
    mistyped[12] = mistyped[12] == "q" ? "p" : "q"
    for text in [String(mistyped), BackupSecret.random().text, try "\(code.address())", ""] {
      #expect(throws: LedgerError(.badKey, "")) { try ClaimCode(text: text) }
    }
  }

  @Test("a key for hearts is another than every key for plans, and of each chain another")
  func keys() throws {
    let secret = try #require(BackupSecret([UInt8](repeating: 7, count: 32)))
    let (aid, heart) = (Hash.label("chain", 1), Hash.label("chain", 2))
    let key = try secret.heartKey(chain: heart).publicKey
    #expect(try key == secret.heartKey(chain: heart).publicKey)
    for other in [
      try secret.heartKey(chain: aid), try secret.key(chain: heart, plan: 0), try secret.key(chain: aid, plan: 0),
    ] {
      #expect(other.publicKey != key)
    }
  }
}
