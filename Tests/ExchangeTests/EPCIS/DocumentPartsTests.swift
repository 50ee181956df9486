import Exchange
import HeartChain
import Ledger
import Testing
import TransparencyLog

/// Documents that are put together of pages, cut for captures, and made of a part of a chain.
@Suite struct DocumentPartsTests {
  private static func history(seed: UInt64, events: Int) throws -> RandomPantry {
    var random = try RandomPantry(seed: seed)
    while random.pantry.steps.count < events { _ = try random.next() }
    return random
  }

  private static func written(_ pantry: Pantry) throws -> [EPCISEvent] {
    try EventExport(hearts: pantry.app.hearts, names: pantry.names).events(pantry.steps)
  }

  @Test func piecesAreTheWholeDocument() throws {
    let pantry = try Self.history(seed: 5, events: 50).pantry
    let (events, time) = (try Self.written(pantry), EPCISTime(pantry.time))
    var document = EPCISWriting(at: time)
    var bytes = document.beginning
    bytes += document.add(Array(events[..<20]))
    bytes += document.add([])
    bytes += try document.add(answer: EPCISDocument.answer(Array(events[20..<30]), at: time).encoded)
    bytes += try document.add(answer: EPCISDocument.answer([], at: time).encoded)
    bytes += document.add(Array(events[30...]))
    bytes += try document.end()
    #expect(bytes == EPCISDocument.document(events, at: time).encoded)
    #expect(document.count == 50)
  }

  @Test func whatIsNoAnswerOfOursIsNotPutIn() throws {
    let pantry = try Self.history(seed: 6, events: 3).pantry
    let (events, time) = (try Self.written(pantry), EPCISTime(pantry.time))
    let answer = String(decoding: EPCISDocument.answer(events, at: time).encoded, as: UTF8.self)
    let prefix = "\"\(GiftFields.prefix)\":\"\(GiftFields.vocabulary)\""
    for bent in [
      "{}", "[", String(decoding: EPCISDocument.document(events, at: time).encoded, as: UTF8.self),
      answer.replacing(prefix, with: "\"\(GiftFields.prefix)\":\"https://elsewhere.example/\""),
      answer.replacing("\"type\":\"ObjectEvent\"", with: "\"type\":\"Nothing\""),
      answer.replacing("\"type\":\"ObjectEvent\"", with: "\"@context\":[],\"type\":\"ObjectEvent\""),
    ] {
      #expect(bent != answer)
      var document = EPCISWriting(at: time)
      #expect(throws: EPCISError(.validation, "")) { try document.add(answer: Array(bent.utf8)) }
      #expect(document.count == 0)
      #expect(throws: ExchangeError(.nothing, "")) { try document.end() }
    }
  }

  @Test func aDocumentIsCutIntoSuchAsACaptureTakes() throws {
    let pantry = try Self.history(seed: 7, events: 25).pantry
    let events = try Self.written(pantry)
    let whole = EPCISDocument.document(events, at: EPCISTime(pantry.time)).encoded
    let one = try EPCISDocument.cut(whole)
    #expect(one.count == 1 && one[0].json == whole && one[0].count == 25)
    let parts = try EPCISDocument.cut(whole, limit: 10)
    #expect(parts.map(\.first) == [0, 10, 20] && parts.map(\.count) == [10, 10, 5])
    let entries = try parts.flatMap { try EPCISDocument(json: $0.json).entries }
    #expect(entries == (try EPCISDocument(json: whole).entries))
    let small = try EPCISDocument.cut(whole, size: 3000)
    #expect(small.count > 3 && small.reduce(0) { $0 + $1.count } == 25)
    #expect(small.allSatisfy { $0.json.count <= 3000 || $0.count == 1 })
  }

  @Test func whatIsWrongIsNamedByItsPlaceInTheWhole() throws {
    let pantry = try Self.history(seed: 8, events: 25).pantry
    var events = try Self.written(pantry)
    let time = EPCISTime(pantry.time)
    func refusal() -> EPCISError? {
      do throws(EPCISError) {
        _ = try EPCISDocument.cut(EPCISDocument.document(events, at: time).encoded, limit: 10)
        return nil
      } catch { return error }
    }
    #expect(refusal() == nil)
    let kept = events[23]
    // The same event in two captures.
    events[23] = events[2]
    #expect(refusal()?.event == 23)
    events[23] = kept
    events[17].bizStep = "donating"
    #expect(refusal()?.event == 17)
    #expect(refusal()?.exception == .validation)
    #expect(throws: EPCISError(.validation, "")) { try EPCISDocument.cut(Array("{}".utf8)) }
    #expect(throws: EPCISError(.captureLimit, "")) {
      try EPCISDocument.cut([UInt8](repeating: 0x20, count: EPCISDocument.maximumCut + 1))
    }
  }

  @Test func aSelectionIsWhatTheIndexFinds() throws {
    let pantry = try Self.history(seed: 4, events: 400).pantry
    let hearts = pantry.app.hearts
    var index = WayIndex()
    index.add(pantry.steps)
    func selected(_ selection: EventSelection) -> [UInt64] {
      var selection = selection
      return pantry.steps.filter { selection.takes($0, hearts) }.map(\.event)
    }
    #expect(selected(EventSelection()) == pantry.steps.map(\.event))
    var longest = 0
    for number in 0..<hearts.gifts.count {
      let lots = Set(index.descendants(of: hearts.gifts[number].origin))
      let expected = pantry.steps.filter { step in
        step.sources.contains(where: lots.contains) || step.made.contains(hearts.gifts[number].origin)
      }
      let found = selected(EventSelection(.gift(UInt32(number))))
      #expect(found == expected.map(\.event), "gift \(number)")
      longest = max(longest, found.count)
    }
    #expect(longest > 10 && hearts.gifts.count > 50)
    let lot = hearts.gifts[0].origin
    #expect(
      selected(EventSelection(.lot(lot)))
        == pantry.steps.filter { ($0.sources + $0.made).contains(lot) }.map(\.event))
    #expect(selected(EventSelection(.gift(UInt32(hearts.gifts.count)))).isEmpty)

    let times = try pantry.steps.map { try TraceEvent(row: $0.row).time }
    let (from, before) = (times[100], times[300])
    let between = zip(pantry.steps, times).filter { from <= $0.1 && $0.1 < before }.map(\.0.event)
    #expect(selected(EventSelection(from: from, before: before)) == between && between.count > 100)
  }
}
