/// A document of events, read from outside or written for others.
public struct EPCISDocument: Hashable, Sendable {
  /// A captured event with the hash id that CBV 2.0 gives its content.
  public struct Entry: Hashable, Sendable {
    /// The event.
    public let event: EPCISEvent
    /// `ni:///sha-256;…?ver=CBV2.0`; the same for every event that says the same.
    public let hashID: String

    /// By what it is told whether it was taken before: its hash id, and that with a word behind it where it declares
    /// the event of that content an error.
    public var key: String { hashID + (event.errorDeclaration == nil ? "" : "#errorDeclaration") }

    /// By what two events in one document are the same: their content, or their names. An event and a declaration that
    /// it was an error have both in common and are two.
    var keys: [String] {
      [key] + (event.id.map { [$0 + (event.errorDeclaration == nil ? "" : "#errorDeclaration")] } ?? [])
    }
  }

  /// Its events, in order.
  public let entries: [Entry]

  /// The most bytes of a document.
  public static let maximumBytes = 2 << 20
  /// The most events of a document.
  public static let maximumEvents = 1000
  /// The most items of one list in an event.
  public static let maximumItems = 256
  /// The standard's own context.
  public static let context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
  /// Contexts that define the same terms.
  static let contexts = [
    context, "https://ref.gs1.org/standards/epcis/2.0.1/epcis-context.jsonld",
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "https://gs1.github.io/EPCIS/epcis-context.jsonld",
  ]

  private static let members = [
    "@context", "id", "type", "schemaVersion", "creationDate", "instanceIdentifier", "sender", "receiver",
    "epcisHeader", "epcisBody",
  ]

  /// Reads an EPCISDocument.
  ///
  /// - Throws: `CaptureLimitExceededException`; `ValidationException`, with the number of the event it is about.
  public init(json bytes: [UInt8]) throws(EPCISError) {
    let json = try EPCISDocument.read(bytes)
    guard json["type"]?.text == "EPCISDocument" else { throw .invalid("its type is not EPCISDocument") }
    let prefixes = try EPCISContext(json["@context"])
    try prefixes.check(json, known: EPCISDocument.members, what: "the document")
    guard let version = json["schemaVersion"]?.text, version == "2.0" || version.hasPrefix("2.0.") else {
      throw .invalid("schemaVersion is not 2.0")
    }
    guard let created = json["creationDate"]?.text, EPCISTime(created) != nil else {
      throw .invalid("creationDate is no time with an offset")
    }
    guard let list = json["epcisBody"]?["eventList"]?.elements, !list.isEmpty else {
      throw .invalid("epcisBody has no eventList with an event")
    }
    guard list.count <= EPCISDocument.maximumEvents else {
      throw EPCISError(.captureLimit, "more than \(EPCISDocument.maximumEvents) events")
    }
    var entries: [Entry] = []
    var seen: Set<String> = []
    for (place, value) in list.enumerated() {
      do throws(EPCISError) {
        let entry = try EPCISDocument.entry(value, prefixes)
        guard entry.keys.allSatisfy({ seen.insert($0).inserted }) else {
          throw .invalid("it stands in the document twice, or its eventID does")
        }
        entries.append(entry)
      } catch { throw error.at(place) }
    }
    self.entries = entries
  }

  /// Reads one event that stands alone, with a context of its own.
  ///
  /// - Throws: as for documents.
  public static func event(json bytes: [UInt8]) throws(EPCISError) -> Entry {
    let json = try read(bytes)
    return try entry(json, EPCISContext(json["@context"]))
  }

  private static func read(_ bytes: [UInt8]) throws(EPCISError) -> JSONValue {
    guard bytes.count <= maximumBytes else { throw EPCISError(.captureLimit, "more than \(maximumBytes) bytes") }
    do {
      return try JSONReader.read(bytes, limits: JSONLimits(bytes: maximumBytes))
    } catch { throw .invalid(error.message) }
  }

