internal import FoundationEssentials
internal import SwiftProtobuf

/// What an organisation must not forget once it has spoken.
public enum StoredRecord: Sendable {
  /// A batch it proposes; the same bytes are sent again, never others for the same sequence.
  case proposal(sequence: UInt64, [UInt8])
  /// A batch it is about to vote on.
  case batch(Batch)
  /// Its vote: once for each (epoch, sequence).
  case vote(SignedStatement)
  /// The quorum of votes behind its lock.
  case voteCertificate([SignedStatement])
  /// Its lock.
  case lock(SignedStatement)
  /// Its cosignature and log signature.
  case cosigned(CosignedCheckpoint)
}

extension StoredRecord {
  /// What kind of record it is, as a byte before its bytes in a journal.
  public enum Kind: UInt8, Sendable {
    /// See the cases of ``StoredRecord``.
    case proposal = 1
    case batch, vote, voteCertificate, lock, cosigned
  }

  /// The record's kind.
  public var kind: Kind {
    switch self {
    case .proposal: .proposal
    case .batch: .batch
    case .vote: .vote
    case .voteCertificate: .voteCertificate
    case .lock: .lock
    case .cosigned: .cosigned
    }
  }

  /// The bytes behind the kind.
  public func encoded() throws(LedgerError) -> [UInt8] {
    switch self {
    case .proposal(let sequence, let bytes):
      (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) } + bytes
    case .batch(let batch): batch.encoded()
    case .vote(let vote): try EndorsementMessage.vote(vote).encoded()
    case .lock(let lock): try EndorsementMessage.lock(lock).encoded()
    case .cosigned(let cosigned): try EndorsementMessage.cosigned(cosigned).encoded()
    case .voteCertificate(let votes):
      // The form in which a recovery report carries them.
      try encodedBytes(of: WireReport.with { $0.votes = votes.map(\.wire) })
    }
  }

  /// Reads a record; `encoding.malformed` and what its parts throw for bytes that are none.
  public init(kind: Kind, decoding bytes: [UInt8]) throws(LedgerError) {
    switch kind {
    case .proposal:
      guard bytes.count >= 8 else { throw LedgerError(.malformed, "a proposal without a sequence") }
      self = .proposal(sequence: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, Array(bytes.dropFirst(8)))
    case .batch: self = .batch(try Batch(decoding: bytes))
    case .vote:
      guard case .vote(let vote) = try EndorsementMessage(decoding: bytes) else { throw StoredRecord.malformed }
      self = .vote(vote)
    case .lock:
      guard case .lock(let lock) = try EndorsementMessage(decoding: bytes) else { throw StoredRecord.malformed }
      self = .lock(lock)
    case .cosigned:
      guard case .cosigned(let cosigned) = try EndorsementMessage(decoding: bytes) else {
        throw StoredRecord.malformed
      }
      self = .cosigned(cosigned)
    case .voteCertificate:
      guard let wire = try? WireReport(serializedBytes: bytes), wire.votes.count <= EndorserSet.maximumCount
      else { throw StoredRecord.malformed }
      var votes: [SignedStatement] = []
      for vote in wire.votes { votes.append(try SignedStatement(vote)) }
      self = .voteCertificate(votes)
    }
  }

  private static var malformed: LedgerError { LedgerError(.malformed, "not a stored record of its kind") }

  /// The sequence it is about.
  public var sequence: UInt64? {
    switch self {
    case .proposal(let sequence, _): sequence
    case .batch(let batch): batch.header.sequence
    case .voteCertificate(let votes): votes.first?.statement.sequence
    case .vote, .lock, .cosigned: statement?.sequence
    }
  }

  /// The statement it binds the organisation to, if any.
  var statement: Statement? {
    switch self {
    case .vote(let signed), .lock(let signed): signed.statement
    case .cosigned(let cosigned): cosigned.statement
    case .proposal, .batch, .voteCertificate: nil
    }
  }
}
