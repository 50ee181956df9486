internal import Contracts
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// The steps of something given: forward from a lot to all that it became, or back from a lot to the gifts.
///
/// Of more steps than a page has those nearest the lot are shown: the first forward, the last back. Where there are too
/// many events to find out what they are, its own steps are shown, from its beginning on.
struct FollowedWay {
  /// Lots that are followed forward; what is mixed into large lots goes further than anybody reads.
  static let maximumLots = 400
  /// Steps that are shown.
  static let maximumSteps = 5_000
  /// Events that are looked at for one page, however many there are.
  static let maximumEvents = 20_000

  /// One step with what its row says.
  struct Step {
    let step: Way.Step
    let event: TraceEvent

    /// Who told it.
    var organisation: UInt16 { UInt16(truncatingIfNeeded: step.event >> 48) }
    /// Its number among that organisation's.
    var number: UInt64 { step.event & (1 << 48 - 1) }
    /// The lot whose way ends with it, or goes on.
    var lot: UInt32? { step.made.first ?? step.sources.first }
  }

  /// The steps, oldest first: in the order in which the chain took them.
  let steps: [Step]
  /// The lots they are of, ascending.
  let lots: [UInt32]
  /// Whether there is more than is shown.
  let isCut: Bool

  /// What became of a lot.
  init(from lot: UInt32, _ ways: LotWays) throws {
    let reach = try ways.reach(of: lot)
    guard reach.isWhole || !reach.lots.isEmpty else {
      try self.init(alone: lot, ways)
      return
    }
    let lots = Array(reach.lots.prefix(FollowedWay.maximumLots))
    var steps = reach.steps
    if lots.count < reach.lots.count {
      let shown = Set(lots)
      steps.removeAll { shown.isDisjoint(with: $0.sources) && shown.isDisjoint(with: $0.made) }
    }
    self.init(
      steps.prefix(FollowedWay.maximumSteps), of: lots,
      isCut: !reach.isWhole || lots.count < reach.lots.count || steps.count > FollowedWay.maximumSteps)
  }

  /// Where a lot came from.
  init(to lot: UInt32, _ ways: LotWays) throws {
    guard let steps = try FollowedWay.steps(to: lot, ways) else {
      try self.init(alone: lot, ways)
      return
    }
    let shown = steps.suffix(FollowedWay.maximumSteps)
    let lots = Set(shown.flatMap { $0.sources + $0.made }).sorted()
    self.init(shown, of: lots, isCut: shown.count < steps.count)
  }

  /// The whole way of a lot; `nil` where it has more events than one answer may be made of.
  private static func steps(to lot: UInt32, _ ways: LotWays) throws(SearchIndexError) -> [Way.Step]? {
    do {
      return try ways.way(of: lot)?.steps ?? []
    } catch {
      guard error.code == .tooLong else { throw error }
      return nil
    }
  }

  /// A lot by itself.
  private init(alone lot: UInt32, _ ways: LotWays) throws {
    try self.init(ways.steps(of: lot, skipping: 0, limit: FollowedWay.maximumSteps), of: [lot], isCut: true)
  }

  /// Steps with what their rows say; the chain took them, so they read.
  private init(_ steps: some Sequence<Way.Step>, of lots: [UInt32], isCut: Bool) {
    self.steps = steps.compactMap { step in (try? TraceEvent(row: step.row)).map { Step(step: step, event: $0) } }
    self.lots = lots
    self.isCut = isCut
  }
}

extension PageScope {
  /// Whether the chain is one of hearts, without members and cases.
  var isHearts: Bool { view.app.isHearts }

  /// The ways as of the block whose state the page shows, or as far as the index has come.
  func ways() throws -> LotWays {
    LotWays(index, at: min(try index.height, view.height), limit: FollowedWay.maximumEvents)
  }
}
