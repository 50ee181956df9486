import Foundation
import TestSupport
import Testing
import TransparencyLog

struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func vectorsOfRFC4648(plain: String, encoded: String) {
    #expect(Base64.encodeToString(utf8(plain)) == encoded)
    #expect(Base64.decode(encoded) == utf8(plain))
  }

  @Test func trailingBitsMustBeZero() {
    // Foundation takes this for the single byte 0; that is the trap this decoder is there for.
    #expect(Data(base64Encoded: "AB==") != nil)
    #expect(Base64.decode("AB==") == nil)
    #expect(Base64.decode("AA==") == [0])
    #expect(Base64.decode("AAB=") == nil)
    #expect(Base64.decode("AAA=") == [0, 0])
  }

  @Test(arguments: [
    "A", "AA", "AAA", "A===", "====", "==", "AA=", "AAAA=", "AAAA====", "AA==AAAA", "A=AA", "AAA\n", "AAAA\n",
    " AAAA", "AA A", "AA-_", "AA__", "AAÄA", "AA\0=",
  ])
  func otherFormsAreRefused(text: String) {
    #expect(Base64.decode(text) == nil)
  }

  @Test func agreesWithFoundation() {
    let seed: UInt64 = 64
    var random = SeededGenerator(seed: seed)
    for count in 0..<200 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let encoded = Base64.encodeToString(bytes)
      #expect(encoded == Data(bytes).base64EncodedString(), "seed \(seed)")
      #expect(Base64.decode(encoded) == bytes, "seed \(seed)")
    }
  }
}

struct DecimalTextTests {
  @Test func plainNumbers() {
    #expect(DecimalText.decode(utf8("0")) == 0)
    #expect(DecimalText.decode(utf8("10")) == 10)
    #expect(DecimalText.decode(utf8("18446744073709551615")) == .max)
    #expect(DecimalText.decode(utf8("256"), maximum: 255) == nil)
    #expect(DecimalText.decode(utf8("255"), maximum: 255) == 255)
    #expect(DecimalText.encode(.max) == utf8("18446744073709551615"))
  }

  @Test(arguments: ["+5", "-0", "007", "00", ""])
  func formsThatUInt64OrAnEyeWouldAccept(text: String) {
    #expect(DecimalText.decode(utf8(text)) == nil)
  }

  @Test(arguments: [
    "18446744073709551616", "99999999999999999999", "184467440737095516150", " 1", "1 ", "1\n", "1.0", "1e3", "0x1",
    "１", "a", "1_0",
  ])
  func otherFormsAreRefused(text: String) {
    #expect(DecimalText.decode(utf8(text)) == nil)
  }

  @Test func theTrapIsReal() {
    #expect(UInt64("+5") == 5)
    #expect(UInt64("007") == 7)
    #expect(UInt64("-0") == 0)
  }
}
