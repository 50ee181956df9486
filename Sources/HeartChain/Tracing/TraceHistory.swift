public import Ledger
public import TransparencyLog

/// The running hashes that tie a lot to its whole way.
///
/// An event's hash fixes who told it, its number, the block time and its row. A lot begins with a hash over that event
/// and over the histories, after it, of the lots it came from; each later event adds to it. So the history in a lot's
/// record fixes every event of that lot and of all lots it came from, back to the gifts: nothing can be left out of a
/// way or put into it, and proving one needs no path for each event (docs/adr/0015).
public enum TraceHistory {
  private static let eventDomain = Domain.tag("trace-event")
  private static let originDomain = Domain.tag("lot-origin")
  private static let stepDomain = Domain.tag("lot-history")
  private static let reversalDomain = Domain.tag("gift-reversal")

  /// How an event is named: its organisation in the upper 16 bits, the organisation's number in the others.
  public static func event(_ organisation: UInt16, _ number: UInt64) -> UInt64 {
    UInt64(organisation) << 48 | number & (1 << 48 - 1)
  }

  /// The hash of an event: of a prefix, its name, the block time and the row.
  public static func hash(event: UInt64, time: Timestamp, row: [UInt8]) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: eventDomain.count + 16 + row.count, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(eventDomain.span.bytes)
      writer.integer(event)
      writer.timestamp(time)
      writer.bytes(row.span.bytes)
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  /// The history of a lot that an event makes.
  ///
  /// - Parameters:
  ///   - output: which of the lots that come out of it, from 0.
  ///   - sources: histories of the lots that went in, after the event, in the order of its parts.
  public static func origin(_ event: Hash, output: UInt8, sources: [Hash]) -> Hash {
    let length = originDomain.count + Hash.byteCount + 2 + sources.count * Hash.byteCount
    return withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(originDomain.span.bytes)
      writer.hash(event)
      writer.integer(output)
      writer.integer(UInt8(truncatingIfNeeded: sources.count))
      for source in sources { writer.hash(source) }
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  /// The history of a lot after one more event.
  public static func step(_ history: Hash, _ event: Hash) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: stepDomain.count + 2 * Hash.byteCount, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(stepDomain.span.bytes)
      writer.hash(history)
      writer.hash(event)
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  /// What stands in a void lot's history for the reversal of its gift.
  public static func reversal(_ gift: UInt32, _ reason: Hash, _ time: Timestamp) -> Hash {
    withUnsafeTemporaryAllocation(byteCount: reversalDomain.count + 44, alignment: 8) { buffer in
      var writer = RecordWriter(buffer)
      writer.bytes(reversalDomain.span.bytes)
      writer.integer(gift)
      writer.hash(reason)
      writer.timestamp(time)
      return .sha256(UnsafeRawBufferPointer(buffer).bytes)
    }
  }
}
