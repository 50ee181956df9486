/// The first byte of an entry. The executor puts it there, never a sender: otherwise a transaction's
/// bytes could pass for a seal.
public enum EntryKind: UInt8, Sendable {
  /// The genesis; entry 0 and no other.
  case genesis = 0
  /// A batch's signed header; opens a block.
  case header = 1
  /// A transaction's envelope.
  case transaction = 2
  /// A block's seal; closes it.
  case seal = 3
  /// Rows of the manifest before it.
  case rows = 4
}

/// What holds for every entry of the log.
public enum Entry {
  /// The longest entry, kind byte included (the length field of an entry bundle has 16 bits).
  public static let maximumBytes = 65_535

  /// An entry of a kind.
  public static func make(_ kind: EntryKind, _ content: [UInt8]) -> [UInt8] {
    [kind.rawValue] + content
  }
}
