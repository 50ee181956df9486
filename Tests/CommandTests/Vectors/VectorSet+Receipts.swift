import Contracts
import Foundation
import MutualAid
import SwiftProtobuf
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

extension VectorSet {
  /// Receipts of a short history, and of blocks whose one organisation signs anything.
  mutating func addReceipts(_ fixture: ProofFixture) throws {
    func code(_ code: ProofError.Code) -> String { code.name }
    let honest = try fixture.transactions.filter { $0 != fixture.forged }.map { try fixture.receipt($0) }
    for receipt in honest {
      add(
        "receipt", "a transaction of a short history", "valid", try receipt.json(), chain: fixture.chain,
        policy: "history")
    }
    let first = honest[0]
    let other = honest[4]
    func bent(_ change: (inout Receipt) -> Void) throws -> [UInt8] {
      var receipt = first
      change(&receipt)
      return try receipt.json()
    }
    func refuse(_ reason: String, _ verdict: ProofError.Code, _ bytes: [UInt8]) {
      add("receipt", reason, verdict.name, bytes, chain: fixture.chain, policy: "history")
    }
    func accept(_ reason: String, _ bytes: [UInt8]) {
      add("receipt", reason, "valid", bytes, chain: fixture.chain, policy: "history")
    }
    accept("packed by gzip", try first.packed())
    let whole = try Receipt(entry: first.index, from: fixture.source, isWhole: true)
    accept("with the log signatures of all organisations", try whole.json())
    accept(
      "with a line by a key that is in no policy",
      try bent { receipt in
        let line = Base64.encodeToString([0, 0, 0, 1] + [UInt8](repeating: 0, count: 64))
        receipt.seal.checkpoint += "\u{2014} stranger.example \(line)\n"
      }
    )
    let text = String(decoding: try first.json(), as: UTF8.self)
    func edited(_ piece: String, _ new: String) -> [UInt8] {
      Array(text.replacing(piece, with: new, maxReplacements: 1).utf8)
    }
    accept("with a member that nobody knows", edited("{\"chain\"", "{\"new\":{\"list\":[1,true]},\"chain\""))
    accept("written with other spaces", edited("{\"chain\"", " {\n\t\"chain\""))

    refuse("the place of another entry", .notIncluded, try bent { $0.index = other.index })
    refuse("the next place", .notIncluded, try bent { $0.index += 1 })
    refuse("the entry of another receipt", .notIncluded, try bent { $0.entry = other.entry })
    refuse("the path of another receipt", .notIncluded, try bent { $0.path = other.path })
    refuse(
      "entry and place of another block", .notIncluded,
      try bent { ($0.index, $0.entry, $0.path) = (other.index, other.entry, other.path) })
    refuse("a later block's seal", .notIncluded, try bent { $0.seal = other.seal })
    refuse("another seal's bytes", .notIncluded, try bent { $0.seal.seal = other.seal.seal })
    refuse("another block's header", .notIncluded, try bent { $0.seal.header = other.seal.header })
    refuse("the seal's path is another's", .notIncluded, try bent { $0.seal.path = other.seal.path })
    refuse("the seal's place is another's", .notIncluded, try bent { $0.seal.index = other.seal.index })
    refuse("a path without its last hash", .notIncluded, try bent { $0.path.removeLast() })
    refuse("a path with a hash too many", .notIncluded, try bent { $0.path.append($0.path[0]) })
    refuse("two hashes of a path change places", .notIncluded, try bent { $0.path.swapAt(0, 1) })
    refuse("one bit of the entry", .notIncluded, try bent { $0.entry[40] ^= 1 })
    refuse("one bit of the seal", .notIncluded, try bent { $0.seal.seal[60] ^= 1 })
    refuse("the seal's kind", .malformed, try bent { $0.seal.seal[0] = 2 })
    refuse("a seal cut short", .malformed, try bent { $0.seal.seal.removeLast() })
    refuse("the header's kind", .malformed, try bent { $0.seal.header[0] = 2 })
    refuse(
      "a receipt of a seal", .notIncluded,
      try bent { ($0.index, $0.entry, $0.path) = ($0.seal.index, $0.seal.seal, $0.seal.path) })
    refuse(
      "a transaction in the log that its sender did not sign", .refused, try fixture.receipt(fixture.forged).json())

    var lines = first.seal.checkpoint.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let cosigned = lines.indices.filter { lines[$0].contains("/executor ") }
    func checkpoint(_ change: (inout [String]) -> Void) throws -> [UInt8] {
      var copy = lines
      change(&copy)
      return try bent { $0.seal.checkpoint = copy.joined(separator: "\n") }
    }
    refuse("a cosignature short of the quorum", .noQuorum, try checkpoint { $0.remove(at: cosigned[0]) })
    refuse("one organisation counted twice", .noQuorum, try checkpoint { $0[cosigned[0]] = $0[cosigned[1]] })
    refuse(
      "a cosignature under another's name", .noQuorum,
      try checkpoint { lines in
        let name = lines[cosigned[1]].split(separator: " ")[1]
        let parts = lines[cosigned[0]].split(separator: " ")
        lines[cosigned[0]] = "\(parts[0]) \(name) \(parts[2])"
      })
    refuse("no log signature", .noQuorum, try checkpoint { $0.removeAll { $0.hasPrefix("\u{2014} \(lines[0]) ") } })
    refuse("another size", .noQuorum, try checkpoint { $0[1] = "\((Int($0[1]) ?? 0) + 1)" })
    refuse("another root", .noQuorum, try checkpoint { $0[2] = Base64.encodeToString(Hash.leaf([1]).bytes) })
    refuse("another origin", .noQuorum, try checkpoint { $0[0] = "tongzhou.example/log/other" })
    refuse("a size with a leading zero", .noQuorum, try checkpoint { $0[1] = "0" + $0[1] })
    refuse("no checkpoint", .noQuorum, try bent { $0.seal.checkpoint = "" })
    lines.removeAll()
    add(
      "receipt", "held against a policy of strangers", code(.noQuorum), try first.json(), chain: fixture.chain,
      policy: "one")
    add(
      "receipt", "held against another chain", code(.wrongChain), try first.json(), chain: .sha256([1]),
      policy: "history")
    refuse("it names another chain", .wrongChain, try bent { $0.chain = Hash.sha256([1]).description })

    refuse("another format", .malformed, edited("tongzhou-receipt/v1", "tongzhou-receipt/v2"))
    refuse("a member is missing", .malformed, edited("\"index\"", "\"inde\""))
    refuse("a member stands twice", .malformed, edited("{\"chain\"", "{\"index\":\(first.index),\"chain\""))
    refuse(
      "a member stands twice, written in two ways", .malformed, edited("{\"chain\"", "{\"ch\\u0061in\":\"\",\"chain\""))
    refuse("a number with a fraction", .malformed, edited("\"index\":\(first.index)", "\"index\":\(first.index).0"))
    refuse("a number with an exponent", .malformed, edited("\"index\":\(first.index)", "\"index\":\(first.index)e0"))
    refuse("a number with a leading zero", .malformed, edited("\"index\":\(first.index)", "\"index\":0\(first.index)"))
    refuse("a negative number", .malformed, edited("\"index\":\(first.index)", "\"index\":-1"))
    refuse("a number past 2^53", .malformed, edited("\"index\":\(first.index)", "\"index\":9007199254740992"))
    refuse("a number as text", .malformed, edited("\"index\":\(first.index)", "\"index\":\"\(first.index)\""))
    refuse("base64 with a bit to spare", .malformed, Array(VectorSet.spare(text).utf8))
    refuse("base64 without its padding", .malformed, edited("=\"", "\""))
    refuse("a hash of 31 bytes", .malformed, try bent { $0.path[0].removeLast() })
    refuse("a chain id in capitals", .malformed, edited(first.chain, first.chain.uppercased()))
    refuse("more than the one object", .malformed, Array((text + "{}").utf8))
    refuse("a byte order mark", .malformed, [0xef, 0xbb, 0xbf] + Array(text.utf8))
    refuse("null in the place of a list", .malformed, edited("\"path\":[", "\"path\":null,\"other\":["))
    refuse("cut short", .malformed, Array(text.utf8.dropLast(40)))
    refuse("nothing", .malformed, [])
    refuse("gzip cut short", .malformed, Array(try first.packed().dropLast(4)))
    refuse("something behind the gzip", .malformed, try first.packed() + [0])
    refuse(
      "one that unpacks to more than may be", .malformed,
      Gzip.compress([UInt8](repeating: 0x20, count: 2_000_001), level: 9) ?? [])
  }

