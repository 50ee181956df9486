public import Ledger
internal import MutualAid
public import TransparencyLog

/// What a demonstration of hearts shows: one year of three charities.
public struct HeartOptions: Sendable {
  /// Gives the key of a person on a chain: of her backup secret's 32 bytes and the chain's id.
  public typealias PersonKey = @Sendable (_ secret: [UInt8], _ chain: Hash) throws(LedgerError) -> SigningKey

  /// Gifts over the year; trees that are planted of what was pledged come on top.
  public var gifts: Int
  /// The same seed gives the same people and the same events.
  public var seed: UInt64
  /// The last moment of the simulation.
  public var end: Timestamp
  let personKey: PersonKey

  /// Options of one demonstration.
  ///
  /// - Parameter gifts: at least ``fewestGifts``.
  public init(gifts: Int, seed: UInt64, end: Timestamp, personKey: @escaping PersonKey) {
    self.gifts = max(gifts, HeartOptions.fewestGifts)
    self.seed = seed
    self.end = end
    self.personKey = personKey
  }

  /// As few gifts as still show everything.
  public static let fewestGifts = 240
  /// Days of the year lived.
  static let days = 364
  /// Gifts from which organisations tell their events every day; with fewer they do so once a week, which saves blocks.
  private static let dailyGifts = 10_000

  /// How many gifts go with so many members of a demonstration's plans.
  public static func gifts(members: Int) -> Int {
    min(40_000, max(fewestGifts, members * 3 / 20))
  }

  /// Days from one report of the organisations to the next.
  var stride: Int { gifts >= HeartOptions.dailyGifts ? 1 : 7 }
  /// People who give by an address, those with a part of their own among them.
  var people: Int { max(60, gifts / 3) }

  /// The last day, as with ``DemoOptions/lastDay``.
  var lastDay: Int {
    CivilDate(Timestamp(seconds: end.seconds - min(end.seconds, DemoOptions.morningSeconds + 600))).dayNumber
  }
  /// The first one.
  var firstDay: Int { lastDay - HeartOptions.days }
}

/// People of the demonstration with a part of their own.
enum HeartPerson: Int, CaseIterable {
  /// Gives until her love index is 650.
  case example
  /// Gives until hers is 649.
  case neighbour
  /// Spends hearts of a gift that is taken back.
  case indebted
  /// Gives five kilograms, which are put down as fifty.
  case mistyped
  /// A company that gives each project a start.
  case sponsor
  /// A publisher of books.
  case publisher
}

/// What happened in a year of hearts.
public struct HeartReport: Sendable {
  /// Gifts of one kind.
  public struct Kind: Sendable {
    /// The kind's names.
    public let nameZh: String
    /// See ``nameZh``.
    public let nameEn: String
    /// Names of its unit.
    public let unitZh: String
    /// See ``unitZh``.
    public let unitEn: String
    /// Gifts of it; of trees those that stand, with what was pledged apart.
    public let gifts: Int
    /// How much was given, in the unit.
    public let quantity: Int64
  }

  /// One sign that was found.
  public struct Sign: Sendable, Hashable {
    /// A short name, the same for signs of one sort.
    public let name: String
    /// The organisations it concerns.
    public let organisations: [String]
    /// The project's ordinal; `nil` where it concerns an organisation as a whole.
    public let project: UInt32?
    /// How many refused events it stands for; 1 for signs of other sorts.
    public let count: Int
  }

  /// A giver whose secret the demonstration shows.
  public struct Giver: Sendable {
    /// The 32 bytes of her backup secret.
    public let secret: [UInt8]
    /// Her address on the chain.
    public let address: Address
    /// Her love index at the end.
    public let loveIndex: UInt16
    /// Whether the partner opens its channel to her.
    public let isAdmitted: Bool
  }

  /// What one charity got and did.
  public struct Charity: Sendable {
    /// Its name.
    public let name: String
    /// Projects, and gifts to them.
    public let projects: Int
    /// See ``projects``.
    public let gifts: Int
    /// Fen given, spent on aid, and spent on running it.
    public let given: Int64
    /// See ``given``.
    public let spent: Int64
    /// See ``given``.
    public let overhead: Int64
  }

  /// Gifts by kind, in the order of the kinds; those nobody gave are left out.
  public let kinds: [Kind]
  /// The charities with projects.
  public let charities: [Charity]
  /// Gifts in all, and addresses with hearts.
  public let gifts: Int
  /// See ``gifts``.
  public let givers: Int
  /// Lots there ever were.
  public let lots: Int
  /// Rows of manifests accepted and refused.
  public let accepted: UInt64
  /// See ``accepted``.
  public let refused: UInt64
  /// Hearts: minted + debt = held + waiting + anonymous + spent + given + reversed.
  public let hearts: [(name: String, count: Int64)]
  /// Signs at the end, as the state shows them.
  public let signs: [Sign]
  /// Refused rows and actions by code.
  public let results: [(name: String, count: Int)]
  /// What happens once in a while, and how often it did.
  public let events: [(name: String, count: Int)]
  /// The partner that both example givers consented for, and its threshold.
  public let partner: (ordinal: UInt32, name: String, threshold: UInt16)
  /// Two givers, of whom the first reaches the threshold and the second does not.
  public let examples: [Giver]
  /// A gift of the first giver's, and a lot that it went into and that reached people.
  public let exampleGift: UInt32
  /// See ``exampleGift``.
  public let exampleLot: UInt32
}
