/// The questions of a settlement (DESIGN, section 7): the values are the `exhaustsAt` E of the
/// memberships, the base is the `cumulative` C, and a balance is b = E − C where E > C.
extension OrderStatisticsTree {
  /// Number of the values above `base`, and the sum of their balances.
  public func total(above base: Int64) -> Part {
    let below = rank(atMost: base)
    let number = count - below.count
    return Part(count: number, sum: sum - below.sum - Int128(base) * Int128(number))
  }

  /// What a share of `share` ≥ 0 collects: Σ min(b, share) over the balances above `base`.
  public func collected(above base: Int64, share: Int64) -> Int128 {
    precondition(share >= 0)
    let below = rank(atMost: base)
    let (threshold, overflow) = base.addingReportingOverflow(share)
    let within = overflow ? whole : rank(atMost: threshold)
    // Those up to the threshold give all they have; the others give the share.
    return Level(base: base, below: below).balances(upTo: within) + Int128(count - within.count) * Int128(share)
  }

  /// The smallest whole share s ≥ 0 with Σ min(b, s) ≥ `target` over the balances above `base`, or
  /// `nil` if all balances together are less than the target. Exact; two descents.
  ///
  /// `base` is not negative (it is a sum of shares); so every balance fits an Int64.
  public func leastShare(above base: Int64, raising target: Int128) -> Int64? {
    precondition(base >= 0)
    guard target > 0 else { return 0 }
    guard let root else { return nil }
    let level = Level(base: base, below: rank(atMost: base))
    guard level.balances(upTo: whole) >= target else { return nil }

    // Σ min(b, s) grows with s, and is linear between two neighbouring balances. The descent finds
    // how many values lie before the first value whose whole balance, taken as the share, raises
    // the target; a value is compared by what lies before it, which a branch knows of each child.
    let reaches = { (value: Int64, before: Part) -> Bool in
      guard value > base else { return false }
      let share = Int128(value) - Int128(base)
      return level.balances(upTo: before) + Int128(whole.count - before.count) * share >= target
    }
    var before = Part(count: 0, sum: 0)
    descend(from: root, with: &before) { node, before in
      let entries = node.entries
      var child = 0
      while child + 1 < node.used {
        let next = Part(count: before.count + entries[child].count, sum: before.sum + entries[child].sum)
        if reaches(entries[child + 1].least, next) { break }
        before = next
        child += 1
      }
      return child
    } leaf: { leaf, before in
      for index in 0..<leaf.used {
        let value = leaf.values[index]
        if reaches(value, before) { break }
        before.count += 1
        before.sum += Int128(value)
      }
    }
    // The values before give all they have, the rest is divided among the others, rounded up.
    let rest = target - level.balances(upTo: before)
    let payers = Int128(whole.count - before.count)
    return Int64((rest + payers - 1) / payers)
  }

  /// The base of a settlement, with what does not count because it lies at or below the base.
  private struct Level {
    let base: Int64
    let below: Part

    /// The sum of the balances among the first values of the tree; 0 if they do not pass the base.
    func balances(upTo part: Part) -> Int128 {
      guard part.count > below.count else { return 0 }
      return part.sum - below.sum - Int128(base) * Int128(part.count - below.count)
    }
  }
}
