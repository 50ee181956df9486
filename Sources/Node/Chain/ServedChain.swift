internal import Contracts
public import Ledger
public import Storage

/// Where a transaction came to stand.
public struct Placement: Hashable, Sendable {
  /// Index of its entry in the log.
  public let index: UInt64
  /// The block.
  public let height: UInt64
  /// What became of it.
  public let code: ErrorCode
  /// What became of each of its rows, in order.
  public let rows: [ErrorCode]

  /// A placement.
  public init(index: UInt64, height: UInt64, code: ErrorCode, rows: [ErrorCode]) {
    self.index = index
    self.height = height
    self.code = code
    self.rows = rows
  }
}

/// A chain that readers are served from: by a node that endorses it or by one that follows.
public protocol ServedChain: AnyObject, Sendable {
  /// The chain's short name, such as `aid`: a part of the path of its log.
  var name: String { get }
  /// The chain after its last published block; `nil` until the replay at the start is done.
  var view: PublishedView? { get }
  /// Whether it is a chain of hearts, by its genesis: known before the replay; `nil` where it cannot be told.
  var hasHearts: Bool? { get }
  /// The log's files.
  var log: LogDirectory { get }
  /// The search index, which may lag behind the view.
  var index: SearchIndex { get }

  /// Why the chain does not go on, for good: `nil` while all is well. What was published before is served on.
  var fault: NodeError? { get }

  /// Hands in a signed transaction with its rows and waits until it is final.
  ///
  /// - Parameter entries: the transaction's entry and those of its rows, kind byte first.
  /// - Throws: `LedgerError` where it is refused before it gets into the log; ``NodeError`` with `node.busy`,
  ///   `node.stopping`, `node.read_only`, `node.not_ready`.
  func submit(_ entries: [[UInt8]]) async throws -> Placement

  /// The height of each block from now on, as it is published. A slow reader misses some, never the newest.
  func updates() -> AsyncStream<UInt64>
}

extension ServedChain {
  /// By the view.
  public var hasHearts: Bool? { view.flatMap { ChainState.hasHearts($0.genesis) } }
  /// All is well.
  public var fault: NodeError? { nil }
}
