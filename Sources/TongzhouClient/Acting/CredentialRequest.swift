internal import Foundation
public import Ledger
public import TransparencyLog

/// What a giver asks an issuer for: credentials for one-time keys, under her consent for a partner.
///
/// Her account's key signs it under a prefix of its own, with chain, partner and time, so that it is good for nothing
/// else and not for long. As JSON it has the members `chain`, `address`, `key`, `partner`, `keys`, `time`, `signature`;
/// hashes and keys in hexadecimal digits.
public struct CredentialRequest: Sendable, Equatable {
  /// How far the time may be from the issuer's clock, in seconds.
  public static let window = RequestSignature.window
  /// The most keys of one request.
  public static let maximumKeys = 20
  /// The longest JSON, in bytes.
  public static let maximumBytes = 8192
  private static let domain = Domain.tag("credential-request")

  /// The chain on which she gave.
  public let chain: Hash
  /// Her address on it.
  public let address: Address
  /// The key her account signs with.
  public let key: PublicKey
  /// The partner she consented for.
  public let partner: UInt32
  /// The one-time keys, each for one credential.
  public let holders: [PublicKey]
  /// When she asked.
  public let time: Timestamp
  private let signature: RequestSignature

  private struct Document: Codable {
    let chain, address, key, signature: String
    let partner: UInt32
    let keys: [String]
    let time: UInt64
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
    self.chain = chain
    self.address = address
    self.key = key.publicKey
    self.partner = partner
    self.holders = holders
    self.time = time
    signature = try RequestSignature(
      CredentialRequest.message(chain, address, partner, holders, time), domain: CredentialRequest.domain, by: key)
  }

  /// Reads JSON; nothing is believed yet.
  ///
  /// - Throws: `encoding.malformed`, `address.invalid`, `key.unacceptable` also for a one-time key with which anybody
  ///   could sign.
  public init(json: [UInt8]) throws(LedgerError) {
    guard json.count <= CredentialRequest.maximumBytes,
      let document = try? JSONDecoder().decode(Document.self, from: Data(json)),
      let chain = Hash(hexadecimal: document.chain), let key = Hash(hexadecimal: document.key),
      (1...CredentialRequest.maximumKeys).contains(document.keys.count),
      let signature = RequestSignature(text: document.signature)
    else { throw LedgerError(.malformed, "not a request for credentials") }
    var holders: [PublicKey] = []
    for text in document.keys {
      guard let bytes = Hash(hexadecimal: text) else { throw LedgerError(.malformed, "a key is 64 digits") }
      holders.append(try PublicKey(bytes.bytes))
    }
    self.chain = chain
    address = try Address(text: document.address)
    self.key = try PublicKey(key.bytes)
    partner = document.partner
    self.holders = holders
    time = try Timestamp(validating: document.time)
    self.signature = signature
  }

  /// The JSON to send.
  public func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Array(
      try encoder.encode(
        Document(
          chain: chain.description, address: address.description, key: key.raw.description,
          signature: signature.text, partner: partner, keys: holders.map(\.raw.description),
          time: time.seconds)))
  }

  /// Refuses what this account did not sign in the last minutes for this chain.
  ///
  /// - Parameters:
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.wrong_chain` and the like, as for transactions.
  public func verify(chain: Hash, currentKey: PublicKey?, now: Timestamp) throws(LedgerError) {
    guard self.chain == chain else { throw LedgerError(.wrongChain, "a request for another chain") }
    try signature.verify(
      CredentialRequest.message(chain, address, partner, holders, time), domain: CredentialRequest.domain,
      of: address, by: key, at: time, currentKey: currentKey, now: now)
  }

  private static func message(
    _ chain: Hash, _ address: Address, _ partner: UInt32, _ holders: [PublicKey], _ time: Timestamp
  ) -> [UInt8] {
    chain.bytes + address.bytes + BackupSecret.bytes(of: partner) + RequestSignature.bytes(of: time)
      + [UInt8(holders.count)] + holders.flatMap(\.bytes)
  }
}
