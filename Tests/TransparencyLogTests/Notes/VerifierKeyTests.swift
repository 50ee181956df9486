import Testing
import TransparencyLog

struct VerifierKeyTests {
  @Test(arguments: [
    SpecificationNote.key, PublicCheckpoint.logKey, PublicCheckpoint.witnessKey,
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
  ])
  func publishedKeys(text: String) throws {
    let key = try VerifierKey(text: text)
    #expect(key.description == text)
    #expect(key.text == utf8(text))
    #expect(try VerifierKey(name: key.name, type: key.type, publicKey: key.publicKey) == key)
  }

  @Test func parts() throws {
    let key = try VerifierKey(text: SpecificationNote.key)
    #expect(key.name.bytes == utf8("example.com/foo"))
    #expect(key.id == 0x530d_903a)
    #expect(key.type == .ed25519)
    #expect(key.publicKey.count == 32)
    #expect(try VerifierKey(text: PublicCheckpoint.witnessKey).type == .ed25519Cosignature)
  }

  @Test func base64MayHoldPlusSigns() throws {
    // The key of the tiled log has one: only the first two divide.
    let text = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
    #expect(text.split(separator: "+").count == 4)
    #expect(try VerifierKey(text: text).publicKey.count == 32)
  }

  @Test(arguments: [
    "", "+", "++", "example.com/foo", "example.com/foo+530d903a",
    "example.com/foo+530d903a+", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+30d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+530d903g+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==", "a+00000000+AQ==", "a+00000000+CQ==",
  ])
  func otherFormsAreRefused(text: String) {
    #expect(refusal { try VerifierKey(text: text) } == .malformedKey)
  }

  @Test func theIDIsRecomputed() {
    let other = SpecificationNote.key.replacing("530d903a", with: "530d903b")
    #expect(refusal { try VerifierKey(text: other) } == .keyIDMismatch)
    let renamed = SpecificationNote.key.replacing("example.com/foo", with: "example.com/bar")
    #expect(refusal { try VerifierKey(text: renamed) } == .keyIDMismatch)
    let named = SpecificationNote.key.replacing("example.com/foo", with: "example.com foo")
    #expect(refusal { try VerifierKey(text: named) } == .malformedName)
  }

  @Test func theTypeIsPartOfTheID() throws {
    let key = try VerifierKey(text: SpecificationNote.key)
    let cosigner = try VerifierKey(name: key.name, type: .ed25519Cosignature, publicKey: key.publicKey)
    #expect(cosigner.id != key.id)
    #expect(cosigner != key)
  }

  @Test func unknownTypesAreKept() throws {
    let name = try NoteName("example.com/new")
    for type in [0x00, 0x03, 0x05, 0x06, 0xFF] as [UInt8] {
      let key = try VerifierKey(name: name, type: SignatureType(rawValue: type), publicKey: [1, 2, 3])
      #expect(key.id == idByHand([name.bytes, [0x0A, type, 1, 2, 3]]))
      #expect(try VerifierKey(text: key.text) == key)
      #expect(!key.type.isSupported)
    }
    // An ECDSA key's ID is over the key alone.
    let ecdsa = try VerifierKey(name: name, type: .ecdsa, publicKey: [0x30, 0x59, 7])
    #expect(ecdsa.id == idByHand([[0x30, 0x59, 7]]))
    #expect(try VerifierKey(text: ecdsa.text) == ecdsa)
    let tooLong = [UInt8](repeating: 1, count: VerifierKey.maximumKeyByteCount + 1)
    #expect(refusal { try VerifierKey(name: name, type: .mlDSA44, publicKey: tooLong) } == .malformedKey)
    #expect(refusal { try VerifierKey(name: name, type: .mlDSA44, publicKey: tooLong.dropLast()) } == nil)
  }

  @Test func aKeyOfSmallOrderIsRefusedInText() throws {
    let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
    let id = idByHand([utf8("a"), [0x0A, 1], identity])
    let digits = String(id, radix: 16)
    let text =
      "a+" + String(repeating: "0", count: 8 - digits.count) + digits + "+" + Base64.encodeToString([1] + identity)
    #expect(refusal { try VerifierKey(text: text) } == .unacceptableKey)
  }

  private func idByHand(_ parts: [[UInt8]]) -> UInt32 {
    Hash.sha256(Array(parts.joined())).bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
