internal import Contracts
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Node
internal import Simulator
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// The chain of hearts of a demonstration: a year lived, its files, and what is checked of them.
struct DemoHearts {
  let genesis: Genesis
  let report: HeartReport
  /// Seconds the year took, and the audit after it.
  let seconds: Double
  /// See ``seconds``.
  let auditSeconds: Double
  let audit: Auditor<DirectorySource>.Report
  /// What the partner was shown by each example giver.
  let shown: [Bool]
  /// Bytes and steps of the proven way of the example lot.
  let way: (bytes: Int, steps: Int)

  /// The chain's name.
  static let chain = "heart"
  /// What stands in place of a plan where a person's key is for hearts; plans have smaller numbers.
  private static let purpose: UInt32 = 65_536

  /// Lives the year, and writes log, keys and the example givers' secrets.
  ///
  /// - Parameter issuer: under which address the platform issues credentials.
  static func live(directory: String, gifts: Int, seed: UInt64, end: Timestamp, issuer: String) async throws
    -> DemoHearts
  {
    let began = ContinuousClock.now
    let paths = ChainPaths(data: directory, chain: chain)
    let options = HeartOptions(gifts: gifts, seed: seed, end: end) { (secret, chain) throws(LedgerError) in
      guard let secret = BackupSecret(secret) else { throw LedgerError(.badKey, "a backup secret has 32 bytes") }
      return try secret.key(chain: chain, plan: purpose)
    }
    let writer = try DemoLog(directory: paths.log)
    var ways = WayIndex()
    var demo = try HeartDemo(options, preparation: DemoPreparation { ParallelPreparation.items($0, genesis: $1) }) {
      ways.add($0.block.app.steps)
      try writer.publish($0, endorsers: $1)
    }
    try writer.begin(genesis: demo.genesis, endorsers: demo.endorsers)
    let keys = KeyDirectory(paths.keys)
    for organisation in demo.organisations {
      if let endorser = organisation.endorser { try keys.write(endorser, of: organisation.name) }
      try keys.write(officer: organisation.officer, of: organisation.name)
    }
    var bar = ProgressBar("a year of gifts")
    let report = try demo.run { bar.show($0, of: $1) }
    bar.finish()
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    for giver in report.examples { try write(giver, in: directory) }
    try writeTexts(in: directory)

    // What follows is held against the files and the pinned genesis alone.
    let audited = ContinuousClock.now
    bar = ProgressBar("auditing gifts")
    let source = DirectorySource(LogDirectory(paths.log))
    let audit = try Auditor(source, genesis: demo.genesis.chain).run { bar.show($0, of: $1) }
    bar.finish()
    let auditSeconds = (ContinuousClock.now - audited) / .seconds(1)
    let green = try DemoGreen(directory: directory, issuer: issuer, seed: demo.issuerSeed)
    var shown: [Bool] = []
    for giver in report.examples {
      shown.append(
        try await green.opens(
          to: audit.final.app.hearts.loveIndex(of: giver.address, at: audit.final.time),
          threshold: report.partner.threshold, formula: audit.final.app.hearts.formula, chain: audit.chain,
          partner: report.partner.ordinal, at: audit.final.time))
    }
    guard let found = ways.way(of: report.exampleLot) else {
      throw LedgerError(.badBatch, "no event made lot \(report.exampleLot)")
    }
    let way = try write(found, of: audit, from: source, genesis: demo.genesis, to: directory + "/way.json")
    return DemoHearts(
      genesis: demo.genesis, report: report, seconds: seconds, auditSeconds: auditSeconds, audit: audit, shown: shown,
      way: way)
  }

  /// Writes a way's proof file, and verifies it as anybody would who has the genesis.
  private static func write(
    _ way: Way, of audit: Auditor<DirectorySource>.Report, from source: DirectorySource, genesis: Genesis,
    to path: String
  ) throws -> (bytes: Int, steps: Int) {
    let proven = try ProvenWay(
      way, state: audit.final.app, chain: genesis.chain, seal: SealProof(last: source))
    let bytes = try proven.json()
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let policy = try ChainState(genesis: genesis).endorsers.policy(origin: genesis.origin)
    let read = try ProvenWay(file: bytes).verify(chain: genesis.chain, policy: policy)
    return (bytes.count, read.steps.count)
  }

  /// Writes a giver's secret.
  private static func write(_ giver: HeartReport.Giver, in directory: String) throws {
    guard let secret = BackupSecret(giver.secret) else { throw LedgerError(.badKey, "a backup secret has 32 bytes") }
    try write(secret: Array((secret.text + "\n").utf8), to: "\(directory)/\(keyFile(giver))")
  }

  /// Writes the texts whose hashes the chain has, for the pages of a node on the directory.
  private static func writeTexts(in directory: String) throws {
    let path = "\(directory)/\(NodeService.publishedTexts)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(HeartDemo.texts.map { ["zh": $0.zh, "en": $0.en] }).write(to: URL(fileURLWithPath: path))
  }

  /// Writes a file that only its owner can read.
  static func write(secret: [UInt8], to path: String) throws {
    let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
    guard FileManager.default.createFile(atPath: path, contents: Data(secret), attributes: attributes) else {
      throw StorageError(.inputOutput, "cannot create \(path)")
    }
  }

  /// The name of the file with a giver's secret.
  static func keyFile(_ giver: HeartReport.Giver) -> String { "giver-\(giver.loveIndex).key" }
}
