public import TransparencyLog

/// A change of an address's hearts, noted for an index while the contract is watched.
public struct NotedHeartChange: Hashable, Sendable {
  /// The address and twelve zero bytes, as a gift has it.
  public var party: Hash
  /// What happened.
  public var change: HeartChange

  /// A change, for instance as read back.
  public init(party: Hash, change: HeartChange) {
    self.party = party
    self.change = change
  }
}

/// A gift that came to an address or a claim code's key: when it was recorded, or when it was claimed.
public struct NotedGift: Hashable, Sendable {
  /// The address and twelve zero bytes, as a gift has it.
  public var party: Hash
  /// The gift's ordinal.
  public var gift: UInt32

  /// A gift, for instance as read back.
  public init(party: Hash, gift: UInt32) {
    self.party = party
    self.gift = gift
  }
}

extension Hearts {
  /// Forgets what was noted of the block before.
  mutating func forgetNotes() {
    noted.removeAll()
    notedChanges.removeAll()
    notedGifts.removeAll()
  }

  mutating func note(_ change: HeartChange, of party: Hash) {
    if isWatched { notedChanges.append(NotedHeartChange(party: party, change: change)) }
  }

  /// Gifts by nobody are in no list.
  mutating func note(gift: UInt32, of party: Hash) {
    if isWatched, party != .zero { notedGifts.append(NotedGift(party: party, gift: gift)) }
  }
}
