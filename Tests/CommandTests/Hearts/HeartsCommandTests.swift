import Foundation
import Ledger
import Testing
import TongzhouClient
import TransparencyLog

@Suite("What givers, partners and organisations do with the program on a chain of hearts")
struct HeartsCommandTests {
  @Test("a gift is recorded, claimed, followed to its end and kept as a proof", .timeLimit(.minutes(10)))
  func aGift() async throws {
    let node = try await HeartNode()
    defer { node.end() }
    let (folder, day) = (node.folder, node.days.past)
    let me = try node.person("me.key")
    try folder.write("Meals for a school.", to: "project.txt")
    let opened = try node.object(
      "project", "open",
      options: [
        "--from", day, "--to", node.days.later, "--place", "620100", "--about", folder.file("project.txt"),
      ] + node.acting(3))
    #expect(opened["project"] as? Int == 0)
    #expect(
      try node.refusal(
        "project", "open",
        options: ["--from", day, "--to", day, "--place", "1", "--about", folder.file("project.txt")] + node.acting(1))
        == "consortium.wrong_role")

    let made = try Program.tongzhou.run("hearts", "code", "--count", "2", "--output", folder.file("slip"), "--json")
    let codes = try #require(try made.object()["addresses"] as? [String])
    let mode = try FileManager.default.attributesOfItem(atPath: folder.file("slip"))[.posixPermissions] as? Int
    #expect(codes.count == 2 && mode == 0o600)

    try folder.write("a picture", to: "photo.jpg")
    try node.record(
      """
      what,when,kind,quantity,project,lot,as,to,place,giver,code,evidence
      donated,\(day) 00:00,rice,5 kg,0,,sack,,620100,\(me.address),,
      donated,\(day) 00:00,rice,2.5 kg,0,,,,620100,,\(codes[0]),
      stored,\(day) 00:10,,,,sack,,,620100,,,
      shipped,\(day) 00:20,,,,sack,,kitchen.example,,,,

      """, as: 3)
    let kitchen = try folder.write(
      """
      what,when,quantity,lot,recipient
      arrived,\(day) 00:30,4.9 kg,0,
      handed-over,\(day) 00:40,3 kg,0,a class
      handed-over,\(day) 00:50,5 kg,0,another class

      """, to: "kitchen.csv")
    let told = try node.run(["record"], [kitchen] + node.acting(6))
    #expect(told.status == 1, "one of three is more than there is")
    #expect(told.errors.contains("lot.too_small: \(kitchen):4: event 3 was refused"), "\(told.errors)")
    let events = try #require(try told.object()["events"] as? [[String: Any]])
    #expect(events.map { $0["code"] as? String } == ["success", "success", "lot.too_small"])

    let redeeming = ["--code", folder.file("slip"), "--secret", me.file]
    #expect(try node.object("redeem", options: redeeming)["gift"] as? Int == 1)
    #expect(try node.refusal("redeem", options: redeeming) == "gift.not_waiting")
    #expect(try node.refusal("redeem", options: redeeming + ["--gift", "0"]) == "gift.not_waiting")

    let shown = try node.object("show", options: [me.address])
    #expect(shown["minted"] as? Int == 7500 && shown["held"] as? Int == 7500 && shown["love_index"] as? Int == 7)
    let changes = try #require(shown["changes"] as? [[String: Any]])
    #expect(changes.map { $0["kind"] as? String } == ["minted", "claimed"])

