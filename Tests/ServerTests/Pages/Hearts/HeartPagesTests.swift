import Contracts
import HTTPTypes
import HeartChain
import Ledger
import Node
import TestSupport
import Testing

@testable import Server

@Suite("Pages of hearts")
struct HeartPagesTests {
  private func page(_ chain: ShownChain, _ address: String, _ language: String = "en") async throws -> String {
    let answer = try await chain.get(address, headers: [.cookie: "lang=\(language)"])
    #expect(answer.status == .ok, "\(address)")
    #expect(HTMLCheck(answer.body).faults == [], "\(address)")
    return answer.body
  }

  @Test("the overview shows totals that agree, the latest gifts, rates, partners and the formula", arguments: [0, 1])
  func overview(place: Int) async throws {
    var given = try GivenRice()
    let language = ["zh", "en"][place]
    let page = try await page(given.show(), "/hearts", language)
    #expect(page.contains("href=\"/hearts/gifts/\(GivenRice.money)\""))
    let name = ["爱心", "Hearts"][place]
    #expect(page.contains("<a href=\"/hearts\" aria-current=\"page\">\(name)</a>"))
    #expect(page.contains(["两边相等，一颗不差。", "Both sides are equal, to the last heart."][place]))
    #expect(page.contains(["123.45 元", "123.45 yuan"][place]))
    #expect(page.contains(["指数到 650", "index 650"][place]))
    // 1,000 hearts for 1,000 fen, so 100 for a yuan; 2,500 for a kilogram of oil; 100 for a lesson.
    let column = ["爱心（颗）", "Hearts"][place]
    for rate in ["100", "2,500"] { #expect(page.contains("data-label=\"\(column)\">\(rate)</td>"), "\(rate)") }
    let points = ["一份捐赠最多 20 分，同一个地址一天最多 30 分", "20 points at most and one address 30 points a day"]
    #expect(page.contains(points[place]))
    #expect(page.contains("/verify?file=%2Fv1%2Fproofs%2Fformulas%2F0"))
    // Nobody's address is told here.
    let giver = try GivenRice.address()
    #expect(!page.contains(giver))
  }

  @Test("an address's page tells in a sentence what became of each gift, and how its index came to be")
  func mine() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let address = "/hearts/me?address=\(try GivenRice.address())"
    let english = try await page(chain, address)
    let sentence =
      "Your 5 kg of Goods (kind 1): 3.2 kg reached people (school.example), 1.5 kg on the way (to school.example), "
      + "300 g lost in sorting or cooking."
    #expect(english.contains(sentence))
    #expect(english.contains("Nothing is missing: these changes give exactly the fingerprint"))
    // Rice 5, two trees 10 and a lesson 10 points: 25 on one day or two, below the day's limit.
    let index = chain.view?.app.hearts.loveIndex(
      of: try HeartVillage.person(GivenRice.giver).publicKey.address, at: chain.view?.time ?? .zero)
    #expect(index == 25)
    #expect(english.contains("<p class=\"big\">25</p>"))
    #expect(english.contains("75 more to the next threshold, 100."))
    #expect(english.contains("in force until"))
    #expect(english.contains("−500") && english.contains("−100") && english.contains("+5,000"))
    let chinese = try await page(chain, address, "zh")
    #expect(chinese.contains("3.2 公斤送到了受助人手里（school.example），1.5 公斤在路上（去往 school.example），300 克在分装或烹煮时损耗。"))
    #expect(chinese.contains("谁知道这个地址，谁就能看到这一页"))
  }

