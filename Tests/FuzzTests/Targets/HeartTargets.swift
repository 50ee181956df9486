import HeartChain
import Ledger
import TransparencyLog

extension FuzzTarget {
  /// What organisations tell a chain of hearts.
  static let heartTargets: [FuzzTarget] = [
    .exact("trace-event", maximumBytes: 1_636, seeds: traceEvents) { bytes in
      let event = try TraceEvent(row: bytes)
      // A way of one event never verifies for a lot that has nothing to do with it.
      let lot = LotRecord(from: [UInt8](repeating: 1, count: LotRecord.byteCount).span.bytes)
      let step = Way.Step(event: 1, time: event.time, row: bytes, sources: event.ingoing.map(\.lot), made: [1])
      try hold(!Way(of: 1, steps: [step]).verify(lot), "a way leads to another lot's history")
      return event
    } write: {
      $0.row
    }
  ]

  private static func traceEvents() -> [[UInt8]] {
    let time = Timestamp(seconds: 1_800_000_000)
    var gift = TraceEvent(.donated, unit: .gram, time: time)
    gift.gift = 1
    gift.quantity = 5000
    gift.place = 620_100
    var repacked = TraceEvent(.repacked, unit: .gram, time: time)
    repacked.quantity = 2
    repacked.inputs = 2
    repacked.parts = [(7, 8), (TraceEvent.made(by: 3, output: 1), 9), (2, 15)].map {
      TracePart(lot: $0.0, quantity: $0.1)
    }
    var spent = TraceEvent(.spent, unit: .fen, time: time)
    spent.quantity = 100
    spent.reason = SpendingPurpose.overhead.rawValue
    spent.evidence = .sha256([1])
    spent.party = .sha256([2])
    var packed = TraceEvent(.packed, unit: nil, time: time)
    packed.inputs = 1
    packed.parts = [TracePart(lot: 4, quantity: 0)]
    return [gift, repacked, spent, packed].map(\.row)
  }
}
