import Exchange
import HeartChain
import Ledger
import TestSupport
import Testing
import TransparencyLog

/// What a declaration that an event was an error becomes, over random histories.
@Suite struct ErrorDeclarationTests {
  @Test(arguments: [11, 12] as [UInt64])
  func eachRowIsTakenBackOrRefused(seed: UInt64) throws {
    var random = try RandomPantry(seed: seed)
    while random.pantry.steps.count < 400 { _ = try random.next() }
    let pantry = random.pantry
    let hearts = pantry.app.hearts
    let export = EventExport(hearts: hearts, names: pantry.names)
    var (counted, reversed, refused, late) = (0, 0, 0, 0)
    for step in pantry.steps {
      let place = try #require(Pantry.Place(rawValue: Int(step.event >> 48)))
      var event = try #require(try export.event(step))
      let plain = try EPCISDocument.event(json: EPCISDocument.alone(event).encoded)
      event.errorDeclaration = .init(time: EPCISTime(pantry.time), reason: "did_not_occur")
      let entry = try EPCISDocument.event(json: EPCISDocument.alone(event).encoded)
      #expect(entry.hashID == plain.hashID && entry.key != plain.key)

      let row = try TraceEvent(row: step.row)
      var plan = try pantry.plan(place)
      do throws(EPCISError) {
        let taken = try plan.take(entry, declared: [step])
        switch row.kind {
        case .donated, .pledged:
          reversed += 1
          let gift = hearts.lots[Int(step.made[0])].gift - 1
          let reason = Hash.sha256(Array("https://ref.gs1.org/cbv/ER-did_not_occur".utf8))
          #expect(plan.rows.isEmpty && taken.main == nil)
          #expect(plan.reversals.map(\.gift) == [gift] && plan.reversals.map(\.reason) == [reason])
        case .lost, .died, .corrected:
          counted += 1
          #expect(plan.reversals.isEmpty && taken.main == 0)
          let made = try? TraceEvent(row: plan.rows[0])
          #expect(made?.kind == .corrected && made?.lot == step.sources[0])
          #expect(made?.quantity == (row.kind == .corrected ? -row.quantity : row.quantity))
        default: Issue.record("taken back: \(row)")
        }
      } catch {
        #expect(error.exception == .validation && plan.rows.isEmpty && plan.reversals.isEmpty)
        // Where the chain has a word for it, it is the chain that refuses: the lot has ended or went on.
        let hasWord = [.donated, .pledged, .lost, .died, .corrected].contains(row.kind)
        #expect((error.code != nil) == hasWord, "\(row): \(error)")
        if hasWord { late += 1 } else { refused += 1 }
      }
    }
    #expect(counted > 5 && reversed > 50 && refused > 100, "\(counted) \(reversed) \(refused) \(late)")
  }

  @Test func aDeclarationNeedsItsEventATimeAndForAGiftAReason() throws {
    var pantry = try Pantry()
    pantry.time = Pantry.start.adding(seconds: 86_400)
    let gift = FoodBank.object("ADD", "commissioning", FoodBank.some(FoodBank.rice, "8"))
    try pantry.capture(.food, FoodBank.document(gift))
    let step = try #require(pantry.steps.first)
    func refusal(_ fields: String, declared: [Way.Step]) throws -> EPCISError? {
      let event = gift + #","errorDeclaration":{"# + fields + "}"
      let entry = try EPCISDocument(json: FoodBank.document(event)).entries[0]
      var plan = try pantry.plan(.food)
      do throws(EPCISError) {
        _ = try plan.take(entry, declared: declared)
        return nil
      } catch { return error }
    }
    let good = #""declarationTime":"2026-01-01T08:00:00+08:00","reason":"incorrect_data""#
    #expect(try refusal(good, declared: [step]) == nil)
    #expect(try refusal(good, declared: []) == EPCISError(.validation, ""))
    let future = good.replacing("2026-01-01T08", with: "2026-01-03T08")
    #expect(try refusal(future, declared: [step])?.code == "trace.in_future")
    #expect(try refusal(good.replacing(#","reason":"incorrect_data""#, with: ""), declared: [step]) != nil)
    var foreign = step
    foreign.event = UInt64(Pantry.Place.school.rawValue) << 48 | 1
    #expect(try refusal(good, declared: [foreign]) != nil)
    // An event and the declaration about it are two.
    let both = FoodBank.document(gift, gift + #","errorDeclaration":{"# + good + "}")
    #expect(try EPCISDocument(json: both).entries.count == 2)
    let twice = gift + #","errorDeclaration":{"# + good + "}"
    #expect(throws: EPCISError(.validation, "")) { try EPCISDocument(json: FoodBank.document(twice, twice)) }
  }
}
