internal import HeartChain
internal import Ledger
internal import Node

/// `/hearts/projects`: all projects, the newest first.
struct ProjectsPage: Page {
  static let template = "hearts-projects"
  let section: Section? = .hearts
  let about: String? = "notice_list_lead"
  let title: String
  let fields: PageFields

  init(_ scope: PageScope) throws {
    let count = scope.hearts.projects.count
    title = scope.texts.say("notice_list_title")
    let end = min(try scope.reader.query.before().map { Int(clamping: $0) } ?? count, count)
    let first = max(0, end - PageScope.rows)
    let list: PageFields = [
      "projects_text": count == 0 ? scope.texts.say("hearts_projects_none") : scope.texts.count("notice_count", count),
      "projects": (first..<end).reversed().map { ProjectWords(UInt32($0), scope).card },
      "iati_href": count == 0 ? nil : scope.file("/v1/hearts/exports/iati.xml"),
      "grants_href": scope.file("/v1/hearts/exports/360giving.json"),
    ]
    fields = list.adding(scope.pager("/hearts/projects", older: first > 0 ? first : nil))
  }
}

/// `/hearts/projects/<ordinal>`: the public notice of a project.
struct ProjectPage: Page {
  static let template = "hearts-project"
  let section: Section? = .hearts
  let about: String? = "notice_lead"
  let title: String
  let fields: PageFields

  /// - Parameter found: the signs of the scope's view.
  init(_ scope: PageScope, project text: String?, _ found: FoundSigns) throws {
    let number = UInt32(try PageScope.ordinal(text, below: scope.hearts.projects.count))
    let words = ProjectWords(number, scope)
    title = words.name
    let signs = found.of(project: number)
    fields = words.notice.adding([
      "has_signs": !signs.isEmpty,
      "signs": try signs.enumerated().map { try SignWords($0.element, scope).fields($0.offset) },
    ])
  }
}
