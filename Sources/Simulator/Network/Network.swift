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
  private var engine = OrderingEngine()
  private var deliveries: DeliveryQueue

  /// A network of organisations that start at the genesis.
  ///
  /// - Parameters:
  ///   - keys: each organisation's keys, in the order of their ordinals.
  ///   - watch: has the first organisation's state note what is in no root, so that it stands in its blocks.
  public init(
    genesis: Genesis, keys: [OrganisationKeys], faults: Faults = .none, seed: UInt64,
    prepare: @escaping Preparation = { PreparedBatch($0, chain: $1.chain) }, watch: (inout App) -> Void = { _ in }
  ) throws(LedgerError) {
    var participants: [Endorsing<App>] = []
    for own in keys {
      var app = try App(genesis: genesis)
      if participants.isEmpty { watch(&app) }
      participants.append(
        Endorsing(chain: try Chain(genesis: genesis, app: app), certificate: nil, keys: own, records: []))
    }
    self.participants = participants
    published = keys.map { _ in [] }
    clock = genesis.time.seconds * 1000
    self.faults = faults
    self.genesis = genesis
    self.prepare = prepare
    generator = SplitMix64(seed: seed)
    deliveries = DeliveryQueue(places: keys.count + 1)
  }

  /// The clock in whole seconds, as organisations read it whose clocks are right.
  public var now: Timestamp { Timestamp(seconds: clock / 1000) }

  /// Blocks an organisation has published since the last call.
  public mutating func takePublished(by place: Int) -> [CertifiedBlock<App>] {
    defer { published[place] = [] }
    return published[place]
  }

  /// Hands a transaction with its rows to one organisation.
  public mutating func submit(_ transaction: VerifiedTransaction, entries: [[UInt8]], to place: Int = 0) {
    handle(.submitted(Submission(transaction, entries: entries)), at: place)
  }

  /// Puts any bytes at a sequence of the ordering engine, as a lying organisation might.
  public mutating func append(_ bytes: [UInt8], at sequence: UInt64) {
    order(bytes, at: sequence)
  }

  /// Sends any message to one organisation, as a lying organisation might.
  public mutating func send(_ message: EndorsementMessage, to place: Int) {
    schedule(.message(message), to: place, longest: faults.maximumDelay)
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
  private var enginePlace: Int { participants.count }

  private mutating func handle(_ event: Event, at place: Int) {
    for effect in participants[place].handle(event, at: clock(of: place)) {
      switch effect {
      case .append(let sequence, let bytes): sendBatch(.append(sequence: sequence, bytes), from: place, to: enginePlace)
      case .read(let sequence): read(from: sequence, by: place)
      case .broadcast(let message):
        for other in participants.indices where other != place { send(message, from: place, to: other) }
      case .send(let ordinal, let message):
        if let other = participants.firstIndex(where: { $0.ordinal == ordinal }) {
          send(message, from: place, to: other)
        }
      case .publish(let block):
        published[place].append(block)
        // What every organisation has taken in nobody reads again.
        engine.release(below: participants.map(\.nextSequence).min() ?? 0)
      case .refuse(let name, let error): refused.append((name, error))
      case .diverged: diverged.append(place)
      // One process that never restarts remembers by living.
      case .store: break
      }
    }
  }

  private func clock(of place: Int) -> Timestamp {
    guard let offset = faults.clockOffsets[place] else { return now }
    let seconds = offset < 0 ? now.seconds - min(now.seconds, offset.magnitude) : now.seconds + offset.magnitude
    return Timestamp(seconds: seconds)
  }

  private mutating func order(_ bytes: [UInt8], at sequence: UInt64) {
    let genesis = genesis
    let prepare = prepare
    if engine.append(bytes, at: sequence, prepare: { prepare($0, genesis) }) == .outbid { counts.outbid += 1 }
    // A value is announced again when somebody tries to take its place.
    for place in participants.indices { sendBatch(.ordered(sequence), from: enginePlace, to: place) }
  }

  private mutating func read(from sequence: UInt64, by place: Int) {
    var sequence = sequence
    while engine.has(sequence) {
      sendBatch(.ordered(sequence), from: enginePlace, to: place)
      sequence += 1
    }
  }

  private mutating func send(_ message: EndorsementMessage, from place: Int, to other: Int) {
    guard !isSilenced(place, other) else { return }
    if chance(faults.lost) {
      counts.lost += 1
      return
    }
    for _ in 0..<copies() where schedule(.message(message), to: other, longest: faults.maximumDelay) {
      counts.delayed += 1
    }
  }

  private mutating func sendBatch(_ content: Delivery.Content, from place: Int, to other: Int) {
    guard !isSilenced(place, other) else { return }
    if chance(faults.lost) {
      counts.batchesLost += 1
      return
    }
    for _ in 0..<copies() where schedule(content, to: other, longest: faults.batchDelay) {
      counts.batchesDelayed += 1
    }
  }

  private mutating func isSilenced(_ place: Int, _ other: Int) -> Bool {
    guard faults.silent.contains(place) || faults.silent.contains(other) else { return false }
    counts.silenced += 1
    return true
  }

  private mutating func copies() -> Int {
    guard chance(faults.doubled) else { return 1 }
    counts.doubled += 1
    return 2
  }

  /// Whether it is delayed.
  @discardableResult
  private mutating func schedule(_ content: Delivery.Content, to place: Int, longest: UInt64) -> Bool {
    let delay = longest == 0 ? 0 : generator.next() % (longest + 1)
    deliveries.add(Delivery(time: clock + delay, place: place, content: content))
    return delay > 0
  }

  private mutating func deliver(_ delivery: Delivery) {
    if faults.silent.contains(delivery.place) {
      counts.silenced += 1
      return
    }
    if delivery.isOvertaken { counts.reordered += 1 }
    switch delivery.content {
    case .append(let sequence, let bytes): order(bytes, at: sequence)
    case .message(let message): handle(.received(message), at: delivery.place)
    case .ordered(let sequence):
      if let value = engine.value(at: sequence) { handle(.ordered(sequence: sequence, value), at: delivery.place) }
    }
  }

  private mutating func chance(_ parts: Int) -> Bool {
    parts > 0 && generator.next() % 1000 < UInt64(parts)
  }
}
