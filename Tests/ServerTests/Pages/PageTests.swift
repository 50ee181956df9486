import Foundation
import HTTPTypes
import Ledger
import MutualAid
import Node
import Storage
import TestSupport
import Testing
import TransparencyLog

@testable import Server

@Suite("What pages say")
struct PageTests {
  private func text(_ chain: ShownChain, _ address: String, _ language: String = "en") async throws -> String {
    let answer = try await chain.get(address, headers: [.cookie: "lang=\(language)"])
    #expect(answer.status == .ok)
    return answer.body
  }

  @Test("the home page shows members, plans, the money and the last block")
  func home() async throws {
    var village = try Village.full()
    let page = try await text(village.show(), "/")
    // Five joined and one left; 4,000 came in, 1,000 was paid, 750 is to go back to who left.
    #expect(page.contains("<dt>Members</dt><dd>4</dd>"))
    #expect(page.contains("<dt>Plans</dt><dd>2</dd>"))
    #expect(page.contains("<dt>Money in the plans</dt><dd>3,000.00 yuan</dd>"))
    #expect(page.contains("<dt>Aid given so far</dt><dd>1,000.00 yuan</dd>"))
    #expect(page.contains("<dt>Cases shared</dt><dd>1</dd>"))
    #expect(page.contains("/explorer/blocks/\(village.chain.chain.height)"))
    #expect(page.contains("4 organisations sign together"))
    #expect(page.contains(village.chain.chain.id.description))
  }

