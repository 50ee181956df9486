public import Ledger
internal import TransparencyLog

/// Several organisations in one process, with a clock of their own and a network that may misbehave.
///
/// One thread, one seed: the same seed gives the same run to the byte.
public struct Network<App: Application> {
  /// Prepares a batch; replaceable, so that a caller with many cores can verify signatures in parallel.
  public typealias Preparation = (Batch, Genesis) -> PreparedBatch

  /// The organisations.
  public private(set) var participants: [Endorsing<App>]
  /// Blocks each organisation has published and the caller has not taken yet.
  public private(set) var published: [[CertifiedBlock<App>]]
  /// Transactions an organisation refused to propose.
  public private(set) var refused: [(TransactionID, LedgerError)] = []
  /// Organisations that stopped because a quorum computed something else.
  public private(set) var diverged: [Int] = []
  /// What went wrong so far.
  public private(set) var counts = FaultCounts()
  /// Milliseconds since 1970.
  public private(set) var clock: UInt64
  /// How the network misbehaves from now on.
  public var faults: Faults

  private let genesis: Genesis
  private let prepare: Preparation
  private var generator: SplitMix64
  private var ordered: [UInt64: PreparedBatch?] = [:]
  private var deliveries = DeliveryQueue()

  /// A network of organisations that start at the genesis.
  ///
  /// - Parameter keys: each organisation's keys, in the order of their ordinals.
  public init(
    genesis: Genesis, keys: [OrganisationKeys], faults: Faults = .none, seed: UInt64,
    prepare: @escaping Preparation = { PreparedBatch($0, chain: $1.chain) }
  ) throws(LedgerError) {
    var participants: [Endorsing<App>] = []
    for own in keys { participants.append(try Endorsing(genesis: genesis, keys: own)) }
    self.participants = participants
    published = keys.map { _ in [] }
    clock = genesis.time.seconds * 1000
    self.faults = faults
    self.genesis = genesis
    self.prepare = prepare
    generator = SplitMix64(seed: seed)
  }

  /// The clock in whole seconds, as organisations read it.
  public var now: Timestamp { Timestamp(seconds: clock / 1000) }

  /// Blocks an organisation has published since the last call.
  public mutating func takePublished(by place: Int) -> [CertifiedBlock<App>] {
    defer { published[place] = [] }
    return published[place]
  }

  /// Hands a transaction with its rows to one organisation.
  public mutating func submit(_ transaction: VerifiedTransaction, entries: [[UInt8]], to place: Int = 0) {
    handle(.submitted(transaction, entries: entries), at: place)
  }

  /// Lets everything that is under way arrive, without moving the clock further than the last delivery.
  public mutating func settle() {
    while let delivery = deliveries.next() {
      clock = max(clock, delivery.time)
      deliver(delivery)
    }
  }

  /// Moves the clock to a moment, delivering on the way, and ticks every organisation once.
  public mutating func advance(to time: Timestamp) {
    while let next = deliveries.nextTime, next <= time.seconds * 1000, let delivery = deliveries.next() {
      clock = max(clock, delivery.time)
      deliver(delivery)
    }
    clock = max(clock, time.seconds * 1000)
    for place in participants.indices { handle(.tick, at: place) }
  }
}

extension Network {
  private mutating func handle(_ event: Event, at place: Int) {
    if faults.silent == place { return }
    for effect in participants[place].handle(event, at: now) {
      switch effect {
      case .append(let sequence, let bytes): append(bytes, at: sequence)
      case .broadcast(let message):
        for other in participants.indices where other != place { send(message, from: place, to: other) }
      case .send(let ordinal, let message):
        if let other = participants.firstIndex(where: { $0.ordinal == ordinal }) {
          send(message, from: place, to: other)
        }
      case .publish(let block): published[place].append(block)
      case .refuse(let name, let error): refused.append((name, error))
      case .diverged: diverged.append(place)
      // One process that never restarts remembers by living.
      case .store: break
      }
    }
  }

  /// The ordering engine: the first value at a sequence stays.
  private mutating func append(_ bytes: [UInt8], at sequence: UInt64) {
    if ordered[sequence] == nil {
      let batch = try? Batch(decoding: bytes)
      ordered.updateValue(batch.map { prepare($0, genesis) }, forKey: sequence)
    } else {
      counts.outbid += 1
    }
    // A value is announced again when somebody tries to take its place: a doorbell that was missed rings twice.
    for place in participants.indices { schedule(.ordered(sequence), to: place) }
  }

  private mutating func send(_ message: EndorsementMessage, from place: Int, to other: Int) {
    if faults.silent == place || faults.silent == other {
      counts.silenced += 1
      return
    }
    if chance(faults.lost) {
      counts.lost += 1
      return
    }
    schedule(.message(message), to: other)
    if chance(faults.doubled) {
      counts.doubled += 1
      schedule(.message(message), to: other)
    }
  }

  private mutating func schedule(_ content: Delivery.Content, to place: Int) {
    let delay = faults.maximumDelay == 0 ? 0 : generator.next() % (faults.maximumDelay + 1)
    if delay > 0 { counts.delayed += 1 }
    deliveries.add(Delivery(time: clock + delay, place: place, content: content))
  }

  private mutating func deliver(_ delivery: Delivery) {
    if delivery.isOvertaken { counts.reordered += 1 }
    switch delivery.content {
    case .message(let message): handle(.received(message), at: delivery.place)
    case .ordered(let sequence):
      if let value = ordered[sequence] { handle(.ordered(sequence: sequence, value), at: delivery.place) }
    }
  }

  private mutating func chance(_ parts: Int) -> Bool {
    parts > 0 && generator.next() % 1000 < UInt64(parts)
  }
}
