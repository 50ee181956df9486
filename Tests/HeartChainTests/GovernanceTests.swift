import Consortium
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// Rates and the formula change by proposal only.
@Suite struct HeartGovernanceTests {
  private static func propose(_ change: Change, _ village: inout Village) throws -> ErrorCode {
    try village.perform(Consortium.propose(change), by: Village.officer(.platform)).code
  }

  @Test func aCarriedProposalChangesRatesForWhatIsGivenAfterIt() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    var rice = Village.Kind.rice.record
    rice.hearts = 2000
    var formula = FormulaRecord()
    formula.giftPoints = 5
    let change = try Hearts.change(kinds: [(1, rice), (7, Village.Kind.milk.record)], formula: formula)
    #expect(try HeartGovernanceTests.propose(change, &village) == .success)
    let proposal = village.app.consortium.governance.proposals[0]
    let before = village.time
    #expect(try village.tell(.food, [.gift(.rice, 100, project: 0, at: before, from: 1)]) == [.success])
    #expect(proposal.status == .waiting)
    #expect(village.app.nextDue == proposal.executesAt)
    village.time = proposal.executesAt
    let ran = [village.app.runDueStep(at: village.time), village.app.runDueStep(at: village.time)]
    #expect(ran == [true, false])
    #expect(village.app.consortium.governance.proposals[0].status == .executed)
    let now = village.time
    #expect(try village.tell(.food, [.gift(.rice, 100, project: 0, at: now, from: 1)]) == [.success])
    #expect([village.hearts.gifts[0].hearts, village.hearts.gifts[1].hearts] == [100, 200])
    #expect(village.hearts.kinds.count == 8)
    #expect(village.hearts.formulas.count == 2)
    #expect(village.hearts.formula.giftPoints == 5)
    #expect(village.hearts.formula.since == now)
  }

  @Test func rulesOutsideTheirRangesAreNotProposed() throws {
    var village = try Village()
    var other = Village.Kind.rice.record
    other.name = .label("kind", 99)
    var steep = Village.Kind.rice.record
    steep.hearts = GiftKindRecord.maximumRate + 1
    var money = Village.Kind.money.record
    money.unit = .gram
    var rising = FormulaRecord()
    rising.weights[5] = 901
    var cheap = FormulaRecord()
    cheap.dayPoints = cheap.giftPoints - 1
    var unsorted = FormulaRecord()
    unsorted.thresholds[1] = 50
    let changes: [Change] = [
      try Hearts.change(kinds: [(1, other)]), try Hearts.change(kinds: [(9, Village.Kind.milk.record)]),
      try Hearts.change(kinds: [(7, steep)]), try Hearts.change(kinds: [(7, money)]),
      try Hearts.change(formula: rising), try Hearts.change(formula: cheap), try Hearts.change(formula: unsorted),
      try Hearts.change(),
    ]
    for change in changes { #expect(try HeartGovernanceTests.propose(change, &village) == .badHeartRules) }
    #expect(try HeartGovernanceTests.propose(.windDown([]), &village) == .invalidChange)
    #expect(try HeartGovernanceTests.propose(.offices([]), &village) == .invalidChange)
    #expect(try HeartGovernanceTests.propose(.convention([255]), &village) == .malformed)
  }

  @Test func aGenesisWithoutKindsStartsNoChain() throws {
    let genesis = try Village().genesis
    let payloads = [[], try Hearts.genesisPayload(kinds: []), [UInt8(255)]]
    for payload in payloads {
      let other = try Genesis(
        name: genesis.name, origin: genesis.origin, time: genesis.time, limits: genesis.limits,
        contracts: [genesis.contracts[0], (Hearts.name, payload)])
      #expect(throws: LedgerError(.badGenesis, "")) { try HeartChain(genesis: other) }
    }
  }

  @Test func aPauseStopsNothingHere() throws {
    var village = try Village()
    _ = try village.openProject(.food)
    for scope in PauseScope.allCases {
      let call = try Consortium.callPause(scope, plan: 0)
      #expect(try village.perform(call, by: Village.officer(.platform)).code == .success)
    }
    #expect(village.app.consortium.pauses.count == 2)
    #expect(try village.tell(.food, [.gift(.rice, 10, project: 0, at: village.time, from: 1)]) == [.success])
    let (code, _) = try village.perform(Hearts.give(hearts: 10, to: 0), by: Village.person(1))
    #expect(code == .success)
  }
}
