internal import Ledger

/// Which organisations are related by an auditor's word, read once.
///
/// There may be as many relations as pairs of organisations: whoever asks for many pairs asks this, and not the table
/// for each.
public struct RelatedPairs: Sendable {
  /// The ordinal of each pair's relation. It is asked and never walked through, so its order is nobody's matter.
  private let numbers: [UInt32: Int]

  /// The relations of a state.
  public init(_ hearts: Hearts) {
    let relations = hearts.relations
    var numbers: [UInt32: Int] = [:]
    numbers.reserveCapacity(relations.count)
    for number in 0..<relations.count {
      numbers[RelatedPairs.key(relations[number].first, relations[number].second)] = number
    }
    self.numbers = numbers
  }

  /// Where an auditor's word about two organisations stands, in either order: an ordinal in ``Hearts/relations``. The
  /// contract takes one for each pair.
  public func relation(of a: UInt16, _ b: UInt16) -> Int? { numbers[RelatedPairs.key(a, b)] }

  /// Whether two organisations are related.
  public func contains(_ a: UInt16, _ b: UInt16) -> Bool { relation(of: a, b) != nil }

  /// Two organisations in either order, as one number.
  private static func key(_ a: UInt16, _ b: UInt16) -> UInt32 { UInt32(min(a, b)) << 16 | UInt32(max(a, b)) }
}
