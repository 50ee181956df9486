public import HeartChain
public import MutualAid

extension ChainState {
  /// Notes from now on, block by block, what an index or a statement needs of everybody.
  public mutating func watchEverything() {
    if isHearts { heartPart.watch(true) } else { aidPart.watch(.everybody) }
  }

  /// Notes from now on, block by block, the changes of some or all memberships.
  public mutating func watch(_ watched: Watched) {
    if !isHearts { aidPart.watch(watched) }
  }

  /// The changes of watched memberships in the last block, oldest first.
  public var changes: [NotedChange] { aidPart.mutualAid.noted }

  /// The events of lots accepted in the last block, in order.
  public var steps: [Way.Step] { heartPart.hearts.noted }

  /// The changes of addresses' hearts in the last block, oldest first.
  public var heartChanges: [NotedHeartChange] { heartPart.hearts.notedChanges }

  /// The gifts that came to an address or a claim code's key in the last block, oldest first.
  public var heartGifts: [NotedGift] { heartPart.hearts.notedGifts }
}

extension ChainState {
  /// What has to hold after every block, by sums that the state keeps: all money is somewhere, all hearts are.
  ///
  /// - Throws: ``StateFault``, which says what does not add up.
  public func check() throws(StateFault) {
    guard isHearts else {
      do throws(MoneyFault) { return try aidPart.mutualAid.checkMoney() } catch { throw StateFault(error) }
    }
    if !heartPart.hearts.totals.isBalanced {
      throw StateFault("minted and debt are not held, waiting, anonymous, spent, given and reversed hearts")
    }
  }

  /// The same, counted anew over every record.
  public func recount() throws(StateFault) {
    guard isHearts else {
      do throws(MoneyFault) { return try aidPart.mutualAid.recount() } catch { throw StateFault(error) }
    }
    if let broken = heartPart.hearts.brokenInvariant() { throw StateFault(broken) }
  }
}

/// A sum of the state that is not what it has to be. No honest history leads there: a rule is broken, or the state was.
public struct StateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What does not add up.
  public let description: String

  init(_ description: String) { self.description = description }

  init(_ fault: MoneyFault) { description = "\(fault)" }
}