  @Test("changes come in pages, and more than a node reads for one are left to the command", arguments: [60, 10_001])
  func changes(count: Int) async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    let gift = try village.gift(.rice, 1, to: project, from: GivenRice.giver)
    var left = count
    while left > 0 {
      let codes = try village.tell(.food, Array(repeating: gift, count: min(left, 1_000)))
      #expect(codes.allSatisfy { $0 == .success })
      left -= 1_000
    }
    let chain = try village.show()
    let address = "/hearts/me?address=\(try GivenRice.address())"
    let first = try await page(chain, address)
    #expect(first.ranges(of: " brought hearts").count == 50)
    #expect(first.contains("Nothing is missing") == (count == 60))
    #expect(first.contains("more than this page checks") == (count != 60))
    #expect(first.contains(">Gift \(count - 1) brought hearts") && !first.contains("Back to the newest"))
    let older = try #require(first.firstMatch(of: /href="([^"#]+changes=[0-9]+)#history"/)?.1)
    let second = try await page(chain, String(older).replacing("&amp;", with: "&"))
    #expect(second.ranges(of: " brought hearts").count == min(count - 50, 50))
    #expect(second.contains(">Gift \(count - 51) brought hearts") && second.contains("Back to the newest"))
    // The two lists of the page have a pager each, under a name of its own, and each keeps the other's place.
    for (shown, newest) in [(first, 0), (second, 1)] {
      let history = shown.ranges(of: #"<nav class="pager" aria-labelledby="history">"#)
      #expect(history.count == 1 && shown.ranges(of: #"<nav class="pager" aria-label=""#).count == 1)
      #expect(shown.ranges(of: "Back to the newest").count == newest)
    }
    let gifts = try #require(second.firstMatch(of: /href="([^"#]+before=[0-9]+)[^"#]*#gifts"/)?.1)
    #expect(gifts.contains("changes="))
    let odd = try await chain.get(address + "&changes=x")
    #expect(odd.status == .badRequest)
  }

