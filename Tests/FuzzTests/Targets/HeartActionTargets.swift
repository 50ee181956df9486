import Contracts
import Foundation
import HeartChain
import TestSupport

@testable import Ledger
@testable import TongzhouClient
@testable import TransparencyLog

extension FuzzTarget {
  /// The payload of each action of a chain of hearts, an organisation's rows, and files of ways.
  static let givingTargets: [FuzzTarget] =
    [
      FuzzTarget("way", maximumBytes: 32_768, seeds: { try TestGiving.Lot.allCases.map { try ways($0) } }, check: way),
      FuzzTarget("way-step", maximumBytes: 4_096, seeds: steps) { bytes in
        guard let (step, event) = try? Way.Step.read(Data(bytes)) else { return false }
        try hold(Array(step.fileBytes) == bytes, "a step is written as other bytes")
        try hold(event.row == step.row, "a step's row is read as another")
        for language in Language.allCases { _ = WayWords(language).line(step, event) }
        return true
      },
      FuzzTarget("trace-rows", maximumBytes: 4_096, seeds: rowSeeds, check: rows),
    ] + HeartAction.allCases.map(heartAction)

  private static func ways(_ lot: TestGiving.Lot) throws -> [UInt8] { try FuzzGiving.shared().way(lot).json() }

  private static func way(_ bytes: [UInt8]) throws -> Bool {
    guard let way = try? ProvenWay(file: bytes) else { return false }
    try hold(try ProvenWay(file: way.json()) == way, "a way is written as another one")
    let giving = try FuzzGiving.shared()
    if let proven = try? way.verify(chain: giving.id, policy: giving.policy) {
      try hold(proven.record == giving.giving.hearts.lots[Int(proven.lot)], "a way proves another lot's record")
      let known = giving.giving.ways.way(of: proven.lot)?.steps.map { "\($0.event) \($0.time) \($0.row)" }.sorted()
      let said = proven.steps.map { "\($0.step.event) \($0.step.time) \($0.step.row)" }.sorted()
      try hold(said == known, "a way has other events than the lot")
    }
    return true
  }

  private static func steps() throws -> [[UInt8]] {
    let giving = try FuzzGiving.shared().giving
    return TestGiving.Lot.allCases.flatMap { giving.way(of: $0).steps.map { Array($0.fileBytes) } }
  }

  // MARK: Actions

  /// An input is the sender's place, the place of who signs too, and the payload.
  private static func heartAction(_ kind: HeartAction) -> FuzzTarget {
    let word = "\(kind)".map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
    return FuzzTarget("heart-" + word, maximumBytes: 2_000) {
      try FuzzGiving.shared().good().filter { $0.action.kind == kind.rawValue && $0.rows.isEmpty }.map { good in
        [UInt8(good.sender), UInt8(good.other)] + good.action.payload
      } + (kind == .trace ? [[2, 2] + [8, 1]] : [])
    } check: { bytes in
      guard bytes.count >= 2 else { return false }
      let giving = try FuzzGiving.shared()
      let keys = [bytes[0], bytes[1]].map { giving.senders[Int($0) % giving.senders.count] }
      let action = Action(contract: Hearts.name, kind: kind.rawValue, payload: Array(bytes.dropFirst(2)))
      let isDone = try carryOut(action, by: keys, rows: [], in: giving)
      // Events without rows are no manifest: what was read is all that can be asked of them.
      return isDone || kind == .trace
    }
  }

  /// Rows of a charity's manifest, each with its length in two bytes.
  private static func rowSeeds() throws -> [[UInt8]] {
    let giving = try FuzzGiving.shared()
    let manifest = try giving.good().flatMap(\.rows)
    let told = TestGiving.Lot.allCases.flatMap { giving.giving.way(of: $0).steps.map(\.row) }
    return [manifest, Array(told.prefix(3)), Array(told.suffix(3))].map { rows in
      rows.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }
    }
  }

  private static func rows(_ bytes: [UInt8]) throws -> Bool {
    var rows: [[UInt8]] = []
    var rest = bytes[...]
    while rest.count > 2, rows.count < 16 {
      let count = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
      rows.append(Array(rest.dropFirst(2).prefix(count)))
      rest = rest.dropFirst(2 + count)
    }
    guard !rows.isEmpty else { return false }
    let giving = try FuzzGiving.shared()
    let food = TestGiving.Place.food.rawValue
    let action = try Hearts.trace(first: giving.giving.hearts.books[food].next)
    return try carryOut(action, by: [giving.senders[food]], rows: rows, in: giving)
  }

  /// Carries out an action on a copy of the chain: all of it or nothing, with hearts and quantities that add up, and
  /// with ways of the lots it made that lead to their records.
  private static func carryOut(
    _ action: Action, by keys: [SigningKey], rows: [[UInt8]], in giving: FuzzGiving
  ) throws -> Bool {
    let chain = giving.giving.chain
    let time = chain.nextTime
    let unsigned = try UnsignedTransaction(
      chain: giving.id, sender: keys[0].publicKey.address, expiry: time.adding(seconds: 300),
      id: [UInt8](repeating: 9, count: 16), action: action, manifest: rows.isEmpty ? nil : Manifest(rows: rows))
    let signers = keys.count > 1 && keys[0].publicKey != keys[1].publicKey ? keys : [keys[0]]
    let transaction = try VerifiedTransaction.decodeUnsigned(
      entry: Entry.make(.transaction, unsigned.signed(by: signers)), chain: giving.id)
    var app = chain.chain.app
    app.beginBlock()
    var codes = [ErrorCode](repeating: .success, count: rows.count)
    do throws(LedgerError) {
      try app.admit(transaction, at: time)
      try app.execute(transaction, rows: rows, at: time, outcomes: &codes)
    } catch {
      try hold(app.stateRoot() == giving.root, "refused with \(error.code.name), but the state changed")
      return false
    }
    try app.recount()
    var ways = giving.giving.ways
    ways.add(app.steps)
    for lot in Set(app.steps.flatMap { $0.sources + $0.made }) {
      let way = try unwrapped(ways.way(of: lot))
      try hold(way.verify(app.hearts.lots[Int(lot)]), "a lot's way does not lead to its record")
    }
    return true
  }
}
