import Foundation
import HeartChain
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// The way of a gift as a file: what it says, every lie about it, and how large it gets.
@Suite struct WayFileTests {
  private let fixture: HeartFixture

  init() throws { fixture = try HeartFixture.shared.get() }

  private func verify(_ way: ProvenWay) throws(ProofError) -> ProvenWay.Proven {
    try way.verify(chain: fixture.chain, policy: fixture.policy)
  }

  @Test("the way of every lot holds, plain and packed, and says what happened", arguments: TestGiving.Lot.allCases)
  func everyLot(_ lot: TestGiving.Lot) throws {
    let way = try fixture.way(lot)
    #expect(try ProvenWay(file: way.json()) == way)
    #expect(try ProvenWay(file: way.packed()) == way)
    let proven = try verify(way)
    let record = fixture.giving.hearts.lots[Int(lot.rawValue)]
    #expect(proven.lot == lot.rawValue && proven.record == record)
    #expect(proven.steps.map(\.step) == fixture.giving.way(of: lot).steps)
    #expect((proven.gift == nil) == (record.gift == 0))
    #expect((proven.reversal != nil) == (record.state == .void))
    if let (ordinal, gift) = proven.gift {
      #expect(ordinal == record.gift - 1 && gift == fixture.giving.hearts.gifts[Int(ordinal)])
    }
    // The gift's record need not be there.
    var without = way
    without.gift = nil
    #expect(try verify(without).steps.count == proven.steps.count)
  }

