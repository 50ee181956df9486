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
    if exampleEntry == 0, block.block.entries.count > 20 { exampleEntry = block.block.firstIndex + 10 }
    try append(block.block.entries)
    try writer.publish(checkpoint: block.checkpoint(origin: origin, endorsers: endorsers))
  }

  /// The last entry of a small log serves as well.
  func finish() throws {
    if exampleEntry == 0 { exampleEntry = 2 }
  }

  private func append(_ entries: [[UInt8]]) throws {
    size += UInt64(entries.count)
    try writer.append(entries)
  }
}
