internal import Contracts
internal import Foundation
public import Storage
internal import Synchronization
internal import TransparencyLog

/// A chain that is served from the first moment: while its log is replayed it says so, and then it lives.
public final class StartingChain: ServedChain {
  /// See ``ServedChain``.
  public let name: String
  /// See ``ServedChain``.
  public let log: LogDirectory
  /// See ``ServedChain``; what lies on the disk is enough.
  public let hasHearts: Bool?
  private let empty: SearchIndex
  private let opened = Mutex<NodeChain?>(nil)
  private let open: @Sendable () throws -> NodeChain

  /// A chain that is not open yet.
  ///
  /// - Parameter open: opens it, which may take minutes.
  public init(
    _ paths: ChainPaths, disk: some Disk = PosixDisk(), open: @escaping @Sendable () throws -> NodeChain
  ) throws {
    name = paths.chain
    let log = LogDirectory(paths.log, disk: disk)
    self.log = log
    // What is wrong with the files is said by who opens them.
    let size = try? log.read("checkpoint").map { try UnverifiedCheckpoint($0).checkpoint.size }
    hasHearts = (try? ChainStart.genesis(paths, log: log, disk: disk, size: size)).flatMap(ChainState.hasHearts)
    empty = try SearchIndex.inMemory(chain: .zero)
    self.open = open
  }

  private var chain: NodeChain? { opened.withLock { $0 } }

  /// See ``ServedChain``; `nil` until the chain is open.
  public var view: PublishedView? { chain?.view }
  /// See ``ServedChain``; an empty one until the chain is open.
  public var index: SearchIndex { chain?.index ?? empty }
  /// See ``ServedChain``.
  public var fault: NodeError? { chain?.fault }

  /// See ``ServedChain``.
  public func submit(_ entries: [[UInt8]]) async throws -> Placement {
    guard let chain else { throw NodeError(.notReady, "the node replays its log") }
    return try await chain.submit(entries)
  }

  /// See ``ServedChain``; ends at once while the chain is not open.
  public func updates() -> AsyncStream<UInt64> { chain?.updates() ?? AsyncStream { $0.finish() } }

  /// Opens the chain and lets it live until the task is cancelled.
  ///
  /// Cancelled while the log is replayed, it returns at once: nothing was written that is not whole.
  ///
  /// - Parameter onOpen: called when the chain is open.
  /// - Throws: what opening throws.
  public func run(onOpen: @escaping @Sendable () -> Void = {}) async throws {
    let (results, result) = AsyncStream.makeStream(of: Result<NodeChain, any Error>.self)
    let thread = Thread { [open] in
      result.yield(Result { try open() })
      result.finish()
    }
    thread.name = "tongzhou start \(name)"
    // Replaying executes blocks, as a chain's own thread does.
    thread.stackSize = 8 << 20
    thread.start()
    var iterator = results.makeAsyncIterator()
    // Ends with nothing where the task is cancelled.
    guard let opening = await iterator.next(isolation: #isolation), !Task.isCancelled else { return }
    let chain = try opening.get()
    opened.withLock { $0 = chain }
    onOpen()
    await chain.run()
  }
}
