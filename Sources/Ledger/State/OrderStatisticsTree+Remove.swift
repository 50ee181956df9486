extension OrderStatisticsTree {
  /// Removes one of the values equal to `value`; `false` if there is none.
  @discardableResult
  public mutating func remove(_ value: Int64) -> Bool {
    // Looked up first: a miss must not copy shared nodes.
    guard contains(value), var top = root else { return false }
    root = nil
    whole.count -= 1
    whole.sum -= Int128(value)
    OrderStatisticsTree.remove(value, from: &top)
    while top.height > 0, top.used == 1 {
      top = top.entries[0].child
    }
    root = top.used == 0 ? nil : top
    return true
  }

  /// Whether a value is among the values.
  public func contains(_ value: Int64) -> Bool {
    greatest(atMost: value) == value
  }

  /// Removes a value that is known to lie below the node; may leave the node empty.
  private static func remove(_ value: Int64, from slot: UnsafeMutablePointer<CountNode>) {
    makeUnique(slot)
    let node = slot.pointee
    guard node.height > 0 else {
      let position = node.valuesAtMost(value) - 1
      let after = node.values + position + 1
      (node.values + position).moveInitialize(from: after, count: node.used - position - 1)
      node.used -= 1
      return
    }
    let index = node.childIndex(for: value)
    let entry = node.entries + index
    remove(value, from: childSlot(entry))
    entry.pointee.count -= 1
    entry.pointee.sum -= Int128(value)
    let child = entry.pointee.child
    if child.used == 0 {
      removeEntry(index, of: node)
      return
    }
    entry.pointee.least = least(of: child)
    if child.used < child.limit / 4, node.used > 1 {
      rebalance(node, at: Swift.max(index - 1, 0))
    }
  }

  private static func removeEntry(_ index: Int, of node: CountNode) {
    let entry = node.entries + index
    entry.deinitialize(count: 1)
    entry.moveInitialize(from: entry + 1, count: node.used - index - 1)
    node.used -= 1
  }

  /// Joins two neighbouring children if that leaves room to grow, else shares their content evenly.
  private static func rebalance(_ node: CountNode, at index: Int) {
    let left = node.entries[index].child
    let right = node.entries[index + 1].child
    guard left.used + right.used <= left.limit * 3 / 4 else {
      shareEvenly(node, at: index)
      return
    }
    let slot = node.entries + index
    makeUnique(childSlot(slot))
    makeUnique(childSlot(slot + 1))
    move(right.used, fromRight: slot[1].child, toLeft: slot.pointee.child)
    slot.pointee = slot.pointee.child.summarised()
    removeEntry(index + 1, of: node)
  }

  /// Shares the content of the children `index` and `index` + 1 evenly between them.
  static func shareEvenly(_ node: CountNode, at index: Int) {
    let slot = node.entries + index
    makeUnique(childSlot(slot))
    makeUnique(childSlot(slot + 1))
    let left = slot.pointee.child
    let right = slot[1].child
    let surplus = right.used - (left.used + right.used) / 2
    if surplus > 0 {
      move(surplus, fromRight: right, toLeft: left)
    } else {
      move(-surplus, fromLeft: left, toRight: right)
    }
    slot.pointee = left.summarised()
    slot[1] = right.summarised()
  }

  private static func move(_ number: Int, fromRight right: CountNode, toLeft left: CountNode) {
    func shift<T>(_ left: UnsafeMutablePointer<T>, _ leftUsed: Int, _ right: UnsafeMutablePointer<T>, _ rightUsed: Int)
    {
      (left + leftUsed).moveInitialize(from: right, count: number)
      right.moveInitialize(from: right + number, count: rightUsed - number)
    }
    if left.height == 0 {
      shift(left.values, left.used, right.values, right.used)
    } else {
      shift(left.entries, left.used, right.entries, right.used)
    }
    left.used += number
    right.used -= number
  }

  private static func move(_ number: Int, fromLeft left: CountNode, toRight right: CountNode) {
    func shift<T>(_ left: UnsafeMutablePointer<T>, _ leftUsed: Int, _ right: UnsafeMutablePointer<T>, _ rightUsed: Int)
    {
      (right + number).moveInitialize(from: right, count: rightUsed)
      right.moveInitialize(from: left + leftUsed - number, count: number)
    }
    if left.height == 0 {
      shift(left.values, left.used, right.values, right.used)
    } else {
      shift(left.entries, left.used, right.entries, right.used)
    }
    left.used -= number
    right.used += number
  }
}
