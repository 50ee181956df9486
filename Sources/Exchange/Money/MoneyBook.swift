public import HeartChain
internal import Ledger
internal import TransparencyLog

/// What organisations did with each project's money, gathered from accepted events in their order.
///
/// A value that grows with the chain: who keeps it adds only the events that came since.
public struct MoneyBook: Sendable {
  /// The most lines that are kept, about a hundred bytes each.
  public static let maximumLines = 1 << 20

  /// A lot of money, as far as later events need it.
  private struct Lot {
    let project: UInt32
    /// Who sent it, of one that is on its way or was.
    var sender: UInt16?
  }

  /// By project.
  private(set) var projects: [UInt32: [MoneyLine]] = [:]
  private var lots: [UInt32: Lot] = [:]
  private var count = 0
  private let limit: Int

  /// Without an event.
  public init() { self.init(limit: MoneyBook.maximumLines) }

  init(limit: Int) { self.limit = limit }

  /// Adds the next accepted event; of one that moves no money nothing is kept.
  ///
  /// - Throws: `exchange.too_large` for more lines than are kept; `exchange.malformed` for a row that no chain accepts.
  public mutating func add(_ step: Way.Step) throws(ExchangeError) {
    guard let event = try? TraceEvent(row: step.row) else { throw ExchangeError(.malformed, "a row is no event") }
    guard event.unit == .fen else { return }
    let organisation = UInt16(step.event >> 48)
    let kind: MoneyLine.Kind
    var project = event.project
    var other: UInt16?
    if event.kind != .donated, event.kind != .committed {
      // The lots of one event are all of one project.
      guard let lot = step.sources.first.flatMap({ lots[$0] }) else { return }
      project = lot.project
      other = lot.sender
    }
    switch event.kind {
    case .donated: kind = .given
    case .committed: kind = .committed
    case .arrived: kind = .arrived
    case .disbursed: kind = .sent
    case .returned: kind = .returned
    case .spent: kind = event.reason == SpendingPurpose.overhead.rawValue ? .overhead : .aid
    case .repacked:
      for made in step.made { lots[made] = Lot(project: project) }
      return
    default: return
    }
    if kind == .sent { other = event.other }
    for made in step.made { lots[made] = Lot(project: project, sender: kind == .sent ? organisation : nil) }
    guard count < limit else { throw ExchangeError(.tooLarge, "the chain moved money more than \(limit) times") }
    count += 1
    let isPayment = kind == .aid || kind == .overhead || kind == .returned
    projects[project, default: []].append(
      MoneyLine(
        kind: kind, organisation: organisation, other: kind == .arrived || kind == .sent ? other : nil,
        fen: event.quantity, day: MoneyDate.number(event.time), event: step.event,
        evidence: event.evidence == .zero ? nil : event.evidence,
        payee: isPayment && event.party != .zero ? event.party : nil, lot: step.made.first))
  }
}

extension MoneyBook {
  /// The lines of a project, by day. Gifts of one day are one line. Gifts that were taken back before anything of them
  /// had moved are left out: that money did not come in.
  ///
  /// - Parameters:
  ///   - hearts: the state after the events in the book, which knows what was taken back.
  ///   - limit: past so many lines all of one day and kind are one line, too.
  /// - Throws: `exchange.too_large` past what a number holds.
  func lines(of project: UInt32, in hearts: Hearts, limit: Int) throws(ExchangeError) -> [MoneyLine] {
    let all = (projects[project] ?? []).filter { line in
      guard line.kind == .given, let lot = line.lot, Int(lot) < hearts.lots.count else { return true }
      return hearts.lots[Int(lot)].state != .void
    }
    let sorted = all.sorted(by: MoneyLine.isBefore)
    let each = try MoneyBook.joined(sorted) { $0 == .given }
    return each.count <= limit ? each : try MoneyBook.joined(sorted) { $0 != .committed }
  }

  private static func joined(
    _ lines: [MoneyLine], _ isJoined: (MoneyLine.Kind) -> Bool
  ) throws(ExchangeError) -> [MoneyLine] {
    var found: [MoneyLine] = []
    // Where the last line of a day, kind and pair of organisations stands.
    var places: [Place: Int] = [:]
    for line in lines {
      let place = Place(line)
      if isJoined(line.kind), let known = places[place] {
        try found[known].take(in: line)
      } else {
        places[place] = found.count
        found.append(line)
      }
    }
    return found
  }

  private struct Place: Hashable {
    let day: UInt64
    let kind: MoneyLine.Kind
    let organisation: UInt16
    let other: UInt16?

    init(_ line: MoneyLine) {
      (day, kind, organisation, other) = (line.day, line.kind, line.organisation, line.other)
    }
  }
}
