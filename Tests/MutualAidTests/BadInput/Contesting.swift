import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Decisions, objections, appeals, draws and votes that the rules do not allow.
@Suite struct ContestTests {
  @Test("a bad step of a contest is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  static let cases = decisions + objections + appeals + draws + votes

  /// Something by the owner of a membership, after a lead.
  private static func by(
    _ membership: UInt32, _ what: String, _ code: ErrorCode,
    _ make: @escaping @Sendable (inout Village) throws -> Action
  ) -> BadCase {
    BadCase(what, code) { village in
      let action = try make(&village)
      return try village.sent(action, by: village.owner(of: membership))
    }
  }

  private static let decisions: [BadCase] = [
    BadCase("a case handed to a hospital", .unfitOrganisation) { village in
      try village.sent(MutualAid.assign(caseOrdinal: village.filed(0), to: 4), by: village.officer(.platform))
    },
    BadCase("a report of another investigator", .notAssigned) { village in
      let key = village.organisation(named: Village.otherInvestigator).officer
      return try village.sent(village.investigate(village.assigned(0)), by: key)
    },
    BadCase("an investigator that decides its own case", .ownInvestigation) { village in
      let other = village.organisation(named: Village.otherInvestigator)
      let number = try village.filed(0)
      try village.succeed(
        MutualAid.assign(caseOrdinal: number, to: other.ordinal), by: village.officer(.platform))
      try village.succeed(village.investigate(number), by: other.officer)
      return try village.sent(MutualAid.decide(caseOrdinal: number, approve: true), by: other.officer)
    },
    BadCase("one organisation that decides twice", .alreadyDecided) { village in
      let number = try village.reported(0)
      try village.succeed(MutualAid.decide(caseOrdinal: number, approve: true), by: village.officer(.platform))
      return try village.sent(MutualAid.decide(caseOrdinal: number, approve: true), by: village.officer(.platform))
    },
    BadCase("one organisation that changes its mind", .alreadyDecided) { village in
      let number = try village.reported(0)
      try village.succeed(MutualAid.decide(caseOrdinal: number, approve: false), by: village.officer(.auditor))
      return try village.sent(MutualAid.decide(caseOrdinal: number, approve: true), by: village.officer(.auditor))
    },
    BadCase("a payout returned that was never made", .badPayment) { village in
      let number = try village.settled(0)
      return try village.sent(
        MutualAid.returnPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        by: village.officer(.custodian))
    },
  ]

  private static let objections: [BadCase] = [
    by(4, "an objection by who never paid", .notCovering) { village in
      try village.objection(to: village.noticed(0), by: 4)
    },
    by(Village.calendarPayer, "an objection from another plan", .notCovering) { village in
      try village.objection(to: village.noticed(0), by: Village.calendarPayer)
    },
    by(0, "an objection to one's own case", .ownCase) { village in
      try village.objection(to: village.noticed(0), by: 0)
    },
    by(1, "a second objection in a year", .tooManyObjections) { village in
      _ = try village.contested(0)
      return try village.objection(to: village.noticed(2), by: 1)
    },
    by(1, "an objection to the same case again", .alreadyObjected) { village in
      try village.objection(to: village.noticedAnew(), by: 1)
    },
    by(2, "an objection to a case that a jury has heard", .alreadyHeard) { village in
      try village.objection(to: village.noticedAnew(), by: 2)
    },
  ]

  private static let appeals: [BadCase] = [
    by(0, "an appeal when its time is over", .appealTooLate) { village in
      let number = try village.confirmed(0, approve: false)
      village.chain.advance(days: 31)
      try village.chain.block()
      return try MutualAid.appeal(caseOrdinal: number, evidence: .reference)
    },
    by(0, "a second appeal", .alreadyAppealed) { village in
      // Nobody is ready to judge, so that the refusal stands.
      for organisation in village.chain.network.organisations.prefix(2) {
        try village.succeed(
          MutualAid.commitDice(tip: village.dice(UInt64(organisation.ordinal)).tip), by: organisation.officer)
      }
      let number = try village.confirmed(0, approve: false)
      let appeal = try MutualAid.appeal(caseOrdinal: number, evidence: .reference)
      try village.succeed(appeal, by: village.owner(of: 0))
      try village.draw(0)
      return appeal
    },
    by(0, "an appeal beside another case", .caseOpen) { village in
      let number = try village.confirmed(0, approve: false)
      _ = try village.filed(0)
      return try MutualAid.appeal(caseOrdinal: number, evidence: .reference)
    },
  ]

  /// A preimage that an organisation of the first two reveals for draw 0.
  private static func revealing(
    _ what: String, _ code: ErrorCode, organisation: Int = 0, draw: UInt32 = 0, after revealed: Int = 0,
    _ lead: @escaping @Sendable (inout Village) throws -> Void
  ) -> BadCase {
    BadCase(what, code) { village in
      try lead(&village)
      let preimage = village.dice(UInt64(organisation)).preimage(after: revealed) ?? .zero
      return try village.sent(
        MutualAid.revealDice(draw: draw, preimage: preimage),
        by: village.chain.network.organisations[organisation].officer)
    }
  }

  private static let draws: [BadCase] = [
    revealing("a preimage when no draw is open", .noOpenDraw) { try $0.ready() },
    revealing("a preimage for another draw", .noOpenDraw, draw: 1) { village in
      try village.ready()
      _ = try village.contested(0)
    },
    revealing("a preimage of an organisation without a chain", .noDice, organisation: 2) { village in
      try village.ready()
      _ = try village.contested(0)
    },
    revealing("a second preimage for one draw", .noDice, after: 1) { village in
      try village.ready()
      _ = try village.contested(0)
      guard let preimage = village.dice(0).preimage(after: 0) else { return }
      try village.succeed(
        MutualAid.revealDice(draw: 0, preimage: preimage), by: village.chain.network.organisations[0].officer)
    },
    revealing("a preimage that is not the next", .wrongPreimage, after: 1) { village in
      try village.ready()
      _ = try village.contested(0)
    },
    BadCase("a chain changed while a draw waits for it", .drawIsOpen) { village in
      try village.ready()
      _ = try village.contested(0)
      return try village.sent(MutualAid.commitDice(tip: .reference), by: village.officer(.platform))
    },
    revealing("a preimage of a chain committed after the draw opened", .noDice, organisation: 4) { village in
      try village.ready()
      _ = try village.contested(0)
      try village.succeed(MutualAid.commitDice(tip: village.dice(4).tip), by: village.officer(.hospital))
    },
    by(2, "a volunteer twice", .volunteerUnchanged) { village in
      try village.ready()
      return try MutualAid.volunteer(membership: 2)
    },
    by(1, "no longer ready who never was", .volunteerUnchanged) { _ in
      try MutualAid.volunteer(membership: 1, ready: false)
    },
    by(4, "a volunteer without a balance", .notCovering) { _ in try MutualAid.volunteer(membership: 4) },
  ]

  private static let votes: [BadCase] = [
    by(2, "a vote on no jury", .unknownJury) { village in try village.vote(of: 2, on: 7) },
    by(1, "a vote of a member who is no juror", .notAJuror) { village in
      _ = try village.heard(0)
      return try village.vote(of: 1)
    },
    by(2, "a vote twice", .seatDone) { village in
      _ = try village.heard(0)
      try village.succeed(village.vote(of: 2), by: village.owner(of: 2))
      return try village.vote(of: 2, approve: false)
    },
    by(2, "a vote of who stepped back", .seatDone) { village in
      _ = try village.heard(0)
      try village.succeed(MutualAid.recuse(jury: 0, membership: 2), by: village.owner(of: 2))
      return try village.vote(of: 2)
    },
    by(2, "a vote after the time to vote", .wrongJuryPhase) { village in
      _ = try village.heard(0)
      village.chain.advance(days: 3)
      try village.chain.block()
      return try village.vote(of: 2)
    },
    by(2, "a vote after the jury's time", .wrongJuryPhase) { village in
      _ = try village.heard(0)
      village.chain.advance(days: 4)
      try village.chain.block()
      return try village.vote(of: 2)
    },
    by(2, "stepping back in the second half", .wrongJuryPhase) { village in
      _ = try village.heard(0)
      village.chain.advance(days: 2)
      try village.chain.block()
      return try MutualAid.recuse(jury: 0, membership: 2)
    },
    by(2, "a vote opened while others vote", .wrongJuryPhase) { village in
      _ = try village.heard(0)
      try village.succeed(village.vote(of: 2), by: village.owner(of: 2))
      return try village.opening(of: 2)
    },
    by(2, "another vote opened than was committed", .wrongOpening) { village in
      _ = try village.heard(0)
      try village.succeed(village.vote(of: 2), by: village.owner(of: 2))
      village.chain.advance(days: 3)
      try village.chain.block()
      return try village.opening(of: 2, approve: false)
    },
  ]
}

extension Village {
  /// A case of membership 0 that a jury let stand, in its second notice.
  fileprivate mutating func noticedAnew() throws -> UInt32 {
    let number = try heard(0)
    try judge(approve: true)
    try succeed(MutualAid.publishNotice(caseOrdinal: number), by: officer(.platform))
    return number
  }
}
