public import TransparencyLog

/// Something an organisation did with a project's money.
public struct MoneyLine: Hashable, Sendable {
  /// What it did.
  public enum Kind: Int, Sendable, Comparable {
    /// It took in a gift, or several of one day.
    case given
    /// It took in what another organisation had sent.
    case arrived
    /// It promised money.
    case committed
    /// It sent money to another organisation.
    case sent
    /// It spent money on what the project is for.
    case aid
    /// It spent money on running the project.
    case overhead
    /// It gave money back.
    case returned

    /// In the order above.
    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  /// What it did.
  public var kind: Kind
  /// The organisation.
  public var organisation: UInt16
  /// From whom it arrived, or to whom it was sent.
  public var other: UInt16?
  /// How much, in fen.
  public var fen: Int64
  /// The day by the organisation's word, in UTC+8, as days since 1970-01-01.
  public var day: UInt64
  /// The event; of several the last one.
  public var event: UInt64
  /// How many events it stands for.
  public var events: UInt32 = 1
  /// A contract's or a receipt's hash; `nil` for none and for several events.
  public var evidence: Hash?
  /// The commitment to who was paid; `nil` for none and for several events.
  public var payee: Hash?
  /// The lot that an event made; `nil` for none and for several events.
  var lot: UInt32?

  /// Takes in another line of the same day.
  ///
  /// - Throws: `exchange.too_large` past what a number holds.
  mutating func take(in other: MoneyLine) throws(ExchangeError) {
    let (sum, overflow) = fen.addingReportingOverflow(other.fen)
    guard !overflow else { throw ExchangeError(.tooLarge, "a day's sum passes 63 bits") }
    fen = sum
    event = other.event
    events += other.events
    (evidence, payee, lot) = (nil, nil, nil)
  }

  /// By day, what, who and event.
  static func isBefore(_ a: MoneyLine, _ b: MoneyLine) -> Bool {
    (a.day, a.organisation, a.kind, a.event) < (b.day, b.organisation, b.kind, b.event)
  }
}
