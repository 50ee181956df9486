import MutualAid
import Testing
import TransparencyLog

@testable import Ledger
@testable import TongzhouClient

/// What an audit must find though every organisation signed it, and though each file fits the others.
@Suite struct LyingPublisherTests {
  private let fixture: ProofFixture
  private let honest: BentEnding

  init() throws {
    fixture = try ProofFixture.shared.get()
    honest = try BentEnding(fixture)
  }

  private func audit(_ source: MemorySource) throws -> AuditFailure? {
    do {
      _ = try Auditor(source, genesis: fixture.chain).run()
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

  @Test func theUnbentEndingPasses() throws {
    #expect(try audit(fixture.source) == nil)
    #expect(try audit { _ in } == nil)
  }

  @Test func certificatesAreExactlyAQuorumSortedOnTheLastCheckpoint() throws {
    let honest = honest
    let other = LogHead(size: honest.head.size, root: .sha256([1]))
    let short = LogHead(size: honest.head.size - 1, root: honest.head.root)
    let valid = try honest.cosignatures(by: [0, 1, 2])
    let certificates: [[EndorserCosignature]] = [
      [], Array(valid.dropLast()), try honest.cosignatures(by: [0, 1, 2, 3]), valid.reversed(),
      [valid[0], valid[0], valid[1]], try honest.cosignatures(by: [0, 1, 2], on: other),
      try honest.cosignatures(by: [0, 1, 2], on: short),
      try Array(
        (valid.dropLast() + [
          EndorserCosignature(
            text: honest.head.text(origin: honest.genesis.origin), time: valid[0].time, key: fixture.keys[3].log)
        ]).sorted { $0.key < $1.key }),
      valid.map { EndorserCosignature(key: $0.key, time: $0.time.adding(seconds: 1), signature: $0.signature) },
    ]
    for (number, certificate) in certificates.enumerated() {
      let found = try audit { $0.header = { $0.certificate = certificate } }
      #expect(
        found?.code == .invalidBatch && found?.place.hasPrefix("block") == true,
        "\(number): \(String(describing: found))")
    }
    // Any other quorum will do, and block time follows its median.
    for members in [[1, 2, 3], [0, 2, 3]] {
      let certificate = try honest.cosignatures(by: members)
      #expect(try audit { $0.header = { $0.certificate = certificate } } == nil)
    }
  }

  @Test func headersFitTheChainAndAreByAnEndorser() throws {
    let bends: [(inout Header) -> Void] = [
      { $0.chain = .zero }, { $0.epoch = 1 }, { $0.sequence -= 1 }, { $0.sequence = 0 }, { $0.previous = .zero },
      { $0.proposer = 1 }, { $0.proposer = 4 }, { $0.proposer = .max },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.header = bend }
      #expect(found?.code == .invalidBatch, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.signer = 1 }?.code == .invalidBatch)
  }

  @Test func everyFieldOfASealIsExecutedAnew() throws {
    let bends: [(inout Seal) -> Void] = [
      { $0.height += 1 }, { $0.time = $0.time.adding(seconds: 1) }, { $0.time = .zero }, { $0.batch = .zero },
      { $0.state = .zero }, { $0.results = .zero }, { $0.transactions += 1 }, { $0.failed += 1 }, { $0.rows += 1 },
      { $0.steps += 1 },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.seal = bend }
      #expect(found?.code == .wrongSeal, "\(number): \(String(describing: found))")
    }
  }

  /// Block time is the lower median of the certificate: one clock that is far ahead, or behind, moves nothing.
  @Test func blockTimeIsTheMedianOfTheCertificate() throws {
    for (times, later) in [([0, 5, 9], 5), ([0, 0, 1_000_000], 0), ([7, 7, 0], 7)] as [([UInt64], UInt64)] {
      let certificate = try honest.cosignatures(by: [0, 1, 2], at: times)
      let median = certificate.map(\.time).sorted()[1]
      let found = try audit {
        $0.header = { $0.certificate = certificate }
        $0.seal = { $0.time = median }
      }
      #expect(found == nil, "\(later): \(String(describing: found))")
      let moved = try audit {
        $0.header = { $0.certificate = certificate }
        $0.seal = { $0.time = median.adding(seconds: 1) }
      }
      #expect(moved?.code == .wrongSeal)
    }
  }

