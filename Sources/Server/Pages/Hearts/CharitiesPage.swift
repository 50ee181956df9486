internal import Consortium
internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/charities`: each charity: what it still has, how long gifts take to where they do good, how much is lost on
/// the way, and reports that are due.
struct CharitiesPage: Page {
  static let template = "hearts-charities"
  let section: Section? = .hearts
  let about: String? = "charities_lead"
  let title: String
  let fields: PageFields

  /// - Parameter found: the signs of the scope's view.
  init(_ scope: PageScope, _ books: StepShelf<HandOverBook>, _ found: FoundSigns) throws {
    let (texts, hearts) = (scope.texts, scope.hearts)
    title = texts.say("charities_title")
    let (book, isWhole) = try books.book(of: scope.chain, scope.index, upTo: scope.view.height)
    let figures = CharityFigures.all(in: hearts, book, silent: found.silent)
    let table = scope.consortium.organisations
    let charities = (0..<table.count).map { UInt16($0) }.filter {
      table[Int($0)].roles.contains(.charity) || figures[$0] != nil
    }
    fields = [
      "charities_text": charities.isEmpty ? texts.say("charities_none") : nil,
      "charities": charities.map { charity -> PageFields in
        let own = figures[charity] ?? CharityFigures()
        let more = own.projects - own.newest.count
        let (speeds, losses) = (CharitiesPage.speeds(own, texts), CharitiesPage.losses(own, texts))
        return [
          "charity_ordinal": "\(charity)",
          "charity_name": scope.organisationName(Int(charity)),
          "charity_href": scope.organisationLink(Int(charity)),
          "charity_open": Numbers.grouped(own.openLots),
          "charity_late": Numbers.grouped(own.lateReports),
          "charity_is_late": own.lateReports > 0,
          "charity_speeds": speeds,
          "charity_losses": losses,
          "charity_has_facts": !speeds.isEmpty || !losses.isEmpty,
          "charity_has_projects": own.projects > 0,
          "charity_projects": own.newest.map { number -> PageFields in
            let words = ProjectWords(number, scope)
            return ["project_name": words.name, "project_href": scope.link("hearts/projects", number)]
          },
          "charity_more": more > 0 ? texts.say("charities_more", ["n": Numbers.grouped(more)]) : nil,
        ]
      },
      "lots_note": hearts.lots.count > CharityFigures.maximumLots
        ? texts.say("charities_lots", ["n": Numbers.grouped(CharityFigures.maximumLots)]) : nil,
      "still_reading": isWhole ? nil : texts.say("charities_reading"),
      "signs_href": scope.reader.link("/hearts/signs"),
      "projects_href": scope.reader.link("/hearts/projects"),
    ]
  }

  /// How long it takes, for each sort of ending that there was.
  private static func speeds(_ figures: CharityFigures, _ texts: Texts) -> [PageFields] {
    HandOverBook.Ending.allCases.compactMap { ending in
      guard let median = figures.median(of: ending) else { return nil }
      let name =
        switch ending {
        case .handedOver: "charity_speed_goods"
        case .spent: "charity_speed_money"
        case .planted: "charity_speed_trees"
        }
      return [
        "speed_name": texts.say(name),
        "speed_text": texts.count("charity_speed_text", median.count, ["time": duration(median.seconds, texts)]),
      ]
    }
  }

  /// Whole days from two on, else whole hours.
  static func duration(_ seconds: UInt64, _ texts: Texts) -> String {
    let days = seconds / Timestamp.day
    return days >= 2 ? texts.count("duration_days", days) : texts.count("duration_hours", seconds / 3600)
  }

  /// The share of goods and trees that was lost, in each unit; of money nothing is lost.
  private static func losses(_ figures: CharityFigures, _ texts: Texts) -> [PageFields] {
    GiftUnit.allCases.filter { $0 != .fen && $0 != .attendance }.compactMap { unit in
      guard let lost = figures.lost(of: unit) else { return nil }
      return [
        "loss_name": texts.say(ProjectWords.name(of: unit, figures.hasPledges ? .trees : .goods)),
        "loss_text": texts.say("charity_loss_text", ["share": ProjectWords.percent(lost)]),
      ]
    }
  }
}
