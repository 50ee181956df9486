public import Ledger
public import TransparencyLog

/// What a giver asks an issuer for: a badge that says she reached a fixed step, to be shown to anybody.
///
/// Her account's key signs all of it. As JSON it has the members of its ``SignedSender``, and `badge` and `holder`, a
/// key in hexadecimal digits.
public struct BadgeRequest: Sendable, Equatable {
  /// The longest JSON, in bytes.
  public static let maximumBytes = 2048
  /// The longest name of a badge, in bytes.
  public static let maximumName = 64
  private static let domain = Domain.tag("badge-request")

  /// Who asks; her address does not stand in the badge.
  public let sender: SignedSender
  /// The badge's name, as the issuer lists it.
  public let badge: String
  /// The key that the badge is for; one made for it links it to nothing else.
  public let holder: PublicKey

  private struct Document: Codable {
    let badge, holder: String
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
    self.badge = badge
    self.holder = holder
    sender = try SignedSender(
      chain: chain, address: address, at: time, by: key,
      of: BadgeRequest.message(chain, address, badge, holder, time), domain: BadgeRequest.domain)
  }

  /// Reads JSON; nothing is believed yet.
  ///
  /// - Throws: `encoding.malformed`, `address.invalid`, `time.invalid`, `key.unacceptable`.
  public init(json: [UInt8]) throws(LedgerError) {
    guard json.count <= BadgeRequest.maximumBytes,
      let (said, document) = SignedSender.read(Document.self, json),
      (1...BadgeRequest.maximumName).contains(document.badge.utf8.count)
    else { throw LedgerError(.malformed, "not a request for a badge") }
    badge = document.badge
    holder = try SignedSender.key(document.holder)
    sender = try SignedSender(said)
  }

  /// The JSON to send.
  public func json() throws -> [UInt8] {
    try sender.json(with: Document(badge: badge, holder: holder.bytes.hexadecimal))
  }

  /// Refuses what this account did not sign in the last minutes for this chain.
  ///
  /// - Parameters:
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.wrong_chain` and the like, as for transactions.
  public func verify(chain: Hash, currentKey: PublicKey?, now: Timestamp) throws(LedgerError) {
    let message = BadgeRequest.message(sender.chain, sender.address, badge, holder, sender.time)
    try sender.verify(message, domain: BadgeRequest.domain, chain: chain, currentKey: currentKey, now: now)
  }

  private static func message(
    _ chain: Hash, _ address: Address, _ badge: String, _ holder: PublicKey, _ time: Timestamp
  ) -> [UInt8] {
    var bytes = chain.bytes + address.bytes
    bytes.append(bigEndian: time.seconds)
    bytes += holder.bytes
    bytes.append(UInt8(badge.utf8.count))
    return bytes + Array(badge.utf8)
  }
}
