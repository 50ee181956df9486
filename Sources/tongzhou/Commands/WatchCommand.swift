internal import ArgumentParser
internal import Foundation
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// `tongzhou watch`.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follows what a node shows, and raises the alarm when something is wrong.",
    discussion: """
      Looks at the node's checkpoint again and again: a quorum of the organisations must have signed it, it must go on
      from the last one, by a proof from the log's tiles, and its newest block must not be old. Other addresses are
      looked at beside it and must show the same ledger. Changes of the endorsers are followed by their proofs and
      said. --memory keeps the newest checkpoint over restarts; with it the chain cannot be changed behind your back.

        tongzhou watch https://a.example --with https://b.example --genesis CHAIN-ID --memory seen.json

      Prints one line when an alarm begins and one when it is over, with its code (docs/errors.md); with --json each is
      one line of JSON. A place that does not answer is asked again, with longer and longer pauses, and is an alarm
      only after --silence seconds. Runs until it is stopped, or as long as --seconds or --rounds say, and then exits
      with 2 if there was an alarm, else with 0. --alarm-command PROGRAM is run for each alarm with its line of JSON
      on standard input.
      """)

  @Argument(help: "The address of a node, or of a log such as http://HOST/log/aid.")
  var url: String

  @Option(name: .customLong("with"), help: "Another address to compare it with; may be given several times.")
  var others: [String] = []

  @Option(help: "Seconds between two looks (1 to 86,400).")
  var interval: UInt64 = 30

  @Option(help: "Seconds after which the newest block is too old.")
  var age: UInt64 = 600

  @Option(help: "Seconds without an answer that are an alarm.")
  var silence: UInt64 = 300

  @Option(help: "End after so many seconds.")
  var seconds: UInt64?

  @Option(help: "End after so many looks at every address.")
  var rounds: Int?

  @Option(help: "A program to run for each alarm, with its line of JSON on standard input.")
  var alarmCommand: String?

  @OptionGroup var pinned: PinnedOptions
  @OptionGroup var json: JSONOption

  func validate() throws {
    guard (1...86_400).contains(interval) else { throw ValidationError("--interval is 1 to 86400") }
    guard [age, silence, seconds ?? 0].allSatisfy({ $0 <= 31_622_400 }) else {
      throw ValidationError("--age, --silence and --seconds are at most a year")
    }
    guard rounds.map({ $0 > 0 }) ?? true else { throw ValidationError("--rounds is 1 or more") }
  }

  func run() async throws {
    let hasAlarmed: Bool
    do {
      let chain = try pinned.pinned()
      let places = try pinned.places([url] + others, patience: 0)
      var limits = Watcher.Limits()
      limits.interval = interval
      limits.age = age
      limits.silence = silence
      let watcher = Watcher(url, others: others, remembered: try pinned.remembered(of: chain), limits: limits)
      var run = WatchRun(
        id: chain, places: places, watcher: watcher, pinned: pinned, isJSON: json.isOn, command: alarmCommand)
      let result: Result<Void, any Error>
      do { result = .success(try await run.run(seconds: seconds, rounds: rounds)) } catch { result = .failure(error) }
      for place in places { await place.shutdown() }
      try result.get()
      hasAlarmed = run.watcher.hasAlarmed
    } catch {
      throw Output.fail(error)
    }
    if hasAlarmed { throw ExitCode(2) }
  }
}

/// A watcher with a clock, a network and a terminal.
private struct WatchRun {
  let id: Hash
  let places: [WatchedPlace]
  var watcher: Watcher
  let pinned: PinnedOptions
  let isJSON: Bool
  let command: String?
  /// The chain with the policies followed so far; `nil` until a place has shown its genesis.
  private var chain: TrustedChain?
  /// The last look at each place: the same bytes need not be looked into again.
  private var known: [String: (view: Comparison.View, blockTime: UInt64)] = [:]
  private var looks: [String: Int] = [:]

  init(
    id: Hash, places: [WatchedPlace], watcher: Watcher, pinned: PinnedOptions, isJSON: Bool, command: String?
  ) {
    self.id = id
    self.places = places
    self.watcher = watcher
    self.pinned = pinned
    self.isJSON = isJSON
    self.command = command
  }

