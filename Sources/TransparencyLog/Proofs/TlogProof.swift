/// The proof, to be kept in a file, that an entry is in a log (C2SP tlog-proof, `.tlog-proof`).
///
/// It holds index, path and signed checkpoint, but not the entry: the verifier has that.
public struct TlogProof: Hashable, Sendable {
  /// The most bytes of a proof file: the note, 64 hashes, and extra data of 64 KiB in base64.
  public static let maximumByteCount = SignedNote.maximumByteCount + 100_000

  /// The entry's index in the log, at most 2^63 - 1.
  public let index: UInt64

  /// The hashes from the leaf's sibling up to the root's child; at most 64.
  public let path: [Hash]

  /// Data for the application, which nothing vouches for; `nil` when there is none, never empty.
  public let extra: [UInt8]?

  /// The signed checkpoint; its size is the size of the tree.
  public let checkpoint: UnverifiedCheckpoint

  private static let header: StaticString = "c2sp.org/tlog-proof@v1"
  private static let extraPrefix: StaticString = "extra "
  private static let indexPrefix: StaticString = "index "

  /// Makes a proof of its parts; whether they fit each other shows in `verify`.
  ///
  /// Throws `malformedProof` for an index above 2^63 - 1, extra data that is empty, or a file over the
  /// limit, and `pathTooLong`.
  public init(
    index: UInt64, path: [Hash], extra: [UInt8]? = nil, checkpoint: UnverifiedCheckpoint
  ) throws(TransparencyLogError) {
    guard index <= MerkleTree.maximumSize, extra?.isEmpty != true else {
      throw TransparencyLogError(.malformedProof, "The index is above 2^63 - 1, or the extra data is empty.")
    }
    try ProofPath.checkLimit(path)
    self.index = index
    self.path = path
    self.extra = extra
    self.checkpoint = checkpoint
    guard bytes.count <= Self.maximumByteCount else {
      throw TransparencyLogError(.malformedProof, "The proof is too long.")
    }
  }

  /// Reads a proof file. Throws `malformedProof`, `pathTooLong`, and the errors of
  /// `UnverifiedCheckpoint`. What is read is rendered again as the same bytes.
  public init(_ bytes: [UInt8]) throws(TransparencyLogError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw TransparencyLogError(.malformedProof, "The proof is too long.")
    }
    var lines = LineReader(bytes[...])
    guard let first = lines.next(), first.elementsEqual(Self.header.utf8Bytes) else {
      throw TransparencyLogError(.malformedProof, "The first line is not that of a tlog-proof of version 1.")
    }
    var line = lines.next()
    var extra: [UInt8]?
    if let text = line?.dropping(Self.extraPrefix) {
      guard let data = Base64.decode(text) else {
        throw TransparencyLogError(.malformedProof, "The extra data is not canonical base64.")
      }
      extra = data
      line = lines.next()
    }
    guard let digits = line?.dropping(Self.indexPrefix), let index = DecimalText.decode(digits) else {
      throw TransparencyLogError(.malformedProof, "There is no index in plain decimal.")
    }
    let path = try Self.readPath(&lines)
    try self.init(
      index: index, path: path, extra: extra, checkpoint: UnverifiedCheckpoint(Array(lines.rest)))
  }

  private static func readPath(_ lines: inout LineReader) throws(TransparencyLogError) -> [Hash] {
    var path: [Hash] = []
    while let line = lines.next() {
      if line.isEmpty {
        return path
      }
      guard let hash = HashText.decode(line) else {
        throw TransparencyLogError(.malformedProof, "A hash is not 32 bytes in canonical base64.")
      }
      path.append(hash)
      try ProofPath.checkLimit(path)
    }
    throw TransparencyLogError(.malformedProof, "No empty line follows the hashes.")
  }

  /// The proof as a file.
  public var bytes: [UInt8] {
    var lines: [[UInt8]] = [Self.header.utf8Bytes]
    if let extra {
      lines.append(Self.extraPrefix.utf8Bytes + Base64.encode(extra))
    }
    lines.append(Self.indexPrefix.utf8Bytes + DecimalText.encode(index))
    lines.append(contentsOf: path.map(HashText.encode))
    lines.append([])
    return lines.flatMap { $0 + [LineReader.newline] } + checkpoint.bytes
  }

  /// Checks that the entry is in a log that the policy accepts, and returns the checkpoint that says so.
  ///
  /// Throws the errors of `Policy.verify` and of `InclusionProof.verify`.
  public func verify(entry: [UInt8], policy: Policy) throws(TransparencyLogError) -> VerifiedCheckpoint {
    try verify(leafHash: .leaf(entry), policy: policy)
  }

  /// Checks the proof for an entry given by its leaf hash, as `verify` with an entry does.
  public func verify(leafHash: Hash, policy: Policy) throws(TransparencyLogError) -> VerifiedCheckpoint {
    let verified = try policy.verify(checkpoint)
    try InclusionProof(index: index, size: verified.checkpoint.size, path: path)
      .verify(leafHash: leafHash, root: verified.checkpoint.root)
    return verified
  }
}
