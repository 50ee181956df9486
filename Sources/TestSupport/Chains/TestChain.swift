public import Contracts
public import Ledger
public import MutualAid
internal import TransparencyLog

/// A mutual-aid chain whose blocks are built, signed, validated, certified and executed as in real life.
///
/// A value: a copy goes its own way, so a test can hold a block against the same block without one
/// transaction.
public struct TestChain: Sendable {
  /// Who signs.
  public let network: TestNetwork
  /// The chain after its last block.
  public private(set) var chain: Chain<ChainState>
  /// Transactions made so far; makes their ids.
  public private(set) var made: UInt64 = 0
  /// Endorsing keys that came after the genesis: of new organisations, or after a change.
  public var newKeys: [SigningKey] = []
  /// What the cosigners' clocks show: the time of the next block after the first.
  public var clock: Timestamp

  /// A chain at its genesis.
  ///
  /// - Parameter watched: whose changes each block notes.
  public init(_ network: TestNetwork, watching watched: Watched = .nobody) throws(LedgerError) {
    self.network = network
    var app = try ChainState(genesis: network.genesis)
    if watched == .everybody { app.watchEverything() } else { app.watch(watched) }
    chain = try Chain(genesis: network.genesis, app: app)
    clock = network.genesis.time
  }

  /// The contract's state.
  public var state: MutualAid { chain.app.mutualAid }

  /// Moves the cosigners' clocks.
  public mutating func advance(days: UInt64 = 0, seconds: UInt64 = 0) {
    clock = clock.adding(days: days).adding(seconds: seconds)
  }

  /// The time the next block will have.
  public var nextTime: Timestamp { chain.height == 0 ? chain.time : max(chain.time, clock) }

  /// The entries of a signed transaction and its rows.
  ///
  /// - Parameters:
  ///   - account: the sender, where the key is not her first.
  ///   - expiry: five minutes after the next block's time where nothing else is said.
  public mutating func transaction(
    _ action: Action, by key: SigningKey, as account: Address? = nil, rows: [[UInt8]] = [], expiry: Timestamp? = nil
  ) throws(LedgerError) -> [[UInt8]] {
    made += 1
    let unsigned = try UnsignedTransaction(
      chain: chain.id, sender: account ?? key.publicKey.address, expiry: expiry ?? nextTime.adding(seconds: 300),
      id: Array(Hash.label("transaction", made).bytes.prefix(16)), action: action,
      manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let envelope = try unsigned.signed(by: [key])
    return [Entry.make(.transaction, envelope)] + (try RowEntries.pack(rows))
  }

  /// A signed batch that may follow the last block, by the first organisation that endorses, with a certificate by
  /// exactly a quorum.
  public func batch(_ entries: [[UInt8]], sequence: UInt64? = nil) throws(LedgerError) -> Batch {
    guard let proposer = chain.app.endorsers.members.first(where: { key(of: $0.keys.vote) != nil }),
      let vote = key(of: proposer.keys.vote)
    else { preconditionFailure("an organisation endorses whose keys are known") }
    return try Batch(
      Header(
        chain: chain.id, epoch: chain.epoch, sequence: sequence ?? chain.sequence + 1, previous: chain.previous,
        certificate: try certificate(), proposer: proposer.ordinal), entries: entries, signedBy: vote)
  }

  /// Cosignatures of a quorum on the last checkpoint; empty before the first.
  public func certificate() throws(LedgerError) -> [EndorserCosignature] {
    guard chain.height > 0 else { return [] }
    let text = chain.head.text(origin: chain.genesis.origin)
    var cosignatures: [EndorserCosignature] = []
    for member in chain.certifiers.members {
      guard let key = key(of: member.keys.cosign) else { continue }
      cosignatures.append(try EndorserCosignature(text: text, time: max(clock, chain.time), key: key))
    }
    return Array(cosignatures.sorted { $0.key < $1.key }.prefix(chain.certifiers.quorum))
  }

  /// The private half of an endorsing key.
  private func key(of key: PublicKey) -> SigningKey? {
    for organisation in network.organisations {
      guard let own = organisation.endorsing else { continue }
      if let found = [own.vote, own.cosign, own.log].first(where: { $0.publicKey == key }) { return found }
    }
    return newKeys.first { $0.publicKey == key }
  }

  /// Validates, executes and commits a block of these entries.
  @discardableResult
  public mutating func block(_ entries: [[UInt8]] = []) throws(LedgerError) -> ExecutedBlock<ChainState> {
    let batch = try batch(entries)
    let certificate = try chain.validate(batch, at: batch.header.sequence)
    let block = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: certificate)
    chain.commit(block)
    clock = max(clock, chain.time)
    return block
  }

  /// One action in a block of its own; its code.
  @discardableResult
  public mutating func perform(
    _ action: Action, by key: SigningKey, as account: Address? = nil, rows: [[UInt8]] = []
  ) throws(LedgerError) -> ErrorCode {
    let entries = try transaction(action, by: key, as: account, rows: rows)
    return try block(entries).codes[0][0]
  }
}
