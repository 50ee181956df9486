import Consortium
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import MutualAid

/// Proposals and votes that do not count.
@Suite struct GovernanceTests {
  @Test("a bad proposal or vote is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  /// Suspends the hospital, which harms nobody here.
  static let change = Change.suspend(4)

  /// A vote by an organisation's officer.
  private static func voting(
    _ what: String, _ code: ErrorCode, by organisation: Int = 3,
    _ lead: @escaping @Sendable (inout Village) throws -> UInt32
  ) -> BadCase {
    BadCase(what, code) { village in
      let proposal = try lead(&village)
      return try village.sent(
        village.chain.ballot(proposal), by: village.chain.network.organisations[organisation].officer)
    }
  }

  private static func proposed(_ village: inout Village, by organisation: Int = 0) throws -> UInt32 {
    try village.chain.propose(change, by: organisation).proposal
  }

  static let cases: [BadCase] = [
    voting("one officer twice: proposing is a vote", .alreadyVoted, by: 0) { try proposed(&$0) },
    voting("one officer twice", .alreadyVoted) { village in
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [3])
      return proposal
    },
    voting("an officer who changes her mind", .alreadyVoted) { village in
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [3], approve: false)
      return proposal
    },
    BadCase("two officers of one organisation counted as two", .alreadyVoted) { village in
      let second = try SigningKey(label: "second officer")
      try village.chain.carry(.addOfficer(1, .init(key: second.publicKey)))
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [1])
      return try village.sent(village.chain.ballot(proposal), by: second)
    },
    voting("a vote after the deadline", .votingOver) { village in
      let proposal = try proposed(&village)
      village.chain.advance(days: 3)
      return proposal
    },
    voting("a vote on a proposal that was taken back", .proposalWithdrawn) { village in
      let proposal = try proposed(&village)
      try village.succeed(Consortium.withdraw(proposal: proposal), by: village.officer(.platform))
      return proposal
    },
    voting("a vote on a proposal that is carried", .proposalClosed) { village in
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [1, 2])
      return proposal
    },
    voting("a vote on a proposal that is rejected", .proposalClosed) { village in
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [1, 2], approve: false)
      return proposal
    },
    voting("a vote on no proposal", .unknownProposal) { _ in 0 },
    voting("a vote by an organisation that does not endorse", .noElector, by: 5) { try proposed(&$0) },
    BadCase("a vote for another content", .wrongContent) { village in
      let proposal = try proposed(&village)
      return try village.sent(
        Consortium.vote(proposal: proposal, content: .label("other content", 0), approve: true),
        by: village.chain.network.organisations[3].officer)
    },
    BadCase("a vote whose bytes do not read", .malformed) { village in
      try village.sent(
        Action(contract: Consortium.name, kind: ConsortiumAction.vote.rawValue, payload: [0xFF]),
        by: village.officer(.platform))
    },
    BadCase("a replayed vote", .replayed) { village in
      let proposal = try proposed(&village)
      let vote = try village.sent(
        village.chain.ballot(proposal), by: village.chain.network.organisations[1].officer)
      try village.chain.block(vote)
      return vote
    },
    BadCase("a vote by an officer who does not speak for her organisation", .wrongRole) { village in
      try village.chain.carry(.officerRoles(village.chain.network.organisations[3].address, .all), by: [0, 1, 2])
      let proposal = try proposed(&village)
      return try village.sent(village.chain.ballot(proposal), by: village.chain.network.organisations[3].officer)
    },
    BadCase("a proposal with rows", .manifestUnexpected) { village in
      try village.sent(Consortium.propose(change), by: village.officer(.platform), rows: [[1]])
    },
    BadCase("taking back another's proposal", .notTheProposer) { village in
      let proposal = try proposed(&village)
      return try village.sent(
        Consortium.withdraw(proposal: proposal), by: village.chain.network.organisations[1].officer)
    },
    BadCase("taking back what is carried", .proposalClosed) { village in
      let proposal = try proposed(&village)
      try village.chain.vote(proposal, by: [1, 2])
      return try village.sent(Consortium.withdraw(proposal: proposal), by: village.officer(.platform))
    },
    BadCase("taking back what does not read", .malformed) { village in
      try village.sent(
        Action(contract: Consortium.name, kind: ConsortiumAction.withdraw.rawValue, payload: [0xFF]),
        by: village.officer(.platform))
    },
    BadCase("a suspended organisation proposing", .organisationSuspended) { village in
      try village.chain.carry(change)
      return try village.sent(Consortium.propose(.suspend(5)), by: village.officer(.hospital))
    },
    BadCase("a suspended organisation voting", .organisationSuspended) { village in
      try village.chain.carry(.suspend(3))
      let proposal = try proposed(&village)
      return try village.sent(village.chain.ballot(proposal), by: village.officer(.investigator))
    },
    BadCase("a suspended organisation at its business", .organisationSuspended) { village in
      let number = try village.filed(0)
      try village.chain.carry(.suspend(3))
      return try village.sent(village.investigate(number), by: village.officer(.investigator))
    },
    BadCase("an officer of a removed organisation", .notAnOfficer) { village in
      let hospital = village.officer(.hospital).publicKey.address.bytes
      try village.succeed(Consortium.registerAction(), by: village.officer(.platform), rows: [hospital])
      try village.chain.carry(.removeOrganisation(4))
      return try village.sent(Consortium.propose(.suspend(5)), by: village.officer(.hospital))
    },
    BadCase("a rotated key used after rotation", .wrongSigner) { village in
      let platform = village.officer(.platform)
      let next = try SigningKey(label: "the platform's next officer key")
      try village.chain.carry(.rotateOfficer(platform.publicKey.address, next.publicKey))
      return try village.sent(Consortium.propose(change), by: platform)
    },
    BadCase("more proposals than an organisation may have open", .tooManyProposals) { village in
      for _ in 0..<16 { _ = try proposed(&village) }
      return try village.sent(Consortium.propose(change), by: village.officer(.platform))
    },
  ]
}
