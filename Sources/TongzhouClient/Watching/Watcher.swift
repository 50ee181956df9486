internal import TransparencyLog

/// Follows what sources show of one chain and says what is wrong: no clock, no network, no files.
///
/// Whoever runs it looks at the sources when ``nextLook(at:)`` says so, hands in what he found as events, and carries
/// out the actions. Every alarm is said once when it begins and once when it is over.
public struct Watcher: Sendable {
  /// How long things may take, in seconds.
  public struct Limits: Sendable {
    /// Between two looks at a source.
    public var interval: UInt64 = 30
    /// Between two looks at a source that does not answer, at most.
    public var longestPause: UInt64 = 600
    /// A newest block older than this is an alarm.
    public var age: UInt64 = 600
    /// A source that does not answer for as long is an alarm.
    public var silence: UInt64 = 300

    /// The defaults.
    public init() {}
  }

  /// What whoever runs it found.
  public enum Event: Sendable {
    /// A source showed a checkpoint that fulfils the policy, with the time of its last block.
    case looked(Comparison.View, blockTime: UInt64)
    /// A source gave nothing that holds.
    case failed(source: String, code: String, message: String, isPassing: Bool)
    /// Tiles decided a question.
    case answered(Comparison.Question, Comparison.Split?)
    /// Tiles did not decide a question.
    case undecided(Comparison.Question, code: String, message: String, isPassing: Bool)
    /// A change of the endorsers was followed.
    case changed(source: String, height: UInt64, endorsers: Int, quorum: Int)
    /// Nothing but time.
    case tick
  }

  /// What is to be done.
  public enum Action: Sendable, Equatable {
    /// Ask the tiles of the larger view's source.
    case ask(Comparison.Question)
    /// Keep this as the newest checkpoint seen.
    case remember(Comparison.View)
    /// Keep the evidence.
    case keep(Comparison.Split)
    /// Tell people.
    case say(WatchLine)
  }

  private struct Source {
    var view: Comparison.View?
    /// The view whose place in the log was decided last.
    var decided: Comparison.View?
    var failures = 0
    var silentSince: UInt64?
    var nextLook: UInt64 = 0
    /// Codes of alarms that are on, each with its message.
    var alarms: [String] = []
  }

  private let watched: String
  private let limits: Limits
  private var sources: [(name: String, state: Source)]
  /// The largest view that is known to go on from all before it.
  private var newest: Comparison.View?
  private var blockTime: UInt64?
  private var splits: [[Hash]] = []
  /// Whether there was an alarm.
  public private(set) var hasAlarmed = false

  /// - Parameters:
  ///   - watched: the source whose newest block must not be old.
  ///   - others: sources it is compared with.
  ///   - remembered: the newest checkpoint seen in an earlier run.
  public init(_ watched: String, others: [String], remembered: Comparison.View?, limits: Limits) {
    self.watched = watched
    self.limits = limits
    newest = remembered
    sources = ([watched] + others).map { ($0, Source()) }
  }

  /// The source to look at next, and when; `nil` never comes, for there is always one.
  public func nextLook(at now: UInt64) -> (source: String, time: UInt64) {
    let next = sources.min { $0.state.nextLook < $1.state.nextLook }
    return (next?.name ?? watched, max(now, next?.state.nextLook ?? now))
  }

