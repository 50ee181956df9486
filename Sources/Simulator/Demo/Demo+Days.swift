internal import Consortium
internal import Contracts
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension Demo {
  /// One day, at nine in the morning: time is refreshed, and everything of the day goes into one block.
  ///
  /// People who join were attested the day before, and what they pay is reported the day after.
  mutating func run(day: Int, index: Int) throws {
    network.advance(to: Demo.morning(day))
    try govern(index: index)
    if index % Demo.statementEvery == 0 { try stateReserves(day) }
    let joining = joinersOn(index)
    let manifests = UInt32(network.participants[0].chain.app.consortium.attestations.count)
    try join(joining, manifests: manifests)
    try attest(joinersOn(index + 1))
    try deposit()
    let filed = try claims(day)
    try contests()
    try payments()
    try leaves(day)
    try moveAway(index: index)
    try settle()
    follow(filed, day: day)
    noteJoined(joining)
    noteDeposits()
    topUps()
    for plan in options.plans.indices { memberDays[plan] += mutualAid.balances(of: UInt16(plan)).members }
    guard network.diverged.isEmpty else { throw LedgerError(.badBatch, "organisations computed different blocks") }
  }

  /// Days between two statements of what the bank holds.
  private static let statementEvery = 7

  /// The bank states what it held for each plan at midnight, by its own books. First of all that is to happen this
  /// day, so that it is judged against the accounts of the same moment.
  private mutating func stateReserves(_ day: Int) throws {
    for plan in options.plans.indices {
      wallets[plan].statements += 1
      try submit(
        MutualAid.reserveStatement(
          plan: UInt16(plan), number: wallets[plan].statements, asOf: CivilDate.midnight(dayNumber: UInt32(day)),
          held: Amount(micro: wallets[plan].held),
          evidence: DemoKeys.hash(
            seed: options.seed, purpose: "reserves \(plan)", index: Int(wallets[plan].statements))), by: .bank)
    }
  }

  /// Lets the network come to rest and hands on the blocks of the first organisation.
  mutating func settle() throws {
    network.settle()
    for place in network.participants.indices.dropFirst() { _ = network.takePublished(by: place) }
    for block in network.takePublished(by: 0) {
      for codes in block.block.codes { for code in codes { results[code, default: 0] += 1 } }
      try publish(block, network.participants[0].chain.certifiers)
    }
  }

  // MARK: Sending

  /// A transaction by an organisation's officer, with rows.
  mutating func submit(_ action: Action, by member: DemoConsortium.Member, rows: [[UInt8]] = []) throws {
    let key = consortium.officer(of: member)
    let manifest = rows.isEmpty ? nil : Manifest(rows: rows)
    let envelope = try unsigned(action, sender: key.publicKey.address, manifest: manifest).signed(by: [key])
    try submit([Entry.make(.transaction, envelope)], rows: RowEntries.pack(rows))
  }

  func unsigned(
    _ action: Action, sender: Address, manifest: Manifest? = nil, id: [UInt8]? = nil
  ) throws(LedgerError) -> UnsignedTransaction {
    try UnsignedTransaction(
      chain: genesis.chain, sender: sender, expiry: network.now.adding(seconds: 300),
      id: id ?? Array(DemoKeys.hash(seed: options.seed, purpose: "id", index: Int(nextID)).bytes.prefix(16)),
      action: action, manifest: manifest)
  }

  /// Verifies transactions and hands them in; rows go with the only one there is then.
  mutating func submit(_ entries: [[UInt8]], rows: [[UInt8]] = []) throws {
    nextID += UInt64(entries.count)
    for (entry, item) in zip(entries, preparation.take(entries, genesis: genesis)) {
      guard case .transaction(let transaction) = item else {
        throw LedgerError(.badSignature, "a transaction of the demonstration is not valid")
      }
      network.submit(transaction, entries: [entry] + rows)
    }
  }

  // MARK: Joining

  private static let manifestRows = 1024

  private func joinersOn(_ index: Int) -> [Int] { index < joiners.count ? joiners[index] : [] }

  /// The identity authority attests those who join the next day.
  mutating func attest(_ joining: [Int]) throws {
    for plan in options.plans.indices {
      let rows = attestations(joining.filter { people[$0].plan == plan }).map(\.canonicalBytes)
      for start in stride(from: 0, to: rows.count, by: Demo.manifestRows) {
        try submit(
          Consortium.attestAction(plan: UInt16(plan)), by: .identity,
          rows: Array(rows[start..<min(start + Demo.manifestRows, rows.count)]))
      }
    }
  }

  private func attestations(_ persons: [Int]) -> [Attestation] {
    let seed = options.seed
    // Deriving a key is most of the work, so it is done on all cores.
    let owners = Parallel.map(persons.count) { index in
      try? DemoKeys.key(seed: seed, purpose: "person", index: persons[index]).publicKey.address
    }
    return zip(persons, owners).map { person, owner in
      let birth = CivilDate.midnight(month: Int(people[person].birthMonth))
      let ages = options.plans[Int(people[person].plan)].ages
      guard let owner else { preconditionFailure("a hash is a key's seed") }
      return Attestation(
        plan: people[person].plan, birthMonth: people[person].birthMonth, owner: owner,
        earliestJoin: birth.adding(days: UInt64(ages.joinFromDays)),
        expiry: Demo.morning(people[person].joinDay).adding(days: 30),
        nullifier: DemoKeys.hash(seed: seed, purpose: "nullifier", index: person))
    }
  }

  private mutating func join(_ joining: [Int], manifests: UInt32) throws {
    // Manifests of the day are the last ones, first plan first.
    var ordinal = manifests
    let groups = options.plans.indices.map { plan in joining.filter { people[$0].plan == plan } }
    for group in groups { ordinal -= UInt32((group.count + Demo.manifestRows - 1) / Demo.manifestRows) }
    var proven: [(person: Int, proof: ProvenAttestation)] = []
    for group in groups {
      for start in stride(from: 0, to: group.count, by: Demo.manifestRows) {
        let part = Array(group[start..<min(start + Demo.manifestRows, group.count)])
        let attestations = attestations(part)
        let paths = InclusionPaths(attestations.map { Hash.leaf($0.canonicalBytes) })
        for (index, person) in part.enumerated() {
          proven.append(
            (
              person,
              ProvenAttestation(
                attestation: attestations[index], manifest: ordinal, index: UInt32(index),
                path: paths.path(to: index))
            ))
        }
        ordinal += 1
      }
    }
    let ready = proven
    let world = JoinWriter(demo: self)
    let entries = Parallel.map(ready.count) { world.entry(ready[$0].person, ready[$0].proof, id: $0) }
    try submit(entries.compactMap { $0 })
  }

  private mutating func noteJoined(_ joining: [Int]) {
    let state = mutualAid
    for person in joining {
      let nullifier = DemoKeys.hash(seed: options.seed, purpose: "nullifier", index: person)
      guard let known = state.nullifiers.find(nullifier), state.nullifiers[known].membership != 0 else { continue }
      let membership = state.nullifiers[known].membership - 1
      people[person].membership = membership
      persons[membership] = person
      let yuan = generator.pick([(10, 0.2), (30, 0.3), (50, 0.3), (100, 0.2)] as [(Int64, Double)])
      wallets[Int(people[person].plan)].deposits.append((membership, yuan * depositUnit(Int(people[person].plan))))
    }
  }

  /// A tenth of what three large cases cost a member, at least one yuan: in a small population people must
  /// pay in more at a time, or they would run dry with every case.
  func depositUnit(_ plan: Int) -> Int64 {
    let convention = options.plans[plan]
    let members = Int64(max(1, options.people(of: plan)))
    var share = convention.highestAid.micro / members
    if convention.caps.perCase.micro > 0 { share = min(share, convention.caps.perCase.micro) }
    return min(1000, max(1, 3 * share / Amount.microPerYuan / 10))
  }

  // MARK: Paying

  private mutating func topUps() {
    let state = mutualAid
    for plan in options.plans.indices {
      let record = state.plans[plan]
      let unit = depositUnit(plan)
      comeBack(plan, state)
      let low = record.cumulative + 5 * unit * Amount.microPerYuan
      while let membership = wallets[plan].pop(below: low) {
        guard state.memberships[Int(membership)].status == .active else { continue }
        guard record.standing == .running else { continue }
        // One in two hundred times a member lets it run out, and among neighbours one in eight.
        if generator.below(plan == 2 ? 8 : 200) == 0 {
          wallets[plan].lapsing.append(membership)
          continue
        }
        let yuan = generator.pick([(10, 0.2), (30, 0.3), (50, 0.3), (100, 0.2)] as [(Int64, Double)])
        wallets[plan].deposits.append((membership, yuan * unit))
      }
    }
  }

  /// Every second one who ran dry pays what she missed some days later, where the convention gives her the time.
  private mutating func comeBack(_ plan: Int, _ state: MutualAid) {
    guard options.plans[plan].graceDays > 0, state.plans[plan].standing == .running else { return }
    var waiting: [UInt32] = []
    for membership in wallets[plan].lapsing {
      guard let exhausted = state.exhaustedAt(membership: Int(membership)) else {
        if state.memberships[Int(membership)].status == .active { waiting.append(membership) }
        continue
      }
      guard exhausted.adding(days: 4) <= network.now else {
        waiting.append(membership)
        continue
      }
      guard membership % 2 == 0 else { continue }
      let missed = state.plans[plan].cumulative - state.memberships[Int(membership)].exhaustsAt
      let yuan = missed / Amount.microPerYuan + 1 + 10 * depositUnit(plan)
      wallets[plan].deposits.append((membership, yuan))
    }
    wallets[plan].lapsing = waiting
  }

  private mutating func deposit() throws {
    for plan in options.plans.indices {
      let rows = wallets[plan].deposits.map { deposit in
        let number = wallets[plan].nextDeposit + UInt64(wallets[plan].changed.count)
        wallets[plan].changed.append(deposit.membership)
        wallets[plan].held += deposit.yuan * Amount.microPerYuan
        return Deposit(
          membership: deposit.membership, amount: Amount(micro: deposit.yuan * Amount.microPerYuan),
          reference: DemoKeys.hash(seed: options.seed, purpose: "payment \(plan)", index: Int(number))
        ).canonicalBytes
      }
      wallets[plan].deposits = []
      for start in stride(from: 0, to: rows.count, by: 8192) {
        let part = Array(rows[start..<min(start + 8192, rows.count)])
        try submit(
          MutualAid.deposits(plan: UInt16(plan), first: wallets[plan].nextDeposit), by: .bank, rows: part)
        wallets[plan].nextDeposit += UInt64(part.count)
      }
    }
  }

  private mutating func noteDeposits() {
    let state = mutualAid
    for plan in options.plans.indices {
      for membership in wallets[plan].changed {
        let record = state.memberships[Int(membership)]
        if record.wasFunded, record.status == .active {
          wallets[plan].push(record.exhaustsAt, membership)
        } else if record.queuedCredits > 0 {
          // Waits for the running debit; looked at again when the index has moved past it.
          wallets[plan].push(state.plans[plan].cumulative + 5 * depositUnit(plan) * Amount.microPerYuan, membership)
        }
      }
      wallets[plan].changed = []
    }
  }
}

/// Writes joins on all cores: what it needs of the demonstration, and nothing that changes.
struct JoinWriter: Sendable {
  private let seed: UInt64
  private let chain: Hash
  private let expiry: Timestamp
  private let firstID: UInt64

  init(demo: Demo) {
    seed = demo.options.seed
    chain = demo.genesis.chain
    expiry = demo.network.now.adding(seconds: 300)
    firstID = demo.nextID
  }

  func entry(_ person: Int, _ proof: ProvenAttestation, id: Int) -> [UInt8]? {
    do {
      let key = try DemoKeys.key(seed: seed, purpose: "person", index: person)
      let action = try MutualAid.join(
        proof, insured: DemoKeys.hash(seed: seed, purpose: "insured", index: person),
        health: DemoKeys.hash(seed: seed, purpose: "health", index: person))
      let id = DemoKeys.hash(seed: seed, purpose: "id", index: Int(firstID) + id)
      let unsigned = try UnsignedTransaction(
        chain: chain, sender: key.publicKey.address, expiry: expiry, id: Array(id.bytes.prefix(16)), action: action)
      return Entry.make(.transaction, try unsigned.signed(by: [key]))
    } catch {
      return nil
    }
  }
}
