internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension Demo {
  /// A hospital signs a diagnosis, an insurer signs beside it some minutes later, and the bank pays half an hour after
  /// that: blocks of their own, since two hours are all it has.
  mutating func advance(_ number: UInt32) throws {
    try settle()
    try submit(
      MutualAid.certifyDiagnosis(
        caseOrdinal: number,
        diagnosis: DemoKeys.hash(seed: options.seed, purpose: "diagnosis", index: Int(number))), by: .hospital)
    try settle(after: 600)
    try submit(MutualAid.countersign(caseOrdinal: number), by: .insurer)
    try settle(after: 1800)
    let record = mutualAid.cases[Int(number)]
    if record.given > record.paid { try pay(Int(number), record) }
    try settle(after: 60)
  }

  private mutating func settle(after seconds: UInt64) throws {
    try settle()
    network.advance(to: network.now.adding(seconds: seconds))
  }

  /// Half of what is owed back comes.
  mutating func payBack(_ number: UInt32) throws {
    let record = mutualAid.cases[Int(number)]
    guard let track = mutualAid.fastTrack(of: record) else { return }
    let half = Amount(micro: track.outstanding / 2).wholeFen.fen
    guard half.micro > 0 else { return }
    wallets[Int(record.plan)].held += half.micro
    try submit(
      MutualAid.recover(
        caseOrdinal: number, amount: half,
        reference: DemoKeys.hash(seed: options.seed, purpose: "paid back", index: Int(number))), by: .bank)
  }

  /// In the fourth month most of the neighbours move away, and too few are left to go on.
  mutating func moveAway(index: Int) throws {
    guard index == 110 else { return }
    for person in neighbours.dropFirst(Fate.neighbourDays.count) where person % 4 != 0 {
      guard let membership = people[person].membership else { continue }
      let record = mutualAid.memberships[Int(membership)]
      guard record.status == .active, record.openCase == 0 else { continue }
      if let entries = try submit(MutualAid.leave(membership: membership), byMember: membership) {
        try submit(entries)
      }
    }
  }
}
