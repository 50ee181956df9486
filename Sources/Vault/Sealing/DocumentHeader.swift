/// What stands in the clear before a document's ciphertext; every chunk and every wrapped key is bound to it.
///
///     header = "TZVD" ‖ version u8 (1) ‖ type u8 ‖ document 16 ‖ length u64 ‖ commitment 32
public struct DocumentHeader: Sendable, Equatable {
  /// Bytes of a header.
  public static let byteCount = 62
  static let magic = Array("TZVD".utf8)
  static let version: UInt8 = 1
  /// The most bytes of a document: 64 MiB.
  public static let maximumLength = 64 << 20
  /// Bytes of the document in every chunk but the last.
  public static let chunkBytes = 65_536

  /// What it is called.
  public let document: DocumentID
  /// What kind of file it is.
  public let type: MediaType
  /// Bytes of the document, 1 … ``maximumLength``.
  public let length: Int
  /// The salted commitment to the document: what stands on the chain.
  public let commitment: VaultHash

  /// - Throws: `vault.bad_size`.
  init(document: DocumentID, type: MediaType, length: Int, commitment: VaultHash) throws(VaultError) {
    guard length > 0, length <= Self.maximumLength else {
      throw VaultError(.badSize, "a document has 1 to \(Self.maximumLength) bytes, this one \(length)")
    }
    self.document = document
    self.type = type
    self.length = length
    self.commitment = commitment
  }

  /// Reads a header from the beginning of a sealed document's content.
  init(_ reader: inout ByteReader) throws(VaultError) {
    try reader.require(Self.magic, version: Self.version)
    guard let type = MediaType(rawValue: try reader.number()) else {
      throw VaultError(.wrongType, "the header names a type that is not on the list")
    }
    let document: DocumentID = try reader.value()
    guard let length = Int(exactly: try reader.number(UInt64.self)) else {
      throw VaultError(.badSize, "the header names a length of more than 63 bits")
    }
    try self.init(document: document, type: type, length: length, commitment: try reader.value())
  }

  /// The bytes of the header.
  var encoded: [UInt8] {
    var bytes = Self.magic + [Self.version, type.rawValue] + document.bytes
    bytes.append(number: UInt64(length))
    return bytes + commitment.bytes
  }

  /// The number of chunks.
  var chunkCount: Int { (length + Self.chunkBytes - 1) / Self.chunkBytes }

  /// Bytes of the whole content: header and sealed chunks.
  var contentBytes: Int { Self.byteCount + length + chunkCount * ChunkCipher.tagBytes }
}
