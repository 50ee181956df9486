import Foundation
import Ledger
import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

/// What a person and the organisations do with the program against a running node.
@Suite(DemoRun(endsNow: true)) struct MemberCommandTests {
  @Test("she joins, pays, reads her statement, and leaves; every step is proven")
  func aMembership() async throws {
    let running = try await Running()
    defer { running.end() }
    let folder = running.folder
    let joined = try running.object(
      "join",
      options: ["--plan", "0", "--secret", running.secret, "--born", "1990-05", "--receipt", folder.file("join.json")]
        + running.officers)
    let membership = try #require(joined["membership"] as? Int)
    let shown = try Program.tongzhou.run(
      "key", "show", "--secret", running.secret, "--chain", running.chain, "--plan", "0", "--json")
    #expect(try shown.object()["address"] as? String == joined["owner"] as? String)
    // The same person again, in the same plan.
    let again = try running.refusal(
      "join", options: ["--plan", "0", "--secret", running.secret, "--born", "1990-05"] + running.officers)
    #expect(again == "membership.already_member")

    let paid = ["--membership", "\(membership)", "--amount", "1000.50", "--payment", "4711"] + running.officers
    let deposited = try running.object("deposit", options: paid)
    #expect(deposited["rows"] as? [String] == ["success"] && deposited["membership"] as? Int == membership)
    #expect(try running.refusal("deposit", options: paid) == "deposit.reference_used", "the same payment twice")

    let statement = try running.object(
      "statement", options: ["--membership", "\(membership)", "--output", folder.file("statement.json")])
    #expect(statement["balance"] as? String == "1000.50" && statement["owner"] as? String == joined["owner"] as? String)
    let lines = try #require(statement["lines"] as? [[String: Any]])
    #expect(lines.map { $0["what"] as? String } == ["join", "fund"])

    let left = try running.object("leave", options: ["--membership", "\(membership)", "--secret", running.secret])
    // At once, or after the settlement of a notice that is open just now.
    #expect(try #require(left["did"] as? String).hasPrefix("le"))
    #expect(
      try running.refusal("leave", options: ["--membership", "\(membership)", "--secret", running.secret])
        == "membership.ended")
    #expect(
      try running.refusal("leave", options: ["--membership", "0", "--secret", running.secret])
        == "membership.not_the_owner")

    // Offline, from the files and what was pinned.
    let policy = folder.file("demo/log/aid/policy/0")
    for name in ["join", "statement"] {
      let command = name == "join" ? ["verify"] : ["statement", "verify"]
      let file = folder.file(name + ".json")
      let pins = ["--genesis", running.chain, "--policy", policy]
      #expect(try Program.tongzhou.run(command + [file] + pins).status == 0)
      let other = try Program.tongzhou.run(
        command + [file, "--genesis", String(repeating: "0", count: 64), "--policy", policy])
      #expect(other.status == 1 && other.errors.hasPrefix("proof.wrong_chain"), "\(other.errors)")
      #expect(try Program.tongzhou.run(command + [file]).status != 0, "without pins a file proves nothing")
    }
    let transaction = try #require(left["transaction"] as? String)
    let receipt = try running.object(
      "receipt", options: ["--transaction", transaction, "--proof", folder.file("leave.tlog-proof")])
    #expect(receipt["kind"] as? Int == 8 && receipt["index"] as? Int == left["index"] as? Int)
    let proof = try TlogProof(Array(Data(contentsOf: folder.url("leave.tlog-proof"))))
    #expect(proof.index == UInt64(try #require(left["index"] as? Int)))

    // Her secret is nowhere in what was printed or written but in its own file.
    let text = try String(contentsOfFile: running.secret, encoding: .utf8).trimmingCharacters(in: .newlines)
    for (name, content) in try folder.content() where name != "me.key" {
      #expect(content.range(of: Data(text.utf8)) == nil, "\(name)")
    }
  }

  @Test("cases are opened on demand, and what cannot be opened has a code")
  func openedCases() async throws {
    let running = try await Running()
    defer { running.end() }
    let file = running.folder.file("opened.json.gz")
    let member = ["--membership", "0"]
    let opened = try running.object("statement", options: member + ["--cases", "all", "--packed", "--output", file])
    let settlements = try #require(opened["opened"] as? [[String: Any]])
    let cases = settlements.flatMap { $0["cases"] as? [[String: Any]] ?? [] }
    let one = try #require(cases.first?["case"] as? Int)
    #expect(Array(try Data(contentsOf: URL(filePath: file)).prefix(2)) == [0x1f, 0x8b])
    let named = try running.object("statement", options: member + ["--cases", "\(one)"])
    let chosen = try #require(named["opened"] as? [[String: Any]])
    #expect(chosen.count == 1 && settlements.count > 1)
    let pins = ["--genesis", running.chain, "--policy", running.folder.file("demo/log/aid/policy/0"), "--json"]
    let verified = try Program.tongzhou.run(["statement", "verify", file] + pins).object()
    let words = try #require(verified["proven"] as? [String])
    #expect(words.contains { $0.contains("case \(one) ") })
    #expect((verified["lines"] as? [Any])?.count == (opened["lines"] as? [Any])?.count)
    #expect(try running.refusal("statement", options: member + ["--cases", "4000000000"]) == "proof.not_found")
    #expect(try running.refusal("statement", options: member + ["--cases", "every"]) == "encoding.malformed")
  }

  @Test("the authority attests, and the person joins with what it gave her")
  func attestation() async throws {
    let running = try await Running()
    defer { running.end() }
    let folder = running.folder
    let shown = try Program.tongzhou.run(
      "key", "show", "--secret", running.secret, "--chain", running.chain, "--plan", "1", "--json")
    let address = try #require(try shown.object()["address"] as? String)
    try folder.write("310101199005170000", to: "identity")
    let file = folder.file("me.attestation")
    _ = try running.object(
      "attest",
      options: [
        "--plan", "1", "--owner", address, "--born", "1990-05", "--identity", folder.file("identity"), "--output", file,
      ] + running.officers)
    #expect(!String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self).contains("310101199005170000"))
    let joined = try running.object(
      "join", options: ["--plan", "1", "--secret", running.secret, "--attestation", file])
    #expect(joined["owner"] as? String == address && joined["plan"] as? Int == 1)
    // The same identity number under another key is the same person.
    let other = folder.file("other.key")
    #expect(try Program.tongzhou.run("key", "new", "--output", other).status == 0)
    let twice = try running.refusal(
      "join",
      options: ["--plan", "1", "--secret", other, "--born", "1990-05", "--identity", folder.file("identity")]
        + running.officers)
    #expect(twice == "membership.already_member")
    // Somebody else's attestation, a child, an old person, no keys.
    #expect(
      try running.refusal("join", options: ["--plan", "1", "--secret", other, "--attestation", file])
        == "attestation.not_the_sender")
    #expect(
      try running.refusal(
        "join", options: ["--plan", "0", "--secret", other, "--born", "2101-01"] + running.officers)
        == "membership.too_young")
    #expect(
      try running.refusal(
        "join", options: ["--plan", "0", "--secret", other, "--born", "1930-01"] + running.officers)
        == "membership.too_old")
    #expect(
      try running.refusal("join", options: ["--plan", "0", "--secret", other, "--born", "1990-01"])
        == "node.unusable_directory")
    // A secret that others may read is not used.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: other)
    #expect(
      try running.refusal(
        "join", options: ["--plan", "0", "--secret", other, "--born", "1990-01"] + running.officers)
        == "key.unacceptable")
  }

  @Test("a case goes its way: filed by a hospital, found right, noticed")
  func aCase() async throws {
    let running = try await Running()
    defer { running.end() }
    let client = try NodeClient(running.address)
    let id = try #require(Hash(hexadecimal: running.chain))
    let (name, chain) = try await client.trusted(pinned: id)
    // Somebody who has been covered for long, in the plan without a calendar, and has no open case.
    var found: UInt32?
    for ordinal in UInt32(0)..<60 where found == nil {
      let record = try await client.membership(ordinal, on: name, chain: chain)
      let plan = try await client.plan(record.plan, on: name, chain: chain)
      if record.plan == 0, record.status == .active, record.openCase == 0, record.exhaustsAt > plan.cumulative {
        found = ordinal
      }
    }
    await client.shutdown()
    let member = try #require(found)
    let filing = ["--membership", "\(member)", "--class", "cancer"] + running.officers
    let day = CivilDate(Timestamp(seconds: UInt64(Date().timeIntervalSince1970) - Timestamp.day))
    let diagnosed = ["--diagnosed", String(format: "%04d-%02d-%02d", day.year, day.month, day.day)]
    // The documents lie in a vault; the chain gets their commitment as the vault prints it.
    let commitment = Hash.sha256([7])
    let committed = ["--commitment", commitment.description]
    #expect(
      try running.refusal("case", "file", options: filing + diagnosed + ["--commitment", "ab"])
        == "encoding.malformed")
    let filed = try running.object("case", "file", options: filing + diagnosed + committed)
    let ordinal = try #require(filed["case"] as? Int)
    let number = "\(ordinal)"
    let documents = try await NodeClient.with(running.address, options: ClientOptions()) { client in
      try await client.case(UInt32(ordinal), on: name, chain: chain).documents
    }
    #expect(documents == commitment)
    #expect(try running.refusal("case", "file", options: filing + diagnosed) == "case.another_open")
    #expect(
      try running.refusal(
        "case", "file",
        options: ["--membership", "\(member)", "--class", "hiccups"] + diagnosed + running.officers)
        == "case.not_covered")
    #expect(
      try running.refusal("case", "notice", options: ["--case", number] + running.officers) == "case.wrong_state")
    #expect(
      try running.refusal("case", "investigate", options: ["--case", number] + running.officers) == "case.wrong_state")
    _ = try running.object("case", "assign", options: ["--case", number, "--to", "2"] + running.officers)
    _ = try running.object("case", "investigate", options: ["--case", number] + running.officers)
    #expect(
      try running.refusal("case", "decide", options: ["--case", number, "--as", "1"] + running.officers)
        == "consortium.wrong_role")
    for organisation in ["0", "3"] {
      _ = try running.object("case", "decide", options: ["--case", number, "--as", organisation] + running.officers)
    }
    _ = try running.object("case", "notice", options: ["--case", number] + running.officers)
    #expect(try running.refusal("case", "pay", options: ["--case", number] + running.officers) == "case.wrong_state")
    let declined = try running.refusal(
      "case", "investigate", options: ["--case", number, "--decline"] + running.officers)
    #expect(declined == "case.wrong_state")
  }

  @Test("an audit of the address finds what an audit of the directory finds")
  func remoteAudit() async throws {
    let running = try await Running()
    defer { running.end() }
    let remote = try Program.tongzhou.run(
      ["audit", running.address, "--genesis", running.chain, "--cache", running.folder.file("cache"), "--json"])
    #expect(remote.status == 0, "\(remote.errors)")
    let report = try #require(try remote.json() as? [[String: Any]])
    #expect(report.count == 1 && report[0]["ok"] as? Bool == true && report[0]["pinned"] as? Bool == true)
    let log = try Program.tongzhou.run(["audit", running.address + "/log/aid"])
    #expect(log.status == 0 && log.text.contains(running.chain) && log.text.contains("--genesis"))
    let wrong = try Program.tongzhou.run(["audit", running.address, "--genesis", String(repeating: "ab", count: 32)])
    #expect(wrong.status == 1 && wrong.errors.contains("audit.wrong_genesis"), "\(wrong.errors)")
  }

  @Test("the organisations decide: propose, vote once each, take back, call for a pause")
  func organisationsDecide() async throws {
    let running = try await Running()
    defer { running.end() }
    func acting(_ organisation: Int, _ words: String...) -> [String] {
      words + ["--organisation", "\(organisation)"] + running.officers
    }
    let made = try running.object("proposal", "make", options: acting(0, "suspend", "4"))
    let number = "\(try #require(made["proposal"] as? Int))"
    func vote(_ organisation: Int) -> [String] { acting(organisation, "--proposal", number) }
    #expect(try running.refusal("proposal", "vote", options: vote(0)) == "proposal.already_voted")
    #expect(try running.refusal("proposal", "vote", options: vote(5)) == "proposal.no_elector")
    let wrong = ["--content", String(repeating: "0", count: 64)]
    #expect(try running.refusal("proposal", "vote", options: vote(1) + wrong) == "proposal.wrong_content")
    let voted = try running.object("proposal", "vote", options: vote(1))
    #expect(voted["did"] as? String == "voted for" && "\(voted["proposal"] as? Int ?? -1)" == number)
    #expect(try running.refusal("proposal", "withdraw", options: vote(1)) == "proposal.not_the_proposer")
    _ = try running.object("proposal", "vote", options: vote(2))
    // Carried, and carried out before the next block's transactions.
    #expect(
      try running.refusal("proposal", "make", options: acting(4, "suspend", "5")) == "consortium.suspended")
    #expect(try running.refusal("proposal", "vote", options: vote(3)) == "proposal.closed")

    let other = try running.object("proposal", "make", options: acting(0, "unsuspend", "4"))
    let second = "\(try #require(other["proposal"] as? Int))"
    _ = try running.object("proposal", "withdraw", options: acting(0, "--proposal", second))
    #expect(
      try running.refusal("proposal", "vote", options: acting(1, "--proposal", second)) == "proposal.withdrawn")
    for odd in [["suspend"], ["suspend", "x"], ["rotate-key", "0", "officer", number], ["dance", "1"]] {
      let run = try running.refusal(
        "proposal", "make", options: odd + ["--organisation", "0"] + running.officers)
      #expect(run == "encoding.malformed", "\(odd)")
    }
    _ = try running.object("proposal", "pause", options: acting(1, "--plan", "1", "--joins"))
    #expect(
      try running.refusal("proposal", "pause", options: acting(1, "--plan", "1", "--joins")) == "pause.already_called")
    _ = try running.object("proposal", "pause", options: acting(2, "--plan", "1", "--joins"))
    let joining = ["--plan", "1", "--secret", running.secret, "--born", "1990-05"] + running.officers
    #expect(try running.refusal("join", options: joining) == "plan.joins_paused")
  }

  @Test("what the custodian states stops joins and lets them go on; complaints are answered")
  func statementsAndComplaints() async throws {
    let running = try await Running()
    defer { running.end() }
    let joining = ["--plan", "0", "--secret", running.secret, "--born", "1990-05"] + running.officers
    let stating = ["--plan", "0"] + running.officers
    #expect(try running.refusal("reserves", options: stating + ["--held", "much"]) == "reserves.invalid_amount")
    #expect(
      try running.refusal("reserves", options: stating + ["--held", "1", "--fees-drawn", "1"])
        == "reserves.invalid_amount")
    _ = try running.object("reserves", options: stating + ["--held", "0", "--ago", "120"])
    #expect(try running.refusal("join", options: joining) == "plan.reserves_short")
    let id = try #require(Hash(hexadecimal: running.chain))
    let (owed, number) = try await NodeClient.with(running.address) { client in
      let (name, chain) = try await client.trusted(pinned: id)
      let money = try await client.plan(0, on: name, chain: chain).money
      return (
        money.sources - Int128(money.payoutsPaid) - Int128(money.refundsPaid),
        try await client.reserveStatements(of: 0, on: name)
      )
    }
    #expect(number > 50, "a year of weeks")
    let stated = try running.object(
      "reserves", options: stating + ["--held", "\(Amount(micro: Int64(owed)))", "--ago", "30"])
    #expect(stated["plan"] as? Int == 0)
    let membership = "\(try #require(try running.object("join", options: joining)["membership"] as? Int))"

    try running.folder.write("It takes too long.", to: "letter")
    let letter = ["--text", running.folder.file("letter")]
    let complaint =
      ["--membership", membership, "--about", "organisation", "--ordinal", "2", "--secret", running.secret] + letter
    #expect(
      try running.refusal("complaint", "make", options: complaint + ["--reason", "mood"]) == "encoding.malformed")
    _ = try running.object("complaint", "make", options: complaint + ["--reason", "slow"])
    let answer = ["--complaint", "0"] + letter + running.officers
    #expect(
      try running.refusal("complaint", "answer", options: answer + ["--as", "3"]) == "complaint.not_concerned")
    _ = try running.object("complaint", "answer", options: answer + ["--as", "2"])
    #expect(try running.refusal("complaint", "answer", options: answer + ["--as", "0"]) == "complaint.answered")

    try running.folder.write("C50.9", to: "record")
    let record = ["--record", running.folder.file("record")] + running.officers
    let registered = try #require(try running.object("case", "record", options: record)["did"] as? String)
    #expect(Hash(hexadecimal: String(registered.split(separator: " ")[1])) != nil, "\(registered)")
    #expect(try running.refusal("case", "record", options: record) == "record.known")

    let other = try SigningKey(seed: Hash.sha256([1]).bytes).publicKey.address
    let helper = ["--membership", membership, "--helper", "\(other)", "--secret", running.secret]
    _ = try running.object("case", "helper", options: helper)
    #expect(try running.refusal("case", "helper", options: helper) == "helper.unchanged")
    _ = try running.object("case", "helper", options: helper + ["--remove"])
    #expect(
      try running.refusal("case", "check", "ask", options: ["--case", "9999"] + running.officers) == "http.not_found")
    #expect(
      try running.refusal(
        "case", "check", "send", options: ["--check", "0", "--membership", membership] + running.officers)
        == "field_check.unknown")
    #expect(
      try running.refusal(
        "case", "check", "report",
        options: ["--check", "0", "--membership", membership, "--secret", running.secret]) == "field_check.unknown")
  }
}
