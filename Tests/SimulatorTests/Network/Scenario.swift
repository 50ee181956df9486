import Ledger
import Simulator

/// One run of the simulated network, drawn from a seed.
struct Scenario {
  let seed: UInt64
  let cast: Cast
  let genesis: Genesis
  let faults: Faults
  /// Organisations that are cut off, and from which second until before which; for ever without an end.
  let cutOff: (places: Set<Int>, from: UInt64, until: UInt64?)?
  /// When each transaction is handed in, and to whom first.
  let plan: [(second: UInt64, place: Int)]

  /// After so many seconds without seeing its transaction a client hands it to another organisation too.
  static let impatience: UInt64 = 8
  /// Every transaction is published within so many seconds of simulated time.
  static let bound: UInt64 = 90

  struct Outcome {
    var counts = FaultCounts()
    var runs = 0
    var blocks = 0
    var transactions = 0
    var steps = 0
    var returns = 0
    /// The longest any transaction took, in seconds.
    var slowest: UInt64 = 0
    var broken: [String] = []

    static func + (a: Outcome, b: Outcome) -> Outcome {
      Outcome(
        counts: a.counts + b.counts, runs: a.runs + b.runs, blocks: a.blocks + b.blocks,
        transactions: a.transactions + b.transactions, steps: a.steps + b.steps, returns: a.returns + b.returns,
        slowest: max(a.slowest, b.slowest), broken: a.broken + b.broken)
    }
  }

  init(seed: UInt64, cast: Cast) throws {
    var dice = SplitMix64(seed: seed)
    let count = cast.keys.count
    self.seed = seed
    self.cast = cast
    // Mostly a step becomes due while the transactions are on their way.
    genesis = try cast.genesis(interval: 5 + UInt64(dice.below(30)))
    var faults = Faults()
    if dice.below(8) > 0 { faults.maximumDelay = [100, 500, 1500, 3000][dice.below(4)] }
    if dice.below(8) > 0 { faults.batchDelay = [100, 500, 1500, 3000][dice.below(4)] }
    if dice.below(4) > 0 { faults.doubled = dice.below(200) }
    if dice.below(4) > 0 { faults.lost = dice.below(150) }
    self.faults = faults
    let tolerated = count - (2 * count / 3 + 1)
    if tolerated > 0, dice.below(3) > 0 {
      var places: Set<Int> = []
      for _ in 0...dice.below(tolerated) { places.insert(dice.below(count)) }
      if dice.below(3) == 0 {
        cutOff = (places, 0, nil)
      } else {
        let from = UInt64(dice.below(8))
        cutOff = (places, from, from + 4 + UInt64(dice.below(20)))
      }
    } else {
      cutOff = nil
    }
    plan = (0..<(2 + dice.below(3))).map { _ in (UInt64(1 + dice.below(12)), dice.below(count)) }
  }

  private func silent(at second: UInt64) -> Set<Int> {
    guard let cutOff, second >= cutOff.from, cutOff.until.map({ second < $0 }) ?? true else { return [] }
    return cutOff.places
  }

  /// Runs until every transaction is in and all who can hear agree, then checks the whole history.
  func run(isThorough: Bool) throws -> Outcome {
    var network = try Network<CounterChain>(genesis: genesis, keys: cast.keys, seed: seed &+ 1)
    network.faults = faults
    var journals: [[CertifiedBlock<CounterChain>]] = cast.keys.map { _ in [] }
    var waiting: [(transaction: VerifiedTransaction, since: UInt64, place: Int)] = []
    var outcome = Outcome()
    outcome.runs = 1
    var names: Set<TransactionID> = []
    var second: UInt64 = 0
    while true {
      network.faults.silent = silent(at: second)
      for index in waiting.indices {
        let age = second - waiting[index].since
        guard age > 0, age % Self.impatience == 0 else { continue }
        waiting[index].place = (waiting[index].place + 1) % cast.keys.count
        network.submit(
          waiting[index].transaction, entries: waiting[index].transaction.entries, to: waiting[index].place)
      }
      for (number, item) in plan.enumerated() where item.second == second {
        let transaction = try cast.transaction(
          UInt64(number), from: number % cast.keys.count, at: network.now, on: genesis)
        names.insert(transaction.name)
        waiting.append((transaction, second, item.place))
        network.submit(transaction, entries: transaction.entries, to: item.place)
      }
      second += 1
      network.advance(to: Cast.start.adding(seconds: second))
      for place in journals.indices {
        for block in network.takePublished(by: place) {
          journals[place].append(block)
          let found = Set(try block.transactionNames(on: genesis))
          waiting.removeAll { item in
            guard found.contains(item.transaction.name) else { return false }
            outcome.slowest = max(outcome.slowest, second - item.since)
            return true
          }
        }
      }
      if isOver(second, waiting: waiting.isEmpty, journals) { break }
      guard waiting.allSatisfy({ second - $0.since <= Self.bound }) else {
        throw Broken("a transaction is not published after \(Self.bound) seconds")
      }
      guard second < 4 * Self.bound else { throw Broken("organisations that can hear do not catch up") }
    }
    guard network.diverged.isEmpty else { throw Broken("organisations \(network.diverged) say they diverged") }
    let chain = try History(genesis: genesis, journals: journals).check(isThorough: isThorough)
    guard chain.app.sum == UInt64(plan.count), names.count == plan.count else {
      throw Broken("the sum is \(chain.app.sum) after \(plan.count) transactions")
    }
    outcome.counts = network.counts
    outcome.blocks = Int(chain.height)
    outcome.transactions = plan.count
    outcome.steps = Int(chain.app.steps)
    if let until = cutOff?.until, second >= until { outcome.returns = 1 }
    return outcome
  }

  /// Whether all is in, nobody will come back any more, and all who can hear are equally far.
  private func isOver(_ second: UInt64, waiting isEmpty: Bool, _ journals: [[CertifiedBlock<CounterChain>]]) -> Bool {
    guard isEmpty, plan.allSatisfy({ $0.second < second }), cutOff?.until.map({ second > $0 }) ?? true else {
      return false
    }
    let silent = silent(at: second)
    let heights = journals.indices.filter { !silent.contains($0) }.map { journals[$0].count }
    return heights.allSatisfy { $0 == heights[0] }
  }
}

extension CertifiedBlock {
  /// The names of the transactions in the block.
  func transactionNames(on genesis: Genesis) throws -> [TransactionID] {
    try block.batch.entries.filter { $0.first == EntryKind.transaction.rawValue }.map { entry in
      try VerifiedTransaction.verify(entry: entry, chain: genesis.chain).name
    }
  }
}
