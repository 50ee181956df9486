import Testing
import TransparencyLog

@testable import TongzhouClient

/// What a watcher says, without a clock or a network.
@Suite struct WatcherTests {
  private static let (node, other) = ("http://node", "http://other")

  private var limits: Watcher.Limits {
    var limits = Watcher.Limits()
    limits.interval = 10
    limits.longestPause = 60
    limits.age = 100
    limits.silence = 50
    return limits
  }

  private func watcher(remembered: Comparison.View? = nil) -> Watcher {
    Watcher(Self.node, others: [Self.other], remembered: remembered, limits: limits)
  }

  private func view(_ source: String, _ size: UInt64, _ root: UInt8 = 1) throws -> Comparison.View {
    Comparison.View(
      source: source,
      checkpoint: try Checkpoint(
        origin: Array("o".utf8), size: size, root: size == 0 ? .emptyRoot : .sha256([root])),
      signed: [root])
  }

  private func lines(_ actions: [Watcher.Action]) -> [String] {
    actions.compactMap { action in
      if case .say(let line) = action { return "\(line.kind.rawValue) \(line.code) \(line.source)" }
      return nil
    }
  }

  @Test("the first view is remembered, the same again says nothing, a larger one is asked about and then remembered")
  func goesOn() throws {
    var watcher = watcher()
    let (first, second) = (try view(Self.node, 10), try view(Self.node, 20, 2))
    #expect(watcher.handle(.looked(first, blockTime: 1_000), at: 1_000) == [.remember(first)])
    #expect(watcher.handle(.looked(first, blockTime: 1_000), at: 1_010) == [])
    let question = Comparison.Question(smaller: first, larger: second)
    #expect(watcher.handle(.looked(second, blockTime: 1_015), at: 1_020) == [.ask(question)])
    #expect(watcher.handle(.answered(question, nil), at: 1_020) == [.remember(second)])
    // Somebody who is behind is asked about once, and no alarm.
    let late = try view(Self.other, 10)
    let behind = Comparison.Question(smaller: late, larger: second)
    #expect(watcher.handle(.looked(late, blockTime: 1_000), at: 1_021) == [.ask(behind)])
    #expect(watcher.handle(.answered(behind, nil), at: 1_021) == [])
    #expect(watcher.handle(.looked(late, blockTime: 1_000), at: 1_031) == [])
    #expect(!watcher.hasAlarmed)
  }

  @Test("two roots for one size are an alarm with its evidence, once")
  func plainSplit() throws {
    var watcher = watcher()
    let (mine, theirs) = (try view(Self.node, 10, 1), try view(Self.other, 10, 2))
    _ = watcher.handle(.looked(mine, blockTime: 1_000), at: 1_000)
    let actions = watcher.handle(.looked(theirs, blockTime: 1_000), at: 1_001)
    #expect(actions.first == .keep(Comparison.Split(smaller: mine, larger: theirs, beginning: nil)))
    #expect(lines(actions) == ["alarm watch.split_view http://other"] && watcher.hasAlarmed)
    #expect(watcher.handle(.looked(theirs, blockTime: 1_000), at: 1_011) == [])
  }

  @Test("a larger log that does not go on is an alarm, is not remembered, and what was seen before a restart counts")
  func splitAfterARestart() throws {
    let before = try view("seen.json", 10, 1)
    var watcher = watcher(remembered: before)
    let larger = try view(Self.node, 20, 2)
    let question = Comparison.Question(smaller: before, larger: larger)
    #expect(watcher.handle(.looked(larger, blockTime: 1_000), at: 1_000) == [.ask(question)])
    let beginning = LogBeginning(root: .sha256([9]), proof: ConsistencyProof(oldSize: 10, newSize: 20, path: []))
    let split = Comparison.Split(smaller: before, larger: larger, beginning: beginning)
    let actions = watcher.handle(.answered(question, split), at: 1_000)
    #expect(actions.contains(.keep(split)) && !actions.contains(.remember(larger)))
    #expect(lines(actions) == ["alarm watch.split_view http://node"])
    // It is asked about again, and said once.
    #expect(watcher.handle(.looked(larger, blockTime: 1_000), at: 1_010) == [.ask(question)])
    #expect(watcher.handle(.answered(question, split), at: 1_010) == [])
  }

