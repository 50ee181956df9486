internal import HeartChain
internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// What people do with their hearts.
struct PeopleBook {
  /// Claim codes whose gifts wait: number, gift, and whether it is lost and will never be used.
  var codes: [(code: Int, gift: UInt32, isLost: Bool)] = []
  /// The gift that was booked twice, and the one that was mistyped.
  var doubled: UInt32?
  /// See ``doubled``.
  var mistyped: UInt32?
  /// Consents that are to be taken back.
  var regretted: [(person: Int, partner: UInt32)] = []
  /// Codes given out so far.
  private(set) var issued = 0

  mutating func takeCode() -> Int {
    issued += 1
    return issued - 1
  }
}

extension HeartDemo {
  /// What people and organisations do on a day about gifts that are on the chain already.
  mutating func act(_ index: Int) throws {
    try takeBack(index)
    try redeem()
    try useHearts(index)
    try consent(index)
  }

  /// Gifts that were put down wrongly are taken back.
  private mutating func takeBack(_ index: Int) throws {
    if isNow(35, index), let gift = crowd.mistyped {
      try submit(Hearts.reverse(gift: gift, reason: fresh("reason")), by: .foodbank)
    }
    if isNow(63, index), let gift = crowd.doubled {
      try submit(Hearts.reverse(gift: gift, reason: fresh("reason")), by: .bank)
    }
  }

  /// Whoever has a code uses it after a while; three in ten never do.
  private mutating func redeem() throws {
    let (state, waiting) = (chain, crowd.codes)
    crowd.codes = []
    for var entry in waiting {
      // What was recorded today is not on the chain yet.
      guard Int(entry.gift) < state.gifts.count, !entry.isLost, generator.below(28) < options.stride else {
        crowd.codes.append(entry)
        continue
      }
      if generator.below(10) < 3 {
        entry.isLost = true
        crowd.codes.append(entry)
        continue
      }
      try submit(
        Hearts.redeem(gift: entry.gift), signedBy: [try key(of: anybody()), try claimKey(entry.code)])
    }
  }

  /// Some spend hearts at the shop, some give them to a project.
  private mutating func useHearts(_ index: Int) throws {
    if isNow(42, index) { try buy(HeartPerson.indebted.rawValue, 25_000) }
    if isNow(350, index) { try buy(HeartPerson.example.rawValue, 20_000) }
    let count = options.gifts / 30 * options.stride / HeartOptions.days + 1
    var busy: [Int] = []
    for _ in 0..<count {
      let person = anybody()
      let held = chain.giver(people[person])?.held ?? 0
      guard held >= 500, !busy.contains(person), index > 14 else { continue }
      busy.append(person)
      let hearts = max(100, held / Int64(2 + generator.below(6)))
      if generator.below(3) == 0 {
        let project: HeartProject = generator.below(2) == 0 ? .kitchens : .hills
        try submit(Hearts.give(hearts: hearts, to: project.rawValue), signedBy: [try key(of: person)])
      } else {
        try buy(person, hearts)
      }
    }
  }

  private mutating func buy(_ person: Int, _ hearts: Int64) throws {
    let shop = HeartConsortium.Partner.shop
    try submit(
      Hearts.spend(
        hearts: hearts, at: shop.rawValue, purpose: UInt32(1 + generator.below(3)), receipt: fresh("sale")),
      signedBy: [try key(of: person), consortium.key(of: shop)])
  }

  /// Now and then somebody consents that a partner may ask about her, for half a year; one in six takes it back.
  private mutating func consent(_ index: Int) throws {
    for entry in crowd.regretted {
      let key = IndexConsentRecord.key(of: people[entry.person], partner: entry.partner)
      guard let ordinal = chain.consents.find(key) else { continue }
      try submit(Hearts.withdrawConsent(UInt32(ordinal)), signedBy: [try self.key(of: entry.person)])
    }
    crowd.regretted = []
    let until = network.now.adding(days: 183)
    // Shortly before the end, so that the examples' consents hold when a node goes on.
    if isNow(357, index) {
      for person in [HeartPerson.example, .neighbour] {
        for partner in HeartConsortium.Partner.allCases {
          try submit(
            Hearts.consent(partner: partner.rawValue, until: until), signedBy: [try key(of: person.rawValue)])
        }
      }
    }
    guard index % 7 == 0, index > 28 else { return }
    for _ in 0..<(1 + options.gifts / 10_000) {
      let person = anybody()
      guard chain.giver(people[person]) != nil else { continue }
      let partner = UInt32(generator.below(HeartConsortium.Partner.allCases.count))
      try submit(Hearts.consent(partner: partner, until: until), signedBy: [try key(of: person)])
      if generator.below(6) == 0, !crowd.regretted.contains(where: { $0 == (person, partner) }) {
        crowd.regretted.append((person, partner))
      }
    }
  }
}
