import Contracts
import Foundation
import HeartChain
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing
import TongzhouClient
import TransparencyLog

/// The programs of Examples/ on the files of a demonstration.
@Suite(DemoRun(hasCases: true)) struct OfflineExamplesTests {
  private let path: String
  private let chain: String
  private let policy: String
  private let elsewhere = String(repeating: "a", count: 64)

  init() throws {
    path = try DemoRun.path()
    chain = try #require(try DemoRun.current?.run?.object()["chain"] as? String)
    policy = path + "/log/aid/policy/0"
  }

  private func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path + "/" + name))) }

  @Test("check-proof says what a receipt and a statement prove")
  func checks() throws {
    let receipt = try Program.checkProof.run(path + "/receipt.json", chain, policy)
    #expect(receipt.status == 0 && receipt.text.hasPrefix("a receipt that holds\n"), "\(receipt.text)")
    let statement = try Program.checkProof.run(path + "/statement.json", chain, policy)
    #expect(statement.status == 0 && statement.text.hasPrefix("a statement that holds\n"), "\(statement.text)")
    let proven = try MemberStatement(file: bytes("statement.json"))
      .verify(chain: #require(Hash(hexadecimal: chain)), policy: Policy(text: bytes("log/aid/policy/0")))
    #expect(statement.text.contains("  owner        \(proven.membership.owner)\n"))
    let balance = Amount(micro: proven.balance)
    #expect(statement.text.hasSuffix("  balance      \(balance) yuan after block \(proven.seal.height)\n"))
    #expect(!proven.shares.isEmpty)
    for (_, given, left) in proven.shares {
      #expect(statement.text.contains("   gave \(Amount(micro: given)) yuan, \(Amount(micro: left)) left\n"))
    }
  }

  @Test("check-proof refuses what was changed, what is of another chain, and what it does not know")
  func refusals() throws {
    try TemporaryFolder.with { folder in
      var receipt = try Receipt(file: bytes("receipt.json"))
      receipt.index += 1
      var statement = try MemberStatement(file: bytes("statement.json"))
      statement.changes.removeLast()
      let bent: [([UInt8], String)] = [
        (try receipt.json(), "proof.not_included"), (try statement.json(), "proof.broken_history"),
        (Array("{}".utf8), "proof.malformed"),
      ]
      for (content, code) in bent {
        try Data(content).write(to: folder.url("bent"))
        let run = try Program.checkProof.run(folder.file("bent"), chain, policy)
        #expect(run.status == 1 && run.text.hasPrefix("NOT PROVEN  \(code)"), "\(run.text)")
      }
    }
    for name in ["receipt", "statement"] {
      let other = try Program.checkProof.run("\(path)/\(name).json", elsewhere, policy)
      #expect(other.status == 1 && other.text.hasPrefix("NOT PROVEN  proof.wrong_chain"), "\(other.text)")
    }
    #expect(try Program.checkProof.run(path + "/nowhere", chain, policy).status == 1)
    #expect(try Program.checkProof.run(path + "/receipt.json", chain, path + "/receipt.json").status == 1)
    #expect(try Program.checkProof.run(path + "/receipt.json", "not-an-id", policy).status == 64)
    #expect(try Program.checkProof.run().status == 64)
  }

  @Test("follow-settlements prints what an audit finds that the member owed")
  func reads() throws {
    let member: UInt32 = 5
    let source = DirectorySource(LogDirectory(path + "/log/aid"))
    let report = try Auditor(source, genesis: Hash(hexadecimal: chain), watching: member).run()
    let proven = try MemberStatement(watched: report, from: source)
      .verify(chain: report.chain, policy: Policy(text: bytes("log/aid/policy/0")))
    let run = try Program.followSettlements.run(path + "/log/aid", chain, "\(member)")
    let lines = run.text.split(separator: "\n")
    #expect(run.status == 0 && lines.count == Int(proven.plan.settlements), "\(run.text)")
    for (settlement, given, _) in proven.shares {
      let line =
        "  settlement \(settlement.number): cases \(settlement.cases), members \(settlement.payersBefore), share "
        + "\(Amount(micro: settlement.share)) yuan, owed by membership \(member): \(Amount(micro: given)) yuan"
      #expect(lines.contains { $0.hasSuffix(line) }, "\(line) in \(run.text)")
    }
    let paid = proven.shares.count { $0.given > 0 }
    #expect(paid > 1 && lines.count { !$0.hasSuffix(": 0.00 yuan") } == paid, "\(run.text)")
  }

  @Test("follow-settlements refuses another chain, an unknown member, and a log with one changed byte")
  func readsNothing() throws {
    let log = path + "/log/aid"
    let other = try Program.followSettlements.run(log, elsewhere, "5")
    #expect(other.status == 1 && other.text.contains("audit.wrong_genesis"), "\(other.text)")
    let unknown = try Program.followSettlements.run(log, chain, "4000000000")
    #expect(unknown.status == 1 && unknown.text.contains("proof.not_found"), "\(unknown.text)")
    let nothing = try Program.followSettlements.run(path, chain, "5")
    #expect(nothing.status == 1 && nothing.text.contains("audit.bad_checkpoint"), "\(nothing.text)")
    #expect(try Program.followSettlements.run(log, chain, "me").status == 64)
    try TemporaryFolder.with { folder in
      try FileManager.default.copyItem(atPath: log, toPath: folder.file("log"))
      let file = folder.url("log/tile/entries/001")
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
      let bent = try Program.followSettlements.run(folder.file("log"), chain, "5")
      #expect(bent.status == 1 && bent.text.hasPrefix("NOT IN ORDER  "), "\(bent.text)")
    }
  }
}

