internal import Exchange
internal import Foundation
internal import Hummingbird
internal import TongzhouClient

/// What events are asked for: the parameters of EPCIS's SimpleEventQuery that this repository takes.
struct EPCISQuery {
  /// The most events of a page.
  static let maximumPerPage = 200
  /// The most values of one parameter.
  private static let maximumValues = 32

  private static let lists = [
    "eventType", "EQ_action", "EQ_bizStep", "EQ_disposition", "EQ_readPoint", "EQ_bizLocation", "EQ_eventID",
    "MATCH_epc", "MATCH_parentID", "MATCH_anyEPC", "MATCH_epcClass", "MATCH_anyEPCClass",
  ]
  private static let times = ["GE_eventTime", "LT_eventTime", "GE_recordTime", "LT_recordTime"]

  /// Values by parameter, those of terms in their bare form.
  private var values: [String: [String]] = [:]
  private var bounds: [String: EPCISTime] = [:]
  private(set) var perPage = 30
  /// The place behind which the page begins.
  private(set) var after: UInt64?

  /// - Throws: `QueryValidationException` for anything it does not take: a filter that were passed over would give what
  ///   was not asked for.
  init(_ request: Request) throws {
    var seen: Set<String> = []
    for (key, value) in request.uri.queryParameters {
      let (name, text) = (String(key), String(value))
      guard seen.insert(name).inserted else { throw EPCISError(.query, "a parameter stands twice") }
      switch name {
      case "chain": continue
      case "perPage":
        guard let number = Numbers.read(text, as: Int.self), (1...EPCISQuery.maximumPerPage).contains(number) else {
          throw EPCISError(.query, "perPage is 1 to \(EPCISQuery.maximumPerPage)")
        }
        perPage = number
      case "nextPageToken":
        // The index keeps places as signed numbers, so there is none behind.
        guard let place = Numbers.read(text, as: UInt64.self), place <= UInt64(Int64.max) else {
          throw EPCISError(.query, "nextPageToken is what the page before named")
        }
        after = place
      case _ where EPCISQuery.times.contains(name):
        guard let time = EPCISTime(text) else { throw EPCISError(.query, "\(name) is a time with an offset") }
        bounds[name] = time
      case _ where EPCISQuery.lists.contains(name):
        values[name] = try EPCISQuery.list(name, text)
      default: throw EPCISError(.query, "a parameter that is not of this subset; /epcis/openapi.yaml lists them")
      }
    }
  }

  private static func list(_ name: String, _ text: String) throws -> [String] {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= maximumValues, parts.allSatisfy({ (1...1024).contains($0.utf8.count) }) else {
      throw EPCISError(.query, "\(name) has 1 to \(maximumValues) values with | between them")
    }
    let known: [String]? =
      switch name {
      case "eventType": EPCISEvent.Kind.allCases.map(\.rawValue) + ["TransactionEvent", "AssociationEvent"]
      case "EQ_action": EPCISEvent.Action.allCases.map(\.rawValue)
      default: nil
      }
    guard known.map({ known in parts.allSatisfy(known.contains) }) ?? true else {
      throw EPCISError(.query, "\(name) has a value that does not exist")
    }
    let vocabulary: CoreVocabulary? = name == "EQ_bizStep" ? .bizStep : name == "EQ_disposition" ? .disposition : nil
    guard let vocabulary else { return parts }
    return try parts.map { part in
      guard let plain = vocabulary.plain(part) else {
        throw EPCISError(.query, "\(name) is a term of CBV 2.0 or a URI")
      }
      return plain
    }
  }

  /// Identifiers that all say which lots the events are of; `nil` where nothing does.
  var identifiers: [[String]]? {
    let found = EPCISQuery.lists.filter { $0.hasPrefix("MATCH_") }.compactMap { values[$0] }
    return found.isEmpty ? nil : found
  }

  /// Names of events, where they are asked for by name.
  var eventIDs: [String]? { values["EQ_eventID"] }

  /// Whether an event is asked for.
  ///
  /// - Parameter stands: whether a value of a query stands for the lot that a URI of ours names.
  func takes(_ event: EPCISEvent, stands: (_ value: String, _ uri: String) -> Bool) -> Bool {
    func holds(_ name: String, _ value: String?) -> Bool {
      guard let wanted = values[name] else { return true }
      return value.map { value in wanted.contains { $0.utf8.elementsEqual(value.utf8) } } ?? false
    }
    func matches(_ name: String, _ uris: [String]) -> Bool {
      guard let wanted = values[name] else { return true }
      return uris.contains { uri in wanted.contains { stands($0, uri) } }
    }
    func lies(_ time: EPCISTime?, _ name: String) -> Bool {
      if let bound = bounds["GE_" + name], time.map({ $0.milliseconds < bound.milliseconds }) ?? true { return false }
      if let bound = bounds["LT_" + name], time.map({ $0.milliseconds >= bound.milliseconds }) ?? true { return false }
      return true
    }
    let classes = event.quantities.map(\.epcClass)
    let isTransformation = event.kind == .transformation
    return holds("eventType", event.kind.rawValue) && holds("EQ_action", event.action?.rawValue)
      && holds("EQ_bizStep", event.bizStep) && holds("EQ_disposition", event.disposition)
      && holds("EQ_readPoint", event.readPoint) && holds("EQ_bizLocation", event.bizLocation)
      && holds("EQ_eventID", event.id) && lies(event.time, "eventTime") && lies(event.recordTime, "recordTime")
      && matches("MATCH_epc", isTransformation ? [] : event.epcs)
      && matches("MATCH_parentID", [event.parent].compactMap { $0 })
      && matches("MATCH_anyEPC", event.epcs + event.outputEPCs + [event.parent].compactMap { $0 })
      && matches("MATCH_epcClass", isTransformation ? [] : classes)
      && matches("MATCH_anyEPCClass", classes + event.outputQuantities.map(\.epcClass))
  }

  /// The address of the next page: the same with another token.
  func next(_ request: Request, after place: UInt64) -> String {
    var parts: [String] = []
    for (key, value) in request.uri.queryParameters where key != "nextPageToken" {
      parts.append("\(String(key).percentEncoded)=\(String(value).percentEncoded)")
    }
    parts.append("nextPageToken=\(place)")
    return "/epcis/events?\(parts.joined(separator: "&"))"
  }
}
