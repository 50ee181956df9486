import Foundation
import HeartChain
import TestSupport
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

extension VectorSet {
  /// Ways of a chain of hearts, and every lie about one that a test of ours knows.
  mutating func addWays(_ fixture: HeartFixture) throws {
    func add(_ reason: String, _ verdict: String, _ bytes: [UInt8]) {
      self.add("way", reason, verdict, bytes, chain: fixture.chain, policy: "hearts")
    }
    for lot in TestGiving.Lot.allCases { add("the way of \(lot)", "valid", try fixture.way(lot).json()) }
    let honest = try fixture.way(.meal)
    func bent(_ change: (inout ProvenWay) throws -> Void) throws -> [UInt8] {
      var way = honest
      try change(&way)
      return try way.json()
    }
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout ProvenWay) throws -> Void) throws {
      add(reason, code.name, try bent(change))
    }
    add("packed by gzip", "valid", try honest.packed())
    add("two gifts of one block in the other order", "valid", try bent { $0.steps.swapAt(0, 1) })
    var rice = try fixture.way(.rice)
    rice.gift = nil
    add("without the record of its gift", "valid", try rice.json())

    for place in honest.steps.indices {
      try refuse("step \(place) left out", .brokenHistory) { $0.steps.remove(at: place) }
    }
    let strange = try fixture.way(.wrong).steps
    try refuse("a step twice", .brokenHistory) { $0.steps.insert($0.steps[12], at: 12) }
    try refuse("a step of another lot behind", .brokenHistory) { $0.steps.append(strange[1]) }
    try refuse("a step of another lot in front", .brokenHistory) { $0.steps.insert(strange[0], at: 0) }
    try refuse("two steps in the other order", .brokenHistory) { $0.steps.swapAt(11, 12) }
    try refuse("no steps", .brokenHistory) { $0.steps = [] }
    try refuse("another time of a block", .brokenHistory) { $0.steps[12][15] ^= 1 }
    try refuse("another number of an event", .brokenHistory) { $0.steps[12][7] ^= 1 }
    try refuse("another organisation", .brokenHistory) { $0.steps[12][1] ^= 1 }
    try refuse("more was handed over", .brokenHistory) { $0.steps[12][25 + 15] ^= 1 }
    try refuse("another place", .brokenHistory) { $0.steps[0][21 + 27] ^= 1 }
    try refuse("another giver", .brokenHistory) { $0.steps[0][21 + 68] ^= 1 }
    try refuse("another picture", .brokenHistory) { $0.steps[12][25 + 36] ^= 1 }
    try refuse("another lot than the row names", .brokenHistory) { $0.steps[12][24] ^= 1 }
    try refuse("a lot made with another number", .brokenHistory) { $0.steps[6][19] ^= 1 }
    try refuse("a lot with a number that none has", .malformed) { $0.steps[12][21] = 0x80 }
    try refuse("a lot made where the row makes none", .malformed) { $0.steps[12][19] = 4 }
    try refuse("a step of no event", .malformed) { $0.steps[12][25] = 99 }
    try refuse("an event of no lot", .malformed) { $0.steps[12][25] = TraceKind.attended.rawValue }
    try refuse("a field that the event does not have", .malformed) { $0.steps[12][25 + 31] = 1 }
    try refuse("a quantity of nothing", .malformed) { way in
      for place in 0..<8 { way.steps[12][25 + 8 + place] = 0 }
    }
    try refuse("another number of lots than the row has", .malformed) { $0.steps[12][20] = 0 }
    try refuse("a step cut short", .malformed) { $0.steps[12].removeLast() }
    try refuse("a step of nothing", .malformed) { $0.steps[12] = Data() }
    try refuse("another lot's record", .brokenHistory) { $0.record = try fixture.way(.box).record }
    try refuse("the record at another place", .notIncluded) { $0.record.ordinal = 5 }
    try refuse("one bit of the record", .notIncluded) { $0.record.record[107] ^= 1 }
    try refuse("a record of the table of gifts", .notIncluded) { way in
      if let gift = try fixture.way(.rice).gift { (way.table, way.record) = (gift.table, gift.record) }
    }
    try refuse("a gift that it did not begin as", .notIncluded) { $0.gift = try fixture.way(.rice).gift }
    try refuse("an earlier seal", .notIncluded) { way in
      way.seal = try fixture.earlierSeal()
    }
    try refuse("it names another chain", .wrongChain) { $0.chain = Hash.sha256([1]).description }
    try addPadded(honest, fixture)
    try addReversals(fixture)
  }

  /// Steps that stand in no history: whoever keeps only to the hashes takes them.
  private mutating func addPadded(_ honest: ProvenWay, _ fixture: HeartFixture) throws {
    let first = try Way.Step.read(honest.steps[0]).step
    let packed = try Way.Step.read(honest.steps[7]).step
    var lost = TraceEvent(.lost, unit: .gram, time: first.time)
    (lost.lot, lost.quantity) = (TestGiving.Lot.meal.rawValue, 900)
    var remade = TraceEvent(.repacked, unit: .gram, time: first.time)
    remade.parts = [TracePart(lot: 99, quantity: 9), TracePart(lot: 1, quantity: 9)]
    remade.inputs = 1
    let forged: [(String, TraceEvent, [UInt32], [UInt32], Timestamp, Int)] = [
      ("a loss before the lot was made", lost, [4], [], first.time, 0),
      ("a lot made a second time, out of what nobody knows", remade, [99], [4], packed.time, 8),
    ]
    for (reason, event, sources, made, time, place) in forged {
      let step = Way.Step(event: 9 << 48 | 1, time: time, row: event.row, sources: sources, made: made)
      var padded = honest
      padded.steps.insert(step.fileBytes, at: place)
      add(
        "way", reason, ProofError.Code.brokenHistory.name, try padded.json(), chain: fixture.chain, policy: "hearts")
    }
  }

  private mutating func addReversals(_ fixture: HeartFixture) throws {
    let void = try fixture.way(.wrong)
    func refuse(_ reason: String, _ code: ProofError.Code, _ way: ProvenWay) throws {
      add("way", reason, code.name, try way.json(), chain: fixture.chain, policy: "hearts")
    }
    func bent(_ change: (inout ProvenWay) -> Void) -> ProvenWay {
      var way = void
      change(&way)
      return way
    }
    try refuse("a void lot's way without the reversal", .brokenHistory, bent { $0.reversal = nil })
    try refuse("another reason", .brokenHistory, bent { $0.reversal?.reason[0] ^= 1 })
    try refuse("another time of the reversal", .brokenHistory, bent { $0.reversal?.time += 1 })
    try refuse("a reason of 31 bytes", .malformed, bent { $0.reversal?.reason.removeLast() })
    var living = try fixture.way(.meal)
    living.reversal = void.reversal
    living.steps.removeLast()
    try refuse("a reversal in the place of the last step of a lot that is not void", .brokenHistory, living)
  }

  /// A record of each table of a chain of hearts.
  mutating func addHeartState(_ fixture: HeartFixture) throws {
    func add(_ reason: String, _ verdict: String, _ proof: ProvenState, _ table: String, _ ordinal: UInt64) throws {
      self.add(
        "state-proof", reason, verdict, try proof.json(), chain: fixture.chain, policy: "hearts", table: table,
        ordinal: ordinal)
    }
    for name in HeartFixture.tables {
      guard let proof = try fixture.proof(name, 0) else { continue }
      try add("a record of \(name)", "valid", proof, name, 0)
    }
    guard let lot = try fixture.proof("lots", 4), let other = try fixture.proof("lots", 5) else { return }
    func refuse(_ reason: String, _ code: ProofError.Code, _ change: (inout ProvenState) -> Void) throws {
      var bent = lot
      change(&bent)
      try add(reason, code.name, bent, "lots", 4)
    }
    try refuse("another record than was asked for, of a lot", .notIncluded) { $0 = other }
    try refuse("a lot of which more is left", .notIncluded) { $0.record.record[43] ^= 1 }
    try refuse("a lot with another history", .notIncluded) { $0.record.record[76] ^= 1 }
    try refuse("a lot's record cut short", .notIncluded) { $0.record.record.removeLast() }
    try refuse("lots under the root of another table", .notIncluded) { $0.table.root[0] ^= 1 }
    try addBentRecords()
  }

  /// Records that no ledger writes, proven under a seal all the same.
  private mutating func addBentRecords() throws {
    let block = try SignedBlock()
    let bends: [(table: String, place: Int, value: UInt8)] = [
      ("lots", 6, 7), ("lots", 7, 0), ("lots", 15, 1), ("gifts", 64, 4), ("gifts", 65, 2),
      ("gifts", 67, 1), ("gift_kinds", 32, 5), ("gift_kinds", 35, 1), ("flows", 40, 6),
      ("flows", 43, 1), ("exhibits", 39, 1), ("projects", 3, 1), ("trace_manifests", 51, 1),
      ("relations", 7, 1), ("channels", 7, 1),
    ]
    for bend in bends {
      guard let layout = RecordLayouts.all[bend.table] else { continue }
      var record = VectorSet.blank(layout)
      record[bend.place] = bend.value
      let summary = TableSummary(name: bend.table, version: 1, count: 1, root: .leaf(record))
      var block = block
      block.state = StateCommitment([summary]).root
      let proof = try ProvenState(
        table: TableProof(table: summary, index: 0, tableCount: 1, path: []),
        record: RecordProof(ordinal: 0, record: record, path: []), chain: block.chain, seal: block.log().seal)
      add(
        "state-proof", "byte \(bend.place) of a record of \(bend.table) is \(bend.value)",
        ProofError.Code.malformed.name, try proof.json(), chain: block.chain, policy: "one", table: bend.table,
        ordinal: 0)
    }
  }

  /// A record of a layout with as many zeros as it can have.
  private static func blank<Record: FixedLayoutRecord>(_ type: Record.Type) -> [UInt8] {
    Record(from: [UInt8](repeating: 0, count: Record.byteCount).span.bytes).canonicalBytes
  }
}
