import Foundation
import Ledger
import Testing

@testable import MutualAid

/// Whether the tables of bad input leave out a code.
@Suite struct EveryCodeTests {
  /// Codes of `Ledger` that no block's results can hold, and where they come up instead.
  private static let outsideBlocks: [ErrorCode: String] = [
    .badAddress: "text of an address; bytes of one cannot be wrong but in length",
    .tooLarge: "building rows; an envelope that fills an entry makes the batch invalid",
    .badGenesis: "starting a chain", .badBatch: "skipping a batch", .badCertificate: "skipping a batch",
    .poolFull: "handing a transaction in",
  ]

  /// What the tests of this folder produce: every case of these tables is run and held to its code.
  private static var produced: Set<UInt16> {
    let tables = [
      JoiningTests.cases, PlanTests.cases, RegisteringTests.cases, DepositTests.cases, ClaimTests.cases,
      PaymentTests.cases, EnvelopeTests.cases, ManifestTests.cases, GovernanceTests.cases, ChangeTests.cases,
      PauseTests.cases, EvidenceTests.cases, ContestTests.cases, FastTrackCodeTests.cases, WindingDownTests.cases,
      ReserveTests.cases, FilingTests.cases, CheckingTests.cases, MemberTests.cases,
    ]
    let outcomes = DepositOutcomeTests.cases.map(\.code)
    // These need more than one transaction, and have tests of their own in PlanTests, EnvelopeTests and
    // ManifestTests.
    let alone: [ErrorCode] = [.tooManyPlans, .quotaUsed, .orphanRows]
    return Set((tables.joined().map(\.code) + outcomes + alone).map(\.number))
  }

  /// The numbers of the codes by docs/errors.md, which `make check` holds against the sources.
  private static func documented() throws -> Set<UInt16> {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
    let page = try String(contentsOf: root.standardized.appendingPathComponent("docs/errors.md"), encoding: .utf8)
    return Set(
      page.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return cells.count == 4 && cells[1].hasPrefix("`") ? UInt16(cells[0]) : nil
      })
  }

  @Test("every code of the consortium and of mutual aid is produced by bad input in a block")
  func contracts() throws {
    let documented = try EveryCodeTests.documented().filter { (100..<400).contains($0) }
    #expect(documented.count >= 37)
    #expect(documented.subtracting(EveryCodeTests.produced).sorted() == [])
    #expect(EveryCodeTests.produced.filter { $0 >= 100 }.subtracting(documented).sorted() == [])
  }

  @Test("every code of the ledger is produced, or cannot stand in a block")
  func ledger() throws {
    let documented = try EveryCodeTests.documented().filter { $0 < 100 && $0 != 0 }
    let elsewhere = Set(EveryCodeTests.outsideBlocks.keys.map(\.number))
    let inBlocks = EveryCodeTests.produced.filter { $0 < 100 && $0 != 0 }
    #expect(inBlocks.isDisjoint(with: elsewhere))
    #expect(inBlocks.union(elsewhere).sorted() == documented.sorted())
  }
}
