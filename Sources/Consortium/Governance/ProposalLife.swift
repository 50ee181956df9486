internal import Ledger

/// Where a proposal is in its life.
public enum ProposalStatus: UInt8, Sendable, CaseIterable {
  /// Organisations vote.
  case voting = 1
  /// It is carried, and its timelock runs.
  case waiting = 2
  /// It was carried out.
  case executed = 3
  /// It could not be carried out any more; the record says why.
  case failed = 4
  /// So many voted against it that it cannot be carried.
  case rejected = 5
  /// Its time was over before enough had voted for it.
  case expired = 6
  /// The organisation that proposed it took it back.
  case withdrawn = 7

  /// Whether something can still happen to it.
  public var isOpen: Bool { ProposalLife.table.contains { $0.from == self } }
}

/// What happens to a proposal.
public enum ProposalEvent: UInt8, Sendable, CaseIterable {
  /// Enough organisations have voted for it.
  case carried
  /// So many have voted against it that the rest is too few.
  case defeated
  /// Block time has reached the end of voting.
  case deadline
  /// The organisation that proposed it takes it back.
  case withdrawal
  /// The timelock is over and the change can be made.
  case execution
  /// The timelock is over and the change cannot be made.
  case failure
}

/// Every way a proposal can go. The documentation and its drawing are made from this table.
public enum ProposalLife {
  /// One step.
  public struct Step: Hashable, Sendable {
    /// Before.
    public let from: ProposalStatus
    /// What happens.
    public let event: ProposalEvent
    /// After.
    public let to: ProposalStatus
    /// Who or what makes it happen.
    public let cause: String
  }

  /// All steps; whatever is not here cannot happen.
  public static let table: [Step] = [
    Step(from: .voting, event: .carried, to: .waiting, cause: "the vote that makes the threshold"),
    Step(from: .voting, event: .defeated, to: .rejected, cause: "the vote that leaves too few others"),
    Step(from: .voting, event: .deadline, to: .expired, cause: "a due step at the end of voting"),
    Step(from: .voting, event: .withdrawal, to: .withdrawn, cause: "the organisation that proposed it"),
    Step(from: .waiting, event: .execution, to: .executed, cause: "a due step at the end of the timelock"),
    Step(from: .waiting, event: .failure, to: .failed, cause: "the same, where the change no longer fits"),
  ]

  /// Where a proposal is after an event; `nil` where that event cannot happen.
  static func after(_ status: ProposalStatus, _ event: ProposalEvent) -> ProposalStatus? {
    table.first { $0.from == status && $0.event == event }?.to
  }

  /// What whoever votes for or takes back a proposal is told that is not open to that; `nil` while votes are taken.
  static func refusal(in status: ProposalStatus) -> LedgerError? {
    switch status {
    case .voting: nil
    case .expired: LedgerError(.votingOver, "its time is over")
    case .withdrawn: LedgerError(.proposalWithdrawn, "it was taken back")
    case .waiting, .executed, .failed, .rejected: LedgerError(.proposalClosed, "it is decided")
    }
  }
}
