internal import Ledger
public import TransparencyLog

extension MutualAid {
  /// A juror steps back in the first half of the time to vote; another is drawn.
  mutating func recuse(_ wire: WireRecuse, sender: Address, at time: Timestamp) throws(LedgerError) {
    let (jury, seat) = try seat(wire.jury, wire.membership, sender)
    let opened = juries[jury].commitBy
    let contest = rules(of: cases[Int(juries[jury].caseOrdinal)]).contest
    guard time.adding(seconds: UInt64(contest.voteDays) * Timestamp.day / 2) < opened else {
      throw LedgerError(.wrongJuryPhase, "a juror steps back in the first half of the time to vote")
    }
    guard seats[seat].status == .drawn else { throw LedgerError(.seatDone, "she has voted or stepped back") }
    seats.update(seat) { $0.status = .recused }
    _ = seatNext(on: UInt32(jury), limit: contest.jurors, at: time)
  }

  /// A juror commits her vote, so that nobody votes after another.
  mutating func commitVote(_ wire: WireCommitVote, sender: Address, at time: Timestamp) throws(LedgerError) {
    let (jury, seat) = try seat(wire.jury, wire.membership, sender)
    guard let commitment = Hash(wire.commitment) else { throw LedgerError(.malformed, "a commitment has 32 bytes") }
    guard time < juries[jury].commitBy else { throw LedgerError(.wrongJuryPhase, "the time to vote is over") }
    guard seats[seat].status == .drawn else { throw LedgerError(.seatDone, "she has voted or stepped back") }
    seats.update(seat) { record in
      record.status = .committed
      record.commitment = commitment
    }
  }

  /// A juror opens her vote after the time to vote.
  mutating func revealVote(_ wire: WireRevealVote, sender: Address, at time: Timestamp) throws(LedgerError) {
    let (jury, seat) = try seat(wire.jury, wire.membership, sender)
    guard let salt = Hash(wire.salt) else { throw LedgerError(.malformed, "a salt has 32 bytes") }
    guard time >= juries[jury].commitBy else { throw LedgerError(.wrongJuryPhase, "votes are still committed") }
    guard seats[seat].status == .committed else { throw LedgerError(.seatDone, "nothing to open") }
    let opened = MutualAid.vote(jury: wire.jury, membership: wire.membership, approve: wire.approve, salt: salt)
    guard opened == seats[seat].commitment else { throw LedgerError(.wrongOpening, "not the vote committed") }
    seats.update(seat) { $0.status = wire.approve ? .approved : .rejected }
    juries.update(jury) { record in
      if wire.approve { record.approving += 1 } else { record.rejecting += 1 }
    }
  }

  /// What a juror commits: SHA-256(domain ‖ jury ‖ membership ‖ 1 for the case or 0 ‖ salt).
  public static func vote(jury: UInt32, membership: UInt32, approve: Bool, salt: Hash) -> Hash {
    var bytes = Domain.tag("jury-vote")
    bytes.append(bigEndian: jury)
    bytes.append(bigEndian: membership)
    bytes.append(approve ? 1 : 0)
    return .sha256(bytes + salt.bytes)
  }

  /// The seat of a member on a jury that votes.
  private func seat(_ jury: UInt32, _ member: UInt32, _ sender: Address) throws(LedgerError) -> (jury: Int, seat: Int) {
    guard Int(jury) < juries.count else { throw LedgerError(.unknownJury, "no jury \(jury)") }
    _ = try owned(member, by: sender)
    guard juries[Int(jury)].verdict == .open else { throw LedgerError(.wrongJuryPhase, "the jury is done") }
    guard let seat = seats(of: jury).first(where: { seats[$0].membership == member }) else {
      throw LedgerError(.notAJuror, "no seat on this jury")
    }
    return (Int(jury), seat)
  }
}
