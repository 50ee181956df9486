/// Builds an `OrderStatisticsTree` from ascending values with full nodes and no other memory than
/// the tree's own.
@usableFromInline
struct OrderStatisticsTreeBuilder {
  /// The open node of each height, lowest first; none is empty.
  private var open: [CountNode] = []
  private var whole = OrderStatisticsTree.Part(count: 0, sum: 0)
  private var last = Int64.min

  @usableFromInline
  init() {}

  @usableFromInline
  mutating func append(_ value: Int64) {
    precondition(value >= last, "values must come in ascending order")
    last = value
    whole.count += 1
    whole.sum += Int128(value)
    if let leaf = open.first {
      if leaf.used < CountNode.leafCapacity {
        leaf.values[leaf.used] = value
        leaf.used += 1
        return
      }
      push(leaf.summarised(), height: 1)
      open[0] = CountNode.make(height: 0)
    } else {
      open.append(CountNode.make(height: 0))
    }
    open[0].values.initialize(to: value)
    open[0].used = 1
  }

  @usableFromInline
  mutating func finish() -> OrderStatisticsTree {
    var tree = OrderStatisticsTree()
    guard !open.isEmpty else { return tree }
    var height = 0
    while height < open.count - 1 {
      push(open[height].summarised(), height: height + 1)
      height += 1
    }
    tree.root = open[height]
    tree.whole = whole
    open = []
    return tree
  }

  private mutating func push(_ entry: CountEntry, height: Int) {
    if height == open.count {
      open.append(CountNode.make(height: height))
    } else if open[height].used == CountNode.branchCapacity {
      push(open[height].summarised(), height: height + 1)
      open[height] = CountNode.make(height: height)
    }
    let branch = open[height]
    (branch.entries + branch.used).initialize(to: entry)
    branch.used += 1
  }
}
