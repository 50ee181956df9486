import FoundationEssentials
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Signatures of envelopes: whose, over what, and in how many forms.
struct SignatureTests {
  private let envelopes: Envelopes

  init() throws { envelopes = try Envelopes() }

  /// The y-coordinates of small order, as the facts on log formats list them: 0, 1, p − 1 and the two of order 8.
  private static let smallOrder: [[UInt8]] = [
    [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    [
      0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5, 0xDF, 0xAC,
      0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
      0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A, 0x20, 0x53,
      0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
  ]

  @Test("every bit of a signature counts")
  func flippedBits() throws {
    let body = try envelopes.body()
    let good = try envelopes.signature(body, by: envelopes.key)
    for bit in 0..<512 {
      let code = try envelopes.refusal(changing: { envelope in
        var signature = Array(good.signature)
        signature[bit / 8] ^= 1 << UInt8(bit % 8)
        envelope.signatures[0].signature = Data(signature)
      })
      #expect(code == .badSignature, "bit \(bit)")
    }
    for length in [0, 1, 63, 65, 128] {
      #expect(
        try envelopes.refusal(changing: { $0.signatures[0].signature = Data(count: length) }) == .badSignature)
    }
  }

  @Test("a signature has one form: S plus the order of the group is refused")
  func otherScalar() throws {
    // 2^252 + 27742317777372353535851937790883648493 in little-endian bytes (RFC 8032, 5.1).
    let order: [UInt8] =
      [0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14]
      + [UInt8](repeating: 0, count: 15) + [0x10]
    let code = try envelopes.refusal(changing: { envelope in
      var signature = Array(envelope.signatures[0].signature)
      var carry = 0
      for index in 0..<32 {
        carry += Int(signature[32 + index]) + Int(order[index])
        signature[32 + index] = UInt8(carry & 255)
        carry >>= 8
      }
      try #require(carry == 0)
      envelope.signatures[0].signature = Data(signature)
    })
    #expect(code == .badSignature)
  }

  @Test("one bad signature among good ones is enough")
  func oneOfMany() throws {
    let body = try envelopes.body()
    let third = try SigningKey(seed: [UInt8](repeating: 43, count: 32))
    for bad in 0..<3 {
      let code = try envelopes.refusal(changing: { envelope in
        envelope.signatures += try [envelopes.other, third].map { try envelopes.signature(body, by: $0) }
        envelope.signatures[bad].signature[5] ^= 1
      })
      #expect(code == .badSignature)
    }
  }

  @Test("a signature serves its own key, body and purpose only")
  func otherKeysBodiesAndDomains() throws {
    let body = try envelopes.body()
    #expect(
      try envelopes.refusal(changing: { $0.signatures[0].publicKey = Data(envelopes.other.publicKey.bytes) })
        == .badSignature)
    for domain in [[], Domain.header, Domain.batch, Domain.vote, Domain.lock, Domain.report, Domain.address] {
      let signature = try envelopes.signature(body, by: envelopes.key, domain: domain)
      #expect(try envelopes.refusal(changing: { $0.signatures = [signature] }) == .badSignature)
    }
    let signature = try envelopes.signature(body, by: envelopes.key)
    let changes: [(inout WireBody) -> Void] = [
      { $0.sender = Data(count: 20) }, { $0.expiry += 1 }, { $0.id = Data(1...16) }, { $0.action.contract = "tallx" },
      { $0.action.kind = 8 }, { $0.action.payload.append(0) }, { $0.action.payload = Data() },
      {
        $0.manifest.count = 1
        $0.manifest.root = Data(count: 32)
      },
    ]
    for change in changes {
      let changed = try envelopes.body(change)
      #expect(envelopes.refusal(try envelopes.envelope(changed) { $0.signatures = [signature] }) == .badSignature)
      #expect(envelopes.refusal(try envelopes.envelope(changed)) == nil)
    }
  }

