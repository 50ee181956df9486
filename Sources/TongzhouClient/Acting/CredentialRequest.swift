public import Ledger
public import TransparencyLog

/// What a giver asks an issuer for: credentials for one-time keys, under her consent for a partner.
///
/// Her account's key signs all of it. As JSON it has the members of its ``SignedSender``, and `partner` and `keys`;
/// keys in hexadecimal digits.
public struct CredentialRequest: Sendable, Equatable {
  /// The most keys of one request.
  public static let maximumKeys = 20
  /// The longest JSON, in bytes.
  public static let maximumBytes = 8192
  private static let domain = Domain.tag("credential-request")

  /// Who asks.
  public let sender: SignedSender
  /// The partner she consented for.
  public let partner: UInt32
  /// The one-time keys, each for one credential.
  public let holders: [PublicKey]

  private struct Document: Codable {
    let partner: UInt32
    let keys: [String]
  }

  /// Signs a request.
  ///
  /// - Parameters:
  ///   - address: her address; that of the key unless she changed it.
  ///   - holders: 1 to 20 keys; `encoding.malformed` for none, or too many.
  public init(
    chain: Hash, address: Address, partner: UInt32, holders: [PublicKey], at time: Timestamp, by key: SigningKey
  ) throws(LedgerError) {
    guard (1...CredentialRequest.maximumKeys).contains(holders.count) else {
      throw LedgerError(.malformed, "1 to \(CredentialRequest.maximumKeys) keys")
    }
    self.partner = partner
    self.holders = holders
    sender = try SignedSender(
      chain: chain, address: address, at: time, by: key,
      of: CredentialRequest.message(chain, address, partner, holders, time), domain: CredentialRequest.domain)
  }

  /// Reads JSON; nothing is believed yet.
  ///
  /// - Throws: `encoding.malformed`, `address.invalid`, `time.invalid`, `key.unacceptable` also for a one-time key with
  ///   which anybody could sign.
  public init(json: [UInt8]) throws(LedgerError) {
    guard json.count <= CredentialRequest.maximumBytes,
      let (said, document) = SignedSender.read(Document.self, json),
      (1...CredentialRequest.maximumKeys).contains(document.keys.count)
    else { throw LedgerError(.malformed, "not a request for credentials") }
    var holders: [PublicKey] = []
    for text in document.keys { holders.append(try SignedSender.key(text)) }
    self.holders = holders
    partner = document.partner
    sender = try SignedSender(said)
  }

  /// The JSON to send.
  public func json() throws -> [UInt8] {
    try sender.json(with: Document(partner: partner, keys: holders.map(\.bytes.hexadecimal)))
  }

  /// Refuses what this account did not sign in the last minutes for this chain.
  ///
  /// - Parameters:
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.wrong_chain` and the like, as for transactions.
  public func verify(chain: Hash, currentKey: PublicKey?, now: Timestamp) throws(LedgerError) {
    let message = CredentialRequest.message(sender.chain, sender.address, partner, holders, sender.time)
    try sender.verify(
      message, domain: CredentialRequest.domain, chain: chain, currentKey: currentKey, now: now)
  }

  private static func message(
    _ chain: Hash, _ address: Address, _ partner: UInt32, _ holders: [PublicKey], _ time: Timestamp
  ) -> [UInt8] {
    var bytes = chain.bytes + address.bytes
    bytes.append(bigEndian: partner)
    bytes.append(bigEndian: time.seconds)
    bytes.append(UInt8(holders.count))
    return bytes + holders.flatMap(\.bytes)
  }
}
