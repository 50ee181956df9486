internal import Ledger

/// Which organisations are related by an auditor's word, read once.
///
/// There may be as many relations as pairs of organisations: whoever asks for many pairs asks this, and not the table
/// for each.
public struct RelatedPairs: Sendable {
  /// A pair in the upper half and the ordinal of its relation in the lower, ascending.
  private let sorted: [UInt64]

  /// The relations of a state.
  public init(_ hearts: Hearts) {
    let relations = hearts.relations
    sorted = (0..<relations.count).map { number in
      RelatedPairs.key(relations[number].first, relations[number].second) | UInt64(number)
    }.sorted()
  }

  /// Where an auditor's word about two organisations stands, in either order: an ordinal in ``Hearts/relations``. The
  /// contract takes one for each pair.
  public func relation(of a: UInt16, _ b: UInt16) -> Int? {
    let key = RelatedPairs.key(a, b)
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = low + (high - low) / 2
      if sorted[middle] < key { low = middle + 1 } else { high = middle }
    }
    guard low < sorted.count, sorted[low] >> 32 == key >> 32 else { return nil }
    return Int(truncatingIfNeeded: sorted[low] & UInt64(UInt32.max))
  }

  /// Whether two organisations are related.
  public func contains(_ a: UInt16, _ b: UInt16) -> Bool { relation(of: a, b) != nil }

  /// Two organisations in either order, as one number.
  private static func key(_ a: UInt16, _ b: UInt16) -> UInt64 { UInt64(min(a, b)) << 48 | UInt64(max(a, b)) << 32 }
}
