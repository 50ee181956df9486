/// One EPCISDocument of many events, made piece by piece: a file of any length needs no more memory than a page.
///
/// A value: pieces are to be written in the order in which they were made, ``beginning`` first and ``end()`` last.
public struct EPCISWriting: Sendable {
  /// The most bytes of an answer to a query that is put in: more than 200 events with all their lots.
  public static let maximumAnswer = 16 << 20

  /// Events so far.
  public private(set) var count = 0
  /// What stands before the first event.
  public let beginning: [UInt8]
  private let ending: ArraySlice<UInt8>

  /// A document.
  ///
  /// - Parameter time: when it is made.
  public init(at time: EPCISTime) {
    let empty = EPCISDocument.document([], at: time).encoded
    // The list of events is the last thing of a document.
    let end = Array("]}}".utf8)
    beginning = Array(empty.dropLast(end.count))
    ending = empty.suffix(end.count)
  }

  /// Further events.
  public mutating func add(_ events: [EPCISEvent]) -> [UInt8] { add(events.map(\.json)) }

  /// The events of an answer to a query, as they stand there.
  ///
  /// - Throws: `ValidationException` for anything but an EPCISQueryDocument of ours.
  public mutating func add(answer bytes: [UInt8]) throws(EPCISError) -> [UInt8] {
    let json: JSONValue
    do {
      json = try JSONReader.read(bytes, limits: JSONLimits(bytes: EPCISWriting.maximumAnswer, values: 1_000_000))
    } catch { throw .invalid(error.message) }
    // In another context the same words would mean something else.
    guard json["type"]?.text == "EPCISQueryDocument", json["@context"] == EPCISDocument.written,
      let events = json["epcisBody"]?["queryResults"]?["resultsBody"]?["eventList"]?.elements
    else { throw .invalid("no answer to a query of events") }
    let context = try EPCISContext(json["@context"])
    for (place, event) in events.enumerated() {
      guard event["@context"] == nil else { throw .invalid("an event with a context of its own") }
      do throws(EPCISError) { _ = try EPCISEvent(event, context) } catch { throw error.at(place) }
    }
    return add(events)
  }

  private mutating func add(_ events: [JSONValue]) -> [UInt8] {
    var bytes: [UInt8] = []
    for event in events {
      if count > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += event.encoded
      count += 1
    }
    return bytes
  }

  /// What stands behind the last event.
  ///
  /// - Throws: `exchange.nothing` without an event: whoever reads a document expects one.
  public func end() throws(ExchangeError) -> [UInt8] {
    guard count > 0 else { throw ExchangeError(.nothing, "no event of goods or trees is there that was asked for") }
    return Array(ending)
  }
}

extension EPCISDocument {
  /// Some events of a document, as a document of their own that one capture takes.
  public struct Part: Sendable {
    /// The place in the whole of its first event.
    public let first: Int
    /// How many they are.
    public let count: Int
    /// The document.
    public let json: [UInt8]
  }

  /// The most bytes of a document that is cut.
  public static let maximumCut = 32 << 20
  /// The most events of a document that is cut.
  public static let maximumCutEvents = 100_000

  /// Cuts a document into such as one capture takes, its events in their order. All of it is read as a capture would
  /// read it, so what is wrong with its form shows before anything is sent.
  ///
  /// - Parameters:
  ///   - limit: the most events of a part.
  ///   - size: the most bytes of a part.
  /// - Throws: as reading a document, with the event's number in the whole.
  public static func cut(
    _ bytes: [UInt8], limit: Int = maximumEvents, size: Int = maximumBytes
  ) throws(EPCISError) -> [Part] {
    guard bytes.count <= maximumCut else { throw EPCISError(.captureLimit, "more than \(maximumCut) bytes") }
    let json: JSONValue
    do {
      json = try JSONReader.read(bytes, limits: JSONLimits(bytes: maximumCut, values: 4_000_000))
    } catch { throw .invalid(error.message) }
    guard json["type"]?.text == "EPCISDocument", let events = json["epcisBody"]?["eventList"]?.elements,
      !events.isEmpty
    else { throw .invalid("it is no EPCISDocument with an event") }
    guard events.count <= maximumCutEvents else {
      throw EPCISError(.captureLimit, "more than \(maximumCutEvents) events")
    }
    let frame = json.with(events: []).encoded.count
    var (parts, seen): ([Part], Set<String>) = ([], [])
    var (first, taken, length): (Int, [JSONValue], Int) = (0, [], frame)
    func part() throws(EPCISError) -> Part {
      let part = Part(first: first, count: taken.count, json: json.with(events: taken).encoded)
      do throws(EPCISError) {
        for (place, entry) in try EPCISDocument(json: part.json).entries.enumerated() {
          guard entry.keys.allSatisfy({ seen.insert($0).inserted }) else {
            throw EPCISError(.validation, "it stands in the document twice, or its eventID does", event: place)
          }
        }
      } catch { throw error.event.map { place in error.at(first + place) } ?? error }
      return part
    }
    for event in events {
      let more = event.encoded.count + 1
      if !taken.isEmpty, taken.count == limit || length + more > size {
        parts.append(try part())
        (first, taken, length) = (first + taken.count, [], frame)
      }
      taken.append(event)
      length += more
    }
    parts.append(try part())
    return parts
  }
}

extension JSONValue {
  /// A document with other events.
  fileprivate func with(events: [JSONValue]) -> JSONValue {
    .object(
      (members ?? []).map { member in
        guard member.name == "epcisBody" else { return member }
        let body = (member.value.members ?? []).map { inner in
          inner.name == "eventList" ? JSONMember(inner.name, .array(events)) : inner
        }
        return JSONMember(member.name, .object(body))
      })
  }
}
