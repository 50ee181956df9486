import Crypto
import Testing
import TransparencyLog

struct Ed25519Tests {
  /// 2^255 - 19 and its neighbours, in little-endian bytes.
  private static func nearPrime(_ low: UInt8) -> [UInt8] {
    [low] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
  }

  private static let smallOrder: [[UInt8]] =
    [
      [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31), nearPrime(0xEC),
      hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
      hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ]

  @Test func keysOfSmallOrderAreRefusedWithEitherSign() {
    for key in Self.smallOrder {
      #expect(!Ed25519.isAcceptablePublicKey(key))
      #expect(!Ed25519.isAcceptablePublicKey(key.dropLast() + [key[31] | 0x80]))
    }
  }

  @Test func keysThatAreNotCanonicalAreRefused() {
    for low in 0xED...0xFF as ClosedRange<UInt8> {
      #expect(!Ed25519.isAcceptablePublicKey(Self.nearPrime(low)))
      #expect(!Ed25519.isAcceptablePublicKey(Self.nearPrime(low).dropLast() + [0xFF]))
    }
    #expect(Ed25519.isAcceptablePublicKey(Self.nearPrime(0xEB)))
    #expect(Ed25519.isAcceptablePublicKey([0xED] + [UInt8](repeating: 0xFF, count: 29) + [0xFE, 0x7F]))
    #expect(Ed25519.isAcceptablePublicKey([2] + [UInt8](repeating: 0, count: 31)))
  }

  @Test func onlyThirtyTwoBytesAreAKey() {
    let key = [UInt8](repeating: 3, count: 32)
    #expect(Ed25519.isAcceptablePublicKey(key))
    #expect(!Ed25519.isAcceptablePublicKey(key + [3]))
    #expect(!Ed25519.isAcceptablePublicKey(key.dropLast()))
    #expect(!Ed25519.isAcceptablePublicKey([]))
  }

  @Test func theTrapIsReal() throws {
    // With the identity as the key, R = identity and S = 0 is a signature of anything.
    let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
    let forged = identity + [UInt8](repeating: 0, count: 32)
    #expect(Ed25519.verify(signature: forged, message: utf8("anything"), key: identity))
    #expect(!Ed25519.isAcceptablePublicKey(identity))
    let name = try NoteName("forger")
    for type in [SignatureType.ed25519, .ed25519Cosignature] {
      #expect(refusal { try VerifierKey(name: name, type: type, publicKey: identity) } == .unacceptableKey)
    }
  }

  @Test func verification() throws {
    // RFC 8032 section 7.1, test 2.
    let key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = hex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(Ed25519.verify(signature: signature, message: [0x72], key: key))
    #expect(!Ed25519.verify(signature: signature, message: [0x73], key: key))
    #expect(!Ed25519.verify(signature: signature, message: [], key: key))
    #expect(!Ed25519.verify(signature: signature.dropLast(), message: [0x72], key: key))
    #expect(!Ed25519.verify(signature: signature + [0], message: [0x72], key: key))
    #expect(!Ed25519.verify(signature: signature, message: [0x72], key: key.dropLast()))
    #expect(!Ed25519.verify(signature: [], message: [0x72], key: []))
    for bit in 0..<512 {
      var altered = signature
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!Ed25519.verify(signature: altered, message: [0x72], key: key))
    }
  }
}
