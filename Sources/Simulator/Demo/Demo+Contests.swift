internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// What becomes of a case of the demonstration, as far as its people have a hand in it.
enum Fate: Equatable {
  /// Found right and never contested.
  case plain
  /// Refused by two organisations; the owner may appeal, and a jury may find for her.
  case declined(appeals: Bool, isRight: Bool)
  /// Members object; a jury may let it stand.
  case contested(isRight: Bool)
  /// Its owner takes it back.
  case withdrawn
  /// A hospital and an insurer sign for it, and its aid is advanced; it stands or is refused in the end.
  case advanced(isRight: Bool)

  var isDeclined: Bool {
    switch self {
    case .declined, .advanced(isRight: false): true
    default: false
    }
  }
  var isContested: Bool { if case .contested = self { true } else { false } }

  /// Whether an honest juror finds for the case.
  var isRight: Bool {
    switch self {
    case .plain, .withdrawn: true
    case .declined(_, let isRight), .contested(let isRight), .advanced(let isRight): isRight
    }
  }

  /// One case in ten is refused, of which half are appealed; one in twenty is contested.
  static func drawn(_ generator: inout SplitMix64) -> Fate {
    switch generator.below(100) {
    case 0..<10: .declined(appeals: generator.below(2) == 0, isRight: generator.below(3) == 0)
    case 10..<15: .contested(isRight: generator.below(2) == 0)
    case 15: .withdrawn
    default: .plain
    }
  }

  /// People of the calendar's plan who join on the first day and fall ill in turn, so that even a small demonstration
  /// shows all of it once; by number of the person.
  static let script: [(person: Int, fate: Fate)] = [
    (1, .declined(appeals: true, isRight: true)), (3, .contested(isRight: false)), (5, .contested(isRight: true)),
    (7, .withdrawn), (9, .declined(appeals: true, isRight: false)), (11, .contested(isRight: false)),
    (13, .declined(appeals: false, isRight: false)), (15, .contested(isRight: true)),
  ]
  /// The day on which the first of them falls ill, counted from the beginning, and the days between two. By then the
  /// waiting periods of the first members are over.
  static let scriptDay = 120
  /// See ``scriptDay``.
  static let scriptStep = 16

  /// People of the first plan whose aid is advanced, and the day on which each falls ill: past the first waiting
  /// periods, and when no payouts are paused.
  static let advances: [(person: Int, day: Int, fate: Fate)] = [
    (0, 212, .advanced(isRight: true)), (2, 216, .advanced(isRight: false)), (4, 262, .advanced(isRight: true)),
  ]

  /// Days on which neighbours fall ill, too many for so few.
  static let neighbourDays = [40, 52, 64, 76]
}

extension Demo {
  /// Members of each plan who are ready to judge.
  private static let volunteers = 60

  func fate(_ number: UInt32) -> Fate { fates[number] ?? .plain }

  func evidence(_ index: Int) -> Hash { DemoKeys.hash(seed: options.seed, purpose: "evidence", index: index) }

  /// A transaction by the owner of a membership, with her own key.
  func submit(_ action: Action, byMember membership: UInt32) throws -> [[UInt8]]? {
    guard let person = persons[membership] else { return nil }
    let key = try DemoKeys.key(seed: options.seed, purpose: "person", index: person)
    return [Entry.make(.transaction, try unsigned(action, sender: key.publicKey.address).signed(by: [key]))]
  }

  mutating func submit(_ action: Action, byOwnerOf number: UInt32) throws {
    if let entries = try submit(action, byMember: mutualAid.cases[Int(number)].membership) { try submit(entries) }
  }

  /// The organisations commit their hash chains before there is anything to draw.
  mutating func commitDice() throws {
    for member in DemoConsortium.rollers { try submit(MutualAid.commitDice(tip: dice(of: member).tip), by: member) }
  }

  private func dice(of member: DemoConsortium.Member) -> DiceChain {
    DiceSecret(consortium.dice(of: member)).chain(series: 1)
  }

  /// Two organisations that did not investigate a case decide on it.
  mutating func decide(_ number: UInt32, day: Int) throws {
    let approve = !fate(number).isDeclined
    for member in [DemoConsortium.Member.platform, .charity] {
      try submit(MutualAid.decide(caseOrdinal: number, approve: approve), by: member)
    }
    if case .declined(appeals: true, _) = fate(number) { agenda.add(.appeal(number), on: day + 3) }
    if fate(number) == .advanced(isRight: false) { agenda.add(.payBack(number), on: day + 20) }
  }

