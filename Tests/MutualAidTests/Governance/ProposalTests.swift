import Consortium
import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// A proposal from the first word to the last.
@Suite struct ProposalTests {
  private static func record(_ chain: TestChain, _ proposal: UInt32) -> ProposalRecord {
    chain.consortium.governance.proposals[Int(proposal)]
  }

  @Test("a proposal that enough have voted for waits, and is carried out by itself")
  func carried() throws {
    var chain = try Village.fresh().chain
    let officer = chain.network.organisations[4].officer
    let next = try SigningKey(label: "next")
    let (code, proposal) = try chain.propose(.rotateOfficer(officer.publicKey.address, next.publicKey))
    #expect(code == .success)
    #expect(try chain.vote(proposal, by: [1]) == .success)
    #expect(Self.record(chain, proposal).status == .voting)
    #expect(try chain.vote(proposal, by: [3]) == .success)
    let waiting = Self.record(chain, proposal)
    #expect(waiting.status == .waiting)
    #expect(waiting.executesAt == chain.chain.time.adding(days: 1))
    #expect(chain.chain.app.nextDue == waiting.executesAt)
    chain.clock = Timestamp(seconds: waiting.executesAt.seconds - 1)
    try chain.block()
    #expect(Self.record(chain, proposal).status == .waiting)
    chain.advance(seconds: 1)
    let block = try chain.block()
    #expect(block.seal.steps == 1 && block.seal.transactions == 0)
    let done = Self.record(chain, proposal)
    #expect(done.status == .executed && done.closedAt == chain.chain.time && done.failure == 0)
    #expect((0..<7).filter { done.ayes.contains($0) } == [0, 1, 3])
    #expect(chain.consortium.governance.votes.count == 3)
    // The address stays, the key is another.
    #expect(chain.consortium.organisation(ofOfficer: officer.publicKey.address) == 4)
    #expect(chain.chain.app.currentKey(of: officer.publicKey.address) == next.publicKey)
    let unsigned = try UnsignedTransaction(
      chain: chain.chain.id, sender: officer.publicKey.address, expiry: chain.nextTime.adding(seconds: 60),
      id: [UInt8](repeating: 9, count: 16), action: Consortium.propose(.suspend(5)), manifest: nil)
    let entry = Entry.make(.transaction, try unsigned.signed(by: [next]))
    #expect(try chain.block([entry]).codes == [[.success]])
  }

  @Test("a proposal below the quorum is never carried out")
  func belowQuorum() throws {
    var chain = try Village.fresh().chain
    let (_, proposal) = try chain.propose(.suspend(4))
    try chain.vote(proposal, by: [1])
    try chain.vote(proposal, by: [2], approve: false)
    let ends = Self.record(chain, proposal).votingEnds
    chain.clock = ends
    try chain.block()
    #expect(Self.record(chain, proposal).status == .expired)
    #expect(Self.record(chain, proposal).closedAt == ends)
    chain.advance(days: 400)
    try chain.block()
    #expect(Self.record(chain, proposal).status == .expired)
    #expect(chain.consortium.organisations[4].standing == .active)
    #expect(chain.consortium.nextDue == nil)
  }

  @Test("a proposal is rejected as soon as too few are left")
  func rejected() throws {
    var chain = try Village.fresh().chain
    let (_, proposal) = try chain.propose(.suspend(4))
    try chain.vote(proposal, by: [1], approve: false)
    #expect(Self.record(chain, proposal).status == .voting)
    try chain.vote(proposal, by: [2], approve: false)
    #expect(Self.record(chain, proposal).status == .rejected)
  }

  @Test("an organisation that does not endorse may propose and has no vote of its own by that")
  func proposedByOthers() throws {
    var chain = try Village.fresh().chain
    let (code, proposal) = try chain.propose(.suspend(6), by: 4)
    #expect(code == .success && chain.consortium.governance.votes.isEmpty)
    try chain.vote(proposal, by: [0, 1])
    #expect(Self.record(chain, proposal).status == .voting)
    try chain.vote(proposal, by: [2])
    #expect(Self.record(chain, proposal).status == .waiting)
    try chain.block()
    #expect(chain.consortium.organisations[6].standing == .suspended)
  }

  @Test("a change that no longer fits fails with its code and changes nothing")
  func failed() throws {
    var chain = try Village.fresh().chain
    let first = try chain.propose(.removeOrganisation(4)).proposal
    let second = try chain.propose(.removeOrganisation(4)).proposal
    for proposal in [first, second] { try chain.vote(proposal, by: [1, 2]) }
    chain.advance(days: 7)
    try chain.block()
    #expect(Self.record(chain, first).status == .executed)
    #expect(Self.record(chain, second).status == .failed)
    #expect(Self.record(chain, second).failure == ErrorCode.wrongStanding.number)
  }

