import Foundation
import Ledger
import MutualAid
import TestSupport
import TransparencyLog

@testable import TongzhouClient

extension MutationBatch {
  /// Every kind of file, bent at every place in every way, and then at several places by the dice.
  ///
  /// - Parameter seed: of all dice: the same seed makes the same cases.
  static func made(seed: UInt64) throws -> MutationBatch {
    let fixture = try ProofFixture.shared.get()
    var dice = SeededGenerator(seed: seed)
    var batch = MutationBatch()
    let files = try MutatedFiles(fixture)
    let donors = try files.all.map { try JSONTree(parsing: $0.bytes) } + files.donors.map { try JSONTree(parsing: $0) }
    for (number, file) in files.all.enumerated() {
      let index = batch.add(file)
      let tree = donors[number]
      batch.bend(tree, index, &dice)
      batch.splice(tree, index, from: donors.indices.filter { $0 != number }.map { donors[$0] }, &dice)
      batch.bendBytes(file.bytes, index, others: files.donors, &dice)
    }
    batch.addForeign(files)
    try batch.addPolicies(files.all[0])
    try batch.addSigned(fixture, &dice)
    return batch
  }

  /// Every place in every way, and combinations of these.
  private mutating func bend(_ tree: JSONTree, _ file: Int, _ dice: inout SeededGenerator) {
    var all: [(path: [JSONTree.Step], mutation: Mutation)] = []
    for (path, value) in tree.places {
      for mutation in value.mutations(&dice) {
        all.append((path, mutation))
        add("\(path.words): \(mutation.name)", of: file, tree.replacing(path[...], by: mutation.value).bytes)
      }
    }
    for _ in 0..<MutationBatch.combinations {
      var bent = tree
      var words: [String] = []
      for _ in 0...(1 + dice.next() % 3) {
        let (path, mutation) = all[Int(dice.next() % UInt64(all.count))]
        bent = bent.replacing(path[...], by: mutation.value)
        words.append("\(path.words): \(mutation.name)")
      }
      add(words.joined(separator: "; "), of: file, bent.bytes)
    }
  }

  /// Combinations for each file.
  static let combinations = 120

  /// Every value replaced by what stands there in other files, and by anything else of theirs.
  private mutating func splice(
    _ tree: JSONTree, _ file: Int, from others: [JSONTree], _ dice: inout SeededGenerator
  ) {
    let strange = others.map(\.places)
    for (path, value) in tree.places where !path.isEmpty {
      var seen: Set<JSONTree> = [value]
      for other in others {
        guard let there = other.value(at: path[...]), seen.insert(there).inserted else { continue }
        add("\(path.words): out of another file", of: file, tree.replacing(path[...], by: there).bytes)
      }
      for _ in 0..<2 {
        let list = strange[Int(dice.next() % UInt64(strange.count))]
        let (from, new) = list[Int(dice.next() % UInt64(list.count))]
        guard !from.isEmpty, seen.insert(new).inserted else { continue }
        add("\(path.words): \(from.words) of another file", of: file, tree.replacing(path[...], by: new).bytes)
      }
    }
  }

  /// The bytes of the file, plain and packed.
  private mutating func bendBytes(_ bytes: [UInt8], _ file: Int, others: [[UInt8]], _ dice: inout SeededGenerator) {
    func any(_ count: Int) -> Int { Int(dice.next() % UInt64(count)) }
    for _ in 0..<40 {
      let place = any(bytes.count)
      var copy = bytes
      copy[place] ^= 1 << UInt8(any(8))
      add("byte \(place) flipped", of: file, copy)
      add("cut to \(place) bytes", of: file, Array(bytes[..<place]))
      let other = others[any(others.count)]
      let cut = any(other.count)
      add("spliced at \(place)", of: file, Array(bytes[..<place] + other[cut...]))
    }
    let strange: [(String, [UInt8])] = [
      ("byte order mark", [0xef, 0xbb, 0xbf] + bytes), ("spaces around", [0x20, 0x0a] + bytes + [0x0d, 0x09]),
      ("a form feed before", [0x0c] + bytes), ("a zero behind", bytes + [0]), ("a comma behind", bytes + [0x2c]),
      ("in UTF-16", bytes.flatMap { [$0, 0] }), ("twice", bytes + bytes), ("in a list", [0x5b] + bytes + [0x5d]),
      ("a byte that is no UTF-8", bytes + [0xff]), ("nothing", []), ("deep", [UInt8](repeating: 0x5b, count: 100_000)),
    ]
    for (name, bytes) in strange { add(name, of: file, bytes) }
    guard let packed = Gzip.compress(bytes, level: 9) else { return }
    add("packed", of: file, packed)
    add("packed twice", of: file, Gzip.compress(packed) ?? [])
    add("packed, and packed again behind it", of: file, packed + packed)
    add("packed, and something behind it", of: file, packed + [0])
    // A file name and a comment in the header (RFC 1952), the flag of each at place 3.
    add("packed with a name", of: file, packed[..<3] + [packed[3] | 8] + packed[4..<10] + [0x61, 0] + packed[10...])
    for place in 0..<12 {
      for bit in [UInt8(1), 0x10, 0x80] {
        var copy = packed
        copy[place] ^= bit
        add("packed, bit \(bit) of byte \(place)", of: file, copy)
      }
    }
    for _ in 0..<30 {
      let place = any(packed.count)
      var copy = packed
      copy[place] ^= 1 << UInt8(any(8))
      add("packed, byte \(place) flipped", of: file, copy)
      add("packed, cut to \(place) bytes", of: file, Array(packed[..<place]))
    }
    for place in 1...8 {
      var copy = packed
      copy[packed.count - place] ^= 1
      add("packed, \(place) before the end", of: file, copy)
    }
  }

  /// The files as they are, and naming the pinned chain, for a verifier of another one.
  private mutating func addForeign(_ files: MutatedFiles) {
    for file in files.all {
      let other = MutatedFile(
        name: "\(file.name), of another chain", bytes: file.bytes, chain: .sha256([77]), policy: file.policy,
        table: file.table, ordinal: file.ordinal, key: file.key)
      let index = add(other)
      add("as it is", of: index, file.bytes)
      let text = String(decoding: file.bytes, as: UTF8.self)
      add(
        "naming the pinned chain", of: index,
        Array(text.replacing(file.chain.description, with: other.chain.description).utf8))
    }
  }
}

extension [JSONTree.Step] {
  /// The way to a value, as people write it.
  var words: String {
    map { step in
      switch step {
      case .key(let name): ".\(name)"
      case .index(let index): "[\(index)]"
      }
    }.joined()
  }
}
