internal import Ledger
internal import TransparencyLog

/// Follows the steps of a way, and keeps the histories of the lots that they make.
///
/// Lots go by numbers of its own, in the order in which they are named first: a way of ten thousand events names each
/// several times, and only the first time costs more than a look into an array.
struct WayWalk {
  private var numbers: [UInt32: Int] = [:]
  /// By number. Lots that only went along with those of the way have no history here, and none is needed.
  private var histories: [Hash?] = []
  /// Numbers of all steps' sources and of what they made, one step after the other.
  private var named: [Int] = []
  /// Of each step that was followed its place in ``named``, and whether the histories of what it made began.
  private var followed: [(start: Int, isOrigin: Bool)] = []
  private var after: [Hash] = []

  init(steps: Int) {
    followed.reserveCapacity(steps)
    named.reserveCapacity(2 * steps)
    numbers.reserveCapacity(steps)
  }

  /// What is known of a lot.
  func history(of lot: UInt32) -> Hash? { numbers[lot].flatMap { histories[$0] } }

  /// Adds a step to the histories of the lots that are known, and begins those of the lots that it makes.
  ///
  /// - Returns: `false` where that cannot be; then nothing of this walk means anything.
  mutating func follow(_ step: Way.Step) -> Bool {
    guard let event = try? TraceEvent(row: step.row), step.fits(event) else { return false }
    let start = named.count
    for lot in step.sources { named.append(number(of: lot)) }
    let made = named.count
    for lot in step.made { named.append(number(of: lot)) }
    for place in made..<named.count where histories[named[place]] != nil { return false }

    let hash = TraceHistory.hash(event: step.event, time: step.time, row: step.row)
    var carrier: Hash?
    after.removeAll(keepingCapacity: true)
    for place in start..<made {
      guard var history = histories[named[place]] else { continue }
      if event.kind == .unpacked, place > start {
        guard let carrier else { return false }
        history = TraceHistory.step(history, carrier)
      }
      history = TraceHistory.step(history, hash)
      if place == start { carrier = history }
      histories[named[place]] = history
      after.append(history)
    }
    let isOrigin = after.count == step.sources.count
    if isOrigin {
      for place in made..<named.count {
        histories[named[place]] = TraceHistory.origin(
          hash, output: UInt8(truncatingIfNeeded: place - made), sources: after)
      }
    }
    followed.append((start, isOrigin))
    return true
  }

  /// Whether every step leads to a lot.
  ///
  /// - Parameter steps: those that were followed.
  func allLead(_ steps: [Way.Step], to lot: UInt32) -> Bool {
    var isWanted = [Bool](repeating: false, count: histories.count)
    guard let number = numbers[lot] else { return false }
    isWanted[number] = true
    for index in steps.indices.reversed() {
      let (start, isOrigin) = followed[index]
      let made = start + steps[index].sources.count
      let end = made + steps[index].made.count
      let makes = isOrigin && named[made..<end].contains { isWanted[$0] }
      // One that is wanted here has a history here: where it began it is wanted no more.
      guard makes || named[start..<made].contains(where: { isWanted[$0] }) else { return false }
      var before = makes ? start..<made : start..<start
      if steps[index].isUnpacking, named[start..<made].dropFirst().contains(where: { isWanted[$0] }) {
        before = start..<start + 1
      }
      // Before it was made nothing can have happened to a lot: such a step would stand in no history.
      if isOrigin { for place in made..<end { isWanted[named[place]] = false } }
      for place in before { isWanted[named[place]] = true }
    }
    return true
  }

  private mutating func number(of lot: UInt32) -> Int {
    if let number = numbers[lot] { return number }
    numbers[lot] = histories.count
    histories.append(nil)
    return histories.count - 1
  }
}
