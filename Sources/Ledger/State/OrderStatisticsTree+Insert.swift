extension OrderStatisticsTree {
  /// Adds a value; equal values are kept apart.
  public mutating func insert(_ value: Int64) {
    whole.count += 1
    whole.sum += Int128(value)
    guard var top = root else {
      let leaf = CountNode.make(height: 0)
      leaf.values.initialize(to: value)
      leaf.used = 1
      root = leaf
      return
    }
    // The tree lets go of its root while it is changed, so that the root counts as not shared.
    root = nil
    if let right = OrderStatisticsTree.insert(value, into: &top, atRightEdge: true) {
      let left = CountEntry(
        child: top, count: whole.count - right.count, least: OrderStatisticsTree.least(of: top),
        sum: whole.sum - right.sum)
      let branch = CountNode.make(height: top.height + 1)
      branch.entries.initialize(to: left)
      (branch.entries + 1).initialize(to: right)
      branch.used = 2
      top = branch
    }
    root = top
  }

  /// Inserts below a node; gives the new right half if the node had to be split.
  ///
  /// At the right edge of the tree a full node is left full and a new one begun, so that ascending
  /// values leave no half-empty nodes behind.
  private static func insert(
    _ value: Int64, into slot: UnsafeMutablePointer<CountNode>, atRightEdge: Bool
  ) -> CountEntry? {
    makeUnique(slot)
    let node = Unmanaged.passUnretained(slot.pointee)
    return node._withUnsafeGuaranteedRef { node in
      guard node.height > 0 else {
        return insert(value, intoLeaf: node, atRightEdge: atRightEdge)
      }
      let index = childIndex(for: value, makingRoomIn: node, atRightEdge: atRightEdge)
      let entry = node.entries + index
      entry.pointee.count += 1
      entry.pointee.sum += Int128(value)
      entry.pointee.least = Swift.min(entry.pointee.least, value)
      let isLast = atRightEdge && index == node.used - 1
      guard let right = insert(value, into: childSlot(entry), atRightEdge: isLast) else { return nil }
      entry.pointee.count -= right.count
      entry.pointee.sum -= right.sum
      return insert(right, intoBranch: node, at: index + 1, atRightEdge: atRightEdge)
    }
  }

  /// The child that takes the value. A full leaf first gives to a neighbour that has room: leaves
  /// that split only between full neighbours stay about 80 % full instead of 69 %.
  private static func childIndex(for value: Int64, makingRoomIn node: CountNode, atRightEdge: Bool) -> Int {
    let index = node.childIndex(for: value)
    let entries = node.entries
    guard node.height == 1, entries[index].child.used == CountNode.leafCapacity else { return index }
    let isLast = index == node.used - 1
    if atRightEdge, isLast, entries[index].child.values[CountNode.leafCapacity - 1] <= value {
      return index
    }
    let leftUsed = index > 0 ? entries[index - 1].child.used : .max
    let rightUsed = isLast ? .max : entries[index + 1].child.used
    guard Swift.min(leftUsed, rightUsed) <= CountNode.leafCapacity * 7 / 8 else { return index }
    shareEvenly(node, at: leftUsed < rightUsed ? index - 1 : index)
    return node.childIndex(for: value)
  }

  private static func insert(_ value: Int64, intoLeaf leaf: CountNode, atRightEdge: Bool) -> CountEntry? {
    let position = leaf.valuesAtMost(value)
    guard leaf.used == CountNode.leafCapacity else {
      open(leaf.values, at: position, used: leaf.used)
      leaf.values[position] = value
      leaf.used += 1
      return nil
    }
    let right = CountNode.make(height: 0)
    let kept = atRightEdge && position == leaf.used ? leaf.used : leaf.used / 2
    right.used = leaf.used - kept
    right.values.moveInitialize(from: leaf.values + kept, count: right.used)
    leaf.used = kept
    let target = position > kept || right.used == 0 ? right : leaf
    let place = target === right ? position - kept : position
    open(target.values, at: place, used: target.used)
    target.values[place] = value
    target.used += 1
    return right.summarised()
  }

  private static func insert(
    _ entry: CountEntry, intoBranch branch: CountNode, at position: Int, atRightEdge: Bool
  ) -> CountEntry? {
    guard branch.used == CountNode.branchCapacity else {
      open(branch.entries, at: position, used: branch.used)
      (branch.entries + position).initialize(to: entry)
      branch.used += 1
      return nil
    }
    let right = CountNode.make(height: branch.height)
    let kept = atRightEdge && position == branch.used ? branch.used : branch.used / 2
    right.used = branch.used - kept
    right.entries.moveInitialize(from: branch.entries + kept, count: right.used)
    branch.used = kept
    let target = position > kept || right.used == 0 ? right : branch
    let place = target === right ? position - kept : position
    open(target.entries, at: place, used: target.used)
    (target.entries + place).initialize(to: entry)
    target.used += 1
    return right.summarised()
  }

  /// Makes room for one element; the freed place is not initialized.
  private static func open<T>(_ base: UnsafeMutablePointer<T>, at position: Int, used: Int) {
    (base + position + 1).moveInitialize(from: base + position, count: used - position)
  }
}
