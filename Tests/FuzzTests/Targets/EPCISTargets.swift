import Exchange
import Ledger

extension FuzzTarget {
  /// Documents of other standards.
  static let exchangeTargets: [FuzzTarget] = [
    .same("epcis-document", maximumBytes: 16_384, seeds: epcisDocuments) { bytes in
      // What another vocabulary calls by its own prefix is written out once; from then on nothing changes any more.
      try events(document(events(bytes)))
    } write: {
      document($0)
    }
  ]

  private static func events(_ bytes: [UInt8]) throws -> [EPCISEvent] {
    try EPCISDocument(json: bytes).entries.map(\.event)
  }

  private static func document(_ events: [EPCISEvent]) -> [UInt8] {
    EPCISDocument.document(events, at: EPCISTime(Timestamp(seconds: 1_800_000_000))).encoded
  }

  private static func epcisDocuments() throws -> [[UInt8]] {
    let events = [
      """
      "type":"ObjectEvent","action":"ADD","bizStep":"commissioning","eventID":"urn:uuid:1","quantityList":\
      [{"epcClass":"urn:epc:class:lgtin:6901234.012345.R","quantity":12.5,"uom":"KGM"}],"ilmd":{"x:best":"2027"},\
      "sourceList":[{"type":"owning_party","source":"urn:epc:id:pgln:6909999.00000"}]
      """,
      """
      "type":"AggregationEvent","action":"DELETE","parentID":"urn:epc:id:sscc:6901234.1234567890",\
      "readPoint":{"id":"geo:38.1,105.6","x:floor":[1,null,true]}
      """,
      """
      "type":"TransformationEvent","inputEPCList":["urn:x:1"],"outputQuantityList":[{"epcClass":"urn:x:2"}],\
      "errorDeclaration":{"declarationTime":"2027-01-01T00:00:00Z","reason":"did_not_occur"},\
      "x:note":"\\u4f60\\ud83d\\ude00"
      """,
    ]
    let lists = events.map {
      "[{\($0),\"eventTime\":\"2027-01-01T08:00:00.5+08:00\",\"eventTimeZoneOffset\":\"+08:00\"}]"
    }
    return lists.map { list in
      Array(
        """
        {"@context":["\(EPCISDocument.context)",{"x":"https://x.example/"}],"type":"EPCISDocument",\
        "schemaVersion":"2.0","creationDate":"2027-01-01T00:00:00Z","epcisBody":{"eventList":\(list)}}
        """.utf8)
    }
  }
}
