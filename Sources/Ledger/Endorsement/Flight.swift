internal import TransparencyLog

/// The block in flight: executed here, not yet certified.
///
/// The stages follow each other and never go back:
/// voted → locked (on a quorum of equal votes) → cosigned (on a quorum of locks) → certified.
struct Flight<App: Application>: Sendable {
  enum Stage: Int, Comparable, Sendable {
    case voted, locked, cosigned
    static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
  }

  let block: ExecutedBlock<App>
  let statement: Statement
  /// The note text of the checkpoint after the block.
  let text: [UInt8]
  var stage = Stage.voted
  /// First vote, lock and cosignature of each member, in the order of arrival.
  private(set) var votes: [SignedStatement] = []
  private(set) var locks: [SignedStatement] = []
  private(set) var cosigned: [CosignedCheckpoint] = []

  init(_ block: ExecutedBlock<App>, statement: Statement, origin: String) {
    self.block = block
    self.statement = statement
    text = block.head.text(origin: origin)
  }

  /// Notes a vote; false if it was known, or its signer spoke before.
  mutating func note(vote: SignedStatement) -> Bool {
    if votes.contains(where: { $0.key == vote.key }) || !vote.verifies(domain: Domain.vote) { return false }
    votes.append(vote)
    return true
  }

  /// Notes a lock; false if it was known, or its signer spoke before.
  mutating func note(lock: SignedStatement) -> Bool {
    if locks.contains(where: { $0.key == lock.key }) || !lock.verifies(domain: Domain.lock) { return false }
    locks.append(lock)
    return true
  }

  /// Notes a cosignature; false if it was known, or it is for another head.
  mutating func note(cosigned message: CosignedCheckpoint) -> Bool {
    if cosigned.contains(where: { $0.cosignature.key == message.cosignature.key }) { return false }
    guard message.cosignature.verifies(text: text), message.logSignature.verifies(text: text) else { return false }
    cosigned.append(message)
    return true
  }

  /// Votes for the statement this node made itself.
  var agreeingVotes: [SignedStatement] { votes.filter { $0.statement == statement } }
  /// Locks of the statement this node made itself.
  var agreeingLocks: [SignedStatement] { locks.filter { $0.statement == statement } }

  /// A statement other than ours that a quorum voted for; then this node computed something else.
  func dissent(quorum: Int) -> Statement? {
    for vote in votes where vote.statement != statement {
      if votes.count(where: { $0.statement == vote.statement }) >= quorum { return vote.statement }
    }
    return nil
  }
}
