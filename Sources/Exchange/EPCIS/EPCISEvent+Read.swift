extension EPCISEvent {
  /// Fields of any event that are read; others need a vocabulary.
  static let members = [
    "@context", "type", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo",
    "errorDeclaration", "action", "epcList", "quantityList", "parentID", "childEPCs", "childQuantityList",
    "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID", "bizStep",
    "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList", "sensorElementList", "ilmd",
  ]
  private static let common = [
    "@context", "type", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "certificationInfo",
    "errorDeclaration", "bizStep", "disposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList", "sensorElementList",
  ]

  private static func own(_ kind: Kind) -> [String] {
    switch kind {
    case .object: ["action", "epcList", "quantityList", "persistentDisposition", "ilmd"]
    case .aggregation: ["action", "parentID", "childEPCs", "childQuantityList"]
    case .transformation:
      [
        "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
        "persistentDisposition", "ilmd",
      ]
    }
  }

  /// Reads an event.
  ///
  /// - Throws: `ValidationException`.
  init(_ json: JSONValue, _ context: EPCISContext) throws(EPCISError) {
    guard let type = json["type"]?.text else { throw .invalid("an event without a type") }
    guard let kind = Kind(rawValue: type) else {
      throw .invalid("events of this type are not taken: send ObjectEvent, AggregationEvent or TransformationEvent")
    }
    try context.check(json, known: EPCISEvent.common + EPCISEvent.own(kind), what: "the event")
    guard let time = json["eventTime"]?.text.flatMap({ EPCISTime($0) }) else {
      throw .invalid("eventTime is no time with an offset, from 1970 to 9999")
    }
    guard let offset = json["eventTimeZoneOffset"]?.text.flatMap({ EPCISOffset($0) }) else {
      throw .invalid("eventTimeZoneOffset is no offset like +08:00")
    }
    var action: Action?
    if kind != .transformation {
      action = json["action"]?.text.flatMap { Action(rawValue: $0) }
      guard action != nil else { throw .invalid("action is ADD, OBSERVE or DELETE") }
    }
    self.init(kind, action, time: time, offset: offset)
    id = try EPCISEvent.uri(json["eventID"], "eventID")
    errorDeclaration = try EPCISEvent.declaration(json["errorDeclaration"], context)
    bizStep = try EPCISEvent.term(json["bizStep"], .bizStep, context, "bizStep")
    disposition = try EPCISEvent.term(json["disposition"], .disposition, context, "disposition")
    readPoint = try EPCISEvent.place(json["readPoint"], context, "readPoint")
    bizLocation = try EPCISEvent.place(json["bizLocation"], context, "bizLocation")
    transactions = try EPCISEvent.typed(
      json["bizTransactionList"], "bizTransaction", .transactionType, context, needsType: false)
    sources = try EPCISEvent.typed(json["sourceList"], "source", .partyType, context, needsType: true)
    destinations = try EPCISEvent.typed(json["destinationList"], "destination", .partyType, context, needsType: true)
    switch kind {
    case .object:
      epcs = try EPCISEvent.uris(json["epcList"], "epcList")
      quantities = try EPCISEvent.quantities(json["quantityList"], "quantityList")
      guard !epcs.isEmpty || !quantities.isEmpty else { throw .invalid("the event names nothing") }
    case .aggregation:
      parent = try EPCISEvent.uri(json["parentID"], "parentID")
      epcs = try EPCISEvent.uris(json["childEPCs"], "childEPCs")
      quantities = try EPCISEvent.quantities(json["childQuantityList"], "childQuantityList")
      guard action == .delete || !epcs.isEmpty || !quantities.isEmpty else {
        throw .invalid("the event has no children")
      }
      guard parent != nil || action == .observe else { throw .invalid("the event has no parentID") }
    case .transformation:
      epcs = try EPCISEvent.uris(json["inputEPCList"], "inputEPCList")
      quantities = try EPCISEvent.quantities(json["inputQuantityList"], "inputQuantityList")
      outputEPCs = try EPCISEvent.uris(json["outputEPCList"], "outputEPCList")
      outputQuantities = try EPCISEvent.quantities(json["outputQuantityList"], "outputQuantityList")
      guard !epcs.isEmpty || !quantities.isEmpty, !outputEPCs.isEmpty || !outputQuantities.isEmpty else {
        throw .invalid("a transformation has what goes in and what comes out")
      }
    }
    guard json["ilmd"] == nil || action == nil || action == .add else {
      throw .invalid("ilmd stands in events with action ADD only")
    }
    gift = try GiftFields(json, context)
  }

  private static func uri(_ json: JSONValue?, _ name: String) throws(EPCISError) -> String? {
    guard let json else { return nil }
    guard let text = json.text, EPCISName.isURI(text) else { throw .invalid("\(name) is no URI") }
    return text
  }

  private static func list(_ json: JSONValue?, _ name: String) throws(EPCISError) -> [JSONValue] {
    guard let json else { return [] }
    guard let values = json.elements, values.count <= EPCISDocument.maximumItems else {
      throw .invalid("\(name) is no list of at most \(EPCISDocument.maximumItems)")
    }
    return values
  }

  private static func uris(_ json: JSONValue?, _ name: String) throws(EPCISError) -> [String] {
    var found: [String] = []
    for value in try list(json, name) {
      guard let text = try uri(value, name) else { continue }
      guard !found.contains(text) else { throw .invalid("\(name) names one thing twice") }
      found.append(text)
    }
    return found
  }

  private static func quantities(_ json: JSONValue?, _ name: String) throws(EPCISError) -> [Quantity] {
    var found: [Quantity] = []
    for value in try list(json, name) {
      guard let members = value.members,
        members.allSatisfy({ ["epcClass", "quantity", "uom"].contains($0.name) }),
        let epcClass = try uri(value["epcClass"], "epcClass")
      else { throw .invalid("\(name) holds something else than epcClass, quantity and uom") }
      guard !found.contains(where: { $0.epcClass == epcClass }) else { throw .invalid("\(name) names one class twice") }
      var quantity = Quantity(epcClass)
      if let number = value["quantity"] {
        guard case .number(let text) = number, let decimal = ExactDecimal(text), decimal.mantissa >= 0 else {
          throw .invalid("a quantity is a number from 0, of at most \(ExactDecimal.maximumDigits) digits")
        }
        quantity.number = decimal
      }
      if let uom = value["uom"] {
        guard let code = uom.text, EPCISUnit(code) != nil else {
          throw .invalid(
            "a uom is one of \(EPCISUnit.codes.joined(separator: " ")), or left out where things are counted")
        }
        quantity.uom = code
      }
      found.append(quantity)
    }
    return found
  }

  private static func term(
    _ json: JSONValue?, _ vocabulary: CoreVocabulary, _ context: EPCISContext, _ name: String
  ) throws(EPCISError) -> String? {
    guard let json else { return nil }
    guard let text = json.text, let plain = vocabulary.plain(context.expand(text)) else {
      throw .invalid("\(name) is no term of CBV 2.0 and no URI")
    }
    return plain
  }

  private static func place(
    _ json: JSONValue?, _ context: EPCISContext, _ name: String
  ) throws(EPCISError) -> String? {
    guard let json else { return nil }
    try context.check(json, known: ["id"], what: name)
    guard let id = try uri(json["id"], name) else { throw .invalid("\(name) has no id") }
    return id
  }

  private static func typed(
    _ json: JSONValue?, _ name: String, _ vocabulary: CoreVocabulary, _ context: EPCISContext, needsType: Bool
  ) throws(EPCISError) -> [Typed] {
    var found: [Typed] = []
    for value in try list(json, name + "List") {
      guard let members = value.members, members.allSatisfy({ ["type", name].contains($0.name) }),
        let party = try uri(value[name], name)
      else { throw .invalid("\(name)List holds something else than type and \(name)") }
      let type = try term(value["type"], vocabulary, context, "type of \(name)")
      guard type != nil || !needsType else { throw .invalid("a \(name) without a type") }
      found.append(Typed(type, party))
    }
    return found
  }

  private static func declaration(
    _ json: JSONValue?, _ context: EPCISContext
  ) throws(EPCISError) -> ErrorDeclaration? {
    guard let json else { return nil }
    try context.check(json, known: ["declarationTime", "reason", "correctiveEventIDs"], what: "errorDeclaration")
    guard let time = json["declarationTime"]?.text.flatMap({ EPCISTime($0) }) else {
      throw .invalid("declarationTime is no time with an offset")
    }
    return ErrorDeclaration(
      time: time, reason: try term(json["reason"], .errorReason, context, "reason"),
      correctedBy: try uris(json["correctiveEventIDs"], "correctiveEventIDs"))
  }
}

