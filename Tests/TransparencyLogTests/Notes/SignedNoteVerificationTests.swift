import Testing
import TransparencyLog

struct SignedNoteVerificationTests {
  private let body = utf8("text\n")
  private let one: NoteSigner
  private let two: NoteSigner
  private let witness: NoteCosigner

  init() throws {
    one = try NoteSigner(name: NoteName("one"), seed: [UInt8](repeating: 1, count: 32))
    two = try NoteSigner(name: NoteName("two"), seed: [UInt8](repeating: 2, count: 32))
    witness = try NoteCosigner(name: NoteName("witness"), seed: [UInt8](repeating: 3, count: 32))
  }

  private func note(_ signatures: [NoteSignature]) throws -> SignedNote {
    try SignedNote(text: body, signatures: signatures)
  }

  @Test func unknownKeysAreIgnored() throws {
    let signed = try note([two.sign(text: body), one.sign(text: body)])
    #expect(try signed.verify(keys: [one.verifierKey]).map(\.key) == [one.verifierKey])
    #expect(
      try signed.verify(keys: [one.verifierKey, two.verifierKey]).map(\.key.name) == [two, one].map(\.verifierKey.name))
    #expect(try signed.verify(keys: [one.verifierKey, one.verifierKey]).count == 1)
  }

  @Test func nameAloneOrIDAloneIsNoMatch() throws {
    let good = try one.sign(text: body)
    let sameName = try NoteSignature(name: good.name, keyID: good.keyID ^ 1, signature: good.signature)
    let sameID = try NoteSignature(name: two.verifierKey.name, keyID: good.keyID, signature: good.signature)
    let keys = [one.verifierKey, two.verifierKey]
    #expect(try note([sameName, sameID, good]).verify(keys: keys).count == 1)
    #expect(refusal { try note([sameName, sameID]).verify(keys: keys) } == .noKnownSignature)
  }

  @Test func oneBadSignatureByAKnownKeyRefusesTheNote() throws {
    let good = try one.sign(text: body)
    let bad = try two.sign(text: utf8("other text\n"))
    #expect(refusal { try note([good, bad]).verify(keys: [one.verifierKey, two.verifierKey]) } == .invalidSignature)
    #expect(refusal { try note([good, bad]).verify(keys: [one.verifierKey]) } == nil)
    for length in [1, 63, 65, 72] {
      let cut = try NoteSignature(
        name: good.name, keyID: good.keyID, signature: Array((good.signature + good.signature).prefix(length)))
      #expect(refusal { try note([cut]).verify(keys: [one.verifierKey]) } == .invalidSignature)
    }
  }

  @Test func noValidSignatureRefusesTheNote() throws {
    #expect(refusal { try note([two.sign(text: body)]).verify(keys: [one.verifierKey]) } == .noKnownSignature)
    #expect(refusal { try note([two.sign(text: body)]).verify(keys: []) } == .noKnownSignature)
  }

  @Test func keysOfUnsupportedTypesAreIgnored() throws {
    let key = try VerifierKey(name: NoteName("new"), type: .mlDSA44, publicKey: [UInt8](repeating: 1, count: 1312))
    let long = try NoteSignature(name: key.name, keyID: key.id, signature: [UInt8](repeating: 1, count: 2428))
    let good = try one.sign(text: body)
    #expect(try note([long, good]).verify(keys: [key, one.verifierKey]).map(\.key) == [one.verifierKey])
    #expect(refusal { try note([long]).verify(keys: [key]) } == .noKnownSignature)
    #expect(refusal { try key.verify(long, over: body) } == .invalidSignature)
    #expect(refusal { try one.verifierKey.verify(long, over: body) } == .invalidSignature)
  }

  @Test func twoKeysOfOneNameAndIDAreAmbiguous() throws {
    // IDs are 32 bits, so a clash can be made: here for the keys of an unsupported type, by search.
    let name = try NoteName("clash")
    let type = SignatureType(rawValue: 0xFF)
    var seen: [UInt32: VerifierKey] = [:]
    var clash: (VerifierKey, VerifierKey)?
    for number in 0..<400_000 as Range<UInt32> where clash == nil {
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      let key = try VerifierKey(name: name, type: type, publicKey: bytes)
      clash = seen.updateValue(key, forKey: key.id).map { ($0, key) }
    }
    let (a, b) = try #require(clash)
    let line = try NoteSignature(name: name, keyID: a.id, signature: [1])
    let signed = try note([line, one.sign(text: body)])
    #expect(refusal { try signed.verify(keys: [a, b, one.verifierKey]) } == .ambiguousKey)
    #expect(refusal { try signed.verify(keys: [a, one.verifierKey]) } == nil)
  }

  @Test func cosignaturesStateTheirTime() throws {
    let line = try witness.cosign(text: body, timestamp: 1_700_000_000)
    #expect(line.signature.count == 72)
    let verified = try note([line]).verify(keys: [witness.verifierKey])
    #expect(verified.map(\.timestamp) == [1_700_000_000])
    #expect(Cosignature(blob: line.signature)?.timestamp == 1_700_000_000)
    #expect(Cosignature(blob: line.signature)?.blob == line.signature)
    #expect(
      Cosignature.message(timestamp: 1_700_000_000, text: body)
        == utf8("cosignature/v1\ntime 1700000000\ntext\n"))
    // The time is signed.
    var moved = line.signature
    moved[7] ^= 1
    let other = try NoteSignature(name: line.name, keyID: line.keyID, signature: moved)
    #expect(refusal { try note([other]).verify(keys: [witness.verifierKey]) } == .invalidSignature)
  }

  @Test func aKeyOfTheOtherTypeNeverMatchesACosignature() throws {
    let line = try witness.cosign(text: body, timestamp: 1)
    let plain = try VerifierKey(
      name: witness.verifierKey.name, type: .ed25519, publicKey: witness.verifierKey.publicKey)
    #expect(refusal { try note([line]).verify(keys: [plain]) } == .noKnownSignature)
    // Under the other key's ID, neither form of signature passes for the other.
    let asPlain = try NoteSignature(name: line.name, keyID: plain.id, signature: Array(line.signature.suffix(64)))
    #expect(refusal { try note([asPlain]).verify(keys: [plain]) } == .invalidSignature)
  }

  @Test func timesOutOfRange() throws {
    for timestamp in [0, UInt64(Int64.max) + 1, .max] {
      #expect(refusal { try witness.cosign(text: body, timestamp: timestamp) } == .timestampOutOfRange)
    }
    let last = try witness.cosign(text: body, timestamp: UInt64(Int64.max))
    #expect(try note([last]).verify(keys: [witness.verifierKey]).map(\.timestamp) == [UInt64(Int64.max)])
    #expect(Cosignature(blob: [0x80] + [UInt8](repeating: 0, count: 71)) == nil)
    #expect(Cosignature(blob: [UInt8](repeating: 0, count: 71)) == nil)
    #expect(Cosignature(blob: [UInt8](repeating: 0, count: 73)) == nil)
  }
}

