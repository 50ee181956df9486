internal import Foundation
public import Ledger
public import TransparencyLog

/// Who asks an issuer for something, signed with the account's key: for one chain, and for a few minutes.
///
/// The signature covers the whole request under a prefix of the request's kind, so that it is good for nothing else. As
/// JSON the request has the members `chain`, `address`, `key`, `time` and `signature` of it, in hexadecimal digits but
/// for the address and the time.
public struct SignedSender: Sendable, Equatable {
  /// How far a request's time may be from the issuer's clock, in seconds.
  public static let window: UInt64 = 300

  /// The chain on which she gave.
  public let chain: Hash
  /// Her address on it.
  public let address: Address
  /// The key her account signs with.
  public let key: PublicKey
  /// When she asked.
  public let time: Timestamp
  private let signature: [UInt8]

  /// Signs.
  ///
  /// - Parameter message: all that the request says, in the layout of its kind.
  init(
    chain: Hash, address: Address, at time: Timestamp, by key: SigningKey, of message: [UInt8], domain: [UInt8]
  ) throws(LedgerError) {
    self.chain = chain
    self.address = address
    self.key = key.publicKey
    self.time = time
    signature = try key.sign(domain: domain, message: message)
  }

  /// Takes what a request says of its sender; nothing is believed yet.
  ///
  /// - Throws: `encoding.malformed`, `address.invalid`, `time.invalid`, `key.unacceptable`.
  init(_ document: Document) throws(LedgerError) {
    guard let chain = Hash(hexadecimal: document.chain), document.signature.utf8.count == 128,
      let signature = [UInt8](hexadecimal: document.signature)
    else { throw LedgerError(.malformed, "the chain is 64 hexadecimal digits, the signature 128") }
    self.chain = chain
    self.signature = signature
    address = try Address(text: document.address)
    key = try SignedSender.key(document.key)
    time = try Timestamp(validating: document.time)
  }

  /// A key of a request.
  ///
  /// - Throws: `encoding.malformed`, `key.unacceptable` also for one with which anybody could sign.
  static func key(_ text: String) throws(LedgerError) -> PublicKey {
    guard let bytes = [UInt8](hexadecimal: text), bytes.count == Hash.byteCount else {
      throw LedgerError(.malformed, "a key is 64 hexadecimal digits")
    }
    return try PublicKey(bytes)
  }

  /// Refuses what this account did not sign in the last minutes for this chain.
  ///
  /// - Parameters:
  ///   - message: all that the request says.
  ///   - currentKey: what the account signs with now, where the chain knows another key than its first.
  /// - Throws: `transaction.wrong_chain`, `transaction.expired`, `signature.not_the_sender`, `signature.invalid`.
  func verify(
    _ message: [UInt8], domain: [UInt8], chain: Hash, currentKey: PublicKey?, now: Timestamp
  ) throws(LedgerError) {
    guard self.chain == chain else { throw LedgerError(.wrongChain, "a request for another chain") }
    let (early, late) = (now.adding(seconds: Self.window), time.adding(seconds: Self.window))
    guard time <= early, now <= late else { throw LedgerError(.expired, "it was signed at another time") }
    guard currentKey.map({ $0 == key }) ?? (key.address == address) else {
      throw LedgerError(.wrongSigner, "not the key of this account")
    }
    guard key.verifies(signature, domain: domain, message: message) else {
      throw LedgerError(.badSignature, "the account did not sign this")
    }
  }
}

extension SignedSender {
  /// The members of a request that say who sends it.
  struct Document: Codable {
    let chain, address, key, signature: String
    let time: UInt64
  }

  /// A request's JSON: one object with the sender's members and those of its kind.
  private struct Request<Said: Codable>: Codable {
    let sender: Document
    let said: Said

    init(_ sender: Document, _ said: Said) {
      self.sender = sender
      self.said = said
    }

    init(from decoder: any Decoder) throws {
      sender = try Document(from: decoder)
      said = try Said(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
      try sender.encode(to: encoder)
      try said.encode(to: encoder)
    }
  }

  /// The JSON of a request that also says this.
  func json(with said: some Codable) throws -> [UInt8] {
    let sender = Document(
      chain: chain.description, address: address.description, key: key.bytes.hexadecimal,
      signature: signature.hexadecimal, time: time.seconds)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return Array(try encoder.encode(Request(sender, said)))
  }

  /// What a request's JSON says, of its sender and of its kind; `nil` where it has another form.
  static func read<Said: Codable>(_ type: Said.Type, _ json: [UInt8]) -> (sender: Document, said: Said)? {
    guard let request = try? JSONDecoder().decode(Request<Said>.self, from: Data(json)) else { return nil }
    return (request.sender, request.said)
  }
}
