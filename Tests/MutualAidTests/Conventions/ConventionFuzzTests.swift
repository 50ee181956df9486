import Ledger
import MutualAid
import Testing

/// SplitMix64: the same numbers for the same seed.
private struct Dice {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

@Suite struct ConventionFuzzTests {
  /// Damages bytes in one of the ways in which bytes get damaged.
  private static func mutated(_ good: [UInt8], _ dice: inout Dice) -> [UInt8] {
    var bytes = good
    for _ in 0...dice.below(4) {
      let place = bytes.isEmpty ? 0 : dice.below(bytes.count)
      switch dice.below(7) {
      case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(dice.below(8))
      case 1 where !bytes.isEmpty: bytes[place] = [0x00, 0x7F, 0x80, 0xFF][dice.below(4)]
      case 2: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: place)
      case 3 where !bytes.isEmpty: bytes.remove(at: place)
      case 4: bytes.removeLast(bytes.count - place)
      case 5 where !bytes.isEmpty:
        // A varint at its largest where a small number stood.
        bytes.replaceSubrange(place...place, with: [UInt8](repeating: 0xFF, count: 9) + [0x01])
      default:
        let end = min(bytes.count, place + 1 + dice.below(40))
        bytes.insert(contentsOf: bytes[place..<end], at: bytes.isEmpty ? 0 : dice.below(bytes.count))
      }
    }
    return bytes
  }

  /// What decodes is used in every way, so that a wrong value would trap here and not on a chain.
  private static func use(_ convention: Convention) {
    let moments = [Timestamp.zero, Timestamp(seconds: 1_795_392_000), .max]
    for time in moments {
      _ = convention.calendar?.next(after: time)
      _ = convention.calendar?.debit(ofNotice: time)
    }
    _ = convention.calendar?.longestWaitDays
    for age in [-1, 0, 59, 119] { _ = convention.aid(diseaseClass: 1, ageYears: age) }
    _ = convention.fee(on: convention.highestAid)
    _ = convention.fee(on: Amount(micro: .max))
  }

  @Test(arguments: UInt64(1)...8)
  func damagedBytesAreAnErrorAndNeverATrap(_ seed: UInt64) throws {
    var dice = Dice(state: seed)
    let good = try Convention(ConventionFixture.good()).bytes
    var refused: [ErrorCode: Int] = [:]
    var accepted = 0
    for round in 0..<5000 {
      let bytes = Self.mutated(good, &dice)
      do {
        let convention = try Convention(decoding: bytes)
        #expect(convention.bytes == bytes, "seed \(seed), round \(round)")
        Self.use(convention)
        accepted += 1
      } catch {
        refused[error.code, default: 0] += 1
      }
    }
    // Each way must have been met, or the mutations miss what they are for.
    #expect(accepted > 0, "seed \(seed)")
    #expect(refused[.conventionNotCanonical, default: 0] > 0, "seed \(seed)")
    #expect(refused[.badConvention, default: 0] > 0, "seed \(seed)")
    #expect(refused.count == 2, "seed \(seed): \(refused.map(\.key.name))")
  }

  @Test(arguments: UInt64(1)...4)
  func randomBytesAreAnError(_ seed: UInt64) {
    var dice = Dice(state: seed)
    for round in 0..<5000 {
      let bytes = (0..<dice.below(200)).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
      #expect(throws: LedgerError.self, "seed \(seed), round \(round)") { try Convention(decoding: bytes) }
    }
  }
}
