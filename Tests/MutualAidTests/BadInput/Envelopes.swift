import Consortium
import Foundation
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import MutualAid

/// Transactions that are wrong before a contract looks at them.
@Suite struct EnvelopeTests {
  @Test("an envelope that is not in order is a no-op with a code", arguments: cases)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test("an envelope just in order is taken", arguments: nearMisses)
  func taken(_ good: BadCase) throws { try good.check() }

  @Test("a bad transaction leaves those before and behind it as they are")
  func between() throws {
    var village = try Village.fresh()
    let first = try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
    let bad = try village.sent(MutualAid.leave(membership: 1), by: village.owner(of: 2))
    let last = try village.sent(MutualAid.leave(membership: 2), by: village.owner(of: 2))
    var other = village
    let block = try village.chain.block(first + bad + last)
    #expect(block.codes == [[.success], [.notTheOwner], [.success]])
    #expect(block.seal.failed == 1 && block.seal.transactions == 3)
    #expect(try other.chain.block(first + last).seal.state == block.seal.state)
  }

  @Test("no proposer can put a genesis, header or seal among the transactions")
  func kinds() throws {
    var village = try Village.fresh()
    let block = try village.chain.block()
    let genesis = Entry.make(.genesis, village.chain.network.genesis.bytes)
    for entry in [genesis, block.entries[0], block.seal.entry, [5, 1, 2], [2], []] {
      #expect(throws: LedgerError(.badBatch, "")) { try village.chain.batch([entry]) }
    }
    let largest = Entry.make(.transaction, [UInt8](repeating: 0xFF, count: Entry.maximumBytes - 1))
    #expect(throws: LedgerError(.badBatch, "")) { try village.chain.batch([largest + [0]]) }
    try expectRefused([largest], on: village.chain, code: .malformed)
  }

  @Test("a sender's bytes are limited while its transactions live, and no longer")
  func quota() throws {
    var village = try Village.fresh()
    let bystander = try Village.bystander.get()
    // Together more than 64 KiB; each alone gets as far as the contract, which cannot read it.
    func large(_ village: inout Village, by key: SigningKey) throws -> [[UInt8]] {
      try village.sent(.openPlan, [UInt8](repeating: 0xFF, count: 40_000), by: key)
    }
    let first = try large(&village, by: bystander)
    try expectRefused(first, on: village.chain, code: .malformed)
    try expectRefused(large(&village, by: bystander), on: village.chain, code: .quotaUsed, after: first)
    _ = try village.chain.block(first)
    try expectRefused(large(&village, by: bystander), on: village.chain, code: .quotaUsed)
    let officer = village.officer(.platform)
    let second = try large(&village, by: officer)
    try expectRefused(large(&village, by: officer), on: village.chain, code: .malformed, after: second)
    village.chain.advance(seconds: 300)
    try village.chain.block()
    try expectRefused(large(&village, by: bystander), on: village.chain, code: .quotaUsed)
    // The first one's expiry is over; what is over is forgotten at the end of a block.
    village.chain.advance(seconds: 1)
    try village.chain.block()
    try expectRefused(large(&village, by: bystander), on: village.chain, code: .malformed)
  }

  @Test("who signs for one chain signs nothing for another with the same people")
  func otherNetwork() throws {
    let village = try Village.fresh()
    var other = try TestChain(TestNetwork(name: "test"))
    other.clock = village.chain.clock
    let key = try village.owner(of: 0)
    let entries = try other.transaction(MutualAid.leave(membership: 0), by: key, expiry: village.soon)
    try expectRefused(entries, on: village.chain, code: .wrongChain)
  }

  // MARK: Building

  /// Bytes where an envelope should be.
  private static func bytes(
    _ what: String, _ make: @escaping @Sendable (inout Village) throws -> [UInt8]
  ) -> BadCase {
    BadCase(what, .malformed) { village in [Entry.make(.transaction, try make(&village))] }
  }

  // MARK: The tables

  static let cases = lookalikes + forms + signatures + times + senders

  static let nearMisses: [BadCase] = [
    leaving("as it should be", .success),
    leaving("at its last second", .success, body: { body, village in body.expiry = village.chain.nextTime.seconds }),
    leaving("ten minutes ahead", .success, body: { body, village in body.expiry = village.soon.seconds + 300 }),
    sealed("with seven more signers", .success) { envelope, _ in
      for number in 1...7 {
        let key = try SigningKey(label: "signer \(number)")
        envelope.signatures.append(try signature(over: Array(envelope.body), by: key))
      }
    },
  ]

