internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import Logging
internal import MutualAid
internal import Node
internal import Server
internal import Simulator
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou demo`.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Three plans over simulated years, a year of three charities, and every check.",
    discussion: """
      People with the age structure of China's census join with keys of their own, top up, fall ill by the
      incidence table, file, are investigated, noticed, shared and paid, all by the conventions. The clock
      of the simulation ends now. Each signature is verified once in the process, and again by the audit.

      On a second chain, "heart", thousands of people give to three charities over the last year: one cheats and
      is found out. Each chain is executed and endorsed by four organisations with keys of their own.

      The files in --data are whole chains: `tongzhou audit DIR` replays them without a network.

      Then it serves the chains, which go on by the wall clock, until it is stopped; see --no-serve and
      --serve-seconds.
      """)

  @Option(help: "People, over the two large plans (2 to 5,000,000); from 1,000 on there are 160 neighbours besides.")
  var members = 200_000

  @Option(help: "Simulated years (1 to 20).")
  var years = 2

  @Option(help: "The same seed gives the same people and events.")
  var seed: UInt64 = 1

  @Option(help: "Directory for the chain's files; a temporary one without it.")
  var data: String?

  @Option(help: "Directory with the conventions.")
  var conventions: String?

  @Option(help: "The simulation's last moment, POSIX seconds; now without it.")
  var end: UInt64?

  @Flag(help: "Replace an earlier demonstration in the directory.")
  var replace = false

  @Flag(help: "Do not serve the pages afterwards.")
  var noServe = false

  @Option(help: "Stop so many seconds after the pages are ready (1 to 86400); without it, Ctrl-C or a signal does.")
  var serveSeconds: Int?

  @Option(help: "The port of the pages; 0 for any free one. Without it 8080, or a free one where that is taken.")
  var port: Int?

  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (2...5_000_000).contains(members) else { throw ValidationError("--members is 2 to 5000000") }
    guard (1...20).contains(years) else { throw ValidationError("--years is 1 to 20") }
    guard (0...65_535).contains(port ?? 0) else { throw ValidationError("--port is 0 to 65535") }
    guard (1...86_400).contains(serveSeconds ?? 1) else { throw ValidationError("--serve-seconds is 1 to 86400") }
  }

  func run() async throws {
    do {
      let directory = try await simulate()
      if !noServe { try await serve(directory) }
    } catch {
      throw Output.fail(error)
    }
  }

  /// Serves the pages until it is stopped. Where the output is JSON, the addresses go to standard error.
  private func serve(_ directory: String) async throws {
    var settings = ServingSettings()
    settings.level = .warning
    settings.server.port = port ?? settings.server.port
    let isJSON = json.isOn
    let say: @Sendable (String) -> Void = { isJSON ? Output.note($0) : Output.line($0) }
    if port == nil, !ServedAddress.isFree(host: settings.server.host, port: settings.server.port) {
      say("port \(settings.server.port) is taken, so another one")
      settings.server.port = 0
    }
    let ending = serveSeconds.map { "for \($0) seconds; Ctrl-C stops it earlier" } ?? "stop with Ctrl-C"
    try await NodeService.run(data: directory, settings: settings, seconds: serveSeconds) { url in
      // Before the log is read, so that who waits for an address has it early.
      say("pages, as soon as the node has read its log:")
      say("  中文     \(url)?lang=zh")
      say("  English  \(url)?lang=en")
      say("  hearts   \(url)hearts?lang=zh")
      say("  log      \(url)log/aid/checkpoint")
      say("  API      \(url)openapi.yaml")
    } onReady: { url in
      say("serving \(directory) on \(url) (\(ending))")
    }
  }

  /// Runs the demonstration and all its checks, and prints what came out.
  ///
  /// - Returns: the chains' directory.
  private func simulate() async throws -> String {
    let seedPlan = try ConventionPlaces.convention("tongzhou-seed.yaml", in: conventions)
    let calendarPlan = try ConventionPlaces.convention("fortnight.yaml", in: conventions)
    // Last, so that whoever is refused before still has the earlier demonstration.
    let directory = try prepareDirectory()
    let moment = end.map { Timestamp(seconds: $0) } ?? .wallClock
    let options = DemoOptions(
      members: members, years: years, seed: seed, end: moment,
      seedPlan: try DemoOptions.smaller(seedPlan, members: members / 2),
      calendarPlan: try DemoOptions.scaled(calendarPlan, members: members / 2),
      neighbours: try ConventionPlaces.convention("neighbours.yaml", in: conventions))
    let began = ContinuousClock.now
    let log = directory + "/log/aid"
    let writer = try DemoLog(directory: log)
    var demo = try Demo(options, preparation: DemoPreparation { ParallelPreparation.items($0, genesis: $1) }) {
      try writer.publish($0, endorsers: $1)
    }
    try writer.begin(genesis: demo.genesis, endorsers: demo.endorsers)
    let keys = KeyDirectory(ChainPaths(data: directory, chain: "aid").keys)
    for organisation in demo.organisations {
      if let endorser = organisation.endorser { try keys.write(endorser, of: organisation.name) }
      try keys.write(officer: organisation.officer, of: organisation.name)
      if let dice = organisation.dice { try keys.write(dice: dice, of: organisation.name) }
    }
    var bar = ProgressBar("simulating")
    let report = try demo.run { bar.show($0, of: $1) }
    bar.finish()
    let simulated = ContinuousClock.now - began

    let checks = try DemoChecks.run(
      log: log, directory: directory, genesis: demo.genesis, membership: report.exampleMembership,
      receiptEntry: writer.exampleEntry)
    let hearts = try await DemoHearts.live(
      directory: directory, gifts: HeartOptions.gifts(members: members), seed: seed, end: moment,
      issuer: "http://127.0.0.1:\(port ?? 8080)")
    let output = DemoOutput(
      report: report, checks: checks, options: options, model: calendarPlan, directory: directory,
      seconds: simulated / .seconds(1), hearts: hearts)
    try json.isOn ? Output.json(output) : output.print()
    return directory
  }

  /// The data directory, empty: never one that holds something else.
  private func prepareDirectory() throws -> String {
    let files = FileManager.default
    guard let data else {
      let path = files.temporaryDirectory.appendingPathComponent("tongzhou-demo-\(UUID().uuidString)").path
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
      return path
    }
    let content = (try? files.contentsOfDirectory(atPath: data)) ?? []
    if !content.isEmpty {
      guard replace, DemoCommand.isDemonstration(data) else {
        throw StorageError(
          .foreignDirectory,
          replace ? "\(data) holds something else than a demonstration" : "\(data) is not empty; see --replace")
      }
      // Not from under a node that runs there.
      let lock = content.contains("node.lock") ? try DirectoryLock(data) : nil
      defer { lock?.release() }
      for name in content { try files.removeItem(atPath: data + "/" + name) }
    }
    try files.createDirectory(atPath: data, withIntermediateDirectories: true)
    return data
  }

  /// Whether a directory holds what a demonstration writes and nothing else; one that was cut off counts.
  private static func isDemonstration(_ directory: String) -> Bool {
    let chains: Set = ["aid", "heart"]
    func database(_ name: String) -> [String] { ["", "-wal", "-shm"].map { name + $0 } }
    let logFiles: Set = ["checkpoint", "policy", PolicyChanges.path, "tile"]
    let known: [(folder: String, names: Set<String>)] = [
      (
        "",
        [
          "log", "receipt.json", "statement.json", "way.json", "giver-650.key", "giver-649.key", "keys", "journal",
          "snapshots", "search", "node.lock", "tls", "webhooks", "hearts",
        ]
      ), ("/log", chains), ("/log/aid", logFiles), ("/log/heart", logFiles),
      ("/webhooks", Set(database(WebhookPart.file))), ("/journal", chains), ("/snapshots", chains),
      ("/search", Set(chains.flatMap { database("\($0).sqlite") })),
      ("/hearts", Set(database("issued.sqlite") + ["texts.json"])),
      ("/tls", Set(["ca.pem", "ca.key", "server.pem", "server.key"].flatMap { [$0, $0 + ".new"] })),
    ]
    return known.allSatisfy { folder, names in
      let path = directory + folder
      guard FileManager.default.fileExists(atPath: path) else { return true }
      guard let content = try? FileManager.default.contentsOfDirectory(atPath: path) else { return false }
      return names.isSuperset(of: content)
    }
  }
}
