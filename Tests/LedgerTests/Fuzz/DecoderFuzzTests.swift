import FoundationEssentials
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Every decoder of the room against random and damaged bytes: a value or a `LedgerError`, never a trap; and what
/// is read in a format with one form is written again as the same bytes.
struct DecoderFuzzTests {
  /// A decoder that is held against bytes.
  private struct Decoder {
    let name: String
    let samples: [[UInt8]]
    /// Reads, uses what was read, and writes it again.
    let read: ([UInt8]) throws(LedgerError) -> [UInt8]
  }

  private let organisations: Organisations

  init() throws { organisations = try Organisations(4) }

  /// Decoders that keep the exact bytes or read a format with one form.
  private func exactDecoders() throws -> [Decoder] {
    let chain = try organisations.chainWithOneBlock()
    let batch = try organisations.batch(after: chain, [organisations.transaction(2)])
    let seal = try chain.execute(PreparedBatch(batch, chain: chain.id), certificate: nil).seal
    let other = try Organisations(1, name: "other").genesis
    let rows =
      try RowEntries.pack([[1, 2, 3], [], [UInt8](repeating: 7, count: 300)])
      + RowEntries.pack([[UInt8]](repeating: [5], count: 20))
    return [
      Decoder(name: "genesis", samples: [organisations.genesis.bytes, other.bytes]) { bytes throws(LedgerError) in
        try Self.use(Genesis(decoding: bytes))
      },
      Decoder(name: "seal", samples: [seal.entry]) { bytes throws(LedgerError) in try Seal(entry: bytes).entry },
      Decoder(name: "statement", samples: [organisations.statement().canonicalBytes]) { bytes throws(LedgerError) in
        try Statement(message: Data(bytes)).canonicalBytes
      },
      Decoder(name: "rows", samples: rows) { bytes throws(LedgerError) in
        guard let rows = RowEntries.unpack(bytes) else { throw LedgerError(.malformed, "no rows") }
        return [bytes[0]] + (try RowEntries.pack(rows)).flatMap { $0.dropFirst() }
      },
      Decoder(name: "header", samples: [batch.signedHeader]) { bytes throws(LedgerError) in
        try Batch(signedHeader: bytes, entries: batch.entries).signedHeader
      },
      Decoder(name: "address", samples: [Array(organisations.keys[0].vote.publicKey.address.description.utf8)]) {
        bytes throws(LedgerError) in
        let address = try Address(text: String(decoding: bytes, as: UTF8.self))
        // Upper case is read too.
        return bytes.contains { (65...90).contains($0) }
          ? Array(address.description.uppercased().utf8) : Array(address.description.utf8)
      },
    ]
  }

  /// A genesis that was read is used for all that a chain takes from it.
  private static func use(_ genesis: Genesis) throws(LedgerError) -> [UInt8] {
    let again = try Genesis(
      name: genesis.name, origin: genesis.origin, time: genesis.time, limits: genesis.limits,
      contracts: genesis.contracts)
    #expect(again.name == genesis.name && again.origin == genesis.origin && again.time == genesis.time)
    #expect(again.limits == genesis.limits)
    #expect(again.contracts.map(\.payload) == genesis.contracts.map(\.payload))
    #expect(!LogHead(size: 1, root: genesis.chain).text(origin: genesis.origin).isEmpty)
    #expect(genesis.chain == .sha256(genesis.bytes))
    return genesis.bytes
  }

  @Test("a value that gives its bytes back, or an error", arguments: [1, 2, 3] as [UInt64])
  func exactBytes(seed: UInt64) throws {
    for decoder in try exactDecoders() {
      var damage = Damage(seed: seed)
      var read = 0
      for round in 0..<4_000 {
        let bytes = round < decoder.samples.count ? decoder.samples[round] : damage.input(from: decoder.samples)
        do throws(LedgerError) {
          let written = try decoder.read(bytes)
          read += 1
          #expect(written == bytes, "\(decoder.name), seed \(seed), round \(round)")
        } catch {
          #expect(error.code != .success, "\(decoder.name), seed \(seed), round \(round)")
        }
      }
      #expect((decoder.samples.count...3_900).contains(read), "\(decoder.name) read \(read) of 4,000, seed \(seed)")
    }
  }

