import Testing
import TransparencyLog

@testable import Ledger

/// One organisation's state machine, fed by hand.
struct EndorsingTests {
  private let organisations: Organisations
  private var own: Endorsing<TallyChain>
  private let batch: Batch

  init() throws {
    organisations = try Organisations(4)
    own = try Endorsing(genesis: organisations.genesis, keys: organisations.keys[0])
    batch = try organisations.batch(after: organisations.chain(), [organisations.transaction(1)], by: 3)
  }

  private var chainID: Hash { organisations.genesis.chain }

  private mutating func handle(_ event: Event, after seconds: UInt64 = 1) -> [Effect<TallyChain>] {
    own.handle(event, at: Organisations.start.adding(seconds: seconds))
  }

  private mutating func order(_ batch: Batch?, at sequence: UInt64 = 1) -> [Effect<TallyChain>] {
    handle(.ordered(sequence: sequence, batch.map { PreparedBatch($0, chain: chainID) }))
  }

  /// The statement every honest organisation makes of the first batch.
  private func statement() throws -> Statement {
    let chain = try organisations.chain()
    let block = try chain.execute(PreparedBatch(batch, chain: chainID), certificate: nil)
    return Statement(
      chain: chainID, epoch: 0, sequence: 1, batch: batch.hash, size: block.head.size, root: block.head.root)
  }

  private func vote(_ place: Int, _ statement: Statement) throws -> EndorsementMessage {
    .vote(try SignedStatement(statement, domain: Domain.vote, key: organisations.keys[place].vote))
  }

  private func lock(_ place: Int, _ statement: Statement) throws -> EndorsementMessage {
    .lock(try SignedStatement(statement, domain: Domain.lock, key: organisations.keys[place].vote))
  }

  private func cosigned(_ place: Int, _ statement: Statement, log: Int? = nil) throws -> EndorsementMessage {
    let text = LogHead(size: statement.size, root: statement.root).text(origin: organisations.genesis.origin)
    return .cosigned(
      CosignedCheckpoint(
        statement: statement,
        cosignature: try EndorserCosignature(
          text: text, time: Organisations.start.adding(seconds: 5), key: organisations.keys[place].cosign),
        logSignature: try LogSignature(text: text, key: organisations.keys[log ?? place].log)))
  }

  private func certified(_ statement: Statement, by members: [Int]) throws -> CertifiedCheckpoint {
    let head = LogHead(size: statement.size, root: statement.root)
    let text = head.text(origin: organisations.genesis.origin)
    return CertifiedCheckpoint(
      statement: statement, cosignatures: try organisations.certificate(on: head, by: members),
      logSignatures: try members.map { try LogSignature(text: text, key: organisations.keys[$0].log) })
  }

