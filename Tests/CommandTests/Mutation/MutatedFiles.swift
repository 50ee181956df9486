import Contracts
import Foundation
import Ledger
import MutualAid
import TestSupport
import TransparencyLog

@testable import TongzhouClient

/// Files of every kind that hold, and others of the same and of other chains to take pieces of.
struct MutatedFiles {
  private(set) var all: [MutatedFile] = []
  /// Files that hold too, of the same log and of others, one of which has the same organisation and origin.
  let donors: [[UInt8]]

  init(_ fixture: ProofFixture) throws {
    func history(_ name: String, _ bytes: [UInt8]) -> MutatedFile {
      MutatedFile(name: name, bytes: bytes, chain: fixture.chain, policy: fixture.policy.text)
    }
    var app = try fixture.state()
    let seal = try SealProof(last: fixture.source)
    let commitment = app.commitment()
    func proof(_ name: String, _ ordinal: Int) throws -> ProvenState? {
      guard let table = commitment.proof(ofTable: name), let record = app.recordProof(table: name, ordinal: ordinal)
      else { return nil }
      return ProvenState(table: table, record: record, chain: fixture.chain, seal: seal)
    }
    func absent(_ key: Hash, _ table: Absence.Table) throws -> Absence {
      try Absence(of: key, in: table, state: app, chain: fixture.chain, seal: seal)
    }
    let block = try SignedBlock()
    let template = try fixture.statement(0)
    var opened = template
    opened.openCases(in: app.mutualAid) { _ in true }
    let key = Hash.sha256([200])
    let whole = try Receipt(entry: fixture.transactions[4], from: fixture.source, isWhole: true)

    all.append(history("receipt", try whole.json()))
    all.append(history("statement", try opened.json()))
    all.append(
      MutatedFile(
        name: "statement with reserve",
        bytes: try Story.withReserves().statement(in: block, from: template).json(), chain: block.chain,
        policy: block.policy.text))
    for (name, ordinal) in [("memberships", 1), ("organisations", 0)] {
      guard let proof = try proof(name, ordinal) else { continue }
      var file = history("state proof of \(name)", try proof.json())
      (file.table, file.ordinal) = (name, UInt64(ordinal))
      all.append(file)
    }
    for (table, key) in [(Absence.Table.nullifiers, key), (.nullifiers, MutatedFiles.highest)] {
      var file = history("absence in \(table.rawValue)", try absent(key, table).json())
      (file.table, file.key) = (table.rawValue, key)
      all.append(file)
    }
    all += try MutatedFiles.hearts()

    var twin = block
    twin.chain = Hash.sha256([2])
    var story = try Story()
    story.membership.number = 8
    var donors = try [1, 2].map { try fixture.receipt(fixture.transactions[$0]).json() }
    donors.append(try fixture.statement(1).json())
    donors.append(try Story.withReserves().statement(in: twin, from: template).json())
    donors.append(try story.statement(in: block, from: template).json())
    donors.append(try absent(key, .paymentReferences).json())
    if let other = try proof("memberships", 0) { donors.append(try other.json()) }
    self.donors = donors
  }

  /// Ways of a lot that was repacked, boxed and sent, of a gift, and of one that was taken back; and a lot's record.
  private static func hearts() throws -> [MutatedFile] {
    let hearts = try HeartFixture.shared.get()
    func file(_ name: String, _ bytes: [UInt8]) -> MutatedFile {
      MutatedFile(name: name, bytes: bytes, chain: hearts.chain, policy: hearts.policy.text)
    }
    var files = [
      file("way", try hearts.way(.meal).json()), file("way of a gift", try hearts.way(.money).json()),
      file("way of a void lot", try hearts.way(.wrong).json()),
    ]
    if let proof = try hearts.proof("lots", 4) {
      var lot = file("state proof of lots", try proof.json())
      (lot.table, lot.ordinal) = ("lots", 4)
      files.append(lot)
    }
    return files
  }

  /// A key above all others.
  private static let highest = Hash([UInt8](repeating: 0xff, count: 32)) ?? .zero
}
