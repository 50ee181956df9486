internal import Consortium
internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/give`: how to give money, goods and trees, and how the hearts come to whoever gave.
///
/// Nothing is entered here but an address, which is no secret: a claim code never leaves the slip or the giver's own
/// device, and what the chain and this page know of it is its address alone.
struct GivePage: Page {
  static let template = "hearts-give"

  /// Projects that are looked through for those that run, from the newest on.
  private static let maximumLooked = 10_000

  let section: Section? = .hearts
  let about: String? = "hearts_give_lead"
  /// An address that was entered tells what its owner gave ever since.
  let isPrivate: Bool
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) {
    title = scope.texts.say("hearts_give")
    let asked = AskedAddress(scope.reader.query["address"])
    isPrivate = asked.address != nil
    let custodians = GivePage.organisations(.custodian, scope)
    let projects = GivePage.projects(scope)
    fields = [
      "address_action": "/hearts/give",
      "address_text": asked.address?.description ?? "",
      "address_bad": asked.isBad,
      "address": asked.address?.description,
      "address_qr_href": asked.address.map { scope.code(.addresses, $0) },
      "custodians": custodians,
      "has_custodians": !custodians.isEmpty,
      "open_projects": projects,
      "has_open_projects": !projects.isEmpty,
      "projects_href": scope.reader.link("/hearts/projects"),
      "me_href": scope.reader.link("/hearts/me"),
    ]
  }

  private static func organisations(_ role: Role, _ scope: PageScope) -> [PageFields] {
    (0..<scope.consortium.organisations.count).filter {
      !scope.consortium.organisations[$0].roles.isDisjoint(with: role)
    }.map { ["organisation_name": scope.organisationName($0), "organisation_href": scope.organisationLink($0)] }
  }

  /// Projects whose term runs, those that end last in front, with what they took so far.
  private static func projects(_ scope: PageScope) -> [PageFields] {
    let (texts, hearts, words) = (scope.texts, scope.hearts, HeartWords(scope))
    let now = scope.view.time
    let count = hearts.projects.count
    let running = (max(0, count - maximumLooked)..<count).filter {
      hearts.projects[$0].start <= now && now <= hearts.projects[$0].end
    }
    let shown = running.sorted { (hearts.projects[$0].end, $0) > (hearts.projects[$1].end, $1) }
      .prefix(PageScope.rows)
    return shown.map { ordinal in
      let project = hearts.projects[ordinal]
      var taken = GiftUnit.allCases.filter { $0 != .piece && project[$0].given > 0 }.map {
        words.quantity(project[$0].given, $0)
      }
      if project.pledged > 0 {
        taken.append(words.quantity(project.pledged, .piece, of: .trees))
      } else if project[.piece].given > 0 {
        taken.append(words.quantity(project[.piece].given, .piece))
      }
      return [
        "project_href": scope.link("hearts/projects", ordinal),
        "project_name": words.projectName(ordinal),
        "project_charity": scope.organisationName(Int(project.charity)),
        "project_charity_href": scope.organisationLink(Int(project.charity)),
        "project_until": texts.date(project.end),
        "project_taken": taken.isEmpty ? texts.say("give_taken_none") : taken.joined(separator: texts.say("list_and")),
      ]
    }
  }
}
