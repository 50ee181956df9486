internal import Consortium
internal import Foundation
internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// What organisations passed on to each other for projects, as grants of the 360Giving standard 1.4.
///
/// A grant is one disbursement: one organisation sent another money of a project. What was only promised, and what was
/// bought, is none.
public struct GrantsFile: Sendable {
  /// The media type.
  public static let mediaType = "application/json"
  /// The most grants of one file.
  public static let maximumGrants = 4_000
  /// The largest file in bytes.
  public static let maximumBytes = 4 << 20

  /// The file.
  public let bytes: [UInt8]

  /// The grants of all projects, or of one.
  ///
  /// - Throws: `exchange.nothing` where there is no grant, since a package has at least one; `exchange.too_large` for
  ///   more than one file takes.
  public init(_ report: MoneyReport, project: UInt32? = nil) throws(ExchangeError) {
    var grants: [Grant] = []
    let numbers = try report.numbers(project, limit: Hearts.maximumProjects)
    for number in numbers {
      // Each grant alone, however many there are.
      let lines = try report.book.lines(of: number, in: report.hearts, limit: .max)
      grants += lines.compactMap { Grant($0, of: number, report) }
      guard grants.count <= GrantsFile.maximumGrants else {
        throw ExchangeError(.tooLarge, "more than \(GrantsFile.maximumGrants) grants")
      }
    }
    guard !grants.isEmpty else { throw ExchangeError(.nothing, "nothing was passed on to another organisation yet") }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let package = Package(
      title: "Grants on the chain \(report.chain)" + (project.map { ", project \($0)" } ?? ""),
      modified: MoneyDate.moment(report.lastEvent(numbers)), publisher: Publisher(report), grants: grants)
    guard let data = try? encoder.encode(package) else {
      throw ExchangeError(.malformed, "what the chain holds does not become JSON")
    }
    guard data.count <= GrantsFile.maximumBytes else {
      throw ExchangeError(.tooLarge, "more than \(GrantsFile.maximumBytes) bytes")
    }
    bytes = Array(data)
  }
}

/// A package of grants.
private struct Package: Encodable {
  let version = "1.4"
  let title: String
  let modified: String
  let publisher: Publisher
  let grants: [Grant]
}

/// Who publishes: the platform of the consortium.
private struct Publisher: Encodable {
  let name: String

  init(_ report: MoneyReport) {
    let table = report.consortium.organisations
    let platform = (0..<table.count).first { table[$0].roles.contains(.platform) } ?? 0
    name = report.name(UInt16(platform))
  }
}

/// One grant.
private struct Grant: Encodable {
  struct Organisation: Encodable {
    let id: String
    let name: String

    init(_ ordinal: UInt16, _ report: MoneyReport) {
      id = report.identifier(ordinal)
      name = report.name(ordinal)
    }
  }

  struct Programme: Encodable {
    let code: String
    let title: String
  }

  struct Dates: Encodable {
    let startDate: String
    let endDate: String
  }

  let id: String
  let title: String
  let description: String
  let currency = "CNY"
  let amountAwarded: Decimal
  let awardDate: String
  let fundingOrganization: [Organisation]
  let recipientOrganization: [Organisation]
  let grantProgramme: [Programme]
  let plannedDates: [Dates]

  /// `nil` for a line that is no grant.
  init?(_ line: MoneyLine, of project: UInt32, _ report: MoneyReport) {
    guard line.kind == .sent, let recipient = line.other else { return nil }
    let record = report.hearts.projects[Int(project)]
    let name = "Project \(project) of \(report.name(record.charity))"
    id = report.identifier(line.organisation, MoneyReport.name(event: line.event))
    title = "Money for project \(project)"
    description =
      "Event \(MoneyReport.name(event: line.event)) of the chain. The project's public description has the SHA-256 "
      + "\(record.description)."
    amountAwarded = Yuan.decimal(line.fen)
    awardDate = MoneyDate.date(line.day)
    fundingOrganization = [Organisation(line.organisation, report)]
    recipientOrganization = [Organisation(recipient, report)]
    grantProgramme = [Programme(code: report.identifier(record.charity, "\(project)"), title: name)]
    plannedDates = [
      Dates(
        startDate: MoneyDate.date(MoneyDate.number(record.start)),
        endDate: MoneyDate.date(MoneyDate.number(record.end)))
    ]
  }
}
