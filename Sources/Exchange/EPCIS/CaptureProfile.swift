public import Ledger
public import TransparencyLog

/// What an organisation that already speaks EPCIS has agreed with the gateway: what its own identifiers mean here, so
/// that its program needs no change.
public struct CaptureProfile: Hashable, Sendable {
  /// What identifiers that begin so stand for.
  public struct Meaning<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The beginning of a URI, or all of it.
    public let uri: String
    /// What it means.
    public let value: Value

    /// A meaning.
    public init(_ uri: String, _ value: Value) {
      self.uri = uri
      self.value = value
    }
  }

  /// The organisation, by its ordinal.
  public var organisation: UInt16
  /// The officer whose key signs.
  public var officer: Address
  /// The project of gifts that name none.
  public var project: UInt32?
  /// Kinds of gifts by the beginning of their class; the longest holds.
  public var kinds: [Meaning<UInt16>] = []
  /// Coarse places of read points and locations.
  public var places: [Meaning<UInt32>] = []
  /// Organisations of the chain.
  public var parties: [Meaning<UInt16>] = []
  /// Addresses of givers, for those who want hearts.
  public var givers: [Meaning<Address>] = []
  /// What commitments to recipients are salted with; whoever has it can show later who received something.
  public var secret: Hash

  /// A profile without meanings.
  public init(organisation: UInt16, officer: Address, secret: Hash) {
    self.organisation = organisation
    self.officer = officer
    self.secret = secret
  }

  static func longest<Value>(_ meanings: [Meaning<Value>], _ uri: String) -> Value? {
    meanings.filter { uri.utf8.starts(with: $0.uri.utf8) }.max { $0.uri.utf8.count < $1.uri.utf8.count }?.value
  }

  /// A commitment to who received what an event says; the same event always has the same.
  func recipient(_ uri: String, _ hashID: String) -> Hash {
    .sha256(
      Array("tongzhou/epcis-recipient/v1\0".utf8) + secret.bytes + Array(hashID.utf8) + [0] + Array(uri.utf8))
  }
}

/// What an event about things that exist means for their lots.
enum CaptureMeaning: Hashable, Sendable {
  case ship, receive, handOver, count, inspect, install, observe
  case lose(LossReasonNumber)

  /// A reason as a row has it.
  typealias LossReasonNumber = UInt8

  /// - Throws: `ValidationException` for what ends things without saying how, and for shipping taken back.
  init(_ event: EPCISEvent) throws(EPCISError) {
    let isEnd = event.action == .delete
    let reasons: [String: UInt8] = ["expired": 1, "damaged": 2, "stolen": 3, GiftFields.disaster: 4]
    let reason = event.disposition.flatMap { reasons[$0] } ?? 0
    if event.gift.difference != nil {
      self = .count
      return
    }
    switch event.bizStep {
    case "shipping", "consigning": self = .ship
    case "receiving", "arriving", "accepting", "unloading": self = .receive
    case "dispensing", "retail_selling", GiftFields.distributing: self = .handOver
    case "destroying", "decommissioning", "killing": self = .lose(reason)
    case "cycle_counting", "stock_taking": self = .count
    case "installing": self = .install
    case "void_shipping": throw .invalid("what was shipped is not taken back: the receiver sends it again")
    case "inspecting" where !isEnd: self = .inspect
    default:
      guard isEnd else {
        self = .observe
        return
      }
      switch event.disposition {
      case "dispensed", "partially_dispensed", "retail_sold": self = .handOver
      case "damaged", "destroyed", "disposed", "expired", "stolen", "inactive", "recalled", "unknown",
        GiftFields.disaster:
        self = .lose(reason)
      default: throw .invalid("what ends is handed over or lost: bizStep or disposition has to say which")
      }
    }
  }
}
