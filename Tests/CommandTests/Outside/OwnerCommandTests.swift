import Foundation
import Ledger
import MutualAid
import Testing
import TongzhouClient
import TransparencyLog

/// What an owner does about her own affairs with the program against a running node.
@Suite(DemoRun(endsNow: true)) struct OwnerCommandTests {
  @Test("an owner changes her key, loses it and gets it back; names a payee and an heir; consents")
  func ownersAffairs() async throws {
    let running = try await Running()
    defer { running.end() }
    let folder = running.folder
    try folder.write("310101199005170000", to: "identity")
    try folder.write("account 6222 0000", to: "account")
    let person = ["--born", "1990-05", "--identity", folder.file("identity")] + running.officers
    let joined = try running.object("join", options: ["--plan", "0", "--secret", running.secret] + person)
    let membership = ["--membership", "\(try #require(joined["membership"] as? Int))"]
    let owner = try #require(joined["owner"] as? String)
    func secret(_ name: String) throws -> (option: [String], address: String, key: String) {
      #expect(try Program.tongzhou.run("key", "new", "--output", folder.file(name)).status == 0)
      let shown = try Program.tongzhou.run(
        "key", "show", "--secret", folder.file(name), "--chain", running.chain, "--plan", "0", "--json"
      ).object()
      return (
        ["--secret", folder.file(name)], try #require(shown["address"] as? String),
        try #require(shown["public_key"] as? String)
      )
    }
    let (second, third) = (try secret("second.key"), try secret("third.key"))

    _ = try running.object(
      "key", "rotate", options: membership + ["--secret", running.secret, "--to", folder.file("second.key")])
    #expect(
      try running.refusal("leave", options: membership + ["--secret", running.secret]) == "signature.not_the_sender")
    _ = try running.object("member", "payee", options: membership + second.option + ["--to", folder.file("account")])
    _ = try running.object("member", "heir", options: membership + second.option)
    let consent = membership + second.option + ["--text", folder.file("account"), "--until", "2100-01-01"]
    #expect(
      try running.refusal("member", "consent", options: consent + ["--purpose", "fun"]) == "encoding.malformed")
    _ = try running.object("member", "consent", options: consent + ["--purpose", "research"])
    _ = try running.object("member", "withdraw-consent", options: membership + second.option + ["--consent", "0"])
    #expect(
      try running.refusal("member", "withdraw-consent", options: membership + second.option + ["--consent", "0"])
        == "consent.unknown")

    let proposal = membership + ["--key", third.key] + running.officers
    _ = try running.object("key", "recover", options: proposal + ["--as", "0"])
    #expect(try running.refusal("key", "recover", options: proposal + ["--as", "0"]) == "recovery.already_proposed")
    _ = try running.object("key", "recover", options: proposal + ["--as", "3"])
    _ = try running.object("key", "veto", options: membership + second.option + ["--recovery", "0"])
    let file = folder.file("third.attestation")
    _ = try running.object(
      "attest", options: ["--plan", "0", "--owner", third.address, "--output", file] + person)
    _ = try running.object("key", "prove", options: third.option + ["--recovery", "0", "--attestation", file])
    #expect(try running.refusal("leave", options: membership + second.option) == "membership.not_the_owner")
    let left = try running.object("leave", options: membership + third.option)
    #expect(try #require(left["did"] as? String).hasPrefix("le"))

    let statement = try running.object("statement", options: membership)
    #expect(statement["owner"] as? String == owner, "the address stays")
    let lines = try #require(statement["lines"] as? [[String: Any]])
    #expect(
      lines.map { $0["what"] as? String }.starts(
        with: ["join", "rotateKey", "setPayee", "setHeir", "recover", "vetoRecovery", "recovered"]))
    try audit(running, membership, folder)
    let today = CivilDate(Timestamp(seconds: UInt64(Date().timeIntervalSince1970)))
    let day = ["--day", String(format: "%04d-%02d-%02d", today.year, today.month, today.day)]
    _ = try running.object("member", "death", options: ["--membership", "0"] + day + running.officers)
    #expect(
      try running.refusal("member", "death", options: ["--membership", "0"] + day + running.officers)
        == "membership.death_reported")
    for word in ["310101199005170000", "6222 0000", "research"] {
      #expect(try running.files(holding: word) == [], "\(word) is on the chain")
    }
    // The search finds what is there.
    #expect(try !running.files(holding: "tongzhou.example").isEmpty)
  }

  /// She sees that everything on the chain is what she signed; without one of her secrets, or with another account
  /// than she named, she sees that it is not.
  private func audit(_ running: Running, _ membership: [String], _ folder: TemporaryFolder) throws {
    let secrets = ["me", "second", "third"].flatMap { ["--secret", folder.file("\($0).key")] }
    let papers = ["--open", "payee=" + folder.file("account"), "--open", "insured=" + folder.file("identity")]
    let kept = folder.file("mine")
    let found = try running.object("member", "audit", options: membership + secrets + papers + ["--keep", kept])
    let lines = try #require(found["transactions"] as? [[String: Any]])
    #expect(
      Set(lines.compactMap { $0["what"] as? String }).isSuperset(of: [
        "join", "rotate key", "set payee", "set heir", "give consent", "withdraw consent", "veto recovery", "leave",
      ]))
    #expect(lines.allSatisfy { $0["signed_by_you"] as? Bool == true } && found["ok"] as? Bool == true)
    let openings = lines.flatMap { $0["commitments"] as? [[String: Any]] ?? [] }
    func opening(_ what: String) -> String? {
      openings.first { $0["what"] as? String == what }?["opening"] as? String
    }
    #expect(opening("payee") == "opened" && opening("insured") == "opened" && opening("consent") == "not tried")

    // The same from the files alone; then with one secret missing, another account, a receipt missing.
    let files = try FileManager.default.contentsOfDirectory(atPath: kept).sorted().map { kept + "/" + $0 }
    let pins = ["--genesis", running.chain, "--policy", folder.file("demo/log/aid/policy/0")]
    func offline(_ files: [String], _ options: [String]) throws -> (status: Int32, codes: Set<String>, text: String) {
      let run = try Program.tongzhou.run(["member", "audit"] + files + options + pins)
      let codes = run.errors.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
      return (run.status, Set(codes), run.text + run.errors)
    }
    let whole = try offline(files, secrets + papers)
    #expect(whole.status == 0 && whole.codes.isEmpty && whole.text.contains("everything is what you signed"))
    let missing = try offline(files, Array(secrets.prefix(2)) + papers)
    let expected = ["not_signed", "foreign_key", "unexplained", "does_not_open"].map { "key_audit.\($0)" }
    #expect(missing.status == 1 && missing.codes == Set(expected))
    let other = try offline(files, secrets + ["--open", "payee=" + folder.file("identity")])
    #expect(other.status == 1 && other.codes == ["key_audit.does_not_open"])
    let rotation = try #require(lines.first { $0["what"] as? String == "rotate key" }?["index"] as? Int)
    let fewer = try offline(files.filter { !$0.hasSuffix("receipt-\(rotation).json") }, secrets)
    #expect(fewer.status == 1 && fewer.codes == ["key_audit.unexplained"])
    let stranger = try offline(files, ["--secret", folder.file("third.key")])
    #expect(stranger.status == 1 && stranger.codes == ["membership.not_the_owner"])
    for name in ["me", "second", "third"] {
      let secret = try String(contentsOfFile: folder.file("\(name).key"), encoding: .utf8)
      #expect(!whole.text.contains(secret.trimmingCharacters(in: .newlines)), "a secret was printed")
    }
    #expect(!whole.text.contains("6222 0000") && !missing.text.contains("310101199005170000"))
  }
}
