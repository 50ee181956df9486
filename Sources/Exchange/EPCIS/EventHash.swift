internal import TransparencyLog

/// The hash id of an event's content (CBV 2.0, section 8.9): equal for every event that says the same, in whatever
/// order and notation its fields stand.
///
/// Known fields come first, in a fixed order; all others follow, sorted by their bytes, among them the lists of
/// sources, destinations and business transactions. What only the repository or a correction adds is left out.
enum EventHash {
  /// A field with the fields in it, in the order in which they are hashed.
  private struct Field {
    let name: String
    /// What an item of the list is called; `nil` for what is no such list.
    var item: String?
    var fields: [Field] = []

    init(_ name: String, item: String? = nil, _ fields: [Field] = []) {
      self.name = name
      self.item = item
      self.fields = fields
    }
  }

  private static let quantity = ["epcClass", "quantity", "uom"].map { Field($0) }
  private static let place = [Field("id")]

  private static let sensor = [
    Field(
      "sensorMetadata",
      [
        "time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules",
      ].map { Field($0) }),
    Field(
      "sensorReport",
      [
        "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism",
        "chemicalSubstance", "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue",
        "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "uom", "coordinateReferenceSystem",
      ].map { Field($0) }),
  ]

  private static let order: [Field] = [
    Field("eventTime"), Field("eventTimeZoneOffset"), Field("certificationInfo"), Field("parentID"),
    Field("epcList", item: "epc"), Field("inputEPCList", item: "epc"), Field("childEPCs", item: "epc"),
    Field("quantityList", item: "quantityElement", quantity),
    Field("childQuantityList", item: "quantityElement", quantity),
    Field("inputQuantityList", item: "quantityElement", quantity), Field("outputEPCList", item: "epc"),
    Field("outputQuantityList", item: "quantityElement", quantity), Field("action"), Field("transformationID"),
    Field("bizStep"), Field("disposition"), Field("persistentDisposition", [Field("set"), Field("unset")]),
    Field("readPoint", place), Field("bizLocation", place),
    Field("sensorElementList", item: "sensorElement", sensor),
  ]

  private static let ignored = ["@context", "type", "recordTime", "eventID", "errorDeclaration"]
  private static let remarks = ["#text", "rdfs:comment", "comment"]
  private static let terms: [String: CoreVocabulary] = [
    "bizStep": .bizStep, "disposition": .disposition, "set": .disposition, "unset": .disposition,
  ]
  /// Bare words of sensors, which stand for words of other vocabularies of GS1.
  private static let words = [
    "type": "https://gs1.org/voc/", "exception": "https://gs1.org/voc/", "component": CoreVocabulary.web + "Comp-",
  ]
  private static let lists: [String: (item: String, vocabulary: CoreVocabulary)] = [
    "bizTransactionList": ("bizTransaction", .transactionType), "sourceList": ("source", .partyType),
    "destinationList": ("destination", .partyType),
  ]

  /// The id of an event: `ni:///sha-256;…?ver=CBV2.0`.
  static func id(of event: JSONValue, _ context: EPCISContext) -> String {
    "ni:///sha-256;\(Hash.sha256(Array(preHash(event, context).utf8)))?ver=CBV2.0"
  }

  /// What is hashed.
  static func preHash(_ event: JSONValue, _ context: EPCISContext) -> String {
    var text = "eventType=" + (event["type"]?.text ?? "")
    for field in order {
      if let value = event[field.name] { text += render(field, value, context) }
    }
    var rest: [String] = []
    for member in event.members ?? []
    where !ignored.contains(member.name) && !remarks.contains(member.name)
      && !order.contains(where: { $0.name == member.name })
    {
      if let list = lists[member.name] {
        let items = (member.value.elements ?? []).map { pair($0, list.item, list.vocabulary, context) }
        if !items.isEmpty { rest.append(member.name + joined(items)) }
      } else {
        rest += generic(member.name, member.value, context)
      }
    }
    return text + joined(rest)
  }

  /// Sorted by bytes, and put together.
  private static func joined(_ parts: [String]) -> String {
    parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined()
  }

