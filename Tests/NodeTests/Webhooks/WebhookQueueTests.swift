import Node
import TestSupport
import Testing

@Suite("The queue of a receiver of webhooks")
struct WebhookQueueTests {
  private static let start: UInt64 = 1_800_000_000_000

  /// A queue of its own, with deliveries 1 to `count`.
  private static func queue(_ count: Int64, _ change: (inout WebhookQueue.Limits) -> Void = { _ in }) -> WebhookQueue {
    var limits = WebhookQueue.Limits()
    change(&limits)
    var queue = WebhookQueue(limits: limits)
    for sequence in 1...count {
      #expect(queue.handle(.added(.init(sequence: sequence, due: start)), now: start) == [])
    }
    return queue
  }

  @Test("ten attempts after the waits of Standard Webhooks, over 75 h 35 min 5 s, then it is dead")
  func schedule() {
    var queue = Self.queue(1)
    var now = Self.start
    var gaps: [UInt64] = []
    for attempt in 1...10 {
      #expect(queue.handle(.tick, now: now) == [.send(sequence: 1)], "attempt \(attempt)")
      #expect(queue.handle(.tick, now: now) == [], "it is in flight")
      let actions = queue.handle(.answered(sequence: 1, .status(500), jitter: 0), now: now)
      if attempt == 10 {
        #expect(actions == [.bury(sequence: 1, attempts: 10, .status(500))])
        break
      }
      guard case .wait(let item, .status(500)) = actions.first, let wake = queue.wake else {
        Issue.record("attempt \(attempt): \(actions)")
        return
      }
      #expect(item.attempts == attempt && item.due == wake && item.pause == wake - now)
      #expect(queue.handle(.tick, now: wake - 1) == [])
      gaps.append((wake - now) / 1000)
      now = wake
    }
    #expect(gaps == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400])
    #expect(now - Self.start == (75 * 3600 + 35 * 60 + 5) * 1000)
    #expect(queue.count == 0 && queue.wake == nil)
  }

  @Test("jitter makes a wait longer by up to a tenth; Retry-After longer by up to a day, never shorter")
  func waits() {
    func pause(_ outcome: WebhookQueue.Outcome, jitter: UInt64 = 0) -> UInt64 {
      var queue = Self.queue(1)
      _ = queue.handle(.tick, now: Self.start)
      _ = queue.handle(.answered(sequence: 1, outcome, jitter: jitter), now: Self.start)
      return (queue.wake ?? 0) - Self.start
    }
    #expect(pause(.status(500)) == 5000 && pause(.status(500), jitter: 500) == 5250)
    #expect((5000...5500).contains(pause(.failed(.timedOut), jitter: .max)))
    #expect(pause(.status(429, retryAfter: 60)) == 60_000)
    #expect(pause(.status(503, retryAfter: 3)) == 5000)
    #expect(pause(.status(503, retryAfter: 86_401)) == 86_400_000)
    #expect(pause(.status(503, retryAfter: .max)) == 86_400_000)
  }

