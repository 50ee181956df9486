import Foundation
import HTTPTypes
import HeartChain
import Ledger
import TestSupport
import Testing

@testable import Server

@Suite("Lists of partners and of what they open, however long they are")
struct PartnerListTests {
  private static let count = 60

  /// Sixty partners, of whom number 3 ended. Number 0 has channels 1 and 2 open, 59 has channel 3; 0 is closed.
  private static func village() throws -> HeartVillage {
    var village = try HeartVillage()
    var entries: [[UInt8]] = []
    for partner in 0..<count {
      entries += try village.entries(
        Hearts.registerPartner(
          account: HeartVillage.person(100 + partner).publicKey.address,
          description: .label("shop", UInt64(partner))), by: village.officer(.platform))
    }
    let codes = try village.block(entries)
    #expect(codes.allSatisfy { $0 == [.success] })
    for (partner, threshold) in [(0, UInt32(100)), (0, 300), (0, 500), (59, 650)] {
      let codes = try village.perform(
        Hearts.openChannel(
          partner: UInt32(partner), threshold: threshold, description: .label("channel", UInt64(threshold))),
        by: HeartVillage.person(100 + partner))
      #expect(codes == [.success])
    }
    #expect(try village.perform(Hearts.closeChannel(0), by: HeartVillage.person(100)) == [.success])
    #expect(try village.perform(Hearts.closePartner(3), by: HeartVillage.person(103)) == [.success])
    return village
  }

  @Test("what is open is found from the newest on, and no further than the limit")
  func open() throws {
    let hearts = try Self.village().hearts
    let all = OpenChannels(of: [0, 3, 59], in: hearts)
    #expect(all[0] == [1, 2] && all[3] == [] && all[59] == [3])
    // Two are looked at: of partner 0 only one is among them.
    let few = OpenChannels(of: [0, 59], in: hearts, looking: 2)
    #expect(few[0] == [2] && few[59] == [3])
    #expect(OpenChannels(of: [59], in: hearts)[0] == [], "not asked for")
    #expect(OpenChannels.newest(2, in: hearts) == [2, 3] && OpenChannels.newest(9, in: hearts) == [1, 2, 3])
    #expect(OpenChannels.newest(9, in: hearts, looking: 3) == [1, 2, 3])
    #expect(OpenChannels.newest(9, in: hearts, looking: 0) == [])
  }

  @Test("programs read it page by page, each partner once, with what it has open")
  func api() async throws {
    var village = try Self.village()
    try await ServerProbe.with([try village.show()]) { server in
      var (numbers, open, address): ([Int], [Int: [Int]], String?) = ([], [:], "/v1/hearts/partners?limit=25")
      while let asked = address {
        let answer = try await server.get(asked)
        for item in try answer.items() {
          let number = try #require(item["partner"] as? Int)
          let channels = try #require(item["channels"] as? [[String: Any]])
          numbers.append(number)
          if !channels.isEmpty { open[number] = channels.compactMap { $0["channel"] as? Int } }
          #expect(item["open_channels"] as? Int == channels.count)
        }
        let next = try answer.object()["next"] as? String
        address = next.map { "/v1/hearts/partners?limit=25&cursor=\($0)" }
      }
      #expect(numbers == Array((0..<Self.count).reversed()))
      #expect(open == [0: [1, 2], 59: [3]])
    }
  }

  @Test("people read it page by page: the newest fifty who take part, then the rest")
  func page() async throws {
    var village = try Self.village()
    try await ServerProbe.with([try village.show()]) { server in
      func rows(_ page: ServerProbe.Answer) -> [Int] {
        page.text.matches(of: /id="partner-([0-9]+)"/).compactMap { Int($0.1) }
      }
      let first = try await server.get("/hearts?lang=en")
      #expect(rows(first) == Array((10..<60).reversed()))
      #expect(first.text.contains("from 650") || first.text.contains("index 650"))
      #expect(first.text.contains("rel=\"next\"") && first.text.contains("before=10"))
      #expect(HTMLCheck(first.text).faults == [])
      let second = try await server.get("/hearts?lang=en&before=10")
      #expect(rows(second) == [9, 8, 7, 6, 5, 4, 2, 1, 0], "number 3 ended")
      #expect(!second.text.contains("rel=\"next\"") && HTMLCheck(second.text).faults == [])
      let odd = try await server.get("/hearts?before=x")
      #expect(odd.status == .badRequest)
      // The search leads to the page on which the partner stands.
      let found = try await server.get("/hearts/search?q=partner+0&lang=en")
      #expect(found.text.contains("before=1") && found.text.contains("#partners"))
      let offered = try await server.get("/hearts/partner?lang=en")
      let values = offered.text.matches(of: /<option value="([0-9]+:[0-9]+)">/).map { String($0.1) }
      #expect(values == ["0:300", "0:500", "59:650"])
    }
  }
}
