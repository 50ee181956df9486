internal import FoundationEssentials
public import Ledger
internal import SwiftProtobuf
internal import TransparencyLog

extension Consortium {
  /// The change that an action of this contract proposes; `nil` where it proposes none or does not read.
  public static func proposedChange(_ action: Action) -> Change? {
    guard action.kind == ConsortiumAction.propose.rawValue else { return nil }
    return try? Change(content: action.payload)
  }

  /// An organisation proposes a change. Where it endorses it votes for it with that.
  mutating func propose(_ content: [UInt8], sender: Address, at time: Timestamp) throws(LedgerError) {
    let organisation = try requireDelegate(sender)
    let change = try Change(content: content)
    try check(change, at: time)
    var governance = boxed.wrapped
    let limit = Int(governance.parameters[0].parameters.openProposals)
    guard open.count(where: { governance.proposals[Int($0)].organisation == organisation }) < limit else {
      throw LedgerError(.tooManyProposals, "\(limit) proposals of this organisation are open")
    }
    let ordinal = UInt32(governance.proposals.count)
    let rule = governance.rule(change.kind)
    governance.proposals.append(
      ProposalRecord(
        kind: change.kind, organisation: organisation, length: UInt32(content.count),
        firstPage: UInt32(governance.pages.count), content: .sha256(content), proposedAt: time,
        votingEnds: time.adding(seconds: UInt64(rule.votingSeconds))))
    governance.pages.append(text: content)
    boxed = .value(governance)
    open.append(ordinal)
    if endorses(organisation) {
      note(vote: true, on: ordinal, by: organisation, officer: sender, at: time)
    } else {
      reschedule()
    }
  }

  /// An organisation votes, once.
  mutating func vote(_ payload: [UInt8], sender: Address, at time: Timestamp) throws(LedgerError) {
    let organisation = try requireDelegate(sender)
    guard let wire = try? WireVote(serializedBytes: payload), let content = Hash(wire.content) else {
      throw LedgerError(.malformed, "not a vote")
    }
    let record = try proposal(wire.proposal)
    if let refusal = ProposalLife.refusal(in: record.status) { throw refusal }
    // A block may run fewer due steps than are due.
    guard time < record.votingEnds else { throw LedgerError(.votingOver, "its time is over") }
    guard content == record.content else { throw LedgerError(.wrongContent, "a vote for something else") }
    guard endorses(organisation) else { throw LedgerError(.noElector, "who does not endorse does not decide") }
    guard !record.ayes.contains(UInt32(organisation)), !record.noes.contains(UInt32(organisation)) else {
      throw LedgerError(.alreadyVoted, "the organisation has voted")
    }
    note(vote: wire.approve, on: wire.proposal, by: organisation, officer: sender, at: time)
  }

  /// The organisation that proposed takes it back.
  mutating func withdraw(_ payload: [UInt8], sender: Address, at time: Timestamp) throws(LedgerError) {
    let organisation = try requireDelegate(sender)
    guard let wire = try? WireWithdraw(serializedBytes: payload) else {
      throw LedgerError(.malformed, "not a withdrawal")
    }
    let record = try proposal(wire.proposal)
    guard record.organisation == organisation else {
      throw LedgerError(.notTheProposer, "another organisation proposed it")
    }
    if let refusal = ProposalLife.refusal(in: record.status) { throw refusal }
    step(wire.proposal, .withdrawal, at: time)
  }

  private func proposal(_ ordinal: UInt32) throws(LedgerError) -> ProposalRecord {
    let proposals = boxed.wrapped.proposals
    guard Int(ordinal) < proposals.count else { throw LedgerError(.unknownProposal, "no proposal \(ordinal)") }
    return proposals[Int(ordinal)]
  }

  private func endorses(_ organisation: UInt16) -> Bool { organisations[Int(organisation)].isEndorser }

