/// What a log says of itself (C2SP tlog-checkpoint): its origin, its size, its root. Nothing is verified.
public struct Checkpoint: Hashable, Sendable {
  /// The log's identity, as bytes: `String` equality would take some different origins for the same.
  public let origin: [UInt8]

  /// The number of entries, at most 2^63 - 1.
  public let size: UInt64

  /// The root of the tree of that size (RFC 6962).
  public let root: Hash

  /// Opaque lines after the root, without their newlines, as another log may add them. This library
  /// never makes any: no auditor can check them, and ML-DSA cosignatures do not cover them.
  public let extensions: [[UInt8]]

  /// Makes a checkpoint.
  ///
  /// Throws `malformedCheckpoint` when the origin is empty, not UTF-8, or holds a newline or another
  /// control character below 0x20, when the size is above 2^63 - 1, or when a tree of size 0 has
  /// another root than the empty one.
  public init(origin: [UInt8], size: UInt64, root: Hash) throws(TransparencyLogError) {
    guard !origin.isEmpty, !origin.contains(LineReader.newline), NoteText.isPermitted(origin) else {
      throw TransparencyLogError(.malformedCheckpoint, "The origin is not one line of UTF-8.")
    }
    try self.init(origin: origin, size: size, root: root, extensions: [])
  }

  private init(
    origin: [UInt8], size: UInt64, root: Hash, extensions: [[UInt8]]
  ) throws(TransparencyLogError) {
    guard size <= MerkleTree.maximumSize else {
      throw TransparencyLogError(.malformedCheckpoint, "The size is above 2^63 - 1.")
    }
    guard size > 0 || root == .emptyRoot else {
      throw TransparencyLogError(.malformedCheckpoint, "A tree of size 0 has the empty root.")
    }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads the text of a note. Throws `malformedCheckpoint` for anything but an origin, a size in plain
  /// decimal, a root in 44 characters of canonical base64, and perhaps more lines, none of them empty.
  ///
  /// What is read is rendered again as the same bytes.
  public init(text: [UInt8]) throws(TransparencyLogError) {
    let lines = try CheckpointLines(text: text)
    try self.init(origin: lines.origin, size: lines.size, root: lines.root, extensions: lines.extensions)
  }

  /// The text to be signed: each line with its newline.
  public var text: [UInt8] {
    ([origin, DecimalText.encode(size), HashText.encode(root)] + extensions)
      .flatMap { $0 + [LineReader.newline] }
  }
}