/// The program of Examples/ for givers, on the files of a demonstration's chain of hearts.
@Suite(DemoRun()) struct GiverExampleTests {
  @Test("check-gifts tells what became of each gift, and an index, as the audit's state and the proven way have it")
  func tells() throws {
    let hearts = try #require(try DemoRun.current?.run?.object()["hearts"] as? [String: Any])
    let chain = try #require(hearts["chain"] as? String)
    let examples = try #require(hearts["examples"] as? [[String: Any]])
    let log = try DemoRun.path() + "/log/heart"
    let report = try Auditor(DirectorySource(LogDirectory(log)), genesis: Hash(hexadecimal: chain)).run()
    let state = report.final.app.hearts
    for example in examples {
      let address = try Address(text: #require(example["address"] as? String))
      let run = try Program.checkGifts.run(log, chain, "\(address)")
      try #require(run.status == 0, "\(run.text) \(run.errors)")
      let lines = run.text.split(separator: "\n").map(String.init)
      #expect(lines.first?.hasPrefix("\(report.blocks) blocks executed anew") ?? false)
      #expect(lines.contains("love index  \(state.loveIndex(of: address, at: report.final.time))"))
      let giver = try #require(state.giver(address))
      #expect(lines.contains { $0.hasPrefix("hearts      \(giver.held) held: minted \(giver.minted), ") })
      let gifts = (0..<state.gifts.count).filter { state.gifts[$0].party == address.key }
      let told = lines.filter { $0.hasPrefix("gift ") }
      #expect(told.compactMap { Int($0.split(separator: " ")[1]) }.sorted() == gifts && !gifts.isEmpty)
      #expect(lines.count > 4 + gifts.count, "\(run.text)")
    }
    // Something of the first one's food reached people, as the proof of the way says.
    let first = try Program.checkGifts.run(log, chain, #require(examples.first?["address"] as? String))
    #expect(first.text.contains(" handed over, "), "\(first.text)")
  }

  @Test("check-gifts refuses another chain, files with one changed byte, and who never gave")
  func refuses() throws {
    let hearts = try #require(try DemoRun.current?.run?.object()["hearts"] as? [String: Any])
    let chain = try #require(hearts["chain"] as? String)
    let address = try #require((hearts["examples"] as? [[String: Any]])?.first?["address"] as? String)
    let log = try DemoRun.path() + "/log/heart"
    let other = try Program.checkGifts.run(log, String(repeating: "a", count: 64), address)
    #expect(other.status == 1 && other.text.contains("audit.wrong_genesis"), "\(other.text)")
    let nobody = try Program.checkGifts.run(log, chain, "\(SigningKey(label: "nobody").publicKey.address)")
    #expect(nobody.status == 1 && nobody.text.hasPrefix("NO GIFTS  "), "\(nobody.text)")
    #expect(try Program.checkGifts.run(log, chain, "me").status == 64)
    #expect(try Program.checkGifts.run().status == 64)
    try TemporaryFolder.with { folder in
      try FileManager.default.copyItem(atPath: log, toPath: folder.file("log"))
      let names = try folder.content().keys.filter { $0.hasPrefix("log/tile/entries/") }
      let file = folder.url(try #require(names.min()))
      var bytes = try Data(contentsOf: file)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: file)
      let bent = try Program.checkGifts.run(folder.file("log"), chain, address)
      #expect(bent.status == 1 && bent.text.hasPrefix("NOT IN ORDER  "), "\(bent.text)")
    }
  }
}

/// The programs of Examples/ against a node.
@Suite(DemoRun(endsNow: true)) struct NodeExamplesTests {
  @Test("join-plan asks to be attested, joins once, and leaves a receipt that check-proof takes")
  func joins() async throws {
    let running = try await Running()
    defer { running.end() }
    let (mine, chain) = (running.folder.file("me"), running.chain)
    let first = try Program.joinPlan.run(running.address, chain, mine)
    try #require(first.status == 2, "\(first.text) \(first.errors)")
    let mode = try FileManager.default.attributesOfItem(atPath: mine + "/secret")[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // The command that it says, with the keys where they are here.
    let line = try #require(first.text.split(separator: "\n").last { $0.contains("tongzhou attest") })
    let words = line.split(separator: " ").map {
      $0 == "data/demo/keys" ? running.folder.file("demo/keys") : String($0)
    }
    let attested = try Program.tongzhou.run(Array(words.dropFirst()))
    try #require(attested.status == 0, "\(attested.errors)")

    let joined = try Program.joinPlan.run(running.address, chain, mine)
    try #require(joined.status == 0, "\(joined.text) \(joined.errors)")
    let owner = try #require(words.firstIndex(of: "--owner").map { words[$0 + 1] })
    let receipt = try Program.checkProof.run(mine + "/receipt.json", chain, mine + "/policy")
    #expect(receipt.status == 0 && receipt.text.contains("  signed by    \(owner)\n"), "\(receipt.text)")
    #expect(joined.text.contains("owner \(owner)\n"))
    let again = try Program.joinPlan.run(running.address, chain, mine)
    #expect(again.status == 1 && again.text.hasPrefix("not joined: membership.already_member"), "\(again.text)")
    let elsewhere = try Program.joinPlan.run(running.address, String(repeating: "a", count: 64), mine)
    #expect(elsewhere.status == 1 && elsewhere.text.contains("audit.wrong_genesis"), "\(elsewhere.text)")
    #expect(try Program.joinPlan.run(running.address, chain).status == 64)
  }

  @Test("follow-settlements prints over the network what it prints of the files")
  func follows() async throws {
    let running = try await Running()
    defer { running.end() }
    let offline = try Program.followSettlements.run(DemoRun.path() + "/log/aid", running.chain, "1")
    #expect(offline.status == 0 && offline.text.split(separator: "\n").count > 5, "\(offline.text)")
    let once = try Program.followSettlements.run(running.address, running.chain, "1", "--once")
    #expect(once.status == 0 && once.text.hasPrefix(offline.text), "\(once.text)")

    let output = running.folder.file("followed")
    let following = try RunningProgram(
      [running.address, running.chain, "1"], of: Program.followSettlements.url.path(), output: output)
    defer { if following.process.isRunning { following.kill() } }
    #expect(try await soon { try String(contentsOfFile: output, encoding: .utf8).hasPrefix(offline.text) })
    try await Task.sleep(for: .seconds(3))
    // It goes on, and says nothing twice.
    #expect(following.process.isRunning)
    let followed = try String(contentsOfFile: output, encoding: .utf8)
    let lines = followed.split(separator: "\n")
    #expect(followed.hasPrefix(once.text) && Set(lines).count == lines.count, "\(followed)")
  }
}
