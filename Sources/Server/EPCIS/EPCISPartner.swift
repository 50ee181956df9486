public import Exchange
public import Ledger
public import TransparencyLog

/// An organisation whose program hands in EPCIS events here, and what its identifiers mean. Read from a file of the
/// operator's (docs/epcis.md).
public struct EPCISPartner: Sendable {
  /// The most partners of a node.
  public static let maximumCount = 256
  /// The most tokens of a partner: more than a rotation needs.
  public static let maximumTokens = 8

  /// The organisation, by its name on the chain.
  public var organisation: String
  /// SHA-256 of each bearer token; the tokens themselves are nowhere here.
  public var tokens: [Hash]
  /// See ``CaptureProfile``.
  public var project: UInt32?
  /// See ``CaptureProfile``.
  public var kinds: [CaptureProfile.Meaning<UInt16>] = []
  /// See ``CaptureProfile``.
  public var places: [CaptureProfile.Meaning<UInt32>] = []
  /// Organisations by their names on the chain.
  public var parties: [CaptureProfile.Meaning<String>] = []
  /// See ``CaptureProfile``.
  public var givers: [CaptureProfile.Meaning<Address>] = []

  /// A partner without meanings.
  public init(organisation: String, tokens: [Hash]) {
    self.organisation = organisation
    self.tokens = tokens
  }
}