  @Test("search engines leave an address's page out, and what is no address is not shown again")
  func privacy() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let giver = try GivenRice.address()
    let answer = try await chain.get("/hearts/me?address=\(giver)&lang=en")
    #expect(answer.headers[.xRobotsTag] == "noindex")
    #expect(answer.body.contains("<meta name=\"robots\" content=\"noindex\">"))
    // Neither the way to the other language nor the older gifts lose the address.
    #expect(answer.body.contains("address=\(giver)&amp;lang=zh"))
    let plain = try await chain.get("/hearts")
    #expect(plain.headers[.xRobotsTag] == nil && !plain.body.contains("noindex"))
    for path in ["/hearts/me", "/hearts/give"] {
      let secret = try await page(chain, "\(path)?address=correct+horse+battery+staple")
      #expect(secret.contains("This is not a whole address."))
      #expect(!secret.contains("staple"))
    }
    let other = try HeartVillage.person(77).publicKey.address.description
    #expect(try await page(chain, "/hearts/me?address=\(other)").contains("This address has no hearts yet."))
  }

  @Test("a gift is followed to its end, each step with its transaction and its proof")
  func gift() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let page = try await page(chain, "/hearts/gifts/\(GivenRice.rice)")
    for step in ["Given", "Repacked", "Shipped", "Arrived", "Handed over"] {
      #expect(page.contains("<strong>\(step)</strong>"), "\(step)")
    }
    #expect(page.contains("food.example made 2 lots out of 5 kg of Goods (kind 1). Lost in doing so: 300 g of"))
    #expect(page.contains("Gansu (area code 620100)"))
    #expect(page.contains("6 steps."))
    #expect(page.contains("href=\"/verify?file=%2Fv1%2Fways%2F0\"") && page.contains("href=\"/v1/ways/0\""))
    #expect(page.contains("href=\"/verify?file=%2Fv1%2Fproofs%2Fgifts%2F0\""))
    // The newest first, and each with a transaction that is one of steps.
    let steps = /<li class="[a-z]+" id="event-[0-9]+-[0-9]+"><strong>([^<]+)<\/strong>/
    let names = page.matches(of: steps).map { String($0.1) }
    #expect(names == ["Handed over", "Arrived", "Shipped", "Shipped", "Repacked", "Given"])
    let entries = page.matches(of: /href="(\/explorer\/transactions\/[0-9]+)"/).map { String($0.1) }
    #expect(entries.count == 6)
    for entry in Set(entries) { #expect(try await self.page(chain, entry).contains("Steps of gifts told")) }
    let giver = try GivenRice.address()
    #expect(!page.contains(giver))
    // A lot's page goes back to the gift.
    let lot = try await self.page(chain, "/hearts/lots/1")
    #expect(lot.contains("all of it reached people") && lot.contains("5 steps."))
    #expect(lot.contains("href=\"/hearts/lots/0\""))
  }

  @Test("steps stand in the order of the chain: not by who told them, and not by when they are said to have been")
  func order() async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.food, [village.gift(.rice, 5_000, to: project)])
    try village.tell(.food, [village.event(.shipped, lot: 0) { $0.other = HeartVillage.Place.school.ordinal }])
    village.chain.advance(days: 1)
    // Two organisations' words in one block, with one time: that with the larger number comes first.
    let back = village.event(.shipped, lot: 0) { $0.other = HeartVillage.Place.food.ordinal }
    let arrived = village.event(.arrived, lot: 0, 5_000)
    var first = try village.entries(
      Hearts.trace(first: 1), by: village.officer(.school), rows: [arrived.row, back.row])
    first += try village.entries(Hearts.trace(first: 3), by: village.officer(.food), rows: [arrived.row])
    #expect(try village.block(first).joined().allSatisfy { $0 == .success })
    var halves = village.event(.repacked)
    halves.parts =
      [TracePart(lot: 0, quantity: 5_000)]
      + (0..<2).map { _ in TracePart(lot: UInt32(TestKind.rice.rawValue), quantity: 2_500) }
    halves.inputs = 1
    #expect(try village.tell(.food, [halves]) == [.success])
    village.chain.advance(days: 1)
    // What is said to have happened last was told first.
    let late = village.event(.lost, lot: 1, 10)
    var early = village.event(.lost, lot: 2, 20)
    early.time = Timestamp(seconds: early.time.seconds - 3600)
    #expect(try village.tell(.food, [late, early]) == [.success, .success])
    let page = try await page(village.show(), "/hearts/gifts/0")
    let names = page.matches(of: /id="event-([0-9]+-[0-9]+)"/).map { String($0.1) }
    #expect(names == ["2-6", "2-5", "2-4", "2-3", "4-2", "4-1", "2-2", "2-1"])
  }

  @Test("a place in a list that does not read is refused, also where there is nothing to page through")
  func places() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    for path in ["/hearts/me", "/hearts/gifts/\(GivenRice.lesson)", "/hearts/gifts/\(GivenRice.rice)"] {
      for place in ["x", "-1", "18446744073709551616"] {
        let answer = try await chain.get("\(path)?before=\(place)")
        #expect(answer.status == .badRequest, "\(path) \(place)")
      }
    }
  }

  @Test("a gift that was taken back says so and by whom, and what its giver owes stands on her page")
  func reversed() async throws {
    var given = try GivenRice()
    let codes = try given.village.perform(
      Hearts.reverse(gift: UInt32(GivenRice.rice), reason: .label("reason", 1)), by: given.village.officer(.food))
    #expect(codes == [.success])
    let chain = try given.show()
    let page = try await page(chain, "/hearts/gifts/\(GivenRice.rice)")
    #expect(page.contains("took it back, with its hearts and points") && page.contains(">Gift taken back</a>"))
    let entry = try #require(page.firstMatch(of: /href="(\/explorer\/transactions\/[0-9]+)">Gift taken back/)?.1)
    #expect(try await self.page(chain, String(entry)).contains(">Gift \(GivenRice.rice)</a>"))
    // 5,000 and 2 and 100 came, 600 went: of the 5,000 there were 4,502.
    let mine = try await self.page(chain, "/hearts/me?address=\(try GivenRice.address())")
    #expect(mine.contains("<dt>Hearts owed back</dt><dd>498</dd>") && mine.contains("498 are owed"))
    #expect(mine.contains("Gift 0 was taken back") && mine.contains("Nothing is missing"))
  }

  @Test("of a gift that was taken back before it moved nothing counts as lost, and what fails hides no reversal")
  func takenBack() async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.food, [village.gift(.rice, 5_000, to: project), village.gift(.rice, 3_000, to: project)])
    let reversal = try Hearts.reverse(gift: 0, reason: .label("reason", 1))
    try village.perform(reversal, by: village.officer(.food))
    // Whoever may not or comes too late.
    for number in 0..<UInt64(55) {
      let again = try Hearts.reverse(gift: 0, reason: .label("again", number))
      let codes = try village.perform(again, by: village.officer(number % 2 == 0 ? .school : .food))
      #expect(codes != [.success])
    }
    let chain = try village.show()
    let lot = try await page(chain, "/hearts/lots/0")
    #expect(lot.contains("<dt>Taken back</dt>") && !lot.contains("<dt>Lost</dt>"))
    let other = try await page(chain, "/hearts/lots/1")
    #expect(!other.contains("<dt>Taken back</dt>"))
    let gift = try await page(chain, "/hearts/gifts/0")
    #expect(gift.ranges(of: ">Gift taken back</a>").count == 1)
    #expect(try await page(chain, "/hearts/charities").contains("Gifts taken back before they moved count among"))
  }

  @Test("pledged trees, a lesson and money are told in their own words")
  func otherGifts() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let pledge = try await page(chain, "/hearts/gifts/\(GivenRice.pledge)", "zh")
    #expect(pledge.contains("3 棵") && pledge.contains("2 棵种下了，还活着") && pledge.contains("1 棵还没有种"))
    let lesson = try await page(chain, "/hearts/gifts/\(GivenRice.lesson)")
    #expect(lesson.contains("there is nothing to follow") && !lesson.contains("/v1/ways/"))
    let money = try await page(chain, "/hearts/gifts/\(GivenRice.money)")
    #expect(money.contains("123.45 yuan: 123.45 yuan not used yet (bank.example)."))
    #expect(money.contains("the giver stays unnamed"))
  }

  @Test("money that is put together is not said to be packed anew")
  func moneyTogether() async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.bank, [village.gift(.money, 10_000, to: project), village.gift(.money, 5_000, to: project)])
    var together = village.event(.repacked, .fen)
    together.inputs = 2
    together.parts = [
      TracePart(lot: 0, quantity: 10_000), TracePart(lot: 1, quantity: 5_000),
      TracePart(lot: UInt32(TestKind.money.rawValue), quantity: 15_000),
    ]
    #expect(try village.tell(.bank, [together]) == [.success])
    let page = try await page(village.show(), "/hearts/gifts/0", "zh")
    #expect(page.contains("<strong>并账</strong>") && !page.contains("分装"))
    #expect(page.contains("bank.example 把 150.00 元 归在一起，分作 1 笔。"))
  }

  @Test("the page on giving draws the code of an address that may be shown", arguments: ["zh", "en"])
  func give(language: String) async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let address = try GivenRice.address()
    let page = try await page(chain, "/hearts/give?address=\(address)", language)
    #expect(page.contains("src=\"/qr/addresses/\(address)\""))
    #expect(page.contains("bank.example") && page.contains("food.example"))
    let code = try await chain.get("/qr/addresses/\(address)")
    #expect(code.status == .ok && code.headers[.contentType] == "image/svg+xml")
    #expect(try await chain.get("/qr/addresses/tz1x").status == .notFound)
    #expect(try await chain.get("/qr/ways/0").status == .ok)
    #expect(try await chain.get("/qr/ways/99").status == .notFound)
  }

  @Test("search finds by number, word, organisation and address")
  func search() async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let address = try GivenRice.address()
    let wanted: [(String, [String])] = [
      ("1", ["/hearts/gifts/1", "/hearts/lots/1", "/hearts/projects/1"]),
      ("gift+2", ["/hearts/gifts/2"]), ("%E6%8D%90%E8%B5%A0+2", ["/hearts/gifts/2"]),
      ("%E6%89%B9%E6%AC%A1%203", ["/hearts/lots/3"]), ("lot+1", ["/hearts/lots/1"]),
      ("project+0", ["/hearts/projects/0"]), ("partner+0", ["/hearts#partners"]),
      ("forest", ["/organisations#organisation-3", "/hearts/projects/1"]),
      (address, ["/hearts/me?address=\(address)"]),
    ]
    for (query, links) in wanted {
      let page = try await page(chain, "/hearts/search?q=\(query)")
      for link in links { #expect(page.contains("<li><a href=\"\(link)\">"), "\(query): \(link)") }
    }
    #expect(try await page(chain, "/hearts/search?q=gift+99").contains("Nothing was found."))
  }

  @Test("organisations of a chain of hearts have the words of hearts, and no complaints")
  func organisations() async throws {
    var given = try GivenRice()
    let page = try await page(given.show(), "/organisations")
    #expect(page.contains("charities bring the goods") && page.contains("opens projects, takes goods in"))
    #expect(!page.contains("Complaints"))
  }

  @Test("every kind of action of the contract has words in both languages")
  func words() throws {
    let catalogue = try Site().catalogue
    for action in HeartAction.allCases {
      let keys = TransactionWords.keys(contract: Hearts.name, kind: action.rawValue)
      #expect(keys.name != "tx_unknown")
      #expect(catalogue.entries[keys.name] != nil && catalogue.entries[keys.text] != nil, "\(action)")
    }
  }
}
