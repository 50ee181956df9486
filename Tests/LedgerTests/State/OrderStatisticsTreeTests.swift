import TestSupport
import Testing

@testable import Ledger

@Suite struct OrderStatisticsTreeTests {
  /// Answers from a sorted array, by the definitions.
  struct Model {
    var values: [Int64] = []

    mutating func insert(_ value: Int64) {
      values.insert(value, at: values.firstIndex { $0 > value } ?? values.count)
    }

    mutating func remove(_ value: Int64) -> Bool {
      guard let index = values.firstIndex(of: value) else { return false }
      values.remove(at: index)
      return true
    }

    func part(_ isIn: (Int64) -> Bool) -> OrderStatisticsTree.Part {
      let chosen = values.filter(isIn)
      return .init(count: chosen.count, sum: chosen.reduce(Int128(0)) { $0 + Int128($1) })
    }

    func collected(above base: Int64, share: Int128) -> Int128 {
      values.filter { $0 > base }.reduce(Int128(0)) { $0 + min(Int128($1) - Int128(base), share) }
    }

    /// The definition word for word: tries one share after the other.
    func leastShare(above base: Int64, raising target: Int128) -> Int64? {
      let greatest = Int128(values.last ?? base) - Int128(base)
      guard target > 0 else { return 0 }
      var share: Int128 = 1
      while share <= greatest {
        if collected(above: base, share: share) >= target { return Int64(share) }
        share += 1
      }
      return nil
    }
  }

