internal import Consortium
public import Contracts
public import Ledger
public import MutualAid
internal import TransparencyLog

/// Three plans with real rules over simulated years: people join with keys of their own, fall ill, and share.
///
/// Four organisations execute and endorse every block. The caller takes each final block and may write it
/// to disk; nothing here reads a clock or a file.
public struct Demo {
  /// Takes a final block of the first organisation, with the set that certified it.
  public typealias Publish = (CertifiedBlock<ChainState>, EndorserSet) throws -> Void

  let options: DemoOptions
  let consortium: DemoConsortium
  let preparation: DemoPreparation
  var network: Network<ChainState>
  var generator: SplitMix64
  var people: [Person] = []
  /// Joiners of each day, from the first.
  var joiners: [[Int]] = []
  var agenda = Agenda()
  var wallets: [Wallet]
  /// What becomes of cases, by their ordinals, and of people whose case is written down beforehand.
  var fates: [UInt32: Fate] = [:]
  /// See ``fates``.
  var scripted: [Int: Fate] = [:]
  /// People of the small plan; the last ones.
  var neighbours = 0..<0
  /// People by their memberships.
  var persons: [UInt32: Int] = [:]
  /// Of each plan: members ready to judge, and the membership to ask next.
  var volunteered: [(count: Int, next: Int)]
  var results: [ErrorCode: Int] = [:]
  var memberDays: [Int]
  var nextID: UInt64 = 0
  private(set) var tableRate = 0.0
  let publish: Publish

  /// The demonstration before its first day.
  public init(
    _ options: DemoOptions, preparation: DemoPreparation, publish: @escaping Publish
  ) throws(LedgerError) {
    self.options = options
    self.preparation = preparation
    self.publish = publish
    let last = options.lastDay
    let first = last - 365 * options.years
    consortium = try DemoConsortium(seed: options.seed, start: Demo.morning(first - 1))
    let genesis = consortium.genesis
    network = try Network(genesis: genesis, keys: consortium.endorsers, seed: options.seed) { batch, genesis in
      preparation.batch(batch, genesis: genesis)
    }
    generator = SplitMix64(seed: options.seed)
    wallets = options.plans.map { _ in Wallet() }
    volunteered = options.plans.map { _ in (0, 0) }
    memberDays = options.plans.map { _ in 0 }
    tableRate = makePeople(first: first, last: last)
  }

  /// The genesis, whose hash is the chain's id.
  public var genesis: Genesis { consortium.genesis }

  /// The organisations at the beginning.
  public var endorsers: EndorserSet { network.participants[0].chain.app.endorsers }

  /// The organisations with their keys, so that a node can go on with the chain.
  public var organisations: [DemoOrganisation] { consortium.organisations }

  /// The state after the last final block, as the first organisation has it.
  public var mutualAid: MutualAid { network.participants[0].chain.app.mutualAid }

  /// Runs all days.
  ///
  /// - Parameter progress: called with days done and days in all.
  public mutating func run(progress: (Int, Int) -> Void = { _, _ in }) throws -> DemoReport {
    let last = options.lastDay
    let first = last - 365 * options.years
    try openPlans(day: first - 1)
    for day in first...last {
      try run(day: day, index: day - first)
      progress(day - first + 1, last - first + 1)
    }
    return report()
  }

  /// What a sponsor gives to the first plan's reserve.
  private static let sponsorYuan: Int64 = 300_000

  static func morning(_ day: Int) -> Timestamp {
    CivilDate.midnight(dayNumber: UInt32(day)).adding(seconds: DemoOptions.morningSeconds)
  }
}

