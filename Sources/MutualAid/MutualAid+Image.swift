public import Ledger
internal import TransparencyLog

extension MutualAid {
  /// The tables as a snapshot holds them.
  public mutating func images() -> [TableImage] {
    [
      plans.image(), conventions.image(), conventionPages.image(), memberships.image(), nullifiers.image(),
      references.image(), cases.image(), notices.image(), settlements.image(), queue.image(), refunds.image(),
      volunteers.image(), objections.image(), dice.image(), draws.image(), reveals.image(), juries.image(),
      seats.image(), reserveStatements.image(), reports.image(), hospitalRecords.image(), helpers.image(),
      fieldChecks.image(), complaints.image(), fastTracks.image(),
      accountKeys.image(), recoveries.image(), beneficiaries.image(), illnesses.image(),
      groups.image(), groupSeats.image(), consents.image(),
    ]
  }

  /// The contract's state that consists of these tables; everything derived is built anew.
  ///
  /// - Throws: `state.wrong_image` for tables of another version.
  public init(image: StateImage) throws(StateError) {
    self.init()
    try image.read(&plans)
    try image.read(&conventions)
    try image.read(&conventionPages)
    try image.read(&memberships)
    try image.read(&nullifiers)
    try image.read(&references)
    try image.read(&cases)
    try image.read(&notices)
    try image.read(&settlements)
    try image.read(&queue)
    try image.read(&refunds)
    try image.read(&volunteers)
    try image.read(&objections)
    try image.read(&dice)
    try image.read(&draws)
    try image.read(&reveals)
    try image.read(&juries)
    try image.read(&seats)
    try image.read(&fastTracks)
    try image.read(&reserveStatements)
    try image.read(&reports)
    try image.read(&hospitalRecords)
    try image.read(&helpers)
    try image.read(&fieldChecks)
    try image.read(&complaints)
    try image.read(&accountKeys)
    try image.read(&recoveries)
    try image.read(&beneficiaries)
    try image.read(&illnesses)
    try image.read(&groups)
    try image.read(&groupSeats)
    try image.read(&consents)
    for ordinal in 0..<conventions.count {
      let (record, convention) = (conventions[ordinal], try keptConvention(ordinal))
      if Int(record.plan) == indexes.count {
        indexes.append(PlanIndex(convention: convention, since: record.since))
      } else {
        indexes[Int(record.plan)].bind(convention, since: record.since)
      }
    }
    indexMemberships()
    indexCases()
    indexJuries()
    indexReferences()
    indexRecoveries()
    indexFilings()
    indexAdvances()
  }

  /// Advances of each hospital, and the moment of its last that was overturned.
  private mutating func indexAdvances() {
    for ordinal in 0..<fastTracks.count where fastTracks[ordinal].countersignedAt != .zero {
      let track = fastTracks[ordinal]
      let key = HospitalAdvances.key(plan: cases[Int(track.caseOrdinal)].plan, hospital: track.hospital)
      var advances = hospitals[key] ?? HospitalAdvances()
      if advances.newest == 0 || fastTracks[Int(advances.newest) - 1].countersignedAt < track.countersignedAt {
        advances.newest = UInt32(ordinal) + 1
      }
      if track.status == .overturned { advances.overturnedAt = max(advances.overturnedAt, track.endedAt) }
      hospitals[key] = advances
    }
  }

  /// A convention from its pages.
  private func keptConvention(_ ordinal: Int) throws(StateError) -> Convention {
    let record = conventions[ordinal]
    do throws(LedgerError) {
      return try Convention(
        decoding: conventionPages.text(from: Int(record.firstPage), length: Int(record.length)))
    } catch {
      throw StateError(.wrongImage, "convention \(ordinal) is none of this version: \(error)")
    }
  }

  /// E values and months of birth. A start waits for millions of records here, so only what is needed is read of each.
  private mutating func indexMemberships() {
    var values = [[Int64]](repeating: [], count: plans.count)
    for plan in 0..<plans.count { values[plan].reserveCapacity(Int(plans[plan].live)) }
    var months = [BirthMonths](repeating: BirthMonths(), count: plans.count)
    for ordinal in 0..<memberships.count {
      let member = memberships.withCanonicalBytes(ordinal) { MembershipRecord.Indexed(from: $0) }
      let plan = Int(member.plan)
      if member.stands { values[plan].append(member.exhaustsAt) }
      months[plan].add(UInt32(ordinal), month: member.birthMonth)
    }
    for plan in values.indices {
      RadixSort.sort(&values[plan])
      indexes[plan].exhaustion = OrderStatisticsTree(sorted: values[plan])
      indexes[plan].birthMonths = months[plan]
      values[plan] = []
    }
  }

