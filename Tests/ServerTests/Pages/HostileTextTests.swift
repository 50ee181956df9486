import HTTPTypes
import Ledger
import MutualAid
import TestSupport
import Testing

@testable import Server

@Suite("Hostile text")
struct HostileTextTests {
  @Test(
    "a convention's names stay text wherever they are shown",
    arguments: [
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>",
      // A quotation mark and an accent are one character to Swift, and still end an attribute for a browser.
      "x\"\u{301} onmouseover=\"alert(1)", "<\u{338}b>", "&lt;b&gt;{{title}}{{{title}}}", "{{#plans}}{amount}⟩",
    ])
  func names(name: String) async throws {
    var village = try Village.full { wire in
      wire.nameZh = name
      wire.nameEn = name
      wire.classes[0].nameZh = name
      wire.classes[0].nameEn = name
    }
    let chain = try village.show()
    let addresses = [
      "/plans", "/plans/0", "/notices", "/cases/0", "/cases/1", "/members/0", "/explorer/transactions/2",
      "/search?q=case+1",
    ]
    for (address, answer) in zip(addresses, try await chain.get(addresses)) {
      let check = HTMLCheck(answer.body)
      #expect(check.faults.filter { $0 != "a value is missing" } == [], "\(address)")
    }
    let plan = HTMLCheck(try await chain.get("/plans/0").body)
    let shown = PageText().escapeText(name)
    #expect(plan.text.contains(shown))
  }

  @Test("what somebody searches for stays text")
  func search() async throws {
    var village = try Village()
    let chain = try village.show()
    for query in [
      "%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%22%CC%81+autofocus+onfocus=x", "%F0%28%8C%BC", "%00%01", "%",
      "%2", "+%2B&q=2", String(repeating: "%E7%97%85", count: 100), "a=b=c", "&&==&q",
    ] {
      let answer = try await chain.get("/search?q=\(query)")
      #expect(answer.status == .ok, "\(query)")
      #expect(HTMLCheck(answer.body).faults == [], "\(query)")
    }
  }

  @Test("text without anything special is passed on as it is, and every special byte is replaced")
  func escape() {
    let text = PageText()
    #expect(text.escapeText("互助 100 元, a-b_c") == "互助 100 元, a-b_c")
    #expect(text.escapeText("<>&\"'`") == "&lt;&gt;&amp;&quot;&#39;&#96;")
    #expect(text.escapeText("\"\u{301}") == "&quot;\u{301}")
  }
}
