internal import Foundation

/// The one-time credentials of a giver that are left, with their keys: a file of JSON that is secret.
///
/// A credential leaves the wallet before it is shown, so that no failure makes it be shown twice.
public struct Wallet: Sendable {
  /// The most credentials kept.
  public static let maximumCount = 200
  /// The longest file, in bytes.
  public static let maximumBytes = 4 * 1024 * 1024

  private struct Entry: Codable {
    /// The partner for which it was issued.
    let audience: String
    let credential, key: String
    let expires: Int64
  }
  private struct File: Codable {
    let format: String
    let entries: [Entry]
  }
  private static let format = "tongzhou-wallet/v2"

  private var entries: [Entry] = []

  /// An empty wallet.
  public init() {}

  /// Reads a file; `credential.malformed` for what is none.
  public init(file: [UInt8]) throws(CredentialError) {
    guard file.count <= Wallet.maximumBytes else { throw CredentialError(.malformed, "a wallet that is too long") }
    let file = try StrictJSON.decode(File.self, from: file)
    guard file.format == Wallet.format, file.entries.count <= Wallet.maximumCount else {
      throw CredentialError(.malformed, "not a wallet of this version")
    }
    entries = file.entries
  }

  /// The file's content.
  public func file() throws(CredentialError) -> [UInt8] {
    try StrictJSON.encode(File(format: Wallet.format, entries: entries))
  }

  /// How many credentials can be shown to a partner at a moment, in POSIX seconds.
  public func count(for audience: String, at time: Int64) -> Int {
    entries.count { $0.expires > time && $0.audience == audience }
  }

  /// Puts a credential in that was issued on the consent for a partner; those that are over are dropped.
  ///
  /// - Parameter audience: the partner, as ``PartnerQuestion/audience(chain:partner:)`` writes it.
  /// - Throws: `credential.invalid_batch` for more than it holds.
  public mutating func add(
    _ credential: LoveIndexCredential, for audience: String, with key: HolderKey, at time: Int64
  ) throws(CredentialError) {
    entries.removeAll { $0.expires <= time }
    guard entries.count < Wallet.maximumCount else { throw CredentialError(.badBatch, "the wallet is full") }
    entries.append(
      Entry(
        audience: audience, credential: credential.text, key: Base64URL.encode(key.seed), expires: credential.expires))
  }

  /// Takes the credential out that ends first of those for a partner: one for another is never shown to it.
  ///
  /// - Throws: `credential.wallet_empty`; what is wrong with the credential.
  public mutating func take(
    for audience: String, issuers: IssuerKeys, at time: Int64
  ) async throws(CredentialError) -> (LoveIndexCredential, HolderKey) {
    entries.removeAll { $0.expires <= time }
    entries.sort { $0.expires < $1.expires }
    guard let place = entries.firstIndex(where: { $0.audience == audience }),
      let seed = Base64URL.decode(entries[place].key)
    else { throw CredentialError(.walletEmpty, "no credential for this partner is left; fetch new ones") }
    let entry = entries.remove(at: place)
    let key = try HolderKey(seed: seed)
    return (
      try await LoveIndexCredential(text: entry.credential, issuers: issuers, holder: key.publicKey, at: time), key
    )
  }
}
