internal import Crypto
internal import FoundationEssentials

/// Encrypts the chunks of one document with its key.
///
/// A key encrypts one document once, so nonces need only differ within it. Position and the mark of the last chunk
/// stand in the nonce and, with the header, in what is authenticated: a chunk left out, cut off, moved or taken from
/// another document does not open (the construction is the STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
struct ChunkCipher {
  /// Bytes that a chunk is longer when it is sealed.
  static let tagBytes = 16
  /// Bytes of a key.
  static let keyBytes = 32
  private static let domain = Domain.tag("vault-chunk")

  private let key: SymmetricKey
  private let header: DocumentHeader
  private let authenticated: [UInt8]

  init(key: [UInt8], header: DocumentHeader) {
    self.key = SymmetricKey(data: key)
    self.header = header
    authenticated = Self.domain + header.encoded
  }

  /// Header and sealed chunks.
  func seal(_ content: [UInt8]) throws(VaultError) -> [UInt8] {
    var sealed = header.encoded
    sealed.reserveCapacity(header.contentBytes)
    for index in 0..<header.chunkCount {
      let start = index * DocumentHeader.chunkBytes
      let chunk = content[start..<min(start + DocumentHeader.chunkBytes, content.count)]
      do {
        let box = try AES.GCM.seal(chunk, using: key, nonce: nonce(index), authenticating: bound(index))
        sealed.append(contentsOf: box.ciphertext)
        sealed.append(contentsOf: box.tag)
      } catch {
        throw VaultError(.badKey, "the document's key does not encrypt")
      }
    }
    return sealed
  }

  /// The document out of the sealed chunks that follow the header.
  ///
  /// - Throws: `vault.altered`.
  func open(_ chunks: ArraySlice<UInt8>) throws(VaultError) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(header.length)
    let step = DocumentHeader.chunkBytes + Self.tagBytes
    for index in 0..<header.chunkCount {
      let start = chunks.startIndex + index * step
      let chunk = chunks[min(start, chunks.endIndex)..<min(start + step, chunks.endIndex)]
      guard chunk.count > Self.tagBytes, let nonce = try? nonce(index),
        let box = try? AES.GCM.SealedBox(
          nonce: nonce, ciphertext: chunk.dropLast(Self.tagBytes), tag: chunk.suffix(Self.tagBytes)),
        let opened = try? AES.GCM.open(box, using: key, authenticating: bound(index))
      else { throw VaultError(.altered, "chunk \(index) of \(header.chunkCount) does not open") }
      content.append(contentsOf: opened)
    }
    guard content.count == header.length else { throw VaultError(.altered, "the chunks have another length") }
    return content
  }

  private func isLast(_ index: Int) -> UInt8 { index == header.chunkCount - 1 ? 1 : 0 }

  private func nonce(_ index: Int) throws -> AES.GCM.Nonce {
    var bytes = [UInt8](repeating: 0, count: 7)
    bytes.append(number: UInt32(index))
    return try AES.GCM.Nonce(data: bytes + [isLast(index)])
  }

  private func bound(_ index: Int) -> [UInt8] {
    var bytes = authenticated
    bytes.append(number: UInt32(index))
    return bytes + [isLast(index)]
  }
}