  private static let lookalikes: [BadCase] = [
    bytes("a seal's bytes") { village in Array(try village.chain.block().seal.entry.dropFirst()) },
    bytes("a seal's whole entry") { village in try village.chain.block().seal.entry },
    bytes("a header's bytes") { village in Array(try village.chain.block().entries[0].dropFirst()) },
    bytes("a header's whole entry") { village in try village.chain.block().entries[0] },
    bytes("the genesis") { village in village.chain.network.genesis.bytes },
    bytes("rows") { _ in Array(try RowEntries.pack([DepositTests.deposit(1_000_000)])[0].dropFirst()) },
    bytes("a batch") { village in try village.chain.batch([]).encoded() },
    bytes("an envelope in its entry") { village in
      Entry.make(.transaction, try forged(village))
    },
    bytes("an envelope for a body") { village in
      var envelope = WireEnvelope()
      envelope.body = Data(try forged(village))
      envelope.signatures = [try signature(over: Array(envelope.body), by: village.owner(of: 0))]
      return try encodedBytes(of: envelope)
    },
  ]

  private static let forms: [BadCase] = [
    bytes("one byte") { _ in [0] },
    bytes("an envelope without its last byte") { village in Array(try forged(village).dropLast()) },
    bytes("an envelope and a byte") { village in try forged(village) + [0] },
    leaving("no action", .malformed, body: { body, _ in body.clearAction() }),
    leaving("a sender of 19 bytes", .malformed, body: { body, _ in body.sender.removeLast() }),
    leaving("a sender of 21 bytes", .malformed, body: { body, _ in body.sender.append(0) }),
    leaving("an id of 15 bytes", .malformed, body: { body, _ in body.id.removeLast() }),
    leaving("an id of 17 bytes", .malformed, body: { body, _ in body.id.append(0) }),
    leaving(
      "a contract of 33 letters", .malformed,
      body: { body, _ in
        body.action.contract = String(repeating: "x", count: 33)
      }),
    leaving(
      "a manifest without rows", .malformed,
      body: { body, _ in
        body.manifest.root = Data(Hash.reference.bytes)
      }),
    leaving(
      "a manifest's root of 31 bytes", .malformed,
      body: { body, _ in
        body.manifest.count = 1
        body.manifest.root = Data(repeating: 1, count: 31)
      }),
    sealed("no signature", .malformed) { envelope, _ in envelope.signatures = [] },
    sealed("nine signatures", .malformed) { envelope, _ in
      envelope.signatures = Array(repeating: envelope.signatures[0], count: 9)
    },
    leaving("no chain", .wrongChain, body: { body, _ in body.chain = Data() }),
    leaving("a chain's id without its last byte", .wrongChain, body: { body, _ in body.chain.removeLast() }),
  ]

  private static let signatures: [BadCase] = [
    sealed("a signature with one bit changed", .badSignature) { envelope, _ in
      envelope.signatures[0].signature[5] ^= 1
    },
    sealed("a body with one bit changed", .badSignature) { envelope, _ in
      // The last byte of the body is that of the action's payload.
      envelope.body[envelope.body.endIndex - 1] ^= 2
    },
    sealed("a signature of 63 bytes", .badSignature) { envelope, _ in envelope.signatures[0].signature.removeLast() },
    sealed("an empty signature", .badSignature) { envelope, _ in envelope.signatures[0].signature = Data() },
    sealed("a signature as for a header", .badSignature, domain: Domain.header),
    sealed("a signature as for a vote", .badSignature, domain: Domain.vote),
    sealed("a signature without a domain", .badSignature, domain: []),
    sealed("a signature whose number was raised by the group's order", .badSignature) { envelope, _ in
      envelope.signatures[0].signature = SmallOrder.raised(envelope.signatures[0].signature)
    },
    sealed("a second signature that is bad", .badSignature) { envelope, village in
      envelope.signatures.append(try signature(over: [], by: village.owner(of: 1)))
    },
    sealed("another's key that verifies", .wrongSigner) { envelope, village in
      envelope.signatures = [try signature(over: Array(envelope.body), by: village.owner(of: 1))]
    },
    sealed("the sender's signature behind another's", .wrongSigner) { envelope, village in
      envelope.signatures.insert(try signature(over: Array(envelope.body), by: village.owner(of: 1)), at: 0)
    },
    sealed("suite 0", .unknownSuite) { envelope, _ in envelope.signatures[0].suite = 0 },
    sealed("suite 2", .unknownSuite) { envelope, _ in envelope.signatures[0].suite = 2 },
    sealed("a suite whose last 8 bits are those of suite 1", .unknownSuite) { envelope, _ in
      envelope.signatures[0].suite = 257
    },
    sealed("a key of 31 bytes", .badKey) { envelope, _ in envelope.signatures[0].publicKey.removeLast() },
    sealed("no key", .badKey) { envelope, _ in envelope.signatures[0].publicKey = Data() },
    sealed("a second signer's key of small order", .badKey) { envelope, _ in
      envelope.signatures.append(SmallOrder.signature(by: SmallOrder.keys[0]))
    },
  ]

