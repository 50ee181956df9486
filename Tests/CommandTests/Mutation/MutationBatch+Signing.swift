import Foundation
import TestSupport
import TransparencyLog

@testable import Ledger
@testable import MutualAid
@testable import TongzhouClient

/// Mutations under hashes and signatures that are right, and policies that nobody may rely on.
///
/// What a quorum signs may be accepted: that is what a quorum is. But all verifiers have to read it alike, field by
/// field.
extension MutationBatch {
  mutating func addSigned(_ fixture: ProofFixture, _ dice: inout SeededGenerator) throws {
    let block = try SignedBlock()
    try addStories(block, fixture.statement(0), &dice)
    try addTransactions(block, fixture.receipt(fixture.transactions[0]), &dice)
    try addHeaders(block, fixture.receipt(fixture.transactions[0]), &dice)
    for (name, layout) in RecordLayouts.all.sorted(by: { $0.key < $1.key }) {
      try addRecords(layout, name, block, &dice)
    }
    try addWays(block, &dice)
  }

  /// Bytes of a record of a table, most of them those that may have few values.
  private mutating func addRecords<Record: FixedLayoutRecord>(
    _ layout: Record.Type, _ name: String, _ block: SignedBlock, _ dice: inout SeededGenerator
  ) throws {
    // Reading puts something that may be in the place of what may not, so this is a record.
    let honest = Record(from: [UInt8](repeating: 0, count: Record.byteCount).span.bytes).canonicalBytes
    func proof(_ record: [UInt8]) throws -> [UInt8] {
      let table = TableSummary(name: name, version: 1, count: 1, root: .leaf(record))
      let commitment = StateCommitment([table])
      var block = block
      block.state = commitment.root
      return try ProvenState(
        table: TableProof(table: table, index: 0, tableCount: 1, path: []),
        record: RecordProof(ordinal: 0, record: record, path: []), chain: block.chain, seal: block.log().seal
      ).json()
    }
    var signed = signed("state proof of \(name), signed anew", try proof(honest), block)
    (signed.table, signed.ordinal) = (name, 0)
    let file = add(signed)
    for place in 0..<Record.byteCount where place < 56 || place % 5 == 0 || (96..<98).contains(place) || place > 232 {
      let value = UInt8([1, 2, 3, 4, 5, 6, 7, 8, 0x11, 0x12, 0x80, 0xff][Int(dice.next() % 12)])
      var bytes = honest
      MutationBatch.set(value, at: place, of: &bytes)
      add("byte \(place) is \(bytes[place])", of: file, try proof(bytes))
    }
    let random = (0..<Record.byteCount).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
    add("any bytes", of: file, try proof(random))
    add("any bytes made a record", of: file, try proof(Record(from: random.span.bytes).canonicalBytes))
    add("a byte more", of: file, try proof(honest + [0]))
    add("a byte less", of: file, try proof(Array(honest.dropLast())))
  }

  /// Every byte of every record and change of a membership's life.
  private mutating func addStories(
    _ block: SignedBlock, _ template: MemberStatement, _ dice: inout SeededGenerator
  ) throws {
    let honest = try Story()
    let file = self.add(signed("statement, signed anew", try honest.statement(in: block, from: template).json(), block))
    func put(_ name: String, _ place: Int, _ change: (inout Story, _ place: Int, _ value: UInt8) -> Void) throws {
      let value: UInt8 = [0, 1, 2, 3, 0x7f, 0x80, 0xff][Int(dice.next() % 7)]
      var story = honest
      change(&story, place, value)
      add("\(name), byte \(place) is \(value)", of: file, try story.statement(in: block, from: template).json())
    }
    for place in 0..<MembershipRecord.byteCount {
      try put("membership", place) { story, place, value in
        story.bend = { member, _, _ in MutationBatch.set(value, at: place, of: &member) }
      }
    }
    for place in 0..<PlanRecord.byteCount {
      try put("plan", place) { story, place, value in
        story.bend = { _, plan, _ in MutationBatch.set(value, at: place, of: &plan) }
      }
    }
    for place in 0..<SettlementRecord.byteCount {
      let number = place % honest.settlements.count
      try put("settlement \(number)", place) { story, place, value in
        story.bend = { _, _, settled in MutationBatch.set(value, at: place, of: &settled[number]) }
      }
    }
    for (number, change) in honest.changes.enumerated() {
      // The commitment of a change, from 17 to 48, is anything.
      for place in 0..<MembershipChange.byteCount where !(17..<49).contains(place) || place % 11 == 0 {
        try put("change \(number)", place) { story, place, value in
          var bytes = change.canonicalBytes
          MutationBatch.set(value, at: place, of: &bytes)
          guard MembershipChange.Kind(rawValue: bytes[0]) != nil else { return }
          story.changes[number] = MembershipChange(from: bytes.span.bytes)
        }
      }
    }
  }