  private func expectEqual(_ tree: OrderStatisticsTree, _ model: Model, _ probes: [Int64], _ seed: UInt64) {
    #expect(tree.count == model.values.count, "seed \(seed)")
    #expect(tree.min == model.values.first, "seed \(seed)")
    #expect(tree.max == model.values.last, "seed \(seed)")
    #expect((0..<tree.count).map { tree.kth($0) } == model.values, "seed \(seed)")
    #expect(tree.checkInvariants(), "seed \(seed)")
    for probe in probes {
      #expect(tree.rank(atMost: probe) == model.part { $0 <= probe }, "seed \(seed)")
      #expect(tree.rank(below: probe) == model.part { $0 < probe }, "seed \(seed)")
      #expect(tree.least(above: probe) == model.values.first { $0 > probe }, "seed \(seed)")
      #expect(tree.greatest(atMost: probe) == model.values.last { $0 <= probe }, "seed \(seed)")
      #expect(tree.contains(probe) == model.values.contains(probe), "seed \(seed)")
      let above = model.part { $0 > probe }
      let balances = above.sum - Int128(probe) * Int128(above.count)
      #expect(tree.total(above: probe) == .init(count: above.count, sum: balances), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<40)
  func agreesWithASortedArray(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let range: ClosedRange<Int64> = [-2...2, -20...20, 0...400, -100_000...100_000][Int(seed % 4)]
    var tree = OrderStatisticsTree()
    var model = Model()
    var kept: [(tree: OrderStatisticsTree, model: Model)] = []
    let steps = seed < 8 ? 6_000 : 1_500
    for step in 0..<steps {
      let value = Int64.random(in: range, using: &generator)
      // First mostly growing, then mostly shrinking, down to nothing and beyond.
      let grows = Int.random(in: 0..<10, using: &generator) < (step < steps * 6 / 10 ? 8 : 1)
      if grows {
        tree.insert(value)
        model.insert(value)
      } else {
        let target = Bool.random(using: &generator) ? value : model.values.randomElement(using: &generator) ?? value
        #expect(tree.remove(target) == model.remove(target), "seed \(seed)")
      }
      if step % (steps / 5) == 0 {
        kept.append((tree, model))
      }
    }
    kept.append((tree, model))
    let probes = (0..<20).map { _ in Int64.random(in: range.lowerBound - 2...range.upperBound + 2, using: &generator) }
    for (tree, model) in kept {
      expectEqual(tree, model, probes, seed)
      expectEqual(OrderStatisticsTree(sorted: model.values), model, probes, seed)
    }
  }

  @Test func holdsManyLevelsAndEmptiesAgain() {
    // Enough for two levels of branches; removed from the front, the back and the middle.
    for order in 0..<3 {
      let count: Int64 = 60_000
      var tree = OrderStatisticsTree(sorted: 0..<count)
      let whole = tree
      #expect(tree.checkInvariants())
      var generator = SeededGenerator(seed: UInt64(order))
      var values = Array(0..<count)
      switch order {
      case 0: break
      case 1: values.reverse()
      default: values.shuffle(using: &generator)
      }
      var sum = tree.sum
      for (position, value) in values.enumerated() {
        let removed = tree.remove(value)
        sum -= Int128(value)
        if !removed || tree.sum != sum || position % 7_000 == 0 {
          #expect(removed && tree.sum == sum && tree.checkInvariants(), "order \(order), value \(value)")
        }
      }
      #expect(tree.isEmpty && tree.min == nil && tree.max == nil && tree.checkInvariants())
      #expect(whole.count == Int(count) && whole.checkInvariants())
    }
  }

  @Test func ranksAreExactFromEitherEndOfEveryLevel() {
    let count: Int64 = 60_000
    let tree = OrderStatisticsTree(sorted: 0..<count)
    for value in stride(from: Int64(-1), through: count, by: 61) {
      let below = max(0, min(value + 1, count))
      let sum = Int128(below) * Int128(below - 1) / 2
      #expect(tree.rank(atMost: value) == .init(count: Int(below), sum: sum), "value \(value)")
    }
    #expect(tree.rank(atMost: count - 1) == .init(count: tree.count, sum: tree.sum))
    #expect(tree.max == count - 1)
  }

  @Test(arguments: [Int64(0), 1])
  func ascendingAndEqualValuesFillLeaves(step: Int64) {
    var tree = OrderStatisticsTree()
    for index in 0..<200_000 { tree.insert(Int64(index) * step) }
    #expect(tree.checkInvariants())
    #expect(tree.leafFillPerMille > 990)
    #expect(OrderStatisticsTree(sorted: (0..<200_000).map { $0 * step }).leafFillPerMille > 990)
  }

  @Test func randomValuesFillLeavesToThreeQuarters() {
    var generator = SeededGenerator(seed: 1)
    var tree = OrderStatisticsTree()
    for _ in 0..<200_000 { tree.insert(Int64.random(in: .min ... .max, using: &generator)) }
    #expect(tree.checkInvariants())
    #expect(tree.leafFillPerMille > 740)
  }

  @Test func extremeValuesAreExact() {
    var tree = OrderStatisticsTree()
    for _ in 0..<1_000 {
      tree.insert(.max)
      tree.insert(.min)
    }
    #expect(tree.sum == -1_000)
    #expect(tree.rank(atMost: .max).count == 2_000)
    #expect(tree.rank(below: .min).count == 0)
    #expect(tree.rank(below: .max) == .init(count: 1_000, sum: Int128(Int64.min) * 1_000))
    #expect(tree.total(above: .min).sum == Int128(UInt64.max) * 1_000)
    #expect(tree.collected(above: 1, share: .max) == Int128(Int64.max - 1) * 1_000)
    #expect(tree.leastShare(above: 0, raising: Int128(Int64.max) * 1_000) == .max)
    #expect(tree.leastShare(above: 0, raising: Int128(Int64.max) * 1_000 + 1) == nil)
    #expect(tree.leastShare(above: 0, raising: Int128(Int64.max) * 1_000 - 1_000) == Int64.max - 1)
    #expect(tree.leastShare(above: .max, raising: 1) == nil)
  }

  @Test(arguments: 0..<300)
  func leastShareIsTheFirstThatRaisesTheTarget(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let range: ClosedRange<Int64> = [0...3, 0...9, 0...60][Int(seed % 3)]
    var model = Model()
    for _ in 0..<Int.random(in: 0...30, using: &generator) {
      model.insert(Int64.random(in: range, using: &generator))
    }
    let tree = OrderStatisticsTree(sorted: model.values)
    for base in range.lowerBound...range.upperBound + 1 {
      let total = model.collected(above: base, share: Int128(Int64.max))
      let targets: [Int128] = [-1, 0, 1, 2, total / 2, total - 1, total, total + 1]
      for target in targets + [Int128.random(in: 0...total, using: &generator)] {
        let expected = model.leastShare(above: base, raising: target)
        #expect(tree.leastShare(above: base, raising: target) == expected, "seed \(seed) base \(base) target \(target)")
      }
      for share in [0, 1, 2, 5, Int64.max] {
        let expected = model.collected(above: base, share: Int128(share))
        #expect(tree.collected(above: base, share: share) == expected, "seed \(seed)")
      }
    }
  }

  @Test(arguments: 0..<20)
  func leastShareHoldsItsDefinitionInTallTrees(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var tree = OrderStatisticsTree()
    let greatest: Int64 = [5, 1_000, 1 << 40][Int(seed % 3)]
    for _ in 0..<40_000 { tree.insert(Int64.random(in: 0...greatest, using: &generator)) }
    for _ in 0..<50 {
      let base = Int64.random(in: 0...greatest, using: &generator)
      let total = tree.total(above: base).sum
      guard total > 0 else { continue }
      for target in [1, total, total - 1, Int128.random(in: 1...total, using: &generator)] where target > 0 {
        guard let share = tree.leastShare(above: base, raising: target) else {
          Issue.record("no share, seed \(seed)")
          continue
        }
        #expect(tree.collected(above: base, share: share) >= target, "seed \(seed)")
        #expect(share > 0 && tree.collected(above: base, share: share - 1) < target, "seed \(seed)")
      }
      #expect(tree.leastShare(above: base, raising: total + 1) == nil, "seed \(seed)")
    }
  }
}

extension OrderStatisticsTree {
  /// The used part of the leaves' room, in thousandths. Reads the branches.
  var leafFillPerMille: Int {
    func leaves(_ node: CountNode) -> Int {
      guard node.height > 0 else { return 1 }
      return (0..<node.used).reduce(0) { $0 + leaves(node.entries[$1].child) }
    }
    guard let root else { return 1000 }
    return count * 1000 / (leaves(root) * CountNode.leafCapacity)
  }
}
