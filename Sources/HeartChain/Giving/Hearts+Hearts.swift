internal import Consortium
internal import FoundationEssentials
internal import Ledger
internal import TransparencyLog

extension Hearts {
  /// A gift that is there.
  func gift(_ number: UInt32) throws(LedgerError) -> GiftRecord {
    guard Int(number) < gifts.count else { throw LedgerError(.unknownGift, "no gift \(number)") }
    return gifts[Int(number)]
  }

  /// Whether the key of a waiting gift's claim code is among the signers.
  func requireClaim(_ number: UInt32, _ transaction: VerifiedTransaction) throws(LedgerError) {
    let gift = try gift(number)
    guard gift.binding == .claim else {
      throw gift.binding == .reversed
        ? LedgerError(.giftReversed, "it was taken back") : LedgerError(.giftNotWaiting, "it waits for no code")
    }
    guard transaction.cosigners.contains(where: { $0.key == gift.party }) else {
      throw LedgerError(.wrongClaim, "the claim code's key has not signed")
    }
  }

  /// Binds a gift's hearts to whoever has its code. Its points count on this day, as far as the day takes them, and
  /// fade from when the gift was recorded.
  mutating func redeem(_ wire: WireRedeem, _ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    try requireClaim(wire.gift, transaction)
    guard givers.count < Int(UInt32.max) else { throw LedgerError(.tooManyLots, "no room for an address") }
    var gift = gifts[Int(wire.gift)]
    hearts.update(0) { totals in
      totals.waiting -= gift.hearts
      totals.held += gift.hearts
    }
    gift.binding = .address
    gift.party = transaction.sender.key
    gift.points = credit(gift, wire.gift, to: gift.party, .claimed, at: time)
    gifts[Int(wire.gift)] = gift
    note(gift: wire.gift, of: gift.party)
  }

  /// Hearts are spent at a partner: burned, with the partner's signature and receipt. The love index stays.
  mutating func spend(_ wire: WireSpend, _ transaction: VerifiedTransaction, at time: Timestamp) throws(LedgerError) {
    guard let receipt = Hash(wire.receipt), receipt != .zero else {
      throw LedgerError(.malformed, "a receipt's hash has 32 bytes")
    }
    let partner = try openPartner(wire.partner)
    guard transaction.cosigners.contains(partner.account) else {
      throw LedgerError(.notThePartner, "the partner signs its receipt")
    }
    let place = try giver(transaction.sender, has: wire.hearts)
    guard partner.hearts <= HeartTotals.maximum - wire.hearts else { throw LedgerError(.overflow, "too many hearts") }
    guard let exhibit = try exhibit(receipt) else { preconditionFailure("it is not zero") }
    let change = HeartChange(.spent, hearts: wire.hearts, number: wire.partner, commitment: receipt, time: time)
    givers.update(place) { giver in
      giver.held -= wire.hearts
      giver.spent += wire.hearts
      giver.note(change)
    }
    note(change, of: transaction.sender.key)
    hearts.update(0) { totals in
      totals.held -= wire.hearts
      totals.spent += wire.hearts
    }
    partners.update(Int(wire.partner)) { $0.hearts += wire.hearts }
    show(exhibit, by: ExhibitRecord.noOrganisation, event: 0)
  }

  /// Hearts are given to a project: burned, and counted there.
  mutating func giveHearts(_ wire: WireGiveHearts, sender: Address, at time: Timestamp) throws(LedgerError) {
    let number = try project(wire.project)
    let place = try giver(sender, has: wire.hearts)
    guard projects[number].hearts <= HeartTotals.maximum - wire.hearts else {
      throw LedgerError(.overflow, "too many hearts")
    }
    let change = HeartChange(.given, hearts: wire.hearts, number: wire.project, commitment: .zero, time: time)
    givers.update(place) { giver in
      giver.held -= wire.hearts
      giver.given += wire.hearts
      giver.note(change)
    }
    note(change, of: sender.key)
    hearts.update(0) { totals in
      totals.held -= wire.hearts
      totals.given += wire.hearts
    }
    projects.update(number) { $0.hearts += wire.hearts }
  }

