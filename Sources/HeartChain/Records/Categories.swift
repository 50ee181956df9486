/// What sort of gift a kind is, which decides the way it goes.
public enum GiftCategory: UInt8, Sendable, CaseIterable {
  /// Money: received, committed, disbursed, spent, returned.
  case money = 1
  /// Food and other goods: donated, stored, repacked, packed, shipped, handed over, lost.
  case goods = 2
  /// Trees: pledged, planted, surveyed, died.
  case trees = 3
  /// Activities: attended.
  case activities = 4
}

/// In what a gift is counted.
public enum GiftUnit: UInt8, Sendable, CaseIterable {
  /// A hundredth of a yuan.
  case fen = 1
  /// A gram.
  case gram = 2
  /// One thing: a tree, a blanket, a box.
  case piece = 3
  /// A millilitre.
  case millilitre = 4
  /// One person's attendance.
  case attendance = 5
}

/// Where a lot is in its life.
public enum LotState: UInt8, Sendable, CaseIterable {
  /// Its holder has it.
  case held = 1
  /// On its way to another organisation.
  case travelling = 2
  /// In a container, with which it goes.
  case packed = 3
  /// Trees that are not planted yet.
  case pledged = 4
  /// Nothing of it is left.
  case ended = 5
  /// Taken back while all of it was with whoever recorded it; of a pledge, with what was left of it.
  case void = 6
}

/// To whom a gift's hearts belong.
public enum GiftBinding: UInt8, Sendable, CaseIterable {
  /// To nobody.
  case anonymous = 0
  /// To an address.
  case address = 1
  /// To whoever has the claim code.
  case claim = 2
  /// They belonged to an address, nobody or a claim code, and were taken back.
  case reversed = 3
}
