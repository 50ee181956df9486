internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// What the school charity is up to.
struct SchoolBook {
  /// The publisher's books: eight hundred, of which some are handed over.
  var publishers: Stock?
  /// The gift of books that nobody gave.
  var invented: UInt32?
  /// Money that is to go round.
  var purse: Stock?
  /// The same on its way to the firm, and back.
  var going: Stock?
  /// See ``going``.
  var coming: Stock?
  /// What comes back by way of another firm.
  var aside: Stock?
  /// A receipt that is shown twice.
  var receipt: Hash?
}

extension HeartDemo {
  /// What the school charity does on some weeks, and what the auditor finds. What it only leaves undone, to disclose,
  /// to pass money on before the term ends and to spend any of it on classrooms, needs no events.
  mutating func cheat(_ index: Int) throws {
    switch index {
    case 63:
      if let books = affairs.publishers { try handOver(500, of: books.lot, .piece, by: .school) }
    // More books are handed over than there are.
    case 140: try handOverTooMany(5000)
    case 147: try handOverTooMany(1200)
    // Money goes to a firm and comes back, some of it by way of another firm.
    case 91:
      guard let purse = affairs.purse else { return }
      affairs.going = try pay(purse.quantity * 3 / 4, from: purse.lot, .school, to: .helpers)
    case 98: if let lot = affairs.going { try receive(lot, by: .helpers) }
    case 105:
      guard let lot = affairs.going else { return }
      try spend(lot.quantity / 10, of: lot.lot, on: .overhead, by: .helpers)
      affairs.coming = try pay(lot.quantity / 2, from: lot.lot, .helpers, to: .school)
      affairs.aside = try pay(lot.quantity / 4, from: lot.lot, .helpers, to: .press)
    case 112:
      if let lot = affairs.coming { try receive(lot, by: .school) }
      if let lot = affairs.aside {
        try receive(lot, by: .press)
        affairs.aside = try pay(lot.quantity, from: lot.lot, .press, to: .school)
      }
    case 119: if let lot = affairs.aside { try receive(lot, by: .school) }
    // One receipt is shown twice.
    case 126, 182:
      guard let lot = affairs.coming else { return }
      let shown = affairs.receipt
      let receipt = shown ?? fresh("receipt")
      try spend(
        lot.quantity / 3, of: lot.lot, on: .aid, by: .school, receipt: receipt, isRefused: shown != nil)
      affairs.receipt = receipt
    case 196:
      try flush()
      try submit(
        Hearts.relate(
          UInt32(Member.school.rawValue), UInt32(Member.helpers.rawValue), evidence: fresh("register of firms")),
        by: .auditor)
    case 210:
      guard let gift = affairs.invented else { return }
      try flush()
      try submit(Hearts.reverse(gift: gift, reason: fresh("reason")), by: .auditor)
    default: break
    }
  }

  private mutating func handOverTooMany(_ books: Int64) throws {
    guard let lot = affairs.publishers else { return }
    let recipient = fresh("recipient")
    try tell(.school, .handedOver, .piece, isRefused: true) { event in
      event.lot = lot.lot
      event.quantity = books
      event.party = recipient
    }
  }
}
