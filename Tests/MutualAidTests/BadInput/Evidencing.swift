import Consortium
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import MutualAid

/// Evidence against organisations, good and bad.
@Suite struct EvidenceTests {
  @Test("what is no evidence is refused and changes nothing", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  static func keys(of organisation: Int, in chain: TestChain) throws -> OrganisationKeys {
    guard let keys = chain.network.organisations[organisation].endorsing else {
      throw LedgerError(.unknownKey, "the organisation does not endorse")
    }
    return OrganisationKeys(vote: keys.vote, cosign: keys.cosign, log: keys.log)
  }

  static func statement(on chain: TestChain, root: UInt64, sequence: UInt64 = 7) -> Statement {
    Statement(
      chain: chain.chain.id, epoch: 0, sequence: sequence, batch: .label("batch", 0), size: 40,
      root: .label("root", root))
  }

  /// Two votes of an organisation for one sequence.
  static func twoVotes(by organisation: Int, on chain: TestChain, sequence: UInt64 = 7) throws -> [UInt8] {
    try pair(.votes, by: organisation, on: chain, sequence: sequence)
  }

  static func pair(
    _ kind: Evidence.Kind, by organisation: Int, on chain: TestChain, sequence: UInt64 = 7, roots: [UInt64] = [1, 2]
  ) throws -> [UInt8] {
    let keys = try keys(of: organisation, in: chain)
    let domain = kind == .locks ? Domain.lock : Domain.vote
    let signed = try roots.map {
      try SignedStatement(statement(on: chain, root: $0, sequence: sequence), domain: domain, key: keys.vote)
    }
    return try Evidence.bytes(kind, signed[0], signed[1])
  }

  static func batches(by organisation: Int, on chain: TestChain, sequences: [UInt64] = [9, 9]) throws -> [UInt8] {
    let keys = try keys(of: organisation, in: chain)
    let made = try sequences.enumerated().map { index, sequence in
      try Batch(
        Header(
          chain: chain.chain.id, epoch: 0, sequence: sequence, previous: .label("previous", UInt64(index)),
          certificate: [], proposer: UInt32(organisation)), entries: [], signedBy: keys.vote)
    }
    return try Evidence.bytes(batches: made[0], made[1], key: keys.vote.publicKey)
  }

  static func cosignatures(by organisation: Int, on chain: TestChain, roots: [UInt64] = [1, 2]) throws -> [UInt8] {
    let key = try keys(of: organisation, in: chain).cosign
    let signed = try roots.enumerated().map { index, root in
      let head = LogHead(size: 40, root: .label("root", root))
      return (
        head.root,
        try EndorserCosignature(
          text: head.text(origin: chain.network.genesis.origin), time: Timestamp(seconds: 1 + UInt64(index)), key: key)
      )
    }
    return try Evidence.bytes(size: 40, cosigned: signed[0], signed[1])
  }

  static func logSignatures(by organisation: Int, on chain: TestChain, origin: String? = nil) throws -> [UInt8] {
    let key = try keys(of: organisation, in: chain).log
    let signed = try (1...2).map { root in
      let head = LogHead(size: 40, root: .label("root", UInt64(root)))
      return (
        head.root, try LogSignature(text: head.text(origin: origin ?? chain.network.genesis.origin), key: key)
      )
    }
    return try Evidence.bytes(size: 40, logged: signed[0], signed[1])
  }

  private static func showing(
    _ what: String, _ code: ErrorCode, _ make: @escaping @Sendable (inout Village) throws -> [UInt8]
  ) -> BadCase {
    BadCase(what, code) { village in
      let bytes = try make(&village)
      return try village.sent(Consortium.submitEvidence(bytes), by: village.officer(.auditor))
    }
  }

  static let cases: [BadCase] = [
    showing("bytes that are no evidence", .malformed) { _ in [0xFF] },
    showing("evidence of nothing", .malformed) { _ in [] },
    showing("one vote twice", .evidenceNotProven) { try pair(.votes, by: 3, on: $0.chain, roots: [1, 1]) },
    showing("a vote and a lock that is none", .evidenceNotProven) { village in
      // Signed as votes, shown as locks.
      let keys = try keys(of: 3, in: village.chain)
      let signed = try (1...2).map {
        try SignedStatement(
          statement(on: village.chain, root: UInt64($0)), domain: Domain.vote, key: keys.vote)
      }
      return try Evidence.bytes(.locks, signed[0], signed[1])
    },
    showing("batches for two sequences", .evidenceNotProven) { try batches(by: 3, on: $0.chain, sequences: [9, 10]) },
    showing("a cosignature renewed", .evidenceNotProven) { try cosignatures(by: 3, on: $0.chain, roots: [1, 1]) },
    showing("log signatures for another origin", .evidenceNotProven) {
      try logSignatures(by: 3, on: $0.chain, origin: "log.example/other")
    },
    showing("votes of another network's organisation", .unknownKey) { village in
      let key = try SigningKey(label: "a vote key of nobody")
      let signed = try (1...2).map {
        try SignedStatement(statement(on: village.chain, root: UInt64($0)), domain: Domain.vote, key: key)
      }
      return try Evidence.bytes(.votes, signed[0], signed[1])
    },
    showing("votes signed with a log key", .unknownKey) { village in
      let key = try keys(of: 3, in: village.chain).log
      let signed = try (1...2).map {
        try SignedStatement(statement(on: village.chain, root: UInt64($0)), domain: Domain.vote, key: key)
      }
      return try Evidence.bytes(.votes, signed[0], signed[1])
    },
    showing("the same evidence again", .evidenceKnown) { village in
      let bytes = try twoVotes(by: 3, on: village.chain)
      try village.succeed(Consortium.submitEvidence(bytes), by: village.officer(.auditor))
      return bytes
    },
    showing("the same evidence after the organisation was let back", .evidenceKnown) { village in
      let bytes = try twoVotes(by: 3, on: village.chain)
      try village.succeed(Consortium.submitEvidence(bytes), by: village.officer(.auditor))
      try village.chain.carry(.unsuspend(3))
      return bytes
    },
  ]
}
