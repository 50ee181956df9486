internal import Foundation
internal import Ledger
public import Logging
internal import Metrics
public import Storage
internal import Synchronization
public import TongzhouClient
public import TransparencyLog

/// Shows a chain's checkpoints to witnesses of other people, and keeps what they say to the newest.
///
/// Each witness is asked for itself and has at most one request before it; when it is slow, checkpoints in between are
/// passed over. A witness that fails is left alone for longer and longer. Nothing here holds up the chain.
public final class WitnessFeeder: Sendable {
  /// How often a witness is asked.
  public struct Pace: Sendable {
    /// Between two looks for a new checkpoint.
    public var interval = Duration.seconds(1)
    /// After so long a checkpoint is shown again although nothing is new, so that its time is fresh.
    public var refresh = Duration.seconds(3600)
    /// After the first failure; twice as long after each further one.
    public var shortestPause = Duration.seconds(1)
    /// However often it failed, and whatever the witness asks for.
    public var longestPause = Duration.seconds(600)

    /// The defaults.
    public init() {}
  }

  /// How far a witness is.
  public struct Standing: Sendable, Hashable {
    /// Its name in the policy.
    public let witness: String
    /// The size of the tree it cosigned last, as far as is known here; 0 for none.
    public let size: UInt64
  }

  private struct Peer: Sendable {
    let place: Int
    let name: String
    let key: VerifierKey
    let prefix: String
  }

  private struct State {
    var witnessed: WitnessedCheckpoint?
    var sizes: [UInt64]
  }

  private let source: any ServedChain
  private let peers: [Peer]
  private let file: WitnessedFile
  private let pace: Pace
  private let options: ClientOptions
  private let logger: Logger
  private let state: Mutex<State>

  /// The chain's short name.
  public var chain: String { source.name }

  /// A feeder; ``run()`` follows.
  ///
  /// - Parameters:
  ///   - witnesses: each with its submission prefix as its URL.
  ///   - file: where the newest witnessed checkpoint is kept.
  /// - Throws: `client.bad_address` for a witness without a usable URL, `log.malformed_key` for a key whose
  ///   cosignatures cannot be verified here, `StorageError`.
  public init(
    _ chain: any ServedChain, witnesses: [Policy.Witness], file: WitnessedFile, pace: Pace = Pace(),
    options: ClientOptions? = nil, logger: Logger
  ) throws {
    self.options = options ?? Self.options
    peers = try witnesses.enumerated().map { place, witness in
      let name = String(decoding: witness.name, as: UTF8.self)
      guard let url = witness.url else { throw ClientError(.badAddress, "the witness \(name) has no URL") }
      guard witness.key.type == .ed25519Cosignature else {
        throw TransparencyLogError(.malformedKey, "The key of the witness \(name) is not of type 04.")
      }
      let prefix = String(decoding: url, as: UTF8.self)
      try WitnessClient.check(prefix)
      return Peer(place: place, name: name, key: witness.key, prefix: prefix)
    }
    source = chain
    self.file = file
    self.pace = pace
    self.logger = logger
    let kept = try file.read(witnesses: witnesses.map(\.key))
    let sizes = witnesses.map { witness in
      kept.flatMap { $0.lines.contains { $0.matches(witness.key) } ? $0.published.checkpoint.size : nil } ?? 0
    }
    state = Mutex(State(witnessed: kept, sizes: sizes))
  }

  /// A witness answers at once or not at all.
  private static var options: ClientOptions {
    var options = ClientOptions()
    options.answerSeconds = 20
    options.connections = 1
    return options
  }

  /// The newest checkpoint that a witness cosigned, with the lines of all who cosigned it; `nil` for none.
  public var checkpoint: [UInt8]? { state.withLock { try? $0.witnessed?.signed().bytes } }

  /// How far each witness is.
  public var standings: [Standing] {
    let sizes = state.withLock { $0.sizes }
    return peers.map { Standing(witness: $0.name, size: sizes[$0.place]) }
  }

  /// Feeds until the task is cancelled.
  public func run() async {
    await withDiscardingTaskGroup { group in
      for peer in peers { group.addTask { await self.feed(peer) } }
    }
  }

  private func feed(_ peer: Peer) async {
    do {
      let client = try WitnessClient(peer.prefix, options: options)
      await feed(peer, client)
      await client.shutdown()
    } catch {
      note(Failure(error), peer, isRepeated: false)
    }
  }

