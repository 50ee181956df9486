import Foundation
import FoundationXML
import HTTPTypes
import HeartChain
import HummingbirdCore
import Ledger
import NIOCore
import Node
import Storage
import TestSupport
import Testing

@testable import Server

/// Without the program there is nothing to draw with.
private let canDraw = Graphviz() != nil
private let missing: Comment = "graphviz is not installed: Scripts/setup"

/// Programs that stand in for one that went wrong.
private let wrong = [
  "exec sleep 60", "exit 3", "echo '<svg >'", "echo no picture", "echo '<svg ><script>1</script></svg>'",
  "exec yes '<svg >'", "kill -9 $$",
]

@Suite("Drawings of ways")
struct WayDrawingTests {
  private static func scope(_ chain: ShownChain) throws -> PageScope {
    let reader = Reader(
      .init(
        head: .init(method: .get, scheme: "http", authority: "localhost", path: "/hearts?lang=en"),
        body: .init(buffer: .init())), catalogue: try Site().catalogue, chains: ServedNames([chain]))
    return PageScope(
      reader: reader, view: try #require(chain.view), index: chain.index, log: chain.log, chain: chain.name)
  }

  @Test("a gift's way has a box for each step and for what is still under way")
  func graph() throws {
    var given = try GivenRice()
    let chain = try given.show()
    let scope = try WayDrawingTests.scope(chain)
    let way = try FollowedWay(from: 0, LotWays(chain.index))
    let graph = try #require(WayGraph(way, showsRest: true, scope))
    #expect(!graph.isGrouped)
    #expect(graph.nodes.count == 7)
    #expect(graph.nodes.map(\.look) == [.gift, .step, .step, .step, .step, .good, .rest])
    #expect(graph.nodes.last?.lines == ["on the way to school", "1.5 kg of Goods (kind 1)"])
    // From the gift to the repacking, to both shipments, to the arrival, the hand-over and what is under way.
    #expect(graph.edges.map { [$0.from, $0.to] } == [[0, 1], [1, 2], [1, 3], [2, 4], [3, 6], [4, 5]])
    #expect(graph.edges.map(\.label).first == "Lot 0")
  }

  @Test("a step's transaction is found wherever it stands in its block")
  func transactions() throws {
    var village = try HeartVillage()
    let places: [HeartVillage.Place] = [.food, .forest, .school]
    for place in places { try village.openProject(place, days: 100) }
    var block: [[UInt8]] = []
    for (project, place) in places.enumerated() {
      let gift = try village.gift(.rice, 1_000, to: UInt32(project))
      block += try village.entries(Hearts.trace(first: 1), by: village.officer(place), rows: [gift.row])
    }
    let codes = try village.block(block).flatMap { $0 }
    #expect(codes.count == 6 && codes.allSatisfy { $0 == .success })
    let chain = try village.show()
    for pageSize in [1, 2, 1_000] {
      var transactions = try StepTransactions(WayDrawingTests.scope(chain), pageSize: pageSize)
      let found = try (0..<3 as Range<UInt32>).map { lot in
        let step = try #require(FollowedWay(from: lot, LotWays(chain.index)).steps.first)
        return try #require(try transactions.transaction(of: step)).sender
      }
      #expect(found == places.map { village.officer($0).publicKey.address }, "\(pageSize)")
    }
  }

  @Test("a way of many steps is drawn by organisation and day, and its list has pages")
  func grouped() async throws {
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.food, [village.gift(.rice, 1_000, to: project)])
    for _ in 0..<20 {
      village.chain.advance(days: 1)
      try village.tell(
        .food, (0..<4).map { _ in village.event(.stored, .gram, lot: 0) { $0.place = HeartVillage.place } })
    }
    let chain = try village.show()
    let graph = try #require(
      WayGraph(FollowedWay(from: 0, LotWays(chain.index)), showsRest: true, WayDrawingTests.scope(chain)))
    #expect(graph.isGrouped)
    // The day of the gift, twenty more, and what is left.
    #expect(graph.nodes.count == 22 && graph.edges.count == 21)
    let first = try await chain.get("/hearts/gifts/0?lang=en").body
    #expect(first.contains("81 steps.") && first.contains("before=31"))
    #expect(first.components(separatedBy: "<li class=\"done\"").count == 51)
    let second = try await chain.get("/hearts/gifts/0?lang=en&before=31").body
    #expect(second.components(separatedBy: "<li class=\"done\"").count == 32)
    #expect(HTMLCheck(second).faults == [])
  }

  @Test("a way of more arrows than a drawing can show is drawn with fewer boxes, or not at all, and the page says so")
  func dense() throws {
    var given = try GivenRice()
    let rice = try given.show()
    let scope = try WayDrawingTests.scope(rice)
    let way = try FollowedWay(from: 0, LotWays(rice.index))
    #expect(WayGraph(way, showsRest: true, scope, maximumEdges: 6)?.isGrouped == false)
    #expect(WayGraph(way, showsRest: true, scope, maximumEdges: 5)?.isGrouped == true)
    #expect(WayGraph(way, showsRest: true, scope, maximumEdges: 0) == nil)
    let none = WayPicture.fields(of: .gifts, 0, way, canDraw: true, scope, maximumEdges: 0)
    #expect(none.child(named: "picture") as? Bool == false)
    let said = none.child(named: "picture_large") as? String
    #expect(said?.contains("60 boxes or 0 arrows") == true)
    let drawn = WayPicture.fields(of: .gifts, 0, way, canDraw: true, scope)
    #expect(drawn.child(named: "picture_large") as? Bool == false && drawn.child(named: "picture") is PageFields)

    // A hundred lots of one gift, of which some are stored on each of fifty days: arrows from many days to many others.
    var village = try HeartVillage()
    let project = try village.openProject(.food, days: 365)
    try village.tell(.food, [village.gift(.rice, 1_000, to: project)])
    let rest = TracePart(lot: 0, quantity: 1_000)
    let part = TracePart(lot: UInt32(TestKind.rice.rawValue), quantity: 10)
    let codes = try village.tell(
      .food,
      [
        village.event(.repacked, .gram) { event in
          event.inputs = 1
          event.parts = [rest] + Array(repeating: part, count: 100)
        }
      ])
    #expect(codes == [.success])
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 {
      village.chain.advance(days: 1)
      let lots = Array(1...100 as ClosedRange<UInt32>).shuffled(using: &generator).prefix(20)
      try village.tell(
        .food, lots.map { lot in village.event(.stored, .gram, lot: lot) { $0.place = HeartVillage.place } })
    }
    let chain = try village.show()
    let graph = try #require(
      WayGraph(FollowedWay(from: 0, LotWays(chain.index)), showsRest: true, WayDrawingTests.scope(chain)))
    #expect(graph.isGrouped && graph.nodes.count < 10 && graph.edges.count <= WayGraph.maximumEdges)
  }

  @Test("no text ends a label or begins an escape")
  func escaping() {
    #expect(WayGraph.escaped("a\"b\\n\n&lt;") == "a\\\"b\\\\n &amp;lt;")
    #expect(WayGraph.escaped("\"\u{301}];x [label=\"") == "\\\"\u{301}];x [label=\\\"")
    #expect(WayGraph.escaped("大米 5 公斤") == "大米 5 公斤")
  }

  @Test(
    "the drawing is a picture that does nothing, in both languages", .enabled(if: canDraw, missing),
    arguments: ["zh", "en"])
  func picture(language: String) async throws {
    var given = try GivenRice()
    let chain = try given.show()
    let page = try await chain.get("/hearts/gifts/0?lang=\(language)").body
    #expect(page.contains("<img src=\"/hearts/gifts/0/way.svg?lang=\(language)\" alt="))
    let answer = try await chain.get("/hearts/gifts/0/way.svg?lang=\(language)")
    #expect(answer.status == .ok)
    #expect(answer.headers[.contentType] == "image/svg+xml")
    #expect(answer.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
    #expect(answer.body.hasPrefix("<svg ") && answer.body.contains("prefers-color-scheme:dark"))
    #expect(answer.body.contains(">school</text>"))
    #expect(answer.body.contains(language == "zh" ? "送到受助人手里" : "Handed over"))
    for forbidden in ["<script", "<!DOCTYPE", "<image", "<a ", "onload"] { #expect(!answer.body.contains(forbidden)) }
    #expect(XMLParser(data: Data(answer.body.utf8)).parse())
    #expect(try await chain.get("/hearts/lots/1/way.svg").status == .ok)
  }

  @Test("text that looks like mark-up stays text in the drawing", .enabled(if: canDraw, missing))
  func hostileLabels() async throws {
    let graphviz = try #require(Graphviz())
    let label = WayGraph.escaped("</text><script>alert(1)</script>\"];n9 [label=\"&#60;a onclick=x&#62;")
    let drawn = try #require(await graphviz.draw("digraph way {\nn0 [label=\"\(label)\"];\n}\n"))
    let text = String(decoding: drawn, as: UTF8.self)
    #expect(!text.contains("<script") && !text.contains("<a ") && text.contains("&lt;script&gt;"))
    #expect(text.components(separatedBy: "class=\"node\"").count == 2)
  }

  @Test("without the program a page stands without the drawing")
  func noProgram() async throws {
    #expect(Graphviz(at: ["/nowhere/dot"]) == nil)
    let drawings = WayDrawings(nil)
    #expect(!drawings.canDraw)
    await #expect(throws: PageError.notFound) { try await drawings.drawing("digraph way {}") }
    var given = try GivenRice()
    let chain = try given.show()
    let page = try GiftPage(WayDrawingTests.scope(chain), gift: "0", canDraw: false)
    #expect(page.fields.child(named: "picture") as? Bool == false)
    #expect(page.fields.child(named: "has_way_steps") as? Bool == true)
  }

  @Test("a program that hangs, fails, floods or says something else gives no drawing", arguments: wrong)
  func wrongProgram(script: String) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/dot-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = "#!/bin/sh\n\(script)\n"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let graphviz = try #require(Graphviz(at: [path], patience: .seconds(2)))
    let begin = ContinuousClock.now
    let graph = "digraph way {\n" + String(repeating: "n0 -> n1;\n", count: 20_000) + "}\n"
    #expect(await graphviz.draw(graph) == nil)
    #expect(ContinuousClock.now - begin < .seconds(30))
  }

  @Test("what failed is not tried again for a while", arguments: [true, false])
  func failed(waits: Bool) async throws {
    let path = FileManager.default.temporaryDirectory.path + "/dot-\(UUID().uuidString)"
    let log = path + ".log"
    defer { for file in [path, log] { try? FileManager.default.removeItem(atPath: file) } }
    try "#!/bin/sh\necho x >> \(log)\ncat > /dev/null\nexit 1\n".write(
      toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let drawings = WayDrawings(Graphviz(at: [path]), pause: waits ? WayDrawings.pause : .zero)
    for _ in 0..<3 {
      await #expect(throws: PageError.notFound) { try await drawings.drawing("digraph one {}") }
    }
    #expect(try String(contentsOfFile: log, encoding: .utf8) == (waits ? "x\n" : "x\nx\nx\n"))
    // Another drawing is another matter.
    await #expect(throws: PageError.notFound) { try await drawings.drawing("digraph two {}") }
    #expect(try String(contentsOfFile: log, encoding: .utf8).count == (waits ? 4 : 8))
  }

  @Test("what was drawn is kept, and only so many are drawn at once")
  func kept() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/dot-\(UUID().uuidString)"
    let log = path + ".log"
    defer { for file in [path, log] { try? FileManager.default.removeItem(atPath: file) } }
    try "#!/bin/sh\necho x >> \(log)\ncat > /dev/null\nsleep 0.3\necho '<svg ></svg>'\n".write(
      toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let drawings = WayDrawings(Graphviz(at: [path]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { _ = try await drawings.drawing("digraph one {}") } }
      try await group.waitForAll()
    }
    _ = try await drawings.drawing("digraph one {}")
    #expect(try String(contentsOfFile: log, encoding: .utf8) == "x\n")
    let answered = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<40 {
        group.addTask { (try? await drawings.drawing("digraph other\(number) {}")) != nil }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(answered >= WayDrawings.atOnce + WayDrawings.waiting && answered < 40)
  }
}
