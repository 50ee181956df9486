import MutualAid
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// What an audit finds that believes a quorum in what was executed, and what it does not look for.
@Suite struct QuorumAuditTests {
  private let fixture: ProofFixture
  private let honest: BentEnding

  init() throws {
    fixture = try ProofFixture.shared.get()
    honest = try BentEnding(fixture)
  }

  private func audit(_ source: MemorySource) throws -> AuditFailure? {
    do {
      _ = try QuorumAudit(source, genesis: fixture.chain).run()
      return nil
    } catch let error as AuditFailure {
      return error
    }
  }

  private func audit(_ bend: (inout BentEnding) throws -> Void) throws -> AuditFailure? {
    var ending = honest
    try bend(&ending)
    return try audit(ending.files())
  }

  @Test func itCountsWhatAReplayCounts() throws {
    let quick = try QuorumAudit(fixture.source, genesis: fixture.chain).run()
    let whole = try Auditor(fixture.source, genesis: fixture.chain).run()
    #expect(quick.chain == whole.chain && quick.entries == whole.entries && quick.blocks == whole.blocks)
    #expect(quick.transactions == whole.transactions && quick.failed == whole.failed && quick.files == whole.files)
    #expect(quick.policies == 1)
    #expect(try audit { _ in } == nil)
  }

  @Test func oneFlippedByteInAnyFileIsFoundThere() throws {
    for (path, bytes) in fixture.source.content.sorted(by: { $0.key < $1.key }) {
      for position in [7, bytes.count / 2, bytes.count - 1] {
        var bent = fixture.source
        bent.content[path]?[position] ^= 4
        let found = try audit(bent)
        // The policy is what the checkpoint is held against only after it: both name themselves.
        #expect(found?.place == path, "\(path) byte \(position): \(String(describing: found))")
      }
      var without = fixture.source
      without.content[path] = nil
      let found = try audit(without)
      #expect(found?.place == path || path.contains(".p/"), "\(path): \(String(describing: found))")
    }
  }

  @Test func strangeFilesAndAnotherGenesisAreFound() throws {
    var source = fixture.source
    source.content["notes.txt"] = [1]
    #expect(try audit(source)?.code == .strangeFile)
    source = fixture.source
    source.content["policy/7"] = fixture.policy.text
    let change = try audit(source)
    #expect(change?.code == .missingFile && change?.place == "policies", "\(String(describing: change))")
    source.content["policies"] = Array("{}".utf8)
    #expect(try audit(source)?.code == .wrongFile)
    #expect(throws: AuditFailure(.wrongGenesis, "entry 0", "")) {
      try QuorumAudit(fixture.source, genesis: .zero).run()
    }
  }

  @Test func certificatesAreExactlyAQuorumSortedOnTheLastCheckpoint() throws {
    let honest = honest
    let other = LogHead(size: honest.head.size, root: .sha256([1]))
    let valid = try honest.cosignatures(by: [0, 1, 2])
    let certificates: [[EndorserCosignature]] = [
      [], Array(valid.dropLast()), try honest.cosignatures(by: [0, 1, 2, 3]), valid.reversed(),
      [valid[0], valid[0], valid[1]], try honest.cosignatures(by: [0, 1, 2], on: other),
    ]
    for (number, certificate) in certificates.enumerated() {
      let found = try audit { ending in
        ending.header = { $0.certificate = certificate }
        // The time of the seal is that of the certificate, as bent as it is.
        let times = certificate.map(\.time).sorted()
        if !times.isEmpty { ending.seal = { $0.time = max(times[(times.count - 1) / 2], valid[0].time) } }
      }
      #expect(found?.place.hasPrefix("block") == true, "\(number): \(String(describing: found))")
      #expect(found?.code == .invalidBatch || number == 0, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.header = { $0.certificate = try honest.cosignatures(by: [1, 2, 3]) } } == nil)
  }

  @Test func headersFitTheChainAndAreByAnEndorser() throws {
    let bends: [(inout Header) -> Void] = [
      { $0.chain = .zero }, { $0.epoch = 1 }, { $0.sequence = 0 }, { $0.previous = .zero }, { $0.proposer = 1 },
      { $0.proposer = 4 },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.header = bend }
      #expect(found?.code == .invalidBatch, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.signer = 1 }?.code == .invalidBatch)
  }

  /// What follows from the log alone is checked; what only execution tells is the quorum's word.
  @Test func sealsFollowTheirBlocks() throws {
    let bends: [(inout Seal) -> Void] = [
      { $0.height += 1 }, { $0.time = $0.time.adding(seconds: 1) }, { $0.time = .zero }, { $0.batch = .zero },
      { $0.transactions += 1 }, { $0.failed += 1 },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.seal = bend }
      #expect(found?.code == .wrongSeal, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.seal = { $0.state = .zero } } == nil)
    #expect(try audit { $0.seal = { $0.results = .zero } } == nil)
  }

  @Test func blocksAreHeaderEntriesSeal() throws {
    let bends: [(inout [[UInt8]]) -> Void] = [
      { $0.removeLast() }, { $0.removeFirst() }, { $0.append($0[1]) }, { $0.insert($0[0], at: 0) }, { $0.append([]) },
      { $0.insert([0, 1], at: 1) }, { $0.append([4, 1]) },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.block = bend }
      #expect(found?.code == .badBlock, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.block = { $0.insert([2, 1], at: 1) } }?.code == .invalidBatch, "not in the header")
  }

  @Test func theLastCheckpointStandsUnderAQuorum() throws {
    let bends: [(inout BentEnding) throws -> Void] = [
      { $0.text = { $0 += Array("extension\n".utf8) } }, { $0.lines = { $0.swapAt(4, 5) } },
      { $0.lines = { $0 = Array($0[4...]) } }, { $0.lines = { $0.removeLast() } },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit(bend)
      #expect(found?.code == .badCheckpoint, "\(number): \(String(describing: found))")
    }
    let empty = try audit(honest.files(of: [fixture.entries[0]]))
    #expect(empty?.code == .badCheckpoint)
  }
}
