extension CaseRecord {
  /// Where a case is in its life. The ways between are ``transitions`` and no others.
  public enum Status: UInt8, Sendable, CaseIterable {
    /// Handed in; nobody looks into it yet.
    case filed = 1
    /// An organisation investigates it.
    case assigned = 2
    /// The investigator has reported; officers decide.
    case reported = 3
    /// Two organisations, or a jury, found that the convention covers it; its notice is next.
    case confirmed = 4
    /// Two organisations found that it does not. Final unless the owner appeals.
    case declined = 5
    /// In public notice.
    case noticed = 6
    /// Contested: waits for a jury to be drawn.
    case contested = 7
    /// A jury votes.
    case hearing = 8
    /// A jury found that the convention does not cover it. Final unless the owner appeals.
    case rejected = 9
    /// The notice ended and nothing stands against it.
    case decided = 10
    /// Shared by the members; the payout is due.
    case settled = 11
    /// The custodian paid all that was given. Final unless a payout comes back.
    case paid = 12
    /// Taken back by its owner. Final.
    case withdrawn = 13
  }

  /// What moves a case from one state to another.
  public enum Event: Sendable, CaseIterable {
    /// The platform hands it to an investigator.
    case assign
    /// The investigator reports.
    case report
    /// The second organisation approves.
    case approve
    /// The second organisation declines.
    case decline
    /// Its notice is published.
    case notice
    /// The objection that reaches the convention's number.
    case object
    /// Two organisations did not agree in time.
    case undecided
    /// The owner appeals.
    case appeal
    /// Organisations have revealed what a draw needs, and a jury is drawn.
    case draw
    /// Too few jurors voted, and another jury is to be drawn.
    case redraw
    /// The jury lets it stand.
    case uphold
    /// The jury refuses it.
    case reject
    /// Its notice ends.
    case conclude
    /// Its cost is shared.
    case settle
    /// The last of what is due is paid.
    case pay
    /// A payout comes back.
    case payoutReturned
    /// The owner takes it back.
    case withdraw
  }

  /// A legal way from one state to another.
  public struct Transition: Hashable, Sendable {
    /// What happens.
    public let event: Event
    /// The state before.
    public let from: Status
    /// The state after.
    public let to: Status
  }

  /// Every legal way; whatever is not here is refused with `case.wrong_state`.
  public static let transitions: [Transition] = [
    Transition(event: .assign, from: .filed, to: .assigned),
    Transition(event: .assign, from: .assigned, to: .assigned),
    Transition(event: .report, from: .assigned, to: .reported),
    Transition(event: .approve, from: .reported, to: .confirmed),
    Transition(event: .decline, from: .reported, to: .declined),
    Transition(event: .notice, from: .confirmed, to: .noticed),
    Transition(event: .conclude, from: .noticed, to: .decided),
    Transition(event: .object, from: .noticed, to: .contested),
    Transition(event: .undecided, from: .reported, to: .contested),
    Transition(event: .appeal, from: .declined, to: .contested),
    Transition(event: .appeal, from: .rejected, to: .contested),
    Transition(event: .draw, from: .contested, to: .hearing),
    Transition(event: .redraw, from: .hearing, to: .contested),
    Transition(event: .uphold, from: .contested, to: .confirmed),
    Transition(event: .uphold, from: .hearing, to: .confirmed),
    Transition(event: .reject, from: .contested, to: .rejected),
    Transition(event: .reject, from: .hearing, to: .rejected),
    Transition(event: .settle, from: .decided, to: .settled),
    Transition(event: .pay, from: .settled, to: .paid),
    Transition(event: .payoutReturned, from: .settled, to: .settled),
    Transition(event: .payoutReturned, from: .paid, to: .settled),
    Transition(event: .withdraw, from: .filed, to: .withdrawn),
    Transition(event: .withdraw, from: .assigned, to: .withdrawn),
    Transition(event: .withdraw, from: .reported, to: .withdrawn),
    Transition(event: .withdraw, from: .confirmed, to: .withdrawn),
    Transition(event: .withdraw, from: .noticed, to: .withdrawn),
    Transition(event: .withdraw, from: .contested, to: .withdrawn),
    Transition(event: .withdraw, from: .hearing, to: .withdrawn),
  ]
}

extension CaseRecord.Status {
  /// Whether something is still to be found out or shared; a case that is refused may come back by an appeal.
  public var isOpen: Bool {
    switch self {
    case .filed, .assigned, .reported, .confirmed, .noticed, .contested, .hearing, .decided: true
    case .declined, .rejected, .settled, .paid, .withdrawn: false
    }
  }

  /// The state after an event; `nil` where the event may not happen in this state.
  public func after(_ event: CaseRecord.Event) -> CaseRecord.Status? {
    CaseRecord.transitions.first { $0.event == event && $0.from == self }?.to
  }
}
