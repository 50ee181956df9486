internal import Ledger
public import TransparencyLog

extension MutualAid {
  /// Numbers drawn for a jury at the most, for each seat: in a small pool the same volunteer comes up again.
  private static let drawsPerSeat = 32

  /// A member is ready to sit on juries, or no longer.
  mutating func volunteer(_ wire: WireVolunteer, sender: Address, at time: Timestamp) throws(LedgerError) {
    let ordinal = try owned(wire.membership, by: sender)
    let member = memberships[ordinal]
    if wire.ready { try requirePayer(ordinal, of: member.plan, at: time) }
    let known = member.volunteer == 0 ? nil : Int(member.volunteer) - 1
    guard (known.map { volunteers[$0].isReady } ?? false) != wire.ready else {
      throw LedgerError(.volunteerUnchanged, "the list says so already")
    }
    if let known {
      volunteers.update(known) { record in
        record.isReady = wire.ready
        record.since = time
      }
    } else {
      let place = UInt32(volunteers.count)
      volunteers.append(VolunteerRecord(membership: UInt32(ordinal), plan: member.plan, since: time))
      indexes[Int(member.plan)].volunteers.append(place)
      memberships.update(ordinal) { $0.volunteer = place + 1 }
    }
  }

  /// Draws a case's jury. Where fewer can be drawn than have to vote, what was decided before stands.
  mutating func seatJury(_ number: Int, draw: UInt32, at time: Timestamp) {
    let record = cases[number]
    let contest = rules(of: record).contest
    let jury = UInt32(juries.count)
    let commitBy = time.adding(days: UInt64(contest.voteDays))
    juries.append(
      JuryRecord(
        caseOrdinal: UInt32(number), draw: draw, previous: record.jury,
        isAppeal: record.marks.contains(.appealed), commitBy: commitBy,
        revealBy: commitBy.adding(days: UInt64(contest.revealDays))))
    cases.update(number) { $0.jury = jury + 1 }
    var seated = 0
    while seated < contest.jurors, seatNext(on: jury, limit: contest.jurors, at: time) { seated += 1 }
    guard seated >= contest.quorum else {
      juries.update(Int(jury)) { $0.verdict = .noQuorum }
      standBy(number, at: time)
      return
    }
    move(number, .draw)
    openJuries.append(jury)
  }

  /// Seats the next volunteer that the seed gives; false when the numbers for this jury are used up.
  mutating func seatNext(on jury: UInt32, limit: Int, at time: Timestamp) -> Bool {
    let record = juries[Int(jury)]
    let plan = Int(cases[Int(record.caseOrdinal)].plan)
    let pool = poolSize(plan: plan, draw: record.draw)
    guard pool > 0 else { return false }
    let seed = draws[Int(record.draw)].seed
    for drawn in record.drawn..<UInt16(MutualAid.drawsPerSeat * limit) {
      let place = MutualAid.pick(seed, caseOrdinal: record.caseOrdinal, drawn: drawn, below: pool)
      let candidate = volunteers[Int(indexes[plan].volunteers[place])]
      guard candidate.isReady, isFit(candidate.membership, for: jury, at: time) else { continue }
      juries.update(Int(jury)) { jury in
        jury.drawn = drawn + 1
        jury.lastSeat = UInt32(seats.count) + 1
      }
      seats.append(SeatRecord(jury: jury, membership: candidate.membership, previous: record.lastSeat))
      return true
    }
    juries.update(Int(jury)) { $0.drawn = UInt16(MutualAid.drawsPerSeat * limit) }
    return false
  }

  /// Volunteers of a plan who were on the list when a draw opened.
  private func poolSize(plan: Int, draw: UInt32) -> Int {
    let frozen = draws[Int(draw)].volunteers
    let list = indexes[plan].volunteers
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle] < frozen { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number a seed gives: the first eight bytes of SHA-256(domain ‖ seed ‖ case ‖ drawn), scaled to the pool.
  public static func pick(_ seed: Hash, caseOrdinal: UInt32, drawn: UInt16, below pool: Int) -> Int {
    var bytes = Domain.tag("juror") + seed.bytes
    bytes.append(bigEndian: caseOrdinal)
    bytes.append(bigEndian: drawn)
    let number = Hash.sha256(bytes).bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(number.multipliedFullWidth(by: UInt64(pool)).high)
  }

  /// Whether a member may judge: with a balance, neither aided nor an objector, no account twice, and on no jury of
  /// this case before.
  private func isFit(_ ordinal: UInt32, for jury: UInt32, at time: Timestamp) -> Bool {
    let record = cases[Int(juries[Int(jury)].caseOrdinal)]
    let owner = memberships[Int(ordinal)].owner
    guard isPayer(Int(ordinal), at: time), owner != memberships[Int(record.membership)].owner,
      !hasObjected(ordinal, to: record), !hasChecked(ordinal, juries[Int(jury)].caseOrdinal),
      !areRelated(ordinal, record.membership)
    else { return false }
    var next: UInt32? = jury
    while let place = next {
      for seat in seats(of: place) where memberships[Int(seats[seat].membership)].owner == owner { return false }
      let previous = juries[Int(place)].previous
      next = previous == 0 ? nil : previous - 1
    }
    return true
  }

  /// Ordinals of a jury's seats, the last one first; those of jurors who stepped back are among them.
  public func seats(of jury: UInt32) -> [Int] {
    var found: [Int] = []
    var next = juries[Int(jury)].lastSeat
    while next != 0 {
      found.append(Int(next) - 1)
      next = seats[Int(next) - 1].previous
    }
    return found
  }

  /// What was decided before a jury was asked stands; see ``stands(_:)``.
  private mutating func standBy(_ number: Int, at time: Timestamp) {
    // An undecided case that no jury has judged was never in notice: members may object to it there.
    if cases[number].objections > 0 || cases[number].marks.contains(.appealed) || !isUndecided(number) {
      cases.update(number) { $0.marks.formUnion(.heard) }
    }
    if stands(number) { confirm(number, .uphold) } else { refuse(number, .reject, at: time) }
  }

  mutating func close(jury: UInt32, _ verdict: JuryRecord.Verdict) {
    juries.update(Int(jury)) { $0.verdict = verdict }
    openJuries.removeAll { $0 == jury }
  }

  /// The earliest of what draws and juries have to do.
  var juryStep: DueStep? {
    var first = openDraw.map { DueStep(time: draws[Int($0)].closesAt, kind: .draw, ordinal: $0) }
    for jury in openJuries {
      let step = DueStep(time: juries[Int(jury)].revealBy, kind: .verdict, ordinal: jury)
      if first.map({ step < $0 }) ?? true { first = step }
    }
    return first
  }

  /// A jury's time is over. It overturns what was decided before only by a majority of the votes opened.
  mutating func runVerdict(jury ordinal: UInt32, at time: Timestamp) {
    let jury = juries[Int(ordinal)]
    let number = Int(jury.caseOrdinal)
    let contest = rules(of: cases[number]).contest
    guard Int(jury.approving) + Int(jury.rejecting) >= contest.quorum else {
      close(jury: ordinal, .noQuorum)
      if cases[number].marks.contains(.redrawn) { return standBy(number, at: time) }
      cases.update(number) { $0.marks.formUnion(.redrawn) }
      return self.contest(number, .redraw, at: time)
    }
    let stands = stands(number) ? jury.approving >= jury.rejecting : jury.approving > jury.rejecting
    close(jury: ordinal, stands ? .upheld : .rejected)
    cases.update(number) { $0.marks.formUnion(.heard) }
    if stands { confirm(number, .uphold) } else { refuse(number, .reject, at: time) }
  }
}
