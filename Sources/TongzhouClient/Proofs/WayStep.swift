internal import Foundation
internal import HeartChain
internal import Ledger

/// A step of a way as a proof file holds it (docs/proofs.md, "Way"): the event's name (u64), the block time (u64), the
/// first lot it made (u32, zero for none), the number of lots it changed (u8), their ordinals (u32 each), and the row.
///
/// How many lots it made its row says, and their ordinals follow one another, as the ledger gives them out.
extension Way.Step {
  /// Bytes before the ordinals.
  private static let headBytes = 21

  /// Ordinals of lots are below this: rows name lots of their own manifest from here on.
  private static let lotLimit: UInt64 = 1 << 31

  /// The step's bytes in a file.
  var fileBytes: Data {
    var bytes = Data(capacity: Way.Step.headBytes + 4 * sources.count + row.count)
    func put(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
    put(event)
    put(time.seconds)
    put(made.first ?? 0)
    put(UInt8(clamping: sources.count))
    for source in sources { put(source) }
    bytes.append(contentsOf: row)
    return bytes
  }

  /// A step out of a file, with its row read.
  ///
  /// - Throws: `proof.malformed` for bytes of another form, a row that no ledger takes, or another number of lots than
  ///   the row has.
  static func read(_ data: Data) throws(ProofError) -> (step: Way.Step, event: TraceEvent) {
    let bytes = Array(data)
    guard bytes.count >= headBytes else { throw ProofError(.malformed, "a step is cut short") }
    func number(_ place: Int, _ width: Int) -> UInt64 {
      bytes[place..<(place + width)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    let count = Int(bytes[20])
    guard bytes.count >= headBytes + 4 * count else { throw ProofError(.malformed, "a step is cut short") }
    let row = Array(bytes[(headBytes + 4 * count)...])
    guard let event = try? TraceEvent(row: row), event.sources?.count == count else {
      throw ProofError(.malformed, "a step whose row does not read, or with another number of lots than its row")
    }
    let sources = (0..<count).map { number(headBytes + 4 * $0, 4) }
    let (first, made) = (number(16, 4), UInt64(event.madeCount))
    guard sources.allSatisfy({ $0 < lotLimit }), first + made <= lotLimit, made > 0 || first == 0 else {
      throw ProofError(.malformed, "a step with a lot that cannot be")
    }
    let step = Way.Step(
      event: number(0, 8), time: Timestamp(seconds: number(8, 8)), row: row, sources: sources.map { UInt32($0) },
      made: (0..<made).map { UInt32(first + $0) })
    return (step, event)
  }
}
