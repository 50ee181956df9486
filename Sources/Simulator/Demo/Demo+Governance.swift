internal import Consortium
internal import Contracts
internal import Ledger
internal import MutualAid
internal import TransparencyLog

/// What the organisations of the demonstration decide, every year on the same days, counted from the first.
enum Resolution: Int, CaseIterable {
  /// The first plan gets its next convention, which binds a month later.
  case convention = 60
  /// The charity's second officer gets another key, whoever found the old one.
  case rotation = 100
  /// With that key she proposes that the hospital be suspended.
  case suspension = 130
  /// The hospital may act again.
  case unsuspension = 150
  /// The bank and the insurer stop the first plan's payouts, which go on by themselves after three days.
  case pause = 200
}

extension Demo {
  private var present: Consortium { network.participants[0].chain.app.consortium }

  /// What the organisations do about rules and each other on a day, before its business.
  mutating func govern(index: Int) throws {
    carryOut()
    try ballot()
    guard let resolution = Resolution(rawValue: index % 365) else { return }
    switch resolution {
    case .convention:
      let convention = mutualAid.convention(of: 0)
      let next = try convention.changed { wire in
        wire.version += 1
        // A week more each year to file a case in.
        wire.filingDays = min(3650, wire.filingDays + 7)
      }
      try submit(Consortium.propose(MutualAid.change(convention: next, of: 0)), by: .platform)
    case .rotation:
      let next = try deputyKey(year: index / 365 + 1)
      try submit(Consortium.propose(.rotateOfficer(consortium.deputy.publicKey.address, next.publicKey)), by: .platform)
    case .suspension: try propose(.suspend(UInt16(DemoConsortium.Member.hospital.rawValue)), year: index / 365 + 1)
    case .unsuspension:
      try submit(
        Consortium.propose(.unsuspend(UInt16(DemoConsortium.Member.hospital.rawValue))), by: .platform)
    case .pause:
      for member in [DemoConsortium.Member.bank, .insurer] {
        try submit(Consortium.callPause(.payouts, plan: 0), by: member)
      }
    }
    try settle()
  }

  /// The charity's second officer proposes, with the key she has since this year.
  private mutating func propose(_ change: Change, year: Int) throws {
    let key = try deputyKey(year: year)
    let unsigned = try unsigned(
      Consortium.propose(change), sender: consortium.deputy.publicKey.address)
    try submit([Entry.make(.transaction, try unsigned.signed(by: [key]))])
  }

  private func deputyKey(year: Int) throws(LedgerError) -> SigningKey {
    try DemoKeys.key(seed: options.seed, purpose: "deputy", index: year)
  }

  /// Lets what was decided be carried out: an empty block in which nobody signs with a key that ends there.
  private mutating func carryOut() {
    // It is the turn of each organisation after two seconds more; the last one's comes before a minute is over.
    for _ in 0..<30 {
      guard let due = present.nextDue, due <= network.now else { return }
      network.advance(to: network.now.adding(seconds: 2))
      network.settle()
    }
  }

  /// The bank and the insurer vote for whatever is open; the platform or the charity has proposed it.
  private mutating func ballot() throws {
    let proposals = present.governance.proposals
    for ordinal in 0..<proposals.count where proposals[ordinal].status == .voting {
      let vote = try Consortium.vote(
        proposal: UInt32(ordinal), content: proposals[ordinal].content, approve: true)
      for member in [DemoConsortium.Member.bank, .insurer] {
        let number = UInt32(member.rawValue)
        guard !proposals[ordinal].ayes.contains(number) else { continue }
        try submit(vote, by: member)
      }
    }
  }

  /// How often each of these happened.
  var resolved: [(name: String, count: Int)] {
    let governance = present.governance
    let done = (0..<governance.proposals.count).filter { governance.proposals[$0].status == .executed }
    let count = { (kind: ProposalKind) in done.count { governance.proposals[$0].kind == kind } }
    return [
      ("convention_changed", count(.convention)), ("officer_rotated", count(.rotateOfficer)),
      ("organisation_suspended", count(.suspend)),
      ("paused", (0..<governance.pauses.count).count { governance.pauses[$0].beganAt != .zero }),
    ]
  }
}
