internal import Consortium
internal import Foundation
internal import FoundationXML
internal import HeartChain
internal import Ledger

/// Projects and their money as IATI 2.03 activities.
///
/// Each organisation that has a project's money has an activity of its own, the charity's first. What goes from one to
/// another is a disbursement of the one and incoming funds of the other, each naming the other's activity, so a reader
/// can follow it. In each activity incoming funds less disbursements and expenditures are what the organisation holds.
public struct IATIFile: Sendable {
  /// The media type.
  public static let mediaType = "application/xml; charset=utf-8"
  /// The largest file in bytes.
  public static let maximumBytes = 4 << 20
  /// The most projects of one file.
  public static let maximumProjects = 500
  /// The most transactions of one file.
  public static let maximumTransactions = 5_000
  /// Past so many transactions of one project those of one day and kind are one.
  static let detailedTransactions = 1_000

  /// The file.
  public let bytes: [UInt8]

  /// The activities of all projects, or of one.
  ///
  /// - Throws: `exchange.nothing` where there is no project; `exchange.too_large` for more than one file takes.
  public init(_ report: MoneyReport, project: UInt32? = nil) throws(ExchangeError) {
    let numbers = try report.numbers(project, limit: IATIFile.maximumProjects)
    let root = XMLElement(
      "iati-activities", [("version", "2.03"), ("generated-datetime", MoneyDate.moment(report.lastEvent(numbers)))])
    var transactions = 0
    for number in numbers {
      let lines = try report.book.lines(of: number, in: report.hearts, limit: IATIFile.detailedTransactions)
      transactions += lines.count
      guard transactions <= IATIFile.maximumTransactions else {
        throw ExchangeError(.tooLarge, "more than \(IATIFile.maximumTransactions) transactions")
      }
      for activity in IATIActivity.all(of: number, lines, report) { root.addChild(activity.element) }
    }
    let document = XMLDocument(rootElement: root)
    document.version = "1.0"
    document.characterEncoding = "utf-8"
    bytes = Array(document.xmlData(options: [.nodePrettyPrint, .nodeCompactEmptyElement]))
    guard bytes.count <= IATIFile.maximumBytes else {
      throw ExchangeError(.tooLarge, "more than \(IATIFile.maximumBytes) bytes")
    }
  }
}

extension XMLElement {
  /// An element with its attributes in this order, and its text.
  convenience init(_ name: String, _ attributes: [(name: String, value: String)] = [], _ text: String? = nil) {
    self.init(name: name, stringValue: text)
    for attribute in attributes {
      guard let node = XMLNode.attribute(withName: attribute.name, stringValue: attribute.value) as? XMLNode else {
        preconditionFailure("an attribute is a node")
      }
      addAttribute(node)
    }
  }

  /// The element with others in it.
  convenience init(_ name: String, _ attributes: [(name: String, value: String)] = [], in children: [XMLElement]) {
    self.init(name, attributes)
    for child in children { addChild(child) }
  }

  /// A text for people, in English and, where it is given, in Chinese.
  static func narratives(_ english: String, _ chinese: String? = nil) -> [XMLElement] {
    [XMLElement("narrative", [], english)] + (chinese.map { [XMLElement("narrative", [("xml:lang", "zh")], $0)] } ?? [])
  }
}
