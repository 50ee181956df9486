import Foundation
import Testing

/// `tongzhou demo` and `tongzhou audit` on the files that it left.
@Suite(DemoRun()) struct DemoAndAuditTests {
  private func audit(_ arguments: String...) throws -> Program.Run { try Program.tongzhou.run(["audit"] + arguments) }

  /// Audits a copy of the demonstration with one byte of a file of a log changed.
  private func auditFlipped(_ name: String, of log: String = "aid", at place: (Int) -> Int) throws -> Program.Run {
    try TemporaryFolder.with { folder in
      try FileManager.default.copyItem(atPath: DemoRun.path(), toPath: folder.file("demo"))
      let url = folder.url("demo/log/\(log)/" + name)
      var bytes = try Data(contentsOf: url)
      bytes[place(bytes.count)] ^= 4
      try bytes.write(to: url)
      return try audit(folder.file("demo"))
    }
  }

  @Test("the demonstration prints JSON in which no millionth is lost")
  func moneyIsConserved() throws {
    let run = try #require(DemoRun.current?.run)
    #expect(run.status == 0, "\(run.errors)")
    let demo = try run.object()
    #expect(demo["members"] as? Int == 300 && demo["years"] as? Int == 1 && demo["seed"] as? Int == 3)
    #expect(demo["data"] as? String == (try DemoRun.path()))
    #expect((demo["chain"] as? String)?.utf8.count == 64)
    let plans = try #require(demo["plans"] as? [[String: Any]])
    #expect(plans.count == 3)
    var joined = 0
    for plan in plans {
      func micro(_ name: String) throws -> Int64 { try #require(plan[name] as? Int64, "\(name)") }
      let places = [
        "balancesMicro", "payoutsPaidMicro", "payoutsDueMicro", "feesMicro", "refundsMicro", "reservesMicro",
        "waitingMicro",
      ]
      let there = try places.reduce(Int64(0)) { try $0 + micro($1) }
      #expect(try micro("moneyInMicro") == there)
      #expect(try micro("moneyOutMicro") == there)
      // Neighbours come with a thousand people.
      let isEmpty = plan["joined"] as? Int == 0
      #expect(try micro("moneyInMicro") > 0 || isEmpty)
      #expect(try places.allSatisfy { try micro($0) >= 0 })
      joined += try #require(plan["joined"] as? Int)
      #expect(try #require(plan["funded"] as? Int) <= #require(plan["live"] as? Int))
    }
    #expect(joined == 300, "everybody joined one plan")
    let results = try #require(demo["results"] as? [String: Int])
    #expect(results["success", default: 0] > 600, "three hundred joins and as many deposits")
    let events = try #require(demo["events"] as? [String: Int])
    for name in ["convention_changed", "officer_rotated", "organisation_suspended", "paused"] {
      #expect(events[name, default: 0] >= 1, "\(name)")
    }
    let verified = try #require(demo["verified"] as? [String: Any])
    for (name, key) in [("receipt.json", "receiptBytes"), ("statement.json", "statementBytes")] {
      let bytes = try Data(contentsOf: URL(filePath: DemoRun.path() + "/" + name))
      #expect(verified[key] as? Int == bytes.count)
      #expect(try JSONSerialization.jsonObject(with: bytes) is [String: Any])
    }
  }

  @Test("a second run without --replace refuses and leaves every file as it was")
  func noSecondRun() throws {
    let folder = try #require(DemoRun.current?.folder)
    let before = try folder.content()
    let run = try Program.tongzhou.run(DemoRun.arguments + ["--data", DemoRun.path()])
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("storage.foreign_directory: ") && run.errors.contains("--replace"))
    #expect(try folder.content() == before)
  }

  @Test("an audit finds everything in order, and its figures are those of the demonstration")
  func auditPasses() throws {
    let demo = try #require(DemoRun.current?.run).object()
    let chain = try #require(demo["chain"] as? String)
    let run = try audit(DemoRun.path(), "--genesis", chain, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let logs = try #require(try run.json() as? [[String: Any]])
    #expect(logs.count == 1 && logs[0]["chain"] as? String == chain && logs[0]["ok"] as? Bool == true)
    let verified = try #require(demo["verified"] as? [String: Any])
    for (name, key) in [("entries", "auditEntries"), ("blocks", "auditBlocks"), ("files", "auditFiles")] {
      #expect(logs[0][name] as? Int == verified[key] as? Int)
    }
    #expect(logs[0]["memberships"] as? Int == 300 && logs[0]["gifts"] == nil)
    // The log's own directory does as well.
    let direct = try audit(DemoRun.path() + "/log/aid")
    #expect(direct.status == 0 && direct.text.contains("all in order"))
  }

  @Test("without a pinned chain both are audited, each by the figures that it has")
  func auditPassesBoth() throws {
    let demo = try #require(DemoRun.current?.run).object()
    let hearts = try #require(demo["hearts"] as? [String: Any])
    let run = try audit(DemoRun.path(), "--json")
    #expect(run.status == 0, "\(run.errors)")
    let logs = try #require(try run.json() as? [[String: Any]])
    #expect(logs.map { $0["chain"] as? String } == [demo["chain"] as? String, hearts["chain"] as? String])
    #expect(logs.last?["gifts"] as? Int == hearts["gifts"] as? Int && logs.last?["memberships"] == nil)
    let verified = try #require(hearts["verified"] as? [String: Any])
    for (name, key) in [("entries", "auditEntries"), ("blocks", "auditBlocks"), ("files", "auditFiles")] {
      #expect(logs.last?[name] as? Int == verified[key] as? Int)
    }
    let chain = try #require(hearts["chain"] as? String)
    for arguments in [["--genesis", chain], ["--chain", "heart"]] {
      let one = try Program.tongzhou.run(["audit", DemoRun.path()] + arguments)
      #expect(one.status == 0 && one.text.contains("every lot and all hearts"), "\(one.errors)")
      #expect(!one.text.contains("memberships"))
    }
    let none = try audit(DemoRun.path(), "--chain", "other")
    #expect(none.status == 1 && none.errors.hasPrefix("storage.foreign_directory: "))
  }

  /// A program that runs another one without any network; `nil` where this user may not.
  private static let offline: [String]? = {
    let words = ["/usr/bin/unshare", "--map-root-user", "--net"]
    guard FileManager.default.isExecutableFile(atPath: words[0]),
      let run = try? Program.tongzhou.run(["--version"], wrapped: words), run.status == 0
    else { return nil }
    return words
  }()

  @Test("an audit needs no network", .enabled(if: offline != nil, "needs a network namespace"))
  func auditNeedsNoNetwork() throws {
    let run = try Program.tongzhou.run(["audit", DemoRun.path()], wrapped: #require(Self.offline))
    #expect(run.status == 0 && run.text.contains("all in order"), "\(run.errors)")
  }

  @Test(
    "one flipped byte in a tile, a bundle or the checkpoint is found and its file named",
    arguments: ["tile/0/000", "tile/0/003", "tile/entries/000", "tile/entries/005", "checkpoint", "policy/0"])
  func flippedByte(_ name: String) throws {
    for place in [{ $0 / 3 }, { $0 - 2 }] as [@Sendable (Int) -> Int] {
      let run = try auditFlipped(name, at: place)
      #expect(run.status == 1 && run.output.isEmpty)
      // A changed policy shows first where the checkpoint is held against it.
      let isNamed = run.errors.hasPrefix(name + ": ")
      let isPolicy = name.hasPrefix("policy/") && run.errors.hasPrefix("checkpoint: ") && run.errors.contains(name)
      #expect(isNamed || isPolicy, "\(name): \(run.errors)")
      #expect(run.errors.contains("(audit."))
    }
  }

  @Test("one flipped byte in the log of the gifts is found as well", arguments: ["tile/entries/000", "tile/0/001"])
  func flippedByteOfGifts(_ name: String) throws {
    let run = try auditFlipped(name, of: "heart") { $0 / 3 }
    #expect(run.status == 1 && run.output.isEmpty && run.errors.hasPrefix(name + ": "), "\(run.errors)")
  }

  @Test("the chain of another genesis is refused")
  func anotherGenesis() throws {
    let other = String(repeating: "0123456789abcdef", count: 4)
    let run = try audit(DemoRun.path(), "--genesis", other)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.hasPrefix("entry 0: ") && run.errors.contains("(audit.wrong_genesis)"), "\(run.errors)")
    for mistyped in ["12", other + "0", String(repeating: "+f", count: 32), String(repeating: "g", count: 64)] {
      let run = try audit(DemoRun.path(), "--genesis=" + mistyped)
      #expect(run.status == 1 && run.errors.hasPrefix("encoding.malformed: "), "\(run.errors)")
    }
  }

  @Test("a directory without a log is refused")
  func noLog() throws {
    try TemporaryFolder.with { folder in
      try folder.write("hello", to: "notes.txt")
      for path in [folder.path, folder.file("nowhere"), folder.file("notes.txt")] {
        let run = try audit(path)
        #expect(run.status == 1 && run.output.isEmpty && run.errors.hasPrefix("storage."), "\(run.errors)")
      }
    }
  }
}
