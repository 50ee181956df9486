import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

@Suite struct UniqueKeyTableTests {
  /// Keys whose first bits take few values, so that groups of equal prefixes are common.
  private static func key(_ generator: inout SeededGenerator, prefixes: UInt8) -> Hash {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes[0] = UInt8.random(in: 0...prefixes, using: &generator)
    bytes[3] = UInt8.random(in: 0...prefixes, using: &generator)
    bytes[4] = UInt8.random(in: 0...3, using: &generator)
    bytes[31] = UInt8.random(in: 0...15, using: &generator)
    return Hash(bytes) ?? .zero
  }

  private func expectEqual(_ table: UniqueKeyTable<Keyed>, _ model: [Hash: Int64], _ seed: UInt64) {
    #expect(table.count == model.count + 1, "seed \(seed)")
    #expect(table.checkInvariants(), "seed \(seed)")
    let sorted = model.keys.sorted()
    var ordinal = 0
    var keys: [Hash] = []
    while table[ordinal].next != 0, keys.count <= model.count {
      ordinal = Int(table[ordinal].next)
      keys.append(table[ordinal].key)
      #expect(table[ordinal].value == model[table[ordinal].key], "seed \(seed)")
    }
    #expect(keys == sorted, "seed \(seed)")
  }

  @Test(arguments: 0..<60)
  func agreesWithADictionary(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let prefixes: UInt8 = [0, 1, 3, 255][Int(seed % 4)]
    var table = UniqueKeyTable<Keyed>(name: "keys", version: 1)
    var model: [Hash: Int64] = [:]
    var kept: [(table: UniqueKeyTable<Keyed>, model: [Hash: Int64])] = []
    for step in 0..<600 {
      let key = UniqueKeyTableTests.key(&generator, prefixes: prefixes)
      guard key != .zero else { continue }
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<(step < 350 ? 7 : 3):
        let record = Keyed(key: key, value: Int64(step))
        if model[key] == nil {
          #expect(try table.insert(record) == model.count + 1, "seed \(seed)")
          model[key] = Int64(step)
        } else {
          #expect(throws: StateError(.duplicateKey, "")) { try table.insert(record) }
        }
      case 9:
        guard let ordinal = table.find(key) else { continue }
        table.update(ordinal) { $0.value = -1 }
        model[key] = -1
      default:
        let target = Bool.random(using: &generator) ? key : model.keys.sorted().randomElement(using: &generator) ?? key
        let removal = table.remove(target)
        #expect((removal != nil) == (model.removeValue(forKey: target) != nil), "seed \(seed)")
        if let removal, let movedFrom = removal.movedFrom {
          #expect(movedFrom == table.count && removal.ordinal < movedFrom, "seed \(seed)")
        }
      }
      #expect(table.find(key).map { table[$0].value } == model[key], "seed \(seed)")
      let before = model.keys.filter { $0 < key }.max() ?? .zero
      #expect(table[table.predecessor(key)].key == before, "seed \(seed)")
      if step % 150 == 0 {
        kept.append((table, model))
      }
    }
    kept.append((table, model))
    for (table, model) in kept {
      expectEqual(table, model, seed)
      var rebuilt = try UniqueKeyTable(rebuildingFrom: table.records)
      expectEqual(rebuilt, model, seed)
      var table = table
      #expect(rebuilt.root() == table.root(), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<12)
  func provesPresenceAndAbsence(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var table = UniqueKeyTable<Keyed>(name: "keys", version: 1)
    let size = [0, 1, 2, 7, 40, 200][Int(seed % 6)]
    while table.count <= size {
      let key = UniqueKeyTableTests.key(&generator, prefixes: 7)
      guard key != .zero, table.find(key) == nil else { continue }
      try table.insert(Keyed(key: key, value: 1))
    }
    let commitment = StateCommitment([
      table.summary(), TableSummary(name: "other", version: 1, count: 0, root: .emptyRoot),
    ])
    let tableProof = try #require(commitment.proof(ofTable: "keys"))
    let root = commitment.root
    let verify = { (proof: AbsenceProof, key: Hash) in
      proof.verify(absent: key, of: Keyed.self, name: "keys", version: 1, under: root)
    }
    let present = (1..<table.count).map { table[$0].key }
    let greatest = Hash([UInt8](repeating: 255, count: 32)) ?? .zero
    let probes = present + [greatest] + (0..<40).map { _ in UniqueKeyTableTests.key(&generator, prefixes: 7) }
    for key in probes where key != .zero {
      if present.contains(key) {
        let proof = try #require(table.presenceProof(of: key, table: tableProof))
        #expect(proof.verify(present: key, of: Keyed.self, name: "keys", version: 1, under: root))
        #expect(!proof.verify(present: greatest, of: Keyed.self, name: "keys", version: 1, under: root))
        #expect(!proof.verify(present: key, of: Keyed.self, name: "keys", version: 1, under: .zero))
        #expect(table.absenceProof(of: key, table: tableProof) == nil)
        continue
      }
      #expect(table.presenceProof(of: key, table: tableProof) == nil)
      let proof = try #require(table.absenceProof(of: key, table: tableProof))
      #expect(verify(proof, key), "seed \(seed)")
      #expect(!proof.verify(absent: key, of: Keyed.self, name: "other", version: 1, under: root))
      #expect(!proof.verify(absent: key, of: Keyed.self, name: "keys", version: 1, under: .zero))
      #expect(present.allSatisfy { !verify(proof, $0) }, "a present key passes for absent, seed \(seed)")
      #expect(!verify(proof, .zero))
      // Without its successor, with another one, or with a successor too many, it proves nothing.
      let (before, after) = (proof.predecessor, proof.successor)
      let sentinel = table.records.proof(of: 0)
      #expect(!verify(AbsenceProof(table: tableProof, predecessor: before, successor: sentinel), key))
      if after != nil {
        #expect(!verify(AbsenceProof(table: tableProof, predecessor: before, successor: nil), key))
        #expect(!verify(AbsenceProof(table: tableProof, predecessor: before, successor: before), key))
      }
      for ordinal in 0..<table.count where UInt64(ordinal) != before.ordinal {
        let other = table.records.proof(of: ordinal)
        #expect(!verify(AbsenceProof(table: tableProof, predecessor: other, successor: after), key))
      }
      let short = RecordProof(ordinal: before.ordinal, record: before.record.dropLast(), path: before.path)
      #expect(!verify(AbsenceProof(table: tableProof, predecessor: short, successor: after), key))
    }
  }

  @Test func linksFollowTheStatedRulesOfRemoval() throws {
    let keys = (1...4).map { value in Hash([UInt8](repeating: UInt8(value), count: 32)) ?? .zero }
    var table = UniqueKeyTable<Keyed>(name: "keys", version: 1)
    for index in [2, 0, 3, 1] {
      try table.insert(Keyed(key: keys[index], value: 0))
    }
    // Ordinals 1...4 hold the keys 3, 1, 4, 2; the links go 0 → 2 → 4 → 1 → 3 → 0.
    #expect((0...4).map { table[$0].next } == [2, 3, 4, 0, 1])
    #expect(table.remove(keys[0]) == .init(ordinal: 2, movedFrom: 4))
    // Key 2 moved from 4 to 2, and the sentinel, which took the link to 4, follows.
    #expect((0...3).map { table[$0].next } == [2, 3, 1, 0])
    #expect(table.remove(keys[3]) == .init(ordinal: 3, movedFrom: nil))
    #expect((0...2).map { table[$0].next } == [2, 0, 1])
    #expect(table.remove(keys[3]) == nil)
    #expect(table.checkInvariants())
  }

  @Test func refusesTheSentinelsKeyAndKeepsTheTable() throws {
    var table = UniqueKeyTable<Keyed>(name: "keys", version: 1)
    let root = table.root()
    #expect(root == Hash.leaf([UInt8](repeating: 0, count: Keyed.byteCount)))
    #expect(throws: StateError(.reservedKey, "")) { try table.insert(Keyed(key: .zero, value: 1)) }
    #expect(table.find(.zero) == nil)
    #expect(table.remove(.zero) == nil)
    #expect(table.root() == root)
    let key = Hash.sha256([1])
    try table.insert(Keyed(key: key, value: 1))
    let one = table.root()
    #expect(throws: StateError(.duplicateKey, "")) { try table.insert(Keyed(key: key, value: 2)) }
    #expect(table.root() == one)
  }

  @Test func rebuildingRefusesBrokenLinks() throws {
    var table = UniqueKeyTable<Keyed>(name: "keys", version: 1)
    for value in 1...5 {
      try table.insert(Keyed(key: Hash([UInt8](repeating: UInt8(value), count: 32)) ?? .zero, value: 0))
    }
    let sound = table.records
    #expect(throws: Never.self) { try UniqueKeyTable(rebuildingFrom: sound) }
    let expectBroken = { (change: (inout AuthenticatedTable<Keyed>) -> Void) in
      var broken = sound
      change(&broken)
      #expect(throws: StateError(.brokenLinks, "")) { try UniqueKeyTable(rebuildingFrom: broken) }
    }
    expectBroken { $0 = AuthenticatedTable(name: "keys", version: 1) }
    expectBroken { $0.update(0) { $0.value = 1 } }
    expectBroken { $0.update(0) { $0.key = Hash.sha256([]) } }
    expectBroken { $0.update(2) { $0.next = 0 } }
    expectBroken { $0.update(2) { $0.next = 2 } }
    expectBroken { $0.update(2) { $0.next = 1 } }
    expectBroken { $0.update(2) { $0.next = 4 } }
    expectBroken { $0.update(2) { $0.next = 6 } }
    expectBroken { $0.update(5) { $0.next = 1 } }
    expectBroken { $0.append($0[1]) }
  }
}
