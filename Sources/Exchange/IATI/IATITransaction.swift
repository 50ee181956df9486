internal import Foundation
internal import FoundationXML
internal import TransparencyLog

/// A line of the book as a transaction of an activity.
struct IATITransaction {
  let line: MoneyLine
  let activity: IATIActivity

  var element: XMLElement {
    let date = MoneyDate.date(line.day)
    var children = [
      XMLElement("transaction-type", [("code", code)]),
      XMLElement("transaction-date", [("iso-date", date)]),
      // What is given back was no expenditure, and IATI's "reimbursement" pays somebody what he spent: it is less
      // incoming funds.
      XMLElement("value", [("value-date", date)], Yuan.text(line.kind == .returned ? -line.fen : line.fen)),
      XMLElement("description", in: XMLElement.narratives(description)),
    ]
    children += parties
    if line.kind == .overhead { children.append(XMLElement("aid-type", [("code", "G01")])) }
    return XMLElement("transaction", [("ref", MoneyReport.name(event: line.event))], in: children)
  }

  /// IATI's TransactionType.
  private var code: String {
    switch line.kind {
    case .given, .arrived, .returned: "1"
    case .committed: "2"
    case .sent: "3"
    case .aid, .overhead: "4"
    }
  }

  private var description: String {
    if line.events > 1 {
      return switch line.kind {
      case .given: "\(line.events) gifts of this day"
      default: "\(line.events) of this day: \(what)"
      }
    }
    let paper = line.kind == .committed ? "contract" : "receipt"
    return what + (line.evidence.map { "; \(paper) with SHA-256 \($0)" } ?? "")
  }

  private var what: String {
    switch line.kind {
    case .given: "A gift"
    case .arrived: "Arrived from another organisation of the project"
    case .committed: "Promised under a contract"
    case .sent: "Sent to another organisation of the project"
    case .aid: "Spent on what the project is for"
    case .overhead: "Spent on running the project"
    case .returned: "Given back"
    }
  }

  /// Who provides and who receives: organisations with their activities; others by commitment, or not named.
  private var parties: [XMLElement] {
    let own = line.organisation
    switch line.kind {
    case .given: return [unnamed("provider-org", "Givers, who are not named"), party("receiver", own)]
    case .arrived: return (line.other.map { [party("provider", $0)] } ?? []) + [party("receiver", own)]
    case .sent: return [party("provider", own)] + (line.other.map { [party("receiver", $0)] } ?? [])
    case .committed:
      return [party("provider", own)] + [unnamed("receiver-org", "The other party of the contract")]
    case .aid, .overhead:
      return [party("provider", own)]
        + (line.payee.map { [unnamed("receiver-org", "Payee with the commitment \($0)")] } ?? [])
    case .returned:
      let payee = line.payee.map { "Payee with the commitment \($0)" } ?? "A giver, who is not named"
      return [unnamed("provider-org", payee), party("receiver", own)]
    }
  }

  private func party(_ side: String, _ organisation: UInt16) -> XMLElement {
    XMLElement(
      "\(side)-org",
      [
        ("ref", activity.report.identifier(organisation)),
        ("\(side)-activity-id", activity.identifier(organisation)),
      ], in: XMLElement.narratives(activity.report.name(organisation)))
  }

  private func unnamed(_ element: String, _ text: String) -> XMLElement {
    XMLElement(element, in: XMLElement.narratives(text))
  }
}
