import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// Addresses as text: what reads, and what a slip of the hand does to it.
struct AddressTests {
  private func address(_ number: UInt8) throws -> Address {
    try SigningKey(seed: [UInt8](repeating: number, count: 32)).publicKey.address
  }

  private func code(_ text: String) -> ErrorCode? {
    do throws(LedgerError) {
      _ = try Address(text: text)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("an address is the first 20 bytes of the hash over prefix, suite and key")
  func definition() throws {
    let key = try SigningKey(seed: [UInt8](repeating: 7, count: 32)).publicKey
    let hash = Hash.sha256(Array("tongzhou/address/v1".utf8) + [0, 1] + key.bytes)
    #expect(key.address.bytes == Array(hash.bytes.prefix(20)))
    #expect(key.address.key.bytes == Array(hash.bytes.prefix(20)) + [UInt8](repeating: 0, count: 12))
    #expect(Address(key.address.bytes) == key.address)
    #expect(Address(inline: key.address.inline) == key.address)
  }

  @Test("an address comes back from its text, in lower and in upper case")
  func roundTrips() throws {
    for number in 1...100 as ClosedRange<UInt8> {
      let address = try address(number)
      let text = address.description
      #expect(text.hasPrefix("tz1") && text.utf8.count == 41)
      #expect(try Address(text: text) == address)
      #expect(try Address(text: text.uppercased()) == address)
    }
    for bytes in [[UInt8](repeating: 0, count: 20), [UInt8](repeating: 255, count: 20)] {
      let address = try #require(Address(bytes))
      #expect(try Address(text: address.description).bytes == bytes)
    }
  }

  @Test("only 20 bytes are an address", arguments: [0, 1, 19, 21, 32, 50])
  func wrongLengths(count: Int) {
    let bytes = [UInt8](repeating: 3, count: count)
    #expect(Address(bytes) == nil)
    #expect(code(Bech32m.encode(prefix: "tz", bytes: bytes)) == .badAddress)
  }

  @Test("another prefix is another thing", arguments: ["t", "z", "zt", "tzz", "bc", "tzkey", "tz1", "?"])
  func wrongPrefixes(prefix: String) throws {
    #expect(code(Bech32m.encode(prefix: prefix, bytes: try address(1).bytes)) == .badAddress)
  }

  @Test("one letter in another case is refused, wherever it stands")
  func mixedCase() throws {
    for text in [try address(1).description, try address(1).description.uppercased()] {
      let bytes = Array(text.utf8)
      for place in bytes.indices {
        var mixed = bytes
        switch bytes[place] {
        case 65...90: mixed[place] += 32
        case 97...122: mixed[place] -= 32
        default: continue
        }
        #expect(code(String(decoding: mixed, as: UTF8.self)) == .badAddress)
      }
    }
  }

  @Test("text around an address, or letters that only look alike, are refused")
  func otherText() throws {
    let text = try address(1).description
    for wrong in [
      "", " ", "tz", "tz1", " " + text, text + " ", text + "\n", text + "\0", "\u{FEFF}" + text, text + text,
      "ｔｚ" + text.dropFirst(2), text.dropLast() + "е", text.dropLast() + "\u{301}",
    ] {
      #expect(code(String(wrong)) == .badAddress)
    }
  }

  @Test("one changed character is always found: every place, every printable character")
  func oneChangedCharacter() throws {
    for number in 1...10 as ClosedRange<UInt8> {
      let good = Array(try address(number).description.utf8)
      for place in good.indices {
        for character in 33...126 as ClosedRange<UInt8> where character != good[place] {
          var bytes = good
          bytes[place] = character
          #expect(Bech32m.decode(String(decoding: bytes, as: UTF8.self)) == nil)
        }
      }
    }
  }

  @Test("two to four changed characters are always found", arguments: [1, 2, 3] as [UInt64])
  func severalChangedCharacters(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    let good = Array(try address(9).description.utf8)
    for round in 0..<5_000 {
      var bytes = good
      for place in Array(3..<good.count).shuffled(using: &random).prefix(2 + round % 3) {
        bytes[place] = alphabet.filter { $0 != good[place] }[Int.random(in: 0..<31, using: &random)]
      }
      #expect(Bech32m.decode(String(decoding: bytes, as: UTF8.self)) == nil, "seed \(seed), round \(round)")
    }
  }

  @Test("two neighbours that changed places, a letter lost and a letter doubled are found")
  func slipsOfTheHand() throws {
    for number in 1...50 as ClosedRange<UInt8> {
      let good = Array(try address(number).description.utf8)
      for place in good.indices {
        var lost = good
        lost.remove(at: place)
        var doubled = good
        doubled.insert(good[place], at: place)
        var swapped = good
        if place > 0 { swapped.swapAt(place, place - 1) }
        for bytes in [lost, doubled, swapped] where bytes != good {
          #expect(code(String(decoding: bytes, as: UTF8.self)) == .badAddress)
        }
      }
    }
  }

  @Test("addresses are ordered as their bytes")
  func order() throws {
    let addresses = try (1...50).map { try address($0) }.sorted()
    for (less, more) in zip(addresses, addresses.dropFirst()) {
      #expect(less.bytes.lexicographicallyPrecedes(more.bytes))
    }
  }
}
