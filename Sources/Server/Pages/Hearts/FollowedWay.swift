internal import Contracts
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage

/// The steps of something given: forward from a lot to all that it became, or back from a lot to the gifts.
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
    let (reached, isWhole) = try ways.reach(of: lot)
    // A lot whose own events are too many is still shown, with the first of them.
    let all = reached.isEmpty && !isWhole ? [lot] : reached
    lots = Array(all.prefix(FollowedWay.maximumLots))
    let (found, hasAll) = try ways.steps(of: lots, limit: FollowedWay.maximumSteps)
    steps = FollowedWay.read(found)
    isCut = !isWhole || lots.count < all.count || !hasAll
  }

  /// Where a lot came from.
  init(to lot: UInt32, _ ways: LotWays) throws {
    let found = try FollowedWay.short { () throws(SearchIndexError) in try ways.way(of: lot)?.steps ?? [] }
    let own = try found ?? FollowedWay.short { () throws(SearchIndexError) in try ways.steps(of: lot) }
    let all = try own ?? ways.steps(of: lot, skipping: 0, limit: FollowedWay.maximumSteps)
    steps = FollowedWay.read(all.suffix(FollowedWay.maximumSteps))
    lots = Array(Set(steps.flatMap { $0.step.sources + $0.step.made })).sorted()
    isCut = found == nil || steps.count < all.count
  }

  /// Steps with what their rows say; the chain took them, so they read.
  private static func read(_ steps: some Sequence<Way.Step>) -> [Step] {
    steps.compactMap { step in (try? TraceEvent(row: step.row)).map { Step(step: step, event: $0) } }
  }

  /// What is found, or `nil` where it is made of more events than one answer may be.
  private static func short<Value>(_ find: () throws(SearchIndexError) -> Value) throws -> Value? {
    do {
      return try find()
    } catch let error where error.code == .tooLong {
      return nil
    }
  }
}

extension PageScope {
  /// Whether the chain is one of hearts, without members and cases.
  var isHearts: Bool { view.app.heart != nil }

  /// The ways as of the block whose state the page shows, or as far as the index has come.
  func ways() throws -> LotWays {
    LotWays(index, at: min(try index.height, view.height), limit: FollowedWay.maximumEvents)
  }
}
