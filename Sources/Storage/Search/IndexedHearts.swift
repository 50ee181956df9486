public import Ledger

/// An event of lots as the search index keeps it; its bytes mean nothing to the index.
public struct IndexedStep: Sendable, Hashable {
  /// The event's name.
  public var event: UInt64
  /// The time of its block.
  public var time: Timestamp
  /// The row as it was signed.
  public var row: [UInt8]
  /// Ordinals of the lots that it changed, in order.
  public var sources: [UInt32]
  /// Ordinals of the lots that it made, in order.
  public var made: [UInt32]

  /// An event of these fields.
  public init(event: UInt64, time: Timestamp, row: [UInt8], sources: [UInt32], made: [UInt32]) {
    self.event = event
    self.time = time
    self.row = row
    self.sources = sources
    self.made = made
  }
}

extension IndexedStep {
  private static let positionBits: UInt64 = 24
  /// The most events of one block.
  static let maximumPerBlock = 1 << positionBits
  /// The greatest height whose events have places.
  static let maximumHeight = (UInt64(1) << (62 - positionBits)) - 1

  /// The place of an event: larger than those of all events before it, in its block and in all before.
  static func place(height: UInt64, position: Int) -> Int64 {
    Int64(height << positionBits) + Int64(position)
  }

  /// The last place that an event of a block can have; none of a later block has one as small.
  public static func lastPlace(height: UInt64) -> UInt64 {
    (min(height, maximumHeight) + 1) << positionBits - 1
  }

  /// The height of the block of the event at a place.
  public static func height(place: UInt64) -> UInt64 { place >> positionBits }

  /// The number in its block of what stands at a place.
  static func position(place: UInt64) -> Int { Int(place & (1 << positionBits - 1)) }
}

/// An event with its place in the index.
public struct PlacedStep: Sendable, Hashable {
  /// Larger than the places of all events before it.
  public let place: UInt64
  /// The event.
  public let step: IndexedStep
}

/// A change of an address's hearts with its place in the index.
public struct PlacedHeartChange: Sendable, Hashable {
  /// Larger than the places of all changes before it, of whatever address.
  public let place: UInt64
  /// The change; the bytes mean nothing to the index.
  public let bytes: [UInt8]
}

/// All that the index takes from one block of a chain of hearts.
public struct IndexedHearts: Sendable {
  /// The events of lots, in order.
  public var steps: [IndexedStep]
  /// The gifts that came to an address or to a claim code's key.
  public var gifts: [(party: Address, gift: UInt32)]
  /// The changes of addresses' hearts in the order in which they happened; the bytes mean nothing to the index.
  public var changes: [(party: Address, bytes: [UInt8])]

  /// What a block noted; nothing on a chain of another sort.
  public init(
    steps: [IndexedStep] = [], gifts: [(party: Address, gift: UInt32)] = [],
    changes: [(party: Address, bytes: [UInt8])] = []
  ) {
    self.steps = steps
    self.gifts = gifts
    self.changes = changes
  }
}

/// A lot, and the places among which its events are looked for.
public struct LotPlaces: Sendable, Hashable {
  /// The lot's ordinal.
  public var lot: UInt32
  /// The first place.
  public var first: UInt64
  /// The last one.
  public var last: UInt64

  /// These places of a lot.
  public init(lot: UInt32, first: UInt64, last: UInt64) {
    self.lot = lot
    self.first = first
    self.last = last
  }
}
