import Testing
import TransparencyLog

@testable import Ledger

/// What makes a block final, and the numbers behind it.
struct CertificateTests {
  /// n, q and f as the design states them: q = ⌊2n/3⌋ + 1, f = n − q.
  @Test(
    arguments: [
      (1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 3, 1), (5, 4, 1), (6, 5, 1), (7, 5, 2), (8, 6, 2), (9, 7, 2), (10, 7, 3),
    ])
  func quorums(count: Int, quorum: Int, tolerated: Int) throws {
    let set = try Organisations(count).set
    #expect(set.count == count)
    #expect(set.quorum == quorum)
    #expect(set.tolerated == tolerated)
    // Two quorums share more than the tolerated liars, and the honest ones alone are a quorum.
    #expect(2 * quorum - count > tolerated)
    #expect(count - tolerated >= quorum)
  }

  @Test func membersAreFoundByTheKeyOfEachPurposeOnly() throws {
    let organisations = try Organisations(4)
    let set = organisations.set
    let keys = organisations.keys[2].publicKeys
    #expect(set.member(voteKey: keys.vote)?.ordinal == 2)
    #expect(set.member(cosignKey: keys.cosign)?.ordinal == 2)
    #expect(set.member(voteKey: keys.cosign) == nil)
    #expect(set.member(cosignKey: keys.log) == nil)
    #expect(set.member(ordinal: 4) == nil)
    #expect(set.members[2].cosignerName == "org2/executor")
    #expect(EndorserSet(Array(set.members.reversed())) == set)
  }

  private let organisations: Organisations
  private let head = LogHead(size: 7, root: .sha256([7]))

  init() throws { organisations = try Organisations(7) }

  private func validate(_ cosignatures: [EndorserCosignature]) throws -> Certificate {
    try Certificate(
      validating: cosignatures, head: head, origin: organisations.genesis.origin, endorsers: organisations.set)
  }

  @Test func anyQuorumSortedByKeyIsACertificate() throws {
    for members in [[0, 1, 2, 3, 4], [2, 3, 4, 5, 6], [6, 0, 5, 1, 3]] {
      let valid = try organisations.certificate(on: head, by: members)
      #expect(try validate(valid).cosignatures == valid)
    }
  }

  enum Flaw: CaseIterable {
    case none, oneMissing, oneTooMany, unsorted, doubled, unknownKey, logKey, otherSize, otherRoot, otherOrigin,
      otherTime, signatureOfAnother, flippedBit, empty
  }

  private func cosignatures(_ flaw: Flaw) throws -> [EndorserCosignature] {
    let members = [0, 1, 2, 3, 4]
    var valid = try organisations.certificate(on: head, by: members)
    let text = head.text(origin: organisations.genesis.origin)
    switch flaw {
    case .none: return valid
    case .empty: return []
    case .oneMissing: return Array(valid.dropLast())
    case .oneTooMany: return try organisations.certificate(on: head, by: members + [5])
    case .unsorted: return valid.reversed()
    case .doubled:
      valid[1] = valid[0]
      return valid
    case .unknownKey, .logKey:
      let stranger =
        flaw == .logKey ? organisations.keys[5].log : try SigningKey(seed: [UInt8](repeating: 99, count: 32))
      valid[4] = try EndorserCosignature(text: text, time: Organisations.start, key: stranger)
      return valid.sorted { $0.key < $1.key }
    case .otherSize: return try organisations.certificate(on: LogHead(size: 8, root: head.root), by: members)
    case .otherRoot: return try organisations.certificate(on: LogHead(size: 7, root: .sha256([8])), by: members)
    case .otherOrigin:
      return try organisations.cosignatures(on: head, by: members, origin: "other.example/log")
        .sorted { $0.key < $1.key }
    case .otherTime:
      valid[0] = EndorserCosignature(
        key: valid[0].key, time: valid[0].time.adding(seconds: 1), signature: valid[0].signature)
      return valid
    case .signatureOfAnother:
      valid[0] = EndorserCosignature(key: valid[0].key, time: valid[0].time, signature: valid[1].signature)
      return valid
    case .flippedBit:
      var signature = valid[2].signature
      signature[10] ^= 1
      valid[2] = EndorserCosignature(key: valid[2].key, time: valid[2].time, signature: signature)
      return valid
    }
  }

  @Test(arguments: Flaw.allCases) func oneFlawIsEnough(flaw: Flaw) throws {
    let cosignatures = try cosignatures(flaw)
    guard flaw != .none else {
      _ = try validate(cosignatures)
      return
    }
    #expect(throws: LedgerError(.badCertificate, "")) { try validate(cosignatures) }
  }

  @Test func theSmallestKeysAreChosen() throws {
    let all = try organisations.cosignatures(on: head, by: [6, 5, 4, 3, 2, 1, 0])
    let chosen = try #require(Certificate(choosing: all, quorum: 5))
    #expect(chosen.cosignatures == Array(all.sorted { $0.key < $1.key }.prefix(5)))
    #expect(try validate(chosen.cosignatures) == chosen)
    #expect(Certificate(choosing: Array(all.prefix(4)), quorum: 5) == nil)
  }

  @Test(
    arguments: [
      ([5], 5), ([9, 5], 5), ([9, 1, 5], 5), ([4, 3, 2, 1], 2), ([1, 1, 1, 9, 9], 1), ([9, 9, 0, 9, 0], 9),
      ([1, 2, 3, 253_402_300_799, 253_402_300_799], 3),
    ] as [([UInt64], UInt64)])
  func timeIsTheLowerMedian(times: [UInt64], median: UInt64) throws {
    let key = organisations.keys[0].cosign.publicKey
    let cosignatures = times.map {
      EndorserCosignature(key: key, time: Timestamp(seconds: $0), signature: [])
    }
    let certificate = try #require(Certificate(choosing: cosignatures, quorum: times.count))
    #expect(certificate.time.seconds == median)
  }

  /// As many liars as are tolerated move the time of a certificate neither above nor below all honest ones.
  @Test func toleratedLiarsCannotMoveTime() throws {
    for count in 1...10 {
      let set = try Organisations(count).set
      let key = organisations.keys[0].cosign.publicKey
      for lie in [0, 1_000_000] as [UInt64] {
        let times = (0..<set.quorum).map { $0 < set.tolerated ? lie : 500 + UInt64($0) }
        let cosignatures = times.map {
          EndorserCosignature(key: key, time: Timestamp(seconds: $0), signature: [])
        }
        let time = try #require(Certificate(choosing: cosignatures, quorum: set.quorum)).time.seconds
        #expect((500...510).contains(time), "\(count) organisations, lie \(lie)")
      }
    }
  }

  @Test func blockTimeNeverGoesBack() throws {
    let chain = try organisations.chainWithOneBlock()
    let late = try organisations.certificate(on: chain.head, by: [0, 1, 2, 3, 4])
    let certificate = try #require(Certificate(choosing: late, quorum: 5))
    #expect(certificate.time == Organisations.start.adding(seconds: 2))
    #expect(chain.blockTime(certificate: certificate) == certificate.time)
    let early = late.map { EndorserCosignature(key: $0.key, time: .zero, signature: $0.signature) }
    #expect(chain.blockTime(certificate: Certificate(choosing: early, quorum: 5)) == chain.time)
    #expect(chain.blockTime(certificate: nil) == chain.time)
  }
}