  @Test("an old block is an alarm until a newer one comes; a block of the others does not count")
  func stale() throws {
    var watcher = watcher()
    _ = watcher.handle(.looked(try view(Self.node, 10), blockTime: 1_000), at: 1_000)
    #expect(watcher.handle(.tick, at: 1_100) == [])
    #expect(lines(watcher.handle(.tick, at: 1_101)) == ["alarm watch.stale http://node"])
    #expect(watcher.handle(.tick, at: 1_102) == [])
    let other = watcher.handle(.looked(try view(Self.other, 10), blockTime: 1_103), at: 1_103)
    #expect(lines(other) == [])
    let fresh = watcher.handle(.looked(try view(Self.node, 20, 2), blockTime: 1_104), at: 1_104)
    #expect(lines(fresh) == ["over watch.stale http://node"])
    #expect(watcher.hasAlarmed, "there was one")
  }

  @Test("silence is an alarm only after its time, with longer and longer pauses between")
  func silent() throws {
    var watcher = watcher()
    func fail(_ now: UInt64) -> [String] {
      lines(
        watcher.handle(
          .failed(source: Self.node, code: "client.unreachable", message: "nobody", isPassing: true), at: now))
    }
    _ = watcher.handle(.looked(try view(Self.other, 10), blockTime: 1), at: 1)
    #expect(fail(1_000) == [] && watcher.nextLook(at: 1_000).source == Self.other)
    _ = watcher.handle(.looked(try view(Self.other, 10), blockTime: 1), at: 2_000)
    #expect(watcher.nextLook(at: 1_000) == (Self.node, 1_010))
    #expect(fail(1_010) == [] && watcher.nextLook(at: 1_010) == (Self.node, 1_030))
    #expect(fail(1_030) == [] && watcher.nextLook(at: 1_030) == (Self.node, 1_070))
    #expect(fail(1_070) == ["alarm watch.silent http://node"] && watcher.nextLook(at: 1_070) == (Self.node, 1_130))
    #expect(fail(1_130) == [])
    let back = watcher.handle(.looked(try view(Self.node, 10), blockTime: 1_131), at: 1_131)
    #expect(lines(back) == ["over watch.silent http://node"])
  }

  @Test("what does not hold is an alarm at once, and fewer entries than before are noted")
  func wrong() throws {
    var watcher = watcher()
    let failure = Watcher.Event.failed(
      source: Self.other, code: "proof.no_quorum", message: "too few", isPassing: false)
    #expect(lines(watcher.handle(failure, at: 1)) == ["alarm watch.wrong_answer http://other"])
    #expect(lines(watcher.handle(failure, at: 20)) == [])
    let right = watcher.handle(.looked(try view(Self.other, 20), blockTime: 1), at: 30)
    #expect(lines(right) == ["over watch.wrong_answer http://other"])
    let back = watcher.handle(.looked(try view(Self.other, 10, 3), blockTime: 1), at: 40)
    #expect(lines(back) == ["note watch.went_back http://other"])
    let change = Watcher.Event.changed(source: Self.node, height: 7, endorsers: 4, quorum: 3)
    #expect(lines(watcher.handle(change, at: 41)) == ["note watch.policy_change http://node"])
  }

  @Test("of many views each size is asked against the next, and each root of a size once")
  func questions() throws {
    let views = try [view("a", 30), view("b", 10), view("c", 20, 2), view("d", 20, 3), view("e", 20, 2)]
    let comparison = Comparison(views)
    #expect(comparison.views.map(\.source) == ["b", "c", "d", "e", "a"])
    #expect(comparison.plainSplits.map { [$0.smaller.source, $0.larger.source] } == [["c", "d"]])
    let asked = comparison.questions.map { [$0.smaller.source, $0.larger.source] }
    #expect(asked == [["b", "c"], ["c", "a"], ["d", "a"]])
    #expect(Comparison([try view("z", 0), try view("y", 5)]).questions.isEmpty, "every log begins with none")
  }
}