  @Test func blocksAreHeaderEntriesSeal() throws {
    let bends: [(inout [[UInt8]]) -> Void] = [
      { $0.removeLast() }, { $0.removeFirst() }, { $0.append($0[1]) }, { $0.insert($0[0], at: 0) }, { $0.append([]) },
      { $0.append([5, 1]) }, { $0.insert([0, 1], at: 1) }, { $0.append([2, 1]) }, { $0.append([4, 1]) },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit { $0.block = bend }
      #expect(
        found?.code == .badBlock && found?.place.hasPrefix("entry") == true, "\(number): \(String(describing: found))")
    }
    #expect(try audit { $0.block = { $0.insert([2, 1], at: 1) } }?.code == .invalidBatch, "not in the header")
  }

  @Test func theLastCheckpointIsExactlyWhatIsPublished() throws {
    let honest = honest
    var size = 0
    let bends: [(inout BentEnding) throws -> Void] = [
      // Lines after the root are signed like the rest, and promise nothing.
      { $0.text = { $0 += Array("extension\n".utf8) } },
      { $0.lines = { $0.swapAt(4, 5) } },
      { $0.lines = { $0.swapAt(0, 1) } },
      { $0.lines = { $0 = Array($0[4...] + $0[..<4]) } },
      { $0.lines = { $0 = Array($0[4...]) } },
      { $0.lines = { $0.removeLast() } },
      { $0.text = { $0 = Array("another.example/log".utf8) + $0.drop { $0 != 10 } } },
    ]
    for (number, bend) in bends.enumerated() {
      let found = try audit(bend)
      #expect(found?.code == .badCheckpoint && found?.place == "checkpoint", "\(number): \(String(describing: found))")
      size += 1
    }
    #expect(size == bends.count)
    let text = try UnverifiedCheckpoint(try #require(honest.files().content["checkpoint"])).note.text
    let fourth = try honest.line(by: 3, over: text)
    let many = try audit { $0.lines = { $0.append(fourth) } }
    #expect(many?.code == .badCheckpoint && many?.message.contains("4 cosignatures") == true)
    let late = try audit { ending in
      let lines = try [0, 1, 2].map { try honest.line(by: $0, over: text, at: Timestamp.max.seconds + 1) }
      ending.lines = { all in
        all = all[..<4] + all[4...].map { line in lines.first { $0.name == line.name } ?? line }
      }
    }
    #expect(late?.code == .badCheckpoint && late?.message.contains("9999") == true)
  }

  /// One log signature is enough: all log keys stand for the one origin.
  @Test func anyLogSignatureWillDo() throws {
    for index in 0..<4 {
      #expect(try audit { $0.lines = { $0 = [$0[index]] + $0[4...] } } == nil)
    }
  }

  @Test func aLogWithoutABlockHasNoCheckpoint() throws {
    let found = try audit(honest.files(of: [fixture.entries[0]]))
    #expect(found?.code == .badCheckpoint && found?.place == "checkpoint")
  }

  @Test func policiesAreThoseOfTheChain() throws {
    let strangers = try SignedBlock().policy.text
    var source = fixture.source
    source.content["policy/7"] = strangers
    let strange = try audit(source)
    #expect(strange?.code == .strangeFile && strange?.place == "policy/7", "\(String(describing: strange))")

    source = fixture.source
    source.content["policy/0"] = fixture.policy.text + Array("# what a comment\n".utf8)
    #expect(try audit(source)?.place == "policy/0")
    source.content["policy/0"] = strangers
    #expect(try audit(source)?.code == .badCheckpoint)
  }

  /// A server's files cannot be listed. What it hands out as the present policy is what its readers trust.
  @Test func aServersPresentPolicyIsTheChains() throws {
    var source = fixture.source
    source.isListed = false
    #expect(try audit(source) == nil)
    source.content["policy"] = fixture.policy.text
    #expect(try audit(source) == nil)
    source.content["policy"] = try SignedBlock().policy.text
    let found = try audit(source)
    #expect(found?.code == .wrongFile && found?.place == "policy", "\(String(describing: found))")
    source.content["policy"] = nil
    source.content["policy/0"] = try SignedBlock().policy.text
    #expect(try audit(source)?.place == "policy/0")
  }

  /// Partial files that a later full or wider one has replaced may stay, as long as they are its beginning.
  @Test func supersededPartialFilesAreTheBeginningOfWhatStandsNow() throws {
    var source = fixture.source
    let tile = try TileCoordinate(level: 0, index: 0, width: 3)
    let bundle = try EntryBundleCoordinate(index: 0, width: 3)
    source.content[tile.path] = try Tile(fixture.entries[..<3].map { Hash.leaf($0) }).bytes
    source.content[bundle.path] = try EntryBundle(Array(fixture.entries[..<3])).bytes
    #expect(try audit(source) == nil)
    for path in [tile.path, bundle.path] {
      var bent = source
      bent.content[path]?[40] ^= 1
      let found = try audit(bent)
      #expect(found?.code == .wrongFile && found?.place == path, "\(String(describing: found))")
    }
  }
}
