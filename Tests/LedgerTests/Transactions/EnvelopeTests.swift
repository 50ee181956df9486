import FoundationEssentials
import SwiftProtobuf
import Testing
import TransparencyLog

@testable import Ledger

/// The form of envelopes: each rule alone, and its code.
struct EnvelopeTests {
  private let envelopes: Envelopes

  init() throws { envelopes = try Envelopes() }

  @Test("what was signed comes back")
  func aValidEnvelope() throws {
    let manifest = Manifest(rows: [[1], [2, 3]])
    let unsigned = try UnsignedTransaction(
      chain: envelopes.chain, sender: envelopes.key.publicKey.address, expiry: Timestamp(seconds: 77),
      id: Array(1...16), action: Action(contract: "c", kind: 5, payload: [1, 2]), manifest: manifest)
    let bytes = try unsigned.signed(by: [envelopes.key, envelopes.other])
    let transaction = try envelopes.verify(bytes)
    #expect(transaction.envelope == bytes)
    #expect(transaction.hash == .sha256(bytes))
    #expect(transaction.sender == envelopes.key.publicKey.address)
    #expect(transaction.senderKey == envelopes.key.publicKey)
    #expect(transaction.cosigners == [envelopes.other.publicKey.address])
    #expect(transaction.expiry.seconds == 77)
    #expect(transaction.id == Array(1...16))
    #expect(transaction.action.contract == "c" && transaction.action.kind == 5)
    #expect(transaction.action.payload == [1, 2])
    #expect(transaction.manifest == manifest)
    #expect(try envelopes.verify(envelopes.envelope(envelopes.body())).manifest == nil)
  }

  @Test("bytes that are no envelope, and envelopes without a body or an action")
  func malformedEnvelopes() throws {
    for bytes in [[], [0], [0xFF], [10], [10, 200], [UInt8](repeating: 10, count: 100)] as [[UInt8]] {
      #expect(envelopes.refusal(bytes) == .malformed)
    }
    #expect(try envelopes.refusal { $0.clearAction() } == .malformed)
    for body in [[], [0xFF], [8], Array(try envelopes.body().dropLast())] as [[UInt8]] {
      #expect(envelopes.refusal(try envelopes.envelope(body)) == .malformed)
    }
  }

  @Test("fields of a wrong length or outside their range, each signed as it is")
  func malformedBodies() throws {
    for length in [0, 19, 21, 32] {
      #expect(try envelopes.refusal { $0.sender = Data(count: length) } == .malformed)
    }
    for length in [0, 15, 17] { #expect(try envelopes.refusal { $0.id = Data(count: length) } == .malformed) }
    let long = String(repeating: "x", count: 32)
    #expect(try envelopes.refusal(body: { $0.action.contract = long }) == nil)
    #expect(try envelopes.refusal(body: { $0.action.contract = long + "x" }) == .malformed)
    // 33 bytes in eleven characters.
    #expect(try envelopes.refusal(body: { $0.action.contract = "互助互助互助互助互助互" }) == .malformed)

    func manifest(_ count: UInt32, _ length: Int) throws -> ErrorCode? {
      try envelopes.refusal { (body: inout WireBody) in
        body.manifest.count = count
        body.manifest.root = Data(count: length)
      }
    }
    #expect(try manifest(1, 32) == nil)
    #expect(try manifest(.max, 32) == nil)
    #expect(try manifest(0, 32) == .malformed)
    for length in [0, 31, 33] { #expect(try manifest(1, length) == .malformed) }

    #expect(try envelopes.refusal { $0.expiry = Timestamp.max.seconds } == nil)
    for seconds in [Timestamp.max.seconds + 1, .max] {
      #expect(try envelopes.refusal { $0.expiry = seconds } == .badTime)
    }
  }

  @Test("a contract's name that is no UTF-8 does not decode")
  func brokenText() throws {
    var body = try envelopes.body()
    let place = try #require(body.firstRange(of: Array("tally".utf8)))
    body[place.lowerBound] = 0xFF
    #expect(envelopes.refusal(try envelopes.envelope(body)) == .malformed)
  }

  @Test("nothing signed for one chain is valid on another")
  func wrongChains() throws {
    let bytes = try envelopes.envelope(envelopes.body())
    #expect(throws: LedgerError(.wrongChain, "")) { try VerifiedTransaction.verify(envelope: bytes, chain: .zero) }
    for chain in [Data(), Data(envelopes.chain.bytes.dropLast()), Data(envelopes.chain.bytes + [0]), Data(count: 32)] {
      #expect(try envelopes.refusal { $0.chain = chain } == .wrongChain)
    }
  }

  @Test("one to eight signatures")
  func numberOfSignatures() throws {
    let body = try envelopes.body()
    let keys = try (0..<8).map { try SigningKey(seed: [UInt8](repeating: 50 + $0, count: 32)) }
    #expect(try envelopes.refusal(changing: { $0.signatures = [] }) == .malformed)
    for count in 1...8 {
      let further = keys.prefix(count - 1)
      let bytes = try envelopes.envelope(body) { envelope in
        envelope.signatures += try further.map { try envelopes.signature(body, by: $0) }
      }
      #expect(try envelopes.verify(bytes).cosigners == further.map(\.publicKey.address))
    }
    #expect(
      try envelopes.refusal(changing: { envelope in
        envelope.signatures += try keys.map { try envelopes.signature(body, by: $0) }
      }) == .malformed)
  }

  @Test("an envelope has one byte less than an entry, which begins with its kind")
  func sizes() throws {
    func bytes(payload count: Int) throws -> [UInt8] {
      try envelopes.envelope(envelopes.body { $0.action.payload = Data(count: count) })
    }
    let rest = try bytes(payload: 65_000).count - 65_000
    let largest = try bytes(payload: 65_534 - rest)
    #expect(largest.count == 65_534)
    #expect(Entry.make(.transaction, largest).count == Entry.maximumBytes)
    #expect(envelopes.refusal(largest) == nil)
    #expect(envelopes.refusal(try bytes(payload: 65_535 - rest)) == .tooLarge)
    #expect(envelopes.refusal([UInt8](repeating: 0xFF, count: 1 << 20)) == .tooLarge)
  }

  @Test("an id of another length is not even built")
  func builder() throws {
    for count in [0, 15, 17] {
      #expect(throws: LedgerError(.malformed, "")) {
        try UnsignedTransaction(
          chain: envelopes.chain, sender: envelopes.key.publicKey.address, expiry: .zero,
          id: [UInt8](repeating: 1, count: count), action: Action(contract: "c", kind: 1, payload: []))
      }
    }
  }

  @Test("an action belongs to the contract whose name has its very bytes, not to one that only means the same")
  func belongs() {
    let action = { Action(contract: $0, kind: 1, payload: []) }
    #expect(action("mutual-aid").belongs(to: "mutual-aid"))
    for other in ["mutual-aids", "mutual-ai", "Mutual-aid", "", "mutual-\u{61}\u{300}id"] {
      #expect(!action(other).belongs(to: "mutual-aid"), "\(other)")
    }
    // The sign for kelvin is canonically the letter K.
    #expect("\u{212A}" == "K" && !action("\u{212A}").belongs(to: "K"))
  }
}
