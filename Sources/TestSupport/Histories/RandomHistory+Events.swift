internal import Consortium
internal import Ledger
internal import MutualAid

extension RandomHistory {
  /// What time and the rules brought about by themselves, counted from the state: names and numbers.
  ///
  /// A test holds these against zero, so that a history in which nothing became due proves nothing.
  public var events: [(name: String, count: Int)] {
    let state = chain.state
    let settlements = (0..<state.settlements.count).map { state.settlements[$0] }
    let notices = (0..<state.notices.count).map { state.convention(of: state.notices[$0].plan) }
    let queue = (0..<state.queue.count).map { state.queue[$0] }
    let ended = (0..<state.memberships.count).filter { state.memberships[$0].status == .ended }
    // Nobody asked, and where this convention ends no membership after aid, only age is left.
    let byAge = ended.filter { ordinal in
      !left.contains(UInt32(ordinal)) && !state.convention(of: state.memberships[ordinal].plan).endsAfterAid
        && state.plans[Int(state.memberships[ordinal].plan)].standing == .running
    }
    let tracks = (0..<state.fastTracks.count).map { state.fastTracks[$0] }
    let governance = chain.consortium.governance
    let proposals = (0..<governance.proposals.count).map { governance.proposals[$0] }
    return [
      ("conventions changed", state.conventions.count - state.plans.count),
      ("proposals executed", proposals.filter { $0.status == .executed }.count),
      ("proposals failed", proposals.filter { $0.status == .failed }.count),
      ("proposals rejected", proposals.filter { $0.status == .rejected }.count),
      ("proposals expired", proposals.filter { $0.status == .expired }.count),
      ("proposals withdrawn", proposals.filter { $0.status == .withdrawn }.count),
      ("pauses", (0..<governance.pauses.count).filter { governance.pauses[$0].beganAt != .zero }.count),
      ("settlements", settlements.count),
      ("shortfalls", settlements.filter { $0.shortfall > 0 }.count),
      ("carried", settlements.filter { $0.carriedBefore > 0 }.count),
      ("lapses", settlements.reduce(0) { $0 + Int($1.payersBefore) - Int($1.payersAfter) }),
      ("calendar notices", notices.filter { $0.calendar != nil }.count),
      ("single notices", notices.filter { $0.calendar == nil }.count),
      ("waited credits", queue.filter { $0.kind == .credit }.count),
      ("waited leaves", queue.filter { $0.kind == .leave }.count),
      ("waited reversals", queue.filter { $0.kind == .reversal }.count),
      ("undecided", (0..<state.reports.count).filter { state.reports[$0].isUndecided }.count),
      (
        "hospital records in cases",
        (0..<state.cases.count).filter { state.hospitalRecord(of: UInt32($0)) != nil }.count
      ),
      ("ended after aid", ended.filter { state.memberships[$0].coverDays == 0 }.count),
      ("ended by age", byAge.count),
      ("advances upheld", tracks.filter { $0.status == .upheld }.count),
      ("advances overturned", tracks.filter { $0.status == .overturned && $0.amount > 0 }.count),
      ("plans wound down", (0..<state.plans.count).filter { state.plans[$0].standing == .closed }.count),
    ]
  }
}