  private static func entry(_ json: JSONValue, _ prefixes: EPCISContext) throws(EPCISError) -> Entry {
    let event = try EPCISEvent(json, prefixes)
    let hashID = EventHash.id(of: json, prefixes)
    if let id = event.id, id.hasPrefix("ni:///sha-256;"), id.hasSuffix("?ver=CBV2.0") {
      guard id.utf8.elementsEqual(hashID.utf8) else { throw .invalid("its eventID is the hash of another content") }
    }
    return Entry(event: event, hashID: hashID)
  }
}

/// The part of JSON-LD's contexts that documents of events use: which prefixes stand for which vocabularies. Nothing
/// is fetched: a term that only a foreign context defines means nothing here.
public struct EPCISContext: Hashable, Sendable {
  /// Prefix and vocabulary, in the order of the document.
  public private(set) var prefixes: [(name: String, vocabulary: String)] = []
  /// The most prefixes.
  public static let maximumPrefixes = 32

  /// Equal when the prefixes are.
  public static func == (a: EPCISContext, b: EPCISContext) -> Bool {
    a.prefixes.elementsEqual(b.prefixes) { $0.name == $1.name && $0.vocabulary == $1.vocabulary }
  }

  /// As equality has it.
  public func hash(into hasher: inout Hasher) { for prefix in prefixes { hasher.combine(prefix.name) } }

  /// Reads a context.
  ///
  /// - Throws: `ValidationException` where the standard's own is missing, or where a term of it would be redefined.
  init(_ json: JSONValue?) throws(EPCISError) {
    let parts: [JSONValue]
    switch json {
    case .string?, .object?: parts = json.map { [$0] } ?? []
    case .array(let values)?: parts = values
    default: throw .invalid("@context is missing")
    }
    var isEPCIS = false
    for part in parts {
      switch part {
      case .string(let address):
        guard EPCISName.isURI(address) else { throw .invalid("@context names something that is no URI") }
        isEPCIS = isEPCIS || EPCISDocument.contexts.contains(address)
      case .object(let members):
        for member in members {
          guard let vocabulary = member.value.text, EPCISName.isURI(vocabulary), EPCISContext.isPrefix(member.name)
          else { throw .invalid("@context holds something else than prefixes with their vocabularies") }
          prefixes.append((member.name, vocabulary))
        }
      default: throw .invalid("@context is a text, prefixes, or a list of both")
      }
    }
    guard isEPCIS else { throw .invalid("@context does not name the context of EPCIS 2.0") }
    guard prefixes.count <= EPCISContext.maximumPrefixes else {
      throw .invalid("more than \(EPCISContext.maximumPrefixes) prefixes")
    }
  }

  /// A prefix is a word that is no term of the standard; `cbv`, `epcis` and the like stay what they are.
  private static func isPrefix(_ name: String) -> Bool {
    let reserved = ["cbv", "epcis", "gs1", "rdf", "rdfs", "owl", "xsd", "dcterms", "http", "https", "urn", "ni", "geo"]
    return !reserved.contains(name) && (1...32).contains(name.utf8.count)
      && name.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || $0 == 0x2D }
      && !EPCISEvent.members.contains(name)
  }

  /// The full form of a prefixed name or value; anything else as it is.
  func expand(_ text: String) -> String {
    guard let (vocabulary, rest) = split(text) else { return text }
    return vocabulary + rest
  }

  /// A prefixed name in two parts; `nil` where its prefix is not declared.
  func split(_ text: String) -> (vocabulary: String, rest: String)? {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let prefix = text[..<colon]
    guard let found = prefixes.last(where: { $0.name.utf8.elementsEqual(prefix.utf8) }) else { return nil }
    return (found.vocabulary, String(text[text.index(after: colon)...]))
  }

  /// Refuses members that are neither known nor named by a vocabulary.
  func check(_ json: JSONValue, known: [String], what: String) throws(EPCISError) {
    guard let members = json.members else { throw .invalid("\(what) is no object") }
    for member in members where !known.contains(member.name) {
      let isNamed = member.name.hasPrefix("@") ? false : split(member.name) != nil || EPCISName.isURI(member.name)
      guard isNamed else { throw .invalid("\(what) has a field that means nothing") }
    }
  }
}
