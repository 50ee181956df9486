internal import TransparencyLog

/// The block in flight: executed here, not yet certified.
///
/// The stages follow each other and never go back:
/// voted → locked (on a quorum of equal votes) → cosigned (on a quorum of locks) → certified.
struct Flight<App: Application>: Sendable {
  enum Stage: Sendable {
    case voted, locked, cosigned
  }

  let block: ExecutedBlock<App>
  let statement: Statement
  /// The note text of the checkpoint after the block.
  let text: [UInt8]
  private(set) var stage = Stage.voted
  /// First vote, lock and cosignature of each member, in the order of arrival.
  private(set) var votes: [SignedStatement] = []
  private(set) var locks: [SignedStatement] = []
  private(set) var cosigned: [CosignedCheckpoint] = []
  /// Certificates others sent for this sequence, not looked at yet.
  var claims: [CertifiedCheckpoint] = []

  init(_ block: ExecutedBlock<App>, statement: Statement, origin: String) {
    self.block = block
    self.statement = statement
    text = block.head.text(origin: origin)
  }

  /// Notes a member's vote, unless it spoke before or a quorum agreed already.
  ///
  /// Two quorums share an honest member, who votes once: after one agreed no other can, so later votes
  /// decide nothing and are not worth a verification. The same holds for locks.
  mutating func note(vote: SignedStatement) {
    guard stage == .voted else { return }
    if votes.contains(where: { $0.key == vote.key }) || !vote.verifies(domain: Domain.vote) { return }
    votes.append(vote)
  }

  /// Notes a member's lock, unless it spoke before or a quorum of locks stands.
  mutating func note(lock: SignedStatement) {
    guard stage != .cosigned else { return }
    if locks.contains(where: { $0.key == lock.key }) || !lock.verifies(domain: Domain.lock) { return }
    locks.append(lock)
  }

  /// Notes a member's cosignature, unless it is known or for another head.
  mutating func note(cosigned message: CosignedCheckpoint) {
    if cosigned.contains(where: { $0.cosignature.key == message.cosignature.key }) { return }
    guard message.cosignature.verifies(text: text), message.logSignature.verifies(text: text) else { return }
    cosigned.append(message)
  }

  mutating func add(ownVote vote: SignedStatement) {
    votes.append(vote)
  }

  mutating func add(ownLock lock: SignedStatement) {
    locks.append(lock)
    stage = .locked
  }

  mutating func add(ownCosignature message: CosignedCheckpoint) {
    cosigned.append(message)
    stage = .cosigned
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