struct NoteSignerTests {
  @Test func publishedSigning() throws {
    let origin = "sigsum.org/v1/tree/e796172b92befd62d9dc67e41c2f5bc9d3100a3023b20b1ca40288dd1c679e69"
    let signer = try NoteSigner(name: NoteName(origin), seed: [0x11] + [UInt8](repeating: 0, count: 31))
    #expect(
      signer.verifierKey.publicKey == hex("66e0b858e462a609e66fe71370c816d8846ff103d5499a22a7fec37fdbc424a7"))
    let text = utf8(origin + "\n10\nHA5HAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    let line = try signer.sign(text: text)
    // Byte for byte on Linux only; elsewhere Ed25519 signatures may be randomised.
    let blob =
      "gJ2ho0n8F8olcerUF1FFdv235A/5as/coWrpLrtE7ovMeP5whgwouYExowG/lTznxu6OUGjjt5yJQ6bXtTcf718MqAQ="
    #expect(line.line == utf8("— \(origin) \(blob)\n"))
    #expect(try Checkpoint(text: text).size == 10)
  }

  @Test func seedsHaveThirtyTwoBytes() throws {
    let name = try NoteName("a")
    for count in [0, 31, 33, 64] {
      let seed = [UInt8](repeating: 1, count: count)
      #expect(refusal { try NoteSigner(name: name, seed: seed) } == .signingFailed)
      #expect(refusal { try NoteCosigner(name: name, seed: seed) } == .signingFailed)
    }
  }

  @Test func onlyWhatANoteCanHoldIsSigned() throws {
    let signer = try NoteSigner(name: NoteName("a"), seed: [UInt8](repeating: 1, count: 32))
    let cosigner = try NoteCosigner(name: NoteName("b"), seed: [UInt8](repeating: 2, count: 32))
    for text in [[], utf8("text"), utf8("te\rxt\n"), [0xFF, 0x0A]] {
      #expect(refusal { try signer.sign(text: text) } == .malformedNote)
      #expect(refusal { try cosigner.cosign(text: text, timestamp: 1) } == .malformedNote)
    }
  }

  @Test func signersDoNotPrintTheirSecret() throws {
    let signer = try NoteSigner(name: NoteName("a"), seed: [UInt8](repeating: 0xAB, count: 32))
    var dumped = ""
    dump(signer, to: &dumped)
    #expect(dumped.contains("private key"))
    #expect(!dumped.contains("171") && !dumped.lowercased().contains("abab"))
    #expect(!"\(signer)".contains("171"))
  }
}
