import TestSupport
import Testing
import TransparencyLog

@Suite("What a witness makes of a request")
struct WitnessTests {
  private let log: WitnessedLog

  init() throws { log = try WitnessedLog() }

  private func outcome(_ request: AddCheckpointRequest, last: CosignedCheckpoint?) -> String {
    switch log.rules.decide(request, last: last) {
    case .accept(let accepted): "accepts \(accepted.signed.checkpoint.size)"
    case .conflict(let size): "409 \(size)"
    case .refuse(let refusal): "\(refusal.status)"
    }
  }

  /// A request with a text that the log signs although it should not.
  private func signed(_ lines: [String], old: UInt64 = 0, proof: [Hash] = []) throws -> AddCheckpointRequest {
    let text = utf8(lines.map { $0 + "\n" }.joined())
    let note = try SignedNote(text: text, signatures: [log.signer.sign(text: text)])
    let proof = proof.map { Base64.encodeToString($0.bytes) + "\n" }.joined()
    return try AddCheckpointRequest(utf8("old \(old)\n\(proof)\n") + note.bytes)
  }

  @Test("a log is followed from nothing, step by step, and a cosignature is made anew on request")
  func follows() throws {
    var last: CosignedCheckpoint?
    var time: UInt64 = 1_800_000_000
    for (old, new) in [(0, 0), (0, 1), (1, 2), (2, 2), (2, 7), (7, 8), (8, 40), (40, 40)] {
      let request = try log.request(old, new)
      guard case .accept(let accepted) = log.rules.decide(request, last: last) else {
        Issue.record("\(old) to \(new) was refused")
        return
      }
      let cosigned = try accepted.cosigned(by: log.cosigner, at: time)
      #expect(cosigned.timestamp == time)
      #expect(try cosigned.checkpoint == log.checkpoint(new).checkpoint)
      #expect(try CosignedCheckpoint(cosigned.bytes, by: log.cosigner.verifierKey) == cosigned)
      // What is answered stands for itself under the checkpoint that was sent.
      let merged = try log.checkpoint(new).adding([cosigned.line])
      #expect(try merged.cosignatureTimestamp(of: log.cosigner.verifierKey) == time)
      last = cosigned
      time += 1
    }
  }

  @Test("each status for its reason")
  func statuses() throws {
    let last = try log.cosigned(7)
    #expect(outcome(try log.request(7, 9), last: last) == "accepts 9")
    #expect(outcome(try log.request(7, 7), last: last) == "accepts 7")
    #expect(outcome(try log.request(0, 9), last: last) == "409 7")
    #expect(outcome(try log.request(8, 9), last: last) == "409 7")
    #expect(outcome(try log.request(3, 9), last: nil) == "409 0")
    // A checkpoint that the witness is ahead of: the old size that is right is above it.
    let back = try AddCheckpointRequest(oldSize: 7, proof: [], checkpoint: log.checkpoint(5))
    #expect(outcome(back, last: last) == "400")

    let fork = try WitnessedLog(salt: "fork")
    #expect(outcome(try fork.request(7, 9), last: last) == "422")
    #expect(outcome(try fork.request(7, 7), last: last) == "422", "the same size with another root")
    var proof = try log.proof(7, 9)
    proof[0] = .zero
    let bent = try AddCheckpointRequest(oldSize: 7, proof: proof, checkpoint: log.checkpoint(9))
    #expect(outcome(bent, last: last) == "422")
    let short = try AddCheckpointRequest(oldSize: 7, proof: [], checkpoint: log.checkpoint(9))
    #expect(outcome(short, last: last) == "422")
    let needless = try AddCheckpointRequest(oldSize: 7, proof: [.zero], checkpoint: log.checkpoint(7))
    #expect(outcome(needless, last: last) == "422")
    let early = try AddCheckpointRequest(oldSize: 0, proof: [.zero], checkpoint: log.checkpoint(7))
    #expect(outcome(early, last: nil) == "422", "a proof from nothing")
    let hollow = try signed([WitnessedLog.origin, "0", Base64.encodeToString(Hash.zero.bytes)])
    #expect(outcome(hollow, last: nil) == "422", "size 0 with a root")
    #expect(outcome(try log.request(0, 0), last: nil) == "accepts 0")
  }

