import FoundationEssentials
import SwiftProtobuf
import TestSupport
import Testing
import TransparencyLog

@testable import Ledger

/// What organisations send each other: forms, domains, and bytes nobody should send.
struct MessageTests {
  private let organisations: Organisations

  init() throws { organisations = try Organisations(4) }

  private func messages() throws -> [EndorsementMessage] {
    let statement = organisations.statement()
    let head = LogHead(size: statement.size, root: statement.root)
    let text = head.text(origin: organisations.genesis.origin)
    let keys = organisations.keys[0]
    let cosigned = CosignedCheckpoint(
      statement: statement,
      cosignature: try EndorserCosignature(text: text, time: Organisations.start, key: keys.cosign),
      logSignature: try LogSignature(text: text, key: keys.log))
    let certified = CertifiedCheckpoint(
      statement: statement, cosignatures: try organisations.certificate(on: head, by: [0, 1, 2]),
      logSignatures: try organisations.keys.map { try LogSignature(text: text, key: $0.log) })
    return [
      .vote(try SignedStatement(statement, domain: Domain.vote, key: keys.vote)),
      .lock(try SignedStatement(statement, domain: Domain.lock, key: keys.vote)), .cosigned(cosigned),
      .certified(certified), .certified(CertifiedCheckpoint(statement: statement, cosignatures: [], logSignatures: [])),
    ]
  }

  @Test func everyMessageComesBackAsItWas() throws {
    for message in try messages() {
      let bytes = try message.encoded()
      let back = try EndorsementMessage(decoding: bytes)
      #expect(back == message)
      #expect(try back.encoded() == bytes)
      #expect(back.statement == organisations.statement())
    }
  }

  @Test func aStatementHasOneForm() throws {
    let statement = organisations.statement(sequence: 0x0102_0304_0506_0708)
    let bytes = statement.canonicalBytes
    #expect(bytes.count == 120)
    #expect(Array(bytes[0..<32]) == organisations.genesis.chain.bytes)
    #expect(Array(bytes[32..<40]) == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(bytes[40..<48]) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(Array(bytes[48..<80]) == statement.batch.bytes)
    #expect(Array(bytes[80..<88]) == [0, 0, 0, 0, 0, 0, 0, 4])
    #expect(Array(bytes[88..<120]) == statement.root.bytes)
    #expect(Statement(from: bytes.span.bytes) == statement)
  }