  @Test("a plan's page holds both sides of its money against each other")
  func plan() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let page = try await text(chain, "/plans/0")
    #expect(page.contains("<h1>Seed plan</h1>"))
    #expect(page.contains("Both sides are equal, to the millionth."))
    #expect(page.contains("<dt>Members now</dt><dd>4</dd>"))
    #expect(page.contains("<dt>With a balance</dt><dd>3</dd>"))
    #expect(page.contains("<dt>Shared by each so far</dt><dd>250.00 yuan</dd>"))
    #expect(page.components(separatedBy: "<td class=\"number\">4,000.00</td>").count == 4)
    #expect(page.contains("bank.example"))
    #expect(page.contains("A waiting period of 1 day"))
    // Four had a balance when the case was shared.
    #expect(page.contains("data-label=\"Each (yuan)\">250.00</td>"))
    #expect(page.contains("data-label=\"Members who paid\">4</td>"))
    #expect(try await text(chain, "/plans/0", "zh").contains("<h1>种子计划</h1>"))
  }

  @Test("a case's page says what it cost each member and where it stands in the log")
  func paidCase() async throws {
    var village = try Village.full()
    let page = try await text(village.show(), "/cases/0")
    #expect(page.contains("The aid has been paid."))
    #expect(page.contains("<p class=\"big\">250.00 yuan</p>"))
    #expect(page.contains("It was the only case of its settlement"))
    #expect(page.contains("<dd>aged 0–69</dd>"))
    #expect(page.contains("4 members with a balance shared it"))
    for name in ["Case filed", "Investigation", "Notice published", "Aid paid"] {
      #expect(page.contains(">\(name)</a>"))
    }
    // The block after the notice's end, which nobody sent a transaction for.
    let settled = try #require(page.firstMatch(of: />Block ([0-9]+)<\/a><\/p>/)?.1)
    #expect(try await text(village.show(), "/explorer/blocks/\(settled)").contains("notices that ended"))
  }

  @Test("a share below a fen is told to the millionth")
  func smallShare() async throws {
    var village = try Village { $0.aid[0].amount = 100_000 }
    village.chain.advance(days: 3)
    let number = try village.file(0)
    try village.investigate(number)
    try village.notice(number)
    let before = try await text(village.show(), "/cases/0")
    #expect(before.contains("each member with a balance would pay about 0.025 yuan"))
    village.chain.advance(days: 4)
    try village.block()
    let page = try await text(village.show(), "/cases/0")
    #expect(page.contains("<p class=\"big\">0.025 yuan</p>"))
  }

  @Test("cases on their way and declined ones say so, and estimate the share")
  func openCases() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let noticed = try await text(chain, "/cases/1")
    #expect(noticed.contains("It is in public notice until"))
    // 1,000 over the three who still have a balance, rounded up to the millionth.
    #expect(noticed.contains("about 333.333334 yuan"))
    let declined = try await text(chain, "/cases/2")
    #expect(declined.contains("nothing was shared"))
    #expect(declined.contains("Nobody") == false)
    let notices = try await text(chain, "/notices")
    #expect(notices.contains("One case."))
    #expect(notices.contains(">Case 1</a>"))
    #expect(notices.contains(">Case 0</a>"))
    #expect(!notices.contains(">Case 2</a>"))
  }

  @Test("a member's statement lists every change and share, and says that none is missing")
  func member() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let page = try await text(chain, "/members/0")
    #expect(page.contains("<dt>Balance</dt><dd>750.00 yuan</dd>"))
    #expect(page.contains("<dt>Paid in</dt><dd>1,000.00 yuan</dd>"))
    #expect(page.contains("<dt>Paid in shares</dt><dd>250.00 yuan</dd>"))
    #expect(page.contains("Nothing is missing"))
    #expect(page.contains(">-250.00</td>"))
    #expect(page.contains(">+1,000.00</td>"))
    #expect(page.contains("data-label=\"Amount (yuan)\"></td>") && !page.contains(">false<"))
    #expect(page.contains("the waiting period is over"))
    #expect(try await text(chain, "/members/3").contains("<dt>Paid back at the end</dt><dd>750.00 yuan</dd>"))
    #expect(try await text(chain, "/members/4").contains("nothing paid in yet"))
  }

  @Test("changes of every kind stand in a member's statement, a key and a payee among them")
  func membersAffairs() async throws {
    var village = try Village()
    try village.affairs(of: 0)
    let page = try await text(village.show(), "/members/0")
    #expect(page.contains("Payee named, in seven days") && page.contains("Key changed"))
    #expect(page.contains("Nothing is missing"))
  }

  @Test("the organisations' page verifies the signatures on the last checkpoint")
  func organisations() async throws {
    var village = try Village()
    let chain = try village.show()
    let page = try await text(chain, "/organisations")
    #expect(page.contains("3 organisations signed, 3 had to"))
    #expect(page.components(separatedBy: "Its latest signature").count == 4)
    #expect(page.contains("is not among those"))
    #expect(page.contains("unless more than 1 of them lie"))
    #expect(page.contains("platform.example/executor+"))

    // A checkpoint on another tree: the lines are there, and nothing verifies.
    let view = try #require(chain.view)
    let other = PublishedView(
      genesis: view.genesis, app: view.app, height: view.height, time: view.time, head: view.head,
      checkpoint: Array(
        String(decoding: view.checkpoint, as: UTF8.self).replacing("\n\(view.head.size)\n", with: "\n999\n").utf8),
      certifiers: view.certifiers)
    let bent = ShownChain("aid", log: chain.log, index: chain.index, view: other)
    #expect(try await text(bent, "/organisations").contains("Do not rely on it"))
  }

  @Test("one organisation alone is called what it is")
  func alone() async throws {
    var village = try Village(endorsers: 1)
    let page = try await text(village.show(), "/organisations")
    #expect(page.contains("Only one organisation signs at present"))
    #expect(page.contains("one organisation signed, 1 had to"))
  }

  @Test("the explorer shows blocks and refused transactions in words")
  func explorer() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let height = village.chain.chain.height
    let blocks = try await text(chain, "/explorer")
    #expect(blocks.contains(">\(height)</a>"))
    #expect(blocks.contains("one refused"))
    let block = try await text(chain, "/explorer/blocks/\(height)")
    #expect(block.contains("It was refused and changed nothing."))
    let signers = try #require(
      block.firstMatch(of: /<dd>([a-z.]+\.example(?:, [a-z.]+\.example)*)<\/dd>\n<dt>Fingerprint/)?.1)
    #expect(signers.split(separator: ", ").count == 3)
    let index = try #require(try chain.index.block(height: height)).firstIndex + 1
    let page = try await text(chain, "/explorer/transactions/\(index)")
    #expect(page.contains("The case was not at the step for this."))
    #expect(page.contains("case.wrong_state"))
    #expect(page.contains(">Case 1</a>"))
    #expect(page.contains("/v1/receipts/"))
    let hash = try #require(try chain.index.transaction(index: index)).hash
    // The same but for the way to the other language.
    let named = try await text(chain, "/explorer/transactions/\(hash)")
    #expect(named.replacing("\(hash)?lang", with: "\(index)?lang") == page)
  }

  @Test("search finds addresses, numbers, fingerprints and plans")
  func search() async throws {
    var village = try Village.full()
    let chain = try village.show()
    let owner = village.chain.state.memberships[1].owner.description
    let found = try await text(chain, "/search?q=\(owner)")
    #expect(found.contains("href=\"/members/1\""))
    #expect(found.contains("Somebody joined"))
    #expect(try await text(chain, "/search?q=case+1").contains("href=\"/cases/1\""))
    #expect(try await text(chain, "/search?q=%E7%97%85%E4%BE%8B%202").contains("href=\"/cases/2\""))
    #expect(try await text(chain, "/search?q=%E4%BC%9A%E5%91%98+4").contains("href=\"/members/4\""))
    #expect(try await text(chain, "/search?q=seed").contains("href=\"/plans/0\""))
    #expect(try await text(chain, "/search?q=3").contains("href=\"/explorer/blocks/3\""))
    let hash = try #require(try chain.index.transaction(index: 2)).hash.description
    #expect(try await text(chain, "/search?q=\(hash.prefix(12))").contains("/explorer/transactions/2"))
    #expect(try await text(chain, "/search?q=nobody").contains("Nothing was found"))
    #expect(try await text(chain, "/search").contains("Nothing was found") == false)
  }
}