  /// Open notices, cases that wait for one, settlements.
  private mutating func indexCases() {
    for ordinal in 0..<notices.count {
      let notice = notices[ordinal]
      // They settle in the order of their numbers.
      if notice.number > plans[Int(notice.plan)].noticesDone, !notice.isTakenOut {
        indexes[Int(notice.plan)].openNotices.append(UInt32(ordinal))
      }
    }
    for ordinal in 0..<cases.count {
      let plan = Int(cases[ordinal].plan)
      if cases[ordinal].status.isOpen { indexes[plan].openCases += 1 }
      indexes[plan].refusedAt = max(indexes[plan].refusedAt, cases[ordinal].refusedAt)
    }
    for ordinal in 0..<cases.count where cases[ordinal].status == .confirmed {
      let plan = Int(cases[ordinal].plan)
      if indexes[plan].convention.calendar != nil { indexes[plan].awaitNotice(UInt32(ordinal)) }
    }
    for ordinal in 0..<settlements.count {
      indexes[Int(settlements[ordinal].plan)].settlements.append(UInt32(ordinal))
    }
  }

  /// Volunteers of each plan, cases that wait for a jury and juries that vote.
  private mutating func indexJuries() {
    for ordinal in 0..<volunteers.count {
      indexes[Int(volunteers[ordinal].plan)].volunteers.append(UInt32(ordinal))
    }
    for ordinal in 0..<cases.count where cases[ordinal].status == .contested { contested.append(UInt32(ordinal)) }
    for ordinal in 0..<juries.count where juries[ordinal].verdict == .open { openJuries.append(UInt32(ordinal)) }
  }

  /// Reports, hospital records, field checks and complaints, and each plan's last reserve statement.
  private mutating func indexFilings() {
    for _ in 0..<cases.count {
      reportsByCase.append(0)
      recordsByCase.append(0)
    }
    for ordinal in 0..<reports.count { indexReport(UInt32(ordinal)) }
    for ordinal in 1..<max(1, hospitalRecords.count) where hospitalRecords[ordinal].lastCase != 0 {
      recordsByCase.replace(Int(hospitalRecords[ordinal].lastCase) - 1, UInt32(ordinal) + 1)
    }
    for ordinal in 0..<fieldChecks.count {
      checksByCase[fieldChecks[ordinal].caseOrdinal, default: []].append(UInt32(ordinal))
    }
    for ordinal in 0..<complaints.count where complaints[ordinal].answeredAt == .zero {
      openComplaints.append(UInt32(ordinal))
      complaining[complaints[ordinal].membership, default: 0] += 1
    }
    for ordinal in 0..<reserveStatements.count {
      indexes[Int(reserveStatements[ordinal].plan)].lastStatement = UInt32(ordinal)
    }
  }

  /// Payment references by number of deposit; those of one plan are close to each other.
  private mutating func indexReferences() {
    var places = [[(deposit: UInt64, ordinal: UInt32)]](repeating: [], count: plans.count)
    for ordinal in 1..<max(1, references.count) {
      let record = references[ordinal]
      places[Int(record.plan)].append((record.deposit, UInt32(ordinal)))
    }
    for plan in places.indices {
      for ordinal in MutualAid.inOrder(places[plan]) {
        let record = references[Int(ordinal)]
        indexes[plan].references.add(record.key, time: record.time)
      }
    }
  }

  private static func inOrder(_ places: [(deposit: UInt64, ordinal: UInt32)]) -> [UInt32] {
    guard let least = places.map(\.deposit).min(), let most = places.map(\.deposit).max() else { return [] }
    guard most - least < 1 << 31 else { return places.sorted { $0.deposit < $1.deposit }.map(\.ordinal) }
    var packed = places.map { Int64(truncatingIfNeeded: ($0.deposit - least) << 32 | UInt64($0.ordinal)) }
    RadixSort.sort(&packed, fromBit: 32)
    return packed.map { UInt32(truncatingIfNeeded: $0) }
  }
}
