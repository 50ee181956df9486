internal import TransparencyLog

/// The private keys of an endorsing organisation. One key, one purpose.
public struct OrganisationKeys: Sendable {
  /// Votes, locks and headers.
  public let vote: SigningKey
  /// Cosignatures.
  public let cosign: SigningKey
  /// Log signatures.
  public let log: SigningKey

  /// Three keys.
  public init(vote: SigningKey, cosign: SigningKey, log: SigningKey) {
    self.vote = vote
    self.cosign = cosign
    self.log = log
  }

  /// The public halves.
  public var publicKeys: EndorserKeys {
    EndorserKeys(vote: vote.publicKey, cosign: cosign.publicKey, log: log.publicKey)
  }
}

/// A transaction handed in, with all that can be known of its entries without the state.
///
/// An object, so that it moves through inbox, pool and proposal as one reference.
public final class Submission: Sendable {
  /// The transaction.
  public let transaction: VerifiedTransaction
  /// The entries that carry it and its rows.
  public let entries: [[UInt8]]
  let leaf: Hash
  /// Items and leaf hashes of the rows; mostly there are none.
  let rows: [(item: PreparedBatch.Item, leaf: Hash)]
  let byteCount: Int
  /// The bytes its entries take in a batch at most, with what frames each.
  let framedByteCount: Int

  /// Unpacks and hashes the entries: a pure function, best called where it holds up nobody.
  public init(_ transaction: VerifiedTransaction, entries: [[UInt8]]) {
    self.transaction = transaction
    self.entries = entries
    precondition(!entries.isEmpty, "a transaction has an entry")
    leaf = Hash.leaf(entries[0])
    rows = entries.dropFirst().map { (.rows(RowEntries.unpack($0)), Hash.leaf($0)) }
    byteCount = entries.reduce(0) { $0 + $1.count }
    framedByteCount = byteCount + 8 * entries.count
  }
}

/// What reaches a participant.
public enum Event: Sendable {
  /// A transaction was handed in.
  case submitted(Submission)
  /// The ordering engine's value at a sequence; `nil` for bytes that are no batch.
  case ordered(sequence: UInt64, PreparedBatch?)
  /// Another organisation's message.
  case received(EndorsementMessage)
  /// Time passes; sent every second or so.
  case tick
}

/// What a participant wants done, in this order. Whatever follows a `store` waits until it is durable.
public enum Effect<App: Application>: Sendable {
  /// Tell the sender that this will not be proposed.
  case refuse(TransactionID, LedgerError)
  /// Append a batch at a sequence if that is free; sent again with the same bytes until it is ordered.
  case append(sequence: UInt64, [UInt8])
  /// Read the ordering engine's values from this sequence on: a doorbell may have been missed. What is
  /// found comes back as `Event.ordered`; nothing comes back for a sequence that is still free.
  case read(from: UInt64)
  /// Keep this on disk.
  case store(StoredRecord)
  /// Send to every other organisation.
  case broadcast(EndorsementMessage)
  /// Send to one organisation.
  case send(to: UInt32, EndorsementMessage)
  /// The block is final: publish it.
  case publish(CertifiedBlock<App>)
  /// A quorum computed something else: this organisation stops and a person looks.
  case diverged(ours: Statement, theirs: Statement)
}

/// A final block with what proves it.
public struct CertifiedBlock<App: Application>: Sendable {
  /// The block and the state after it.
  public let block: ExecutedBlock<App>
  /// The quorum on its checkpoint.
  public let certificate: Certificate
  /// Log signatures by members of the set, its own among them if it is one. Empty only for a participant
  /// outside the set that learned from the next batch that the block is final.
  public let logSignatures: [LogSignature]
}
