internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts`: what hearts are, how they stand, and where to go from here.
struct HeartsPage: Page {
  static let template = "hearts"
  /// Gifts and projects shown here; there are pages for all.
  static let latest = 8

  let section: Section? = .hearts
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) throws {
    title = scope.texts.say("hearts_title")
    fields = try HeartsPage.totals(scope)
      .adding([
        "doors": HeartsPage.doors(scope),
        "latest_gifts": HeartsPage.gifts(scope), "has_gifts": scope.hearts.gifts.count > 0,
        "latest_projects": HeartsPage.projects(scope), "has_projects": scope.hearts.projects.count > 0,
        "projects_href": scope.reader.link("/hearts/projects"),
        "heart_search_text": "",
        "partner_page_href": scope.reader.link(PartnerPage.path),
      ])
      .adding(HeartsPage.kinds(scope))
      .adding(HeartsPage.partners(scope))
      .adding(HeartsPage.index(scope))
  }

  /// The hearts of the chain, and both sides of the equation they obey.
  private static func totals(_ scope: PageScope) -> PageFields {
    let (texts, hearts) = (scope.texts, scope.hearts)
    let totals = hearts.totals
    func rows(_ lines: [(name: String, hearts: Int64)]) -> [PageFields] {
      lines.map { ["total_name": texts.say($0.name), "total_hearts": Numbers.grouped($0.hearts)] }
    }
    return [
      "gifts": Numbers.grouped(hearts.gifts.count),
      "minted": Numbers.grouped(totals.minted),
      // The table's first record stands for nobody.
      "givers": Numbers.grouped(max(0, hearts.givers.count - 1)),
      "projects": Numbers.grouped(hearts.projects.count),
      "lots": Numbers.grouped(hearts.lots.count),
      "block": Numbers.grouped(scope.view.height),
      "block_time": texts.moment(scope.view.time),
      "block_href": scope.link("explorer/blocks", scope.view.height),
      "sources": rows([("hearts_minted", totals.minted), ("hearts_debt", totals.debt)]),
      "uses": rows([
        ("hearts_held", totals.held), ("hearts_waiting", totals.waiting), ("hearts_anonymous", totals.anonymous),
        ("hearts_spent", totals.spent), ("hearts_given", totals.given), ("hearts_reversed", totals.reversed),
      ]),
      "totals_verdict": texts.say(totals.isBalanced ? "hearts_equal" : "hearts_unequal"),
      "totals_unequal": !totals.isBalanced,
      "totals_check_href": scope.reader.link("/verify", [("file", scope.file("/v1/proofs/hearts/0"))]),
    ]
  }

  private static func doors(_ scope: PageScope) -> [PageFields] {
    let doors = [
      ("/hearts/give", "hearts_give", "hearts_give_card"), ("/hearts/me", "hearts_me", "hearts_me_card"),
      ("/hearts/projects", "hearts_projects", "hearts_projects_card"),
      ("/hearts/charities", "hearts_charities", "hearts_charities_card"),
      ("/hearts/signs", "hearts_signs", "hearts_signs_card"),
    ]
    return doors.map { path, name, text in
      [
        "door_href": scope.reader.link(path), "door_name": scope.texts.say(name), "door_text": scope.texts.say(text),
      ]
    }
  }

  /// The last gifts, the newest first. Who gave them is not shown: an address tells what its owner gave ever since.
  private static func gifts(_ scope: PageScope) -> [PageFields] {
    let (hearts, words) = (scope.hearts, HeartWords(scope))
    return (0..<hearts.gifts.count).suffix(latest).reversed().map { ordinal in
      let gift = hearts.gifts[ordinal]
      let project = words.project(of: gift)
      return [
        "gift_href": scope.link("hearts/gifts", ordinal),
        "gift_number": "\(ordinal)",
        "gift_what": words.what(gift),
        "gift_project": words.projectName(project),
        "gift_project_href": scope.link("hearts/projects", project),
        "gift_iso": Moments.iso(gift.time),
        "gift_time": Moments.short(gift.time),
        "gift_state": words.state(gift),
      ]
    }
  }

  /// The projects opened last, the newest first.
  private static func projects(_ scope: PageScope) -> [PageFields] {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    return (0..<hearts.projects.count).suffix(latest).reversed().map { ordinal in
      let project = hearts.projects[ordinal]
      let charity = scope.organisationName(Int(project.charity))
      return [
        "project_href": scope.link("hearts/projects", ordinal),
        "project_name": words.projectName(ordinal),
        "project_text": texts.count(
          "project_short", project.gifts,
          ["charity": charity, "from": texts.date(project.start), "to": texts.date(project.end)]),
      ]
    }
  }
}
