/// The inclusion paths of all leaves of one tree, for whoever needs most of them: every node is hashed once, where
/// ``InclusionProof/build(index:leaves:)`` hashes all leaves for each path.
public struct InclusionPaths: Sendable {
  /// The leaves, then each level of nodes above, up to the root.
  private var levels: [[Hash]]

  /// The paths in the tree over these leaf hashes.
  public init(_ leaves: [Hash]) {
    levels = [leaves]
    // A node without a partner goes up as it is, which gives the tree of RFC 6962 section 2.1.
    while let below = levels.last, below.count > 1 {
      levels.append(
        stride(from: 0, to: below.count, by: 2).map {
          $0 + 1 < below.count ? Hash.node(below[$0], below[$0 + 1]) : below[$0]
        })
    }
  }

  /// The hashes from the sibling of a leaf up to the root's child. An index that no leaf has is a mistake of the
  /// caller and stops the program.
  public func path(to index: Int) -> [Hash] {
    precondition(levels[0].indices.contains(index), "no leaf has this index")
    var place = index
    return levels.dropLast().compactMap { level in
      defer { place /= 2 }
      return place ^ 1 < level.count ? level[place ^ 1] : nil
    }
  }
}
