import TestSupport
import Testing

@testable import Ledger

/// The vectors of BIP-350, "Test vectors for Bech32m", and what the checksum promises.
struct Bech32mTests {
  private static let longest = "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber1"

  /// A valid text, its prefix, and its five-bit words written with the alphabet of the text.
  @Test(
    "valid texts of BIP-350 give their prefix and words",
    arguments: [
      ("A1LQFN3A", "a", ""), ("a1lqfn3a", "a", ""), (longest + "1sg7hg6", longest, ""),
      ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "abcdef", "l7aum6echk45nj3s0wdvt2fg8x9yrzpq"),
      ("1" + "1" + String(repeating: "l", count: 82) + "ludsr8", "1", String(repeating: "l", count: 82)),
      (
        "split1checkupstagehandshakeupstreamerranterredcaperredlc445v", "split",
        "checkupstagehandshakeupstreamerranterredcaperred"
      ),
      ("?1v759aa", "?", ""),
    ])
  func validTexts(text: String, prefix: String, data: String) throws {
    let read = try #require(Bech32m.decodeWords(text))
    #expect(read.prefix == prefix)
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    #expect(read.words.map { alphabet[Int($0)] } == Array(data.utf8))
  }

  @Test(
    "invalid texts of BIP-350 are refused",
    arguments: [
      "\u{20}1xj0phk", "\u{7F}1g6xzxy", "\u{80}1vctc34",
      "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
      "qyrz8wqd2c9m", "1qyrz8wqd2c9m", "y1b0jsk6g", "lt1igcx5c0", "in1muywd", "mm1crxm3i", "au1s5cgom", "M1VUXWEZ",
      "16plkw9", "1p2gdwpf",
      // The checksum of Bech32 (BIP-173) where that of Bech32m belongs.
      "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
      "tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf",
      "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", "bc1gmk9yu",
      "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
      "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq",
    ])
  func invalidTexts(text: String) {
    #expect(Bech32m.decodeWords(text) == nil)
    #expect(Bech32m.decode(text) == nil)
  }

  @Test("words that make whole bytes give those bytes, and the bytes give the text")
  func wholeBytes() throws {
    // The words 31, 30, … 0 of the vector, written down as bits by hand.
    let text = "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx"
    let bytes: [UInt8] = [
      0xFF, 0xBB, 0xCD, 0xEB, 0x38, 0xBD, 0xAB, 0x49, 0xCA, 0x30, 0x7B, 0x9A, 0xC5, 0xA9, 0x28, 0x39, 0x8A, 0x41, 0x88,
      0x20,
    ]
    let read = try #require(Bech32m.decode(text))
    #expect(read.prefix == "abcdef")
    #expect(read.bytes == bytes)
    #expect(Bech32m.encode(prefix: "abcdef", bytes: bytes) == text)
    #expect(Bech32m.encode(prefix: "a", bytes: []) == "a1lqfn3a")
    #expect(Bech32m.encode(prefix: "?", bytes: []) == "?1v759aa")
  }

  @Test("bits left over make no bytes: neither set ones nor five or more")
  func strayBits() {
    // 82 words of ones are 51 bytes and two set bits; three words are one byte and seven bits.
    let ones = "11" + String(repeating: "l", count: 82) + "ludsr8"
    for text in [ones, "bc1pw5dgrnzv"] {
      #expect(Bech32m.decodeWords(text) != nil)
      #expect(Bech32m.decode(text) == nil)
    }
  }

  @Test("every length that fits comes back; one byte more is refused")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 350)
    for count in 0...50 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let text = Bech32m.encode(prefix: "tz", bytes: bytes)
      let read = try #require(Bech32m.decode(text), "\(text)")
      #expect(read.prefix == "tz")
      #expect(read.bytes == bytes)
      #expect(text.utf8.count == 9 + (8 * count + 4) / 5)
    }
    let long = Bech32m.encode(prefix: "tz", bytes: [UInt8](repeating: 1, count: 51))
    #expect(long.utf8.count == 91)
    #expect(Bech32m.decode(long) == nil)
  }
}
