import Ledger
import Simulator

/// A network with a hand on every fault, for tests of one thing at a time.
struct Stage {
  let cast: Cast
  let genesis: Genesis
  var network: Network<CounterChain>
  private(set) var journals: [[CertifiedBlock<CounterChain>]]
  private var number: UInt64 = 0

  init(organisations: Int = 4, interval: UInt64 = 0, limits: Limits = Limits(), seed: UInt64 = 1) throws {
    cast = try Cast(count: organisations)
    genesis = try cast.genesis(interval: interval, limits: limits)
    network = try Network(genesis: genesis, keys: cast.keys, seed: seed)
    journals = cast.keys.map { _ in [] }
  }

  /// Seconds since the beginning.
  var second: UInt64 { network.now.seconds - Cast.start.seconds }

  /// Blocks published by the organisation that is furthest.
  var height: Int { journals.map(\.count).max() ?? 0 }

  /// The blocks of the organisation that is furthest.
  var blocks: [CertifiedBlock<CounterChain>] { journals.max { $0.count < $1.count } ?? [] }

  /// Hands a new transaction to an organisation.
  @discardableResult
  mutating func submit(
    to place: Int = 0, from officer: Int = 0, kind: UInt32 = 1, payload: [UInt8] = [1], lives: UInt64 = 600
  ) throws -> VerifiedTransaction {
    number += 1
    let transaction = try cast.transaction(
      number, from: officer, kind: kind, payload: payload, at: network.now, lives: lives, on: genesis)
    network.submit(transaction, entries: transaction.entries, to: place)
    collect()
    return transaction
  }

  /// Lets seconds pass one by one.
  mutating func wait(_ seconds: UInt64) {
    for _ in 0..<seconds {
      network.advance(to: network.now.adding(seconds: 1))
      collect()
    }
  }

  /// Lets everything under way arrive within the second.
  mutating func settle() {
    network.settle()
    collect()
  }

  /// Checks the whole history so far.
  func check() throws -> Chain<CounterChain> {
    try History(genesis: genesis, journals: journals).check(isThorough: true)
  }

  private mutating func collect() {
    for place in journals.indices { journals[place] += network.takePublished(by: place) }
  }
}
