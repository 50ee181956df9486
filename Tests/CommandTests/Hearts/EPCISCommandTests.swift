import Foundation
import Ledger
import Testing
import TransparencyLog

/// Who judges documents of EPCIS from outside.
enum EPCISJudge {
  /// GS1's schema, which is not ours to hand on; it lies beside the checkout.
  static let schema = PythonPrograms.checkout.appending(path: "../shared/data/epcis/EPCIS-JSON-Schema.json")
    .standardized.path()

  /// Whether the schema and a program that judges by it are here; says so where they are not.
  static let isHere: Bool = {
    let isHere =
      FileManager.default.fileExists(atPath: schema)
      && PythonPrograms.has("jsonschema, rfc3339_validator, rfc3986_validator")
    if !isHere { print("skipped: \(schema) or jsonschema in .build/python is missing") }
    return isHere
  }()

  /// What is wrong with a document; empty for nothing.
  static func findings(_ file: String) throws -> String {
    let script = """
      import json, sys, jsonschema
      judge = jsonschema.Draft7Validator(
          json.load(open(sys.argv[1])), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
      found = next(judge.iter_errors(json.load(open(sys.argv[2]))), None)
      print("" if found is None else str(found.json_path) + " " + found.message[:300])
      """
    let run = try Program.run([PythonPrograms.python, "-c", script, schema, file])
    try #require(run.status == 0, "\(run.errors)")
    return run.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// `tongzhou hearts epcis`: documents out of a chain, and into one.
@Suite struct EPCISCommandTests {
  private static let token = "a-token-of-the-food-bank"
  private static let rice = "urn:epc:class:lgtin:6901234.012345.R2601"
  private static let milk = "urn:epc:class:lgtin:6901234.067890.M1"

  /// A node that signs for the food bank.
  private static func node() async throws -> HeartNode {
    try await HeartNode { data in
      let file = data + "/epcis-tokens"
      let text = """
        - organisation: foodbank.example
          tokens: [\(Hash.sha256(Array(token.utf8)))]
          project: 0
          kinds: { "urn:epc:class:lgtin:6901234.012345": 1, "urn:epc:class:lgtin:6901234.067890": 2 }
        """
      try Data(text.utf8).write(to: URL(filePath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
  }

  private static func event(
    _ action: String, _ step: String, _ time: String, _ what: String, _ quantity: String, id: String
  ) -> String {
    """
    {"type":"ObjectEvent","eventID":"urn:x:\(id)","action":"\(action)","bizStep":"\(step)","eventTime":"\(time)",\
    "eventTimeZoneOffset":"+08:00","quantityList":[{"epcClass":"\(what)",\(quantity)}]}
    """
  }

  private static func document(_ events: [String]) -> String {
    """
    {"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument",\
    "schemaVersion":"2.0","creationDate":"2026-01-01T08:00:00Z","epcisBody":{"eventList":[\
    \(events.joined(separator: ","))]}}
    """
  }

  /// The events of an exported document, which GS1's schema finds right where it is here.
  private func events(_ file: String) throws -> [[String: Any]] {
    if EPCISJudge.isHere { #expect(try EPCISJudge.findings(file) == "") }
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any]
    #expect(root?["type"] as? String == "EPCISDocument")
    return try #require((root?["epcisBody"] as? [String: Any])?["eventList"] as? [[String: Any]])
  }

  @Test("a document is handed in, taken once, and comes out again by node, by audit, by lot, gift and day")
  func inAndOut() async throws {
    let node = try await Self.node()
    defer { node.end() }
    let (folder, day) = (node.folder, node.days.past)
    _ = try node.object(
      "project", "open",
      options: ["--from", day, "--to", node.days.later, "--place", "620100", "--text", "meals"] + node.acting(3))
    let events = [
      Self.event("ADD", "commissioning", "\(day)T01:00:00+08:00", Self.rice, #""quantity":5,"uom":"KGM""#, id: "1"),
      Self.event("ADD", "commissioning", "\(day)T01:00:00+08:00", Self.milk, #""quantity":9,"uom":"LTR""#, id: "2"),
      Self.event("OBSERVE", "storing", "\(day)T02:00:00+08:00", Self.rice, #""quantity":5,"uom":"KGM""#, id: "3"),
      Self.event("DELETE", "destroying", "\(day)T03:00:00+08:00", Self.rice, #""quantity":2,"uom":"KGM""#, id: "4"),
    ]
    let file = try folder.write(Self.document(events), to: "events.json")
    let token = try folder.write(Self.token + "\n", to: "token")
    func hand(_ words: [String], input: String = "") throws -> Program.Run {
      try Program.tongzhou.run(
        ["hearts", "epcis", "import", file, node.address, "--genesis", node.chain, "--json"] + words, input: input)
    }
    let exposed = try hand(["--token", token])
    #expect(exposed.status == 1 && exposed.errors.hasPrefix("key.unacceptable"), "\(exposed.errors)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
    let stranger = try hand([], input: "another-token")
    #expect(stranger.status == 1 && stranger.errors.hasPrefix("epcis.token"), "\(stranger.errors)")
    #expect(try hand(["--check"]).object()["events"] as? Int == 4)
    let taken = try hand(["--token", token])
    try #require(taken.status == 0, "\(taken.errors) \(taken.text)")
    let captures = try #require(try taken.object()["captures"] as? [[String: Any]])
    #expect(captures.count == 1 && captures[0]["succeeded"] as? Bool == true)
    let again = try hand(["--token", token])
    #expect(again.status == 1 && again.errors.hasPrefix("epcis.captured: \(file): event 0: "), "\(again.errors)")

    func export(_ place: String, _ words: String...) throws -> Program.Run {
      try Program.tongzhou.run(
        ["hearts", "epcis", "export", place, "--output", folder.file("out"), "--genesis", node.chain, "--json"] + words)
    }
    func names(_ words: String...) throws -> [String] {
      let run = try Program.tongzhou.run(
        [
          "hearts", "epcis", "export", node.address, "--output", folder.file("out"), "--genesis", node.chain, "--json",
        ] + words)
      try #require(run.status == 0, "\(run.errors)")
      let found = try self.events(folder.file("out"))
      #expect(try run.object()["events"] as? Int == found.count)
      return found.compactMap { $0["eventID"] as? String }
    }
    #expect(try names() == ["urn:x:1", "urn:x:2", "urn:x:3", "urn:x:4"])
    #expect(try names("--lot", "1") == ["urn:x:2"])
    #expect(try names("--gift", "0") == ["urn:x:1", "urn:x:3", "urn:x:4"])
    #expect(try names("--from", day, "--to", day).count == 4)
    #expect(try export(node.address, "--lot", "99").errors.hasPrefix("http.not_found"))
    try FileManager.default.removeItem(atPath: folder.file("out"))
    let nothing = try export(node.address, "--to", "2020-01-01")
    #expect(nothing.status == 1 && nothing.errors.hasPrefix("exchange.nothing"), "\(nothing.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.hasPrefix("out") })
    #expect(try export(node.address, "--lot", "0", "--gift", "0").status == 64)

    node.stop()
    #expect(try export(folder.file("data")).status == 0)
    let own = try self.events(folder.file("out"))
    #expect(own.map { $0["bizStep"] as? String } == ["commissioning", "commissioning", "storing", "destroying"])
    #expect(own.map { $0["eventID"] as? String } == (1...4).map { "https://hearts.example/log/heart/events/3-\($0)" })
    #expect(try export(folder.file("data/log/heart"), "--gift", "1").status == 0)
    #expect(try self.events(folder.file("out")).count == 1)
    let other = try Program.tongzhou.run(
      "hearts", "epcis", "export", folder.file("data/log/heart"), "--output", folder.file("out"), "--genesis",
      String(repeating: "a", count: 64))
    #expect(other.status == 1 && other.errors.contains("(audit.wrong_genesis)"), "\(other.errors)")
  }

  @Test("a large document goes in as several captures, and what is wrong is named by its place in the whole")
  func several() async throws {
    let node = try await Self.node()
    defer { node.end() }
    let (folder, day) = (node.folder, node.days.past)
    _ = try node.object(
      "project", "open",
      options: ["--from", day, "--to", node.days.later, "--place", "620100", "--text", "meals"] + node.acting(3))
    var events = (0..<1100).map { number in
      Self.event(
        "ADD", "commissioning", "\(day)T01:00:00+08:00", "\(Self.rice)\(number)", #""quantity":1,"uom":"KGM""#,
        id: "\(number)")
    }
    // More than there is, in the second capture.
    events[1050] = Self.event(
      "DELETE", "destroying", "\(day)T02:00:00+08:00", "\(Self.rice)7", #""quantity":2,"uom":"KGM""#, id: "1050")
    let file = try folder.write(Self.document(events), to: "events.json")
    func hand(_ words: String...) throws -> Program.Run {
      try Program.tongzhou.run(
        ["hearts", "epcis", "import", file, node.address, "--genesis", node.chain, "--json"] + words,
        input: Self.token)
    }
    let run = try hand()
    #expect(run.status == 1 && run.errors.hasPrefix("lot.too_small: \(file): event 1050: "), "\(run.errors)")
    let captures = try #require(try run.object()["captures"] as? [[String: Any]])
    #expect(captures.map { $0["count"] as? Int } == [1000, 100])
    #expect(captures.map { $0["succeeded"] as? Bool } == [true, false])

    let rest = try hand("--proceed")
    #expect(rest.status == 1)
    let refused = try #require(try rest.object()["refused"] as? [[String: Any]])
    #expect(refused.count == 1001 && refused.last?["event"] as? Int == 1050)
    #expect(refused.first?["code"] as? String == "epcis.captured")

    let output = folder.file("out")
    let all = try Program.tongzhou.run(
      "hearts", "epcis", "export", node.address, "--output", output, "--genesis", node.chain)
    #expect(all.status == 0 && all.text.hasPrefix("wrote 1099 events to \(output)\n"), "\(all.errors)")
    #expect(try Set(self.events(output).compactMap { $0["eventID"] as? String }).count == 1099)
    try folder.write("{}", to: "events.json")
    #expect(try hand("--check").errors.hasPrefix("epcisException:ValidationException"))
  }
}

/// The demonstration's year of hearts as EPCIS.
@Suite(DemoRun(), .enabled(if: EPCISJudge.isHere, "jsonschema or GS1's schema is missing")) struct EPCISDemoTests {
  @Test("a month of the year is right by GS1's schema, and a lot's events are among those of all")
  func year() throws {
    let data = try DemoRun.path()
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    func export(_ words: String...) throws -> [[String: Any]] {
      let run = try Program.tongzhou.run(
        ["hearts", "epcis", "export", data, "--output", folder.file("out"), "--json"] + words)
      try #require(run.status == 0, "\(run.errors)")
      let root = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url("out"))) as? [String: Any]
      return try #require((root?["epcisBody"] as? [String: Any])?["eventList"] as? [[String: Any]])
    }
    let all = Set(try export().compactMap { $0["eventID"] as? String })
    let month = try export("--from", "2025-06-01", "--to", "2025-06-30")
    #expect(try EPCISJudge.findings(folder.file("out")) == "")
    #expect(month.count > 20 && month.count < all.count / 4)
    #expect(month.allSatisfy { ($0["eventTime"] as? String)?.hasPrefix("2025-06-") ?? false })
    let demo = try #require(try DemoRun.current?.run?.object()["hearts"] as? [String: Any])
    let lot = try export("--lot", "\(try #require(demo["exampleLot"] as? Int))")
    #expect(try EPCISJudge.findings(folder.file("out")) == "")
    #expect(lot.count > 1 && lot.allSatisfy { all.contains($0["eventID"] as? String ?? "") })
  }
}
