import Foundation
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

@testable import TongzhouClient

@Suite("Files of events that people write")
struct EventFileTests {
  private static let kinds: [(String, GiftKindRecord)] = [
    ("money", GiftKindRecord(name: .zero, category: .money, unit: .fen, hearts: 1000, points: 10)),
    ("rice", GiftKindRecord(name: .zero, category: .goods, unit: .gram, hearts: 1000, points: 1)),
    ("milk", GiftKindRecord(name: .zero, category: .goods, unit: .millilitre, hearts: 1000, points: 1)),
    ("trees", GiftKindRecord(name: .zero, category: .trees, unit: .piece, hearts: 1000, points: 5000)),
    ("meals", GiftKindRecord(name: .zero, category: .goods, unit: .gram, hearts: 0, points: 0)),
    ("lessons", GiftKindRecord(name: .zero, category: .activities, unit: .attendance, hearts: 1, points: 1)),
  ]

  private static let names = EventNames(
    kinds: kinds.map { word, record in
      GiftKindRecord(
        name: .sha256(Array(word.utf8)), category: record.category, unit: record.unit, hearts: record.hearts,
        points: record.points)
    },
    organisations: ["platform.example", "food.example", "kitchen.example"], words: kinds.map(\.0),
    evidence: { path in
      guard path == "photo.jpg" else { throw LedgerError(.malformed, "cannot read \(path)") }
      return .label("photo", 1)
    }, commitment: { who, label in .sha256(Array("\(label)|\(who)".utf8)) })

  private static let giver = (try? SigningKey(label: "giver").publicKey.address)?.description ?? ""

  private static func read(_ text: String, _ form: EventFile.Form = .csv) throws -> EventFile {
    try EventFile(text: text, form: form, file: "events", names: names)
  }

  /// The code and the line of what refuses a text.
  private static func refusal(_ text: String, _ form: EventFile.Form = .csv) -> String {
    do {
      _ = try read(text, form)
      return "none"
    } catch let error as WrittenFileError {
      return "\(error.code.name.dropFirst("heart_file.".count)) \(error.line.map { "\($0)" } ?? "-")"
    } catch {
      return "\(error)"
    }
  }

  /// A sack of rice on its way to a kitchen, where it is cooked and handed over.
  private static let story = """
    what,when,kind,quantity,unit,project,lot,lots,from,into,as,to,place,giver,recipient,evidence,why,on
    donated,2026-03-01 09:00,rice,5.5 kg,,0,,,,,sack,,620100,\(giver),,photo.jpg,,
    donated,2026-03-01 09:01:30,rice,200,,0,,,,,pack,,620100,,,,,
    packed,2026-03-02,,,,,,sack; pack,,,box,,,,,,,
    shipped,2026-03-02 08:00,,,,,box,,,,,kitchen.example,,,,,,
    unpacked,2026-03-03,,,,,box,sack; pack,,,,,,,,,,
    repacked,2026-03-04,,100 g,,,,,sack=5.4 kg; pack=200 g,meals=5 kg; 4=500 g,pot; rest,,621121,,,,,
    handed-over,2026-03-04 12:00,,4 kg,,,pot,,,,,,,,class of 2026,,,
    lost,2026-03-05,,0.5 kg,,,rest,,,,,,,,,,expired,
    stored,1772800000,,,g,,17,,,,,,621121,,,,,

    """