  @Test("the reasons count in the order of the specification: 404, 403, 400, 409, 422")
  func order() throws {
    let last = try log.cosigned(7)
    let zero = Base64.encodeToString(Hash.zero.bytes)
    // Everything is wrong; then one thing after the other is mended.
    let stranger = try NoteSigner(name: NoteName("example.com/other"), seed: [UInt8](repeating: 3, count: 32))
    let origins = ["example.com/other", WitnessedLog.origin]
    for (origin, expected) in zip(origins, ["404", "403"]) {
      let text = utf8("\(origin)\n5\n\(zero)\n")
      let note = try SignedNote(text: text, signatures: [stranger.sign(text: text)])
      let request = try AddCheckpointRequest(utf8("old 6\n\(zero)\n\n") + note.bytes)
      #expect(outcome(request, last: expected == "404" ? nil : last) == expected)
    }
    #expect(outcome(try signed([WitnessedLog.origin, "5", zero], old: 6, proof: [.zero]), last: last) == "400")
    #expect(outcome(try signed([WitnessedLog.origin, "9", zero], old: 6, proof: [.zero]), last: last) == "409 7")
    #expect(outcome(try signed([WitnessedLog.origin, "9", zero], old: 7, proof: [.zero]), last: last) == "422")
  }

  @Test("a trusted key's bad line refuses all; lines of strangers change nothing and are not stored")
  func signatures() throws {
    let good = try log.checkpoint(7)
    let stranger = try NoteCosigner(name: NoteName("stranger"), seed: [UInt8](repeating: 4, count: 32))
    let foreign = try NoteSignature(name: NoteName("x"), keyID: 7, signature: [1, 2, 3])
    let decorated = try good.adding([try good.cosignature(by: stranger, at: 5), foreign])
    let request = try AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: decorated)
    guard case .accept(let accepted) = log.rules.decide(request, last: nil) else {
      Issue.record("strangers' lines were minded")
      return
    }
    #expect(accepted.signed == good)
    let other = try log.checkpoint(8).note.signatures
    let forged = try UnverifiedCheckpoint(note: SignedNote(text: good.note.text, signatures: other))
    #expect(outcome(try AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: forged), last: nil) == "403")
    // Of two trusted keys one is enough, and both have to be right where both stand there.
    let second = try NoteSigner(name: NoteName(WitnessedLog.origin), seed: [UInt8](repeating: 5, count: 32))
    let both = Witness(logs: [log.signer, second].map { Policy.Log(key: $0.verifierKey) })
    let plain = try log.request(0, 7)
    guard case .accept = both.decide(plain, last: nil) else {
      Issue.record("one key of two was not enough")
      return
    }
    let wrong = try second.sign(text: log.checkpoint(8).note.text)
    let mixed = try AddCheckpointRequest(oldSize: 0, proof: [], checkpoint: good.adding([wrong]))
    #expect(both.decide(mixed, last: nil) == .refuse(.untrusted))
  }

  @Test("of two requests that race, the second meets what the first left")
  func race() throws {
    let last = try log.cosigned(7)
    let (larger, smaller) = (try log.request(7, 20), try log.request(7, 9))
    guard case .accept(let accepted) = log.rules.decide(larger, last: last) else {
      Issue.record("not accepted")
      return
    }
    let next = try accepted.cosigned(by: log.cosigner, at: 200)
    #expect(outcome(smaller, last: next) == "409 20")
  }

  @Test("no cosignature is dated before the last one, and none without a time")
  func clock() throws {
    let last = try log.cosigned(7, at: 500)
    guard case .accept(let accepted) = log.rules.decide(try log.request(7, 9), last: last) else {
      Issue.record("not accepted")
      return
    }
    #expect(refusal { try accepted.cosigned(by: log.cosigner, at: 499) } == .clockBehind)
    #expect(try accepted.cosigned(by: log.cosigner, at: 500).timestamp == 500)
    guard case .accept(let first) = log.rules.decide(try log.request(0, 9), last: nil) else { return }
    #expect(refusal { try first.cosigned(by: log.cosigner, at: 0) } == .timestampOutOfRange)
  }

  @Test("an extension line of another log is cosigned with the rest")
  func extensions() throws {
    let root = Base64.encodeToString(log.leaves[0].bytes)
    let request = try signed([WitnessedLog.origin, "1", root, "more"])
    guard case .accept(let accepted) = log.rules.decide(request, last: nil) else {
      Issue.record("not accepted")
      return
    }
    let cosigned = try accepted.cosigned(by: log.cosigner, at: 5)
    #expect(cosigned.checkpoint.extensions == [utf8("more")])
  }
}