  @Test("a damaged message is a value with a form of its own, or an error", arguments: [1, 2, 3] as [UInt64])
  func messages(seed: UInt64) throws {
    let samples = try endorsements().map { try $0.encoded() }
    var damage = Damage(seed: seed)
    var read = [0, 0, 0, 0]
    for round in 0..<12_000 {
      let good = damage.pick(samples)
      let bytes = round % 2 == 0 ? damage.damagedMessage(good) : damage.input(from: samples)
      do throws(LedgerError) {
        let message = try EndorsementMessage(decoding: bytes)
        let written = try message.encoded()
        #expect(try EndorsementMessage(decoding: written) == message, "seed \(seed), round \(round)")
        #expect(try EndorsementMessage(decoding: written).encoded() == written, "seed \(seed), round \(round)")
        read[Self.kind(of: message)] += 1
      } catch {
        #expect([.malformed, .badKey, .badTime].contains(error.code), "seed \(seed), round \(round)")
      }
    }
    #expect(read.allSatisfy { $0 > 0 } && read.reduce(0, +) < 11_000, "read \(read), seed \(seed)")
  }

  @Test("the parts of a certificate", arguments: [1, 2] as [UInt64])
  func certificateParts(seed: UInt64) throws {
    let head = LogHead(size: 9, root: .sha256([9]))
    let good = try organisations.certificate(on: head, by: [0, 1, 2])
    let samples: [[UInt8]] = try good.map { try $0.wire.serializedBytes() }
    var damage = Damage(seed: seed)
    var read = 0
    for round in 0..<6_000 {
      let place = damage.below(3)
      let bytes = round % 2 == 0 ? damage.damagedMessage(samples[place]) : damage.input(from: samples)
      guard let wire = try? WireCosignature(serializedBytes: bytes) else { continue }
      do throws(LedgerError) {
        let cosignature = try EndorserCosignature(wire)
        read += 1
        // What decodes takes the place of a good one; it counts only if it says exactly the same.
        var changed = good
        changed[place] = cosignature
        let certificate = try? Certificate(
          validating: changed, head: head, origin: organisations.genesis.origin, endorsers: organisations.set)
        #expect((certificate != nil) == (cosignature == good[place]), "seed \(seed), round \(round)")
      } catch {
        #expect([.malformed, .badKey, .badTime].contains(error.code), "seed \(seed), round \(round)")
      }
    }
    #expect((1_000..<6_000).contains(read), "read \(read), seed \(seed)")
  }

  private func endorsements() throws -> [EndorsementMessage] {
    let statement = organisations.statement()
    let head = LogHead(size: statement.size, root: statement.root)
    let text = head.text(origin: organisations.genesis.origin)
    let keys = organisations.keys[1]
    return [
      .vote(try SignedStatement(statement, domain: Domain.vote, key: keys.vote)),
      .lock(try SignedStatement(statement, domain: Domain.lock, key: keys.vote)),
      .cosigned(
        CosignedCheckpoint(
          statement: statement,
          cosignature: try EndorserCosignature(text: text, time: Organisations.start, key: keys.cosign),
          logSignature: try LogSignature(text: text, key: keys.log))),
      .certified(
        CertifiedCheckpoint(
          statement: statement, cosignatures: try organisations.certificate(on: head, by: [0, 1, 2]),
          logSignatures: try organisations.keys.map { try LogSignature(text: text, key: $0.log) })),
    ]
  }

  private static func kind(of message: EndorsementMessage) -> Int {
    switch message {
    case .vote: 0
    case .lock: 1
    case .cosigned: 2
    case .certified: 3
    }
  }
}
