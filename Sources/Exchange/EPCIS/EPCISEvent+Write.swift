extension EPCISEvent {
  /// The event as it stands in a document with our context.
  public var json: JSONValue {
    var members: [(String, JSONValue?)] = [
      ("type", .string(kind.rawValue)),
      ("eventID", id.map { .string($0) }),
      ("eventTime", .string(time.text(at: offset))),
      ("eventTimeZoneOffset", .string(offset.text)),
      ("recordTime", recordTime.map { .string($0.text(at: offset)) }),
      ("errorDeclaration", errorDeclaration.map { declaration($0) }),
      ("action", action.map { .string($0.rawValue) }),
      ("parentID", parent.map { .string($0) }),
    ]
    let (things, amounts): (String, String) =
      switch kind {
      case .object: ("epcList", "quantityList")
      case .aggregation: ("childEPCs", "childQuantityList")
      case .transformation: ("inputEPCList", "inputQuantityList")
      }
    members += [
      (things, epcs.isEmpty ? nil : .texts(epcs)),
      (amounts, EPCISEvent.json(quantities)),
      ("outputEPCList", outputEPCs.isEmpty ? nil : .texts(outputEPCs)),
      ("outputQuantityList", EPCISEvent.json(outputQuantities)),
      ("bizStep", bizStep.map { .string($0) }),
      ("disposition", disposition.map { .string($0) }),
      ("readPoint", readPoint.map { .make([("id", .string($0))]) }),
      ("bizLocation", bizLocation.map { .make([("id", .string($0))]) }),
      ("bizTransactionList", EPCISEvent.json(transactions, "bizTransaction")),
      ("sourceList", EPCISEvent.json(sources, "source")),
      ("destinationList", EPCISEvent.json(destinations, "destination")),
    ]
    let isBirth = action == .add && kind == .object || kind == .transformation
    let (masterData, others) = gift.json
    // EPCIS keeps what a thing is born with in ilmd, which stands where things begin and nowhere else.
    members.append(("ilmd", isBirth && !masterData.isEmpty ? .make(masterData) : nil))
    return .make(members + (isBirth ? [] : masterData) + others)
  }

  private static func json(_ quantities: [Quantity]) -> JSONValue? {
    guard !quantities.isEmpty else { return nil }
    return .array(
      quantities.map { quantity in
        .make([
          ("epcClass", .string(quantity.epcClass)),
          ("quantity", quantity.number.map { .number($0.text) }),
          ("uom", quantity.uom.map { .string($0) }),
        ])
      })
  }

  private static func json(_ list: [Typed], _ name: String) -> JSONValue? {
    guard !list.isEmpty else { return nil }
    return .array(list.map { .make([("type", $0.type.map { .string($0) }), (name, .string($0.value))]) })
  }

  private func declaration(_ declaration: ErrorDeclaration) -> JSONValue {
    .make([
      ("declarationTime", .string(declaration.time.text(at: offset))),
      ("reason", declaration.reason.map { .string($0) }),
      ("correctiveEventIDs", declaration.correctedBy.isEmpty ? nil : .texts(declaration.correctedBy)),
    ])
  }
}

extension GiftFields {
  /// Our fields: what a lot is born with, and the others.
  fileprivate var json: (masterData: [(String, JSONValue?)], others: [(String, JSONValue?)]) {
    func named(_ word: Word, _ value: JSONValue?) -> (String, JSONValue?) {
      ("\(GiftFields.prefix):\(word.rawValue)", value)
    }
    func text(_ word: Word, _ text: String?) -> (String, JSONValue?) { named(word, text.map { .string($0) }) }
    let outputs = outputKinds.map { output in
      JSONValue.make([text(.lot, output.value), text(.kind, output.type)])
    }
    let masterData = [
      text(.kind, kind), text(.project, project), text(.giver, giver), text(.claim, claim),
      named(.output, outputs.isEmpty ? nil : .array(outputs)),
    ]
    let others = [
      text(.evidence, evidence), named(.difference, difference.map { .number($0.text) }),
      text(.recordedBy, recordedBy), text(.partOf, partOf),
    ]
    return (masterData.filter { $0.1 != nil }, others)
  }
}

extension ExactDecimal {
  /// The number without a power of ten, such as `12.5` or `300`.
  public var text: String {
    let digits = String(mantissa.magnitude)
    let sign = mantissa < 0 ? "-" : ""
    if exponent >= 0 { return sign + digits + (mantissa == 0 ? "" : String(repeating: "0", count: exponent)) }
    let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.utf8.count)) + digits
    return sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
  }
}

extension EPCISDocument {
  /// The context of documents that we write.
  public static var written: JSONValue {
    .array([.string(context), .make([(GiftFields.prefix, .string(GiftFields.vocabulary))])])
  }

  /// Events as an EPCISDocument.
  public static func document(_ events: [EPCISEvent], at time: EPCISTime) -> JSONValue {
    .make([
      ("@context", written), ("type", .string("EPCISDocument")), ("schemaVersion", .string("2.0")),
      ("creationDate", .string(time.text(at: .china))),
      ("epcisBody", .make([("eventList", .array(events.map(\.json)))])),
    ])
  }

  /// Events as the answer to a query: an EPCISQueryDocument.
  public static func answer(_ events: [EPCISEvent], at time: EPCISTime) -> JSONValue {
    let results = JSONValue.make([
      ("queryName", .string("SimpleEventQuery")),
      ("resultsBody", .make([("eventList", .array(events.map(\.json)))])),
    ])
    return .make([
      ("@context", written), ("type", .string("EPCISQueryDocument")), ("schemaVersion", .string("2.0")),
      ("creationDate", .string(time.text(at: .china))), ("epcisBody", .make([("queryResults", results)])),
    ])
  }

  /// An event alone, with the context it then needs.
  public static func alone(_ event: EPCISEvent) -> JSONValue {
    .object([JSONMember("@context", written)] + (event.json.members ?? []))
  }
}