    let gift = try node.object("gift", options: ["0"])
    let impact = try #require(gift["impact"] as? [String: Any])
    let portions = try #require(impact["portions"] as? [[String: Any]])
    #expect(portions.compactMap { $0["quantity"] as? Int }.reduce(0, +) == 5000)
    #expect(
      Set(portions.map { "\($0["outcome"] as? String ?? "") \($0["quantity"] as? Int ?? 0)" })
        == ["handed_over 3000", "in_store 1900", "lost_on_the_way 100"])
    let words = try Program.tongzhou.run("hearts", "gift", node.address, "0", "--genesis", node.chain).text
    #expect(
      words.contains("3 kg handed over, kitchen.example")
        && words.contains("arrived 4.900 kg; lot 0; by kitchen.example"))

    let way = folder.file("way.json")
    _ = try node.object("way", options: ["0", "--out", way])
    let policy = folder.file("data/log/heart/policy/0")
    let verified = try Program.tongzhou.run("verify", way, "--genesis", node.chain, "--policy", policy)
    #expect(verified.status == 0, "\(verified.errors)")
    let lots = try node.run(["lots"], ["0", "1"])
    let all = try #require(try lots.json() as? [[String: Any]])
    #expect(all[0]["holder"] as? String == "kitchen.example" && all[0]["left"] as? Int == 1900)
    #expect(all[1]["state"] as? String == "held" && all[1]["gift"] as? Int == 1)

    let why = ["--reason", folder.file("project.txt")]
    #expect(
      try node.refusal("reverse", options: ["--gift", "1"] + why + node.acting(4)) == "gift.not_recorded_by_you")
    #expect(try node.object("reverse", options: ["--gift", "1"] + why + node.acting(3))["gift"] as? Int == 1)
    let after = try node.object("show", options: [me.address])
    #expect(after["reversed"] as? Int == 2500 && after["love_index"] as? Int == 5)
    // Nothing of the slips and of who received stands in the published files.
    for secret in ["tzcode1", "a class"] {
      #expect(try files(in: folder.file("data/log"), holding: secret) == [], "\(secret)")
    }
  }

  @Test("hearts are spent with two signatures, given, and a consent is given and taken back", .timeLimit(.minutes(10)))
  func partners() async throws {
    let node = try await HeartNode()
    defer { node.end() }
    let (folder, day) = (node.folder, node.days.past)
    let (me, shop) = (try node.person("me.key"), try node.person("shop.key"))
    for name in ["about", "bill", "bill2", "report"] { try folder.write("some \(name)", to: name) }
    let about = ["--about", folder.file("about")]
    _ = try node.object(
      "project", "open",
      options: ["--from", day, "--to", node.days.later, "--place", "620100"] + about + node.acting(3))
    try node.record(
      """
      what,when,kind,quantity,project,giver
      donated,\(day) 00:00,milk,6 l,0,\(me.address)

      """, as: 3)

    let registered = try node.object(
      "partner", "register", options: ["--account", shop.address] + about + node.officers)
    #expect(registered["partner"] as? Int == 0)
    let opening = ["--partner", "0"] + about + ["--key", shop.file]
    #expect(
      try node.refusal("partner", "channel", options: opening + ["--threshold", "123"])
        == "channel.unknown_threshold")
    #expect(
      try node.object("partner", "channel", options: opening + ["--threshold", "650"])["channel"] as? Int == 0)

    let buying = ["--partner", "0", "--secret", me.file, "--bill", folder.file("bill")]
    let both = buying + ["--hearts", "300", "--partner-key", shop.file]
    #expect(try node.object("spend", options: both)["partner"] as? Int == 0)
    #expect(try node.refusal("spend", options: both) == "trace.evidence_used")
    let other = Array(buying.dropLast()) + [folder.file("bill2"), "--hearts", "50", "--output", folder.file("signed")]
    _ = try node.object("spend", options: other)
    let signing = [folder.file("signed"), "--bill", folder.file("bill2"), "--key", shop.file]
    #expect(
      try node.refusal("partner", "sign", options: signing + ["--hearts", "51"]) == "encoding.malformed",
      "a partner signs no other number")
    _ = try node.object("partner", "sign", options: signing + ["--hearts", "50"])
    let mine = Array(signing.dropLast()) + [me.file, "--hearts", "50"]
    #expect(try node.refusal("partner", "sign", options: mine) != "", "the giver is not the partner")

    let giving = ["--project", "0", "--secret", me.file]
    _ = try node.object("give", options: giving + ["--hearts", "1000"])
    #expect(try node.refusal("give", options: giving + ["--hearts", "9000"]) == "hearts.too_few")
    let consent = ["--partner", "0", "--secret", me.file]
    #expect(
      try node.object("consent", options: consent + ["--until", node.days.later])["consent"] as? Int == 1)
    #expect(try node.refusal("consent", options: consent + ["--until", "2020-01-01"]) == "consent.invalid_time")
    var shown = try node.object("show", options: [me.address])
    #expect(shown["held"] as? Int == 6000 - 350 - 1000 && shown["spent"] as? Int == 350)
    #expect((shown["consents"] as? [[String: Any]])?.first?["holds"] as? Bool == true)
    #expect(try node.object("withdraw", options: consent)["consent"] as? Int == 1)
    #expect(try node.refusal("withdraw", options: consent) == "consent.not_given")
    shown = try node.object("show", options: [me.address])
    #expect((shown["consents"] as? [[String: Any]])?.first?["holds"] as? Bool == false)
    #expect(shown["love_index"] as? Int == 6, "spending and giving change nothing")
    let stranger = try node.person("other.key")
    #expect(try node.refusal("show", options: [stranger.address]) == "http.not_found")

    let report = ["--project", "0", "--report", folder.file("report")]
    _ = try node.object("project", "disclose", options: report + node.acting(3))
    #expect(try node.refusal("project", "disclose", options: report + node.acting(3)) == "trace.evidence_used")
    let related = ["--first", "3", "--second", "6", "--evidence", folder.file("report")]
    _ = try node.object("relate", options: related + node.acting(2))
    #expect(try node.refusal("relate", options: related + node.acting(2)) == "relation.invalid")
    _ = try node.object("partner", "close", options: ["--partner", "0", "--key", shop.file])
    #expect(try node.refusal("spend", options: both) == "partner.closed")
  }

  @Test("rates are proposed from a file, and the founding is refused where there is a chain already")
  func rules() async throws {
    let node = try await HeartNode()
    defer { node.end() }
    let folder = node.folder
    let rice = "format: 1\nkinds:\n  rice: { category: goods, unit: g, hearts: 2000, points: 1 }\n"
    try folder.write(rice, to: "rules.yaml")
    try folder.write(rice.replacing("unit: g", with: "unit: ml"), to: "other.yaml")
    try folder.write(rice.replacing("2000", with: "two"), to: "bad.yaml")
    let checked = try Program.tongzhou.run("hearts", "rules", "check", folder.file("rules.yaml"), "--json")
    let kinds = try checked.object()["kinds"] as? [Any]
    #expect(checked.status == 0 && kinds?.count == 1)
    let bad = try Program.tongzhou.run("hearts", "rules", "check", folder.file("bad.yaml"))
    #expect(bad.status == 1 && bad.errors.hasPrefix("heart_file.bad_value: \(folder.file("bad.yaml")):3:"))

    func propose(_ file: String) throws -> Program.Run {
      try Program.tongzhou.run(
        ["proposal", "make", node.address, "hearts", folder.file(file), "--organisation", "0"] + node.officers
          + ["--genesis", node.chain, "--json"])
    }
    let proposed = try propose("rules.yaml")
    #expect(proposed.status == 0, "\(proposed.errors)")
    #expect(try proposed.object()["proposal"] as? Int == 0)
    #expect(try propose("other.yaml").errors.hasPrefix("heart_file.rule"), "a kind stays what it is")
    for organisation in ["1", "2"] {
      let voted = try Program.tongzhou.run(
        ["proposal", "vote", node.address, "--proposal", "0", "--organisation", organisation] + node.officers
          + ["--chain", "heart", "--genesis", node.chain, "--json"])
      #expect(voted.status == 0, "\(voted.errors)")
    }
    let again = try Program.tongzhou.run("node", "init", HeartNode.founding, "--data", folder.file("data"))
    #expect(again.status == 1 && again.errors.hasPrefix("storage.foreign_directory"), "\(again.errors)")
    let names = try String(contentsOfFile: folder.file("data/hearts/texts.json"), encoding: .utf8)
    #expect(names.contains("volunteer hours"))
  }

  /// The published files in which a text stands.
  private func files(in log: String, holding text: String) throws -> [String] {
    let needle = Data(text.utf8)
    return try FileManager.default.subpathsOfDirectory(atPath: log).filter { path in
      FileManager.default.contents(atPath: log + "/" + path)?.range(of: needle) != nil
    }
  }
}
