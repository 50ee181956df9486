/// The rules by which a witness cosigns (C2SP tlog-witness): which logs it knows, and what it makes of a request.
///
/// It decides and does nothing. What it accepts has to be stored, durably and before anybody else is decided about for
/// this log, and only then is the cosignature handed out; or two requests that race would roll the log back.
public struct Witness: Sendable {
  /// What to do about a request.
  public enum Decision: Hashable, Sendable {
    /// Cosign it, store it, answer.
    case accept(AcceptedCheckpoint)
    /// The log believes in another size than the one cosigned last, which this is; 0 for none.
    case conflict(size: UInt64)
    /// Nothing to cosign.
    case refuse(Refusal)
  }

  /// Why a request is refused.
  public enum Refusal: Hashable, Sendable {
    /// No log of this origin is known.
    case unknownOrigin
    /// No trusted key of the origin has signed, or the signature of one fails.
    case untrusted
    /// The old size is larger than the checkpoint's.
    case oldSizeAboveSize
    /// The tree does not go on from the one cosigned last.
    case inconsistent

    /// The HTTP status that says so.
    public var status: Int {
      switch self {
      case .unknownOrigin: 404
      case .untrusted: 403
      case .oldSizeAboveSize: 400
      case .inconsistent: 422
      }
    }
  }

  private let logs: [[UInt8]: [VerifierKey]]

  /// A witness of these logs; several keys of one name stand for one log.
  public init(logs: [Policy.Log]) {
    self.logs = Dictionary(grouping: logs.map(\.key)) { $0.name.bytes }
  }

  /// Whether a log of this origin is known.
  public func knows(origin: [UInt8]) -> Bool { logs[origin] != nil }

  /// Decides about a request, checking in the order that the specification gives.
  ///
  /// - Parameter last: what was cosigned last for the origin that the request names; `nil` for nothing.
  public func decide(_ request: AddCheckpointRequest, last: CosignedCheckpoint?) -> Decision {
    precondition(last == nil || last?.checkpoint.origin == request.origin, "a decision about another log")
    guard let keys = logs[request.origin] else { return .refuse(.unknownOrigin) }
    guard let verified = try? request.note.verify(keys: keys) else { return .refuse(.untrusted) }
    guard request.oldSize <= request.size else { return .refuse(.oldSizeAboveSize) }
    let size = last?.checkpoint.size ?? 0
    guard request.oldSize == size else { return .conflict(size: size) }
    let proof = ConsistencyProof(oldSize: size, newSize: request.size, path: request.proof)
    do {
      // Of a tree of size 0 with another root nothing is made: that rule stands in `Checkpoint`.
      let signed = try UnverifiedCheckpoint(note: request.note)
      try proof.verify(oldRoot: last?.checkpoint.root ?? .emptyRoot, newRoot: signed.checkpoint.root)
      let lines = signed.note.signatures.filter { line in verified.contains { line.matches($0.key) } }
      return .accept(
        AcceptedCheckpoint(
          signed: try UnverifiedCheckpoint(note: SignedNote(text: signed.note.text, signatures: lines)),
          after: last?.timestamp))
    } catch {
      return .refuse(.inconsistent)
    }
  }
}

/// A checkpoint that a witness may cosign, because `Witness.decide` found that it goes on from the last one.
public struct AcceptedCheckpoint: Hashable, Sendable {
  /// The checkpoint with the lines of the log's trusted keys and no others.
  public let signed: UnverifiedCheckpoint

  /// When the last one was cosigned; `nil` for the first.
  public let lastTimestamp: UInt64?

  init(signed: UnverifiedCheckpoint, after lastTimestamp: UInt64?) {
    self.signed = signed
    self.lastTimestamp = lastTimestamp
  }

  /// Cosigns it at a time in seconds since 1970. The result is to be stored before it is shown to anybody.
  ///
  /// Throws `clockBehind` for a time before that of the last cosignature, which said that until then nothing larger
  /// had been seen; and what `NoteCosigner.cosign` throws.
  public func cosigned(
    by cosigner: NoteCosigner, at timestamp: UInt64
  ) throws(TransparencyLogError) -> CosignedCheckpoint {
    if let lastTimestamp, timestamp < lastTimestamp {
      throw TransparencyLogError(
        .clockBehind, "The clock is \(lastTimestamp - timestamp) seconds behind the last cosignature.")
    }
    let line = try signed.cosignature(by: cosigner, at: timestamp)
    return CosignedCheckpoint(signed: try signed.adding([line]), line: line, timestamp: timestamp)
  }
}
