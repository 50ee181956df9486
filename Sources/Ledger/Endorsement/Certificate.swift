internal import FoundationEssentials
internal import SwiftProtobuf
public import TransparencyLog

/// One organisation's C2SP cosignature (v1) on a checkpoint.
public struct EndorserCosignature: Hashable, Sendable {
  /// The cosigner's key.
  public let key: PublicKey
  /// When it was made; block times come from these.
  public let time: Timestamp
  /// 64 bytes.
  public let signature: [UInt8]

  init(key: PublicKey, time: Timestamp, signature: [UInt8]) {
    self.key = key
    self.time = time
    self.signature = signature
  }

  /// Cosigns a checkpoint's note text.
  public init(text: [UInt8], time: Timestamp, key: SigningKey) throws(LedgerError) {
    self.key = key.publicKey
    self.time = time
    signature = try key.sign(domain: [], message: Cosignature.message(timestamp: time.seconds, text: text))
  }

  init(_ wire: WireCosignature) throws(LedgerError) {
    guard wire.signature.count == 64 else { throw LedgerError(.malformed, "a signature has 64 bytes") }
    key = try PublicKey(Array(wire.key))
    time = try Timestamp(validating: wire.time)
    signature = Array(wire.signature)
  }

  var wire: WireCosignature {
    var wire = WireCosignature()
    wire.key = Data(key.bytes)
    wire.time = time.seconds
    wire.signature = Data(signature)
    return wire
  }

  /// Whether the signature is the key's over this note text at this time.
  public func verifies(text: [UInt8]) -> Bool {
    key.verifies(signature, domain: [], message: Cosignature.message(timestamp: time.seconds, text: text))
  }
}

/// The place a certificate speaks of: a size of the log and its root.
public struct LogHead: Hashable, Sendable {
  /// Number of entries.
  public let size: UInt64
  /// RFC 6962 root over them.
  public let root: Hash

  /// A head of a log.
  public init(size: UInt64, root: Hash) {
    self.size = size
    self.root = root
  }

  /// The note text of the checkpoint of an origin at this head.
  public func text(origin: String) -> [UInt8] {
    guard let checkpoint = try? Checkpoint(origin: Array(origin.utf8), size: size, root: root) else {
      preconditionFailure("a genesis has a valid origin, and a log fewer than 2^63 entries")
    }
    return checkpoint.text
  }
}

/// A quorum of cosignatures on one checkpoint: what makes a block final.
public struct Certificate: Hashable, Sendable {
  /// Exactly a quorum, sorted by key.
  public let cosignatures: [EndorserCosignature]

  /// Picks a certificate out of valid cosignatures: a quorum of those with the smallest keys.
  init?(choosing cosignatures: [EndorserCosignature], quorum: Int) {
    guard cosignatures.count >= quorum else { return nil }
    self.cosignatures = Array(cosignatures.sorted { $0.key < $1.key }.prefix(quorum))
  }

  /// Checks a certificate against the set that had to give it.
  ///
  /// - Parameter verified: cosignatures that the caller has verified for this very head already.
  /// - Throws: `certificate.invalid` unless it holds exactly a quorum of members, sorted by key and each
  ///   once, whose signatures verify for this head.
  public init(
    validating cosignatures: [EndorserCosignature], head: LogHead, origin: String, endorsers: EndorserSet,
    verified: [EndorserCosignature] = []
  ) throws(LedgerError) {
    guard cosignatures.count == endorsers.quorum else {
      throw LedgerError(
        .badCertificate, "\(cosignatures.count) cosignatures where exactly \(endorsers.quorum) are needed")
    }
    for (earlier, later) in zip(cosignatures, cosignatures.dropFirst()) where !(earlier.key < later.key) {
      throw LedgerError(.badCertificate, "cosignatures are not sorted by key, or one stands twice")
    }
    let text = head.text(origin: origin)
    for cosignature in cosignatures {
      guard endorsers.member(cosignKey: cosignature.key) != nil else {
        throw LedgerError(.badCertificate, "a cosignature of nobody in the set")
      }
      guard verified.contains(cosignature) || cosignature.verifies(text: text) else {
        throw LedgerError(.badCertificate, "a cosignature does not verify for size \(head.size)")
      }
    }
    self.cosignatures = cosignatures
  }

  /// The lower median of the cosignatures' times: nobody's word alone moves it past all others.
  public var time: Timestamp {
    let times = cosignatures.map(\.time).sorted()
    return times[(times.count - 1) / 2]
  }
}