extension GiftFields {
  /// Reads our own fields, which may stand in the event or in its ilmd; those of other vocabularies are passed over.
  init(_ json: JSONValue, _ context: EPCISContext) throws(EPCISError) {
    var found: [(word: Word, value: JSONValue)] = []
    if let ilmd = json["ilmd"] { try context.check(ilmd, known: [], what: "ilmd") }
    for member in (json.members ?? []) + (json["ilmd"]?.members ?? []) {
      let name = context.expand(member.name)
      guard name.hasPrefix(GiftFields.vocabulary) else { continue }
      guard let word = Word(rawValue: String(name.dropFirst(GiftFields.vocabulary.count))), word != .lot else {
        throw .invalid("\(GiftFields.vocabulary) has no such word")
      }
      guard !found.contains(where: { $0.word == word }) else { throw .invalid("\(word.rawValue) stands twice") }
      found.append((word, member.value))
    }
    func text(_ word: Word) throws(EPCISError) -> String? {
      guard let value = found.first(where: { $0.word == word })?.value else { return nil }
      guard let text = value.text else { throw .invalid("\(word.rawValue) is a text") }
      return context.expand(text)
    }
    kind = try text(.kind)
    project = try text(.project)
    giver = try text(.giver)
    claim = try text(.claim)
    evidence = try text(.evidence)
    recordedBy = try text(.recordedBy)
    partOf = try text(.partOf)
    if let value = found.first(where: { $0.word == .difference })?.value {
      guard case .number(let text) = value, let decimal = ExactDecimal(text) else {
        throw .invalid("difference is a number of at most \(ExactDecimal.maximumDigits) digits")
      }
      difference = decimal
    }
    if let value = found.first(where: { $0.word == .output })?.value {
      for output in value.elements ?? [value] {
        var (lot, kind): (String?, String?)
        for member in output.members ?? [] {
          let name = context.expand(member.name)
          if name == GiftFields.vocabulary + Word.lot.rawValue { lot = member.value.text }
          if name == GiftFields.vocabulary + Word.kind.rawValue { kind = member.value.text }
        }
        guard let lot, let kind, outputKinds.count < EPCISDocument.maximumItems else {
          throw .invalid("output is a lot with its kind, or a list of these")
        }
        outputKinds.append(EPCISEvent.Typed(context.expand(kind), context.expand(lot)))
      }
    }
  }
}
