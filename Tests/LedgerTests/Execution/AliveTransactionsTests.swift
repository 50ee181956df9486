import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Held against a set of names and a sum for each sender.
@Suite("Transactions that are alive")
struct AliveTransactionsTests {
  @Test("answers as a set of names and a table of bytes would", arguments: 1...6 as ClosedRange<UInt64>)
  func agreesWithModel(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let senders = (0..<5).map { Address(suite: .ed25519, publicKey: [UInt8](repeating: UInt8($0), count: 32)) }
    let names = try senders.flatMap { sender in
      try (0..<6).map { id in
        try #require(TransactionID(sender: sender, id: [UInt8](repeating: 0, count: 15) + [UInt8(id)]))
      }
    }
    var alive = AliveTransactions()
    var model: [TransactionID: UInt64] = [:]
    for _ in 0..<3000 {
      let name = names[Int(dice.next() % UInt64(names.count))]
      #expect(alive.contains(name) == (model[name] != nil))
      if let byteCount = model[name] {
        alive.remove(name, byteCount: byteCount)
        model[name] = nil
      } else {
        let byteCount = 1 + dice.next() % 500
        alive.insert(name, byteCount: byteCount)
        model[name] = byteCount
      }
      for sender in senders {
        let sum = model.filter { $0.key.sender == sender }.reduce(UInt64(0)) { $0 + $1.value }
        #expect((alive[sender]?.byteCount ?? 0) == sum)
      }
    }
    for name in names { #expect(alive.contains(name) == (model[name] != nil)) }
  }
}
