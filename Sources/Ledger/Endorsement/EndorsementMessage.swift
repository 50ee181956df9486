internal import FoundationEssentials
internal import SwiftProtobuf
internal import TransparencyLog

/// A log signature under the origin, by one organisation's log key.
public struct LogSignature: Hashable, Sendable {
  /// The log key.
  public let key: PublicKey
  /// 64 bytes over the checkpoint's note text.
  public let signature: [UInt8]

  /// Signs a checkpoint's note text.
  public init(text: [UInt8], key: SigningKey) throws(LedgerError) {
    self.key = key.publicKey
    signature = try key.sign(domain: [], message: text)
  }

  init(key: Data, signature: Data) throws(LedgerError) {
    guard signature.count == 64 else { throw LedgerError(.malformed, "a signature has 64 bytes") }
    self.key = try PublicKey(Array(key))
    self.signature = Array(signature)
  }

  /// Whether the signature is the key's over this note text.
  public func verifies(text: [UInt8]) -> Bool { key.verifies(signature, domain: [], message: text) }
}

/// A member's cosignature and log signature on the checkpoint after a statement's block.
public struct CosignedCheckpoint: Hashable, Sendable {
  /// The block it is about.
  public let statement: Statement
  /// The cosignature.
  public let cosignature: EndorserCosignature
  /// The log signature.
  public let logSignature: LogSignature
}

/// A final checkpoint, for those who missed its messages.
public struct CertifiedCheckpoint: Hashable, Sendable {
  /// The block it is about.
  public let statement: Statement
  /// The certificate's cosignatures.
  public let cosignatures: [EndorserCosignature]
  /// Log signatures gathered so far.
  public let logSignatures: [LogSignature]
}

/// What organisations say to each other about the block in flight.
public enum EndorsementMessage: Hashable, Sendable {
  /// "I stored and executed this batch, and this is the log."
  case vote(SignedStatement)
  /// "I hold a quorum of equal votes."
  case lock(SignedStatement)
  /// "I hold a quorum of locks."
  case cosigned(CosignedCheckpoint)
  /// "This is final."
  case certified(CertifiedCheckpoint)

  /// The statement it is about.
  public var statement: Statement {
    switch self {
    case .vote(let signed), .lock(let signed): signed.statement
    case .cosigned(let cosigned): cosigned.statement
    case .certified(let certified): certified.statement
    }
  }
}

extension EndorsementMessage {
  /// The most bytes of a message that is read.
  public static let maximumBytes = 64 * 1024

  /// Reads a message; `encoding.malformed` or `key.unacceptable` for what is none. Signatures are not
  /// checked here.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= EndorsementMessage.maximumBytes, let wire = try? WireEndorsement(serializedBytes: bytes)
    else { throw LedgerError(.malformed, "not an endorsement message") }
    switch wire.message {
    case .vote(let signed): self = .vote(try SignedStatement(signed))
    case .lock(let signed): self = .lock(try SignedStatement(signed))
    case .cosigned(let cosigned):
      self = .cosigned(
        CosignedCheckpoint(
          statement: try Statement(message: cosigned.statement),
          cosignature: try EndorserCosignature(cosigned.cosignature),
          logSignature: try LogSignature(key: cosigned.logKey, signature: cosigned.logSignature)))
    case .certified(let certified):
      guard max(certified.cosignatures.count, certified.logSignatures.count) <= EndorserSet.maximumCount else {
        throw LedgerError(.malformed, "more signatures than a set has members")
      }
      var cosignatures: [EndorserCosignature] = []
      for cosignature in certified.cosignatures { cosignatures.append(try EndorserCosignature(cosignature)) }
      var logSignatures: [LogSignature] = []
      for signature in certified.logSignatures {
        logSignatures.append(try LogSignature(key: signature.key, signature: signature.signature))
      }
      self = .certified(
        CertifiedCheckpoint(
          statement: try Statement(message: certified.statement), cosignatures: cosignatures,
          logSignatures: logSignatures))
    case .report, nil: throw LedgerError(.malformed, "a message of a kind this version does not act on")
    }
  }

  /// The bytes of a message.
  public func encoded() throws(LedgerError) -> [UInt8] {
    var wire = WireEndorsement()
    switch self {
    case .vote(let signed): wire.vote = signed.wire
    case .lock(let signed): wire.lock = signed.wire
    case .cosigned(let cosigned):
      wire.cosigned.statement = Data(cosigned.statement.canonicalBytes)
      wire.cosigned.cosignature = cosigned.cosignature.wire
      wire.cosigned.logKey = Data(cosigned.logSignature.key.bytes)
      wire.cosigned.logSignature = Data(cosigned.logSignature.signature)
    case .certified(let certified):
      wire.certified.statement = Data(certified.statement.canonicalBytes)
      wire.certified.cosignatures = certified.cosignatures.map(\.wire)
      wire.certified.logSignatures = certified.logSignatures.map { signature in
        var wire = WireLogSignature()
        wire.key = Data(signature.key.bytes)
        wire.signature = Data(signature.signature)
        return wire
      }
    }
    return try encodedBytes(of: wire)
  }
}
