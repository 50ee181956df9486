import Foundation
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// The reader of plain messages and the protobuf library must not differ: organisations would disagree.
@Suite("Plain messages")
struct PlainMessageTests {
  private let envelopes: Envelopes

  init() throws { envelopes = try Envelopes() }

  @Test(
    "every damaged envelope that reads as plain reads the same by the library", arguments: 1...4 as ClosedRange<UInt64>)
  func envelopesAgree(seed: UInt64) throws {
    let samples = try [
      envelopes.envelope(envelopes.body()),
      envelopes.envelope(
        envelopes.body { body in
          body.manifest.count = 300
          body.manifest.root = Data(Hash.sha256([1]).bytes)
        }),
    ]
    var damage = Damage(seed: seed)
    var plain = 0
    for round in 0..<20_000 {
      var bytes = damage.pick(samples)
      for _ in 0...(round % 3) { bytes = round % 2 == 0 ? damage.damagedMessage(bytes) : damage.damaged(bytes) }
      guard let read = EnvelopeFields(plain: bytes[...]) else { continue }
      plain += 1
      let wire = try #require(try? WireEnvelope(serializedBytes: bytes), "seed \(seed), round \(round)")
      let body = try #require(try? WireBody(serializedBytes: wire.body), "seed \(seed), round \(round)")
      #expect(body.hasAction && Array(read.body) == Array(wire.body))
      #expect(read.signatures.count == wire.signatures.count)
      for (own, theirs) in zip(read.signatures, wire.signatures) {
        #expect(own.suite == theirs.suite)
        #expect(Array(own.publicKey) == Array(theirs.publicKey) && Array(own.signature) == Array(theirs.signature))
      }
      #expect(Array(read.chain) == Array(body.chain) && Array(read.sender) == Array(body.sender))
      #expect(read.expiry == body.expiry && Array(read.id) == Array(body.id))
      #expect(read.contract == body.action.contract && read.kind == body.action.kind)
      #expect(Array(read.payload) == Array(body.action.payload))
      #expect((read.manifest != nil) == body.hasManifest)
      if let manifest = read.manifest {
        #expect(manifest.count == body.manifest.count && Array(manifest.root) == Array(body.manifest.root))
      }
    }
    #expect(plain > 50, "\(plain) plain")
  }

  @Test("what is cut short, longer than it says, out of order or in a longer form is not plain")
  func notPlain() {
    for bytes in [[0x0A, 2], [0x0A, 2, 1], [0x0A, 0x82, 0x00, 1, 2], [0x0A], [0x0A, 0xFF]] as [[UInt8]] {
      var message = PlainMessage(bytes[...])
      #expect(message.bytes(1) == nil && !message.isDone, "\(bytes)")
    }
    var behind = PlainMessage([0x0A, 0, 0x0A, 0])
    #expect(behind.bytes(1) == [] && behind.bytes(2) == nil && !behind.isDone)
    var wide = PlainMessage([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F])
    #expect(wide.uint32(1) == nil && !wide.isDone)
    var good = PlainMessage([0x08, 0x96, 0x01, 0x12, 1, 7])
    #expect(good.uint32(1) == 150 && good.bytes(2) == [7] && good.isDone)
  }
}