  @Test("suites that this version does not know", arguments: [0, 2, 3, 255, 256, .max] as [UInt32])
  func unknownSuites(suite: UInt32) throws {
    #expect(try envelopes.refusal(changing: { $0.signatures[0].suite = suite }) == .unknownSuite)
    let body = try envelopes.body()
    let code = try envelopes.refusal(changing: { envelope in
      var second = try envelopes.signature(body, by: envelopes.other)
      second.suite = suite
      envelope.signatures.append(second)
    })
    #expect(code == .unknownSuite)
  }

  @Test("keys of small order are refused, with either sign, first or second")
  func keysOfSmallOrder() throws {
    for y in Self.smallOrder {
      for key in [y, y.dropLast() + [y[31] | 0x80]] {
        for place in 0...1 {
          let code = try envelopes.refusal(changing: { envelope in
            var forged = WireSignature()
            forged.suite = 1
            forged.publicKey = Data(key)
            // R = the key itself, S = 0: verifies for some or all messages if the key is let through.
            forged.signature = Data(key + [UInt8](repeating: 0, count: 32))
            envelope.signatures.insert(forged, at: place)
          })
          #expect(code == .badKey)
        }
      }
    }
  }

  @Test("keys in another form than the canonical one, or of another length, are refused")
  func keysOfWrongForm() throws {
    // y = p, p + 1, … 2^255 − 1 stand for y − p too.
    for low in 0xED...0xFF as ClosedRange<UInt8> {
      for high in [0x7F, 0xFF] as [UInt8] {
        let key = [low] + [UInt8](repeating: 0xFF, count: 30) + [high]
        #expect(try envelopes.refusal(changing: { $0.signatures[0].publicKey = Data(key) }) == .badKey)
      }
    }
    let good = envelopes.key.publicKey.bytes
    for key in [[], [UInt8](good.dropLast()), good + [0], good + good] {
      #expect(try envelopes.refusal(changing: { $0.signatures[0].publicKey = Data(key) }) == .badKey)
    }
  }

  @Test("the very bytes of the body are signed: another order of its fields keeps its own signature")
  func reorderedFields() throws {
    // Fields in descending order, each with its tag: what no library writes, but every library reads.
    let body = try envelopes.body()
    let parsed = try #require(ProtobufFields(body))
    let reordered = ProtobufFields(parsed.fields.reversed()).bytes
    #expect(reordered != body && reordered.count == body.count)
    #expect(try WireBody(serializedBytes: reordered) == WireBody(serializedBytes: body))

    let bytes = try envelopes.envelope(reordered)
    let transaction = try envelopes.verify(bytes)
    #expect(transaction.envelope == bytes)
    #expect(transaction.meaning == (try envelopes.verify(envelopes.envelope(body))).meaning)
    // Whoever wrote the body anew would have other bytes, and no signature for them.
    let signature = try envelopes.signature(reordered, by: envelopes.key)
    #expect(envelopes.refusal(try envelopes.envelope(body) { $0.signatures = [signature] }) == .badSignature)
  }

  @Test("a field of the body that this version does not know is signed with it")
  func unknownFieldsOfTheBody() throws {
    // Field 15, the number 1.
    let body = try envelopes.body() + [120, 1]
    let transaction = try envelopes.verify(envelopes.envelope(body))
    #expect(transaction.meaning == (try envelopes.verify(envelopes.envelope(envelopes.body()))).meaning)
    let signature = try envelopes.signature(envelopes.body(), by: envelopes.key)
    #expect(envelopes.refusal(try envelopes.envelope(body) { $0.signatures = [signature] }) == .badSignature)
  }

  @Test("bytes around the signed body change nothing of what was signed")
  func unknownFieldsOfTheEnvelope() throws {
    let good = try envelopes.envelope(envelopes.body())
    let meaning = try envelopes.verify(good).meaning
    let padding: [UInt8] = [122, 100] + [UInt8](repeating: 7, count: 100)
    for bytes in [good + padding, padding + good, padding + good + padding] {
      let transaction = try envelopes.verify(bytes)
      #expect(transaction.meaning == meaning)
      // The hash is of the envelope as it came.
      #expect(transaction.hash == .sha256(bytes))
    }
  }
}
