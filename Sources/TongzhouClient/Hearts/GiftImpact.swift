/// A gift and what became of it, in whole units that add up to what was given.
public struct GiftImpact: Decodable, Sendable {
  /// A part that came to the same end with the same organisation at the same place.
  public struct Portion: Codable, Sendable {
    /// What became of it, such as `handed_over`.
    public let outcome: String
    /// How much, in the gift's unit.
    public let quantity: Int64
    /// Who told it or has it, and where it is on its way to.
    public let organisation: UInt16
    /// See above.
    public let receiver: UInt16?
    /// Coarse place.
    public let place: UInt32
  }

  /// All parts.
  public struct Impact: Codable, Sendable {
    /// What was given.
    public let given: Int64
    /// In what it is counted, in a word of ``TraceWords/units``.
    public let unit: String
    /// Whether all of it was followed to where it is now.
    public let whole: Bool
    /// The parts.
    public let portions: [Portion]
  }

  /// Its ordinal.
  public let gift: UInt32
  /// The lot it began; `nil` for attendance.
  public let lot: UInt32?
  /// The project.
  public let project: UInt32
  /// `anonymous`, `address`, `claim` or `reversed`.
  public let binding: String
  /// Hearts it brought, and points of the love index.
  public let hearts: Int64
  /// See above.
  public let points: UInt16
  /// Block time of its recording.
  public let time: UInt64
  /// What became of it; `nil` for attendance.
  public let impact: Impact?
}

/// An event of a lot, in the node's words.
public struct ToldStep: Decodable, Sendable {
  /// Who told it, and its number among that organisation's.
  public struct Event: Decodable, Hashable, Sendable {
    /// Who told it.
    public let organisation: UInt16
    /// Its number.
    public let number: UInt64
  }

  /// Its name.
  public let event: Event
  /// Block time.
  public let time: UInt64
  /// What happened, a word of ``TraceWords/events``.
  public let what: String
  /// When, by the sender's word.
  public let happenedAt: UInt64
  /// In what it is counted, a word of ``TraceWords/units``; `nil` for packing.
  public let unit: String?
  /// How much.
  public let quantity: Int64
  /// Coarse place, where one is named.
  public let place: UInt32?
  /// The organisation to which something went.
  public let to: UInt16?
  /// Why something was lost, or what money was spent on.
  public let reason: String?
  /// Lots that it changed, and lots that it made.
  public let sources, made: [UInt32]
}
