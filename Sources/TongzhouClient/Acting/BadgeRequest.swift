internal import Foundation
public import Ledger
public import TransparencyLog

/// What a giver asks an issuer for: a badge that says she reached a fixed step, to be shown to anybody.
///
/// Her account's key signs it under a prefix of its own, with chain and time, so that it is good for nothing else and
/// not for long. As JSON it has the members `chain`, `address`, `key`, `badge`, `holder`, `time`, `signature`; hashes
/// and keys in hexadecimal digits.
public struct BadgeRequest: Sendable, Equatable {
  /// The longest JSON, in bytes.
  public static let maximumBytes = 2048
  /// The longest name of a badge, in bytes.
  public static let maximumName = 64
  private static let domain = Domain.tag("badge-request")

  /// The chain on which she gave.
  public let chain: Hash
  /// Her address on it, which does not stand in the badge.
  public let address: Address
  /// The key her account signs with.
  public let key: PublicKey
  /// The badge's name, as the issuer lists it.
  public let badge: String
  /// The key that the badge is for; one made for it links it to nothing else.
  public let holder: PublicKey
  /// When she asked.
  public let time: Timestamp
  private let signature: RequestSignature

  private struct Document: Codable {
    let chain, address, key, badge, holder, signature: String
    let time: UInt64
  }

  /// Signs a request.
  ///
  /// - Parameters:
  ///   - address: her address; that of the key unless she changed it.
  ///   - badge: its name; `encoding.malformed` for an empty one, or one that is too long.
  public init(
    chain: Hash, address: Address, badge: String, holder: PublicKey, at time: Timestamp, by key: SigningKey
  ) throws(LedgerError) {
    guard (1...BadgeRequest.maximumName).contains(badge.utf8.count) else {
      throw LedgerError(.malformed, "a badge's name has 1 to \(BadgeRequest.maximumName) bytes")
    }
    self.chain = chain
    self.address = address
    self.key = key.publicKey
    self.badge = badge
    self.holder = holder
    self.time = time
    signature = try RequestSignature(
      BadgeRequest.message(chain, address, badge, holder, time), domain: BadgeRequest.domain, by: key)
  }

  /// Reads JSON; nothing is believed yet.
  ///
  /// - Throws: `encoding.malformed`, `address.invalid`, `time.invalid`, `key.unacceptable`.
  public init(json: [UInt8]) throws(LedgerError) {
    guard json.count <= BadgeRequest.maximumBytes,
      let document = try? JSONDecoder().decode(Document.self, from: Data(json)),
      let chain = Hash(hexadecimal: document.chain), let key = Hash(hexadecimal: document.key),
      let holder = Hash(hexadecimal: document.holder),
      (1...BadgeRequest.maximumName).contains(document.badge.utf8.count),
      let signature = RequestSignature(text: document.signature)
    else { throw LedgerError(.malformed, "not a request for a badge") }
    self.chain = chain
    address = try Address(text: document.address)
    self.key = try PublicKey(key.bytes)
    badge = document.badge
    self.holder = try PublicKey(holder.bytes)
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
          chain: chain.description, address: address.description, key: key.raw.description, badge: badge,
          holder: holder.raw.description, signature: signature.text, time: time.seconds)))
  }

  /// Refuses what this account did not sign in the last minutes for this chain.
  ///
  /// - Parameters:
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.wrong_chain` and the like, as for transactions.
  public func verify(chain: Hash, currentKey: PublicKey?, now: Timestamp) throws(LedgerError) {
    guard self.chain == chain else { throw LedgerError(.wrongChain, "a request for another chain") }
    try signature.verify(
      BadgeRequest.message(chain, address, badge, holder, time), domain: BadgeRequest.domain, of: address, by: key,
      at: time, currentKey: currentKey, now: now)
  }

  private static func message(
    _ chain: Hash, _ address: Address, _ badge: String, _ holder: PublicKey, _ time: Timestamp
  ) -> [UInt8] {
    chain.bytes + address.bytes + RequestSignature.bytes(of: time) + holder.bytes + [UInt8(badge.utf8.count)]
      + Array(badge.utf8)
  }
}