  /// Receipts of the short history held against the sets of endorsers that there would be if one of them had been
  /// suspended or removed: what counted for the quorum then counts no more.
  mutating func addChangedEndorsers(_ fixture: ProofFixture) throws {
    let receipt = try fixture.receipt(fixture.transactions[0])
    let all = try ChainState(genesis: fixture.genesis).endorsers.members
    let hasSigned = { (member: Endorser) in receipt.seal.checkpoint.contains("\u{2014} \(member.cosignerName) ") }
    func hold(_ name: String, _ reason: String, _ verdict: String, without: (Endorser) -> Bool, suspended: Int) throws {
      guard let gone = all.first(where: without) else { return }
      let left = EndorserSet(all.filter { $0 != gone }, suspended: suspended)
      add(policy: try left.policy(origin: fixture.genesis.origin), name: name)
      add("receipt", reason, verdict, try receipt.json(), chain: fixture.chain, policy: name)
    }
    let code = ProofError.Code.noQuorum.name
    try hold("suspended", "one that cosigned had been suspended", code, without: hasSigned, suspended: 1)
    try hold("removed", "one that cosigned had been removed", code, without: hasSigned, suspended: 0)
    try hold(
      "silent-suspended", "one that did not cosign had been suspended", "valid", without: { !hasSigned($0) },
      suspended: 1)
    try hold(
      "silent-removed", "one that did not cosign had been removed", "valid", without: { !hasSigned($0) }, suspended: 0)

    // A log key of an organisation says that it publishes this log, and counts for no quorum.
    let whole = try Receipt(entry: receipt.index, from: fixture.source, isWhole: true)
    let lines = whole.seal.checkpoint.split(separator: "\n", omittingEmptySubsequences: false)
    let beginning = "\u{2014} \(fixture.genesis.origin) "
    func refuse(_ reason: String, _ lines: [Substring]) throws {
      var bent = receipt
      bent.seal.checkpoint = lines.joined(separator: "\n")
      add("receipt", reason, code, try bent.json(), chain: fixture.chain, policy: "history")
    }
    try refuse("log signatures of all, and no cosignature", lines.filter { !$0.contains("/executor ") })
    guard let log = lines.first(where: { $0.hasPrefix(beginning) }),
      let cosigned = lines.firstIndex(where: { $0.contains("/executor ") })
    else { return }
    var renamed = lines
    renamed[cosigned] = "\u{2014} \(lines[cosigned].split(separator: " ")[1]) \(log.dropFirst(beginning.count))"
    try refuse("a log signature under a cosigner's name in the place of a cosignature", renamed)
  }

