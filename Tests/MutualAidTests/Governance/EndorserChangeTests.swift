import Consortium
import Contracts
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Who endorses, changed while the chain runs: the set before a block certifies it, the new one the next.
@Suite struct EndorserChangeTests {
  @Test(
    "every key of an organisation is changed by the others while its node is down", arguments: [1, 2, 3] as [UInt8])
  func rotated(purpose bits: UInt8) throws {
    var chain = try Village.fresh().chain
    let purpose = try #require(KeyPurpose(rawValue: bits))
    let next = try SigningKey(label: "the investigator's next key")
    chain.newKeys.append(next)
    let before = chain.chain.app.endorsers
    let (_, proposal) = try chain.propose(.rotateKey(3, purpose, next.publicKey))
    try chain.vote(proposal, by: [1, 2])
    chain.clock = chain.consortium.governance.proposals[Int(proposal)].executesAt
    let block = try chain.block()
    // The block in which it happens is certified by the old set, the one after it by the new.
    #expect(chain.chain.certifiers == before && block.app.endorsers != before)
    let keys = try #require(block.app.endorsers.member(ordinal: 3)).keys
    let old = try #require(before.member(ordinal: 3)).keys
    #expect((keys.vote == next.publicKey) == (purpose == .vote) && (keys.vote == old.vote) == (purpose != .vote))
    #expect((keys.cosign == next.publicKey) == (purpose == .cosign))
    #expect((keys.log == next.publicKey) == (purpose == .log))
    try chain.block()
    #expect(chain.chain.certifiers == block.app.endorsers)
    let table = chain.consortium.governance.keys
    let ended = (0..<table.count).filter { table[$0].until != .zero }.map { table[$0] }
    #expect(ended.count == 1 && ended[0].until == block.seal.time && ended[0].organisation == 3)
    #expect(ended[0].purpose == purpose)
    let text = String(decoding: try block.app.endorsers.policy(origin: chain.chain.genesis.origin).text, as: UTF8.self)
    #expect(text.contains("quorum 3"))
  }

  @Test("a node is silent until it has the keys that the chain knows, and endorses with them")
  func restarted() throws {
    var chain = try Village.fresh().chain
    let old = try EvidenceTests.keys(of: 3, in: chain)
    let new = try ["vote", "cosign", "log"].map { try SigningKey(label: "next " + $0) }
    chain.newKeys += new
    for (purpose, key) in zip([KeyPurpose.vote, .cosign, .log], new) {
      try chain.carry(.rotateKey(3, purpose, key.publicKey))
    }
    try chain.block()
    let before = chain.chain
    let certificate = try Certificate(
      validating: chain.certificate(), head: before.head, origin: before.genesis.origin, endorsers: before.certifiers)
    let next = try chain.batch([])
    func votes(_ keys: OrganisationKeys) -> (ordinal: UInt32?, by: [PublicKey]) {
      var node = Endorsing(chain: before, certificate: certificate, keys: keys, records: [])
      let effects = node.handle(
        .ordered(sequence: next.header.sequence, PreparedBatch(next, chain: before.id)), at: chain.clock)
      let keys = effects.compactMap { effect -> PublicKey? in
        if case .broadcast(.vote(let vote)) = effect { vote.key } else { nil }
      }
      return (node.ordinal, keys)
    }
    let right = votes(OrganisationKeys(vote: new[0], cosign: new[1], log: new[2]))
    #expect(right.ordinal == 3 && right.by == [new[0].publicKey])
    for wrong in [old, OrganisationKeys(vote: new[0], cosign: old.cosign, log: old.log)] {
      let silent = votes(wrong)
      #expect(silent.ordinal == nil && silent.by.isEmpty)
    }
  }

  @Test("an organisation that comes is one of n from the block after, one that goes is not")
  func comesAndGoes() throws {
    var chain = try Village.fresh().chain
    let own = try ["vote", "cosign", "log"].map { try SigningKey(label: "fifth/" + $0) }
    chain.newKeys += own
    let officer = try SigningKey(label: "fifth/officer")
    let fifth = Consortium.FoundingOrganisation(
      name: "fifth.example", roles: [.auditor],
      keys: EndorserKeys(vote: own[0].publicKey, cosign: own[1].publicKey, log: own[2].publicKey),
      officers: [officer.publicKey])
    try chain.carry(.addOrganisation(fifth))
    let ordinal = UInt16(chain.consortium.organisations.count - 1)
    #expect(chain.chain.app.endorsers.count == 5 && chain.chain.app.endorsers.quorum == 4)
    #expect(chain.consortium.organisation(ofOfficer: officer.publicKey.address) == ordinal)
    try chain.block()
    #expect(chain.chain.certifiers.count == 5)
    // Five endorse now, so three are not enough any more.
    let (_, proposal) = try chain.propose(.removeOrganisation(ordinal))
    try chain.vote(proposal, by: [1, 2])
    #expect(chain.consortium.governance.proposals[Int(proposal)].status == .voting)
    #expect(try chain.perform(chain.ballot(proposal), by: officer) == .success)
    chain.advance(days: 7)
    try chain.block()
    #expect(chain.chain.app.endorsers.count == 4)
    #expect(chain.consortium.organisation(ofOfficer: officer.publicKey.address) == nil)
    #expect(chain.consortium.organisations[Int(ordinal)].standing == .removed)
    try chain.block()
    try chain.block()
  }

