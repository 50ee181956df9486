import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// The table of a case's states: nothing but what it says can happen, and the documentation says the same.
@Suite struct TransitionTests {
  /// A village with a case of membership 0 in each state, and the case.
  private static func village(_ status: CaseRecord.Status) throws -> (Village, UInt32) {
    var village = try Village.fresh()
    let number: UInt32
    switch status {
    case .filed: number = try village.filed(0)
    case .assigned: number = try village.assigned(0)
    case .reported: number = try village.reported(0)
    case .confirmed: number = try village.confirmed(0)
    case .declined: number = try village.confirmed(0, approve: false)
    case .noticed: number = try village.noticed(0)
    case .contested: number = try village.contested(0)
    case .hearing: number = try village.heard(0)
    case .rejected:
      number = try village.heard(0)
      try village.judge(approve: false)
    case .decided:
      // Between the end of a notice and its debit lies no block: only the state is set.
      number = try village.noticed(0)
    case .settled: number = try village.settled(0)
    case .paid:
      number = try village.settled(0)
      let due = village.chain.state.cases[Int(number)].given
      try village.succeed(
        MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(micro: due), reference: .reference),
        by: village.officer(.custodian))
    case .withdrawn:
      number = try village.filed(0)
      try village.succeed(MutualAid.withdrawCase(number), by: village.owner(of: 0))
    }
    return (village, number)
  }

  /// What a sender does to bring an event about; `nil` for what happens by itself.
  private static func action(_ event: CaseRecord.Event, _ number: UInt32, _ village: Village) throws -> (
    Action, SigningKey
  )? {
    let officer = village.officer
    return switch event {
    case .assign: (try MutualAid.assign(caseOrdinal: number, to: 3), officer(.platform))
    case .report: (try village.investigate(number), officer(.investigator))
    case .approve: (try MutualAid.decide(caseOrdinal: number, approve: true), officer(.charity))
    case .decline: (try MutualAid.decide(caseOrdinal: number, approve: false), officer(.charity))
    case .notice: (try MutualAid.publishNotice(caseOrdinal: number), officer(.platform))
    case .object: (try village.objection(to: number, by: 2), try village.owner(of: 2))
    case .appeal: (try MutualAid.appeal(caseOrdinal: number, evidence: .reference), try village.owner(of: 0))
    case .pay:
      (
        try MutualAid.confirmPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        officer(.custodian)
      )
    case .payoutReturned:
      (
        try MutualAid.returnPayout(caseOrdinal: number, amount: Amount(yuan: 1), reference: .reference),
        officer(.custodian)
      )
    case .withdraw: (try MutualAid.withdrawCase(number), try village.owner(of: 0))
    case .undecided, .draw, .redraw, .uphold, .reject, .conclude, .settle: nil
    }
  }

  @Test("what the table does not have is refused in every state", arguments: CaseRecord.Status.allCases)
  func illegal(_ status: CaseRecord.Status) throws {
    guard status != .decided else { return }
    let (village, number) = try TransitionTests.village(status)
    #expect(village.chain.state.cases[Int(number)].status == status)
    var tried = 0
    for event in CaseRecord.Event.allCases where status.after(event) == nil {
      guard let (action, key) = try TransitionTests.action(event, number, village) else { continue }
      var copy = village
      try expectRefused(copy.sent(action, by: key), on: village.chain, code: .wrongCaseState)
      tried += 1
    }
    #expect(tried >= 7)
  }

  @Test("every state can be reached and every event happens somewhere")
  func isComplete() {
    let reached = Set(CaseRecord.transitions.map(\.to)).union([.filed])
    #expect(reached.count == CaseRecord.Status.allCases.count)
    #expect(Set(CaseRecord.transitions.map(\.event)).count == CaseRecord.Event.allCases.count)
    let ways = CaseRecord.transitions.map { "\($0.event) \($0.from)" }
    #expect(Set(ways).count == ways.count)
  }

  @Test("docs/claims.md has the table and the drawing of the code")
  func documented() throws {
    var lines = ["| state | what happens | next state |", "|---|---|---|"]
    lines += CaseRecord.transitions.map { "| \($0.from) | \($0.event) | \($0.to) |" }
    lines += ["", "```mermaid", "stateDiagram-v2", "  [*] --> filed"]
    lines += CaseRecord.transitions.map { "  \($0.from) --> \($0.to): \($0.event)" }
    try DocumentPart(page: "claims.md", name: "ways").check(lines + ["```"])
  }
}