  private func feed(_ peer: Peer, _ client: WitnessClient) async {
    var pause = pace.shortestPause
    var shown: (checkpoint: [UInt8], at: ContinuousClock.Instant)?
    var said: String?
    while !Task.isCancelled {
      let view = source.view
      let isNew = view.map { $0.checkpoint != shown?.checkpoint } ?? false
      let isOld = shown.map { ContinuousClock.now - $0.at >= pace.refresh } ?? false
      guard let view, isNew || isOld else {
        try? await Task.sleep(for: pace.interval)
        continue
      }
      do {
        try await show(view, to: peer, client)
        shown = (view.checkpoint, .now)
        (pause, said) = (pace.shortestPause, nil)
        try await Task.sleep(for: pace.interval)
      } catch {
        if Task.isCancelled { return }
        let failure = Failure(error)
        note(failure, peer, isRepeated: failure.code == said)
        said = failure.code
        try? await Task.sleep(for: min(max(pause, failure.wait), pace.longestPause))
        pause = min(pause * 2, pace.longestPause)
      }
    }
  }

  /// Why a witness did not cosign.
  private struct Failure: Error {
    let code: String
    let cause: any Error
    /// How long the witness asks to be left alone.
    let wait: Duration

    init(_ cause: any Error, wait: Int? = nil) {
      if let failure = cause as? Failure {
        self = failure
        return
      }
      switch cause {
      case let error as TransparencyLogError: code = error.code.rawValue
      case let error as ClientError: code = error.code.name
      default: code = "\(type(of: cause))"
      }
      self.cause = cause
      self.wait = .seconds(min(wait ?? 0, 86_400))
    }
  }

  private func note(_ failure: Failure, _ peer: Peer, isRepeated: Bool) {
    Counter(
      label: "tongzhou_witness_failures_total", dimensions: [("chain", chain), ("witness", peer.name)]
    ).increment()
    let isGrave = failure.code == TransparencyLogError.Code.witnessDisagrees.rawValue
    logger.log(
      level: isGrave ? .critical : isRepeated ? .debug : .warning, "a witness did not cosign",
      metadata: ["chain": "\(chain)", "witness": "\(peer.name)", "error": "\(failure.cause)"])
  }

  private func show(_ view: PublishedView, to peer: Peer, _ client: WitnessClient) async throws {
    let checkpoint = try UnverifiedCheckpoint(view.checkpoint)
    let known = state.withLock { $0.sizes[peer.place] }
    var submission = CheckpointSubmission(checkpoint, to: peer.key, knownSize: known)
    var action = submission.first
    var wait: Int?
    while true {
      switch action {
      case .ask(let size):
        let request = try AddCheckpointRequest(oldSize: size, proof: proof(view, from: size), checkpoint: checkpoint)
        let reply = try await client.send(request)
        wait = reply.retryAfter
        action = submission.receive(reply.answer)
      case .keep(let lines):
        keep(lines, on: checkpoint, by: peer)
        return
      case .stop(let error): throw Failure(error, wait: wait)
      }
    }
  }

  private func proof(_ view: PublishedView, from size: UInt64) throws -> [Hash] {
    let files = ViewSource(view, log: source.log)
    var hashes = TileHashSource(treeSize: view.head.size) { place in
      guard let bytes = try files.read(place.path) else {
        throw StorageError(.inputOutput, "\(place.path) of the log is gone")
      }
      return try Tile(bytes: bytes, width: place.width)
    }
    return try hashes.consistencyProof(oldSize: size).path
  }

  private func keep(_ lines: [NoteSignature], on checkpoint: UnverifiedCheckpoint, by peer: Peer) {
    state.withLock { state in
      state.sizes[peer.place] = checkpoint.checkpoint.size
      var isNew = true
      if state.witnessed == nil {
        state.witnessed = WitnessedCheckpoint(checkpoint, lines)
      } else {
        isNew = state.witnessed?.add(lines, on: checkpoint) ?? false
      }
      guard isNew, let bytes = try? state.witnessed?.signed().bytes else { return }
      do {
        // Under the lock, so that an older one never comes last. Not synced: what is lost comes again.
        try file.write(bytes)
      } catch {
        logger.warning("witnessed checkpoint not written", metadata: ["chain": "\(chain)", "error": "\(error)"])
      }
    }
  }
}