  @Test("a suspended organisation stays in n, its word does not count, and it comes back")
  func suspended() throws {
    var chain = try Village.fresh().chain
    try chain.carry(.suspend(0))
    let set = chain.chain.app.endorsers
    #expect(set.count == 4 && set.quorum == 3 && set.members.map(\.ordinal) == [1, 2, 3])
    try chain.block()
    // Its batches count for nothing.
    let own = try #require(chain.network.organisations[0].endorsing)
    let batch = try Batch(
      Header(
        chain: chain.chain.id, epoch: 0, sequence: chain.chain.sequence + 1, previous: chain.chain.previous,
        certificate: chain.certificate(), proposer: 0), entries: [], signedBy: own.vote)
    #expect(throws: LedgerError(.badBatch, "")) { try chain.chain.validate(batch, at: chain.chain.sequence + 1) }
    try chain.carry(.unsuspend(0), by: [1, 2, 3])
    #expect(chain.chain.app.endorsers.members.count == 4)
    try chain.block()
  }

  @Test("where evidence leaves less than a quorum, the word of the suspended counts so that others can act")
  func tooFewLeft() throws {
    var chain = try Village.fresh().chain
    for organisation in [2, 3] {
      let bytes = try EvidenceTests.twoVotes(by: organisation, on: chain)
      let code = try chain.perform(Consortium.submitEvidence(bytes), by: chain.network.organisation(.auditor).officer)
      #expect(code == .success)
    }
    #expect(chain.chain.app.endorsers.members.count == 4 && chain.chain.app.endorsers.quorum == 3)
    #expect(chain.consortium.organisations[2].standing == .suspended)
    #expect(try chain.propose(.unsuspend(3), by: 2).code == .organisationSuspended)
    try chain.block()
  }

  @Test("all that may be signed but once is evidence, from anyone", arguments: Evidence.Kind.allCases)
  func evidence(_ kind: Evidence.Kind) throws {
    var chain = try Village.fresh().chain
    let bytes =
      switch kind {
      case .votes, .locks: try EvidenceTests.pair(kind, by: 3, on: chain)
      case .batches: try EvidenceTests.batches(by: 3, on: chain)
      case .cosignatures: try EvidenceTests.cosignatures(by: 3, on: chain)
      case .logSignatures: try EvidenceTests.logSignatures(by: 3, on: chain)
      }
    let stranger = try SigningKey(label: "anyone")
    let transaction = try VerifiedTransaction.verify(
      entry: chain.transaction(Consortium.submitEvidence(bytes), by: stranger)[0], chain: chain.chain.id)
    try chain.chain.admit(transaction, byteCount: 1, at: chain.nextTime)
    #expect(try chain.perform(Consortium.submitEvidence(bytes), by: stranger) == .success)
    #expect(chain.consortium.organisations[3].standing == .suspended)
    #expect(chain.chain.app.endorsers.members.map(\.ordinal) == [0, 1, 2])
    let record = chain.consortium.governance.evidence[0]
    #expect(record.kind == kind && record.organisation == 3 && record.time == chain.chain.time)
    try chain.block()
    // Known now: nobody gets it in a second time.
    #expect(throws: LedgerError(.evidenceKnown, "")) {
      try chain.chain.admit(transaction, byteCount: 1, at: chain.nextTime)
    }
  }

  @Test("an old key's double signature counts against whoever had it")
  func oldKey() throws {
    var chain = try Village.fresh().chain
    let bytes = try EvidenceTests.twoVotes(by: 3, on: chain)
    let next = try SigningKey(label: "next vote key")
    chain.newKeys.append(next)
    try chain.carry(.rotateKey(3, .vote, next.publicKey))
    #expect(
      try chain.perform(Consortium.submitEvidence(bytes), by: chain.network.organisation(.auditor).officer) == .success)
    #expect(chain.consortium.organisations[3].standing == .suspended)
  }
}
