import Synchronization
import TestSupport

@testable import Vault

/// People with keys, documents of any length, and dice that fall as a seed says.
struct Cast {
  struct Person {
    let party: PartyID
    let key: ReaderKey
    let reader: Reader

    init(_ number: UInt8) throws {
      party = PartyID(counted: [UInt8](repeating: number, count: 20))
      key = try ReaderKey(secret: [UInt8](repeating: number, count: 32))
      reader = try key.reader(party)
    }
  }

  let ada: Person
  let bo: Person
  let cai: Person

  init() {
    guard let people = try? (1...3).map({ try Person(UInt8($0)) }) else { preconditionFailure("keys of people") }
    (ada, bo, cai) = (people[0], people[1], people[2])
  }

  /// Text of a length that begins with a letter.
  static func text(_ length: Int, first: UInt8 = 97) -> [UInt8] { (0..<length).map { first + UInt8($0 % 26) } }

  static func dice(_ seed: UInt64) -> Dice {
    let generator = Mutex(SeededGenerator(seed: seed))
    return Dice { count in
      generator.withLock { generator in (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }
    }
  }

  /// Whether some bytes stand anywhere in others.
  static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, bytes.count >= part.count else { return part.isEmpty }
    return bytes[...(bytes.count - part.count)].indices.contains { place in
      bytes[place] == first && bytes[place..<(place + part.count)].elementsEqual(part)
    }
  }
}
