import Foundation
import HeartChain
import TestSupport
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// Steps of ways bent byte by byte, under a history and signatures that are right: what a quorum signs may be accepted,
/// but all verifiers have to read each row alike.
extension MutationBatch {
  mutating func addWays(_ block: SignedBlock, _ dice: inout SeededGenerator) throws {
    let time = Timestamp(seconds: block.time.seconds - 1000)
    for event in MutationBatch.events(at: time) {
      let isGift = event.sources?.isEmpty ?? true
      let step = Way.Step(
        event: 1 << 48 | 2, time: time, row: event.row, sources: (event.sources ?? []).indices.map { UInt32($0) * 7 },
        made: (0..<event.madeCount).map { UInt32($0) + (isGift ? 0 : 1) })
      let before = isGift ? nil : MutationBatch.beginning(at: time)
      let honest = step.fileBytes
      let way = try MutationBatch.way(before, honest, in: block)
      var signed = MutatedFile(
        name: "way of \(event.kind), signed anew", bytes: way, chain: block.chain, policy: block.policy.text)
      signed.isSigned = true
      let file = add(signed)
      for place in honest.indices {
        let value: UInt8 = [0, 1, 2, 5, 0x7f, 0x80, 0xff][Int(dice.next() % 7)]
        var bytes = honest
        bytes[place] = bytes[place] == value ? value ^ 4 : value
        add("step, byte \(place) is \(bytes[place])", of: file, try MutationBatch.way(before, bytes, in: block))
      }
      for (name, more) in [("a part more", 12), ("a byte more", 1), ("many parts more", 12 * 130)] {
        let bytes = honest + Data(repeating: 0, count: more)
        add("step with \(name)", of: file, try MutationBatch.way(before, bytes, in: block))
      }
      add("step cut", of: file, try MutationBatch.way(before, honest.dropLast(), in: block))
      add("step cut to its head", of: file, try MutationBatch.way(before, honest.prefix(21), in: block))
    }
  }

  /// The gift that lot 0 began as.
  private static func beginning(at time: Timestamp) -> Way.Step {
    var gift = TraceEvent(.donated, unit: .gram, time: time)
    gift.quantity = 5
    return Way.Step(event: 1 << 48 | 1, time: time, row: gift.row, sources: [], made: [0])
  }

  /// An event of each sort, with all fields that it has to have.
  private static func events(at time: Timestamp) -> [TraceEvent] {
    TraceKind.allCases.compactMap { kind in
      var event = TraceEvent(kind, unit: .gram, time: time)
      event.quantity = 5
      switch kind {
      case .attended, .committed: return nil
      case .received, .stored, .shipped: event.quantity = 0
      case .handedOver: event.party = .sha256([1])
      case .planted, .surveyed, .returned: event.evidence = .sha256([2])
      case .spent: (event.evidence, event.party, event.reason) = (.sha256([3]), .sha256([4]), 1)
      case .repacked:
        event.parts = [TracePart(lot: 0, quantity: 7), TracePart(lot: 1, quantity: 2)]
        event.inputs = 1
      case .packed, .unpacked:
        (event.unit, event.quantity, event.inputs) = (nil, 0, 1)
        event.parts = [TracePart(lot: kind == .packed ? 0 : 7, quantity: 0)]
      default: break
      }
      return event
    }
  }

  /// The way of lot 0 that has these steps, the last in its bytes, with the history that they give.
  private static func way(_ before: Way.Step?, _ last: Data, in block: SignedBlock) throws -> [UInt8] {
    let bytes = Array(last)
    func number(_ place: Int) -> UInt64 {
      bytes.count < place + 8 ? 0 : bytes[place..<(place + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let row = bytes.count > 20 ? Array(bytes.dropFirst(21 + 4 * Int(bytes[20]))) : []
    let hash = TraceHistory.hash(event: number(0), time: Timestamp(seconds: number(8)), row: row)
    var record = LotRecord(from: [UInt8](repeating: 0, count: LotRecord.byteCount).span.bytes)
    record.event = number(0)
    record.history =
      before.map { first in
        let begun = TraceHistory.hash(event: first.event, time: first.time, row: first.row)
        return TraceHistory.step(TraceHistory.origin(begun, output: 0, sources: []), hash)
      } ?? TraceHistory.origin(hash, output: 0, sources: [])
    let lots = TableSummary(name: "lots", version: 1, count: 1, root: .leaf(record.canonicalBytes))
    var block = block
    block.state = StateCommitment([lots]).root
    var way = try HeartFixture.shared.get().way(.meal)
    way.chain = block.chain.description
    way.table = ProvenTable(TableProof(table: lots, index: 0, tableCount: 1, path: []))
    way.record = ProvenRecord(RecordProof(ordinal: 0, record: record.canonicalBytes, path: []))
    way.steps = (before.map { [$0.fileBytes] } ?? []) + [last]
    way.seal = try block.log().seal
    return try way.json()
  }
}