  @Test("a meal leads back to its givers")
  func meal() throws {
    let kinds = try verify(fixture.way(.meal)).steps.map(\.event.kind)
    #expect(
      kinds == [
        .donated, .donated, .donated, .received, .stored, .corrected, .repacked, .packed, .shipped, .arrived, .unpacked,
        .lost, .handedOver,
      ])
    let payment = try verify(fixture.way(.payment)).steps.map(\.event.kind)
    #expect(payment == [.donated, .disbursed, .arrived, .spent, .spent, .returned])
    let trees = try verify(fixture.way(.trees)).steps.map(\.event.kind)
    #expect(trees == [.pledged, .planted, .surveyed, .died])
  }

  @Test("nothing is left out, put in or changed")
  func bends() throws {
    let way = try fixture.way(.meal)
    func refused(_ code: ProofError.Code, _ what: Comment, _ change: (inout ProvenWay) throws -> Void) throws {
      var bent = way
      try change(&bent)
      #expect(throws: ProofError(code: code), what) { _ = try verify(bent) }
    }
    let strange = try fixture.way(.wrong).steps
    for place in way.steps.indices {
      try refused(.brokenHistory, "without step \(place)") { $0.steps.remove(at: place) }
      try refused(.brokenHistory, "step \(place) twice") { $0.steps.insert(way.steps[place], at: place) }
      try refused(.brokenHistory, "another's before \(place)") { $0.steps.insert(strange[0], at: place) }
      try refused(.brokenHistory, "step \(place) at another time") { $0.steps[place][15] ^= 1 }
      try refused(.brokenHistory, "step \(place) by another name") { $0.steps[place][7] ^= 1 }
      try refused(.malformed, "step \(place) cut") { $0.steps[place].removeLast() }
      try refused(.malformed, "step \(place) longer") { $0.steps[place] += Data(repeating: 0, count: 12) }
    }
    try refused(.brokenHistory, "no steps") { $0.steps = [] }
    try refused(.brokenHistory, "the last two the other way round") { $0.steps.swapAt(11, 12) }
    try refused(.brokenHistory, "a reversal of a lot that is not void") { way in
      way.reversal = try fixture.way(.wrong).reversal
    }
    try refused(.brokenHistory, "another lot's record") { $0.record = try fixture.way(.box).record }
    try refused(.notIncluded, "another lot's number") { $0.record.ordinal = 5 }
    try refused(.notIncluded, "the table of gifts") { $0.table = try #require(try fixture.way(.rice).gift).table }
    try refused(.notIncluded, "a gift that it did not begin as") { $0.gift = try fixture.way(.rice).gift }
    try refused(.wrongChain, "another chain") { $0.chain = Hash.sha256([1]).description }
    try refused(.malformed, "too many steps") { way in
      way.steps = [Data](repeating: way.steps[0], count: ProvenWay.maximumSteps + 1)
    }
  }

  @Test("a step that stands in no history is refused wherever it is put")
  func padding() throws {
    let way = try fixture.way(.meal)
    let time = try #require(way.steps.first.map { try Way.Step.read($0).step.time })
    var lost = TraceEvent(.lost, unit: .gram, time: time)
    (lost.lot, lost.quantity, lost.reason) = (TestGiving.Lot.meal.rawValue, 1, LossReason.stolen.rawValue)
    let step = Way.Step(event: 9 << 48 | 1, time: time, row: lost.row, sources: [lost.lot], made: [])
    for place in 0...4 {
      var padded = way
      padded.steps.insert(step.fileBytes, at: place)
      #expect(throws: ProofError(code: .brokenHistory), "at \(place)") { _ = try verify(padded) }
    }
  }

  @Test("a void lot's way ends with the reversal, and with no event in its place")
  func reversals() throws {
    for lot in [TestGiving.Lot.wrong, .wrongMilk] {
      let way = try fixture.way(lot)
      let proven = try verify(way)
      let (reason, time) = try #require(fixture.giving.reversals[lot])
      #expect(proven.reversal?.reason == reason && proven.reversal?.time == time)
      var bent = way
      bent.reversal = nil
      #expect(throws: ProofError(code: .brokenHistory)) { _ = try verify(bent) }
      bent = way
      bent.reversal?.reason[0] ^= 1
      #expect(throws: ProofError(code: .brokenHistory)) { _ = try verify(bent) }
      bent = way
      bent.reversal?.time += 1
      #expect(throws: ProofError(code: .brokenHistory)) { _ = try verify(bent) }
      bent = way
      bent.reversal?.reason.removeLast()
      #expect(throws: ProofError(code: .malformed)) { _ = try verify(bent) }
    }
  }

  @Test("what a reversal took back counts as taken back and not as lost, as in what became of the gift")
  func takenBack() throws {
    for lot in TestGiving.Lot.allCases {
      let proven = try verify(fixture.way(lot))
      let record = proven.record
      let isVoid = record.state == .void
      #expect(record.takenBack == (isVoid ? record.received : 0) && record.wasted + record.takenBack == record.lost)
      let words = (en: WayWords(.en), zh: WayWords(.zh))
      let (english, chinese) = (words.en.life(of: record), words.zh.life(of: record))
      #expect(english.contains("taken back") == isVoid && chinese.contains("收回") == isVoid)
      if isVoid {
        let (all, nothing) = (words.en.quantity(record.received, record.unit), words.en.quantity(0, record.unit))
        #expect(english.contains(", \(all) taken back") && english.contains(", \(nothing) lost"))
      }
    }
  }

  @Test("steps of one block that do not build on each other may change places, and say the same")
  func order() throws {
    var way = try fixture.way(.meal)
    way.steps.swapAt(0, 1)
    #expect(try verify(way).steps.count == 13)
  }

  @Test("the file and its limits")
  func hostile() throws {
    let text = String(decoding: try fixture.way(.meal).json(), as: UTF8.self)
    let edits: [(String, String)] = [
      ("\"steps\":[", "\"steps\":[null,"), ("\"steps\":[", "\"steps\":[1,"), ("\"steps\":[", "\"steps\":[[],"),
      ("\"steps\":[", "\"steps\":[\"x\","), ("\"steps\":[", "\"steps\":{},\"other\":["),
      ("\"steps\":[", "\"steps\":[],\"steps\":["), ("\"steps\":[", "\"reversal\":null,\"steps\":["),
      ("\"steps\":[", "\"reversal\":{},\"steps\":["), ("\"steps\":[", "\"gift\":[],\"steps\":["),
      ("\"steps\":[", "\"reversal\":{\"reason\":\"AA==\",\"time\":-1},\"steps\":["), ("way/v1", "way/v2"),
    ]
    for (piece, new) in edits {
      #expect(throws: ProofError(code: .malformed), "\(new)") {
        let file = try ProvenWay(file: Array(text.replacing(piece, with: new, maxReplacements: 1).utf8))
        _ = try verify(file)
      }
    }
    let spaces = String(repeating: " ", count: ProvenWay.maximumByteCount)
    #expect(throws: ProofError(code: .malformed)) { try ProvenWay(file: Array((text + spaces).utf8)) }
  }

  @Test("words of both languages, with numbers of organisations, quantities and places")
  func words() throws {
    let proven = try verify(fixture.way(.payment))
    let (english, chinese) = (WayWords(.en), WayWords(.zh))
    let lines = proven.steps.map { english.line($0.step, $0.event) }
    #expect(lines[0].hasSuffix("organisation 1: given 1,000.00 yuan at 620100"))
    #expect(lines[1].hasSuffix("organisation 1: paid on to organisation 2 600.00 yuan"))
    #expect(lines[4].hasSuffix("organisation 2: spent 12.34 yuan (on overhead)"))
    #expect(chinese.line(proven.steps[4].step, proven.steps[4].event).hasSuffix("机构 2: 支出 12.34 元 （用于管理）"))
    #expect(
      english.life(of: proven.record)
        == "600.00 yuan came in, 87.00 yuan left, 513.00 yuan reached people, 0.00 yuan lost")
    #expect(english.moment(Timestamp(seconds: 1_767_196_800)) == "2026-01-01 00:00")
    let meal = try verify(fixture.way(.meal)).steps.map { english.line($0.step, $0.event) }
    #expect(meal[6].hasSuffix("organisation 2: 2 lots repacked into 1 100 g lost"))
    #expect(meal[11].contains("lost 50 g (damaged)"))
  }

  @Test("the program says it in both languages, and as data")
  func program() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try Data(fixture.way(.meal).packed()).write(to: folder.url("way"))
    try Data(fixture.policy.text).write(to: folder.url("policy"))
    let words = [
      "verify", folder.file("way"), "--genesis", fixture.chain.description, "--policy", folder.file("policy"),
    ]
    let english = try Program.tongzhou.run(words)
    #expect(english.status == 0, "\(english.errors)")
    #expect(english.text.contains("13 steps, and none is missing"))
    #expect(english.text.contains("handed over to people 6,000 g"))
    let chinese = try Program.tongzhou.run(words + ["--lang", "zh"])
    #expect(chinese.text.contains("走过 13 步，一步不少") && chinese.text.contains("发给受助人 6,000 克"))
    let data = try Program.tongzhou.run(words + ["--json"])
    struct Shown: Decodable {
      struct Way: Decodable {
        struct Step: Decodable {
          let what: String
          let organisation: UInt64
          let quantity: Int64?
        }
        let lot: UInt32
        let handed: Int64
        let steps: [Step]
      }
      let way: Way
    }
    let shown = try JSONDecoder().decode(Shown.self, from: Data(data.text.utf8)).way
    #expect(shown.lot == 4 && shown.handed == 6000 && shown.steps.count == 13)
    #expect(shown.steps.last?.what == "handedOver" && shown.steps.last?.quantity == 6000)
    var bent = try fixture.way(.meal)
    bent.steps.removeLast()
    try Data(bent.json()).write(to: folder.url("way"))
    let refused = try Program.tongzhou.run(words)
    #expect(refused.status == 1 && refused.errors.contains("proof.broken_history"))
  }

  @Test("the file of a way of ten thousand gifts has two megabytes, and packed less than half of one")
  func size() throws {
    let time = Timestamp(seconds: 1_767_196_800)
    var steps: [Way.Step] = []
    func tell(_ event: TraceEvent, _ sources: [UInt32]) {
      let number = UInt64(steps.count)
      steps.append(
        Way.Step(
          event: 2 << 48 | number + 1, time: time.adding(seconds: number / 100), row: event.row, sources: sources,
          made: [UInt32(number)]))
    }
    for number in 0..<10_000 {
      var gift = TraceEvent(.donated, unit: .gram, time: time)
      (gift.gift, gift.quantity, gift.place) = (1, Int64(number % 17 + 1) * 500, 620_100)
      let giver = Hash.label("giver", UInt64(number)).bytes.prefix(20) + [UInt8](repeating: 0, count: 12)
      (gift.reason, gift.party) = (GiftBinding.address.rawValue, Hash(giver) ?? .zero)
      tell(gift, [])
    }
    for block in 0..<100 {
      var pool = TraceEvent(.repacked, unit: .gram, time: time)
      let lots = (0..<100).map { UInt32(block * 100 + $0) }
      pool.parts = lots.map { TracePart(lot: $0, quantity: 500) } + [TracePart(lot: 1, quantity: 50_000)]
      pool.inputs = 100
      tell(pool, lots)
    }
    var way = try fixture.way(.meal)
    way.steps = steps.map(\.fileBytes)
    let (plain, packed) = try (way.json().count, way.packed().count)
    #expect((1_500_000..<2_500_000).contains(plain), "\(plain)")
    #expect(packed < 500_000, "\(packed)")
    #expect(try ProvenWay(file: way.packed()) == way)
  }
}
