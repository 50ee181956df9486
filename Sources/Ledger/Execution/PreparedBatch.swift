public import TransparencyLog

/// A batch whose transactions were decoded and whose signatures were verified.
///
/// This is the expensive part of executing a block and needs no state, so a node may do it on many cores
/// and ahead of time. The result is the same wherever it is done.
public struct PreparedBatch: Sendable {
  /// One entry, looked at alone.
  public enum Item: Sendable {
    /// A transaction in good form with valid signatures.
    case transaction(VerifiedTransaction)
    /// A transaction that is a no-op with this code, whatever the state.
    case refused(LedgerError)
    /// Rows of a manifest; `nil` if they do not unpack.
    case rows([[UInt8]]?)
  }

  /// The batch.
  public let batch: Batch
  /// One item for each of its entries.
  public let items: [Item]

  /// Prepares every entry, one after the other.
  public init(_ batch: Batch, chain: Hash) {
    self.init(batch, items: batch.entries.map { PreparedBatch.item($0, chain: chain) })
  }

  /// Puts together items prepared elsewhere by ``PreparedBatch/item(_:chain:reader:)``, in the order of the entries.
  public init(_ batch: Batch, items: [Item]) {
    precondition(items.count == batch.entries.count)
    self.batch = batch
    self.items = items
  }

  /// Prepares one entry: a pure function of its bytes and the chain's id.
  ///
  /// - Parameter reader: reads actions ahead for the contracts; only saves work.
  public static func item(_ entry: [UInt8], chain: Hash, reader: ActionReader? = nil) -> Item {
    guard entry.first == EntryKind.transaction.rawValue else { return .rows(RowEntries.unpack(entry)) }
    do throws(LedgerError) {
      return .transaction(try VerifiedTransaction.verify(entry: entry, chain: chain, reader: reader))
    } catch {
      return .refused(error)
    }
  }
}