  /// The text with the last digit of the first padded base64 replaced by the next one, which stands for the same bytes
  /// where readers are lax.
  private static func spare(_ text: String) -> String {
    var bytes = Array(text.utf8)
    guard let end = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "=") && bytes[$0 - 1] != UInt8(ascii: "=") })
    else { return text }
    // Of the digits that stand before one `=` the last bits are zero: A, E, I, … and so on.
    bytes[end - 1] += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Transactions that a lying organisation puts into a block of its own.
  mutating func addSignedReceipts(_ fixture: ProofFixture) throws {
    let block = try SignedBlock()
    let time = block.time.seconds
    func add(_ reason: String, _ isRefused: Bool, _ envelope: [UInt8], chain: Hash? = nil) throws {
      var block = block
      if let chain { block.chain = chain }
      block.entries = [Entry.make(.transaction, envelope)]
      let log = try block.log()
      var receipt = try fixture.receipt(fixture.transactions[0])
      receipt.chain = Hash.sha256([1]).description
      (receipt.index, receipt.entry, receipt.path, receipt.seal) = (2, Data(log.entries[2]), try log.path(2), log.seal)
      let verdict = chain != nil ? ProofError.Code.wrongChain.name : isRefused ? ProofError.Code.refused.name : "valid"
      self.add("receipt", reason, verdict, try receipt.json(), chain: .sha256([1]), policy: "one")
    }
    func unsigned(_ sender: Address, expiry: UInt64, chain: Hash = .sha256([1])) throws -> UnsignedTransaction {
      try UnsignedTransaction(
        chain: chain, sender: sender, expiry: Timestamp(seconds: expiry), id: [UInt8](repeating: 5, count: 16),
        action: MutualAid.leave(membership: 0))
    }
    let alice = try SigningKey(seed: [UInt8](repeating: 1, count: 32))
    let mallory = try SigningKey(seed: [UInt8](repeating: 2, count: 32))
    let address = alice.publicKey.address
    for expiry in [time, time + 600] {
      try add(
        "a transaction that expires \(expiry - time) s after its block", false,
        unsigned(address, expiry: expiry).signed(by: [alice]))
    }
    for expiry in [0, time - 1, time + 601] {
      try add(
        "a transaction whose expiry, \(expiry), does not fit its block's time, \(time)", true,
        unsigned(address, expiry: expiry).signed(by: [alice]))
    }
    try add("signed by two", false, unsigned(address, expiry: time).signed(by: [alice, mallory]))
    try add(
      "signed by another than the sender first", true, unsigned(address, expiry: time).signed(by: [mallory, alice]))
    try add("for another chain", true, unsigned(address, expiry: time, chain: .sha256([9])).signed(by: [alice]))
    try add(
      "in a block of another chain with the same origin", true, unsigned(address, expiry: time).signed(by: [alice]),
      chain: .sha256([2]))

    // From here on signatures at the edges of Ed25519, over the real body.
    let good = try WireEnvelope(serializedBytes: unsigned(address, expiry: time).signed(by: [alice]))
    func envelope(_ change: (inout [UInt8], inout [UInt8]) -> Void) throws -> [UInt8] {
      var copy = good
      var (key, signature) = (Array(copy.signatures[0].publicKey), Array(copy.signatures[0].signature))
      change(&key, &signature)
      (copy.signatures[0].publicKey, copy.signatures[0].signature) = (Data(key), Data(signature))
      return try copy.serializedBytes()
    }
    try add("one bit of R", true, envelope { $1[3] ^= 1 })
    try add("one bit of S", true, envelope { $1[40] ^= 1 })
    try add(
      "S + L, which stands for the same number", true,
      envelope { key, signature in
        signature = Array(signature[..<32]) + VectorSet.adding(VectorSet.groupOrder, to: Array(signature[32...]))
      })
    try add("a signature of 63 bytes", true, envelope { $1.removeLast() })
    try add("a key of 31 bytes", true, envelope { key, _ in key.removeLast() })
    for (reason, key) in VectorSet.badKeys {
      // Under a key of small order R = A and S = 0 verify for every message where nobody looks at the key.
      let sender = Address(Array(Hash.sha256(Domain.address + [1] + key).bytes.prefix(Address.byteCount)))
      var wire = try WireEnvelope(serializedBytes: unsigned(sender ?? address, expiry: time).signed(by: [alice]))
      wire.signatures[0].publicKey = Data(key)
      wire.signatures[0].signature = Data(key + [UInt8](repeating: 0, count: 32))
      try add(reason, true, wire.serializedBytes())
    }
    var suite = good
    suite.signatures[0].suite = 2
    try add("a suite that nobody knows", true, suite.serializedBytes())
    var none = good
    none.signatures = []
    try add("no signature", true, none.serializedBytes())
    var unknown: [UInt8] = try good.serializedBytes()
    unknown += [0x7a, 0x02, 0x01, 0x02]
    try add("an envelope with a field that nobody knows", false, unknown)
  }

  /// L, the order of the group, in little-endian bytes.
  private static let groupOrder: [UInt8] =
    [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    ] + [UInt8](repeating: 0, count: 15) + [0x10]

  private static func adding(_ other: [UInt8], to number: [UInt8]) -> [UInt8] {
    var carry = 0
    return zip(number, other).map { a, b in
      let sum = Int(a) + Int(b) + carry
      carry = sum >> 8
      return UInt8(truncatingIfNeeded: sum)
    }
  }

  private static let badKeys: [(String, [UInt8])] = [
    ("the key is the neutral point", [1] + [UInt8](repeating: 0, count: 31)),
    ("the key has order 2", [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f]),
    ("the key has order 4", [UInt8](repeating: 0, count: 32)),
    ("the key is the neutral point in another form, y = p + 1", [0xee] + [UInt8](repeating: 0xff, count: 30) + [0x7f]),
    ("the key is the neutral point with the other sign", [1] + [UInt8](repeating: 0, count: 30) + [0x80]),
    ("the key is no point", [2] + [UInt8](repeating: 0, count: 31)),
  ]
}
