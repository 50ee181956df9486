internal import Ledger
public import Logging
internal import Metrics
public import Storage
public import TongzhouClient
internal import TransparencyLog

/// Tells receivers what happens on the chains of a node.
///
/// Looks at each chain's newest view, stores what has happened since the last look together with how far it looked,
/// and only then sends. Each receiver has a queue and lines of its own, so a slow one holds up nobody, and nothing here
/// holds up a chain.
public actor Webhooks {
  /// Sends one message to a receiver.
  public typealias Send =
    @Sendable (_ letter: WebhookLetter, _ endpoint: WebhookEndpoint) async throws(CancellationError) ->
    WebhookSender.Answer

  private nonisolated let executor = ThreadExecutor(name: "tongzhou webhooks")
  /// A thread of its own: it waits for the disk.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let chains: [any ServedChain]
  private let endpoints: [WebhookEndpoint]
  private let store: WebhookStore
  private let interval: Duration
  private let clock: @Sendable () -> UInt64
  private let send: Send
  private let logger: Logger
  private var queues: [WebhookQueue] = []
  private var facts: [String: ChainFacts] = [:]
  private var generation: Int?

  /// What is to be sent now, and whose it is.
  private struct Errand: Sendable {
    let endpoint: Int
    let sequence: Int64
  }

  /// Webhooks; ``run()`` follows.
  ///
  /// - Parameters:
  ///   - interval: between two looks.
  ///   - clock: milliseconds since 1970.
  public init(
    of chains: [any ServedChain], to endpoints: [WebhookEndpoint], store: WebhookStore,
    interval: Duration = .seconds(1), clock: @escaping @Sendable () -> UInt64, logger: Logger, send: @escaping Send
  ) {
    self.chains = chains
    self.endpoints = endpoints
    self.store = store
    self.interval = interval
    self.clock = clock
    self.logger = logger
    self.send = send
  }

  deinit { executor.stop() }

  /// Lives until the task is cancelled.
  public nonisolated func run() async {
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        let (errands, pause) = await turn()
        for errand in errands { group.addTask { await self.work(errand) } }
        try? await Task.sleep(for: pause)
      }
      // What is on its way is broken off; it goes out again at the next start, with the same id.
      group.cancelAll()
    }
  }

  /// One line to a receiver: sends as long as there is something due.
  private nonisolated func work(_ first: Errand) async {
    var next: Errand? = first
    while let errand = next, !Task.isCancelled {
      guard let letter = await letter(errand) else { return }
      do {
        let answer = try await send(letter, endpoints[errand.endpoint])
        next = await ended(errand, answer)
      } catch {
        await abandon(errand)
        return
      }
    }
    if let errand = next { await abandon(errand) }
  }

  /// Looks at chains and store; what is to be sent now, and how long there is nothing else to do.
  private func turn() -> (errands: [Errand], pause: Duration) {
    do {
      let generation = try store.generation
      if generation != self.generation {
        // At the start, and after somebody changed deliveries with a command.
        try load()
        self.generation = generation
      }
      for chain in chains { try look(chain) }
    } catch {
      logger.error("webhooks not stored", metadata: ["error": "\(error)"])
    }
    let errands = queues.indices.flatMap { take($0, [.tick]) }
    let now = clock()
    let waits = queues.compactMap(\.wake).map { Duration.milliseconds(max(10, $0 > now ? $0 - now : 0)) }
    return (errands, min(interval, waits.min() ?? interval))
  }

  private func load() throws {
    let disabled = try store.disabled
    if queues.isEmpty { queues = endpoints.map { WebhookQueue(isDisabled: disabled.contains($0.id)) } }
    for (place, endpoint) in endpoints.enumerated() {
      if !disabled.contains(endpoint.id) { _ = take(place, [.enabled]) }
      add(try store.pending(endpoint.id), to: place)
    }
  }

  private func add(_ deliveries: [WebhookDelivery], to place: Int) {
    _ = take(
      place,
      deliveries.map {
        .added(WebhookQueue.Item(sequence: $0.sequence, attempts: $0.attempts, due: $0.due, pause: $0.pause))
      })
    measure(place)
  }

  /// Tells what has happened on a chain since the last look.
  private func look(_ chain: any ServedChain) throws {
    guard let view = chain.view else { return }
    let known = try facts[chain.name] ?? stored(chain.name, view.genesis.chain)
    if let known, known.height == view.height {
      facts[chain.name] = known
      return
    }
    let now = ChainFacts(view)
    let since = known.flatMap { now.follow($0) ? $0 : nil }
    if since == nil {
      // The first time, or the log was put back: what was before is nobody's news.
      logger.notice(
        "webhooks begin at the present", metadata: ["chain": "\(chain.name)", "height": "\(view.height)"])
    }
    let changes = now.changes(since: since)
    // Most blocks bring no news, and then there is nothing to write: what is stored still says how things stand.
    guard since == nil || !changes.isEmpty else {
      facts[chain.name] = now
      return
    }
    let events = since.map { now.events(since: $0, changes: changes, view, chain: chain.name) } ?? []
    var letters: [WebhookLetter] = []
    for event in events {
      for endpoint in endpoints where endpoint.kinds.contains(event.kind) {
        letters.append(
          WebhookLetter(
            endpoint: endpoint.id, id: event.id, type: event.kind.rawValue,
            body: try event.body(address: endpoint.address)))
      }
    }
    let seen = WebhookFacts(chain: view.genesis.chain, height: view.height, facts: changes)
    let made = try store.keep(seen, of: chain.name, isAnew: since == nil, letters, now: clock())
    facts[chain.name] = now
    for (place, endpoint) in endpoints.enumerated() {
      let own = made.filter { $0.endpoint == endpoint.id }
      if !own.isEmpty { add(own, to: place) }
    }
  }

  private func stored(_ chain: String, _ id: Hash) throws -> ChainFacts? {
    guard let stored = try store.facts(of: chain), stored.chain == id else { return nil }
    return ChainFacts(stored)
  }

  private func letter(_ errand: Errand) -> WebhookLetter? {
    do {
      if let letter = try store.letter(errand.sequence) { return letter }
      // Somebody took it out of the file: it is as good as done.
      _ = take(errand.endpoint, [.answered(sequence: errand.sequence, .status(200), jitter: 0)])
    } catch {
      logger.error("webhook not read", metadata: ["endpoint": "\(endpoints[errand.endpoint].id)", "error": "\(error)"])
      _ = take(errand.endpoint, [.abandoned(sequence: errand.sequence)])
    }
    return nil
  }

  /// Takes what came of an attempt, and gives the line what to send next.
  private func ended(_ errand: Errand, _ answer: WebhookSender.Answer) -> Errand? {
    let outcome: WebhookQueue.Outcome =
      switch answer {
      case .status(let status, let retryAfter): .status(status, retryAfter: retryAfter)
      case .timedOut: .failed(.timedOut)
      case .unreachable: .failed(.unreachable)
      case .refused(let code): .failed(.refused(code.name))
      }
    _ = take(
      errand.endpoint, [.answered(sequence: errand.sequence, outcome, jitter: UInt64.random(in: 0..<1000))])
    measure(errand.endpoint)
    return take(errand.endpoint, [.tick], lines: 1).first
  }

  private func abandon(_ errand: Errand) { _ = take(errand.endpoint, [.abandoned(sequence: errand.sequence)]) }

  /// Gives events to a receiver's queue and stores what comes of them.
  ///
  /// - Parameter lines: how many errands there are people for; others wait for the next turn.
  private func take(_ place: Int, _ events: [WebhookQueue.Event], lines: Int = .max) -> [Errand] {
    let now = clock()
    var found: [Errand] = []
    var outcomes: [WebhookOutcome] = []
    for event in events {
      for action in queues[place].handle(event, now: now) {
        switch action {
        case .send(let sequence) where found.count < lines:
          found.append(Errand(endpoint: place, sequence: sequence))
        case .send(let sequence): _ = queues[place].handle(.abandoned(sequence: sequence), now: now)
        default: outcomes += outcome(of: action, endpoints[place].id)
        }
      }
    }
    do {
      try store.keep(outcomes, of: endpoints[place].id)
    } catch {
      // What was not stored is sent again after a restart, and its id tells the receiver.
      logger.error(
        "webhooks' outcomes not stored", metadata: ["endpoint": "\(endpoints[place].id)", "error": "\(error)"])
    }
    return found
  }

  /// What is to be stored of an action; says it to the log and counts it.
  private func outcome(of action: WebhookQueue.Action, _ id: String) -> [WebhookOutcome] {
    switch action {
    case .send: return []
    case .wait(let item, let reason):
      count(id, "failed")
      note("a webhook did not arrive", id, item.sequence, attempts: item.attempts, reason, .info)
      return [
        .waits(
          sequence: item.sequence, attempts: item.attempts, due: item.due, pause: item.pause, reason: "\(reason)")
      ]
    case .deliver(let sequence):
      count(id, "delivered")
      return [.delivered(sequence: sequence)]
    case .bury(let sequence, let attempts, let reason):
      count(id, "dead")
      // Who is disabled or full gets one line for it, not ten thousand.
      let level: Logger.Level = reason == .disabled || reason == .full ? .debug : .warning
      note("a webhook was given up", id, sequence, attempts: attempts, reason, level)
      return [.dead(sequence: sequence, attempts: attempts, reason: "\(reason)")]
    case .disable:
      logger.warning("a receiver of webhooks answered 410 and gets nothing more", metadata: ["endpoint": "\(id)"])
      return [.disabled]
    }
  }

  private func note(
    _ what: Logger.Message, _ id: String, _ sequence: Int64, attempts: Int, _ reason: WebhookQueue.Reason,
    _ level: Logger.Level
  ) {
    logger.log(
      level: level, what,
      metadata: [
        "endpoint": "\(id)", "delivery": "\(sequence)", "attempts": "\(attempts)", "reason": "\(reason)",
      ])
  }

  private func count(_ endpoint: String, _ outcome: String) {
    Counter(
      label: "tongzhou_webhook_attempts_total", dimensions: [("endpoint", endpoint), ("outcome", outcome)]
    ).increment()
  }

  private func measure(_ place: Int) {
    let dimensions = [("endpoint", endpoints[place].id)]
    Gauge(label: "tongzhou_webhook_waiting", dimensions: dimensions).record(queues[place].count)
    Gauge(label: "tongzhou_webhook_disabled", dimensions: dimensions).record(queues[place].isDisabled ? 1 : 0)
    let dead = (try? store.count(.dead, to: endpoints[place].id)) ?? 0
    Gauge(label: "tongzhou_webhook_dead", dimensions: dimensions).record(dead)
  }
}
