import TestSupport
import Testing
import TransparencyLog

@Suite("A checkpoint on its way to a witness")
struct CheckpointSubmissionTests {
  private let log: WitnessedLog
  private let checkpoint: UnverifiedCheckpoint

  init() throws {
    log = try WitnessedLog()
    checkpoint = try log.checkpoint(20)
  }

  private func submission(known: UInt64 = 0) -> CheckpointSubmission {
    CheckpointSubmission(checkpoint, to: log.cosigner.verifierKey, knownSize: known)
  }

  private func conflict(_ body: String, type: String? = "text/x.tlog.size") -> CheckpointSubmission.Answer {
    .init(status: 409, contentType: type, body: utf8(body))
  }

  private func answer(_ status: Int, _ body: [UInt8] = []) -> CheckpointSubmission.Answer {
    .init(status: status, contentType: "text/plain", body: body)
  }

  /// The code that a submission ends with after some answers; `nil` if it goes on or succeeds.
  private func end(_ answers: [CheckpointSubmission.Answer], known: UInt64 = 0) -> TransparencyLogError.Code? {
    var submission = submission(known: known)
    var action = submission.first
    for answer in answers { action = submission.receive(answer) }
    if case .stop(let error) = action { return error.code }
    return nil
  }

  private func line(_ time: UInt64 = 9, by seed: UInt8 = 2, name: String = "w.example/witness") throws -> [UInt8] {
    let cosigner = try NoteCosigner(name: NoteName(name), seed: [UInt8](repeating: seed, count: 32))
    return try checkpoint.cosignature(by: cosigner, at: time).line
  }

  @Test("a witness that names another size is asked from there, and its line is kept")
  func conflicts() throws {
    var submission = submission(known: 11)
    #expect(submission.first == .ask(from: 11))
    #expect(submission.receive(conflict("7\n", type: "text/x.tlog.size; charset=utf-8")) == .ask(from: 7))
    let kept = try NoteSignature(line: line().dropLast())
    #expect(submission.receive(answer(200, try line())) == .keep([kept]))
    // What is known of a larger tree does not help.
    #expect(self.submission(known: 21).first == .ask(from: 0))
    #expect(self.submission(known: 20).first == .ask(from: 20))
  }

  @Test("it ends: after some other sizes, with a tree larger than its own, and with a fork")
  func ends() {
    let moving = (1...9).map { conflict("\($0)\n") }
    #expect(end(Array(moving.prefix(3))) == nil)
    #expect(end(Array(moving.prefix(4))) == .witnessUnsettled)
    #expect(end([conflict("21\n")]) == .witnessAhead)
    #expect(end([conflict("9223372036854775807\n")]) == .witnessAhead)
    // A lost answer: the witness has this very size, and is asked for a fresh line.
    #expect(end([conflict("20\n")]) == nil)
    #expect(end([conflict("20\n"), conflict("20\n")]) == .witnessDisagrees)
    #expect(end([conflict("20\n")], known: 20) == .witnessDisagrees)
    #expect(end([conflict("7\n")], known: 7) == .malformedAnswer)
    #expect(end([answer(422)]) == .witnessDisagrees)
  }

  @Test("statuses that pass and statuses that do not")
  func statuses() {
    for status in [400, 403, 404, 405, 413, 301, 204, 100, 0, 999] {
      #expect(end([answer(status)]) == .witnessRefused, "\(status)")
    }
    for status in [429, 500, 502, 503, 599] { #expect(end([answer(status)]) == .witnessUnavailable, "\(status)") }
  }

  @Test("a size that is none is not gone on from")
  func badSizes() {
    for body in ["", "\n", "7", "07\n", "+7\n", "-1\n", "7 \n", "7\n\n", "7\r\n", "x\n", "9223372036854775808\n"] {
      #expect(end([conflict(body)]) == .malformedAnswer, "\(body)")
    }
    #expect(end([conflict("7\n", type: "text/plain")]) == .malformedAnswer)
    #expect(end([conflict("7\n", type: nil)]) == .malformedAnswer)
  }

  @Test("only lines of the witness's key that verify are kept")
  func lines() throws {
    let (own, foreign) = (try line(), try line(by: 3, name: "other"))
    var submission = submission()
    #expect(submission.receive(answer(200, foreign + own)) == .keep([try NoteSignature(line: own.dropLast())]))
    #expect(end([answer(200, foreign)]) == .malformedAnswer)
    #expect(end([answer(200)]) == .malformedAnswer)
    #expect(end([answer(200, own + own)]) == .malformedAnswer)
    #expect(end([answer(200, own.dropLast())]) == .malformedAnswer)
    #expect(end([answer(200, own + [0x0A])]) == .malformedSignature)
    #expect(end([answer(200, utf8("sorry\n"))]) == .malformedSignature)
    let many = (0..<1000).flatMap { _ in foreign }
    #expect(end([answer(200, many)]) == .malformedAnswer)
    // A line on another checkpoint, and each bit of the right one turned.
    let other = try log.checkpoint(19).cosignature(by: log.cosigner, at: 9)
    #expect(end([answer(200, other.line)]) == .invalidSignature)
    let signature = try NoteSignature(line: own.dropLast())
    for place in 0..<signature.signature.count {
      var bent = signature.signature
      bent[place] ^= 1
      let line = try NoteSignature(name: signature.name, keyID: signature.keyID, signature: bent).line
      #expect(end([answer(200, foreign + line)]) == .invalidSignature, "\(place)")
    }
    let short = try NoteSignature(name: signature.name, keyID: signature.keyID, signature: [1, 2])
    #expect(end([answer(200, short.line)]) == .invalidSignature)
  }

  @Test("of several witnesses' lines the newest checkpoint wins, and late ones are dropped")
  func witnessed() throws {
    let others = try (5...6).map {
      try NoteCosigner(name: NoteName("w\($0)"), seed: [UInt8](repeating: $0, count: 32))
    }
    let (old, new) = (try log.checkpoint(8), try log.checkpoint(9))
    let keys = others.map(\.verifierKey)
    #expect(WitnessedCheckpoint(old, []) == nil)
    var witnessed = try #require(WitnessedCheckpoint(old, [try old.cosignature(by: others[0], at: 1)]))
    #expect(witnessed.add([try old.cosignature(by: others[1], at: 2)], on: old))
    #expect(try keys.map { try witnessed.signed().cosignatureTimestamp(of: $0) } == [1, 2])
    #expect(witnessed.add([try old.cosignature(by: others[0], at: 3)], on: old), "a fresh time")
    #expect(try witnessed.signed().cosignatureTimestamp(of: keys[0]) == 3)
    #expect(witnessed.add([try new.cosignature(by: others[1], at: 4)], on: new))
    #expect(try witnessed.signed() == new.adding([new.cosignature(by: others[1], at: 4)]))
    #expect(!witnessed.add([try old.cosignature(by: others[0], at: 5)], on: old))
    #expect(!witnessed.add([], on: try log.checkpoint(10)), "nobody cosigned it")
    #expect(try witnessed.signed().checkpoint.size == 9)

    let stored = try witnessed.signed().bytes
    #expect(try WitnessedCheckpoint(stored, witnesses: keys) == witnessed)
    #expect(try WitnessedCheckpoint(stored, witnesses: [keys[0]]) == nil, "by nobody who counts now")
    // A witness that is one of the log's own lines stands there once.
    let own = try new.adding([new.cosignature(by: others[0], at: 6)])
    let twice = try #require(WitnessedCheckpoint(own, [try new.cosignature(by: others[0], at: 7)]))
    #expect(try twice.signed() == own)
  }
}