  /// Another value of a byte than it had.
  private static func set(_ value: UInt8, at place: Int, of bytes: inout [UInt8]) {
    bytes[place] = bytes[place] == value ? value ^ 4 : value
  }

  private func signed(_ name: String, _ bytes: [UInt8], _ block: SignedBlock) -> MutatedFile {
    var file = MutatedFile(name: name, bytes: bytes, chain: block.chain, policy: block.policy.text)
    file.isSigned = true
    return file
  }

  private func receipt(_ envelope: [UInt8], in block: SignedBlock, from template: Receipt) throws -> [UInt8] {
    var (block, receipt) = (block, template)
    block.entries = [Entry.make(.transaction, envelope)]
    let log = try block.log()
    receipt.chain = block.chain.description
    (receipt.index, receipt.entry, receipt.path, receipt.seal) = (2, Data(log.entries[2]), try log.path(2), log.seal)
    return try receipt.json()
  }

  private func envelope(_ block: SignedBlock) throws -> [UInt8] {
    let key = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    return try UnsignedTransaction(
      chain: block.chain, sender: key.publicKey.address, expiry: block.time, id: [UInt8](repeating: 5, count: 16),
      action: MutualAid.leave(membership: 0)
    ).signed(by: [key])
  }

  /// Every byte of an envelope, and its message cut, repeated and filled up.
  private mutating func addTransactions(
    _ block: SignedBlock, _ template: Receipt, _ dice: inout SeededGenerator
  ) throws {
    let honest = try envelope(block)
    let file = self.add(signed("receipt, signed anew", try receipt(honest, in: block, from: template), block))
    // No block can have an entry of nothing.
    for (label, bytes) in MutationBatch.messages(of: honest, &dice) where !bytes.isEmpty {
      add("envelope: \(label)", of: file, try receipt(bytes, in: block, from: template))
    }
  }

  /// The same for the signed header of a block.
  private mutating func addHeaders(_ block: SignedBlock, _ template: Receipt, _ dice: inout SeededGenerator) throws {
    let honest = try envelope(block)
    let file = self.add(signed("receipt under a header", try receipt(honest, in: block, from: template), block))
    let header = try Receipt(file: receipt(honest, in: block, from: template)).seal.header
    for (label, bytes) in MutationBatch.messages(of: Array(header.dropFirst()), &dice) {
      var block = block
      block.bendHeader = { $0 = bytes }
      add("header: \(label)", of: file, try receipt(honest, in: block, from: template))
    }
  }

