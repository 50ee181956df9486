internal import Foundation
internal import Ledger
internal import TestSupport

// Makes a random history and prints its roots, so that a test can hold two processes against each other: what Swift
// seeds anew in each process (the order of a `Set` or `Dictionary`) must show nowhere. A hash of this process goes to
// standard error, so that the test can see that the seeds did differ.

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.prefix(2).compactMap { UInt64($0) }
guard numbers.count == 2, arguments.count <= 3 else {
  FileHandle.standardError.write(Data("usage: history-probe SEED BLOCKS [FILE FOR THE LOG'S ENTRIES]\n".utf8))
  exit(64)
}

/// An entry behind its length in four bytes, the highest first.
func framed(_ entry: [UInt8]) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: entry.count >> $0) } + entry
}

var history = try RandomHistory(seed: numbers[0])
var log = framed(Entry.make(.genesis, history.chain.network.genesis.bytes))
for _ in 0..<numbers[1] {
  let block = try history.block()
  for entry in block.entries { log += framed(entry) }
  print(RandomHistory.line(block.seal, root: block.head.root))
}
for (action, succeeded, failed) in history.tally.actions { print("action \(action) \(succeeded) \(failed)") }
for (code, count) in history.tally.results { print("result \(code.name) \(count)") }
for (name, count) in history.events { print("event \(name): \(count)") }
FileHandle.standardError.write(Data("hash \(numbers.hashValue)\n".utf8))
if let path = arguments.dropFirst(2).first { try Data(log).write(to: URL(fileURLWithPath: path)) }
