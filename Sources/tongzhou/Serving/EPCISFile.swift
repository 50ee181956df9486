internal import Exchange
internal import Foundation
internal import Ledger
internal import Server
internal import TransparencyLog
internal import Yams

/// The file with the organisations whose programs hand in EPCIS events, a list in YAML or JSON:
///
///     - organisation: foodbank.tongzhou.example
///       tokens: [64 hexadecimal digits: SHA-256 of a token]
///       project: 0
///       kinds: { "urn:epc:class:lgtin:6901234.012345": 1 }
///       places: { "urn:epc:id:sgln:6901234.00001.": 110105 }
///       parties: { "urn:epc:id:pgln:6901235.00000": school.tongzhou.example }
///       givers: { "urn:epc:id:pgln:6909999.00000": tz1… }
enum EPCISFile {
  /// The most bytes of it.
  static let maximumBytes = 1 << 20
  /// The most identifiers of one sort.
  static let maximumMeanings = 4096

  private static let keys = ["organisation", "tokens", "project", "kinds", "places", "parties", "givers"]

  /// Reads it; without the file there is nobody.
  ///
  /// - Throws: `settings.unreadable`, `settings.unknown_key`, `settings.bad_value`. Messages never repeat a token.
  static func read(_ file: String) throws -> [EPCISPartner] {
    guard FileManager.default.fileExists(atPath: file) else { return [] }
    guard case .bytes(let bytes) = SecretFile.content(of: file, limit: maximumBytes) else {
      throw SettingsError(
        .unreadable, "epcis: \(file) may not be read, can be read by others, or has over \(maximumBytes) bytes")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self))
    } catch { throw SettingsError(.unreadable, "epcis: \(file) is not YAML") }
    guard let list = node?.sequence, (1...EPCISPartner.maximumCount).contains(list.count) else {
      throw SettingsError(.badValue, "epcis: \(file) is a list of 1 to \(EPCISPartner.maximumCount) organisations")
    }
    var found: [EPCISPartner] = []
    for (place, node) in list.enumerated() {
      let partner = try partner(node, "epcis: organisation \(place + 1)")
      guard !found.contains(where: { other in other.tokens.contains(where: partner.tokens.contains) }) else {
        throw SettingsError(.badValue, "epcis: two organisations have the same token")
      }
      found.append(partner)
    }
    return found
  }

  private static func partner(_ node: Node, _ place: String) throws -> EPCISPartner {
    guard let mapping = node.mapping else { throw SettingsError(.badValue, "\(place) is not names and values") }
    for (key, _) in mapping where !keys.contains(key.scalar?.string ?? "") {
      throw SettingsError(.unknownKey, "\(place) has a name that none has; there are \(keys.joined(separator: ", "))")
    }
    func value(_ key: String) -> Node? { mapping.first { $0.key.scalar?.string == key }?.value }
    guard let name = value("organisation")?.scalar?.string, (1...64).contains(name.utf8.count) else {
      throw SettingsError(.badValue, "\(place): organisation is a name on the chain")
    }
    let tokens = (value("tokens")?.sequence ?? []).compactMap { $0.scalar?.string }.compactMap { Hash(hexadecimal: $0) }
    guard (1...EPCISPartner.maximumTokens).contains(tokens.count), tokens.count == value("tokens")?.sequence?.count
    else {
      throw SettingsError(
        .badValue, "\(place): tokens are 1 to \(EPCISPartner.maximumTokens) hashes of 64 hexadecimal digits")
    }
    func meanings<Value>(_ key: String, _ read: (String) -> Value?) throws -> [CaptureProfile.Meaning<Value>] {
      guard let node = value(key) else { return [] }
      guard let mapping = node.mapping, mapping.count <= maximumMeanings else {
        throw SettingsError(
          .badValue, "\(place): \(key) are at most \(maximumMeanings) identifiers with what they mean")
      }
      return try mapping.map { uri, meaning in
        guard let uri = uri.scalar?.string, !uri.isEmpty, let value = meaning.scalar.flatMap({ read($0.string) }) else {
          throw SettingsError(.badValue, "\(place): an identifier in \(key) has no such meaning")
        }
        return .init(uri, value)
      }
    }
    var partner = EPCISPartner(organisation: name, tokens: tokens)
    if let project = value("project") {
      guard let number = project.scalar.flatMap({ UInt32($0.string) }) else {
        throw SettingsError(.badValue, "\(place): project is a number")
      }
      partner.project = number
    }
    partner.kinds = try meanings("kinds") { UInt16($0) }
    partner.places = try meanings("places") { UInt32($0) }
    partner.parties = try meanings("parties") { $0 }
    partner.givers = try meanings("givers") { try? Address(text: $0) }
    return partner
  }
}
