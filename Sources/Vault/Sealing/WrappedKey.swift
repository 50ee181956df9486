internal import Crypto
internal import FoundationEssentials

/// What opens a document and its commitment.
struct DocumentSecret {
  static let byteCount = ChunkCipher.keyBytes + VaultHash.byteCount
  /// The key of the chunks.
  let key: [UInt8]
  /// The salt of the commitment.
  let salt: VaultHash
}

/// A document's secret as one reader can open it: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
/// AES-256-GCM.
///
///     wrapped key = party 20 ‖ public key 32 ‖ encapsulated key 32 ‖ sealed 80
///
/// `info` is a prefix, the document's id, the party and the public key; the header is authenticated besides. So a
/// wrapped key serves one reader of one document and cannot be moved.
struct WrappedKey: Sendable, Equatable {
  static let byteCount = PartyID.byteCount + Reader.keyBytes + encapsulatedBytes + sealedBytes
  private static let encapsulatedBytes = 32
  private static let sealedBytes = DocumentSecret.byteCount + 16
  private static let domain = Domain.tag("vault-key")

  private static var suite: HPKE.Ciphersuite {
    HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
  }

  let reader: Reader
  private let encapsulated: [UInt8]
  private let sealed: [UInt8]

  /// Wraps a secret.
  init(_ secret: DocumentSecret, of header: DocumentHeader, for reader: Reader) throws(VaultError) {
    do {
      var sender = try HPKE.Sender(
        recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: reader.publicKey),
        ciphersuite: Self.suite, info: Self.info(header.document, reader))
      sealed = Array(try sender.seal(secret.key + secret.salt.bytes, authenticating: header.encoded))
      encapsulated = Array(sender.encapsulatedKey)
    } catch {
      throw VaultError(.badKey, "nothing can be wrapped for this key")
    }
    self.reader = reader
  }

  init(_ bytes: inout ByteReader) throws(VaultError) {
    let party: PartyID = try bytes.value()
    reader = try Reader(party: party, publicKey: Array(try bytes.take(Reader.keyBytes)))
    encapsulated = Array(try bytes.take(Self.encapsulatedBytes))
    sealed = Array(try bytes.take(Self.sealedBytes))
  }

  var encoded: [UInt8] { reader.party.bytes + reader.publicKey + encapsulated + sealed }

  /// Unwraps the secret.
  ///
  /// - Throws: `vault.altered` where it was wrapped for another document or reader, or changed.
  func open(with key: ReaderKey, of header: DocumentHeader) throws(VaultError) -> DocumentSecret {
    do {
      var recipient = try HPKE.Recipient(
        privateKey: key.key, ciphersuite: Self.suite, info: Self.info(header.document, reader),
        encapsulatedKey: Data(encapsulated))
      let secret = Array(try recipient.open(sealed, authenticating: header.encoded))
      return DocumentSecret(
        key: Array(secret.prefix(ChunkCipher.keyBytes)),
        salt: VaultHash(counted: Array(secret.dropFirst(ChunkCipher.keyBytes))))
    } catch {
      throw VaultError(.altered, "the wrapped key does not open: it is of another document, or was changed")
    }
  }

  private static func info(_ document: DocumentID, _ reader: Reader) -> Data {
    Data(domain + document.bytes + reader.party.bytes + reader.publicKey)
  }
}