  private func giver(_ sender: Address, has wanted: Int64) throws(LedgerError) -> Int {
    guard wanted > 0 else { throw LedgerError(.badHearts, "a positive number of hearts") }
    guard let place = place(of: sender.key) else { throw LedgerError(.unknownGiver, "it has never had hearts") }
    guard wanted <= givers[place].held else { throw LedgerError(.tooFewHearts, "fewer hearts are held") }
    return place
  }
}

extension Hearts {
  /// A wrong gift is taken back, by who recorded it or by an auditor. Its hearts leave whoever has them; what she has
  /// no more is a debt that her next hearts fill. Its points leave the love index. Where all of its lot is with whoever
  /// recorded it, the lot is void; otherwise it goes on, since what it became is somewhere. Of a pledge, what does not
  /// stand yet is withdrawn, whatever was planted: nobody will plant it, and nobody waits for it.
  mutating func reverse(
    _ wire: WireReverseGift, sender: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) {
    let organisation = try consortium.requireOfficer(sender, role: .all)
    let isAuditor = (try? consortium.requireOfficer(sender, role: .auditor)) != nil
    guard let reason = Hash(wire.reason), reason != .zero else {
      throw LedgerError(.malformed, "a reason's hash has 32 bytes")
    }
    var gift = try gift(wire.gift)
    guard isAuditor || gift.organisation == organisation else {
      throw LedgerError(.otherGift, "another organisation recorded it")
    }
    guard gift.binding != .reversed else { throw LedgerError(.giftReversed, "it was taken back") }

    var owed: Int64 = 0
    if gift.binding == .address {
      guard let place = place(of: gift.party) else { preconditionFailure("a bound gift has a giver") }
      let change = HeartChange(.reversed, hearts: gift.hearts, number: wire.gift, commitment: reason, time: time)
      owed = givers.update(place) { giver in
        let owed = max(0, gift.hearts - giver.held)
        giver.held -= gift.hearts - owed
        giver.debt += owed
        giver.reversed += gift.hearts
        giver.takeBack(points: gift.points, of: gift.time)
        giver.note(change)
        return owed
      }
      note(change, of: gift.party)
    }
    hearts.update(0) { totals in
      switch gift.binding {
      case .address:
        totals.held -= gift.hearts - owed
        totals.debt += owed
      case .claim: totals.waiting -= gift.hearts
      case .anonymous, .reversed: totals.anonymous -= gift.hearts
      }
      totals.reversed += gift.hearts
    }
    gift.binding = .reversed
    gift.owed = owed
    gifts[Int(wire.gift)] = gift
    let number = gift.isAttendance ? gift.origin : lots[Int(gift.origin)].project
    update(number, at: time) { $0.reversed &+= 1 }
    if !gift.isAttendance { void(Int(gift.origin), time: time, hash: TraceHistory.reversal(wire.gift, reason, time)) }
  }

  /// Ends a lot that is whole where it began, wherever it was in between, or what is left of a pledge.
  private mutating func void(_ ordinal: Int, time: Timestamp, hash: Hash) {
    let lot = lots[ordinal]
    let isUnmoved =
      lot.state == .held && lot.left == lot.received && lot.holder == gifts[Int(lot.gift) - 1].organisation
    guard lot.state == .pledged || isUnmoved else { return }
    lots.update(ordinal) { lot in
      lot.lost = lot.left
      lot.left = 0
      lot.state = .void
      lot.history = TraceHistory.step(lot.history, hash)
    }
    update(lot.project, at: time) { project in
      if lot.state == .pledged { project.withdrawn += lot.left } else { project[lot.unit].lost += lot.left }
    }
  }
}
