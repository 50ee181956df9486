internal import Dispatch
internal import Ledger
public import TransparencyLog

/// The entries of one block as they stand in a log: header, transactions and rows, seal.
public struct LoggedBlock: Sendable {
  /// The entries.
  public internal(set) var entries: [[UInt8]] = []
  /// Their leaf hashes; empty where nobody has hashed them yet.
  public internal(set) var leaves: [Hash] = []
}

/// Blocks whose signatures are being verified on all cores while somebody executes the ones before.
final class Preparation: @unchecked Sendable {
  // Unchecked: `prepared` is written before the group is left and read after waiting for it.
  let blocks: [LoggedBlock]
  private let group = DispatchGroup()
  private var prepared: [Result<PreparedBatch, LedgerError>] = []

  /// Begins at once.
  init(_ blocks: [LoggedBlock], genesis: Genesis) {
    self.blocks = blocks
    DispatchQueue.global().async(group: group) { [self] in
      prepared = ParallelPreparation.prepare(blocks, genesis: genesis)
    }
  }

  /// One result for each block, in order; waits until all are there.
  func result() -> [Result<PreparedBatch, LedgerError>] {
    group.wait()
    return prepared
  }
}
