public import Ledger
internal import TransparencyLog
public import Vault

/// What a reader gives to those who seal documents for her: her account's key, her reading key, and her account's
/// signature over it.
///
/// An address fixes the account's first key, and that key signed the other: so nobody between the two can put a key of
/// his own under somebody's address. As text it is `tzread:` and 256 hexadecimal digits: account, key and signature,
/// which also finds mistyped digits.
public struct ReaderCard: Sendable, Equatable {
  /// The beginning of the text.
  public static let prefix = "tzread:"
  private static let domain = Domain.tag("vault-card")

  /// The account's first public key.
  public let account: PublicKey
  /// Who reads, with the key that documents are wrapped for.
  public let reader: Reader
  private let signature: [UInt8]

  /// The card of an account.
  public init(of key: SigningKey) throws {
    account = key.publicKey
    reader = try ReaderKey(of: key).reader(PartyID(key.publicKey.address))
    signature = try key.sign(domain: Self.domain, message: reader.publicKey)
  }

  /// Reads the text and checks the signature.
  ///
  /// - Throws: `vault.bad_key`.
  public init(text: String) throws(VaultError) {
    let (prefix, digits) = (text.utf8.prefix(Self.prefix.utf8.count), text.utf8.dropFirst(Self.prefix.utf8.count))
    guard prefix.elementsEqual(Self.prefix.utf8),
      let bytes = [UInt8](hexadecimal: String(decoding: digits, as: UTF8.self)), bytes.count == 128,
      let account = try? PublicKey(Array(bytes[..<32]))
    else { throw VaultError(.badKey, "not a reader's card: a mistyped character, or something else") }
    let (key, signature) = (Array(bytes[32..<64]), Array(bytes[64...]))
    guard account.verifies(signature, domain: Self.domain, message: key) else {
      throw VaultError(.badKey, "a reader's card that its account did not sign")
    }
    self.account = account
    self.signature = signature
    reader = try Reader(party: PartyID(account.address), publicKey: key)
  }

  /// The text to pass on.
  public var text: String { Self.prefix + (account.bytes + reader.publicKey + signature).hexadecimal }
}

extension ReaderKey {
  /// The reading key that follows from an account's signing key.
  public init(of key: SigningKey) throws(VaultError) { try self.init(secret: key.seed) }
}

extension PartyID {
  /// The party of an address.
  public init(_ address: Address) {
    guard let party = PartyID(address.bytes) else { preconditionFailure("an address has twenty bytes") }
    self = party
  }

  /// The address of the party.
  public var address: Address {
    guard let address = Address(bytes) else { preconditionFailure("a party has twenty bytes") }
    return address
  }
}
