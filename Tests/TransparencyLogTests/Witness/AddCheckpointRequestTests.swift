import TestSupport
import Testing
import TransparencyLog

@Suite("The body of a request to a witness")
struct AddCheckpointRequestTests {
  @Test("what is written is read again, with no hash, with some, and with the most there may be")
  func roundTrip() throws {
    let log = try WitnessedLog()
    for (old, new) in [(0, 0), (0, 7), (7, 7), (3, 40), (32, 40)] {
      let request = try log.request(old, new)
      let read = try AddCheckpointRequest(request.bytes)
      #expect(read == request && read.bytes == request.bytes)
      #expect(read.oldSize == UInt64(old) && read.size == UInt64(new) && read.origin == utf8(WitnessedLog.origin))
    }
    #expect(text(try log.request(2, 3).bytes).hasPrefix("old 2\n"))
    let checkpoint = try log.checkpoint(5)
    let most = [Hash](repeating: .zero, count: 63)
    let long = try AddCheckpointRequest(oldSize: 1, proof: most, checkpoint: checkpoint)
    #expect(try AddCheckpointRequest(long.bytes).proof == most)
    #expect(
      refusal { try AddCheckpointRequest(oldSize: 1, proof: most + [.zero], checkpoint: checkpoint) }
        == .malformedRequest)
    #expect(refusal { try AddCheckpointRequest(oldSize: 1 << 63, proof: [], checkpoint: checkpoint) } != nil)
  }

  @Test("the proof in another witness's published dialogue is read and holds")
  func published() throws {
    // Sizes, roots and proof: FiloSottile/torchwood, cmd/litewitness/testdata/litewitness.txt. The log is made up.
    let body = """
      old 1
      KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
      KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

      example.com/log
      3
      RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

      — example.com/log AAAAAAAA

      """
    let request = try AddCheckpointRequest(utf8(body))
    #expect(request.oldSize == 1 && request.size == 3 && request.proof.count == 2)
    #expect(request.bytes == utf8(body))
    let old = try #require(Base64.decode("KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").flatMap { Hash($0) })
    try ConsistencyProof(oldSize: 1, newSize: 3, path: request.proof).verify(
      oldRoot: old, newRoot: hash(base64: "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0="))
  }

  @Test("anything else is malformed")
  func malformed() throws {
    let log = try WitnessedLog()
    let good = text(try log.request(3, 7).bytes)
    let lines = good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "old 3" && lines[1].utf8.count == 44)
    let bad: [(String, String)] = [
      ("", "nothing"), ("old 3\n", "only a size"), ("old 3\n\n", "no checkpoint"),
      (good.replacing("old 3", with: "old 03"), "leading zero"), (good.replacing("old 3", with: "old +3"), "sign"),
      (good.replacing("old 3", with: "old -3"), "negative"), (good.replacing("old 3", with: "old "), "no size"),
      (good.replacing("old 3", with: "old 9223372036854775808"), "size over the limit"),
      (good.replacing("old 3", with: "old 18446744073709551616"), "size over 64 bits"),
      (good.replacing("old 3", with: "Old 3"), "capital"), (good.replacing("old 3", with: "old  3"), "two spaces"),
      (good.replacing("old 3", with: "old 3 "), "space behind"), (good.replacing("old 3\n", with: ""), "no first line"),
      (good.replacing(lines[1], with: String(lines[1].dropLast(4))), "short hash"),
      (good.replacing(lines[1], with: lines[1].dropLast() + "A"), "no padding"),
      (good.replacing(lines[1], with: lines[1] + "\r"), "carriage return"),
      (good.replacing(lines[1], with: " " + lines[1]), "space before a hash"),
      (good.replacing("\n\nexample", with: "\nexample"), "no empty line"),
      (good.replacing("\n\nexample", with: "\n\n\nexample"), "two empty lines"),
      (String(good.dropLast()), "last line not ended"), (good + "\n", "an empty line behind"),
      (good.replacing("\n7\n", with: "\n07\n"), "size of the checkpoint"),
      (good + lines[lines.count - 2] + "\n", "twice"),
    ]
    for (body, what) in bad {
      #expect(body != good, "\(what)")
      #expect(refusal { try AddCheckpointRequest(utf8(body)) } != nil, "\(what)")
    }
    let tooMany = good.replacing(lines[1], with: Array(repeating: lines[1], count: 64).joined(separator: "\n"))
    #expect(refusal { try AddCheckpointRequest(utf8(tooMany)) } == .malformedRequest)
    let huge = utf8(good) + [UInt8](repeating: 0x61, count: AddCheckpointRequest.maximumByteCount)
    #expect(refusal { try AddCheckpointRequest(huge) } == .malformedRequest)
  }
}
