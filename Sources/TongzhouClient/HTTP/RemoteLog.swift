internal import Foundation
internal import Ledger
internal import TransparencyLog

/// A log that a server serves, as a source for audits and proofs.
///
/// It shows the log as of one checkpoint, while the real one grows. Files are fetched ahead of whoever reads them
/// in their order, many at a time, and no more than a limit is held.
///
/// Unchecked because everything that changes is only touched under the condition's lock. `read` waits for the
/// network: call it on a thread of its own, never inside a task.
public final class RemoteLog: LogSource, @unchecked Sendable {
  /// What is fetched, and how far ahead.
  public struct Options: Sendable {
    /// Entries before it are known: reading begins with the bundle that holds it.
    public var from: UInt64 = 0
    /// Whether tiles are read too; a follower builds its own.
    public var withTiles = true
    /// A directory to keep full tiles and bundles in, and to look for them first.
    public var cache: String?
    /// Whether to fetch anew what lies in the cache.
    public var ignoresCache = false
    /// Files in flight at one time.
    public var requests = 16
    /// Files ahead of the reader.
    public var ahead = 96
    /// Bytes held that nobody has read yet, beyond which nothing more is asked for.
    public var heldBytes = 64 << 20

    /// The defaults.
    public init() {}
  }

  private enum Fetched {
    case file([UInt8]?)
    case failed(any Error)
  }

  /// The longest checkpoint and policy.
  private static let textBytes = 1 << 20
  private static let tileBytes = TileCoordinate.fullWidth * Hash.byteCount
  private static let bundleBytes = TileCoordinate.fullWidth * (2 + Entry.maximumBytes)
  /// Files behind the reader that are kept: some are looked at twice.
  private static let behind = 2

  /// The signed checkpoint; nothing of it has been checked.
  public let checkpoint: [UInt8]
  private let transport: HTTPTransport
  private let prefix: String
  private let cache: FileCache?
  private let options: Options
  private let condition = NSCondition()
  private var coming: LogReading
  private var places: [String: Int] = [:]
  private var started = 0
  private var reader = 0
  private var inFlight: Set<String> = []
  private var fetched: [String: Fetched] = [:]
  private var held = 0
  private var hits = 0
  private var isClosed = false

  init(_ transport: HTTPTransport, prefix: String, checkpoint: [UInt8], options: Options) throws {
    self.transport = transport
    self.prefix = prefix
    self.checkpoint = checkpoint
    self.options = options
    cache = options.cache.map { FileCache($0) }
    coming = LogReading(
      from: options.from, to: try UnverifiedCheckpoint(checkpoint).checkpoint.size, withTiles: options.withTiles)
  }

  /// Files that came out of the cache so far.
  public var cacheHits: Int { condition.withLock { hits } }

  /// One file; `nil` if there is none. Waits for it.
  ///
  /// - Throws: ``ClientError``.
  public func read(_ path: String) throws -> [UInt8]? {
    if path == "checkpoint" { return checkpoint }
    condition.lock()
    defer { condition.unlock() }
    if let place = places[path], place > reader {
      reader = place
      forget(before: place - RemoteLog.behind)
    }
    pump()
    while true {
      switch fetched[path] {
      case .file(let bytes)?:
        if places[path] == nil { drop(path) }
        return bytes
      case .failed(let error)?:
        // Asked for again, it is fetched again.
        drop(path)
        throw error
      case nil:
        if isClosed { throw CancellationError() }
        if inFlight.insert(path).inserted { start(path) }
        condition.wait()
      }
    }
  }

  /// A server does not list its files.
  public func files() throws -> [String]? { nil }

  /// Lets go of whoever waits, and fetches nothing more.
  public func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  /// Starts what may be fetched ahead. Under the lock.
  private func pump() {
    while !isClosed, inFlight.count < options.requests, started < reader + options.ahead, held < options.heldBytes {
      guard let path = coming.next() else { return }
      places[path] = started
      started += 1
      if fetched[path] == nil, inFlight.insert(path).inserted { start(path) }
    }
  }

  private func start(_ path: String) {
    Task.detached { [self] in
      let result: Fetched
      do {
        result = .file(try await fetch(path))
      } catch {
        result = .failed(error)
      }
      arrived(path, result)
    }
  }

  private func arrived(_ path: String, _ result: Fetched) {
    condition.withLock {
      inFlight.remove(path)
      fetched[path] = result
      held += RemoteLog.byteCount(result)
      pump()
      condition.broadcast()
    }
  }

  private func forget(before place: Int) {
    for (path, known) in places where known < place {
      drop(path)
      places[path] = nil
    }
  }

  private func drop(_ path: String) {
    if let old = fetched.removeValue(forKey: path) { held -= RemoteLog.byteCount(old) }
  }

  private static func byteCount(_ fetched: Fetched) -> Int {
    if case .file(let bytes?) = fetched { bytes.count } else { 0 }
  }

  private func fetch(_ path: String) async throws -> [UInt8]? {
    if !options.ignoresCache, let bytes = cache?.read(path) {
      condition.withLock { hits += 1 }
      return bytes
    }
    if let bytes = try await request(path) {
      cache?.keep(bytes, path)
      return bytes
    }
    guard let partial = PartialFile(path: path), let whole = try await request(partial.fullPath) else { return nil }
    // What does not decode is shown as it is: whoever reads it says what is wrong with it.
    return (try? partial.cut(from: whole)) ?? whole
  }

  private func request(_ path: String) async throws -> [UInt8]? {
    let limit =
      if (try? TileCoordinate(path: path)) != nil {
        RemoteLog.tileBytes
      } else if (try? EntryBundleCoordinate(path: path)) != nil {
        RemoteLog.bundleBytes
      } else if path == PolicyChanges.path {
        PolicyChanges.maximumByteCount
      } else {
        RemoteLog.textBytes
      }
    do {
      return try await transport.get("\(prefix)/\(path)", limit: limit, mayBeMissing: true)
    } catch let error as ClientError where path == "policy" && (300..<400).contains(error.status ?? 0) {
      // A plain file server has a folder of this name, and sends whoever asks for it on to its slash.
      return nil
    }
  }
}

extension RemoteLog {
  /// The log's first entry.
  ///
  /// - Throws: `audit.missing_file`, `audit.wrong_file`.
  static func firstEntry(_ transport: HTTPTransport, prefix: String, size: UInt64) async throws -> [UInt8] {
    guard let coordinate = EntryBundleCoordinate.holding(entry: 0, treeSize: size) else {
      throw AuditFailure(.badCheckpoint, "checkpoint", "the log is empty")
    }
    let path = coordinate.path
    var bytes = try await transport.get("\(prefix)/\(path)", limit: bundleBytes, mayBeMissing: true)
    if bytes == nil, let partial = PartialFile(path: path) {
      bytes = try await transport.get("\(prefix)/\(partial.fullPath)", limit: bundleBytes, mayBeMissing: true)
        .map { try partial.cut(from: $0) }
    }
    guard let bytes else { throw AuditFailure(.missingFile, path, "the file is missing") }
    do {
      return try EntryBundle(bytes: bytes, width: coordinate.width).entries[0]
    } catch {
      throw AuditFailure(.wrongFile, path, "\(error)")
    }
  }

  /// The checkpoint as it stands now.
  static func checkpoint(_ transport: HTTPTransport, prefix: String) async throws -> [UInt8] {
    guard let bytes = try await transport.get("\(prefix)/checkpoint", limit: textBytes, mayBeMissing: true) else {
      throw AuditFailure(.missingFile, "checkpoint", "the file is missing")
    }
    return bytes
  }
}
