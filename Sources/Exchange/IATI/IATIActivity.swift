internal import Consortium
internal import Foundation
internal import FoundationXML
internal import HeartChain
internal import Ledger

/// What one organisation does in one project.
struct IATIActivity {
  let project: UInt32
  let organisation: UInt16
  let lines: [MoneyLine]
  /// All organisations with an activity in this project, the charity first.
  let all: [UInt16]
  let report: MoneyReport

  /// The activities of a project: the charity's, then those of others that had its money.
  static func all(of project: UInt32, _ lines: [MoneyLine], _ report: MoneyReport) -> [IATIActivity] {
    let charity = report.hearts.projects[Int(project)].charity
    // Where money was sent to, it stands before it arrives.
    let others = Set(lines.flatMap { [$0.organisation] + ($0.other.map { [$0] } ?? []) }).subtracting([charity])
    let all = [charity] + others.sorted()
    return all.map { organisation in
      IATIActivity(
        project: project, organisation: organisation, lines: lines.filter { $0.organisation == organisation },
        all: all, report: report)
    }
  }

  private var record: ProjectRecord { report.hearts.projects[Int(project)] }
  private var isCharity: Bool { organisation == record.charity }

  func identifier(_ organisation: UInt16) -> String { report.identifier(organisation, "\(project)") }

  var element: XMLElement {
    var children = [
      XMLElement("iati-identifier", [], identifier(organisation)),
      // A node tells it, from what the organisation signed.
      XMLElement(
        "reporting-org",
        [("ref", report.identifier(organisation)), ("type", type(organisation)), ("secondary-reporter", "1")],
        in: XMLElement.narratives(report.name(organisation))),
      XMLElement("title", in: title),
      XMLElement("description", [("type", "1")], in: description),
    ]
    children += participants
    children.append(XMLElement("activity-status", [("code", status)]))
    children += dates
    if record.place != 0 {
      children.append(
        XMLElement(
          "location", [("ref", "\(record.place)")],
          in: [XMLElement("name", in: XMLElement.narratives("Place \(record.place)", "地点 \(record.place)"))]))
    }
    // What a project is about stands in its description, off the chain.
    children.append(XMLElement("sector", [("vocabulary", "1"), ("code", "99810")]))
    children.append(XMLElement("default-flow-type", [("code", "30")]))
    children.append(XMLElement("default-finance-type", [("code", "110")]))
    children += lines.map { IATITransaction(line: $0, activity: self).element }
    children += related
    return XMLElement(
      "iati-activity",
      [
        ("last-updated-datetime", MoneyDate.moment(record.eventAt)), ("xml:lang", "en"), ("default-currency", "CNY"),
        ("hierarchy", isCharity ? "1" : "2"),
      ], in: children)
  }

  private var title: [XMLElement] {
    let charity = report.name(record.charity)
    guard isCharity else {
      let name = report.name(organisation)
      return XMLElement.narratives(
        "Money of project \(project) of \(charity) at \(name)", "\(charity) 第 \(project) 号项目在 \(name) 的款项")
    }
    return XMLElement.narratives("Project \(project) of \(charity)", "\(charity) 第 \(project) 号项目")
  }

  private var description: [XMLElement] {
    XMLElement.narratives(
      "The charity's public description has the SHA-256 \(record.description). Givers are not named: the gifts of a "
        + "day are one transaction. Gifts taken back before they had moved are left out.",
      "公益组织公开的项目说明，其 SHA-256 为 \(record.description)。不列出捐赠人姓名：同一天的捐款合为一笔。未动用即撤回的捐款不计入。")
  }

  private var participants: [XMLElement] {
    var found: [XMLElement] = []
    if lines.contains(where: { $0.kind == .given }) {
      found.append(
        XMLElement(
          "participating-org", [("role", "1")],
          in: XMLElement.narratives("Givers, who are not named", "捐赠人（不列姓名）")))
    }
    for sender in Set(lines.filter { $0.kind == .arrived }.compactMap(\.other)).sorted() {
      found.append(participant(sender, role: "1"))
    }
    found.append(participant(record.charity, role: "2"))
    let isSpending = isCharity || lines.contains { $0.kind == .aid || $0.kind == .overhead }
    found.append(participant(organisation, role: isSpending ? "4" : "3"))
    return found
  }

  private func participant(_ organisation: UInt16, role: String) -> XMLElement {
    XMLElement(
      "participating-org",
      [
        ("ref", report.identifier(organisation)), ("type", type(organisation)), ("role", role),
        ("activity-id", identifier(organisation)),
      ], in: XMLElement.narratives(report.name(organisation)))
  }

  /// IATI's OrganisationType: an NGO of the country for a charity, private for a custodian, else "other".
  private func type(_ organisation: UInt16) -> String {
    let table = report.consortium.organisations
    guard Int(organisation) < table.count else { return "90" }
    let roles = table[Int(organisation)].roles
    return roles.contains(.charity) ? "22" : roles.contains(.custodian) ? "70" : "90"
  }

  /// Planned, running, over with money left, over.
  private var status: String {
    if report.time < record.start { return "1" }
    if report.time <= record.end { return "2" }
    return record[.fen].left > 0 ? "3" : "4"
  }

  private var dates: [XMLElement] {
    let (start, end) = (MoneyDate.date(MoneyDate.number(record.start)), MoneyDate.date(MoneyDate.number(record.end)))
    let dates = [("1", start)] + (report.time < record.start ? [] : [("2", start)]) + [("3", end)]
    return (dates + (report.time > record.end ? [("4", end)] : [])).map {
      XMLElement("activity-date", [("type", $0.0), ("iso-date", $0.1)])
    }
  }

  private var related: [XMLElement] {
    let others = isCharity ? all.dropFirst() : all.prefix(1)
    return others.map {
      XMLElement("related-activity", [("ref", identifier($0)), ("type", isCharity ? "2" : "1")])
    }
  }
}