  @Test(
    "only 2xx is success: a redirect is not, and so is nothing else",
    arguments: [100, 199, 300, 301, 302, 307, 308, 400, 401, 404, 409, 429, 500, 502, 503, 599, 0, -1])
  func failures(status: Int) {
    var queue = Self.queue(1)
    _ = queue.handle(.tick, now: Self.start)
    let actions = queue.handle(.answered(sequence: 1, .status(status), jitter: 0), now: Self.start)
    #expect(
      actions == [
        .wait(.init(sequence: 1, attempts: 1, due: Self.start + 5000, pause: 5000), .status(status))
      ])
  }

  @Test("any 2xx is success", arguments: [200, 201, 202, 204, 299])
  func success(status: Int) {
    var queue = Self.queue(1)
    _ = queue.handle(.tick, now: Self.start)
    #expect(
      queue.handle(.answered(sequence: 1, .status(status), jitter: 0), now: Self.start) == [.deliver(sequence: 1)])
    #expect(queue.handle(.answered(sequence: 1, .status(status), jitter: 0), now: Self.start) == [], "once")
  }

  @Test("410 disables: what waits is dead, what is in flight may still arrive, what comes is dead until enabled")
  func gone() {
    var queue = Self.queue(6) { $0.inFlight = 3 }
    let now = Self.start
    #expect(queue.handle(.tick, now: now) == [.send(sequence: 1), .send(sequence: 2), .send(sequence: 3)])
    #expect(
      queue.handle(.answered(sequence: 2, .status(410), jitter: 0), now: now) == [
        .disable, .bury(sequence: 2, attempts: 1, .status(410)), .bury(sequence: 4, attempts: 0, .disabled),
        .bury(sequence: 5, attempts: 0, .disabled), .bury(sequence: 6, attempts: 0, .disabled),
      ])
    #expect(queue.isDisabled && queue.count == 2)
    #expect(queue.handle(.answered(sequence: 1, .status(200), jitter: 0), now: now) == [.deliver(sequence: 1)])
    #expect(
      queue.handle(.answered(sequence: 3, .status(500), jitter: 0), now: now)
        == [.bury(sequence: 3, attempts: 1, .disabled)])
    #expect(
      queue.handle(.added(.init(sequence: 7)), now: now) == [.bury(sequence: 7, attempts: 0, .disabled)])
    #expect(queue.handle(.tick, now: now) == [])
    #expect(queue.handle(.enabled, now: now) == [] && queue.handle(.added(.init(sequence: 7)), now: now) == [])
    #expect(queue.handle(.tick, now: now) == [.send(sequence: 7)])
  }

  @Test("what finds the queue full is dead; one that is there already is not taken twice")
  func full() {
    var queue = Self.queue(5) { $0.waiting = 5 }
    #expect(
      queue.handle(.added(.init(sequence: 6)), now: Self.start) == [.bury(sequence: 6, attempts: 0, .full)])
    #expect(queue.handle(.added(.init(sequence: 3)), now: Self.start) == [])
    #expect(queue.count == 5)
    let sends = queue.handle(.tick, now: Self.start)
    #expect(sends == (1...4).map { .send(sequence: $0) }, "four are in flight at a time, the oldest first")
    #expect(queue.wake == nil, "no line is free")
    #expect(queue.handle(.answered(sequence: 1, .status(200), jitter: 0), now: Self.start) == [.deliver(sequence: 1)])
    #expect(queue.handle(.tick, now: Self.start) == [.send(sequence: 5)])
  }

  @Test("a clock that is put back makes nothing wait longer than it was to wait; one that is put forward sends early")
  func clock() {
    var queue = Self.queue(1)
    _ = queue.handle(.tick, now: Self.start)
    _ = queue.handle(.answered(sequence: 1, .status(500), jitter: 0), now: Self.start)
    let back = Self.start - 1_000_000_000
    #expect(queue.handle(.tick, now: back) == [])
    #expect(queue.wake == back + 5000)
    #expect(queue.handle(.tick, now: back + 5000) == [.send(sequence: 1)])
    _ = queue.handle(.abandoned(sequence: 1), now: back + 5000)
    #expect(queue.handle(.tick, now: .max) == [.send(sequence: 1)])
    #expect(
      queue.handle(.answered(sequence: 1, .status(500), jitter: 999), now: .max).count == 1, "no overflow")
  }

  /// What a store keeps of a delivery.
  private struct Stored {
    var state = 0
    var attempts = 0
    var due: UInt64 = 0
    var pause: UInt64 = 0
    var arrivals = 0
  }

  @Test(
    "with restarts between any two steps, jumps of the clock and any answers, nothing is lost and nothing forged",
    arguments: 1...60 as ClosedRange<UInt64>)
  func histories(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var limits = WebhookQueue.Limits()
    limits.waiting = 8
    limits.inFlight = 2
    var store: [Int64: Stored] = [:]
    var disabled = false
    var queue = WebhookQueue(limits: limits)
    var flying: [Int64] = []
    var now = Self.start
    var made: Int64 = 0

    func restart() {
      queue = WebhookQueue(isDisabled: disabled, limits: limits)
      flying = []
      for (sequence, row) in store.sorted(by: { $0.key < $1.key }) where row.state == 0 {
        take(
          .added(.init(sequence: sequence, attempts: row.attempts, due: row.due, pause: row.pause)), mayDie: false)
      }
    }
    func take(_ event: WebhookQueue.Event, mayDie: Bool = true) {
      let actions = queue.handle(event, now: now)
      // Dies before anything of it is stored.
      if mayDie, random.next() % 20 == 0 { return restart() }
      var sends: [Int64] = []
      for action in actions {
        switch action {
        case .send(let sequence): sends.append(sequence)
        case .wait(let item, _):
          store[item.sequence]?.attempts = item.attempts
          store[item.sequence]?.due = item.due
          store[item.sequence]?.pause = item.pause
        case .deliver(let sequence):
          #expect(store[sequence]?.state == 0 && store[sequence]?.arrivals ?? 0 > 0, "seed \(seed)")
          store[sequence]?.state = 1
        case .bury(let sequence, let attempts, _):
          #expect(store[sequence]?.state == 0 && attempts <= 10, "seed \(seed)")
          store[sequence]?.state = 2
        case .disable: disabled = true
        }
      }
      // Dies after it is stored, before anything is sent.
      if mayDie, random.next() % 20 == 0 { return restart() }
      flying += sends
      #expect(flying.count <= limits.inFlight && queue.count <= limits.waiting, "seed \(seed)")
      #expect(Set(flying).count == flying.count, "seed \(seed): one delivery on its way twice")
    }

    for _ in 0..<600 {
      switch random.next() % 10 {
      case 0...1:
        made += 1
        store[made] = Stored(due: now)
        take(.added(.init(sequence: made, due: now)))
      case 2...4: take(.tick)
      case 5...7:
        guard !flying.isEmpty else { break }
        let sequence = flying.remove(at: Int(random.next() % UInt64(flying.count)))
        switch random.next() % 12 {
        case 0...5:
          store[sequence]?.arrivals += 1
          take(.answered(sequence: sequence, .status(200), jitter: random.next() % 1000))
        case 6...9: take(.answered(sequence: sequence, .status(503, retryAfter: random.next() % 9), jitter: 0))
        case 10: take(.abandoned(sequence: sequence))
        default: take(.answered(sequence: sequence, .status(random.next() % 4 == 0 ? 410 : 404), jitter: 0))
        }
      case 8:
        let leap = random.next() % 30_000_000
        now = random.next() % 3 == 0 ? now - leap : now + leap
      default:
        if disabled, random.next() % 2 == 0 {
          disabled = false
          take(.enabled, mayDie: false)
        }
      }
    }
    // In the end the receiver is well, and all that waits arrives.
    disabled = false
    take(.enabled, mayDie: false)
    for _ in 0..<200 {
      now += WebhookQueue.longestObedience * 2
      take(.tick, mayDie: false)
      while let sequence = flying.popLast() {
        store[sequence]?.arrivals += 1
        take(.answered(sequence: sequence, .status(204), jitter: 0), mayDie: false)
      }
    }
    #expect(queue.count == 0 && store.values.allSatisfy { $0.state != 0 }, "seed \(seed)")
    #expect(store.values.filter { $0.state == 1 }.allSatisfy { $0.arrivals > 0 })
    #expect(Int64(store.count) == made)
  }
}
