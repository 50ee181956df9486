public import Logging
public import Storage
public import TransparencyLog

/// The node as a witness of other people's logs: decides, stores and only then answers, one request after the other.
public actor NodeWitness {
  /// What a request gets.
  public enum Answer: Sendable {
    /// The cosignature, which is on the disk.
    case cosigned(NoteSignature)
    /// The size cosigned last.
    case conflict(size: UInt64)
    /// Why not.
    case refused(Witness.Refusal)
  }

  private nonisolated let executor = ThreadExecutor(name: "tongzhou witness")
  /// The witness's own thread: it waits for the disk.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// The key of its cosignatures.
  public nonisolated let verifierKey: VerifierKey

  private let rules: Witness
  private let cosigner: NoteCosigner
  private let directory: WitnessDirectory
  private let clock: @Sendable () -> UInt64
  private let logger: Logger
  /// The lines that this process has put on the disk, by the SHA-256 of the origin.
  private var durable: [Hash: NoteSignature] = [:]

  /// A witness.
  ///
  /// - Parameters:
  ///   - directory: where it keeps what it cosigned.
  ///   - clock: seconds since 1970.
  /// - Throws: `StorageError`.
  public init(
    of logs: [Policy.Log], as cosigner: NoteCosigner, in directory: String, disk: some Disk = PosixDisk(),
    clock: @escaping @Sendable () -> UInt64, logger: Logger
  ) throws {
    rules = Witness(logs: logs)
    self.cosigner = cosigner
    self.directory = try WitnessDirectory(directory, key: cosigner.verifierKey, disk: disk)
    self.clock = clock
    self.logger = logger
    verifierKey = cosigner.verifierKey
  }

  deinit { executor.stop() }

  /// Decides about a request, and stores what it cosigns. No other request comes between.
  ///
  /// - Throws: ``NodeError`` `node.witness_unavailable` where the disk or the clock forbids it; nothing was promised.
  public func add(_ request: AddCheckpointRequest) throws(NodeError) -> Answer {
    let origin = Hash.sha256(request.origin)
    // Of a log that is not witnessed there is nothing to read.
    guard rules.knows(origin: request.origin) else { return .refused(.unknownOrigin) }
    do {
      let last = try directory.read(origin)
      switch rules.decide(request, last: last) {
      case .conflict(let size): return .conflict(size: size)
      case .refuse(let refusal):
        if refusal == .inconsistent {
          // The log signed it: what it signed before says something else, or its proof is wrong.
          logger.warning(
            "a log's tree does not go on from the one that was cosigned", metadata: ["origin": "\(origin)"])
        }
        return .refused(refusal)
      case .accept(let accepted):
        let cosigned = try accepted.cosigned(by: cosigner, at: clock())
        // Anybody can send a published checkpoint again and again: within one second that costs no write.
        if let last, last.line == cosigned.line, durable[origin] == last.line { return .cosigned(last.line) }
        durable[origin] = nil
        try directory.write(cosigned)
        durable[origin] = cosigned.line
        return .cosigned(cosigned.line)
      }
    } catch {
      logger.error("not cosigned", metadata: ["origin": "\(origin)", "error": "\(error)"])
      let isClock = (error as? TransparencyLogError)?.code == .clockBehind
      throw NodeError(
        .witnessUnavailable,
        isClock ? "the witness's clock is behind its last cosignature" : "the witness cannot store what it cosigns")
    }
  }

  /// The checkpoint cosigned last for a log; `nil` for none.
  ///
  /// - Parameter origin: the SHA-256 of the log's origin.
  /// - Throws: `StorageError`.
  public func checkpoint(_ origin: Hash) throws -> [UInt8]? { try directory.read(origin)?.bytes }
}
