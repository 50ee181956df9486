/// The terms of GS1's Core Business Vocabulary 2.0 that have a bare name in EPCIS 2.0 documents.
///
/// Own terms are full URIs; a bare name that is not listed means nothing and is refused.
public enum CoreVocabulary: String, Sendable, CaseIterable {
  /// What was done.
  case bizStep = "BizStep"
  /// In what state things are afterwards.
  case disposition = "Disp"
  /// What sort of document.
  case transactionType = "BTT"
  /// In what role a party stands.
  case partyType = "SDT"
  /// Why an event is declared wrong.
  case errorReason = "ER"

  /// Where the terms stand.
  static let web = "https://ref.gs1.org/cbv/"
  private static let steps = """
    accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting \
    decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting \
    installing killing loading other packing picking receiving removing repackaging repairing replacing reserving \
    retail_selling shipping staging_outbound stock_taking stocking storing transporting unloading unpacking \
    void_shipping sensor_reporting sampling
    """.split(separator: " ").map(String.init)
  private static let dispositions = """
    active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive \
    no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold returned \
    sellable_accessible sellable_not_accessible stolen unknown available completeness_verified completeness_inferred \
    conformant container_open mismatch_instance mismatch_class mismatch_quantity needs_replacement non_conformant \
    unavailable
    """.split(separator: " ").map(String.init)
  private static let transactions = "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"
    .split(separator: " ").map(String.init)

  /// The bare names.
  public var names: [String] {
    switch self {
    case .bizStep: CoreVocabulary.steps
    case .disposition: CoreVocabulary.dispositions
    case .transactionType: CoreVocabulary.transactions
    case .partyType: ["owning_party", "possessing_party", "location"]
    case .errorReason: ["did_not_occur", "incorrect_data"]
    }
  }

  /// The names of EPCIS 1 for the same.
  private var urn: String {
    switch self {
    case .bizStep: "urn:epcglobal:cbv:bizstep:"
    case .disposition: "urn:epcglobal:cbv:disp:"
    case .transactionType: "urn:epcglobal:cbv:btt:"
    case .partyType: "urn:epcglobal:cbv:sdt:"
    case .errorReason: "urn:epcglobal:cbv:er:"
    }
  }

  /// The full URI of a bare name.
  public func uri(_ name: String) -> String { "\(CoreVocabulary.web)\(rawValue)-\(name)" }

  /// A value in the form it is compared in: the bare name of one of GS1's, whichever way it was written, and any other
  /// URI as it is; `nil` for a bare name that means nothing, and for a name of GS1's that does not exist.
  public func plain(_ value: String) -> String? {
    for prefix in ["\(CoreVocabulary.web)\(rawValue)-", "cbv:\(rawValue)-", urn] where value.hasPrefix(prefix) {
      let name = String(value.dropFirst(prefix.count))
      return names.contains(name) ? name : nil
    }
    if names.contains(value) { return value }
    return EPCISName.isURI(value) ? value : nil
  }
}

/// The form of names in EPCIS documents.
enum EPCISName {
  /// The most bytes of an identifier.
  static let maximumBytes = 1024

  /// Whether a text has the form of an absolute URI (RFC 3986): a scheme, a colon, and after it something of visible
  /// ASCII. A prefixed name of JSON-LD has the same form.
  static func isURI(_ text: String) -> Bool {
    let bytes = text.utf8
    guard bytes.count <= maximumBytes, let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon != bytes.startIndex,
      bytes.index(after: colon) != bytes.endIndex
    else { return false }
    let scheme = bytes[..<colon]
    guard let first = scheme.first, isLetter(first) else { return false }
    return scheme.allSatisfy { isLetter($0) || isDigit($0) || [0x2B, 0x2D, 0x2E, 0x5F].contains($0) }
      && bytes.allSatisfy { (0x21...0x7E).contains($0) && !excluded.contains($0) }
  }

  /// What RFC 3986 keeps out of a URI: `" < > \ ^ backquote { | }`.
  private static let excluded: [UInt8] = [0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D]

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