  /// Notes a vote and looks whether it decides.
  private mutating func note(
    vote approves: Bool, on ordinal: UInt32, by organisation: UInt16, officer: Address, at time: Timestamp
  ) {
    var governance = boxed.wrapped
    governance.votes.append(
      VoteRecord(
        proposal: ordinal, organisation: organisation, approves: approves, officer: officer, time: time))
    governance.proposals.update(Int(ordinal)) { record in
      if approves { record.ayes.insert(organisation) } else { record.noes.insert(organisation) }
    }
    boxed = .value(governance)
    count(ordinal, at: time)
  }

  /// Counts the votes of those that endorse now, n among them that are suspended.
  private mutating func count(_ ordinal: UInt32, at time: Timestamp) {
    let record = boxed.wrapped.proposals[Int(ordinal)]
    var (count, ayes, noes) = (0, 0, 0)
    for number in 0..<organisations.count where endorses(UInt16(number)) {
      guard organisations[number].standing != .removed else { continue }
      count += 1
      ayes += record.ayes.contains(UInt32(number)) ? 1 : 0
      noes += record.noes.contains(UInt32(number)) ? 1 : 0
    }
    let needed = boxed.wrapped.rule(record.kind).needed(of: count)
    if ayes >= needed {
      step(ordinal, .carried, at: time)
    } else if count - noes < needed {
      step(ordinal, .defeated, at: time)
    } else {
      reschedule()
    }
  }

  /// One step of a proposal's life.
  ///
  /// - Parameter failure: why it failed.
  mutating func step(_ ordinal: UInt32, _ event: ProposalEvent, at time: Timestamp, failure: ErrorCode? = nil) {
    var governance = boxed.wrapped
    let record = governance.proposals[Int(ordinal)]
    guard let next = ProposalLife.after(record.status, event) else { preconditionFailure("the table has no such step") }
    let timelock = UInt64(governance.rule(record.kind).timelockSeconds)
    governance.proposals.update(Int(ordinal)) { record in
      record.status = next
      record.failure = failure?.number ?? 0
      if next == .waiting { record.executesAt = time.adding(seconds: timelock) }
      if !next.isOpen { record.closedAt = time }
    }
    boxed = .value(governance)
    if !next.isOpen { open.removeAll { $0 == ordinal } }
    reschedule()
  }
}

extension Consortium {
  /// A step of a proposal that is due, in the order (time, kind, ordinal).
  private struct Due: Comparable {
    let time: Timestamp
    /// 0: the end of voting; 1: the end of the timelock.
    let kind: Int
    let ordinal: UInt32

    static func < (a: Due, b: Due) -> Bool { (a.time, a.kind, a.ordinal) < (b.time, b.kind, b.ordinal) }
  }

  private var firstDue: Due? {
    let proposals = boxed.wrapped.proposals
    return open.map { ordinal in
      let record = proposals[Int(ordinal)]
      return record.status == .voting
        ? Due(time: record.votingEnds, kind: 0, ordinal: ordinal)
        : Due(time: record.executesAt, kind: 1, ordinal: ordinal)
    }.min()
  }

  mutating func reschedule() { nextDue = open.isEmpty ? nil : firstDue?.time }

  /// Makes anew what is derived of proposals and pauses.
  mutating func reopen() {
    let governance = boxed.wrapped
    open = (0..<UInt32(governance.proposals.count)).filter { governance.proposals[Int($0)].status.isOpen }
    for ordinal in 0..<governance.pauses.count { index(governance.pauses[ordinal]) }
    reschedule()
  }

  /// Runs the first due step of a proposal.
  ///
  /// - Parameter carryOut: makes or refuses the part of a change that belongs to another contract; when it throws, it
  ///   has changed nothing.
  public mutating func runDueStep(
    at time: Timestamp, carryOut: (Change) throws(LedgerError) -> Void
  ) -> Bool {
    guard let due = firstDue, due.time <= time else { return false }
    guard due.kind == 1 else {
      step(due.ordinal, .deadline, at: time)
      return true
    }
    do throws(LedgerError) {
      let change = try Change(content: boxed.wrapped.content(of: Int(due.ordinal)))
      try check(change, at: time)
      try carryOut(change)
      make(change, proposal: due.ordinal, at: time)
      step(due.ordinal, .execution, at: time)
    } catch {
      step(due.ordinal, .failure, at: time, failure: error.code)
    }
    return true
  }
}