  @Test mutating func theWayOfABlock() throws {
    let statement = try statement()
    #expect(order(batch).names == ["store batch", "store vote", "broadcast vote"])
    #expect(own.isInFlight)
    #expect(handle(.received(try vote(1, statement))).names == [])
    #expect(
      handle(.received(try vote(2, statement))).names == ["store vote certificate", "store lock", "broadcast lock"])
    #expect(handle(.received(try vote(3, statement))).names == [])
    #expect(handle(.received(try lock(3, statement))).names == [])
    #expect(handle(.received(try lock(1, statement))).names == ["store cosigned", "broadcast cosigned"])
    #expect(handle(.received(try cosigned(2, statement))).names == [])
    let last = handle(.received(try cosigned(3, statement)), after: 7)
    #expect(last.names == ["publish"])
    #expect(!own.isInFlight)
    #expect(own.chain.height == 1 && own.chain.head.root == statement.root)
    #expect(own.certificate?.cosignatures.count == 3)
    guard case .publish(let block) = last[0] else { return }
    #expect(block.logSignatures.count == 3)
    #expect(block.certificate == own.certificate)
    // Who asks later gets the certificate.
    #expect(handle(.received(try vote(1, statement))).names == ["send 1 certified"])
    #expect(handle(.received(try lock(2, statement))).names == ["send 2 certified"])
    #expect(handle(.received(try vote(0, statement))).names == [])
    #expect(order(batch).names == [])
  }

  @Test mutating func messagesThatCameBeforeTheirBatchCount() throws {
    let statement = try statement()
    for place in 1...2 {
      #expect(handle(.received(try vote(place, statement))).names == [])
      #expect(handle(.received(try lock(place, statement))).names == [])
      #expect(handle(.received(try cosigned(place, statement))).names == [])
    }
    #expect(
      order(batch).names == [
        "store batch", "store vote", "broadcast vote", "store vote certificate", "store lock", "broadcast lock",
        "store cosigned", "broadcast cosigned", "publish",
      ])
  }

  /// Nothing here counts towards a quorum of votes, locks or cosignatures.
  @Test mutating func whatDoesNotCount() throws {
    let statement = try statement()
    _ = order(batch)
    let stranger = try SigningKey(seed: [UInt8](repeating: 98, count: 32))
    func signed(_ domain: [UInt8], _ key: SigningKey) throws -> SignedStatement {
      try SignedStatement(statement, domain: domain, key: key)
    }
    let keys = organisations.keys
    var other = statement
    other.root = .zero
    let wrong: [EndorsementMessage] = [
      // A lock's signature as a vote, and other keys of members and strangers.
      .vote(try signed(Domain.lock, keys[1].vote)), .vote(try signed(Domain.vote, keys[2].cosign)),
      .vote(try signed(Domain.vote, keys[3].log)), .vote(try signed(Domain.vote, stranger)), try vote(1, other),
    ]
    for message in wrong { #expect(handle(.received(message)).names == []) }
    // Votes and cosignatures alone, and the same vote twice: no lock on fewer than three.
    #expect(handle(.received(try vote(2, statement))).names == [])
    #expect(handle(.received(try vote(2, statement))).names == [])
    // Member 1 spoke for another statement first; its later vote changes nothing.
    #expect(handle(.received(try vote(1, statement))).names == [])
    #expect(handle(.received(try vote(3, statement))).names.contains("broadcast lock"))

    // A vote's signature is not accepted as a lock.
    for place in 1...3 {
      #expect(handle(.received(.lock(try signed(Domain.vote, keys[place].vote)))).names == [])
    }
    #expect(handle(.received(try lock(1, statement))).names == [])
    #expect(handle(.received(try lock(1, statement))).names == [])
    #expect(handle(.received(try lock(2, statement))).names.contains("broadcast cosigned"))

    // A cosignature comes with the same member's log signature, both over this head.
    #expect(handle(.received(try cosigned(1, statement, log: 2))).names == [])
    #expect(handle(.received(try cosigned(1, other))).names == [])
    #expect(handle(.received(try cosigned(1, statement))).names == [])
    #expect(handle(.received(try cosigned(1, statement))).names == [])
    #expect(own.chain.height == 0)
    #expect(handle(.received(try cosigned(2, statement))).names == ["publish"])
  }

  @Test mutating func messagesForAnotherChainEpochOrFarSequence() throws {
    _ = order(batch)
    let statement = try statement()
    for change in [{ $0.chain = .zero }, { $0.epoch = 1 }, { $0.sequence = 2 }, { $0.sequence = 1 << 40 }]
      as [(inout Statement) -> Void]
    {
      var other = statement
      change(&other)
      for place in 1...3 { #expect(handle(.received(try vote(place, other))).names == []) }
    }
    #expect(own.isInFlight && own.chain.height == 0)
  }

  @Test mutating func aQuorumForAnotherResultStopsThisOrganisation() throws {
    var other = try statement()
    other.root = .zero
    _ = order(batch)
    #expect(handle(.received(try vote(1, other))).names == [])
    #expect(handle(.received(try vote(2, other))).names == [])
    #expect(handle(.received(try vote(3, other))).names == ["diverged"])
    #expect(handle(.tick).names == [])
    #expect(own.chain.height == 0)
  }

  @Test mutating func aCertificateForAnotherRootStopsItToo() throws {
    var other = try statement()
    other.root = .sha256([1])
    _ = order(batch)
    #expect(handle(.received(.certified(try certified(other, by: [1, 2, 3])))).names == ["diverged"])
    #expect(handle(.tick).names == [])
  }

  /// A liar may send true certificates for other heads, or false ones for this.
  @Test mutating func certificatesThatProveNothing() throws {
    let statement = try statement()
    _ = order(batch)
    var older = statement
    older.size -= 1
    var fewer = try certified(statement, by: [1, 2])
    #expect(handle(.received(.certified(try certified(older, by: [1, 2, 3])))).names == [])
    #expect(handle(.received(.certified(fewer))).names == [])
    fewer = try certified(statement, by: [0, 1, 2, 3])
    #expect(handle(.received(.certified(fewer))).names == [])
    let unsigned = CertifiedCheckpoint(statement: statement, cosignatures: [], logSignatures: [])
    #expect(handle(.received(.certified(unsigned))).names == [])
    #expect(own.isInFlight)
    #expect(handle(.received(.certified(try certified(statement, by: [1, 2, 3])))).names == ["publish"])
  }

  @Test mutating func linesThatNoReaderWouldAcceptAreLeftOut() throws {
    let statement = try statement()
    _ = order(batch)
    let full = try certified(statement, by: [1, 2, 3])
    let stranger = try LogSignature(text: [1], key: SigningKey(seed: [UInt8](repeating: 97, count: 32)))
    let wrong = try LogSignature(text: [1], key: organisations.keys[3].log)
    let doubled = CertifiedCheckpoint(
      statement: statement, cosignatures: full.cosignatures,
      logSignatures: [wrong, stranger] + full.logSignatures.prefix(2) + full.logSignatures.prefix(2))
    guard case .publish(let block)? = handle(.received(.certified(doubled))).first else {
      Issue.record("not published")
      return
    }
    // Those of 1 and 2 once each, and its own.
    #expect(Set(block.logSignatures.map(\.key)) == Set([0, 1, 2].map { organisations.keys[$0].log.publicKey }))
    #expect(block.logSignatures.count == 3)
    let text = try block.checkpoint(origin: organisations.genesis.origin, endorsers: organisations.set)
    let policy = try organisations.set.policy(origin: organisations.genesis.origin)
    #expect(try policy.verify(UnverifiedCheckpoint(text)).checkpoint.size == statement.size)
  }

  @Test mutating func theNextBatchBringsTheCertificate() throws {
    _ = order(batch)
    let next = try organisations.batch(after: nextChain(), [organisations.transaction(2)], by: 1)
    #expect(order(next, at: 2).names == ["publish", "store batch", "store vote", "broadcast vote"])
    #expect(own.nextSequence == 3)
  }

  @Test mutating func whoIsBehindNeedNotVote() throws {
    let next = try organisations.batch(after: nextChain(), [organisations.transaction(2)], by: 1)
    #expect(order(next, at: 2).names == [])
    #expect(order(batch).names == ["publish", "store batch", "store vote", "broadcast vote"])
  }

  private func nextChain() throws -> Chain<TallyChain> {
    var chain = try organisations.chain()
    chain.commit(try chain.execute(PreparedBatch(batch, chain: chainID), certificate: nil))
    return chain
  }

  @Test mutating func anInvalidValueIsSkippedAndTheNextNamesTheLastValidOne() throws {
    let statement = try statement()
    _ = order(batch)
    for place in 1...3 {
      _ = handle(.received(try vote(place, statement)))
      _ = handle(.received(try lock(place, statement)))
      _ = handle(.received(try cosigned(place, statement)))
    }
    #expect(own.chain.height == 1)
    let chain = own.chain
    // No batch, a batch from before, and one that is signed by nobody.
    #expect(order(nil, at: 2).names == [])
    #expect(order(batch, at: 3).names == [])
    var header = try organisations.header(after: chain, by: 1)
    header.sequence = 4
    let unsigned = try Batch(header, entries: [], signedBy: organisations.keys[2].vote)
    #expect(order(unsigned, at: 4).names == [])
    #expect(own.nextSequence == 5 && own.chain.head == chain.head)
    let mine = handle(
      .submitted(Submission(try organisations.transaction(2), entries: [try organisations.transaction(2).entry])))
    #expect(mine.names == ["store proposal", "append 5"])
    guard case .append(5, let bytes) = mine[1] else { return }
    let proposed = try Batch(decoding: bytes)
    #expect(proposed.header.previous == batch.hash)
    #expect(try chain.validate(proposed, at: 5) != nil)
  }

  @Test mutating func aProposalIsSentAgainWithTheSameBytes() throws {
    let transaction = try organisations.transaction(5)
    let first = handle(.submitted(Submission(transaction, entries: [transaction.entry])))
    #expect(first.names == ["store proposal", "append 1"])
    let again = handle(
      .submitted(Submission(try organisations.transaction(6), entries: [try organisations.transaction(6).entry])))
    #expect(again.names == [])
    let tick = handle(.tick, after: 2)
    #expect(tick.names == ["read 1", "append 1"])
    guard case .append(_, let bytes) = first[1], case .append(_, let same) = tick[1] else { return }
    #expect(bytes == same)
    #expect(try Batch(decoding: bytes).entries == [transaction.entry])
    // Another's batch takes the place: the transaction stays and is proposed anew afterwards.
    _ = order(batch)
    #expect(handle(.tick, after: 3).names == ["read 2", "broadcast vote"])
    let next = handle(.received(.certified(try certified(statement(), by: [1, 2, 3]))))
    #expect(next.names == ["publish", "store proposal", "append 2"])
    guard case .append(_, let second) = next[2] else { return }
    #expect(try Batch(decoding: second).entries.count == 2)
  }

  @Test mutating func ticksSayAgainWhatWasSaid() throws {
    let statement = try statement()
    _ = order(batch)
    #expect(handle(.tick).names == ["read 2", "broadcast vote"])
    _ = handle(.received(try vote(1, statement)))
    _ = handle(.received(try vote(2, statement)))
    #expect(handle(.tick).names == ["read 2", "broadcast vote", "broadcast lock"])
    _ = handle(.received(try lock(1, statement)))
    _ = handle(.received(try lock(2, statement)))
    #expect(handle(.tick).names == ["read 2", "broadcast vote", "broadcast lock", "broadcast cosigned"])
  }

  @Test func aTransactionThatFitsNoBatchIsRefusedAtOnce() throws {
    var limits = Limits()
    limits.batchBytes = 20_000
    let organisations = try Organisations(1, limits: limits)
    var proposed = 0
    for size in 3400...3560 {
      var own = try Endorsing<TallyChain>(genesis: organisations.genesis, keys: organisations.keys[0])
      let transaction = try organisations.transaction(1, payload: [UInt8](repeating: 1, count: size))
      let effects = own.handle(
        .submitted(Submission(transaction, entries: [transaction.entry])), at: Organisations.start)
      // Never taken in and then left lying, which would make empty batches without end.
      let isProposed = effects.names == ["store proposal", "append 1"]
      if isProposed { proposed += 1 }
      #expect(isProposed || effects.names == ["refuse transaction.too_large"], "payload \(size)")
    }
    #expect(proposed > 0 && proposed < 161)
  }

  @Test func whoHasUsedUpItsAllowanceProposesNothing() throws {
    var limits = Limits()
    limits.proposerBytes = 1500
    let organisations = try Organisations(1, limits: limits)
    var own = try Endorsing<TallyChain>(genesis: organisations.genesis, keys: organisations.keys[0])
    var sequence: UInt64 = 1
    var effects: [Effect<TallyChain>] = []
    for number in 1...4 as ClosedRange<UInt8> {
      let transaction = try organisations.transaction(number, payload: [UInt8](repeating: 1, count: 300))
      effects = own.handle(.submitted(Submission(transaction, entries: [transaction.entry])), at: Organisations.start)
      while let append = effects.first(where: { if case .append = $0 { true } else { false } }) {
        guard case .append(_, let bytes) = append else { break }
        let prepared = PreparedBatch(try Batch(decoding: bytes), chain: organisations.genesis.chain)
        effects = own.handle(.ordered(sequence: sequence, prepared), at: Organisations.start)
        sequence += 1
      }
    }
    #expect(own.chain.height == 2 && own.hasWaiting)
    effects = own.handle(.tick, at: Organisations.start.adding(seconds: 30))
    #expect(effects.names == ["read 3"])
  }
}

extension [Effect<TallyChain>] {
  /// What each effect is, in a word or two.
  var names: [String] {
    map { effect in
      switch effect {
      case .refuse(_, let error): "refuse \(error.code.name)"
      case .append(let sequence, _): "append \(sequence)"
      case .read(let sequence): "read \(sequence)"
      case .store(let record): "store \(record.name)"
      case .broadcast(let message): "broadcast \(message.name)"
      case .send(let ordinal, let message): "send \(ordinal) \(message.name)"
      case .publish: "publish"
      case .diverged: "diverged"
      }
    }
  }
}

extension StoredRecord {
  fileprivate var name: String {
    switch self {
    case .proposal: "proposal"
    case .batch: "batch"
    case .vote: "vote"
    case .voteCertificate: "vote certificate"
    case .lock: "lock"
    case .cosigned: "cosigned"
    }
  }
}

extension EndorsementMessage {
  fileprivate var name: String {
    switch self {
    case .vote: "vote"
    case .lock: "lock"
    case .cosigned: "cosigned"
    case .certified: "certified"
    }
  }
}
