internal import HeartChain
internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// To whom a gift's hearts are to belong.
enum HeartBinding {
  case nobody
  case person(Int)
  /// Whoever has the claim code of this number.
  case code(Int)
}

extension HeartDemo {
  /// What people bring on a day, in one order each day: what the bank records, then each charity.
  mutating func takeGifts(_ index: Int) throws {
    let wishes = wishes(index)
    for project in HeartProject.allCases where project.sponsorYuan > 0 && isNow(7, index) {
      try give(.money, project.sponsorYuan * 100, to: project, from: .person(HeartPerson.sponsor.rawValue))
    }
    for wish in wishes where wish.kind == .money { try take(wish) }
    for person in [HeartPerson.example, .neighbour] { try takeExampleMoney(index, person) }
    try takeIndebted(index)
    for member in [Member.foodbank, .trees, .school] {
      for wish in wishes where wish.kind != .money && wish.project.charity == member { try take(wish) }
      if member == .foodbank {
        for person in [HeartPerson.example, .neighbour] { try takeExampleRice(index, person) }
        try takeMistyped(index)
      }
      if member == .school { try takeBooksOfPublisher(index) }
    }
  }

  /// What somebody wants to give.
  private struct Wish {
    let kind: HeartKind
    let project: HeartProject
  }

  /// Gifts of a step, as many as fall to its days.
  private mutating func wishes(_ index: Int) -> [Wish] {
    let days = max(0, index - options.stride + 1)...index
    // Nothing is given on the very first day: the projects open with it.
    let before = (1..<max(1, days.lowerBound)).reduce(0) { $0 + weight($1) }
    let here = days.reduce(0) { $0 + ($1 == 0 ? 0 : weight($1)) }
    let all = (1...HeartOptions.days).reduce(0) { $0 + weight($1) }
    let count = options.gifts * (before + here) / all - options.gifts * before / all
    return (0..<count).compactMap { _ in wish(index) }
  }

  /// How much people give on a day: more in the cold months, and most in September, when everybody is asked to.
  private func weight(_ index: Int) -> Int {
    let date = CivilDate(Demo.morning(options.firstDay + index))
    switch (date.month, date.day) {
    case (9, 5...9): return 60
    case (1, _), (2, _), (12, _): return 15
    default: return 10
    }
  }

  private mutating func wish(_ index: Int) -> Wish? {
    let kind = generator.pick(HeartDemo.wanted)
    let open = HeartProject.allCases.filter { project in
      project.takes(kind) && project.term.first < index && index < project.term.last - project.lastDays
    }
    // Where nobody asks for such things now, people bring rice.
    guard let project = open.isEmpty ? nil : open[generator.below(open.count)] else {
      return index > 0 ? Wish(kind: .rice, project: .kitchens) : nil
    }
    return Wish(kind: kind, project: project)
  }

  private static let wanted: [(HeartKind, Double)] = [
    (.money, 38), (.rice, 14), (.flour, 7), (.oil, 5), (.milk, 5), (.coats, 6), (.books, 8), (.tree, 10),
    (.volunteering, 7),
  ]

  private mutating func take(_ wish: Wish) throws {
    let (least, most): (Int, Int) =
      switch wish.kind {
      case .money: (5, 120)
      case .rice, .flour: (1, 15)
      case .oil, .milk: (1, 6)
      case .books: (1, 12)
      case .coats: (1, 3)
      case .tree: (1, 10)
      case .volunteering, .parcel: (2, 6)
      }
    var quantity = Int64(least + generator.below(most - least + 1))
    switch wish.kind {
    // One gift of money in sixty is a large one.
    case .money: quantity *= generator.below(60) == 0 ? 5000 : 100
    case .rice, .flour, .oil, .milk: quantity *= 1000
    default: break
    }
    let binding: HeartBinding
    switch generator.below(100) {
    case 0..<8: binding = .nobody
    case 8..<13: binding = .code(crowd.takeCode())
    default: binding = .person(anybody())
    }
    let lot = try give(wish.kind, quantity, to: wish.project, from: binding)
    if case .code(let code) = binding { crowd.codes.append((code, nextGift - 1, false)) }
    switch wish.kind {
    case .rice, .flour, .oil, .milk: try store(lot, wish.kind, quantity)
    default: break
    }
  }

  /// Somebody without a part of her own. Some give often, most do so once or twice.
  mutating func anybody() -> Int {
    let others = options.people - HeartPerson.allCases.count
    let drawn = generator.unit()
    return HeartPerson.allCases.count + min(others - 1, Int(drawn * drawn * Double(others)))
  }

  /// Something is given; whoever has to records it. Gives the lot it begins, or the next one's ordinal where it is
  /// attendance.
  @discardableResult
  mutating func give(
    _ kind: HeartKind, _ quantity: Int64, to project: HeartProject, from binding: HeartBinding
  ) throws -> UInt32 {
    let what: TraceKind =
      switch kind {
      case .tree: .pledged
      case .volunteering: .attended
      default: .donated
      }
    let (reason, party): (GiftBinding, Hash) =
      switch binding {
      case .nobody: (.anonymous, .zero)
      case .person(let number): (.address, people[number].key)
      case .code(let number): (.claim, try claimKey(number).publicKey.address.key)
      }
    let place = kind == .volunteering ? project.place : HeartPlace.givers[generator.below(HeartPlace.givers.count)]
    let lot = try tell(
      kind == .money ? .bank : project.charity, what, kind.unit, makes: kind == .volunteering ? 0 : 1, isGift: true
    ) { event in
      event.gift = kind.rawValue
      event.quantity = quantity
      event.project = project.rawValue
      event.place = place
      event.reason = reason.rawValue
      event.party = party
    }
    tally[Int(kind.rawValue)].gifts += 1
    tally[Int(kind.rawValue)].quantity += quantity
    switch kind {
    case .money: purses[Int(project.rawValue)].arrived.append((lot, quantity))
    case .rice, .flour, .oil, .milk: food.raw[kind, default: []].append((lot, quantity))
    case .coats: clothes.raw.append((lot, quantity))
    case .books: library.raw.append((lot, quantity))
    case .tree: grove.pledges.append((lot, quantity))
    case .volunteering, .parcel: break
    }
    return lot
  }

  func claimKey(_ code: Int) throws(LedgerError) -> SigningKey {
    try DemoKeys.key(seed: options.seed, purpose: "heart claim", index: code)
  }

  /// The food bank puts food into its store.
  private mutating func store(_ lot: UInt32, _ kind: HeartKind, _ quantity: Int64) throws {
    try tell(.foodbank, .stored, kind.unit) { event in
      event.lot = lot
      event.place = HeartPlace.store
    }
  }
}

extension HeartProject {
  /// Whether gifts of a kind are asked for.
  func takes(_ kind: HeartKind) -> Bool {
    switch self {
    case .kitchens: [.money, .rice, .flour, .oil, .milk, .volunteering].contains(kind)
    case .coats: kind == .coats
    case .hills: [.money, .tree].contains(kind)
    case .plantingDays: kind == .volunteering
    case .books: [.money, .books].contains(kind)
    case .scholarships, .classrooms: kind == .money
    }
  }

  /// Days before the end from which nothing more is taken: what comes in has to go out.
  var lastDays: Int { self == .coats ? 35 : 7 }
}
