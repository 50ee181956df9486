/// What a log asks a witness for (C2SP tlog-witness, `add-checkpoint`): to cosign a checkpoint, with the proof that its
/// tree goes on from the one the witness cosigned last.
///
/// Well formed, and nothing more: no signature is verified here, and a size of 0 may come with any root.
public struct AddCheckpointRequest: Hashable, Sendable {
  /// The most hashes of a proof.
  public static let maximumProofCount = 63

  /// The most bytes of a request: room for a hundred ML-DSA lines, which another log's checkpoint may carry.
  public static let maximumByteCount = 524_288

  /// The size that the log believes the witness cosigned last, at most 2^63 - 1; 0 for none.
  public let oldSize: UInt64

  /// The consistency proof from that size; at most 63 hashes.
  public let proof: [Hash]

  /// The signed checkpoint.
  public let note: SignedNote

  /// What the checkpoint claims.
  let claim: CheckpointLines

  private static let oldPrefix: StaticString = "old "

  /// Makes a request. Throws `malformedRequest` for more than 63 hashes, a size above 2^63 - 1, or a request over the
  /// limit.
  public init(
    oldSize: UInt64, proof: [Hash], checkpoint: UnverifiedCheckpoint
  ) throws(TransparencyLogError) {
    try self.init(oldSize: oldSize, proof: proof, note: checkpoint.note)
    guard bytes.count <= Self.maximumByteCount else { throw Self.malformed("The request has more than 524,288 bytes.") }
  }

  /// Reads a request's body. Throws `malformedRequest`, and the errors of `SignedNote` and `malformedCheckpoint`.
  ///
  /// What is read is rendered again as the same bytes.
  public init(_ bytes: [UInt8]) throws(TransparencyLogError) {
    guard bytes.count <= Self.maximumByteCount else { throw Self.malformed("The request has more than 524,288 bytes.") }
    var lines = LineReader(bytes[...])
    guard let digits = lines.next()?.dropping(Self.oldPrefix),
      let oldSize = DecimalText.decode(digits, maximum: MerkleTree.maximumSize)
    else { throw Self.malformed("The first line is not the word old and a size in plain decimal below 2^63.") }
    let proof = try Self.readProof(&lines)
    try self.init(oldSize: oldSize, proof: proof, note: SignedNote(Array(lines.rest)))
  }

  private init(oldSize: UInt64, proof: [Hash], note: SignedNote) throws(TransparencyLogError) {
    guard oldSize <= MerkleTree.maximumSize else { throw Self.malformed("The old size is above 2^63 - 1.") }
    guard proof.count <= Self.maximumProofCount else { throw Self.malformed("The proof has more than 63 hashes.") }
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
    claim = try CheckpointLines(text: note.text)
  }

  private static func readProof(_ lines: inout LineReader) throws(TransparencyLogError) -> [Hash] {
    var proof: [Hash] = []
    while let line = lines.next() {
      if line.isEmpty { return proof }
      guard proof.count < maximumProofCount else { throw malformed("The proof has more than 63 hashes.") }
      guard let hash = HashText.decode(line) else {
        throw malformed("A hash of the proof is not 32 bytes in canonical base64.")
      }
      proof.append(hash)
    }
    throw malformed("No empty line follows the proof.")
  }

  private static func malformed(_ message: String) -> TransparencyLogError {
    TransparencyLogError(.malformedRequest, message)
  }

  /// The request's body.
  public var bytes: [UInt8] {
    var lines = [Self.oldPrefix.utf8Bytes + DecimalText.encode(oldSize)]
    lines.append(contentsOf: proof.map(HashText.encode))
    lines.append([])
    return lines.flatMap { $0 + [LineReader.newline] } + note.bytes
  }

  /// The origin that the checkpoint names.
  public var origin: [UInt8] { claim.origin }

  /// The size that the checkpoint claims.
  public var size: UInt64 { claim.size }
}
