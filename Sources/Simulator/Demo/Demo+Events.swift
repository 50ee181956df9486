internal import Ledger
internal import MutualAid

extension Demo {
  /// How often what happens once in a while has happened.
  var events: [(name: String, count: Int)] {
    let state = mutualAid
    var counts = (rejected: 0, objected: 0, appealed: 0, withdrawn: 0)
    for number in 0..<state.cases.count {
      let record = state.cases[number]
      if record.status == .declined || record.status == .rejected { counts.rejected += 1 }
      if record.status == .withdrawn { counts.withdrawn += 1 }
      let contest = state.convention(of: record.plan).contest
      if Int(record.objections) >= contest.objections { counts.objected += 1 }
      if record.marks.contains(.appealed) { counts.appealed += 1 }
    }
    let decided = (0..<state.juries.count).count {
      state.juries[$0].verdict == .upheld || state.juries[$0].verdict == .rejected
    }
    let advances = { (status: FastTrackRecord.Status) in
      (0..<state.fastTracks.count).count { state.fastTracks[$0].status == status }
    }
    let records = (0..<state.settlements.count).map { state.settlements[$0] }
    return [
      ("rejected", counts.rejected), ("objected", counts.objected), ("jury_decided", decided),
      ("appealed", counts.appealed), ("withdrawn", counts.withdrawn),
      ("fast_track_upheld", advances(.upheld)), ("fast_track_overturned", advances(.overturned)),
      ("lapsed", records.reduce(0) { $0 + Int($1.payersBefore - $1.payersAfter) }),
      ("reinstated", (0..<state.memberships.count).count { state.memberships[$0].wasReinstated }),
      ("carried_over", records.count { $0.carriedAfter > $0.carriedBefore }),
      ("wound_down", (0..<state.plans.count).count { state.plans[$0].standing == .closed }),
    ]
  }
}