  /// Takes an event.
  ///
  /// - Parameter now: seconds since 1970; never smaller than before.
  public mutating func handle(_ event: Event, at now: UInt64) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .looked(let view, let time): looked(view, time, now, &actions)
    case .failed(let source, let code, let message, let isPassing):
      failed(source, code, message, isPassing, now, &actions)
    case .answered(let question, let split): answered(question, split, now, &actions)
    case .undecided(let question, let code, let message, let isPassing):
      failed(question.larger.source, code, message, isPassing, now, &actions)
    case .changed(let source, let height, let endorsers, let quorum):
      let words = "the endorsers changed in block \(height): \(quorum) of \(endorsers) certify from there on"
      actions.append(.say(WatchLine(.note, .policyChange, source, words, at: now, size: nil)))
    case .tick: break
    }
    checkAge(now, &actions)
    return actions
  }

  private mutating func looked(
    _ view: Comparison.View, _ time: UInt64, _ now: UInt64, _ actions: inout [Action]
  ) {
    guard let place = sources.firstIndex(where: { $0.name == view.source }) else { return }
    let before = sources[place].state.view
    sources[place].state.view = view
    sources[place].state.failures = 0
    sources[place].state.silentSince = nil
    sources[place].state.nextLook = now + limits.interval
    clear(place, .silent, now, &actions)
    clear(place, .wrong, now, &actions)
    if view.source == watched { blockTime = max(blockTime ?? 0, time) }
    if let before, before.checkpoint.size > view.checkpoint.size {
      let words = "shows \(before.checkpoint.size - view.checkpoint.size) entries fewer than before"
      actions.append(.say(WatchLine(.note, .wentBack, view.source, words, at: now, size: view.checkpoint.size)))
    }
    guard sources[place].state.decided?.checkpoint != view.checkpoint else { return }
    guard let newest else { return accept(view, place, &actions) }
    if newest.checkpoint.size == view.checkpoint.size {
      if newest.checkpoint.root == view.checkpoint.root {
        sources[place].state.decided = view
      } else {
        split(Comparison.Split(smaller: newest, larger: view, beginning: nil), view.source, now, &actions)
      }
    } else if newest.checkpoint.size < view.checkpoint.size {
      if newest.checkpoint.size == 0 { return accept(view, place, &actions) }
      actions.append(.ask(Comparison.Question(smaller: newest, larger: view)))
    } else if view.checkpoint.size > 0 {
      actions.append(.ask(Comparison.Question(smaller: view, larger: newest)))
    }
  }

  private mutating func accept(_ view: Comparison.View, _ place: Int, _ actions: inout [Action]) {
    sources[place].state.decided = view
    guard view.checkpoint.size > newest?.checkpoint.size ?? 0 else { return }
    newest = view
    actions.append(.remember(view))
  }

  private mutating func answered(
    _ question: Comparison.Question, _ found: Comparison.Split?, _ now: UInt64, _ actions: inout [Action]
  ) {
    // The one of the two that was asked about: the other was known.
    let asked = question.smaller.checkpoint == newest?.checkpoint ? question.larger : question.smaller
    if let found { return split(found, asked.source, now, &actions) }
    guard let place = sources.firstIndex(where: { $0.name == asked.source }) else { return }
    accept(asked, place, &actions)
  }

  private mutating func split(
    _ found: Comparison.Split, _ source: String, _ now: UInt64, _ actions: inout [Action]
  ) {
    let roots = [found.smaller.checkpoint.root, found.larger.checkpoint.root].sorted()
    guard !splits.contains(roots) else { return }
    splits.append(roots)
    hasAlarmed = true
    actions.append(.keep(found))
    actions.append(
      .say(WatchLine(.alarm, .splitView, source, found.words, at: now, size: found.larger.checkpoint.size)))
  }

  private mutating func failed(
    _ source: String, _ code: String, _ message: String, _ isPassing: Bool, _ now: UInt64,
    _ actions: inout [Action]
  ) {
    guard let place = sources.firstIndex(where: { $0.name == source }) else { return }
    let failures = min(sources[place].state.failures + 1, 16)
    sources[place].state.failures = failures
    sources[place].state.nextLook = now + min(limits.interval << UInt64(failures - 1), limits.longestPause)
    guard isPassing else { return raise(place, .wrong, "\(code): \(message)", now, &actions) }
    let since = sources[place].state.silentSince ?? now
    sources[place].state.silentSince = since
    if now - since >= limits.silence {
      raise(place, .silent, "no answer for \(now - since) seconds: \(code): \(message)", now, &actions)
    }
  }

  private mutating func checkAge(_ now: UInt64, _ actions: inout [Action]) {
    guard let blockTime, let place = sources.firstIndex(where: { $0.name == watched }) else { return }
    let age = now > blockTime ? now - blockTime : 0
    if age > limits.age {
      raise(place, .stale, "the newest block is \(age) seconds old", now, &actions)
    } else {
      clear(place, .stale, now, &actions)
    }
  }

  private mutating func raise(
    _ place: Int, _ code: WatchLine.Code, _ message: String, _ now: UInt64, _ actions: inout [Action]
  ) {
    guard !sources[place].state.alarms.contains(code.name) else { return }
    sources[place].state.alarms.append(code.name)
    hasAlarmed = true
    let size = sources[place].state.view?.checkpoint.size
    actions.append(.say(WatchLine(.alarm, code, sources[place].name, message, at: now, size: size)))
  }

  private mutating func clear(_ place: Int, _ code: WatchLine.Code, _ now: UInt64, _ actions: inout [Action]) {
    guard let index = sources[place].state.alarms.firstIndex(of: code.name) else { return }
    sources[place].state.alarms.remove(at: index)
    let size = sources[place].state.view?.checkpoint.size
    actions.append(.say(WatchLine(.over, code, sources[place].name, "it is over", at: now, size: size)))
  }
}

extension Comparison.Split {
  /// Who shows what, in a line.
  public var words: String {
    let (a, b) = (smaller.checkpoint, larger.checkpoint)
    if a.size == b.size {
      return "\(smaller.source) and \(larger.source) show different logs of \(a.size) entries: roots \(a.root) and "
        + "\(b.root)"
    }
    return "\(larger.source) shows \(b.size) entries that do not go on from the \(a.size) that \(smaller.source) shows"
  }
}
