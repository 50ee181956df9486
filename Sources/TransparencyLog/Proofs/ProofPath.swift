/// The limits and the shape that both kinds of proof share.
enum ProofPath {
  /// How an inclusion path climbs. Up to the node under which the leaf and the last leaf of the tree
  /// part, siblings stand on either side. From there on the path runs along the right edge.
  struct Shape {
    /// Steps on which the bit of the index says on which side the sibling stands.
    let inner: Int
    /// Steps along the right edge, where every sibling stands on the left.
    let border: Int

    var count: Int { inner + border }
  }

  /// The shape of the path of leaf `index` in a tree of `size` leaves; `index` is below `size`.
  static func shape(index: UInt64, size: UInt64) -> Shape {
    let inner = UInt64.bitWidth - (index ^ (size - 1)).leadingZeroBitCount
    return Shape(inner: inner, border: (index >> UInt64(inner)).nonzeroBitCount)
  }

  static func checkLimit(_ path: [Hash]) throws(TransparencyLogError) {
    guard path.count <= InclusionProof.maximumPathCount else {
      throw TransparencyLogError(.pathTooLong, "A proof has at most 64 hashes.")
    }
  }
}