  @Test("every line becomes its row")
  func rows() throws {
    let file = try Self.read(Self.story)
    let events = file.events
    #expect(
      events.map(\.kind) == [
        .donated, .donated, .packed, .shipped, .unpacked, .repacked, .handedOver, .lost, .stored,
      ])
    #expect(file.lines == Array(2...10))
    #expect(events[0].quantity == 5500 && events[0].unit == .gram && events[0].gift == 1)
    #expect(events[0].evidence == .label("photo", 1) && events[0].reason == GiftBinding.address.rawValue)
    #expect(events[0].party == (try Address(text: Self.giver)).key)
    // Nine in the morning in China is one in the morning in UTC.
    #expect(events[0].time.seconds == 1_772_326_800 && events[1].time.seconds == 1_772_326_890)
    #expect(events[1].quantity == 200 && events[1].party == .zero)
    #expect(events[2].parts.map(\.lot) == [TraceEvent.made(by: 0), TraceEvent.made(by: 1)] && events[2].inputs == 2)
    #expect(events[3].lot == TraceEvent.made(by: 2) && events[3].unit == .piece && events[3].other == 2)
    #expect(
      events[5].parts == [
        TracePart(lot: TraceEvent.made(by: 0), quantity: 5400), TracePart(lot: TraceEvent.made(by: 1), quantity: 200),
        TracePart(lot: 4, quantity: 5000), TracePart(lot: 4, quantity: 500),
      ])
    #expect(events[5].inputs == 2 && events[5].quantity == 100 && events[5].unit == .gram)
    #expect(events[6].lot == TraceEvent.made(by: 5) && events[7].lot == TraceEvent.made(by: 5, output: 1))
    let label = "recipient 6 pot 9 \(events[6].time.seconds) 4000"
    #expect(events[6].party == .sha256(Array("\(label)|class of 2026".utf8)))
    #expect(events[7].reason == LossReason.expired.rawValue && events[8].lot == 17)
    // What is read is what the contract takes.
    for event in events { #expect(try TraceEvent(row: event.row) == event) }
  }

  @Test("two rows alike for one person have commitments of their own")
  func alike() throws {
    let row = "handed-over,2026-03-01,1 kg,17,g,class of 2026\n"
    let text = "what,when,quantity,lot,unit,recipient\n" + row + row
    let parties = try Self.read(text).events.map(\.party)
    #expect(parties.count == 2 && parties[0] != parties[1])
    #expect(try Self.read(text).events.map(\.party) == parties)
  }

  @Test("what is written reads back to the same rows, in both forms", arguments: [EventFile.Form.csv, .yaml])
  func backAndForth(form: EventFile.Form) throws {
    let events = try Self.read(Self.story).events
    let text = try EventFile.text(of: events, form: form, names: Self.names)
    #expect(try Self.read(text, form).events == events, "\(text)")
    let again = try EventFile.text(of: Self.read(text, form).events, form: form, names: Self.names)
    #expect(again == text)
  }

  @Test("the shipped example reads, and back")
  func example() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Conventions/hearts-events.csv").standardized.path
    let events = try EventFile(path: path, names: Self.names).events
    #expect(events.map(\.quantity) == [5000, 2500, 0, 100, 0, 0, 3000, 1200])
    let text = try EventFile.text(of: events, form: .csv, names: Self.names)
    #expect(try Self.read(text).events == events)
  }

  @Test("YAML says the same, one event in a mapping")
  func yaml() throws {
    let text = """
      format: 1
      events:
        - { what: donated, when: "2026-03-01 09:00", kind: money, quantity: 12.50 yuan, project: 3, as: purse }
        - { what: spent, when: 2026-03-02, lot: purse, quantity: 250 fen, "on": aid, evidence: photo.jpg, recipient: a }
        - what: pledged
          when: 2026-03-03
          kind: trees
          quantity: 30 trees
          project: 4
          code: \(Self.giver)

      """
    let file = try Self.read(text, .yaml)
    #expect(file.events.map(\.quantity) == [1250, 250, 30] && file.lines == [3, 4, 5])
    #expect(file.events[1].unit == .fen && file.events[1].reason == SpendingPurpose.aid.rawValue)
    #expect(file.events[2].reason == GiftBinding.claim.rawValue)
  }

  @Test("a mistake is told with its kind and its line")
  func refusals() {
    let head = "what,when,kind,quantity,unit,project,lot,as,to,giver,code,why,on,recipient,evidence\n"
    let good = "donated,2026-03-01,rice,5 kg,,0,,sack,,,,,,,\n"
    let bad: [(String, String)] = [
      ("cooked,2026-03-01,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,yesterday,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-02-30,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01 25:00,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,T,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,T T,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01T09:00 T10:00,rice,5 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,,rice,5 kg,,0,,,,,,,,,", "missing 3"),
      ("donated,2026-03-01,gold,5 kg,,0,,,,,,,,,", "unknown_name 3"),
      ("donated,2026-03-01,,5 kg,,0,,,,,,,,,", "missing 3"),
      ("donated,2026-03-01,rice,5 litres,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01,rice,5 l,,0,,,,,,,,,", "rule 3"),
      ("donated,2026-03-01,rice,5.0001 kg,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01,rice,1e3 g,,0,,,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01,rice,0 g,,0,,,,,,,,,", "rule 3"),
      ("donated,2026-03-01,rice,-5 g,,0,,,,,,,,,", "rule 3"),
      ("donated,2026-03-01,rice,5 kg,,,,,,,,,,,", "missing 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,sack,,,,,,,", "rule 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,17,,,,,,,", "bad_value 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,a;b,,,,,,,", "rule 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,,,tz1qqqq,,,,,", "bad_value 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,,,\(Self.giver),\(Self.giver),,,,", "rule 3"),
      ("shipped,2026-03-01,,,,,sack,,nowhere.example,,,,,,", "unknown_name 3"),
      ("shipped,2026-03-01,,,,,sack,,,,,,,,", "missing 3"),
      ("stored,2026-03-01,,,,,bag,,,,,,,,", "unknown_name 3"),
      ("stored,2026-03-01,,,,,17,,,,,,,,", "missing 3"),
      ("stored,2026-03-01,rice,,,,sack,,,,,,,,", "rule 3"),
      ("stored,2026-03-01,,,,0,sack,,,,,,,,", "rule 3"),
      ("stored,2026-03-01,,,,,,,,,,,,,", "missing 3"),
      ("handed-over,2026-03-01,,1 kg,,,sack,,,,,,,,", "rule 3"),
      ("handed-over,2026-03-01,,1 kg,,,sack,,,,,hunger,,people,", "rule 3"),
      ("lost,2026-03-01,,1 kg,,,sack,,,,,mood,,,", "bad_value 3"),
      ("lost,2026-03-01,,1 kg,,,sack,,,,,,aid,,", "rule 3"),
      ("lost,2026-03-01,,1 kg,,,sack,,,,,,,,other.jpg", "bad_value 3"),
      ("donated,2026-03-01,rice,5 kg,,0,,,,,,,,,,,more", "syntax 3"),
      ("donated,2026-03-01,rice,\"5\nkg\",,0,,,,,,,,,", "syntax 3"),
    ]
    #expect(Self.refusal(head + good) == "none")
    for (line, wanted) in bad { #expect(Self.refusal(head + good + line + "\n") == wanted, "\(line)") }
    #expect(Self.refusal("what,wen\n") == "unknown_key 1")
    #expect(Self.refusal("what,what\n") == "syntax 1")
    #expect(Self.refusal(head) == "rule -")
    #expect(Self.refusal("format: 2\nevents: []\n", .yaml) == "rule 1")
    #expect(Self.refusal("format: 1\nevents:\n  - { what: donated, wen: 3 }\n", .yaml) == "unknown_key 3")
    #expect(Self.refusal("format: 1\nevents: [\n", .yaml).hasPrefix("syntax"))
  }

  @Test("an error repeats no secret: a claim code in place of its address is not shown")
  func noSecret() throws {
    let code = ClaimCode.random().text
    do {
      _ = try Self.read("what,when,kind,quantity,project,code\ndonated,2026-03-01,rice,5 kg,0,\(code)\n")
      Issue.record("a code is no address")
    } catch let error as WrittenFileError {
      #expect(error.fault == .badValue && !"\(error)".contains(code))
    }
  }

  @Test("manifests are cut where no event refers to one before the cut, and refer to the same lots")
  func parts() throws {
    let head = "what,when,kind,quantity,project,lot,as,place\n"
    var text = head
    for number in 0..<6 {
      text += "donated,2026-03-01,rice,5 kg,0,,sack\(number),\n"
      text += "stored,2026-03-02,,,,sack\(number),,620100\n"
    }
    let file = try Self.read(text)
    // Rows of a hundred bytes: five would cut a pair in two.
    let parts = try file.parts(limit: 500)
    #expect(parts.map(\.start) == [0, 4, 8] && parts.map(\.events.count) == [4, 4, 4])
    for part in parts {
      #expect(part.events[1].lot == TraceEvent.made(by: 0) && part.events[3].lot == TraceEvent.made(by: 2))
    }
    #expect(try file.parts().count == 1)
    #expect(throws: WrittenFileError(.hearts, .rule, "", file: "", line: nil)) { try file.parts(limit: 100) }
  }
}
