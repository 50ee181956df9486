internal import Consortium
internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/charities`: each charity: what it still has, how long gifts take to where they do good, how much is lost on
/// the way, and reports that are due.
struct CharitiesPage: Page {
  static let template = "hearts-charities"
  /// Lots that are looked at for those that are open, the newest first.
  static let maximumLots = 200_000
  /// Projects that are named; there is a page for all.
  private static let maximumProjects = 20

  let section: Section? = .hearts
  let about: String? = "charities_lead"
  let title: String
  let fields: PageFields

  /// - Parameter found: the signs of the scope's view.
  init(_ scope: PageScope, _ books: StepShelf<HandOverBook>, _ found: FoundSigns) throws {
    let (texts, hearts) = (scope.texts, scope.hearts)
    title = texts.say("charities_title")
    var projects: [UInt16: [UInt32]] = [:]
    for number in 0..<hearts.projects.count {
      projects[hearts.projects[number].charity, default: []].append(UInt32(number))
    }
    let table = scope.consortium.organisations
    let charities = (0..<table.count).map { UInt16($0) }.filter {
      table[Int($0)].roles.contains(.charity) || projects[$0] != nil
    }
    let first = max(0, hearts.lots.count - CharitiesPage.maximumLots)
    var open: [UInt16: Int] = [:]
    for number in first..<hearts.lots.count {
      let lot = hearts.lots[number]
      if lot.state != .ended, lot.state != .void { open[lot.owner, default: 0] += 1 }
    }
    var late: [UInt16: Int] = [:]
    for project in found.silent { late[hearts.projects[Int(project)].charity, default: 0] += 1 }
    let (book, isWhole) = try books.book(of: scope.chain, scope.index, upTo: scope.view.height)
    fields = [
      "charities_text": charities.isEmpty ? texts.say("charities_none") : nil,
      "charities": charities.map { charity -> PageFields in
        let own = projects[charity] ?? []
        let (speeds, losses) = (CharitiesPage.speeds(book, own, texts), CharitiesPage.losses(own, scope))
        return [
          "charity_ordinal": "\(charity)",
          "charity_name": scope.organisationName(Int(charity)),
          "charity_href": scope.organisationLink(Int(charity)),
          "charity_open": Numbers.grouped(open[charity] ?? 0),
          "charity_late": Numbers.grouped(late[charity] ?? 0),
          "charity_is_late": (late[charity] ?? 0) > 0,
          "charity_speeds": speeds,
          "charity_losses": losses,
          "charity_has_facts": !speeds.isEmpty || !losses.isEmpty,
          "charity_has_projects": !own.isEmpty,
          "charity_projects": own.suffix(CharitiesPage.maximumProjects).reversed().map { number -> PageFields in
            let words = ProjectWords(number, scope)
            return ["project_name": words.name, "project_href": scope.link("hearts/projects", number)]
          },
          "charity_more": own.count > CharitiesPage.maximumProjects
            ? texts.say("charities_more", ["n": Numbers.grouped(own.count - CharitiesPage.maximumProjects)]) : nil,
        ]
      },
      "lots_note": first > 0 ? texts.say("charities_lots", ["n": Numbers.grouped(CharitiesPage.maximumLots)]) : nil,
      "still_reading": isWhole ? nil : texts.say("charities_reading"),
      "signs_href": scope.reader.link("/hearts/signs"),
      "projects_href": scope.reader.link("/hearts/projects"),
    ]
  }

  /// How long it takes, for each sort of ending that there was.
  private static func speeds(_ book: HandOverBook, _ projects: [UInt32], _ texts: Texts) -> [PageFields] {
    HandOverBook.Ending.allCases.compactMap { ending in
      guard let median = book.median(of: ending, in: projects) else { return nil }
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
  private static func losses(_ projects: [UInt32], _ scope: PageScope) -> [PageFields] {
    GiftUnit.allCases.filter { $0 != .fen && $0 != .attendance }.compactMap { unit in
      var (given, lost) = (Int128(0), Int128(0))
      var pieces = GiftCategory.goods
      for number in projects {
        let record = scope.hearts.projects[Int(number)]
        given += Int128(record[unit].given)
        lost += Int128(record[unit].lost)
        if record.pledged > 0 { pieces = .trees }
      }
      guard given > 0 else { return nil }
      return [
        "loss_name": scope.texts.say(ProjectWords.name(of: unit, pieces)),
        "loss_text": scope.texts.say("charity_loss_text", ["share": ProjectWords.percent(lost * 1000 / given)]),
      ]
    }
  }
}
