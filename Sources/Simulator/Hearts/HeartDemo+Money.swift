internal import HeartChain
internal import Ledger
internal import TransparencyLog

/// Money given to one project.
struct Purse {
  /// What the bank recorded and has not passed on.
  var arrived: [Stock] = []
  /// What the charity has: what came this month, and what is left of the month before.
  var kept: [Stock] = []
  /// See ``kept``.
  var old: [Stock] = []
}

/// How a charity uses what came in a month, in thousandths: what runs it, what it spends on its purpose, and what each
/// of its partners gets for theirs.
struct Budget {
  let overhead: Int64
  let aid: Int64
  let partners: [HeartConsortium.Member]
  let each: Int64
}

extension HeartProject {
  /// See ``Budget``; `nil` where the project has no money.
  var budget: Budget? {
    switch self {
    case .kitchens: Budget(overhead: 70, aid: 480, partners: [.kitchenEast, .kitchenWest], each: 180)
    case .hills: Budget(overhead: 80, aid: 320, partners: [.nursery], each: 500)
    case .books: Budget(overhead: 90, aid: 620, partners: [], each: 0)
    case .scholarships: Budget(overhead: 120, aid: 450, partners: [], each: 0)
    // Nothing but overhead: that it is for classrooms is all that anybody ever sees of it.
    case .classrooms: Budget(overhead: 350, aid: 0, partners: [], each: 0)
    case .coats, .plantingDays: nil
    }
  }

  /// The last day on which money is passed on; the scholarships stop long before their end.
  var lastPayment: Int { self == .scholarships ? 56 : .max }
}

extension HeartDemo {
  /// Lots of money pooled into one at most.
  private static let pooled = 100

  /// A month's money: promised by the charity, passed on by the bank, and spent with receipts.
  mutating func moveMoney(_ index: Int) throws {
    for project in HeartProject.allCases {
      guard let budget = project.budget, index <= project.lastPayment else { continue }
      let number = Int(project.rawValue)
      let given = purses[number].arrived
      purses[number].arrived = []
      guard !given.isEmpty else { continue }
      let contract = fresh("contract")
      try tell(project.charity, .committed, .fen) { event in
        event.project = project.rawValue
        event.quantity = given.reduce(0) { $0 + $1.quantity }
        event.evidence = contract
      }
      var sent: [Stock] = []
      for lot in try pool(given) { sent.append(try pay(lot.quantity, from: lot.lot, .bank, to: project.charity)) }
      for lot in sent { try receive(lot, by: project.charity) }
      if project == .books, affairs.purse == nil,
        let largest = sent.indices.max(by: { sent[$0].quantity < sent[$1].quantity })
      {
        affairs.purse = sent.remove(at: largest)
      }
      purses[number].kept = sent
      try spend(project, budget)
    }
  }

  /// The bank puts gifts together: a hundred small ones are passed on at once.
  private mutating func pool(_ given: [Stock]) throws -> [Stock] {
    var lots: [Stock] = []
    for start in Swift.stride(from: 0, to: given.count, by: HeartDemo.pooled) {
      let part = given[start..<min(start + HeartDemo.pooled, given.count)]
      let whole = part.reduce(0) { $0 + $1.quantity }
      let made = try tell(.bank, .repacked, .fen, makes: 1) { event in
        event.inputs = UInt8(part.count)
        event.parts = part.map { TracePart(lot: $0.lot, quantity: $0.quantity) }
        event.parts.append(TracePart(lot: UInt32(HeartKind.money.rawValue), quantity: whole))
      }
      lots.append((made, whole))
    }
    return lots
  }

  /// Money leaves for another organisation; gives the lot that is under way.
  mutating func pay(_ fen: Int64, from lot: UInt32, _ member: Member, to other: Member) throws -> Stock {
    let made = try tell(member, .disbursed, .fen, makes: 1) { event in
      event.lot = lot
      event.quantity = fen
      event.other = UInt16(other.rawValue)
    }
    return (made, fen)
  }

  mutating func receive(_ lot: Stock, by member: Member) throws {
    try tell(member, .arrived, .fen) { event in
      event.lot = lot.lot
      event.quantity = lot.quantity
    }
  }

  /// Money is spent, with a receipt that nobody showed before unless one is given.
  mutating func spend(
    _ fen: Int64, of lot: UInt32, on purpose: SpendingPurpose, by member: Member, receipt: Hash? = nil,
    isRefused: Bool = false
  ) throws {
    guard fen > 0 else { return }
    let (receipt, payee) = (receipt ?? fresh("receipt"), fresh("payee"))
    try tell(member, .spent, .fen, isRefused: isRefused) { event in
      event.lot = lot
      event.quantity = fen
      event.reason = purpose.rawValue
      event.evidence = receipt
      event.party = payee
    }
  }

  private mutating func spend(_ project: HeartProject, _ budget: Budget) throws {
    let (number, charity) = (Int(project.rawValue), project.charity)
    var (left, under): ([Stock], [(Member, Stock)]) = ([], [])
    for lot in purses[number].kept {
      let (overhead, aid) = (lot.quantity * budget.overhead / 1000, lot.quantity * budget.aid / 1000)
      let each = lot.quantity * budget.each / 1000
      try spend(overhead, of: lot.lot, on: .overhead, by: charity)
      // A month's purchases come on two receipts.
      try spend(aid / 3, of: lot.lot, on: .aid, by: charity)
      try spend(aid - aid / 3, of: lot.lot, on: .aid, by: charity)
      for partner in budget.partners where each > 0 {
        under.append((partner, try pay(each, from: lot.lot, charity, to: partner)))
      }
      let rest = lot.quantity - overhead - aid - each * Int64(budget.partners.count)
      if rest > 0 { left.append((lot.lot, rest)) }
    }
    // What was left of the month before goes too, where there is anything it is for.
    for lot in purses[number].old where budget.aid > 0 {
      try spend(lot.quantity, of: lot.lot, on: .aid, by: charity)
    }
    purses[number].old = left
    for partner in budget.partners {
      for case (partner, let lot) in under {
        try receive(lot, by: partner)
        try spend(lot.quantity, of: lot.lot, on: .aid, by: partner)
      }
    }
  }
}
