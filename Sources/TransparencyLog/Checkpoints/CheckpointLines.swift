/// The lines of a checkpoint as they are written, before the one rule that ties two of them: that a tree of size 0 has
/// the empty root. A witness has an answer of its own for a log that breaks it.
struct CheckpointLines: Hashable, Sendable {
  let origin: [UInt8]
  let size: UInt64
  let root: Hash
  let extensions: [[UInt8]]

  /// Reads the text of a note. Throws `malformedCheckpoint` as `Checkpoint.init(text:)` says.
  init(text: [UInt8]) throws(TransparencyLogError) {
    guard NoteText.isSignable(text) else {
      throw TransparencyLogError(.malformedCheckpoint, "The text is not UTF-8 lines that end in newlines.")
    }
    var reader = LineReader(text[...])
    var lines: [[UInt8]] = []
    while let line = reader.next() {
      guard !line.isEmpty else {
        throw TransparencyLogError(.malformedCheckpoint, "A checkpoint has no empty lines.")
      }
      lines.append(Array(line))
    }
    guard lines.count >= 3 else {
      throw TransparencyLogError(.malformedCheckpoint, "A checkpoint has at least three lines.")
    }
    guard let size = DecimalText.decode(lines[1], maximum: MerkleTree.maximumSize) else {
      throw TransparencyLogError(.malformedCheckpoint, "The size is not a plain decimal number below 2^63.")
    }
    guard let root = HashText.decode(lines[2]) else {
      throw TransparencyLogError(.malformedCheckpoint, "The root is not 32 bytes in canonical base64.")
    }
    origin = lines[0]
    self.size = size
    self.root = root
    extensions = Array(lines[3...])
  }
}
