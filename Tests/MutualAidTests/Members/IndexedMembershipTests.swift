import Ledger
import TestSupport
import Testing

@testable import MutualAid

@Suite("What indexes are made of")
struct IndexedMembershipTests {
  @Test("is the same as in the whole record", arguments: [UInt8](0..<5))
  func agrees(status: UInt8) {
    var generator = SeededGenerator(seed: UInt64(status))
    for round in 0..<200 {
      var bytes = (0..<MembershipRecord.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // The time of the first deposit: of never funded ones all zero.
      if round % 2 == 0 { bytes.replaceSubrange(80..<88, with: [UInt8](repeating: 0, count: 8)) }
      bytes[96] = status
      let record = MembershipRecord(from: bytes.span.bytes)
      let indexed = MembershipRecord.Indexed(from: bytes.span.bytes)
      #expect(indexed.plan == record.plan && indexed.birthMonth == record.birthMonth)
      #expect(indexed.exhaustsAt == record.exhaustsAt)
      #expect(indexed.stands == (record.wasFunded && record.status != .ended))
    }
  }
}