  private static let times: [BadCase] = [
    leaving(
      "a second past its expiry", .expired,
      body: { body, village in
        body.expiry = village.chain.nextTime.seconds - 1
      }),
    leaving("no expiry", .expired, body: { body, _ in body.expiry = 0 }),
    leaving(
      "a second more than ten minutes ahead", .expiryTooFar,
      body: { body, village in
        body.expiry = village.chain.nextTime.seconds + 601
      }),
    leaving("the end of the year 9999", .expiryTooFar, body: { body, _ in body.expiry = Timestamp.max.seconds }),
    leaving("a second past the year 9999", .badTime, body: { body, _ in body.expiry = Timestamp.max.seconds + 1 }),
    leaving("the last second there is a number for", .badTime, body: { body, _ in body.expiry = .max }),
    BadCase("the same envelope in the next block", .replayed) { village in
      let entries = try village.sent(
        MutualAid.fileCase(
          membership: 0, diseaseClass: 1, diagnosed: village.today, documents: .reference),
        by: village.officer(.hospital))
      _ = try village.chain.block(entries)
      return entries
    },
    BadCase("one that was refused before, while it lives", .replayed) { village in
      let entries = try village.sent(MutualAid.leave(membership: 1), by: village.officer(.hospital))
      _ = try village.chain.block(entries)
      village.chain.advance(seconds: 300)
      return entries
    },
    BadCase("the id of another transaction of this sender", .replayed) { village in
      _ = try village.chain.block([Entry.make(.transaction, try forged(village))])
      return [
        Entry.make(.transaction, try forged(village, body: { body, _ in body.action.payload = Data([8, 1]) }))
      ]
    },
    BadCase("the same body in another envelope", .replayed) { village in
      let first = try forged(village)
      _ = try village.chain.block([Entry.make(.transaction, first)])
      return [
        Entry.make(
          .transaction,
          try forged(village, body: { _, _ in }) { envelope, _ in
            envelope.signatures.append(try signature(over: Array(envelope.body), by: village.owner(of: 1)))
          })
      ]
    },
    BadCase("one that lived in an earlier block, when its time is over", .expired) { village in
      let entries = try village.sent(MutualAid.leave(membership: 0), by: village.owner(of: 0))
      _ = try village.chain.block(entries)
      village.chain.advance(seconds: 301)
      return entries
    },
  ]

  private static let senders: [BadCase] = [
    BadCase("a payout by a sender whom nobody registered", .unknownSender) { village in
      try village.sent(.confirmPayout, [], by: village.owner(of: 0))
    },
    BadCase("accounts by a sender whom nobody registered", .unknownSender) { village in
      try village.sent(Consortium.registerAction(), by: village.owner(of: 0), rows: [[UInt8](repeating: 7, count: 20)])
    },
    BadCase("no such contract", .unknownAction) { village in
      try village.sent(Action(contract: "heart-chain", kind: 1, payload: []), by: village.officer(.platform))
    },
    BadCase("a contract without a name", .unknownAction) { village in
      try village.sent(Action(contract: "", kind: 1, payload: []), by: village.officer(.platform))
    },
    BadCase("a contract's name with a zero byte behind it", .unknownAction) { village in
      try village.sent(Action(contract: MutualAid.name + "\0", kind: 8, payload: []), by: village.owner(of: 0))
    },
    BadCase("no such action of mutual aid", .unknownAction) { village in
      try village.sent(Action(contract: MutualAid.name, kind: 12, payload: []), by: village.officer(.platform))
    },
    BadCase("an action 0 of mutual aid", .unknownAction) { village in
      try village.sent(Action(contract: MutualAid.name, kind: 0, payload: []), by: village.owner(of: 0))
    },
    BadCase("no such action of the consortium", .unknownAction) { village in
      try village.sent(Action(contract: Consortium.name, kind: .max, payload: []), by: village.officer(.platform))
    },
  ]
}
