import Simulator
import Testing
import TransparencyLog

@testable import Ledger

/// Values and messages no honest organisation sends.
struct LyingTests {
  @Test func valuesThatAreNoBatchAreSkipped() throws {
    var stage = try Stage()
    for sequence in 1...40 as ClosedRange<UInt64> { stage.network.append([1, 2, 3], at: sequence) }
    try stage.submit(to: 1)
    stage.wait(10)
    #expect(try stage.check().app.sum == 1)
    #expect(stage.blocks[0].block.batch.header.sequence == 41)
  }

  @Test func whoIsBehindFindsTheCertificateBehindManyInvalidValues() throws {
    var stage = try Stage()
    // Place 3 hears of the first batch, and then nothing of what was said about it.
    stage.network.faults.maximumDelay = 5000
    try stage.submit(to: 0)
    stage.wait(1)
    stage.network.faults = Faults(silent: [3])
    #expect(stage.network.participants[3].isInFlight && stage.height == 0)
    stage.wait(5)
    #expect(stage.height == 1)
    for sequence in 2...60 as ClosedRange<UInt64> { stage.network.append([0], at: sequence) }
    for _ in 0..<20 {
      try stage.submit(to: 0)
      stage.wait(2)
    }
    // Too long ago for anybody to answer about the first block.
    #expect(stage.height > 17)
    #expect(stage.network.participants[3].isInFlight && stage.journals[3].isEmpty)
    stage.network.faults.silent = []
    stage.wait(15)
    #expect(stage.journals[3].count == stage.height)
    _ = try stage.check()
  }

  @Test func aBatchOfAMemberThatBreaksARuleIsSkippedByAll() throws {
    var stage = try Stage()
    try stage.submit(to: 0)
    stage.settle()
    let block = try #require(stage.blocks.first)
    // Right in everything, but it names the genesis as the batch before it.
    let header = Header(
      chain: stage.genesis.chain, epoch: 0, sequence: 2, previous: stage.genesis.chain,
      certificate: block.certificate.cosignatures, count: 0, root: .zero, proposer: 1)
    let bytes = try Batch(header, entries: [], signedBy: stage.cast.keys[1].vote).encoded()
    stage.network.append(bytes, at: 2)
    try stage.submit(to: 0)
    stage.wait(5)
    let chain = try stage.check()
    #expect(chain.app.sum == 2)
    #expect(stage.blocks.map(\.block.batch.header.sequence) == [1, 3])
    // The next batch names the last valid one.
    #expect(stage.blocks[1].block.batch.header.previous == stage.blocks[0].block.batch.hash)
  }

  @Test func setsChangeFromTheNextBlockOn() throws {
    var stage = try Stage(organisations: 5, interval: 20)
    try stage.submit(kind: 2, payload: [4, 0])
    stage.wait(25)
    #expect(stage.network.participants[0].chain.app.endorsers.count == 4)
    // Who was removed follows, and votes no more.
    #expect(stage.journals[4].count == stage.height)
    try stage.submit(to: 1, kind: 2, payload: [0, 0])
    stage.wait(25)
    #expect(stage.network.participants[1].chain.app.endorsers.count == 3)
    try stage.submit(to: 1, kind: 2, payload: [4, 1])
    stage.wait(25)
    stage.network.faults.silent = [3]
    try stage.submit(to: 2)
    stage.wait(25)
    let chain = try stage.check()
    #expect(chain.app.endorsers.members.map(\.ordinal) == [1, 2, 3, 4])
    #expect(chain.app.sum == 1)
    let counts = stage.blocks.map(\.certificate.cosignatures.count)
    #expect(counts.first == 4 && Set(counts) == [3, 4])
  }

  @Test func oneAloneIsAQuorumOfOne() throws {
    var stage = try Stage(organisations: 1)
    for _ in 0..<5 { try stage.submit(to: 0) }
    stage.wait(3)
    #expect(try stage.check().app.sum == 5)
    #expect(stage.blocks.allSatisfy { $0.certificate.cosignatures.count == 1 })
  }

  @Test func theSameSeedGivesTheSameRun() throws {
    func heads() throws -> [LogHead] {
      var stage = try Stage(interval: 7, seed: 99)
      stage.network.faults = Faults(maximumDelay: 900, batchDelay: 900, doubled: 100, lost: 100)
      for place in 0..<4 {
        try stage.submit(to: place)
        stage.wait(5)
      }
      return stage.blocks.map(\.block.head)
    }
    let first = try heads()
    #expect(first.count > 3)
    let second = try heads()
    #expect(second == first)
  }
}
