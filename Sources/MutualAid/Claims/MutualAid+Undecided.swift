internal import Ledger

/// Cases on which no two organisations agree.
extension MutualAid {
  /// Notes a report, and until when two organisations have to agree on it.
  mutating func noteReport(_ number: Int, at time: Timestamp) {
    let days = rules(of: cases[number]).contest.decisionDays
    reports.append(
      ReportRecord(
        caseOrdinal: UInt32(number), reportedAt: time, decideBy: time.adding(days: UInt64(days))))
    indexReport(UInt32(reports.count - 1))
  }

  /// Puts a report into what is derived of the reports.
  mutating func indexReport(_ ordinal: UInt32) {
    let report = reports[Int(ordinal)]
    reportsByCase.replace(Int(report.caseOrdinal), ordinal + 1)
    guard cases[Int(report.caseOrdinal)].status == .reported else { return }
    let waiting = WaitingReport(decideBy: report.decideBy, caseOrdinal: report.caseOrdinal)
    let place = waitingReports.lastIndex { $0 < waiting }.map { $0 + 1 } ?? 0
    waitingReports.insert(waiting, at: place)
  }

  /// The report on a case; `nil` before there is one.
  public func report(on number: UInt32) -> ReportRecord? {
    let place = reportsByCase[Int(number)]
    return place == 0 ? nil : reports[Int(place) - 1]
  }

  /// Whether two organisations did not agree on a case in time.
  func isUndecided(_ number: Int) -> Bool { report(on: UInt32(number))?.isUndecided ?? false }

  /// The time for two organisations to agree is over: a jury decides.
  mutating func runUndecided(_ number: UInt32, at time: Timestamp) {
    reports.update(Int(reportsByCase[Int(number)]) - 1) { $0.isUndecided = true }
    contest(Int(number), .undecided, at: time)
  }

  /// Whether a contested case stands where its jury decides nothing: when a jury cannot be drawn, does not vote in
  /// number, or is of two minds.
  ///
  /// What was decided before stands: a refusal against an appeal, an approval against objections. On a case that no
  /// two organisations decided it is the investigator's finding, when it covers the case and another organisation
  /// said so too; else it is refused, for nothing is paid on the word of one organisation.
  func stands(_ number: Int) -> Bool {
    let record = cases[number]
    if record.marks.contains(.appealed) { return false }
    guard isUndecided(number) else { return true }
    return record.marks.contains(.foundCovered) && record.approvedBy != 0
  }
}

/// A case that was reported and is not decided; derived.
struct WaitingReport: Comparable, Sendable {
  let decideBy: Timestamp
  let caseOrdinal: UInt32

  static func < (a: Self, b: Self) -> Bool { (a.decideBy, a.caseOrdinal) < (b.decideBy, b.caseOrdinal) }
}
