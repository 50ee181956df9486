internal import FoundationEssentials
internal import Ledger
internal import SwiftProtobuf

extension Consortium {
  /// An organisation calls for a pause. The second call within a time begins it; where one organisation endorses
  /// alone, its call does.
  mutating func callPause(_ payload: [UInt8], sender: Address, at time: Timestamp) throws(LedgerError) {
    let organisation = try requireDelegate(sender)
    guard let wire = try? WireCallPause(serializedBytes: payload), let bits = UInt8(exactly: wire.scope),
      let scope = PauseScope(rawValue: bits), let plan = UInt16(exactly: wire.plan)
    else { throw LedgerError(.malformed, "not a call for a pause") }
    guard organisations[Int(organisation)].isEndorser else {
      throw LedgerError(.noElector, "who does not endorse does not decide")
    }
    var governance = boxed.wrapped
    let parameters = governance.parameters[0].parameters
    let last = (0..<governance.pauses.count).last {
      governance.pauses[$0].scope == scope && governance.pauses[$0].plan == plan
        && governance.pauses[$0].beganAt != .zero
    }
    if let last {
      let pause = governance.pauses[last]
      guard time >= pause.until else { throw LedgerError(.pauseCalled, "it is paused") }
      guard
        ![pause.first, pause.second].contains(organisation)
          || time >= pause.until.adding(seconds: UInt64(parameters.restSeconds))
      else { throw LedgerError(.pauseResting, "it called for the last pause of the same") }
    }
    let call = (0..<governance.pauses.count).last {
      let pause = governance.pauses[$0]
      return pause.scope == scope && pause.plan == plan && pause.beganAt == .zero && time < pause.until
    }
    if let call {
      guard governance.pauses[call].first != organisation else {
        throw LedgerError(.pauseCalled, "it has called already")
      }
      begin(call, second: organisation, in: &governance, at: time)
    } else {
      governance.pauses.append(
        PauseRecord(
          scope: scope, plan: plan, first: organisation, calledAt: time,
          until: time.adding(seconds: UInt64(parameters.callSeconds))))
      if endorsers.count == 1 { begin(governance.pauses.count - 1, second: organisation, in: &governance, at: time) }
    }
    boxed = .value(governance)
  }

  private mutating func begin(
    _ ordinal: Int, second: UInt16, in governance: inout Governance, at time: Timestamp
  ) {
    let length = UInt64(governance.parameters[0].parameters.pauseSeconds)
    governance.pauses.update(ordinal) { pause in
      pause.second = second
      pause.beganAt = time
      pause.until = time.adding(seconds: length)
    }
    index(governance.pauses[ordinal])
  }

  /// A pause that runs at this time.
  func requireRunning(_ ordinal: UInt32, at time: Timestamp) throws(LedgerError) -> PauseRecord {
    let pauses = boxed.wrapped.pauses
    guard Int(ordinal) < pauses.count, pauses[Int(ordinal)].beganAt != .zero, time < pauses[Int(ordinal)].until else {
      throw LedgerError(.noPause, "no pause \(ordinal) runs")
    }
    return pauses[Int(ordinal)]
  }

  /// Moves the end of a pause.
  mutating func end(pause ordinal: UInt32, at until: Timestamp, by proposal: UInt32) {
    var governance = boxed.wrapped
    governance.pauses.update(Int(ordinal)) { pause in
      pause.until = until
      pause.proposal = proposal + 1
    }
    boxed = .value(governance)
    index(governance.pauses[Int(ordinal)])
  }

  /// Notes a pause that began as the last of its scope and plan.
  mutating func index(_ record: PauseRecord) {
    guard record.beganAt != .zero else { return }
    let pause = Pause(scope: record.scope, plan: record.plan, from: record.beganAt, until: record.until)
    if let place = pauses.firstIndex(where: { $0.scope == pause.scope && $0.plan == pause.plan }) {
      pauses[place] = pause
    } else {
      pauses.append(pause)
    }
  }
}
