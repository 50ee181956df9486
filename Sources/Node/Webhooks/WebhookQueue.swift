/// What is to be sent to one receiver, as a pure state machine: an event and the time go in, actions come out.
///
/// States of a delivery, with their ways out:
///
///     waiting ──due, a free line──► in flight ──2xx──────────────────► delivered
///        ▲                             │ │
///        └──── failed, tries left ─────┘ └──failed for the tenth time──► dead
///
/// A receiver that answers 410 is disabled: what waits is dead at once, what is in flight when it fails, and what is
/// added is dead too, until it is enabled. Times are milliseconds since 1970 by a clock that may jump: nothing waits
/// longer than the pause that was chosen for it, and what is sent too early by a jump is only sent early.
///
/// Whoever carries out the actions stores them in their order. When the process ends between two steps, the stored
/// deliveries are added again, and at most an attempt that was in flight is made once more, with the same id.
public struct WebhookQueue: Sendable {
  /// The waits between attempts: the first attempt is made at once, the others after 5 s, 5 min, 30 min, 2 h, 5 h,
  /// 10 h, 14 h, 20 h and 24 h, about three days in all (Standard Webhooks 1.0.0).
  public static let pauses: [UInt64] = [
    5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600,
  ].map { $0 * 1000 }

  /// The longest that a receiver may ask to be left alone.
  public static let longestObedience: UInt64 = 24 * 3600 * 1000

  /// What bounds a queue.
  public struct Limits: Sendable, Hashable {
    /// Deliveries that wait or are in flight; what is added beyond them is dead.
    public var waiting = 10_000
    /// Deliveries in flight at one time.
    public var inFlight = 4

    /// The defaults.
    public init() {}
  }

  /// A delivery that waits or is in flight.
  public struct Item: Sendable, Hashable {
    /// Its number: the order in which deliveries were made.
    public let sequence: Int64
    /// Attempts that failed.
    public var attempts = 0
    /// When it is to be sent.
    public var due: UInt64 = 0
    /// How long the wait until then was to be.
    public var pause: UInt64 = 0
    var isInFlight = false

    /// A delivery.
    public init(sequence: Int64, attempts: Int = 0, due: UInt64 = 0, pause: UInt64 = 0) {
      self.sequence = sequence
      self.attempts = attempts
      self.due = due
      self.pause = pause
    }
  }

  /// Why an attempt failed or a delivery was given up. The names are stored and shown.
  public enum Reason: Sendable, Hashable, CustomStringConvertible {
    /// The receiver answered with a status that is none of success.
    case status(Int)
    /// It did not answer in time.
    case timedOut
    /// No connection, or it broke.
    case unreachable
    /// It was not sent, for a reason with a code.
    case refused(String)
    /// The receiver has said 410 before.
    case disabled
    /// Too many wait already.
    case full

    /// As it is stored and shown.
    public var description: String {
      switch self {
      case .status(let status): "status \(status)"
      case .timedOut: "timed out"
      case .unreachable: "unreachable"
      case .refused(let code): code
      case .disabled: "disabled"
      case .full: "queue full"
      }
    }
  }

  /// What came of an attempt.
  public enum Outcome: Sendable, Hashable {
    /// An answer; `retryAfter` in seconds.
    case status(Int, retryAfter: UInt64? = nil)
    /// None.
    case failed(Reason)
  }

  /// What happens.
  public enum Event: Sendable, Hashable {
    /// A delivery was made, or comes out of the store.
    case added(Item)
    /// Time has passed.
    case tick
    /// An attempt ended. `jitter`, 0 to 999 thousandths, makes the next wait longer by up to a tenth of itself, so that
    /// what failed together does not come back together.
    case answered(sequence: Int64, Outcome, jitter: UInt64)
    /// An attempt was broken off from here; it does not count.
    case abandoned(sequence: Int64)
    /// A person lets the receiver have messages again.
    case enabled
  }

  /// What is to be done.
  public enum Action: Sendable, Hashable {
    /// Send it now.
    case send(sequence: Int64)
    /// Store that it waits again.
    case wait(Item, Reason)
    /// Store that it arrived.
    case deliver(sequence: Int64)
    /// Store that it is given up.
    case bury(sequence: Int64, attempts: Int, Reason)
    /// Store that the receiver is disabled.
    case disable
  }

  private let limits: Limits
  /// In order of sequence.
  private var items: [Item] = []
  private var inFlight = 0
  /// Whether the receiver gets nothing.
  public private(set) var isDisabled: Bool

  /// An empty queue.
  public init(isDisabled: Bool = false, limits: Limits = Limits()) {
    self.isDisabled = isDisabled
    self.limits = limits
  }

