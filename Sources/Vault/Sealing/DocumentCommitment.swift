internal import Crypto

/// What stands on the chain for a document that stays off it.
public enum DocumentCommitment {
  /// Fewest bytes of a hospital's key.
  public static let minimumKeyBytes = 32
  /// The most documents of one commitment.
  public static let maximumDocuments = 1_000

  /// A salted commitment: SHA-256 of a prefix, the salt and the document; says nothing without the salt.
  ///
  /// The same bytes as `Commitment` of `TongzhouClient`.
  public static func salted(_ content: [UInt8], salt: VaultHash) -> VaultHash {
    .sha256(parts: Domain.tag("commitment"), salt.bytes, content)
  }

  /// The mark of a photograph: its plain SHA-256, so that the same photograph shows in whatever case it comes again.
  ///
  /// Whoever has the photograph can tell where it was used. `sha256sum` gives the same; it cannot be taken for any
  /// other hash, since no prefix of ours begins like a picture.
  ///
  /// - Throws: `vault.wrong_type` for what is no photograph: the hash of a text could be guessed.
  public static func photograph(_ content: [UInt8]) throws(VaultError) -> VaultHash {
    guard MediaType.jpeg.fits(content) || MediaType.png.fits(content) else {
      throw VaultError(.wrongType, "a plain hash is for photographs only")
    }
    return .sha256(parts: content)
  }

  /// The mark of a hospital's record: HMAC-SHA256 under the hospital's key, so that one record shows in a second case
  /// and nobody else can try what it says.
  ///
  /// - Throws: `vault.bad_key` for a key of fewer than 32 bytes.
  public static func hospitalRecord(_ content: [UInt8], key: [UInt8]) throws(VaultError) -> VaultHash {
    guard key.count >= minimumKeyBytes else {
      throw VaultError(.badKey, "a hospital's key has at least \(minimumKeyBytes) bytes")
    }
    var mac = HMAC<SHA256>(key: SymmetricKey(data: key))
    mac.update(data: Domain.tag("hospital-record"))
    mac.update(data: content)
    return VaultHash(counted: Array(mac.finalize()))
  }

  /// One commitment to several documents in their order: SHA-256 of a prefix, their number and their commitments.
  ///
  /// - Throws: `vault.bad_size` for none, or more than a thousand.
  public static func list(_ commitments: [VaultHash]) throws(VaultError) -> VaultHash {
    guard !commitments.isEmpty, commitments.count <= maximumDocuments else {
      throw VaultError(.badSize, "a list has 1 to \(maximumDocuments) documents, not \(commitments.count)")
    }
    var bytes = Domain.tag("documents")
    bytes.append(number: UInt32(commitments.count))
    return .sha256(bytes + commitments.flatMap(\.bytes))
  }
}
