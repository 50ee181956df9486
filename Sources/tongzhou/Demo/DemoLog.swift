internal import Ledger
internal import MutualAid
internal import Storage
internal import TransparencyLog

/// Writes the demonstration's blocks as a log's files.
final class DemoLog {
  private var writer: LogWriter
  private var origin = ""
  /// Index of a join in the log, for the receipt.
  private(set) var exampleEntry: UInt64 = 0
  private var size: UInt64 = 0

  /// A new log in a directory.
  init(directory: String) throws {
    // The operating system writes in its own time: a demonstration that is cut off is run again.
    writer = try LogWriter(creating: directory, synced: false)
  }

  /// Writes the genesis and the first policy.
  func begin(genesis: Genesis, endorsers: EndorserSet) throws {
    origin = genesis.origin
    try append([Entry.make(.genesis, genesis.bytes)])
    try writer.write(policy: endorsers.policy(origin: origin).text, height: 0)
  }

  /// Writes a final block and its checkpoint.
  func publish(_ block: CertifiedBlock<AidChain>, endorsers: EndorserSet) throws {
    let transactions = block.block.entries.indices.filter {
      block.block.entries[$0].first == EntryKind.transaction.rawValue
    }
    // A block with several transactions side by side is one of joins.
    if exampleEntry == 0, transactions.count > 2 {
      exampleEntry = block.block.firstIndex + UInt64(transactions[transactions.count / 2])
    }
    try append(block.block.entries)
    try writer.publish(checkpoint: block.checkpoint(origin: origin, endorsers: endorsers))
  }

  private func append(_ entries: [[UInt8]]) throws {
    size += UInt64(entries.count)
    try writer.append(entries)
  }
}