  /// Deliveries that wait or are in flight.
  public var count: Int { items.count }

  /// When something is to be done next; `nil` while only an event from outside changes anything.
  public var wake: UInt64? {
    guard inFlight < limits.inFlight else { return nil }
    return items.lazy.filter { !$0.isInFlight }.map(\.due).min()
  }

  /// Takes an event.
  ///
  /// - Parameter now: milliseconds since 1970.
  /// - Returns: what is to be done, in this order.
  public mutating func handle(_ event: Event, now: UInt64) -> [Action] {
    switch event {
    case .added(let item): return add(item)
    case .tick: return tick(now)
    case .answered(let sequence, let outcome, let jitter):
      guard let place = place(of: sequence), items[place].isInFlight else { return [] }
      inFlight -= 1
      items[place].isInFlight = false
      return end(place, outcome, jitter: min(jitter, 999), now)
    case .abandoned(let sequence):
      guard let place = place(of: sequence), items[place].isInFlight else { return [] }
      inFlight -= 1
      items[place].isInFlight = false
      return []
    case .enabled:
      isDisabled = false
      return []
    }
  }

  private mutating func add(_ item: Item) -> [Action] {
    if isDisabled { return [.bury(sequence: item.sequence, attempts: item.attempts, .disabled)] }
    let next = lowerBound(item.sequence)
    // The same one again, from a store that was read anew: it is here already.
    if next < items.count, items[next].sequence == item.sequence { return [] }
    guard items.count < limits.waiting else {
      return [.bury(sequence: item.sequence, attempts: item.attempts, .full)]
    }
    var item = item
    item.isInFlight = false
    items.insert(item, at: next)
    return []
  }

  private mutating func tick(_ now: UInt64) -> [Action] {
    var actions: [Action] = []
    for place in items.indices where !items[place].isInFlight {
      // The clock was put back: nothing waits longer for that.
      let latest = now.addingReportingOverflow(items[place].pause)
      if !latest.overflow { items[place].due = min(items[place].due, latest.partialValue) }
    }
    while inFlight < limits.inFlight, let place = next(now) {
      items[place].isInFlight = true
      inFlight += 1
      actions.append(.send(sequence: items[place].sequence))
    }
    return actions
  }

  /// Who has been due longest; of two the older one.
  private func next(_ now: UInt64) -> Int? {
    var first: Int?
    for place in items.indices where !items[place].isInFlight && items[place].due <= now {
      if first.map({ items[place].due < items[$0].due }) ?? true { first = place }
    }
    return first
  }

  private mutating func end(_ place: Int, _ outcome: Outcome, jitter: UInt64, _ now: UInt64) -> [Action] {
    let reason: Reason
    var asked: UInt64 = 0
    switch outcome {
    case .status(200..<300, _):
      return [.deliver(sequence: items.remove(at: place).sequence)]
    case .status(410, _):
      items[place].attempts += 1
      return disable(items.remove(at: place))
    case .status(let status, let retryAfter):
      reason = .status(status)
      let seconds = (retryAfter ?? 0).multipliedReportingOverflow(by: 1000)
      asked = seconds.overflow ? Self.longestObedience : min(seconds.partialValue, Self.longestObedience)
    case .failed(let why): reason = why
    }
    items[place].attempts += 1
    let failed = items[place]
    guard !isDisabled, failed.attempts <= Self.pauses.count else {
      items.remove(at: place)
      return [.bury(sequence: failed.sequence, attempts: failed.attempts, isDisabled ? .disabled : reason)]
    }
    let pause = Self.pauses[failed.attempts - 1]
    items[place].pause = max(pause + pause * jitter / 10_000, asked)
    let due = now.addingReportingOverflow(items[place].pause)
    items[place].due = due.overflow ? .max : due.partialValue
    return [.wait(items[place], reason)]
  }

  /// The receiver is gone, by its own word about one delivery.
  private mutating func disable(_ refused: Item) -> [Action] {
    let isNews = !isDisabled
    isDisabled = true
    let waiting = items.filter { !$0.isInFlight }
    items.removeAll { !$0.isInFlight }
    return (isNews ? [.disable] : [])
      + [.bury(sequence: refused.sequence, attempts: refused.attempts, .status(410))]
      + waiting.map { .bury(sequence: $0.sequence, attempts: $0.attempts, .disabled) }
  }

  private func place(of sequence: Int64) -> Int? {
    let place = lowerBound(sequence)
    return place < items.count && items[place].sequence == sequence ? place : nil
  }

  /// Where the first one stands whose number is not smaller.
  private func lowerBound(_ sequence: Int64) -> Int {
    var (low, high) = (0, items.count)
    while low < high {
      let middle = (low + high) / 2
      if items[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
