import Foundation
import TestSupport
import Testing

@testable import TongzhouClient

/// Receipts in pieces for QR codes, joined again.
@Suite struct ProofPartsTests {
  private let receipt: Receipt
  private let parts: [[UInt8]]

  init() throws {
    let fixture = try ProofFixture.shared.get()
    receipt = try fixture.receipt(fixture.transactions[0])
    parts = try ProofParts.make(receipt)
  }

  private func refusal(_ parts: [[UInt8]]) -> ProofParts.Fault.Code? {
    do throws(ProofParts.Fault) {
      _ = try ProofParts.join(parts)
      return nil
    } catch { return error.code }
  }

  @Test func joinInAnyOrder() throws {
    #expect((2...ProofParts.mostParts).contains(parts.count))
    #expect(parts.allSatisfy { ProofParts.isPart($0) && $0.count <= ProofParts.mostBytes })
    #expect(try ProofParts.join(parts) == receipt.packed())
    #expect(try Receipt(file: ProofParts.join(parts.reversed())) == receipt)
  }

  @Test func whatIsMissingTwiceMixedOrBentHasACode() throws {
    let fixture = try ProofFixture.shared.get()
    let other = try ProofParts.make(fixture.receipt(fixture.transactions[1]))
    #expect(refusal([]) == .missing)
    for place in parts.indices {
      var fewer = parts
      fewer.remove(at: place)
      #expect(refusal(fewer) == .missing)
      #expect(refusal(fewer + [other[min(place, other.count - 1)]]) == .mixed)
      #expect(refusal(parts + [parts[place]]) == .repeated)
    }
    #expect(refusal(parts + [Array("http://127.0.0.1/verify".utf8)]) == .malformed)
    #expect(refusal([Array(parts[0].prefix(ProofParts.headerBytes))]) == .malformed)
  }

  @Test("no flipped bit joins to anything", arguments: [0x01, 0x80] as [UInt8])
  func flipped(bit: UInt8) {
    for part in parts.indices {
      for place in parts[part].indices where place < 40 || place.isMultiple(of: 37) {
        var bent = parts
        bent[part][place] ^= bit
        let code = refusal(bent)
        let expected: [ProofParts.Fault.Code] =
          place < 4 ? [.malformed] : place < 6 ? [.malformed, .repeated, .missing, .mixed] : [.mixed, .damaged]
        #expect(code.map { expected.contains($0) } == true, "byte \(place) of piece \(part + 1)")
      }
    }
  }

  @Test("four of the largest symbols are the limit")
  func sizes() throws {
    let most = ProofParts.mostParts * (ProofParts.mostBytes - ProofParts.headerBytes)
    for size in [1, 900, 901, 2_700, 3_600, 3_601, most] {
      var random = SeededGenerator(seed: UInt64(size))
      let file = (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let parts = try ProofParts.split(file)
      #expect(parts.count == min(ProofParts.mostParts, (size + 899) / 900))
      #expect(try ProofParts.join(parts.shuffled()) == file)
      #expect(parts.allSatisfy { QRCode($0, correction: .low) != nil })
    }
    #expect(throws: ProofParts.Fault(.tooLarge, "")) { try ProofParts.split([UInt8](repeating: 7, count: most + 1)) }
    #expect(QRCode([UInt8](repeating: 7, count: QRCode.mostBytes + 1), correction: .low) == nil)
    #expect(QRCode([], correction: .low) == nil)
  }
}
