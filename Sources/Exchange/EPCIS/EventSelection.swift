public import HeartChain
public import Ledger

/// Which events are wanted of a chain, whose events are told one after another from the first on.
public struct EventSelection: Sendable {
  /// Whose events.
  public enum Subject: Hashable, Sendable {
    /// All lots'.
    case everything
    /// One lot's.
    case lot(UInt32)
    /// Those of a gift's lot and of every lot that something of it went into.
    case gift(UInt32)
  }

  private let subject: Subject
  private let from: Timestamp
  private let end: Timestamp?
  /// Lots whose events are wanted; what they become is followed.
  private var lots: Set<UInt32> = []

  /// A selection.
  ///
  /// - Parameters:
  ///   - from: what happened before it, by its sender's word, is left out.
  ///   - end: what happened then or later is left out.
  public init(_ subject: Subject = .everything, from: Timestamp = Timestamp(seconds: 0), before end: Timestamp? = nil) {
    self.subject = subject
    self.from = from
    self.end = end
  }

  /// Whether an event is wanted; to be asked for every accepted event in turn.
  ///
  /// - Parameter hearts: the state after the event's block.
  public mutating func takes(_ step: Way.Step, _ hearts: Hearts) -> Bool {
    guard isMeant(step, hearts), let event = try? TraceEvent(row: step.row) else { return false }
    return event.time >= from && end.map { event.time < $0 } ?? true
  }

  private mutating func isMeant(_ step: Way.Step, _ hearts: Hearts) -> Bool {
    switch subject {
    case .everything: return true
    case .lot(let lot): return step.sources.contains(lot) || step.made.contains(lot)
    case .gift(let number):
      if lots.isEmpty, Int(number) < hearts.gifts.count, !hearts.gifts[Int(number)].isAttendance {
        lots.insert(hearts.gifts[Int(number)].origin)
      }
      if step.sources.contains(where: lots.contains) {
        lots.formUnion(step.made)
        return true
      }
      return step.made.contains(where: lots.contains)
    }
  }
}
