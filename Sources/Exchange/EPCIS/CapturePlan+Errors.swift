internal import HeartChain
internal import Ledger
public import TransparencyLog

extension CapturePlan {
  /// A gift that is to be taken back: an action of its own, before the manifest.
  public struct Reversal: Hashable, Sendable {
    /// The gift's ordinal.
    public let gift: UInt32
    /// SHA-256 of the reason's URI.
    public let reason: Hash
  }

  /// The rows that a declaration takes back, judged before any is.
  private func requireDeclared(
    _ declaration: EPCISEvent.ErrorDeclaration, _ steps: [Way.Step]
  ) throws(EPCISError) -> [(row: TraceEvent, step: Way.Step)] {
    guard declaration.time.timestamp <= time else {
      throw EPCISError(.validation, "declarationTime lies in the future", code: ErrorCode.eventInFuture.name)
    }
    guard !steps.isEmpty else {
      throw .invalid("no event of this organisation on the chain has the name and the content of the declared one")
    }
    var rows: [(row: TraceEvent, step: Way.Step)] = []
    for step in steps {
      guard UInt16(truncatingIfNeeded: step.event >> 48) == profile.organisation,
        let row = try? TraceEvent(row: step.row)
      else { throw .invalid("the declared event is another organisation's") }
      guard [.donated, .pledged, .lost, .died, .corrected].contains(row.kind) else {
        throw .invalid(
          "an event of this sort is not taken back on the chain: gifts, losses and counts are; tell what is so now")
      }
      rows.append((row, step))
    }
    return rows
  }

  /// Says on the chain that an earlier event was an error, as far as the chain has words for that: a gift that was
  /// recorded is taken back, and what was called lost, or counted differently, is counted back.
  ///
  /// - Parameter steps: the rows of the event that is declared an error; nothing where nobody knows it.
  mutating func declare(_ declaration: EPCISEvent.ErrorDeclaration, _ steps: [Way.Step]) throws(EPCISError) {
    for (row, step) in try requireDeclared(declaration, steps) {
      if row.kind == .donated || row.kind == .pledged {
        try takeBack(step, declaration)
      } else {
        guard let lot = step.sources.first else { throw .invalid("the declared event is of no lot") }
        // What was gone is there again; what was counted is as it was. It is found out when it is declared.
        var event = TraceEvent(.corrected, unit: row.unit, time: declaration.time.timestamp)
        event.lot = lot
        event.quantity = row.kind == .corrected ? -row.quantity : row.quantity
        try put(event)
      }
    }
  }

  private mutating func takeBack(
    _ step: Way.Step, _ declaration: EPCISEvent.ErrorDeclaration
  ) throws(EPCISError) {
    guard let lot = step.made.first, Int(lot) < state.hearts.lots.count, state.hearts.lots[Int(lot)].gift > 0 else {
      throw .invalid("the declared event is no gift")
    }
    let gift = state.hearts.lots[Int(lot)].gift - 1
    guard !reversed.contains(gift) else { return }
    guard let reason = declaration.reason else {
      throw .invalid("a gift is taken back for a reason that everybody can read: the declaration gives none")
    }
    // What the rows do is judged in their order, and an action comes before all of them.
    guard rows.isEmpty else { throw .invalid("a gift is declared an error before other events of the document") }
    let uri = CoreVocabulary.errorReason.names.contains(reason) ? CoreVocabulary.errorReason.uri(reason) : reason
    let reversal = Reversal(gift: gift, reason: .sha256(Array(uri.utf8)))
    try rehearse(reversal)
  }
}
