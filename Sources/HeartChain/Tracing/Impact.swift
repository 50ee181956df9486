/// What became of a gift's lot, in whole units that add up to what was given.
///
/// The lots that something of it went into are followed event by event. Where lots are mixed, nobody can say which
/// grain was whose; so the gift's units lie among the others of a lot as evenly as they can (``EvenUnits``), and what
/// leaves a lot leaves it from the front. Of one gift nothing is lost or doubled by rounding, and what was said of an
/// event once changes only where something lost is found again. The shares of several gifts in one event may differ
/// from it by less than one unit each.
///
/// Who has the events has proven them, or trusts where they come from: nothing here is.
public struct Impact: Hashable, Sendable {
  /// How far a gift is followed.
  public struct Limit: Hashable, Sendable {
    /// The most lots followed.
    public var lots: Int
    /// The most events looked at, each counted once for every lot followed that it changed.
    public var events: Int

    /// A limit; far more than an ordinary gift becomes.
    public init(lots: Int = 10_000, events: Int = 100_000) {
      self.lots = lots
      self.events = events
    }
  }

  /// One part of the gift that came to the same end with the same organisation at the same place.
  public struct Portion: Hashable, Sendable {
    /// What became of it.
    public var outcome: ImpactOutcome
    /// Who told it, or has it; of what is on its way, who sent it.
    public var organisation: UInt16
    /// Where it is on its way to.
    public var receiver: UInt16?
    /// Coarse place.
    public var place: UInt32
    /// How much of the gift, in its unit; never 0.
    public var quantity: Int64
    /// The events that show it, the last ones of them, oldest first; at most ``Impact/maximumEvents``.
    public var events: [UInt64]
    /// How many they are.
    public var eventCount: Int
  }

  /// The most events that a portion names.
  public static let maximumEvents = 32

  /// The gift's lot.
  public let lot: UInt32
  /// In what it is counted.
  public let unit: GiftUnit
  /// What was given; the sum of the portions.
  public let given: Int64
  /// What became of it, by outcome, organisation, receiver and place in ascending order.
  public let portions: [Portion]
  /// Lots that were followed.
  public let lotCount: Int

  /// Whether all of it was followed to where it is now. Otherwise there are portions of ``ImpactOutcome/notFollowed``.
  public var isWhole: Bool { portions.allSatisfy { $0.outcome != .notFollowed } }

  /// How much of the gift came to an end.
  public func quantity(_ outcome: ImpactOutcome) -> Int64 {
    portions.reduce(0) { $1.outcome == outcome ? $0 + $1.quantity : $0 }
  }

  /// Follows a gift's lot.
  ///
  /// - Parameters:
  ///   - lot: the lot that the gift began, pledges and plantings included.
  ///   - source: where the events of lots are found.
  ///   - limit: where following ends.
  ///   - isVoid: whether a lot was taken back before it moved, or what was left of a pledge: that is an action, not an
  ///     event of the lot.
  /// - Returns: `nil` if no gift began with the lot, or if the source's events contradict each other.
  public init?<Source: WaySource>(
    of lot: UInt32, in source: Source, limit: Limit = Limit(), isVoid: (UInt32) -> Bool
  ) throws(Source.Failure) {
    var walk = ImpactWalk(lot: lot, limit: limit)
    guard try walk.run(source), let first = walk.first else { return nil }
    self.lot = lot
    unit = first.unit
    given = first.quantity
    portions = walk.portions(isVoid: isVoid)
    lotCount = walk.lotCount
  }
}

/// What can become of a gift, in the order in which it is told.
public enum ImpactOutcome: UInt8, Sendable, CaseIterable {
  /// Goods reached people.
  case handedOver = 1
  /// Money was spent on what the project is for.
  case spentOnAid = 2
  /// Money was spent on running the project.
  case spentOnOverhead = 3
  /// Money was given back.
  case returned = 4
  /// Trees that stand, as far as anybody told.
  case alive = 5
  /// Trees that were pledged and do not stand.
  case pledged = 6
  /// Goods in store.
  case inStore = 7
  /// Goods in a container that stands somewhere.
  case inContainer = 8
  /// Goods or money on the way to another organisation, also in a container.
  case onItsWay = 9
  /// Money that an organisation has.
  case held = 10
  /// Taken back before it had moved; of a pledge, what did not stand by then.
  case takenBack = 11
  /// Lost or dead, for a reason nobody gave.
  case lost = 20
  /// Past its date.
  case expired = 21
  /// Damaged or spoiled.
  case damaged = 22
  /// Stolen.
  case stolen = 23
  /// Destroyed by fire, water or weather.
  case disaster = 24
  /// Lost where lots were sorted, cooked or packed anew.
  case lostInRepacking = 25
  /// Missing when it arrived.
  case lostOnTheWay = 26
  /// Missing when stock was counted.
  case countedShort = 27
  /// Trees that were not found alive.
  case notFoundAlive = 28
  /// It went further than was followed, or into more lots.
  case notFollowed = 40

  /// Whether it is gone without having done good.
  public var isLoss: Bool { (20..<40).contains(rawValue) }

  init(_ reason: LossReason) {
    switch reason {
    case .unknown: self = .lost
    case .expired: self = .expired
    case .damaged: self = .damaged
    case .stolen: self = .stolen
    case .disaster: self = .disaster
    }
  }
}

/// Units of a gift among others, as even as whole units can be: of the first x of `total`, ⌊x × share ÷ total⌋ are the
/// gift's.
struct EvenUnits: Hashable, Sendable {
  /// All units, above zero.
  let total: Int64
  /// Those of the gift, from 0 to all.
  let share: Int64

  /// How many of a range are the gift's.
  func count(_ range: Range<Int64>) -> Int64 { before(range.upperBound) - before(range.lowerBound) }

  private func before(_ end: Int64) -> Int64 { Int64(Int128(end) * Int128(share) / Int128(total)) }
}