  @Test func aSignatureServesOneDomainOnly() throws {
    let domains = [Domain.vote, Domain.lock, Domain.header, Domain.report, Domain.transaction, []]
    for signed in domains {
      let statement = try SignedStatement(
        organisations.statement(), domain: signed, key: organisations.keys[0].vote)
      for read in domains { #expect(statement.verifies(domain: read) == (read == signed)) }
    }
    for (index, domain) in domains.enumerated() {
      for (other, longer) in domains.enumerated() where index != other && !domain.isEmpty {
        #expect(!longer.starts(with: domain))
      }
    }
  }

  @Test func everyFieldOfAStatementIsSigned() throws {
    let vote = try SignedStatement(organisations.statement(), domain: Domain.vote, key: organisations.keys[0].vote)
    var changed: [Statement] = []
    for change in [
      { $0.chain = .zero }, { $0.epoch = 1 }, { $0.sequence = 2 }, { $0.batch = .zero }, { $0.size = 5 },
      { $0.root = .zero },
    ] as [(inout Statement) -> Void] {
      var statement = vote.statement
      change(&statement)
      changed.append(statement)
    }
    for statement in changed {
      var wire = vote.wire
      wire.statement = .init(statement.canonicalBytes)
      #expect(try !SignedStatement(wire).verifies(domain: Domain.vote))
    }
    var wire = vote.wire
    wire.key = .init(organisations.keys[1].vote.publicKey.bytes)
    #expect(try !SignedStatement(wire).verifies(domain: Domain.vote))
    #expect(try SignedStatement(vote.wire).verifies(domain: Domain.vote))
  }

  /// Changes one thing of a vote, a cosignature or a certificate that the form forbids.
  @Test func wrongFormsAreErrors() throws {
    let all = try messages()
    func wire(_ index: Int) throws -> WireEndorsement { try WireEndorsement(serializedBytes: all[index].encoded()) }
    func code(_ wire: WireEndorsement) throws -> ErrorCode? {
      let bytes: [UInt8] = try wire.serializedBytes()
      do {
        _ = try EndorsementMessage(decoding: bytes)
        return nil
      } catch {
        return error.code
      }
    }
    var vote = try wire(0)
    vote.vote.statement.removeLast()
    #expect(try code(vote) == .malformed)
    vote = try wire(0)
    vote.vote.statement.append(0)
    #expect(try code(vote) == .malformed)
    vote = try wire(0)
    vote.vote.signature.append(0)
    #expect(try code(vote) == .malformed)
    vote = try wire(0)
    vote.vote.key = .init([UInt8](repeating: 0, count: 32))
    #expect(try code(vote) == .badKey)
    vote = try wire(0)
    vote.vote.key.removeLast()
    #expect(try code(vote) == .badKey)

    var cosigned = try wire(2)
    cosigned.cosigned.cosignature.time = Timestamp.max.seconds + 1
    #expect(try code(cosigned) == .badTime)
    cosigned = try wire(2)
    cosigned.cosigned.cosignature.signature.removeLast()
    #expect(try code(cosigned) == .malformed)
    cosigned = try wire(2)
    cosigned.cosigned.logSignature.append(1)
    #expect(try code(cosigned) == .malformed)

    var certified = try wire(3)
    certified.certified.cosignatures = Array(repeating: certified.certified.cosignatures[0], count: 33)
    #expect(try code(certified) == .malformed)
    certified = try wire(3)
    certified.certified.logSignatures = Array(repeating: certified.certified.logSignatures[0], count: 33)
    #expect(try code(certified) == .malformed)

    #expect(try code(WireEndorsement()) == .malformed)
    var report = WireEndorsement()
    report.report = WireSignedReport()
    #expect(try code(report) == .malformed)
    let long = [UInt8](repeating: 0, count: EndorsementMessage.maximumBytes + 1)
    #expect(throws: LedgerError(.malformed, "")) { try EndorsementMessage(decoding: long) }
  }

  /// Recovery is not acted on yet, but what it says has its place: reports in messages and in headers.
  @Test func reportsHaveTheirFormats() throws {
    var report = WireReport()
    report.chain = .init(organisations.genesis.chain.bytes)
    report.epoch = 2
    report.size = 9
    report.root = .init(Hash.sha256([9]).bytes)
    let vote = try SignedStatement(organisations.statement(), domain: Domain.vote, key: organisations.keys[0].vote)
    report.votes = [vote.wire]
    report.lock = vote.wire
    var signed = WireSignedReport()
    signed.report = try report.serializedBytes()
    var header = WireHeader()
    header.reports = [signed]
    let bytes: [UInt8] = try header.serializedBytes()
    let back = try WireReport(serializedBytes: WireHeader(serializedBytes: bytes).reports[0].report)
    #expect(back == report)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func mutatedBytesNeverStopTheProgram(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let originals = try messages().map { try $0.encoded() }
    var accepted = 0
    for _ in 0..<4000 {
      var bytes = originals[Int(dice.next() % UInt64(originals.count))]
      for _ in 0...(dice.next() % 4) {
        let index = Int(dice.next() % UInt64(bytes.count))
        switch dice.next() % 4 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: dice.next())
        case 1: bytes[index] ^= 1 << UInt8(dice.next() % 8)
        case 2: bytes.removeSubrange(index...)
        default: bytes.insert(UInt8(truncatingIfNeeded: dice.next()), at: index)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      guard let message = try? EndorsementMessage(decoding: bytes) else { continue }
      accepted += 1
      // What is read has one form of its own, whatever it was read from.
      let again = try EndorsementMessage(decoding: message.encoded())
      #expect(again == message, "seed \(seed)")
    }
    #expect(accepted > 0 && accepted < 4000, "seed \(seed)")
  }
}
