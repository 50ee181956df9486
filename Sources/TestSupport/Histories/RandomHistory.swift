internal import Consortium
public import Contracts
public import Ledger
public import MutualAid
public import TransparencyLog

/// A random history of a mutual-aid chain: every kind of transaction, good and bad ones mixed, and leaps of
/// time in which notices end, calendars run, balances run dry and members grow too old.
///
/// The same seed gives the same blocks on every machine. What a step means to do is drawn from the state
/// before its block, so some good steps fail because of others in the same block; that is wanted.
public struct RandomHistory: Sendable {
  /// The chain after the last block.
  public internal(set) var chain: TestChain
  /// What became of the steps so far.
  public private(set) var tally = HistoryTally()

  var generator: SeededGenerator
  /// Conventions that have no plan yet come first.
  let conventions: [Convention]
  /// Everybody attested so far, and the keys by address; looked up, never iterated.
  var people: [TestPerson] = []
  var keys: [Address: SigningKey] = [:]
  /// Rows that may still be joined on.
  var attested: [ProvenAttestation] = []
  /// Rows by which somebody is attested anew: after a veto, or of age.
  var renewed: [ProvenAttestation] = []
  /// Memberships whose owners asked to leave.
  var left: Set<UInt32> = []
  /// Per plan the number after the deposits of the block that is being made.
  var promised: [UInt16: UInt64] = [:]
  /// Steps of the block that is being made, and of the one before, to be sent again.
  var steps: [Step] = []
  var earlier: [Step] = []

  /// A transaction with its rows, or bytes that are no good transaction.
  struct Step: Sendable {
    /// What is asked for; `nil` for bytes that ask for nothing.
    var action: HistoryAction?
    var entries: [[UInt8]]
    var effect = Effect.none
  }

  /// What the history has to remember if a step succeeds.
  enum Effect: Sendable {
    case none
    case attested([TestPerson], [Attestation])
    case left(UInt32)
    case renewed(Attestation)
    case tookOver(SigningKey)
  }

  /// A history that has not begun.
  ///
  /// - Parameter watched: whose changes each block notes.
  public init(seed: UInt64, watching watched: Watched = .nobody) throws(LedgerError) {
    generator = SeededGenerator(seed: seed)
    var limits = Limits()
    // Few enough that a long leap of time fills some blocks, so that steps are carried over.
    limits.dueSteps = 24
    // Few enough that a busy member uses it up.
    limits.senderBytes = 1200
    chain = try TestChain(TestNetwork(endorsers: 4, limits: limits), watching: watched)
    conventions = try RandomHistory.conventions()
  }

  /// Makes, executes and commits the next block.
  public mutating func block() throws(LedgerError) -> ExecutedBlock<ChainState> {
    advance()
    earlier = steps
    steps = []
    promised = [:]
    if chain.state.plans.count < conventions.count, chain.chain.height == 0 || below(3) == 0 {
      steps.append(try openPlan())
    }
    for _ in 0..<below(14) { steps.append(try draw()) }
    let manifests = chain.chain.app.consortium.attestations.count
    let block = try chain.block(steps.flatMap(\.entries))
    try remember(block.codes, firstManifest: manifests)
    return block
  }

  /// A block in one line: height, state root, results root and the log's root.
  public static func line(_ seal: Seal, root: Hash) -> String {
    "\(seal.height) \(seal.state) \(seal.results) \(root)"
  }

  /// Lets time pass: often seconds, mostly days, sometimes weeks.
  private mutating func advance() {
    switch below(20) {
    case 0..<3: break
    case 3..<9: chain.advance(seconds: 1 + UInt64(below(600)))
    case 9..<14: chain.advance(seconds: UInt64(below(2 * 86_400)))
    case 14..<19: chain.advance(days: 1 + UInt64(below(6)))
    default: chain.advance(days: 10 + UInt64(below(60)))
    }
  }

  private mutating func remember(_ codes: [[ErrorCode]], firstManifest: Int) throws(LedgerError) {
    for code in codes.joined() { tally.note(code) }
    var place = 0
    var manifest = UInt32(firstManifest)
    for step in steps {
      let code = codes[place][0]
      place += step.entries.count
      guard let action = step.action else { continue }
      tally.note(action, code)
      guard code == .success else { continue }
      switch step.effect {
      case .none: break
      case .left(let membership): left.insert(membership)
      case .renewed(let row):
        renewed.append(ProvenAttestation(attestation: row, manifest: manifest, index: 0, path: []))
      case .tookOver(let key): keys[key.publicKey.address] = key
      case .attested(let found, let rows):
        let leaves = rows.map { Hash.leaf($0.canonicalBytes) }
        for (index, row) in rows.enumerated() {
          people.append(found[index])
          keys[row.owner] = found[index].key
          guard let proof = try? InclusionProof.build(index: UInt64(index), leaves: leaves) else {
            preconditionFailure("a leaf of the tree has a path")
          }
          attested.append(
            ProvenAttestation(attestation: row, manifest: manifest, index: UInt32(index), path: proof.path))
        }
      }
      if action == .consortium(.attest) { manifest += 1 }
    }
  }
}

extension RandomHistory {
  /// A number from 0 up to but not including `bound`.
  mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  /// Plans that differ in everything a convention decides; the last one is wound down.
  private static func conventions() throws(LedgerError) -> [Convention] {
    func common(_ wire: inout WireConvention, aidYuan: Int64) {
      wire.waitingDays = 2
      // Whoever joins at sixty is soon too old.
      wire.ages.coverToYears = 61
      wire.aid[0].toYears = 60
      wire.aid[0].amount = aidYuan * Amount.microPerYuan
      wire.filingDays = 30
      wire.contest.objections = 1
      wire.contest.jurors = 3
      wire.contest.quorum = 2
      wire.contest.voteDays = 8
      wire.contest.revealDays = 6
      wire.contest.appealDays = 200
      wire.waitingIllness = .refund
    }
    func advances(_ wire: inout WireConvention, _ loss: WireFastTrack.Loss) {
      wire.fastTrack.amount = 20 * Amount.microPerYuan
      wire.fastTrack.cases = 3
      wire.fastTrack.total = 50 * Amount.microPerYuan
      wire.fastTrack.windowDays = 20
      wire.fastTrack.loss = loss
    }
    return [
      try TestConvention.plain { wire in
        common(&wire, aidYuan: 60)
        advances(&wire, .shared)
      },
      try TestConvention.calendar { wire in
        common(&wire, aidYuan: 100)
        wire.feePpm = 80_000
        wire.beyond = .carry
        wire.caps.perCase = 9 * Amount.microPerYuan
      },
      try TestConvention.plain(key: "grace") { wire in
        common(&wire, aidYuan: 90)
        wire.graceDays = 40
        wire.beyond = .reserve
        wire.caps.perYear = 90 * Amount.microPerYuan
        wire.noticeDays = 12
        advances(&wire, .fromReserve)
        wire.solvency.statementDays = 40
        wire.solvency.tolerancePpm = 50_000
        wire.solvency.pause = true
        wire.records.registeredWithinDays = 3
      },
      try TestConvention.calendar(key: "once") { wire in
        common(&wire, aidYuan: 70)
        wire.endsAfterAid = true
        wire.feePpm = 50_000
        wire.beyond = .proRata
      },
      try TestConvention.plain(key: "short") { wire in
        common(&wire, aidYuan: 40)
        wire.beyond = .carry
        wire.caps.perCase = 5 * Amount.microPerYuan
        wire.windDown.claimsDays = 20
        wire.windDown.reserve = .members
        wire.contest.appealDays = 5
      },
    ]
  }
}
