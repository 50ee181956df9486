import Ledger
import Simulator
import Testing

/// Short of a quorum the chain stops; with one it goes on.
struct SilenceTests {
  @Test(arguments: [(4, 2), (5, 2), (7, 3), (2, 1), (3, 1)])
  func moreThanToleratedStopTheChainUntilTheyReturn(organisations: Int, silent: Int) throws {
    var stage = try Stage(organisations: organisations, interval: 10)
    stage.network.faults = Faults(maximumDelay: 400, batchDelay: 400, doubled: 50, lost: 50)
    try stage.submit(to: 0)
    stage.wait(30)
    #expect(stage.height > 0)

    stage.network.faults.silent = Set((organisations - silent)..<organisations)
    stage.wait(2)
    let stopped = stage.height
    try stage.submit(to: 0)
    try stage.submit(to: 1 % organisations)
    stage.wait(200)
    // The batch that carries its certificate may have been the last one that found a quorum.
    #expect(stage.height == stopped)
    #expect(stage.network.participants[0].isInFlight)

    stage.network.faults.silent = []
    stage.wait(40)
    #expect(stage.height > stopped)
    let chain = try stage.check()
    #expect(chain.app.sum == 3)
    #expect(stage.journals.allSatisfy { $0.count == stage.height })
    #expect(stage.network.diverged.isEmpty)
  }

  @Test(arguments: [(4, 1), (5, 1), (7, 2), (10, 3)])
  func asManyAsToleratedDoNot(organisations: Int, silent: Int) throws {
    var stage = try Stage(organisations: organisations, interval: 15)
    stage.network.faults.silent = Set(0..<silent)
    for _ in 0..<4 {
      try stage.submit(to: organisations - 1)
      stage.wait(15)
    }
    let chain = try stage.check()
    #expect(chain.app.sum == 4)
    #expect(chain.app.steps >= 3)
    #expect(stage.journals.prefix(silent).allSatisfy { $0.isEmpty })
  }

  @Test func whoWasAwayForHundredsOfBlocksCatchesUpAtOnce() throws {
    var stage = try Stage(interval: 1)
    stage.wait(3)
    stage.network.faults.silent = [2]
    stage.wait(300)
    let missed = stage.height - stage.journals[2].count
    #expect(missed > 200)
    stage.network.faults.silent = []
    stage.wait(5)
    #expect(stage.journals[2].count >= stage.height - 1)
    _ = try stage.check()
  }

  @Test func transactionsOfTheOneCutOffGoInWhenItReturns() throws {
    var stage = try Stage()
    stage.network.faults.silent = [3]
    try stage.submit(to: 3, lives: 300)
    try stage.submit(to: 3, lives: 30)
    stage.wait(100)
    #expect(stage.blocks.allSatisfy { $0.block.batch.entries.isEmpty })
    stage.network.faults.silent = []
    stage.wait(20)
    #expect(try stage.check().app.sum == 1)
    #expect(stage.network.refused.map(\.1.code) == [.expired])
  }
}
