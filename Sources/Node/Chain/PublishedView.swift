public import Contracts
public import Ledger
internal import MutualAid
internal import Synchronization
internal import TransparencyLog

/// A chain as it stands after its last published block: what every reader gets.
///
/// It never changes: whoever holds one may take his time with it while blocks go on. An object, since a copy of the
/// state counts a reference for each table of three contracts, and every request asks for the view.
public final class PublishedView: Sendable {
  /// What the chain started from.
  public let genesis: Genesis
  /// The contracts' state after the block; its tables' hashes are up to date.
  public let app: ChainState
  /// Blocks since the genesis.
  public let height: UInt64
  /// The last block's time.
  public let time: Timestamp
  /// Size and root of the log.
  public let head: LogHead
  /// The signed checkpoint, as served.
  public let checkpoint: [UInt8]
  /// The organisations that certified it.
  public let certifiers: EndorserSet
  private let verified = Mutex<[UInt32: Timestamp]?>(nil)

  /// Index of the last seal in the log; `nil` before the first block.
  public var sealIndex: UInt64? { height == 0 ? nil : head.size - 1 }

  /// Whose cosignatures on the checkpoint verify and when they were made, by the organisation's ordinal.
  ///
  /// Verified once, when somebody first asks: every request for a page that shows them has the same view.
  public var cosignedAt: [UInt32: Timestamp] {
    verified.withLock { verified in
      if let verified { return verified }
      let found = verifiedCosignatures
      verified = found
      return found
    }
  }

  private var verifiedCosignatures: [UInt32: Timestamp] {
    guard let checkpoint = try? UnverifiedCheckpoint(checkpoint) else { return [:] }
    var times: [UInt32: Timestamp] = [:]
    for member in certifiers.members {
      guard let key = try? member.cosignerKey(), let seconds = try? checkpoint.cosignatureTimestamp(of: key) else {
        continue
      }
      times[member.ordinal] = try? Timestamp(validating: seconds)
    }
    return times
  }

  /// A view from its parts.
  public init(
    genesis: Genesis, app: ChainState, height: UInt64, time: Timestamp, head: LogHead, checkpoint: [UInt8],
    certifiers: EndorserSet
  ) {
    self.genesis = genesis
    self.app = app
    self.height = height
    self.time = time
    self.head = head
    self.checkpoint = checkpoint
    self.certifiers = certifiers
  }

  /// The chain after its last block, with the checkpoint on it.
  public convenience init(_ chain: Chain<ChainState>, checkpoint: [UInt8]) {
    self.init(
      genesis: chain.genesis, app: chain.app, height: chain.height, time: chain.time, head: chain.head,
      checkpoint: checkpoint, certifiers: chain.certifiers)
  }
}
