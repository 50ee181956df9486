internal import Contracts
internal import Ledger
internal import MutualAid
internal import Storage
internal import TransparencyLog

/// Writes the demonstration's blocks as a log's files.
final class DemoLog {
  private var writer: LogWriter
  private var origin = ""
  private var chain = Hash.zero
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
    chain = genesis.chain
    try append([Entry.make(.genesis, genesis.bytes)])
    try writer.write(policy: endorsers.policy(origin: origin).text, height: 0)
  }

  /// Writes a final block and its checkpoint.
  func publish(_ block: CertifiedBlock<ChainState>, endorsers: EndorserSet) throws {
    if exampleEntry == 0, let place = block.block.entries.firstIndex(where: isJoin) {
      exampleEntry = block.block.firstIndex + UInt64(place)
    }
    try append(block.block.entries)
    try writer.publish(checkpoint: block.checkpoint(origin: origin, endorsers: endorsers))
  }

  private func isJoin(_ entry: [UInt8]) -> Bool {
    guard entry.first == EntryKind.transaction.rawValue,
      let transaction = try? VerifiedTransaction.decodeUnsigned(entry: entry, chain: chain)
    else { return false }
    return transaction.action.belongs(to: MutualAid.name)
      && transaction.action.kind == MutualAidAction.join.rawValue
  }

  private func append(_ entries: [[UInt8]]) throws {
    size += UInt64(entries.count)
    try writer.append(entries)
  }
}
