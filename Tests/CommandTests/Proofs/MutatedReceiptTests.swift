import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

/// A receipt bent anywhere is refused, or says what it said before.
@Suite struct MutatedReceiptTests {
  private let fixture: ProofFixture

  init() throws { fixture = try ProofFixture.shared.get() }

  /// Verifies a bent file; the code of the refusal, `nil` where it is accepted and still says the same.
  private func refusal(_ json: [UInt8], of original: Receipt, _ label: @autoclosure () -> String) throws
    -> ProofError.Code?
  {
    let read: Receipt
    do throws(ProofError) {
      read = try Receipt(file: json)
      let proven = try read.verify(chain: fixture.chain, policy: fixture.policy)
      let honest = try original.verify(chain: fixture.chain, policy: fixture.policy)
      #expect(proven.seal == honest.seal && proven.transaction.envelope == honest.transaction.envelope, "\(label())")
    } catch {
      return error.code
    }
    // Only lines of the checkpoint that the policy need not know may differ: what they stand under is the same.
    var plain = read
    plain.seal.checkpoint = original.seal.checkpoint
    #expect(plain == original, "\(label())")
    let note = try UnverifiedCheckpoint(Array(read.seal.checkpoint.utf8))
    let honest = try UnverifiedCheckpoint(Array(original.seal.checkpoint.utf8))
    #expect(try fixture.policy.verify(note).checkpoint == honest.checkpoint, "\(label())")
    return nil
  }

  /// Bends every place of a receipt; how often each code was the answer.
  private func bendAll(_ receipt: Receipt, positions: (Int) -> [Int]) throws -> [ProofError.Code?: Int] {
    let tree = try JSONTree(parsing: receipt.json())
    #expect(try refusal(tree.bytes, of: receipt, "unbent") == nil)
    var counts: [ProofError.Code?: Int] = [:]
    for (path, value) in tree.places {
      for bent in value.bent(positions: positions) {
        let file = tree.replacing(path[...], by: bent)
        counts[try refusal(file.bytes, of: receipt, "\(path): \(bent)"), default: 0] += 1
      }
    }
    return counts
  }

  @Test func everyCharacterAndEveryElementCounts() throws {
    let receipt = try fixture.receipt(fixture.transactions[2])
    let counts = try bendAll(receipt) { Array(0..<$0) }
    for code in [ProofError.Code.malformed, .wrongChain, .noQuorum, .notIncluded] {
      #expect(counts[code, default: 0] > 60, "\(code.name)")
    }
    // What is accepted is a bent name or key of one of several log signatures, or base64 with other spare bits.
    #expect(counts[nil, default: 0] < counts[.notIncluded, default: 0] / 4)
  }

  @Test func otherReceiptsOfTheLogAreRefusedWhenBent() throws {
    for index in [fixture.transactions[0], fixture.transactions[5]] {
      var generator = SeededGenerator(seed: index)
      let counts = try bendAll(fixture.receipt(index)) { [0, $0 - 1, Int(generator.next() % UInt64($0))] }
      #expect(counts[.notIncluded, default: 0] > 0 && counts[.noQuorum, default: 0] > 0)
    }
  }

  @Test func aFileCutShortIsNone() throws {
    let json = try fixture.receipt(fixture.transactions[0]).json()
    for count in 0..<json.count {
      #expect(throws: ProofError(code: .malformed)) { try Receipt(file: Array(json.prefix(count))) }
    }
  }

  @Test func randomBytesAreNone() throws {
    let receipt = try fixture.receipt(fixture.transactions[1])
    let json = try receipt.json()
    var generator = SeededGenerator(seed: 0x72656365697074)
    for round in 0..<1_000 {
      var bytes = (0..<Int(generator.next() % 300)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      #expect(throws: ProofError(code: .malformed)) { try Receipt(file: bytes) }
      bytes = json
      for _ in 0...(generator.next() % 4) {
        bytes[Int(generator.next() % UInt64(json.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      _ = try refusal(bytes, of: receipt, "round \(round)")
    }
  }

  @Test func filesMadeToTireAReaderAreRefused() throws {
    let receipt = try fixture.receipt(fixture.transactions[1])
    let json = String(decoding: try receipt.json(), as: UTF8.self)
    let long = json + String(repeating: " ", count: Receipt.maximumByteCount)
    let files = [
      String(repeating: "[", count: 200_000), String(repeating: "{\"seal\":", count: 100_000), "\u{FEFF}", "\0", "null",
      "[]", "{}", "\"\(Receipt.format)\"", long,
    ]
    for file in files {
      #expect(throws: ProofError(code: .malformed)) { try Receipt(file: Array(file.utf8)) }
    }
    // A name given twice: whichever value is taken is the one that is verified.
    for double in ["{\"index\":1," + json.dropFirst(), json.replacing("\"index\"", with: "\"index\":1,\"index\"")] {
      _ = try refusal(Array(double.utf8), of: receipt, "a double name")
    }
    var wide = receipt
    wide.path = Array(repeating: wide.path[0], count: 10_000)
    #expect(throws: ProofError(code: .malformed)) { try wide.verify(chain: fixture.chain, policy: fixture.policy) }
  }
}