extension Demo {
  /// Draws everyone's age, sex, plan, day of joining and day of falling ill; returns the table's average rate.
  private mutating func makePeople(first: Int, last: Int) -> Double {
    // People join over the first half of the time; who joins later shares less and is not better off.
    let joinDays = max(1, (last - first) / 2)
    let perDay = (options.members + joinDays - 1) / joinDays
    var rates: [Double] = []
    for index in 0..<options.members {
      add(to: UInt16(index % 2), day: index / perDay, first: first, rates: &rates)
    }
    neighbours = people.count..<(people.count + options.people(of: 2))
    // They know each other, and all join on the first day.
    for _ in neighbours { add(to: 2, day: 0, first: first, rates: &rates) }
    let average = rates.reduce(0, +) / Double(max(1, rates.count))
    let factor = DemoOptions.illnessPerThousand / 1000 / average
    for index in people.indices {
      // The chance of each day is the yearly rate over 365: the day comes after a geometric wait.
      let daily = rates[index] * factor / 365
      let wait = Demo.geometric(chance: daily, generator.unit())
      let day = people[index].joinDay + wait
      if day < last {
        people[index].illDay = day
        agenda.add(.fallIll(index), on: day + 3 + generator.below(20))
      }
    }
    for (place, (person, fate)) in Fate.script.enumerated() where person < options.members {
      script(person, fate, day: first + Fate.scriptDay + Fate.scriptStep * place, last: last)
    }
    for (person, day, fate) in Fate.advances where person < options.members {
      script(person, fate, day: first + day, last: last)
    }
    for (place, day) in Fate.neighbourDays.enumerated() where place < neighbours.count {
      script(neighbours.lowerBound + place, .plain, day: first + day, last: last)
    }
    return average
  }

  /// A person of a plan who joins on a day, counted from the first.
  private mutating func add(to plan: UInt16, day: Int, first: Int, rates: inout [Double]) {
    let isMale = generator.next() & 1 == 0
    let ages = options.plans[Int(plan)].ages
    let months = AgeStructure.month(from: 2, to: ages.joinToYears * 12, using: &generator)
    let today = CivilDate(Demo.morning(first + day)).monthIndex
    while joiners.count <= day { joiners.append([]) }
    joiners[day].append(people.count)
    people.append(
      Person(plan: plan, birthMonth: UInt16(today - months), isMale: isMale, joinDay: first + day))
    rates.append(Incidence.rate(age: Double(months) / 12, isMale: isMale))
  }

  /// Writes down that a person falls ill on a day, unless she does so anyway: then two cases would be filed.
  private mutating func script(_ person: Int, _ fate: Fate, day: Int, last: Int) {
    guard day < last, people[person].illDay == nil else { return }
    people[person].illDay = day
    scripted[person] = fate
    agenda.add(.fallIll(person), on: day + 3)
  }

  /// Days until something that happens each day with a small chance, from a number between 0 and 1.
  private static func geometric(chance: Double, _ drawn: Double) -> Int {
    // −ln(1 − u) by its series in a few doublings, so that no two machines differ in a library's logarithm.
    var power = 1 - drawn
    var halvings = 0.0
    while power < 0.5 {
      power *= 2
      halvings += 1
    }
    let x = 1 - power
    var term = x
    var sum = 0.0
    for k in 1...40 {
      sum += term / Double(k)
      term *= x
    }
    let wait = (sum + halvings * 0.693147180559945) / chance
    return wait > 1_000_000 ? 1_000_000 : Int(wait)
  }

  /// The platform opens the plans, and a sponsor gives to the reserve from which the fast track advances aid.
  private mutating func openPlans(day: Int) throws {
    network.advance(to: Demo.morning(day).adding(seconds: 120))
    for convention in options.plans {
      try submit(
        MutualAid.openPlan(
          convention, custodian: UInt32(DemoConsortium.Member.bank.rawValue),
          identity: UInt32(DemoConsortium.Member.identity.rawValue)), by: .platform)
    }
    try commitDice()
    try attest(joiners.first ?? [])
    try settle()
    wallets[0].held += Demo.sponsorYuan * Amount.microPerYuan
    try submit(
      MutualAid.contribute(
        plan: 0, amount: Amount(yuan: Demo.sponsorYuan),
        reference: DemoKeys.hash(seed: options.seed, purpose: "sponsor", index: 0)), by: .bank)
    try settle()
  }
}