  /// A protobuf message bent byte by byte, and with fields that nobody knows behind it.
  private static func messages(of bytes: [UInt8], _ dice: inout SeededGenerator) -> [(String, [UInt8])] {
    var found: [(String, [UInt8])] = []
    for place in bytes.indices {
      var copy = bytes
      copy[place] ^= 1 << UInt8(dice.next() % 8)
      found.append(("byte \(place) flipped", copy))
      guard place % 4 == 0 else { continue }
      found.append(("cut to \(place)", Array(bytes[..<place])))
      found.append(("cut at \(place)", Array(bytes[..<place] + bytes[(place + 1)...])))
      found.append(("repeat at \(place)", Array(bytes[...place] + bytes[place...])))
    }
    let group = { (depth: Int) -> [UInt8] in
      [UInt8](repeating: 0x7b, count: depth) + [UInt8](repeating: 0x7c, count: depth)
    }
    let behind: [(String, [UInt8])] = [
      ("a number", [0x78, 0x01]), ("a long number", [0x78, 0x81, 0x80, 0x00]), ("bytes", [0x7a, 0x01, 0x61]),
      ("eight bytes", [0x79] + [UInt8](repeating: 1, count: 8)), ("four bytes", [0x7d, 1, 2, 3, 4]),
      ("a group", group(1)), ("groups", group(90)), ("too many groups", group(110)), ("an open group", [0x7b]),
      ("a closed group", [0x7c]), ("another's end", [0x7b, 0x74]), ("kind 6", [0x7e]), ("kind 7", [0x7f]),
      ("field 0", [0x00, 0x01]), ("field 0 with bytes", [0x02, 0x00]),
      ("a field of 2^29", [0x80, 0x80, 0x80, 0x80, 0x10, 0]),
      ("the last field", [0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01]),
      ("a tag of eleven bytes", [UInt8](repeating: 0x80, count: 10) + [0x01]),
      ("a tag with zeros behind", [0xf8, 0x80, 0x00, 0x01]),
      ("a number of ten bytes", [0x78] + [UInt8](repeating: 0xff, count: 9) + [0x01]),
      ("a number beyond 64 bits", [0x78] + [UInt8](repeating: 0xff, count: 9) + [0x7f]),
      ("a number of eleven bytes", [0x78] + [UInt8](repeating: 0xff, count: 10) + [0x01]),
      ("bytes without end", [0x7a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
      ("field 1 as a number", [0x08, 0x01]), ("field 2 as a number", [0x10, 0x01]),
      ("field 1 once more, empty", [0x0a, 0x00]), ("field 2 once more, empty", [0x12, 0x00]),
      ("field 2 of nonsense", [0x12, 0x01, 0xff]),
    ]
    for (name, more) in behind {
      found.append(("\(name) behind", bytes + more))
      found.append(("\(name) before", more + bytes))
    }
    return found
  }

  /// Policies in which something counts twice, and those of sets that one organisation has left.
  mutating func addPolicies(_ honest: MutatedFile) throws {
    let lines = String(decoding: honest.policy, as: UTF8.self).split(separator: "\n").map(String.init)
    let logs = lines.indices.filter { lines[$0].hasPrefix("log ") }
    let witnesses = lines.indices.filter { lines[$0].hasPrefix("witness ") }
    func words(_ line: Int) -> [String] { lines[line].split(separator: " ").map(String.init) }
    guard let group = lines.firstIndex(where: { $0.hasPrefix("group ") }), witnesses.count > 1, let log = logs.first
    else { return }
    var bent: [(String, [String])] = []
    func bend(_ name: String, _ change: (inout [String]) -> Void) {
      var copy = lines
      change(&copy)
      bent.append((name, copy))
    }
    let (first, second) = (words(witnesses[0]), words(witnesses[1]))
    bend("one key under two names") { $0[witnesses[1]] = "witness \(second[1]) \(first[2])" }
    bend("one name for two keys") { $0[witnesses[1]] = "witness \(first[1]) \(second[2])" }
    bend("one organisation twice") { $0.insert(lines[witnesses[0]], at: witnesses[0]) }
    bend("one member twice") { $0[group] += " \(first[1])" }
    bend("one member in two groups") { $0.insert("group more 1 \(first[1])", at: group) }
    bend("a log's key as a witness") { $0[witnesses[1]] = "witness \(second[1]) \(words(log)[1])" }
    bend("a witness's key as a log") { $0[log] = "log \(first[2])" }
    bend("a member that nobody knows") { $0[group] += " stranger" }
    bend("a threshold of none") { $0[group] = lines[group].replacing(" 3 ", with: " 0 ") }
    bend("a threshold above all") { $0[group] = lines[group].replacing(" 3 ", with: " 9 ") }
    bend("no quorum named") { $0.removeAll { $0.hasPrefix("quorum ") } }
    bend("two quorums named") { $0.append("quorum quorum") }
    bend("a log twice") { $0.insert(lines[log], at: log) }
    bend("a line that nobody knows") { $0.append("organisation one") }
    for (name, lines) in bent {
      let policy = Array((lines.joined(separator: "\n") + "\n").utf8)
      let file = self.add(
        MutatedFile(name: "policy: \(name)", bytes: honest.bytes, chain: honest.chain, policy: policy))
      self.add("as it is", of: file, honest.bytes)
    }
  }
}
