public import TransparencyLog

/// URIs of what a chain of hearts knows only by number, under the chain's origin: `https://ORIGIN/lots/5`.
///
/// The same number always has the same URI and back. What a URI names is public on the chain.
public struct HeartNames: Hashable, Sendable {
  private let base: String

  /// Names under the origin of a chain's log, such as `log.example/heart`.
  public init(origin: String) { base = "https://\(origin)/" }

  /// A lot, by its ordinal.
  public func lot(_ ordinal: UInt32) -> String { "\(base)lots/\(ordinal)" }
  /// A kind of gift, by its ordinal.
  public func kind(_ ordinal: UInt16) -> String { "\(base)kinds/\(ordinal)" }
  /// A project, by its ordinal.
  public func project(_ ordinal: UInt32) -> String { "\(base)projects/\(ordinal)" }
  /// An organisation, by its ordinal.
  public func organisation(_ ordinal: UInt16) -> String { "\(base)organisations/\(ordinal)" }
  /// A coarse place, by its number.
  public func place(_ number: UInt32) -> String { "\(base)places/\(number)" }
  /// People who received something, by the commitment to who they are.
  public func recipient(_ commitment: Hash) -> String { "\(base)recipients/\(commitment)" }
  /// An event, by the name it has on the chain: its organisation and that organisation's number.
  public func event(_ name: UInt64) -> String { "\(base)events/\(name >> 48)-\(name & (1 << 48 - 1))" }

  /// The lot that a URI names; `nil` for any other URI.
  public func lot(in uri: String) -> UInt32? { number(uri, "lots/") }
  /// The kind of gift that a URI names.
  public func kind(in uri: String) -> UInt16? { number(uri, "kinds/") }
  /// The project that a URI names.
  public func project(in uri: String) -> UInt32? { number(uri, "projects/") }
  /// The organisation that a URI names.
  public func organisation(in uri: String) -> UInt16? { number(uri, "organisations/") }
  /// The place that a URI names; never 0, which stands for none.
  public func place(in uri: String) -> UInt32? { number(uri, "places/").flatMap { $0 == 0 ? nil : $0 } }
  /// The commitment that a URI names.
  public func recipient(in uri: String) -> Hash? {
    guard uri.hasPrefix(base + "recipients/"), let hash = Hash(hexadecimal: String(uri.dropFirst(base.count + 11)))
    else { return nil }
    return recipient(hash).utf8.elementsEqual(uri.utf8) ? hash : nil
  }
  /// The event that a URI names.
  public func event(in uri: String) -> UInt64? {
    guard uri.hasPrefix(base + "events/") else { return nil }
    let parts = uri.dropFirst(base.count + 7).split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let organisation = UInt16(parts[0]), let number = UInt64(parts[1]), number < 1 << 48 else {
      return nil
    }
    let name = UInt64(organisation) << 48 | number
    return event(name).utf8.elementsEqual(uri.utf8) ? name : nil
  }

  /// Only the one way in which a number is written: nothing has two names.
  private func number<Number: FixedWidthInteger & LosslessStringConvertible>(_ uri: String, _ path: String) -> Number? {
    guard uri.hasPrefix(base + path) else { return nil }
    let text = uri.dropFirst(base.count + path.count)
    guard let number = Number(String(text)), String(number).utf8.elementsEqual(text.utf8) else { return nil }
    return number
  }
}

extension GiftFields {
  /// A hash as it stands in a field: `sha256:` and its digits.
  static func text(_ hash: Hash) -> String { "sha256:\(hash)" }

  /// The hash in a field; `nil` for any other text.
  static func hash(_ text: String) -> Hash? {
    guard text.hasPrefix("sha256:"), let hash = Hash(hexadecimal: String(text.dropFirst(7))),
      GiftFields.text(hash).utf8.elementsEqual(text.utf8), hash != .zero
    else { return nil }
    return hash
  }
}
