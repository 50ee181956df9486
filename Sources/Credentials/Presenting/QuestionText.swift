/// A partner's question as one text, to be scanned or pasted: who asks, for which threshold, with which nonce.
///
/// `<audience>:<threshold>:<nonce>`, for instance `urn:tongzhou:partner:<chain>:3:650:<nonce>`.
public struct QuestionText: Sendable, Equatable {
  /// Who asks.
  public let audience: String
  /// What for.
  public let threshold: IndexThreshold
  /// With what.
  public let nonce: String

  /// A question.
  public init(audience: String, threshold: IndexThreshold, nonce: String) {
    self.audience = audience
    self.threshold = threshold
    self.nonce = nonce
  }

  /// Reads the text; `credential.malformed` for what is none.
  public init(text: String) throws(CredentialError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard text.utf8.count <= 512, parts.count >= 3, let nonce = parts.last, !nonce.isEmpty,
      let value = UInt16(parts[parts.count - 2]), "\(value)" == parts[parts.count - 2],
      let threshold = try? IndexThreshold(value)
    else { throw CredentialError(.malformed, "not a partner's question") }
    let audience = parts.dropLast(2).joined(separator: ":")
    guard !audience.isEmpty else { throw CredentialError(.malformed, "a question that nobody asks") }
    self.init(audience: audience, threshold: threshold, nonce: String(nonce))
  }

  /// Whether it has exactly the form in which a chain's partners ask, with a nonce of letters, digits, - and _.
  public var isOfPartner: Bool {
    let parts = audience.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 5, let partner = UInt32(parts[4]), parts[3].utf8.count == 64,
      parts[3].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
      PartnerQuestion.audience(chain: String(parts[3]), partner: partner).utf8.elementsEqual(audience.utf8)
    else { return false }
    return nonce.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }

  /// The text.
  public var text: String { "\(audience):\(threshold.value):\(nonce)" }
}
