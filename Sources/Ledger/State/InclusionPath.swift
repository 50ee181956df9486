internal import TransparencyLog

/// RFC 6962 trees over a few hashes in memory, and the folding of inclusion paths.
enum InclusionPath {
  /// The root over leaf hashes.
  static func root(of leaves: [Hash]) -> Hash {
    guard !leaves.isEmpty else { return .emptyRoot }
    var row = leaves
    while row.count > 1 {
      row = parents(of: row)
    }
    return row[0]
  }

  /// The path of the leaf at `index`, lowest sibling first.
  static func path(_ index: Int, in leaves: [Hash]) -> [Hash] {
    var path: [Hash] = []
    var row = leaves
    var index = index
    while row.count > 1 {
      if index ^ 1 < row.count {
        path.append(row[index ^ 1])
      }
      row = parents(of: row)
      index >>= 1
    }
    return path
  }

  private static func parents(of row: [Hash]) -> [Hash] {
    stride(from: 0, to: row.count, by: 2).map { left in
      left + 1 < row.count ? Hash.node(row[left], row[left + 1]) : row[left]
    }
  }

  /// The root that a path gives for a leaf (RFC 9162, 2.1.3.2), or `nil` if the path does not have
  /// the length that the index and the size ask for.
  static func fold(_ leaf: Hash, index: UInt64, size: UInt64, path: [Hash]) -> Hash? {
    guard index < size else { return nil }
    var position = index
    var last = size - 1
    var hash = leaf
    for sibling in path {
      guard last > 0 else { return nil }
      if position & 1 == 1 || position == last {
        hash = Hash.node(sibling, hash)
        while position & 1 == 0, position > 0 {
          position >>= 1
          last >>= 1
        }
      } else {
        hash = Hash.node(hash, sibling)
      }
      position >>= 1
      last >>= 1
    }
    return last == 0 ? hash : nil
  }
}
