import Testing
import TransparencyLog

struct TlogProofTests {
  private let cast: Cast
  private let policy: Policy
  private let entries = (0..<11).map { utf8("entry \($0)") }
  private let proof: TlogProof

  init() throws {
    cast = try Cast()
    policy = try cast.policy("group g 2 w0 w1 w2 w3\nquorum g\n")
    let leaves = entries.map { Hash.leaf($0) }
    let checkpoint = try Checkpoint(
      origin: utf8("example.com/log"), size: 11, root: MerkleTree.treeRoot(of: leaves))
    var signed = try UnverifiedCheckpoint(signing: checkpoint, by: [cast.log])
    signed = try signed.adding(cast.witnesses.prefix(2).map { try signed.cosignature(by: $0, at: 9) })
    proof = try TlogProof(
      index: 6, path: InclusionProof.build(index: 6, leaves: leaves).path, checkpoint: signed)
  }

  @Test func file() throws {
    #expect(try TlogProof(proof.bytes) == proof)
    #expect(text(proof.bytes).hasPrefix("c2sp.org/tlog-proof@v1\nindex 6\n"))
    let extra = try TlogProof(index: 6, path: proof.path, extra: [1, 2, 3], checkpoint: proof.checkpoint)
    #expect(text(extra.bytes).hasPrefix("c2sp.org/tlog-proof@v1\nextra AQID\nindex 6\n"))
    #expect(try TlogProof(extra.bytes) == extra)
    #expect(try extra.verify(entry: entries[6], policy: policy).checkpoint.size == 11, "extra data is not signed")
  }

  @Test func verification() throws {
    let verified = try proof.verify(entry: entries[6], policy: policy)
    #expect(verified.checkpoint == proof.checkpoint.checkpoint)
    #expect(verified.cosignatures.count == 2)
    #expect(try proof.verify(leafHash: .leaf(entries[6]), policy: policy) == verified)
    #expect(refusal { try proof.verify(entry: entries[5], policy: policy) } == .rootMismatch)
    let moved = try TlogProof(index: 7, path: proof.path, checkpoint: proof.checkpoint)
    #expect(refusal { try moved.verify(entry: entries[6], policy: policy) } == .rootMismatch)
    let outside = try TlogProof(index: 11, path: proof.path, checkpoint: proof.checkpoint)
    #expect(refusal { try outside.verify(entry: entries[6], policy: policy) } == .indexOutOfRange)
    let shorter = try TlogProof(index: 6, path: proof.path.dropLast(), checkpoint: proof.checkpoint)
    #expect(refusal { try shorter.verify(entry: entries[6], policy: policy) } == .wrongPathLength)
    let stricter = try cast.policy("group g 3 w0 w1 w2 w3\nquorum g\n")
    #expect(refusal { try proof.verify(entry: entries[6], policy: stricter) } == .quorumNotMet)
  }

  @Test func treeOfOne() throws {
    let checkpoint = try Checkpoint(origin: utf8("example.com/log"), size: 1, root: .leaf(entries[0]))
    let signed = try UnverifiedCheckpoint(signing: checkpoint, by: [cast.log])
    let single = try TlogProof(index: 0, path: [], checkpoint: signed)
    #expect(text(single.bytes).hasPrefix("c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com/log\n1\n"))
    #expect(try TlogProof(single.bytes) == single)
    #expect(try single.verify(entry: entries[0], policy: cast.policy("quorum none\n")).checkpoint.size == 1)
  }

  @Test(arguments: [
    ("c2sp.org/tlog-proof@v1\n", ""), ("c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v2"),
    ("c2sp.org/tlog-proof@v1", " c2sp.org/tlog-proof@v1"), ("proof@v1\n", "proof@v1\r\n"),
    ("proof@v1\n", "proof@v1\n\n"),
    ("index 6\n", ""), ("index 6", "index 06"), ("index 6", "index +6"), ("index 6", "index"), ("index 6", "index  6"),
    ("index 6", "Index 6"), ("index 6", "index 6 "), ("index 6", "index 9223372036854775808"),
    ("index 6", "index 18446744073709551616"), ("index 6\n", "index 6\nindex 6\n"),
    ("index 6\n", "index 6\nextra AQID\n"),
    ("index 6", "extra \nindex 6"), ("index 6", "extra AQI\nindex 6"), ("index 6", "extra AQJ=\nindex 6"),
    ("index 6", "extra AQID\nextra AQID\nindex 6"), ("index 6", "extra\nindex 6"), ("index 6\n", "index 6\nAQID\n"),
    ("index 6\n", "index 6\njunk\n"), ("=\n\nexample", "=\nexample"),
  ])
  func otherFormsAreRefused(part: String, replacement: String) {
    let altered = text(proof.bytes).replacing(part, with: replacement, maxReplacements: 1)
    #expect(altered != text(proof.bytes))
    #expect(refusal { try TlogProof(utf8(altered)) } == .malformedProof)
  }

  @Test func theCheckpointInsideIsReadStrictly() {
    let file = text(proof.bytes)
    #expect(refusal { try TlogProof(utf8(file + "\n")) } == .malformedNote)
    #expect(refusal { try TlogProof(utf8(String(file.dropLast()))) } == .malformedNote)
    #expect(refusal { try TlogProof(utf8(file.replacing("\n11\n", with: "\n011\n"))) } == .malformedCheckpoint)
    #expect(refusal { try TlogProof(utf8(file.replacing("\nexample", with: "\n\nexample"))) } == .malformedCheckpoint)
    #expect(refusal { try TlogProof([]) } == .malformedProof)
  }

  @Test func limits() throws {
    let line = Base64.encodeToString(Hash.zero.bytes) + "\n"
    func file(_ count: Int) -> [UInt8] {
      utf8(text(proof.bytes).replacing("index 6\n", with: "index 6\n" + String(repeating: line, count: count)))
    }
    #expect(refusal { try TlogProof(file(60)) } == nil)
    #expect(refusal { try TlogProof(file(61)) } == .pathTooLong)
    let path = [Hash](repeating: .zero, count: 65)
    #expect(refusal { try TlogProof(index: 0, path: path, checkpoint: proof.checkpoint) } == .pathTooLong)
    #expect(
      refusal { try TlogProof(index: .max, path: [], checkpoint: proof.checkpoint) } == .malformedProof)
    #expect(
      refusal { try TlogProof(index: 0, path: [], extra: [], checkpoint: proof.checkpoint) } == .malformedProof)
    let long = [UInt8](repeating: 1, count: TlogProof.maximumByteCount)
    #expect(refusal { try TlogProof(index: 0, path: [], extra: long, checkpoint: proof.checkpoint) } == .malformedProof)
    #expect(refusal { try TlogProof(proof.bytes + long) } == .malformedProof)
  }
}
