import Foundation
import Testing
import TongzhouClient

@testable import Server

@Suite("Parts of lists, and what stands in addresses")
struct ListPartTests {
  @Test("a list goes on behind the last that is shown, and not where the next page would be empty")
  func parts() {
    for count in 0...7 {
      var asked: [Int] = []
      let part = ListPart(upTo: 3) { limit in
        asked.append(limit)
        return Array((0..<count).prefix(limit))
      }
      #expect(Array(part.shown) == Array((0..<count).prefix(3)) && asked == [4])
      #expect(part.last == (count > 3 ? 2 : nil), "\(count)")
    }
  }

  @Test("what is no unreserved character is written as bytes, and reads back")
  func encoding() {
    #expect("aZ09-._~".percentEncoded == "aZ09-._~")
    #expect("a/b c+d&e=f%ü心".percentEncoded == "a%2Fb%20c%2Bd%26e%3Df%25%C3%BC%E5%BF%83")
    let ascii = (0..<128).map { String(UnicodeScalar(UInt8($0))) }.joined()
    #expect(ascii.percentEncoded.removingPercentEncoding == ascii)
  }
}