  private static func render(_ field: Field, _ value: JSONValue, _ context: EPCISContext) -> String {
    let values = value.elements ?? [value]
    if let item = field.item {
      let inner = joined(values.map { single(item, $0, field.fields, context) })
      return inner.isEmpty ? "" : field.name + inner
    }
    return joined(values.map { single(field.name, $0, field.fields, context) })
  }

  private static func single(
    _ name: String, _ value: JSONValue, _ fields: [Field], _ context: EPCISContext
  ) -> String {
    guard let members = value.members else {
      guard let text = plain(value, context), !text.isEmpty else { return "" }
      if isTime(name) { return name + "=" + (EPCISTime(text)?.hashed ?? text) }
      if let vocabulary = words[name], !text.utf8.contains(UInt8(ascii: ":")) { return "\(name)=\(vocabulary)\(text)" }
      return name + "=" + canonical(terms[name].map { full(text, $0) } ?? text)
    }
    var inner = ""
    for field in fields {
      if let found = value[field.name] { inner += render(field, found, context) }
    }
    // Whoever adds fields of his own to a known one has them hashed with it.
    let own = members.filter { member in
      context.split(member.name) != nil || EPCISName.isURI(member.name)
    }
    if members.count > 1 { inner += joined(own.flatMap { generic($0.name, $0.value, context) }) }
    return inner.isEmpty ? "" : name + inner
  }

  private static func isTime(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("time") && !name.contains("offset")
  }

  /// A party or document with its type: always the type first.
  private static func pair(
    _ value: JSONValue, _ name: String, _ vocabulary: CoreVocabulary, _ context: EPCISContext
  ) -> String {
    let type = plain(value["type"], context).map { "type=" + canonical(full($0, vocabulary)) } ?? ""
    return type + (plain(value[name], context).map { "\(name)=" + canonical($0) } ?? "")
  }

  /// A field that is not in the order: one part for each of its values.
  private static func generic(_ name: String, _ value: JSONValue, _ context: EPCISContext) -> [String] {
    let name = context.split(name).map { "{\($0.vocabulary)}\($0.rest)" } ?? name
    let values = value.elements ?? [value]
    if name.hasSuffix("List") {
      let item = String(name.dropLast(4))
      let parts = values.map { item + content($0, context) }
      return parts.isEmpty ? [] : [name + joined(parts)]
    }
    return values.map { name + content($0, context) }
  }

  private static func content(_ value: JSONValue, _ context: EPCISContext) -> String {
    if let members = value.members {
      let text = value["#text"]?.text.map { "=" + canonical($0) } ?? ""
      let named = members.filter { !remarks.contains($0.name) }
      return text + joined(named.flatMap { generic($0.name, $0.value, context) })
    }
    guard let text = plain(value, context), !text.isEmpty else { return "" }
    return "=" + canonical(text)
  }

  /// A value as text, with its prefix written out.
  private static func plain(_ value: JSONValue?, _ context: EPCISContext) -> String? {
    switch value {
    case .string(let text)?:
      let trimmed = text.drop { $0.isWhitespace }
      return context.expand(String(trimmed.reversed().drop { $0.isWhitespace }.reversed()))
    case .number(let text)?: return text
    case .bool(let value)?: return value ? "True" : "False"
    case .null?: return "None"
    default: return nil
    }
  }

  /// A bare term of GS1's vocabulary as the URI it stands for.
  private static func full(_ text: String, _ vocabulary: CoreVocabulary) -> String {
    vocabulary.names.contains(text) ? vocabulary.uri(text) : text
  }

  /// The one notation of a value: web names for those of EPCIS 1, numbers without needless digits, GS1's identifiers
  /// as Digital Link.
  static func canonical(_ text: String) -> String {
    var text = text
    for (old, new) in [
      ("urn:epcglobal:cbv:bizstep:", "BizStep-"), ("urn:epcglobal:cbv:disp:", "Disp-"),
      ("urn:epcglobal:cbv:btt:", "BTT-"), ("urn:epcglobal:cbv:sdt:", "SDT-"), ("urn:epcglobal:cbv:er:", "ER-"),
    ] where text.hasPrefix(old) {
      text = CoreVocabulary.web + new + text.dropFirst(old.count)
    }
    if let number = HashedNumber.canonical(text) { return number }
    return DigitalLink.canonical(text) ?? text
  }
}