  @Test("a block runs no more steps than the genesis says, the order is that of time and ordinal")
  func limited() throws {
    var limits = Limits()
    limits.dueSteps = 2
    var chain = try TestChain(TestNetwork(endorsers: 4, limits: limits))
    for organisation in [4, 5, 6] { try chain.propose(.suspend(UInt16(organisation))) }
    chain.advance(days: 3)
    #expect(try chain.block().seal.steps == 2)
    let left = (0..<3).map { Self.record(chain, $0).status }
    #expect(left == [.expired, .expired, .voting])
    // Whose step has not run yet takes no votes either.
    #expect(try chain.vote(2, by: [1]) == .votingOver)
    #expect(Self.record(chain, 2).status == .expired)
  }

  @Test("a rule that was changed counts for what is proposed then; parameters of the genesis count from the start")
  func rules() throws {
    var chain = try Village.fresh().chain
    let slow = Rule(
      kind: .suspend, numerator: 3, denominator: 4, votingSeconds: 7200, timelockSeconds: 86_400)
    try chain.carry(.rule(slow))
    #expect(chain.consortium.governance.rule(.suspend) == slow)
    let (_, proposal) = try chain.propose(.suspend(4))
    #expect(Self.record(chain, proposal).votingEnds == chain.chain.time.adding(seconds: 7200))
    try chain.vote(proposal, by: [1, 2])
    #expect(Self.record(chain, proposal).status == .voting)
    try chain.vote(proposal, by: [3])
    #expect(Self.record(chain, proposal).executesAt == chain.chain.time.adding(days: 1))

    var parameters = GovernanceParameters()
    parameters.openProposals = 1
    let payload = try Consortium.genesisPayload(
      [
        .init(
          name: "alone.example", roles: .platform, keys: try TestNetwork.keys("alone"),
          officers: [try SigningKey(label: "alone").publicKey])
      ], rules: [slow], parameters: parameters)
    let genesis = try Genesis(
      name: "alone", origin: "log.example/alone", time: TestNetwork.start, limits: Limits(),
      contracts: [(Consortium.name, payload)])
    let alone = try Consortium(genesis: genesis)
    #expect(alone.governance.rule(.suspend) == slow)
    #expect(alone.governance.rule(.convention) == .standard(.convention))
    #expect(alone.governance.parameters[0].parameters.openProposals == 1)
  }

  @Test("every step of the table is one that a proposal took in these tests, and closed states have none")
  func table() {
    #expect(ProposalLife.table.count == 6)
    #expect(Set(ProposalLife.table.map(\.event)) == Set(ProposalEvent.allCases))
    #expect(ProposalStatus.allCases.filter(\.isOpen) == [.voting, .waiting])
    #expect(Set(ProposalLife.table.map(\.to)).union([.voting]) == Set(ProposalStatus.allCases))
  }

  @Test("a state made from its tables goes on as the one it was made of")
  func image() throws {
    var village = try Village.fresh()
    try village.chain.carry(.suspend(3))
    try village.chain.propose(.unsuspend(3))
    try village.pause(.payouts)
    try village.chain.carry(.rotateOfficer(village.officer(.hospital).publicKey.address, TestNetwork.key("next")))
    var app = village.chain.chain.app
    var again = try ChainState(genesis: village.chain.network.genesis, image: app.image())
    #expect(again.stateRoot() == app.stateRoot())
    #expect(again.endorsers == app.endorsers && again.endorsers.count == 4 && again.endorsers.members.count == 3)
    #expect(again.nextDue == app.nextDue && again.nextDue != nil)
    #expect(again.mutualAid.pauses == app.mutualAid.pauses && again.mutualAid.pauses.count == 1)
    let hospital = village.officer(.hospital).publicKey.address
    #expect(try again.currentKey(of: hospital) == TestNetwork.key("next"))
    for state in [app, again] {
      var state = state
      while state.runDueStep(at: village.chain.chain.time.adding(days: 60)) {}
      app = state
    }
    while again.runDueStep(at: village.chain.chain.time.adding(days: 60)) {}
    #expect(again.stateRoot() == app.stateRoot())
  }
}

extension TestNetwork {
  /// Three endorsing keys that belong to a label.
  static func keys(_ label: String) throws -> EndorserKeys {
    EndorserKeys(
      vote: try key(label + "/vote"), cosign: try key(label + "/cosign"), log: try key(label + "/log"))
  }

  static func key(_ label: String) throws -> PublicKey { try SigningKey(label: label).publicKey }
}
