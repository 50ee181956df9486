import Foundation
import Ledger
import TestSupport
import TransparencyLog

@testable import Storage

/// What the index has to answer, out of a plain array of blocks.
struct SearchModel {
  var blocks: [IndexedBlock] = []

  var transactions: [IndexedTransaction] { blocks.flatMap(\.transactions) }

  var summaries: [IndexedBlockSummary] {
    blocks.map { block in
      IndexedBlockSummary(
        height: block.height, time: block.time, firstIndex: block.firstIndex, size: block.size,
        sealIndex: block.sealIndex, proposer: block.proposer, transactions: UInt32(block.transactions.count),
        failed: UInt32(block.transactions.filter { $0.code != 0 }.count))
    }
  }

  func transaction(hash: Hash) -> IndexedTransaction? {
    let all = transactions.filter { $0.hash == hash }
    return all.first { $0.code == 0 } ?? all.first
  }

  func transactions(
    before index: UInt64?, limit: Int, sender: Address?, subject: IndexedSubject?
  ) -> [IndexedTransaction] {
    let about = subject.map { wanted in
      Set(blocks.flatMap(\.subjects).filter { $0.1 == wanted }.map(\.transactionIndex))
    }
    let all = transactions.reversed().filter { transaction in
      (index.map { transaction.index < $0 } ?? true) && (sender.map { transaction.sender == $0 } ?? true)
        && (about.map { $0.contains(transaction.index) } ?? true)
    }
    return Array(all.prefix(max(limit, 0)))
  }

  func blocks(before height: UInt64?, limit: Int) -> [IndexedBlockSummary] {
    let all = summaries.reversed().filter { block in height.map { block.height < $0 } ?? true }
    return Array(all.prefix(max(limit, 0)))
  }

  func block(holding index: UInt64) -> IndexedBlockSummary? {
    summaries.first { ($0.firstIndex..<($0.firstIndex + $0.size)).contains(index) }
  }

  func changes(of membership: UInt32) -> [[UInt8]] {
    blocks.flatMap(\.changes).filter { $0.membership == membership }.map(\.bytes)
  }

  /// All events with their places.
  var steps: [PlacedStep] {
    blocks.flatMap { block in
      block.hearts.steps.enumerated().map { position, step in
        PlacedStep(place: block.height << 24 + UInt64(position), step: step)
      }
    }
  }

  func places(of wanted: LotPlaces) -> [UInt64] {
    steps.filter { placed in
      (placed.step.sources + placed.step.made).contains(wanted.lot)
        && (wanted.first...max(wanted.first, wanted.last)).contains(placed.place) && wanted.first <= wanted.last
    }.map(\.place)
  }

  func gifts(of party: Address, before gift: UInt32?, height: UInt64, limit: Int) -> [UInt32] {
    let known = blocks.filter { $0.height <= height }.flatMap(\.hearts.gifts)
    let wanted = known.filter { $0.party == party && $0.gift < (gift ?? .max) }
    return Array(Set(wanted.map(\.gift)).sorted(by: >).prefix(max(limit, 0)))
  }

  func heartChanges(of party: Address, height: UInt64) -> [[UInt8]] {
    blocks.filter { $0.height <= height }.flatMap(\.hearts.changes).filter { $0.party == party }.map(\.bytes)
  }

  func memberships(of owner: Address) -> [UInt32] {
    Set(blocks.flatMap(\.owners).filter { $0.owner == owner }.map(\.membership)).sorted()
  }
}

