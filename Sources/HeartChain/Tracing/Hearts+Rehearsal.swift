internal import Consortium
public import Ledger
public import TransparencyLog

extension HeartChain {
  /// Judges one event as a block would, for somebody who wants to know before it is signed. To be called on a copy:
  /// an accepted event changes this state, so that the next one is judged after it.
  ///
  /// What lots become is exact. Names of events, and so the histories of lots, are not: they depend on where an event
  /// comes to stand.
  ///
  /// - Parameters:
  ///   - officer: who would sign; decides which organisation speaks.
  ///   - time: the block time to reckon with.
  /// - Returns: the lots that the event makes.
  /// - Throws: what the row would be refused with, and the codes of senders.
  public mutating func rehearse(
    _ event: TraceEvent, by officer: Address, at time: Timestamp
  ) throws(LedgerError) -> Range<UInt32> {
    try hearts.rehearse(event, by: officer, consortium: consortium, at: time)
  }

  /// Judges likewise that a gift is taken back.
  ///
  /// - Parameter reason: hash of what everybody may read of it.
  /// - Throws: what the action would be refused with.
  public mutating func rehearse(
    reversalOf gift: UInt32, reason: Hash, by officer: Address, at time: Timestamp
  ) throws(LedgerError) {
    let action = try Hearts.reverse(gift: gift, reason: reason)
    try hearts.reverse(Hearts.decode(action.payload), sender: officer, consortium: consortium, at: time)
  }
}

extension Hearts {
  fileprivate mutating func rehearse(
    _ event: TraceEvent, by officer: Address, consortium: Consortium, at time: Timestamp
  ) throws(LedgerError) -> Range<UInt32> {
    let row = event.row
    // From its bytes, since only they are checked for their form.
    let event = try TraceEvent(row: row)
    let organisation = try consortium.requireOfficer(officer, role: .all)
    let run = TraceRun(
      organisation: organisation, isCustodian: (try? consortium.requireOfficer(officer, role: .custodian)) != nil,
      isCharity: (try? consortium.requireOfficer(officer, role: .charity)) != nil, consortium: consortium)
    let next = Int(organisation) < books.count ? books[Int(organisation)].next : 1
    let made = try take(
      TraceStep(
        event: event, row: row, name: TraceHistory.event(organisation, next), organisation: organisation, time: time),
      run
    ).made
    return made.first..<made.first + UInt32(made.count)
  }
}