  /// What members and organisations do about contested cases in a day.
  mutating func contests() throws {
    let state = mutualAid
    for plan in 0..<UInt16(state.plans.count) {
      try volunteers(plan, state)
      for notice in state.openNotices(of: plan) {
        let number = state.notices[Int(notice)].caseOrdinal
        let record = state.cases[Int(number)]
        guard record.status == .noticed, record.objections == 0, fate(number).isContested,
          !record.marks.contains(.heard)
        else { continue }
        try object(to: number, state)
      }
      // What was confirmed the day before, by officers or by a jury.
      guard state.convention(of: plan).calendar == nil else { continue }
      for number in 0..<state.cases.count
      where state.cases[number].plan == plan && state.cases[number].status == .confirmed {
        try submit(MutualAid.publishNotice(caseOrdinal: UInt32(number)), by: .platform)
      }
    }
    if let draw = state.openDraw { try roll(draw, state) }
    for jury in 0..<state.juries.count where state.juries[jury].verdict == .open { try vote(UInt32(jury), state) }
  }

  /// Members whose waiting period is over get ready to judge, in the order in which they joined.
  private mutating func volunteers(_ plan: UInt16, _ state: MutualAid) throws {
    let convention = state.convention(of: plan)
    var known = volunteered[Int(plan)]
    while known.count < Demo.volunteers, known.next < state.memberships.count {
      let membership = UInt32(known.next)
      let member = state.memberships[known.next]
      if member.plan == plan {
        // Paid in the day after; who never paid holds nobody up.
        guard network.now >= member.joinedAt.adding(days: UInt64(convention.waitingDays) + 2) else { break }
        let isScripted = persons[membership].map { scripted[$0] != nil } ?? true
        if !isScripted, member.status == .active, member.balance(cumulative: state.plans[Int(plan)].cumulative) > 0,
          let entries = try submit(MutualAid.volunteer(membership: membership), byMember: membership)
        {
          try submit(entries)
          known.count += 1
        }
      }
      known.next += 1
    }
    volunteered[Int(plan)] = known
  }

  /// As many members as the convention asks for object to a case.
  private mutating func object(to number: UInt32, _ state: MutualAid) throws {
    let record = state.cases[Int(number)]
    let convention = state.convention(of: record.plan)
    var objectors: [UInt32] = []
    for _ in 0..<(50 * convention.contest.objections) where objectors.count < convention.contest.objections {
      let membership = UInt32(generator.below(state.memberships.count))
      let member = state.memberships[Int(membership)]
      guard member.plan == record.plan, member.status == .active, membership != record.membership,
        member.balance(cumulative: state.plans[Int(record.plan)].cumulative) > 0,
        network.now >= member.waitingFrom.adding(days: UInt64(convention.waitingDays) + 1),
        member.objections == 0, member.volunteer == 0, !objectors.contains(membership)
      else { continue }
      objectors.append(membership)
    }
    // In a plan with too few members nobody objects.
    guard objectors.count == convention.contest.objections else { return }
    for membership in objectors {
      let action = try MutualAid.object(
        to: number, membership: membership, reason: .falseDeclaration, evidence: evidence(Int(membership)))
      if let entries = try submit(action, byMember: membership) { try submit(entries) }
    }
  }

  /// The organisations reveal what a draw needs; now and then one is silent.
  private mutating func roll(_ draw: UInt32, _ state: MutualAid) throws {
    guard state.draws[Int(draw)].reveals == 0 else { return }
    let silent = generator.below(10)
    for (place, member) in DemoConsortium.rollers.enumerated() where place != silent {
      let revealed = Int(state.dice[member.rawValue].revealed)
      guard let preimage = dice(of: member).preimage(after: revealed) else { continue }
      try submit(MutualAid.revealDice(draw: draw, preimage: preimage), by: member)
    }
  }

  /// Jurors vote, and open their votes when the time for that has come. Four in five see what is right.
  private mutating func vote(_ jury: UInt32, _ state: MutualAid) throws {
    let record = state.juries[Int(jury)]
    let isRight = fate(record.caseOrdinal).isRight
    for seat in state.seats(of: jury) {
      let membership = state.seats[seat].membership
      let salt = DemoKeys.hash(seed: options.seed, purpose: "salt \(jury)", index: Int(membership))
      let approve = salt.bytes[0] < 205 ? isRight : !isRight
      let action: Action
      switch state.seats[seat].status {
      case .drawn where network.now < record.commitBy:
        // One in sixteen steps back, and another is drawn.
        action =
          salt.bytes[1] < 16 && network.now.adding(days: 2) < record.commitBy
          ? try MutualAid.recuse(jury: jury, membership: membership)
          : try MutualAid.commitVote(jury: jury, membership: membership, approve: approve, salt: salt)
      case .committed where network.now >= record.commitBy.adding(seconds: 3600):
        action = try MutualAid.revealVote(jury: jury, membership: membership, approve: approve, salt: salt)
      default: continue
      }
      if let entries = try submit(action, byMember: membership) { try submit(entries) }
    }
  }
}
