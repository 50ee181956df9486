internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// Whether all that must always hold holds: every lot, project and address for itself, and all of them together.
  /// Reads the whole state; for tests and audits.
  ///
  /// - Returns: what does not hold, in words; `nil` when all does.
  public func brokenInvariant() -> String? {
    lotsBroken() ?? projectsBroken() ?? heartsBroken() ?? tablesBroken()
  }

  private func lotsBroken() -> String? {
    var inside = [Int64](repeating: 0, count: lots.count)
    for ordinal in 0..<lots.count {
      let lot = lots[ordinal]
      let parts = [lot.left, lot.handed, lot.lost, lot.passed]
      guard parts.allSatisfy({ $0 >= 0 }), lot.received > 0 else { return "lot \(ordinal) is negative or empty" }
      let isOver = lot.state == .ended || lot.state == .void
      guard (lot.left == 0) == isOver else { return "lot \(ordinal) has something left or not" }
      guard (lot.inside != 0) == (lot.state == .packed) else { return "lot \(ordinal) is in a container or not" }
      guard lot.kind == LotRecord.container || kindList[Int(lot.kind)].unit == lot.unit else {
        return "lot \(ordinal) has another unit than its kind"
      }
      if lot.state == .pledged, gifts[Int(lot.gift) - 1].binding == .reversed {
        return "pledge \(ordinal) was taken back and can still be planted"
      }
      if lot.inside != 0 { inside[Int(lot.inside) - 1] += 1 }
    }
    for ordinal in 0..<lots.count where lots[ordinal].kind == LotRecord.container {
      guard inside[ordinal] == lots[ordinal].left else { return "container \(ordinal) holds another number of lots" }
    }
    return nil
  }

  private func projectsBroken() -> String? {
    // What is left in lots, by project and unit; pledges and containers apart.
    var left = [Int64](repeating: 0, count: projects.count * 6)
    for ordinal in 0..<lots.count {
      let lot = lots[ordinal]
      guard lot.kind != LotRecord.container else { continue }
      let column = lot.state == .pledged ? 0 : Int(lot.unit.rawValue)
      left[Int(lot.project) * 6 + column] += lot.left
    }
    for ordinal in 0..<projects.count {
      let project = projects[ordinal]
      for unit in GiftUnit.allCases where project[unit].left != left[ordinal * 6 + Int(unit.rawValue)] {
        return "project \(ordinal) has something else left than its lots"
      }
      guard project.pledged - project.planted - project.withdrawn == left[ordinal * 6] else {
        return "project \(ordinal) has other pledges left than its lots"
      }
      guard project.spent + project.overhead + project.returned == project[.fen].out else {
        return "project \(ordinal) paid something else than went out"
      }
    }
    return nil
  }

  private func heartsBroken() -> String? {
    guard totals.isBalanced else { return "the totals of hearts do not balance" }
    var sums = HeartTotals()
    for ordinal in 1..<max(1, givers.count) {
      let giver = givers[ordinal]
      let parts = [giver.held, giver.spent, giver.given, giver.reversed, giver.debt]
      guard parts.allSatisfy({ $0 >= 0 }), giver.held == 0 || giver.debt == 0,
        giver.minted + giver.debt == giver.held + giver.spent + giver.given + giver.reversed
      else { return "the hearts of address \(ordinal) do not balance" }
      sums.held += giver.held
      sums.spent += giver.spent
      sums.given += giver.given
      sums.debt += giver.debt
    }
    for ordinal in 0..<gifts.count {
      let gift = gifts[ordinal]
      sums.minted += gift.hearts
      switch gift.binding {
      case .anonymous: sums.anonymous += gift.hearts
      case .claim: sums.waiting += gift.hearts
      case .reversed: sums.reversed += gift.hearts
      case .address: break
      }
    }
    return sums == totals ? nil : "the totals of hearts are not the sums of gifts and addresses"
  }

  private func tablesBroken() -> String? {
    var spent: Int64 = 0
    for ordinal in 0..<partners.count { spent += partners[ordinal].hearts }
    var given: Int64 = 0
    for ordinal in 0..<projects.count { given += projects[ordinal].hearts }
    guard spent == totals.spent, given == totals.given else { return "partners or projects have other hearts" }
    let isSound =
      givers.checkInvariants() && exhibits.checkInvariants() && flows.checkInvariants() && consents.checkInvariants()
    return isSound ? nil : "the links of a table are broken"
  }
}