  private var now: UInt64 { Timestamp.wallClock.seconds }

  mutating func run(seconds: UInt64?, rounds: Int?) async throws {
    let began = ContinuousClock.now
    func isOver() -> Bool { seconds.map { ContinuousClock.now - began >= .seconds(Int64($0)) } ?? false }
    while !isOver() {
      if let rounds, places.allSatisfy({ looks[$0.address, default: 0] >= rounds }) { return }
      let (source, time) = watcher.nextLook(at: now)
      if time > now {
        try await Task.sleep(for: .milliseconds(200))
        try await carryOut(watcher.handle(.tick, at: now))
        continue
      }
      guard let place = places.first(where: { $0.address == source }) else { return }
      looks[source, default: 0] += 1
      for event in await look(place) { try await carryOut(watcher.handle(event, at: now)) }
    }
  }

  private mutating func look(_ place: WatchedPlace) async -> [Watcher.Event] {
    var events: [Watcher.Event] = []
    do {
      var next: TrustedChain
      if let chain { next = chain } else { next = try await place.trusted(pinned: id) }
      // Changes that come with a genesis which is met for the first time are old news.
      let old = chain == nil ? next.policies.terms.count : chain?.policies.terms.count ?? 0
      let view = try await place.look(&next)
      for term in next.policies.terms.dropFirst(old) {
        let (count, quorum) = (term.endorsers?.count ?? 0, term.endorsers?.quorum ?? 0)
        events.append(.changed(source: place.address, height: term.height, endorsers: count, quorum: quorum))
      }
      chain = next
      if let before = known[place.address], before.view == view {
        return events + [.looked(view, blockTime: before.blockTime)]
      }
      let files = try await place.files(of: view)
      defer { files.close() }
      let trusted = next
      let seal = try await OwnThread.run { try trusted.lastSeal(in: files) }
      known[place.address] = (view, seal.time.seconds)
      return events + [.looked(view, blockTime: seal.time.seconds)]
    } catch {
      let found = FoundError(error)
      return events + [
        .failed(source: place.address, code: found.code, message: found.message, isPassing: found.isPassing)
      ]
    }
  }

  private mutating func carryOut(_ actions: [Watcher.Action]) async throws {
    var evidence: String?
    for action in actions {
      switch action {
      case .ask(let question): try await carryOut(watcher.handle(await ask(question), at: now))
      case .remember(let view): try pinned.remember(view, of: id)
      case .keep(let split): evidence = try pinned.keep(split, of: id)
      case .say(let line): try await say(line, evidence: evidence)
      }
    }
  }

  /// Asks the tiles of the larger view's place; what was remembered of an earlier run has none, but any place that
  /// shows the same checkpoint does.
  private func ask(_ question: Comparison.Question) async -> Watcher.Event {
    let same = known.first { $0.value.view.checkpoint == question.larger.checkpoint }?.key
    let address = places.contains { $0.address == question.larger.source } ? question.larger.source : same
    guard let place = places.first(where: { $0.address == address }), question.larger.signed != nil else {
      // Nobody shows as many entries yet; it is asked again when somebody does.
      return .tick
    }
    do {
      let files = try await place.files(of: question.larger)
      defer { files.close() }
      return .answered(question, try await OwnThread.run { try question.answer(from: files) })
    } catch {
      let found = FoundError(error)
      return .undecided(question, code: found.code, message: found.message, isPassing: found.isPassing)
    }
  }

  private func say(_ line: WatchLine, evidence: String?) async throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(line)
    if isJSON {
      Output.line(String(decoding: data, as: UTF8.self))
    } else {
      Output.line("\(line.time) \(line.kind.rawValue) \(line.code) \(line.source): \(line.message)")
    }
    if let evidence, line.code == WatchLine.Code.splitView.name {
      Output.note("both signed checkpoints are in \(evidence): show it to others")
    }
    if line.kind == .alarm, let command { await AlarmProgram.run(command, line: data) }
  }
}
