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
      guard let read = EnvelopeFields(plain: bytes) else { continue }
      let at = { (place: Range<Int>) in Array(read.bytes[place]) }
      plain += 1
      let wire = try #require(try? WireEnvelope(serializedBytes: bytes), "seed \(seed), round \(round)")
      let body = try #require(try? WireBody(serializedBytes: wire.body), "seed \(seed), round \(round)")
      #expect(body.hasAction && at(read.body) == Array(wire.body))
      let signatures = (read.signature.map { [$0] } ?? []) + read.further
      #expect(signatures.count == wire.signatures.count)
      for (own, theirs) in zip(signatures, wire.signatures) {
        #expect(own.suite == theirs.suite)
        #expect(at(own.publicKey) == Array(theirs.publicKey) && at(own.signature) == Array(theirs.signature))
      }
      #expect(at(read.chain) == Array(body.chain) && at(read.sender) == Array(body.sender))
      #expect(read.expiry == body.expiry && at(read.id) == Array(body.id))
      #expect(read.contract == body.action.contract && read.kind == body.action.kind)
      #expect(at(read.payload) == Array(body.action.payload))
      #expect((read.manifest != nil) == body.hasManifest)
      if let manifest = read.manifest {
        #expect(manifest.count == body.manifest.count && at(manifest.root) == Array(body.manifest.root))
      }
    }
    #expect(plain > 50, "\(plain) plain")
  }

  @Test("what is cut short, longer than it says, out of order or in a longer form is not plain")
  func notPlain() {
    for bytes in [[0x0A, 2], [0x0A, 2, 1], [0x0A, 0x82, 0x00, 1, 2], [0x0A], [0x0A, 0xFF]] as [[UInt8]] {
      var message = PlainMessage(at: 0..<bytes.count)
      #expect(message.place(1, in: bytes.span.bytes) == nil && !message.isDone, "\(bytes)")
    }
    let twice: [UInt8] = [0x0A, 0, 0x0A, 0]
    var behind = PlainMessage(at: 0..<4)
    #expect(behind.place(1, in: twice.span.bytes) == 2..<2 && behind.place(2, in: twice.span.bytes) == nil)
    #expect(!behind.isDone)
    var wide = PlainMessage(at: 0..<6)
    #expect(wide.uint32(1, in: ([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F] as [UInt8]).span.bytes) == nil && !wide.isDone)
    let fields: [UInt8] = [0x08, 0x96, 0x01, 0x12, 1, 7]
    var good = PlainMessage(at: 0..<6)
    #expect(good.uint32(1, in: fields.span.bytes) == 150 && good.place(2, in: fields.span.bytes) == 5..<6)
    #expect(good.isDone)
    // A message within another ends where that one says, whatever follows.
    var inner = PlainMessage(at: 0..<3)
    #expect(inner.uint32(1, in: fields.span.bytes) == 150 && inner.isDone)
  }
}
