import Testing
import TransparencyLog

struct HashTests {
  @Test func publishedHashes() {
    #expect(Hash.leaf([]) == hash(hex: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"))
    #expect(
      Hash.leaf(utf8("L123456")) == hash(hex: "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"))
    // The published node is over two short strings, so it is spelled out as plain SHA-256.
    #expect(
      Hash.sha256([1] + utf8("N123") + utf8("N456"))
        == hash(hex: "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"))
    #expect(Hash.emptyRoot == hash(hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
  }

  @Test func nodeIsTheHashOfOneAndBothChildren() {
    let (left, right) = (Hash.leaf(utf8("left")), Hash.leaf(utf8("right")))
    #expect(Hash.node(left, right) == Hash.sha256([1] + left.bytes + right.bytes))
    #expect(Hash.node(left, right) != Hash.node(right, left))
  }

  @Test func onlyThirtyTwoBytesAreAHash() {
    for count in [0, 12, 31, 33, 64] {
      #expect(Hash([UInt8](repeating: 7, count: count)) == nil)
    }
    let bytes = (0..<32).map { UInt8($0) }
    #expect(Hash(bytes)?.bytes == bytes)
    #expect(Hash(bytes)?.description == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")
  }

  @Test func orderIsThatOfTheBytes() throws {
    let low = try #require(Hash([0, 0xFF] + [UInt8](repeating: 0xFF, count: 30)))
    let high = try #require(Hash([1] + [UInt8](repeating: 0, count: 31)))
    #expect(low < high)
    #expect(!(high < low))
    #expect(!(low < low))
  }
}