/// Random blocks over few senders, memberships and subjects, so that lists get long and cross each other.
struct RandomBlocks {
  private(set) var generator: SeededGenerator
  let senders: [Address]
  private var height: UInt64 = 0
  private var end: UInt64 = 1
  private var memberships: UInt32 = 0
  private var events: UInt64 = 0
  private var lots: UInt32 = 0
  private var gifts: UInt32 = 0
  private var hashes: [Hash] = []

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    var senders: [Address] = []
    for number in 0..<9 {
      var bytes = RandomBlocks.bytes(Address.byteCount, &generator)
      // Every third begins like the one before it: the index keeps only so many bits of an address.
      if number % 3 == 2, let before = senders.last { bytes.replaceSubrange(0..<8, with: before.bytes.prefix(8)) }
      if let address = Address(bytes) { senders.append(address) }
    }
    self.senders = senders
  }

  static func bytes(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  mutating func blocks(_ count: Int) -> [IndexedBlock] { (0..<count).map { _ in next() } }

  mutating func next() -> IndexedBlock {
    height += 1
    let first = end + (height.isMultiple(of: 7) ? UInt64.random(in: 0...2, using: &generator) : 0)
    var block = IndexedBlock(
      height: height, time: Timestamp(seconds: 1_700_000_000 + 60 * height), firstIndex: first, size: 0, sealIndex: 0,
      proposer: UInt32.random(in: 0...3, using: &generator))
    end = first + 1
    for _ in 0..<Int.random(in: 0...9, using: &generator) { addTransaction(to: &block) }
    for _ in 0..<Int.random(in: 0...6, using: &generator) where memberships > 0 {
      let size = Int.random(in: 0...90, using: &generator)
      block.changes.append(
        (UInt32.random(in: 0..<memberships, using: &generator), RandomBlocks.bytes(size, &generator)))
    }
    addHearts(to: &block)
    block.sealIndex = end
    end += 1
    block.size = end - first
    return block
  }

  /// Events that make lots of lots, gifts that come to somebody twice, and changes.
  private mutating func addHearts(to block: inout IndexedBlock) {
    for _ in 0..<Int.random(in: 0...7, using: &generator) {
      events += UInt64.random(in: 1...3, using: &generator)
      var sources: [UInt32] = []
      for _ in 0..<Int.random(in: 0...4, using: &generator) where lots > 0 {
        let lot = UInt32.random(in: (lots < 20 ? 0 : lots - 20)..<lots, using: &generator)
        if !sources.contains(lot) { sources.append(lot) }
      }
      let made = (0..<UInt32.random(in: sources.isEmpty ? 1...2 : 0...2, using: &generator)).map { lots + $0 }
      lots += UInt32(made.count)
      block.hearts.steps.append(
        IndexedStep(
          event: UInt64.random(in: 0...3, using: &generator) << 48 | events, time: block.time,
          row: RandomBlocks.bytes(Int.random(in: 1...140, using: &generator), &generator), sources: sources,
          made: made))
    }
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let isNew = gifts == 0 || Bool.random(using: &generator)
      if isNew { gifts += 1 }
      let party = senders[Int.random(in: 0..<senders.count, using: &generator)]
      block.hearts.gifts.append((party, isNew ? gifts - 1 : UInt32.random(in: 0..<gifts, using: &generator)))
      block.hearts.changes.append((party, RandomBlocks.bytes(53, &generator)))
    }
  }

  private mutating func addTransaction(to block: inout IndexedBlock) {
    let failed = Int.random(in: 0..<5, using: &generator) == 0
    let rows = Int.random(in: 0..<4, using: &generator) == 0 ? UInt32.random(in: 1...500, using: &generator) : 0
    let sender = senders[Int.random(in: 0..<senders.count, using: &generator)]
    block.transactions.append(
      IndexedTransaction(
        index: end, hash: nextHash(), height: block.height, time: block.time, sender: sender,
        contract: Bool.random(using: &generator) ? "mutual_aid" : "consortium",
        kind: UInt32.random(in: 1...40, using: &generator), code: failed ? 230 : 0,
        codeName: failed ? "membership.too_young" : "success", rows: rows))
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let kind = SubjectKind.allCases.randomElement(using: &generator) ?? .plan
      block.subjects.append((end, IndexedSubject(kind: kind, ordinal: UInt64.random(in: 0...4, using: &generator))))
    }
    if !failed, Int.random(in: 0..<4, using: &generator) == 0 {
      block.owners.append((memberships, sender))
      block.changes.append((memberships, [UInt8(truncatingIfNeeded: memberships), 0]))
      memberships += 1
    }
    end += rows == 0 ? 1 : 2
  }

  /// Mostly a new one; sometimes one that stands in the log already, or begins like it for longer than the index
  /// keeps.
  private mutating func nextHash() -> Hash {
    var bytes = RandomBlocks.bytes(Hash.byteCount, &generator)
    if let old = hashes.randomElement(using: &generator) {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0: bytes = old.bytes
      case 1: bytes.replaceSubrange(0..<9, with: old.bytes.prefix(9))
      case 2: bytes.replaceSubrange(0..<4, with: old.bytes.prefix(4))
      default: break
      }
    }
    let hash = Hash(bytes) ?? .zero
    hashes.append(hash)
    return hash
  }
}

/// A directory for one test, which has to remove it.
struct TestDirectory {
  let path = NSTemporaryDirectory() + "tongzhou-tests-" + UUID().uuidString
  var index: String { path + "/deep/search.sqlite" }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: index))) }

  func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: index)) }
}

let testChain = Hash.sha256(Array("a chain".utf8))
