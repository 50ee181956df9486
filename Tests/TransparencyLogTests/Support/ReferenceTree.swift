import TransparencyLog

/// RFC 6962 section 2.1 word for word, by recursion over slices: slow, and written without a look at
/// the code under test.
enum ReferenceTree {
  static func root(_ leaves: ArraySlice<Hash>) -> Hash {
    if leaves.isEmpty { return .emptyRoot }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    let middle = leaves.startIndex + split(leaves.count)
    return .node(root(leaves[..<middle]), root(leaves[middle...]))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<Hash>) -> [Hash] {
    if leaves.count == 1 { return [] }
    let half = split(leaves.count)
    let middle = leaves.startIndex + half
    return index < half
      ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
      : path(index - half, leaves[middle...]) + [root(leaves[..<middle])]
  }

  static func proof(_ oldSize: Int, _ leaves: ArraySlice<Hash>, known: Bool = true) -> [Hash] {
    if oldSize == leaves.count { return known ? [] : [root(leaves)] }
    let half = split(leaves.count)
    let middle = leaves.startIndex + half
    return oldSize <= half
      ? proof(oldSize, leaves[..<middle], known: known) + [root(leaves[middle...])]
      : proof(oldSize - half, leaves[middle...], known: false) + [root(leaves[..<middle])]
  }

  private static func split(_ count: Int) -> Int {
    var half = 1
    while half * 2 < count { half *= 2 }
    return half
  }
}

/// A tree of any size whose leaves are all the same, so that a node's hash depends on its level only.
struct UniformTree {
  private let levels: [Hash]

  init(leaf: Hash) {
    levels = (0..<63).reduce(into: [leaf]) { levels, _ in levels.append(.node(levels.last!, levels.last!)) }
  }

  func hash(level: Int, index: UInt64) -> Hash {
    levels[level]
  }
}
