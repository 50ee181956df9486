import TestSupport
import Testing

@testable import Ledger

@Suite struct PagedBytesTests {
  private static func bytes(_ stride: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    (0..<stride).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  private static func content(_ vector: PagedBytes) -> [[UInt8]] {
    (0..<vector.count).map { vector.withRecord($0) { bytes in bytes.withUnsafeBytes { Array($0) } } }
  }

  @Test(arguments: [1, 13, 32, 104, 700])
  func agreesWithAnArrayAndLeavesCopiesAlone(stride: Int) {
    let seed = UInt64(stride)
    var generator = SeededGenerator(seed: seed)
    var vector = PagedBytes(stride: stride)
    var model: [[UInt8]] = []
    var kept: [(vector: PagedBytes, model: [[UInt8]])] = []
    for step in 0..<6_000 {
      // Grows, then shrinks, so that pages and directories come and go.
      let growth = step < 3_500 ? 6 : 2
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<growth:
        let record = PagedBytesTests.bytes(stride, &generator)
        vector.append(record.span.bytes)
        model.append(record)
      case growth..<8:
        guard !model.isEmpty else { continue }
        vector.removeLast()
        model.removeLast()
      case 8:
        guard let index = model.indices.randomElement(using: &generator) else { continue }
        let record = PagedBytesTests.bytes(stride, &generator)
        vector.replace(index, record.span.bytes)
        model[index] = record
      default:
        guard let index = model.indices.randomElement(using: &generator) else { continue }
        vector.withMutableRecord(index) { $0[stride - 1] &+= 1 }
        model[index][stride - 1] &+= 1
      }
      if step % 500 == 0 {
        kept.append((vector, model))
      }
    }
    kept.append((vector, model))
    for (vector, model) in kept {
      #expect(vector.checkInvariants(), "seed \(seed)")
      #expect(PagedBytesTests.content(vector) == model, "seed \(seed)")
    }
  }

  @Test func growsAndShrinksThroughThreeHeights() {
    // 700 bytes: 8 records a page, 32 pages a directory, so 8,192 records fill two heights.
    let record = [UInt8](repeating: 7, count: 700)
    var vector = PagedBytes(stride: 700)
    let edges: Set = [0, 1, 8, 9, 256, 257, 264, 8_192, 8_193, 8_200, 8_448, 8_449]
    var copies: [PagedBytes] = []
    for count in 0...8_500 {
      if edges.contains(count) {
        #expect(vector.checkInvariants(), "\(count) records")
        copies.append(vector)
      }
      vector.append(record.span.bytes)
    }
    for count in (0...8_500).reversed() {
      vector.removeLast()
      if edges.contains(count) {
        #expect(vector.count == count)
        #expect(vector.checkInvariants(), "\(count) records")
      }
    }
    for copy in copies {
      #expect(copy.checkInvariants())
      for index in 0..<copy.count {
        #expect(
          copy.withRecord(index) { $0.byteCount == 700 && $0.unsafeLoad(fromByteOffset: 699, as: UInt8.self) == 7 })
      }
    }
  }
}
