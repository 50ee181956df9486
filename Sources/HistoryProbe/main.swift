internal import Contracts
internal import Foundation
internal import HeartChain
internal import Ledger
internal import Simulator
internal import TestSupport
internal import TongzhouClient
internal import TransparencyLog

// Makes a random history and prints its roots, so that a test can hold two processes against each other: what Swift
// seeds anew in each process (the order of a `Set` or `Dictionary`) must show nowhere. A hash of this process goes to
// standard error, so that the test can see that the seeds did differ.

// Without the word `hearts` it is a history of mutual aid of so many blocks, with it a year of gifts.

let isHearts = CommandLine.arguments.dropFirst().first == "hearts"
let arguments = CommandLine.arguments.dropFirst(isHearts ? 2 : 1)
let expected = isHearts ? 1 : 2
let numbers = arguments.prefix(expected).compactMap { UInt64($0) }
guard numbers.count == expected, arguments.count <= expected + 1 else {
  FileHandle.standardError.write(
    Data("usage: history-probe SEED BLOCKS [FILE FOR THE LOG'S ENTRIES] | hearts SEED [FILE]\n".utf8))
  exit(64)
}

/// An entry behind its length in four bytes, the highest first.
func framed(_ entry: [UInt8]) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: entry.count >> $0) } + entry
}

/// A random history of mutual aid, with everything that can go wrong.
func liveWithMutualAid(seed: UInt64, blocks: UInt64) throws -> [UInt8] {
  var history = try RandomHistory(seed: seed)
  var log = framed(Entry.make(.genesis, history.chain.network.genesis.bytes))
  for _ in 0..<blocks {
    let block = try history.block()
    for entry in block.entries { log += framed(entry) }
    print(RandomHistory.line(block.seal, root: block.head.root))
  }
  for (action, succeeded, failed) in history.tally.actions { print("action \(action) \(succeeded) \(failed)") }
  for (code, count) in history.tally.results { print("result \(code.name) \(count)") }
  for (name, count) in history.events { print("event \(name): \(count)") }
  return log
}

/// The demonstration's year of three charities, as small as it comes.
func liveWithHearts(seed: UInt64) throws -> [UInt8] {
  // The last day of 2025, so that nothing depends on a clock.
  let options = HeartOptions(
    gifts: HeartOptions.fewestGifts, seed: seed, end: Timestamp(seconds: 1_767_225_600)
  ) { (secret, chain) throws(LedgerError) in
    try SigningKey(seed: Hash.sha256(secret + chain.bytes).bytes)
  }
  var blocks: [UInt8] = []
  var demo = try HeartDemo(options, preparation: DemoPreparation { ParallelPreparation.items($0, genesis: $1) }) {
    certified, _ in
    let block = certified.block
    for entry in block.entries { blocks += framed(entry) }
    print(RandomHistory.line(block.seal, root: block.head.root))
    // What the contract notes for an index is part of what has to be the same.
    let noted = block.app.steps.map(\.event).description + "\(block.app.heartGifts.map(\.gift))"
    print("noted \(block.app.heartChanges.count) \(Hash.sha256(Array(noted.utf8)))")
  }
  let report = try demo.run()
  print("result success \(report.accepted)")
  for (name, count) in report.results { print("result \(name) \(count)") }
  for (name, count) in report.events { print("event \(name): \(count)") }
  // Everything that is worked out from the state alone.
  for sign in report.signs { print("sign \(sign.name): \(sign.count)") }
  for sign in demo.state.hearts.signs(at: options.end) { print("found \(sign)") }
  return framed(Entry.make(.genesis, demo.genesis.bytes)) + blocks
}

let log = isHearts ? try liveWithHearts(seed: numbers[0]) : try liveWithMutualAid(seed: numbers[0], blocks: numbers[1])
FileHandle.standardError.write(Data("hash \(numbers.hashValue)\n".utf8))
if let path = arguments.dropFirst(expected).first { try Data(log).write(to: URL(fileURLWithPath: path)) }
