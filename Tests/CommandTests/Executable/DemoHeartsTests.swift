import Foundation
import HeartChain
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

/// The year of hearts in `tongzhou demo`.
@Suite(DemoRun(endsNow: true)) struct DemoHeartsTests {
  private struct Shown: Decodable {
    struct Kind: Decodable { let nameZh, nameEn, unitZh, unitEn: String, gifts: Int, quantity: Int64 }
    struct Sign: Decodable, Hashable {
      let name: String
      let organisations: [String]
      let project: UInt32?
      let count: Int
    }
    struct Giver: Decodable { let address, keyFile: String, loveIndex: Int, opened: Bool }
    struct Partner: Decodable { let ordinal: UInt32, name: String, threshold: Int }
    let chain: String
    let gifts, givers, rowsAccepted, rowsRefused: Int
    let exampleLot: UInt32
    let kinds: [Kind]
    let hearts: [String: Int64]
    let signs: [Sign]
    let partner: Partner
    let examples: [Giver]
  }

  private func shown() throws -> Shown {
    struct Demo: Decodable { let hearts: Shown }
    let run = try #require(DemoRun.current?.run)
    #expect(run.status == 0, "\(run.errors)")
    return try JSONDecoder().decode(Demo.self, from: run.output).hearts
  }

  private func secret(_ giver: Shown.Giver) throws -> BackupSecret {
    let text = try String(contentsOfFile: giver.keyFile, encoding: .utf8)
    return try BackupSecret(text: text.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test("its figures add up, and the charity that cheats is found out, and no other")
  func figures() throws {
    let hearts = try shown()
    #expect(hearts.chain.utf8.count == 64 && hearts.gifts > 240 && hearts.givers > 30)
    let there = ["held", "waiting", "anonymous", "spent", "given", "reversed"].reduce(0) {
      $0 + hearts.hearts[$1, default: 0]
    }
    #expect(hearts.hearts["minted", default: 0] > 0)
    #expect(hearts.hearts["minted", default: 0] + hearts.hearts["debt", default: 0] == there)
    #expect(hearts.kinds.count == 9)
    #expect(hearts.kinds.contains { $0.nameZh == "大米" && $0.nameEn == "rice" && $0.unitEn == "g" && $0.quantity > 0 })
    let school = "school.tongzhou.example"
    #expect(hearts.signs.allSatisfy { $0.organisations.first == school })
    #expect(
      hearts.signs.map(\.name).sorted() == [
        "only_overhead", "overdrawn", "related_ring", "related_round_trip", "repeated", "silent", "silent", "silent",
        "undistributed",
      ])
    #expect(hearts.signs.first { $0.name == "overdrawn" }?.count == 2 && hearts.rowsRefused == 3)
  }

  @Test("a partner opens at 650 and not at 649, by a credential; the secrets of both givers lie in files")
  func partner() throws {
    let hearts = try shown()
    #expect(hearts.partner.threshold == 650 && hearts.partner.name == "bikes.tongzhou.example")
    #expect(hearts.examples.map(\.loveIndex) == [650, 649] && hearts.examples.map(\.opened) == [true, false])
    let chain = try #require(Hash(hexadecimal: hearts.chain))
    for giver in hearts.examples {
      let attributes = try FileManager.default.attributesOfItem(atPath: giver.keyFile)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let key = try secret(giver).key(chain: chain, plan: 65_536)
      #expect("\(key.publicKey.address)" == giver.address)
    }
  }

  @Test("the way of food is followed back to a gift of the example giver, offline")
  func way() throws {
    let hearts = try shown()
    let data = try DemoRun.path()
    let words = ["verify", data + "/way.json", "--policy", data + "/log/heart/policy/0", "--genesis"]
    let run = try Program.tongzhou.run(words + [hearts.chain])
    #expect(run.status == 0 && run.text.contains("\(hearts.exampleLot)"), "\(run.errors)")
    let other = try Program.tongzhou.run(words + [String(repeating: "0", count: 64)])
    #expect(other.status == 1 && other.errors.hasPrefix("proof.wrong_chain"), "\(other.errors)")
    let policy = try Policy(text: Array(Data(contentsOf: URL(filePath: data + "/log/heart/policy/0"))))
    let bytes = try Data(contentsOf: URL(filePath: data + "/way.json"))
    let proven = try ProvenWay(file: Array(bytes)).verify(
      chain: try #require(Hash(hexadecimal: hearts.chain)), policy: policy)
    #expect(proven.lot == hearts.exampleLot && proven.record.left == 0 && proven.record.handed > 0)
    #expect(proven.steps.last?.event.kind == .handedOver)
    let giver = try Address(text: hearts.examples[0].address)
    #expect(proven.steps.contains { $0.event.kind == .donated && $0.event.party == giver.key })
  }

  @Test("organisations have the same names on both chains and other keys; partners have theirs")
  func keys() throws {
    let keys = try DemoRun.path() + "/keys/"
    func content(_ name: String) throws -> String { try String(contentsOfFile: keys + name, encoding: .utf8) }
    for name in ["platform.tongzhou.example.endorser", "bank.tongzhou.example.officer"] {
      #expect(try content(name) != content("heart/" + name))
    }
    for name in ["foodbank", "trees", "school", "shop", "bikes", "employer"] {
      #expect(try content("heart/\(name).tongzhou.example.officer").hasPrefix("officer "))
    }
    #expect(!FileManager.default.fileExists(atPath: keys + "heart/foodbank.tongzhou.example.endorser"))
    #expect(try content("platform.tongzhou.example.issuer").contains("\"issuer\""))
  }
}
