import Ledger
import Simulator
import Testing

/// Time passes on an idle chain, and one organisation speaks for all.
struct EmptyBatchTests {
  @Test func aHeartbeatComesEveryMinute() throws {
    var stage = try Stage()
    stage.wait(600)
    #expect((8...10).contains(stage.height))
    #expect(stage.blocks.allSatisfy { $0.block.batch.entries.isEmpty })
    // A block's time is that of the certificate before it, so it lags by no more than one heartbeat.
    let chain = try stage.check()
    #expect(chain.time.seconds + 125 > stage.network.now.seconds)
    #expect(stage.network.counts.outbid == 0)
    // They take turns.
    #expect(Set(stage.blocks.map(\.block.batch.header.proposer)) == [0, 1, 2, 3])
  }

  @Test func theHeartbeatIsTheGenesiss() throws {
    var limits = Limits()
    limits.heartbeatSeconds = 86_400
    var stage = try Stage(limits: limits)
    stage.network.advance(to: Cast.start.adding(seconds: 86_399))
    stage.settle()
    #expect(stage.height == 0)
    stage.network.advance(to: Cast.start.adding(seconds: 86_400))
    stage.settle()
    #expect(stage.height == 1)
  }

  @Test(arguments: [30, 60, 61, 200] as [UInt64])
  func afterASilenceOfOverAMinuteAnEmptyBatchComesFirst(silence: UInt64) throws {
    var limits = Limits()
    limits.heartbeatSeconds = 10_000
    var stage = try Stage(limits: limits)
    try stage.submit(lives: 5)
    stage.settle()
    #expect(stage.height == 1)
    stage.wait(silence)
    #expect(stage.height == 1)
    // As old as an expiry may be: judged by the time of the last block it would be too far ahead or not.
    try stage.submit(lives: 300)
    stage.settle()
    let counts = stage.blocks.dropFirst().map(\.block.batch.entries.count)
    #expect(counts == (silence > 60 ? [0, 1] : [1]))
    if silence > 60 { #expect(stage.blocks[2].block.seal.time == stage.network.now) }
    #expect(try stage.check().app.sum == 2)
    #expect(stage.network.refused.isEmpty)
  }

  @Test func aFreshExpiryWaitsForTimeToBeRefreshed() throws {
    var stage = try Stage()
    try stage.submit()
    stage.settle()
    stage.wait(40)
    // Ten minutes from now are more than ten minutes after the next block's time.
    try stage.submit(lives: 600)
    stage.settle()
    #expect(stage.blocks.map(\.block.batch.entries.count) == [1, 0, 1])
    #expect(stage.network.refused.isEmpty)
    _ = try stage.check()
  }

  @Test func expiriesAreFreshAfterASilence() throws {
    var limits = Limits()
    limits.heartbeatSeconds = 10_000
    var stage = try Stage(limits: limits)
    try stage.submit(to: 1, lives: 600)
    stage.settle()
    stage.network.faults.silent = [2, 3]
    try stage.submit(to: 0, lives: 100)
    stage.wait(200)
    stage.network.faults.silent = []
    stage.wait(10)
    // The batch was under way before the silence; had it come later, time would have been refreshed first.
    #expect(try stage.check().app.sum == 2)
    try stage.submit(to: 0, lives: 0)
    stage.wait(200)
    try stage.submit(to: 0, lives: 100)
    stage.settle()
    let last = stage.blocks[stage.height - 1].block
    #expect(last.seal.time == stage.network.now && last.seal.failed == 0 && last.seal.transactions == 1)
  }

  @Test(arguments: [1, 4, 7])
  func dueStepsRunByThemselves(organisations: Int) throws {
    var stage = try Stage(organisations: organisations, interval: 20)
    stage.wait(205)
    let chain = try stage.check()
    #expect(chain.app.steps == 10)
    // One block refreshes time and the next runs the step; nobody else speaks up.
    #expect(stage.height <= 24)
    #expect(stage.network.counts.outbid == 0)
  }

  @Test func moreStepsThanABlockTakesRunInTheNextOnes() throws {
    var limits = Limits()
    limits.dueSteps = 7
    var stage = try Stage(interval: 1, limits: limits)
    stage.network.advance(to: Cast.start.adding(seconds: 50))
    stage.settle()
    let steps = stage.blocks.map(\.block.seal.steps)
    #expect(steps == [0, 7, 7, 7, 7, 7, 7, 7, 1])
    #expect(try stage.check().app.steps == 50)
  }

  @Test func onlyOneProposesAlsoOnASlowNetwork() throws {
    var stage = try Stage(interval: 17)
    stage.network.faults = Faults(maximumDelay: 300, batchDelay: 300)
    for second in 0..<600 {
      if second % 25 == 0 { try stage.submit(to: 2) }
      stage.wait(1)
    }
    _ = try stage.check()
    #expect(stage.height > 60)
    // Two may speak at once only when a transaction comes in just as a step is due.
    #expect(stage.network.counts.outbid <= stage.height / 20, "outbid \(stage.network.counts.outbid)")
  }

  @Test(arguments: [86_400, -86_400, 30] as [Int64])
  func oneWrongClockMovesNoTimeAndMakesNoHaste(offset: Int64) throws {
    var stage = try Stage(interval: 500)
    stage.network.faults.clockOffsets = [1: offset]
    for _ in 0..<8 {
      try stage.submit(to: 0, lives: 300)
      stage.wait(50)
    }
    let chain = try stage.check()
    #expect(chain.app.sum == 8)
    #expect(chain.time <= stage.network.now)
    #expect(chain.time.seconds + 130 > stage.network.now.seconds)
    #expect(stage.height <= 30, "\(stage.height) blocks")
  }
}
