internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension Demo {
  /// What befalls each class of disease, by its key; the weights follow what plans saw, cancer first.
  private static let diseases: [(String, Double)] = [
    ("cancer", 0.60), ("thyroid-mild", 0.12), ("heart-attack", 0.09), ("stroke", 0.08), ("kidney-failure", 0.04),
    ("brain-tumour", 0.03), ("transplant", 0.02), ("limb-loss", 0.01), ("aplastic-anaemia", 0.01),
  ]

  /// Claims of the day; returns the people who filed.
  mutating func claims(_ day: Int) throws -> [Int] {
    var filed: [Int] = []
    for plan in agenda.take(day) {
      switch plan {
      case .fallIll(let person):
        if try file(person, day: day) { filed.append(person) }
      case .assign(let number):
        try submit(
          MutualAid.assign(caseOrdinal: number, to: UInt32(DemoConsortium.Member.insurer.rawValue)), by: .platform)
        agenda.add(.investigate(number), on: day + 4 + generator.below(12))
      case .investigate(let number):
        let report = DemoKeys.hash(seed: options.seed, purpose: "report", index: Int(number))
        try submit(
          MutualAid.investigate(caseOrdinal: number, confirmed: !fate(number).isDeclined, report: report), by: .insurer)
        agenda.add(.decide(number), on: day + 1)
      case .decide(let number):
        try decide(number, day: day)
      case .appeal(let number):
        try submit(MutualAid.appeal(caseOrdinal: number, evidence: evidence(Int(number))), byOwnerOf: number)
      case .advance(let number): try advance(number)
      case .payBack(let number): try payBack(number)
      case .withdraw(let number):
        try submit(MutualAid.withdrawCase(number), byOwnerOf: number)
      }
    }
    return filed
  }

  /// The person files her own case, with her own key.
  private mutating func file(_ person: Int, day: Int) throws -> Bool {
    guard let membership = people[person].membership, let ill = people[person].illDay,
      mutualAid.memberships[Int(membership)].status == .active, isCovered(people[person].plan, on: ill)
    else { return false }
    let convention = mutualAid.convention(of: people[person].plan)
    let known = Demo.diseases.filter { convention.classID($0.0) != nil }
    guard let diseaseClass = convention.classID(generator.pick(known)) else { return false }
    let key = try DemoKeys.key(seed: options.seed, purpose: "person", index: person)
    let action = try MutualAid.fileCase(
      membership: membership, diseaseClass: diseaseClass, diagnosed: UInt32(ill),
      documents: DemoKeys.hash(seed: options.seed, purpose: "documents", index: person))
    try submit([
      Entry.make(.transaction, try unsigned(action, sender: key.publicKey.address).signed(by: [key]))
    ])
    return true
  }

  /// Whether a plan's cover had not ended on a day.
  private func isCovered(_ plan: UInt16, on day: Int) -> Bool {
    let record = mutualAid.plans[Int(plan)]
    return record.standing == .running || CivilDate.midnight(dayNumber: UInt32(day)) < record.windingSince
  }

  /// Puts the investigation of cases that were taken up on the agenda.
  mutating func follow(_ filed: [Int], day: Int) {
    for person in filed {
      guard let membership = people[person].membership else { continue }
      let open = mutualAid.memberships[Int(membership)].openCase
      guard open != 0 else { continue }
      fates[open - 1] = scripted[person] ?? Fate.drawn(&generator)
      if case .advanced = fate(open - 1) { agenda.add(.advance(open - 1), on: day + 1) }
      agenda.add(fate(open - 1) == .withdrawn ? .withdraw(open - 1) : .assign(open - 1), on: day + 2)
    }
  }

  /// The custodian pays what has become due.
  mutating func payments() throws {
    let state = mutualAid
    for number in 0..<state.cases.count where state.cases[number].status == .settled {
      let record = state.cases[number]
      let payable = Amount(micro: record.given - record.paid).wholeFen.fen
      guard payable.micro > 0, state.pausedUntil(.payouts, plan: record.plan, at: network.now) == nil else { continue }
      try pay(number, record)
    }
    let refunds = state.refunds
    while wallets[0].refundCursor < refunds.count {
      let number = wallets[0].refundCursor
      try submit(
        MutualAid.confirmRefund(
          refund: UInt32(number),
          reference: DemoKeys.hash(seed: options.seed, purpose: "refund", index: number)), by: .bank)
      wallets[Int(refunds[number].plan)].held -= refunds[number].amount
      wallets[0].refundCursor += 1
    }
  }

  /// The custodian pays what is due for a case.
  mutating func pay(_ number: Int, _ record: CaseRecord) throws {
    let payable = Amount(micro: record.given - record.paid).wholeFen.fen
    wallets[Int(record.plan)].held -= payable.micro
    try submit(
      MutualAid.confirmPayout(
        caseOrdinal: UInt32(number), amount: payable,
        reference: DemoKeys.hash(seed: options.seed, purpose: "payout \(record.paid)", index: number)), by: .bank)
  }

  /// One member in a hundred leaves each year.
  mutating func leaves(_ day: Int) throws {
    let expected = Double(people.count) * 0.01 / 365
    let count = Int(expected) + (generator.unit() < expected - Double(Int(expected)) ? 1 : 0)
    for _ in 0..<count {
      let person = generator.below(people.count)
      guard let membership = people[person].membership else { continue }
      let record = mutualAid.memberships[Int(membership)]
      guard record.status == .active, record.openCase == 0 else { continue }
      let key = try DemoKeys.key(seed: options.seed, purpose: "person", index: person)
      let unsigned = try unsigned(MutualAid.leave(membership: membership), sender: key.publicKey.address)
      try submit([Entry.make(.transaction, try unsigned.signed(by: [key]))])
    }
  }

  // MARK: Figures

  func report() -> DemoReport {
    let state = mutualAid
    var plans: [DemoReport.Plan] = []
    for plan in 0..<state.plans.count {
      let convention = state.convention(of: UInt16(plan))
      let record = state.plans[plan]
      var filed = [Int](repeating: 0, count: 256)
      var settled = [Int](repeating: 0, count: 256)
      for number in 0..<state.cases.count where Int(state.cases[number].plan) == plan {
        filed[Int(state.cases[number].diseaseClass)] += 1
        if state.cases[number].settlement != 0 { settled[Int(state.cases[number].diseaseClass)] += 1 }
      }
      var collected: Int64 = 0
      var count = 0
      for number in 0..<state.settlements.count where Int(state.settlements[number].plan) == plan {
        collected += state.settlements[number].collected
        count += Int(state.settlements[number].cases)
      }
      let balances = state.balances(of: UInt16(plan))
      plans.append(
        DemoReport.Plan(
          nameZh: convention.nameZh, nameEn: convention.nameEn, capPerCase: convention.caps.perCase.micro,
          joined: Int(record.members), live: Int(record.live), funded: balances.members,
          cases: convention.classes.compactMap { entry in
            filed[Int(entry.id)] == 0 ? nil : (entry.key, filed[Int(entry.id)], settled[Int(entry.id)])
          },
          settlements: Int(record.settlements), shares: record.cumulative, settledCases: count,
          collected: collected, memberYears: Double(memberDays[plan]) / 365, money: record.money,
          balances: Int64(balances.total)))
    }
    let names = results.map { (name: $0.key.name, count: $0.value) }.sorted {
      ($1.count, $0.name) < ($0.count, $1.name)
    }
    let example = (0..<state.memberships.count).prefix(2000).max { a, b in
      state.memberships[a].exhaustsAt < state.memberships[b].exhaustsAt
    }
    return DemoReport(
      plans: plans, tableRate: tableRate,
      selectionFactor: DemoOptions.illnessPerThousand / 1000 / tableRate, results: names, events: resolved + events,
      exampleMembership: UInt32(example ?? 0))
  }
}
