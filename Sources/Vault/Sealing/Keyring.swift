/// The wrapped keys of a document, one for each reader: without them nobody opens it any more.
///
///     keyring = "TZVK" ‖ version u8 (1) ‖ document 16 ‖ content 32 ‖ count u16 ‖ wrapped keys ‖ check 32
///
/// `content` is the SHA-256 of header and chunks, `check` that of everything before it: both find damage without a key.
/// Readers stand in the order of party and key, each once.
public struct Keyring: Sendable, Equatable {
  /// The most readers of a document.
  public static let maximumReaders = 64
  /// The most bytes of a keyring.
  public static let maximumByteCount = fixedBytes + maximumReaders * WrappedKey.byteCount
  private static let fixedBytes = 4 + 1 + DocumentID.byteCount + VaultHash.byteCount + 2 + VaultHash.byteCount
  private static let magic = Array("TZVK".utf8)
  private static let version: UInt8 = 1

  /// Whose keys these are.
  public let document: DocumentID
  /// SHA-256 of the content that they open.
  let content: VaultHash
  let keys: [WrappedKey]

  /// The readers, in order.
  public var readers: [Reader] { keys.map(\.reader) }

  init(document: DocumentID, content: VaultHash, keys: [WrappedKey]) throws(VaultError) {
    guard !keys.isEmpty, keys.count <= Self.maximumReaders else {
      throw VaultError(.badReaders, "a document has 1 to \(Self.maximumReaders) readers, not \(keys.count)")
    }
    let ordered = keys.sorted { $0.reader < $1.reader }
    guard zip(ordered, ordered.dropFirst()).allSatisfy({ $0.reader < $1.reader }) else {
      throw VaultError(.badReaders, "one reader twice")
    }
    self.document = document
    self.content = content
    self.keys = ordered
  }

  /// Reads a keyring and leaves what follows it.
  init(_ reader: inout ByteReader) throws(VaultError) {
    try reader.require(Self.magic, version: Self.version)
    let document: DocumentID = try reader.value()
    let content: VaultHash = try reader.value()
    let count = Int(try reader.number(UInt16.self))
    guard count <= Self.maximumReaders else {
      throw VaultError(.badReaders, "a document has at most \(Self.maximumReaders) readers, not \(count)")
    }
    var keys: [WrappedKey] = []
    for _ in 0..<count { keys.append(try WrappedKey(&reader)) }
    try self.init(document: document, content: content, keys: keys)
    guard self.keys == keys else { throw VaultError(.malformed, "the readers are out of order") }
    guard try reader.value(VaultHash.self) == .sha256(body) else {
      throw VaultError(.malformed, "the keyring's check does not fit")
    }
  }

  /// Reads exactly one keyring.
  ///
  /// - Throws: `vault.malformed`, `vault.unknown_version`, `vault.bad_readers`, `vault.bad_key`.
  public init(_ bytes: [UInt8]) throws(VaultError) {
    var reader = ByteReader(bytes)
    try self.init(&reader)
    try reader.requireEnd()
  }

  /// The bytes of the keyring.
  public var encoded: [UInt8] { body + VaultHash.sha256(body).bytes }

  private var body: [UInt8] {
    var bytes = Self.magic + [Self.version] + document.bytes + content.bytes
    bytes.append(number: UInt16(keys.count))
    for key in keys { bytes += key.encoded }
    return bytes
  }
}
