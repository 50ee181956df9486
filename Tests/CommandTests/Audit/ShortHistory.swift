import Consortium
import Foundation
import Ledger
import MutualAid
import Storage
import TongzhouClient
import TransparencyLog

@testable import Simulator

/// A directory of files as a place to audit from.
struct FilesSource: LogSource {
  let directory: LogDirectory

  init(_ path: String) { directory = LogDirectory(path) }

  func read(_ path: String) throws -> [UInt8]? { try directory.read(path) }

  func files() throws -> [String]? { try directory.files() }
}

/// Three people, one case: joined, paid in, fell ill, shared and paid, written as a log's files.
///
/// Generic over the application, so that organisations which all lie in the same way can be told to.
struct ShortHistory<App: Application> {
  let consortium: DemoConsortium
  let path: String
  private var network: Network<App>
  private var writer: LogWriter
  private let convention: Convention
  private let firstDay = 20_500
  private var nextID = 0

  init(
    prepare: @escaping Network<App>.Preparation = { PreparedBatch($0, chain: $1.chain) }
  ) throws {
    consortium = try DemoConsortium(seed: 7, start: Demo.morning(firstDay - 1))
    network = try Network(genesis: consortium.genesis, keys: consortium.endorsers, seed: 7, prepare: prepare)
    path = NSTemporaryDirectory() + "tongzhou-tests-" + UUID().uuidString
    writer = try LogWriter(creating: path, synced: false)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    convention = try ConventionFile(path: root.standardized.path + "/Conventions/tongzhou-seed.yaml").convention
    try writer.append([Entry.make(.genesis, consortium.genesis.bytes)])
    try writer.write(
      policy: network.participants[0].chain.app.endorsers.policy(origin: consortium.genesis.origin).text, height: 0)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Runs the whole history; `forged` adds a transaction whose signature is not the sender's.
  mutating func run(forged: Bool = false) throws {
    try day(0)
    try submit(try MutualAid.openPlan(convention, custodian: 1, identity: 5), by: .platform)
    let people = try (0..<3).map { try DemoKeys.key(seed: 7, purpose: "person", index: $0) }
    let rows = people.enumerated().map { index, key in
      Attestation(
        plan: 0, birthMonth: UInt16(1990 * 12 + index), owner: key.publicKey.address,
        earliestJoin: Timestamp(seconds: 1_000_000_000), expiry: .max, nullifier: .sha256([UInt8(index)]))
    }
    try submit(Consortium.attestAction(plan: 0), by: .identity, rows: rows.map(\.canonicalBytes))
    try day(1)
    let leaves = rows.map { Hash.leaf($0.canonicalBytes) }
    for (index, key) in people.enumerated() {
      let proof = ProvenAttestation(
        attestation: rows[index], manifest: 0, index: UInt32(index),
        path: try InclusionProof.build(index: UInt64(index), leaves: leaves).path)
      try submit(MutualAid.join(proof, insured: .sha256([1]), health: .sha256([2])), signedBy: key)
    }
    try day(2)
    let deposits = (0..<3).map { index in
      Deposit(
        membership: UInt32(index), amount: Amount(micro: Int64(index + 1) * 10_000_000),
        reference: .sha256([9, UInt8(index)])
      ).canonicalBytes
    }
    try submit(MutualAid.deposits(plan: 0, first: 1), by: .bank, rows: deposits)
    try day(200)
    try submit(
      MutualAid.fileCase(membership: 0, diseaseClass: 1, diagnosed: UInt32(firstDay + 199), documents: .sha256([3])),
      signedBy: people[0])
    if forged {
      // Somebody leaves in another member's name.
      try submit(MutualAid.leave(membership: 2), signedBy: people[2], spoiled: true)
    }
    try day(201)
    try submit(
      MutualAid.assign(caseOrdinal: 0, to: UInt32(DemoConsortium.Member.insurer.rawValue)), by: .platform)
    try submit(MutualAid.investigate(caseOrdinal: 0, confirmed: true, report: .sha256([4])), by: .insurer)
    for member in [DemoConsortium.Member.platform, .charity] {
      try submit(MutualAid.decide(caseOrdinal: 0, approve: true), by: member)
    }
    try day(202)
    try submit(MutualAid.publishNotice(caseOrdinal: 0), by: .platform)
    for number in [205, 210, 211] { try day(number) }
  }

  private mutating func day(_ number: Int) throws {
    network.advance(to: Demo.morning(firstDay + number))
    try publish()
    network.advance(to: Demo.morning(firstDay + number).adding(seconds: 10))
    try publish()
  }

  private mutating func publish() throws {
    network.settle()
    for place in network.participants.indices.dropFirst() { _ = network.takePublished(by: place) }
    for block in network.takePublished(by: 0) {
      try writer.append(block.block.entries)
      try writer.publish(
        checkpoint: block.checkpoint(
          origin: consortium.genesis.origin, endorsers: network.participants[0].chain.certifiers))
    }
  }

  private mutating func submit(_ action: Action, by member: DemoConsortium.Member, rows: [[UInt8]] = []) throws {
    try submit(action, signedBy: consortium.officer(of: member), rows: rows)
    try publish()
  }

  private mutating func submit(
    _ action: Action, signedBy key: SigningKey, rows: [[UInt8]] = [], spoiled: Bool = false
  ) throws {
    nextID += 1
    let id = Array(Hash.sha256(Array("\(nextID)".utf8)).bytes.prefix(16))
    let unsigned = try UnsignedTransaction(
      chain: consortium.genesis.chain, sender: key.publicKey.address, expiry: network.now.adding(seconds: 300),
      id: id, action: action, manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    var envelope = try unsigned.signed(by: [key])
    let transaction = try VerifiedTransaction.verify(envelope: envelope, chain: consortium.genesis.chain)
    guard spoiled else {
      network.submit(transaction, entries: [Entry.make(.transaction, envelope)] + (try RowEntries.pack(rows)))
      try publish()
      return
    }
    envelope[envelope.count - 5] ^= 1
    let entry = Entry.make(.transaction, envelope)
    let forged = try VerifiedTransaction.decodeUnsigned(entry: entry, chain: consortium.genesis.chain)
    network.submit(forged, entries: [entry])
    try publish()
  }
}
