/// One checkpoint's way to one witness, from the log's side (C2SP tlog-witness): what to ask, and what to make of each
/// answer. It neither sends nor waits; whoever drives it does.
///
/// It ends after at most ``maximumConflicts`` answers that name another size. Of an answer only lines that verify are
/// handed on.
public struct CheckpointSubmission: Sendable {
  /// What to do next.
  public enum Action: Equatable, Sendable {
    /// Send a request with the consistency proof from this size.
    case ask(from: UInt64)
    /// The witness has cosigned; these lines of its key were verified. The end.
    case keep([NoteSignature])
    /// The end, without a cosignature.
    case stop(TransparencyLogError)
  }

  /// A witness's answer.
  public struct Answer: Hashable, Sendable {
    /// The HTTP status.
    public let status: Int
    /// The Content-Type, as it was sent.
    public let contentType: String?
    /// The body.
    public let body: [UInt8]

    /// An answer.
    public init(status: Int, contentType: String?, body: [UInt8]) {
      self.status = status
      self.contentType = contentType
      self.body = body
    }
  }

  /// How often a witness may name another size: somebody else may show it the same log at the same time.
  public static let maximumConflicts = 3

  /// The most bytes of an answer that are worth reading.
  public static let maximumAnswerByteCount = 65_536

  private enum State {
    case asking(from: UInt64, conflicts: Int)
    case ended
  }

  private let checkpoint: UnverifiedCheckpoint
  private let witness: VerifierKey
  private var state: State

  /// A submission.
  ///
  /// - Parameter knownSize: the size that the witness cosigned last, as far as is known; 0 where nothing is known.
  public init(_ checkpoint: UnverifiedCheckpoint, to witness: VerifierKey, knownSize: UInt64 = 0) {
    self.checkpoint = checkpoint
    self.witness = witness
    // What is known of a larger tree is of no use here: the witness is asked for what it has.
    state = .asking(from: knownSize <= checkpoint.checkpoint.size ? knownSize : 0, conflicts: 0)
  }

  /// What to do first.
  public var first: Action {
    guard case .asking(let size, _) = state else { preconditionFailure("a submission that has ended") }
    return .ask(from: size)
  }

  /// Takes the answer to the request that was asked for.
  public mutating func receive(_ answer: Answer) -> Action {
    guard case .asking(let asked, let conflicts) = state else { preconditionFailure("an answer to no question") }
    state = .ended
    do throws(TransparencyLogError) {
      switch answer.status {
      case 200: return .keep(try cosignatures(answer.body))
      case 409:
        let next = try nextSize(answer, asked: asked, conflicts: conflicts)
        state = .asking(from: next, conflicts: conflicts + 1)
        return .ask(from: next)
      case 422:
        throw TransparencyLogError(
          .witnessDisagrees, "The witness has cosigned a tree of this log that does not lead to this one.")
      case 429, 500...599:
        throw TransparencyLogError(.witnessUnavailable, "The witness answers with HTTP status \(answer.status).")
      default:
        throw TransparencyLogError(.witnessRefused, "The witness answers with HTTP status \(answer.status).")
      }
    } catch {
      return .stop(error)
    }
  }

  /// The lines of an answer that are by the witness's key. One that does not verify spoils all: in a checkpoint it
  /// would.
  private func cosignatures(_ body: [UInt8]) throws(TransparencyLogError) -> [NoteSignature] {
    guard body.count <= Self.maximumAnswerByteCount, body.last == LineReader.newline else {
      throw Self.malformed("The answer is too long, or its last line is not ended.")
    }
    var found: [NoteSignature] = []
    var lines = LineReader(body[...])
    while let line = lines.next() {
      let signature = try NoteSignature(line: line)
      guard signature.matches(witness) else { continue }
      guard found.isEmpty, let time = try witness.verify(signature, over: checkpoint.note.text).timestamp, time > 0
      else { throw Self.malformed("The answer has two lines by the witness's key, or one without a time.") }
      found.append(signature)
    }
    guard !found.isEmpty else { throw Self.malformed("The answer has no line by the witness's key.") }
    return found
  }

  /// The size to go on from after a conflict.
  private func nextSize(_ answer: Answer, asked: UInt64, conflicts: Int) throws(TransparencyLogError) -> UInt64 {
    let type = answer.contentType?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard type == Self.sizeContentType, answer.body.count <= 20, answer.body.last == LineReader.newline,
      let size = DecimalText.decode(answer.body.dropLast(), maximum: MerkleTree.maximumSize)
    else { throw Self.malformed("The answer to a conflict is not a size in plain decimal.") }
    guard size <= checkpoint.checkpoint.size else {
      throw TransparencyLogError(
        .witnessAhead,
        "The witness has cosigned a tree of \(size) entries, and this one has \(checkpoint.checkpoint.size).")
    }
    guard size != asked else {
      // So witnesses of version 1.0.0 say that they know another root of this very size.
      guard size == checkpoint.checkpoint.size else { throw Self.malformed("The answer names the size that was sent.") }
      throw TransparencyLogError(.witnessDisagrees, "The witness has cosigned another tree of \(size) entries.")
    }
    guard conflicts < Self.maximumConflicts else {
      throw TransparencyLogError(.witnessUnsettled, "The witness names another size after each request.")
    }
    return size
  }

  /// The Content-Type of an answer that names a size.
  public static let sizeContentType = "text/x.tlog.size"

  private static func malformed(_ message: String) -> TransparencyLogError {
    TransparencyLogError(.malformedAnswer, message)
  }
}
