import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Field checks and complaints that the rules do not allow.
@Suite struct CheckingTests {
  @Test("a bad field check or complaint is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  static let cases = checks + complaints

  private static func send(_ what: String, _ code: ErrorCode, to membership: UInt32, again: Bool = false) -> BadCase {
    BadCase(what, code) { village in
      try village.ready()
      try village.asked()
      if again {
        try village.succeed(MutualAid.sendFieldCheck(0, membership: membership), by: village.officer(.platform))
      }
      return try village.sent(MutualAid.sendFieldCheck(0, membership: membership), by: village.officer(.platform))
    }
  }

  private static let checks: [BadCase] = [
    BadCase("a check by another investigator", .notAssigned) { village in
      let number = try village.assigned(0)
      return try village.sent(
        MutualAid.askFieldCheck(caseOrdinal: number), by: village.organisation(named: Village.otherInvestigator).officer
      )
    },
    BadCase("a check of a case that was reported", .wrongCaseState) { village in
      let number = try village.reported(0)
      return try village.sent(MutualAid.askFieldCheck(caseOrdinal: number), by: village.officer(.investigator))
    },
    BadCase("a sixth check", .tooManyFieldChecks) { village in
      try village.asked(times: 5)
      return try village.sent(MutualAid.askFieldCheck(caseOrdinal: 0), by: village.officer(.investigator))
    },
    BadCase("a volunteer sent for no check", .unknownFieldCheck) { village in
      try village.sent(MutualAid.sendFieldCheck(0, membership: 2), by: village.officer(.platform))
    },
    send("who is not on the list", .unfitVolunteer, to: 1),
    send("the aided herself", .unfitVolunteer, to: 0),
    send("who was sent already", .unfitVolunteer, to: 2, again: true),
    send("a volunteer of another plan", .unfitVolunteer, to: Village.calendarPayer),
    send("nobody", .unknownMembership, to: 99),
    BadCase("a report of who was not sent", .notTheOwner) { village in
      try village.sentOut()
      return try village.sent(
        MutualAid.reportFieldCheck(0, agrees: true, report: .reference), by: village.owner(of: 1))
    },
    BadCase("a report before anybody was sent", .unknownFieldCheck) { village in
      try village.asked()
      return try village.sent(
        MutualAid.reportFieldCheck(0, agrees: true, report: .reference), by: village.owner(of: 2))
    },
    BadCase("a report twice", .wrongFieldCheckState) { village in
      try village.sentOut()
      let report = try MutualAid.reportFieldCheck(0, agrees: true, report: .reference)
      try village.succeed(report, by: village.owner(of: 2))
      return try village.sent(report, by: village.owner(of: 2))
    },
    BadCase("another sent after the report", .wrongFieldCheckState) { village in
      try village.sentOut()
      try village.succeed(
        MutualAid.reportFieldCheck(0, agrees: false, report: .reference), by: village.owner(of: 2))
      return try village.sent(MutualAid.sendFieldCheck(0, membership: Village.child), by: village.officer(.platform))
    },
    BadCase("a report after the investigator's", .wrongCaseState) { village in
      try village.sentOut()
      try village.succeed(village.investigate(0), by: village.officer(.investigator))
      return try village.sent(
        MutualAid.reportFieldCheck(0, agrees: true, report: .reference), by: village.owner(of: 2))
    },
  ]

  private static func complaint(
    _ what: String, _ code: ErrorCode, about: ComplaintRecord.Subject = .claim, ordinal: UInt32 = 0,
    by member: UInt32 = 0,
    _ lead: @escaping @Sendable (inout Village) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(what, code) { village in
      try lead(&village)
      return try village.sent(
        MutualAid.complain(membership: 0, about: about, ordinal: ordinal, reason: .slow, content: .reference),
        by: village.owner(of: member))
    }
  }

  private static let complaints: [BadCase] = [
    complaint("a complaint about no case", .unknownCase),
    complaint("a complaint about no membership", .unknownMembership, about: .membership, ordinal: 99),
    complaint("a complaint about no organisation", .unknownOrganisation, about: .organisation, ordinal: 99),
    complaint("a complaint in another's name", .notTheOwner, about: .organisation, by: 1),
    complaint("a fourth complaint", .tooManyComplaints, about: .organisation) { village in
      for ordinal: UInt32 in 0..<3 { try village.complain(ordinal) }
    },
    BadCase("a complaint about nothing there is", .malformed) { village in
      var wire = WireComplain()
      (wire.about, wire.reason, wire.content) = (4, 1, .init(Hash.reference.bytes))
      return try village.sent(MutualAid.action(.complain, wire), by: village.owner(of: 0))
    },
    BadCase("an answer to no complaint", .unknownComplaint) { village in
      try village.sent(MutualAid.answer(complaint: 0, with: .reference), by: village.officer(.platform))
    },
    BadCase("an answer of another organisation", .notConcerned) { village in
      try village.complain(1)
      return try village.sent(MutualAid.answer(complaint: 0, with: .reference), by: village.officer(.hospital))
    },
    BadCase("a second answer", .complaintAnswered) { village in
      try village.complain(1)
      try village.succeed(MutualAid.answer(complaint: 0, with: .reference), by: village.officer(.custodian))
      return try village.sent(MutualAid.answer(complaint: 0, with: .reference), by: village.officer(.platform))
    },
  ]

  @Test("a volunteer's report stands beside the case, and she does not judge it")
  func checked() throws {
    var village = try Village.fresh()
    try village.sentOut()
    try village.succeed(
      MutualAid.reportFieldCheck(0, agrees: false, report: .reference), by: village.owner(of: 2))
    let check = try #require(village.chain.state.fieldChecks(of: 0).first)
    #expect(check.status == .disagrees && check.membership == 3 && check.report == .reference)
    // Membership 2 and 3 are all the volunteers there are: without her no jury comes together.
    try village.succeed(village.investigate(0), by: village.officer(.investigator))
    for role in [Role.platform, .auditor] {
      try village.succeed(MutualAid.decide(caseOrdinal: 0, approve: true), by: village.officer(role))
    }
    try village.succeed(MutualAid.publishNotice(caseOrdinal: 0), by: village.officer(.platform))
    try village.succeed(village.objection(to: 0, by: 1), by: village.owner(of: 1))
    try village.draw(0)
    #expect(village.chain.state.juries[0].verdict == .noQuorum)
    #expect(village.chain.state.seats(of: 0).count == 1)
  }

  @Test("what is open is counted, and an answer makes room")
  func answered() throws {
    var village = try Village.fresh()
    for ordinal: UInt32 in 0..<3 { try village.complain(ordinal) }
    #expect(village.chain.state.openComplaints == [0, 1, 2])
    #expect(village.chain.state.complaints[1].concerned == 1)
    try village.succeed(MutualAid.answer(complaint: 1, with: .reference), by: village.officer(.platform))
    #expect(village.chain.state.openComplaints == [0, 2])
    #expect(village.chain.state.complaints[1].answeredBy == 1)
    try village.complain(3)
    #expect(village.chain.state.openComplaints == [0, 2, 3])
  }
}

extension Village {
  /// Membership 0 complains about an organisation.
  mutating func complain(_ organisation: UInt32) throws {
    try succeed(
      MutualAid.complain(
        membership: 0, about: .organisation, ordinal: organisation, reason: .conduct, content: .reference),
      by: owner(of: 0))
  }

  /// The investigator asks for checks of a case of membership 0.
  mutating func asked(times: Int = 1) throws {
    let number = try assigned(0)
    for _ in 0..<times { try succeed(MutualAid.askFieldCheck(caseOrdinal: number), by: officer(.investigator)) }
  }

  /// The same, and membership 2 is sent.
  mutating func sentOut() throws {
    try ready()
    try asked()
    try succeed(MutualAid.sendFieldCheck(0, membership: 2), by: officer(.platform))
  }
}
