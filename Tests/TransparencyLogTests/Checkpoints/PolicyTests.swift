import Testing
import TransparencyLog

/// A log and four witnesses with keys made from fixed seeds.
struct Cast {
  let log: NoteSigner
  let witnesses: [NoteCosigner]
  let signed: UnverifiedCheckpoint

  init() throws {
    log = try NoteSigner(name: NoteName("example.com/log"), seed: [UInt8](repeating: 1, count: 32))
    witnesses = try (0..<4).map {
      try NoteCosigner(name: NoteName("witness\($0)"), seed: [UInt8](repeating: UInt8(10 + $0), count: 32))
    }
    let checkpoint = try Checkpoint(origin: utf8("example.com/log"), size: 3, root: .leaf([]))
    signed = try UnverifiedCheckpoint(signing: checkpoint, by: [log])
  }

  func cosigned(by members: [Int]) throws -> UnverifiedCheckpoint {
    try signed.adding(members.map { try signed.cosignature(by: witnesses[$0], at: 100 + UInt64($0)) })
  }

  /// The lines of a policy that names the log, the witnesses w0...w3, and whatever `rest` adds.
  func policyText(_ rest: String) -> String {
    let lines = witnesses.enumerated().map { "witness w\($0.offset) \($0.element.verifierKey)\n" }
    return "log \(log.verifierKey)\n" + lines.joined() + rest
  }

  func policy(_ rest: String) throws -> Policy {
    try Policy(text: utf8(policyText(rest)))
  }
}

struct PolicyTextTests {
  private let cast: Cast

  init() throws {
    cast = try Cast()
  }

  @Test func everyKindOfLine() throws {
    let text = """
      # a comment
      \t # another

      log \(cast.log.verifierKey) https://example.com/log/
       \twitness  W-1\t\(cast.witnesses[0].verifierKey)   https://w.example/ \t
      witness 舟 \(cast.witnesses[1].verifierKey)
      group any-of any W-1 舟
      quorum any-of
      witness late \(cast.witnesses[2].verifierKey)

      """
    let policy = try Policy(text: utf8(text))
    #expect(policy.logs == [Policy.Log(key: cast.log.verifierKey, url: utf8("https://example.com/log/"))])
    #expect(policy.witnesses.map(\.name) == ["W-1", "舟", "late"].map(utf8))
    #expect(policy.witnesses[0].url == utf8("https://w.example/"))
    #expect(policy.groups == [Policy.Group(name: utf8("any-of"), threshold: 1, members: ["W-1", "舟"].map(utf8))])
    #expect(policy.quorum == .named(utf8("any-of")))
    #expect(try Policy(text: policy.text) == policy)
    #expect(try Policy(text: policy.text).text == policy.text)
    // A rendered policy states the number.
    let end = utf8("group any-of 1 W-1 舟\nquorum any-of\n")
    #expect(Array(policy.text.suffix(end.count)) == end)
  }

  @Test func onlyTheQuorumIsNeeded() throws {
    let policy = try Policy(text: utf8("quorum none\n"))
    #expect(policy.logs.isEmpty && policy.witnesses.isEmpty && policy.groups.isEmpty)
    #expect(policy.quorum == Policy.Quorum.none)
    #expect(policy.text == utf8("quorum none\n"))
  }

  @Test(arguments: [
    "", "\n", "# only a comment\n", "quorum none", "quorum none\nquorum none\n", "quorum\n", "quorum none extra\n",
    "Quorum none\n", "quorum nobody\n", "something else\nquorum none\n", "log\nquorum none\n", "witness\nquorum none\n",
    "witness a\nquorum none\n", "group\nquorum none\n", "quorum none\r\n", "quorum\u{0B}none\n", "quorum none\u{7F}\n",
    "quorum none\u{0}\n", "quorum\u{A0}none\n",
  ])
  func otherFormsAreRefused(text: String) {
    #expect(refusal { try Policy(text: utf8(text)) } == .malformedPolicy)
  }

  @Test(arguments: [
    "", "group g 0 w0\nquorum g\n", "group g 2 w0\nquorum g\n", "group g 01 w0\nquorum g\n",
    "group g +1 w0\nquorum g\n",
    "group g -1 w0\nquorum g\n", "group g most w0\nquorum g\n", "group g any\nquorum g\n", "group g\nquorum g\n",
    "group g any w0 w0\nquorum g\n", "group g any w9\nquorum g\n", "group g any none\nquorum g\n",
    "group g any g\nquorum g\n", "group w0 any w1\nquorum w0\n", "group none any w1\nquorum none\n",
    "group g any w0\ngroup h any w0\nquorum h\n", "group h any g\ngroup g any w0\nquorum h\n",
    "group g any w0\ngroup g any w1\nquorum g\n", "quorum g\ngroup g any w0\n", "quorum w4\n",
    "group g 99999999999999999999 w0\nquorum g\n",
  ])
  func otherStructuresAreRefused(rest: String) {
    #expect(refusal { try cast.policy(rest) } == .malformedPolicy)
  }

  @Test func aNameIsUsedBelowItsLine() throws {
    let key = cast.witnesses[0].verifierKey
    #expect(refusal { try Policy(text: utf8("quorum w\nwitness w \(key)\n")) } == .malformedPolicy)
    #expect(refusal { try Policy(text: utf8("group g any w\nwitness w \(key)\nquorum g\n")) } == .malformedPolicy)
    #expect(refusal { try Policy(text: utf8("witness w \(key)\nquorum w\n")) } == nil)
    #expect(refusal { try Policy(text: utf8("witness none \(key)\nquorum none\n")) } == .malformedPolicy)
  }

  @Test func namesAreBytes() throws {
    let (a, b) = (cast.witnesses[0].verifierKey, cast.witnesses[1].verifierKey)
    // The letter K and the Kelvin sign, and two spellings of one letter, are different names.
    for (one, two) in [("K", "\u{212A}"), ("\u{E9}", "e\u{301}")] {
      let text = "witness \(one) \(a)\nwitness \(two) \(b)\ngroup g all \(one) \(two)\nquorum g\n"
      #expect(try Policy(text: utf8(text)).groups[0].members.count == 2)
      let wrong = "witness \(one) \(a)\nquorum \(two)\n"
      #expect(refusal { try Policy(text: utf8(wrong)) } == .malformedPolicy)
    }
    // Bytes that are no UTF-8 are a name too.
    let name: [UInt8] = [0xFF, 0x80]
    let text = utf8("witness ") + name + utf8(" \(a)\nquorum ") + name + [0x0A]
    #expect(try Policy(text: text).quorum == .named(name))
    #expect(try Policy(text: text).text == text)
  }

  @Test func onePublicKeyStandsOnce() throws {
    let (key, log) = (cast.witnesses[0].verifierKey, cast.log.verifierKey)
    let renamed = try VerifierKey(name: NoteName("other"), type: key.type, publicKey: key.publicKey)
    #expect(
      refusal { try Policy(text: utf8("witness a \(key)\nwitness b \(renamed)\nquorum none\n")) } == .duplicateKey)
    #expect(refusal { try Policy(text: utf8("log \(log)\nlog \(log)\nquorum none\n")) } == .duplicateKey)
    let both = try VerifierKey(name: log.name, type: .ed25519Cosignature, publicKey: log.publicKey)
    #expect(refusal { try Policy(text: utf8("log \(log)\nwitness a \(both)\nquorum none\n")) } == .duplicateKey)
  }

  @Test func keysFitTheirPlace() throws {
    let (key, log) = (cast.witnesses[0].verifierKey, cast.log.verifierKey)
    #expect(refusal { try Policy(text: utf8("log \(key)\nquorum none\n")) } == .malformedPolicy)
    #expect(refusal { try Policy(text: utf8("witness a \(log)\nquorum none\n")) } == .malformedPolicy)
    #expect(refusal { try Policy(text: utf8("witness a b+00000000+AQ==\nquorum none\n")) } == .malformedKey)
    // A witness that cosigns with a type nobody here verifies is kept, and never counts.
    let new = try VerifierKey(name: NoteName("new"), type: .mlDSA44, publicKey: [UInt8](repeating: 1, count: 1312))
    let policy = try Policy(text: utf8("log \(log)\nwitness a \(new)\nquorum a\n"))
    #expect(refusal { try policy.verify(cast.signed) } == .quorumNotMet)
  }

  @Test func limits() throws {
    func witnesses(_ count: Int) throws -> [Policy.Witness] {
      try (0..<count).map { index in
        let key = try VerifierKey(
          name: NoteName("n"), type: SignatureType(rawValue: 0xFF), publicKey: [UInt8(index >> 8), UInt8(index & 255)])
        return Policy.Witness(name: utf8("w\(index)"), key: key)
      }
    }
    let full = try Policy(logs: [], witnesses: witnesses(256), groups: [], quorum: .none)
    #expect(try Policy(text: full.text) == full)
    #expect(
      refusal { try Policy(logs: [], witnesses: witnesses(257), groups: [], quorum: .none) } == .policyTooLarge)
    let more = utf8("witness x \(cast.witnesses[0].verifierKey)\n")
    #expect(refusal { try Policy(text: more + full.text) } == .policyTooLarge)
    let long = [UInt8](repeating: 0x23, count: Policy.maximumByteCount) + [0x0A]
    #expect(refusal { try Policy(text: long) } == .policyTooLarge)
  }

  @Test func itemsOfAPolicyMadeInCode() throws {
    let key = cast.witnesses[0].verifierKey
    let bad = [[], utf8("a b"), utf8("a\n"), utf8("a\tb"), [0x7F], [UInt8](repeating: 0x61, count: 2049)]
    for item in bad {
      let named = Policy.Witness(name: item, key: key)
      #expect(
        refusal { try Policy(logs: [], witnesses: [named], groups: [], quorum: .none) } == .malformedPolicy)
      let placed = Policy.Log(key: cast.log.verifierKey, url: item)
      #expect(refusal { try Policy(logs: [placed], witnesses: [], groups: [], quorum: .none) } == .malformedPolicy)
    }
    let witness = Policy.Witness(name: utf8("w"), key: key)
    #expect(
      refusal { try Policy(logs: [], witnesses: [witness], groups: [], quorum: .named(utf8("x"))) }
        == .malformedPolicy)
    #expect(
      refusal { try Policy(logs: [], witnesses: [witness], groups: [], quorum: .named(utf8("none"))) }
        == .malformedPolicy)
  }
}

struct PolicyVerificationTests {
  private let cast: Cast

  init() throws {
    cast = try Cast()
  }

  private func isMet(_ policy: Policy, _ members: [Int]) -> Bool {
    policy.isQuorumMet(by: members.map { cast.witnesses[$0].verifierKey })
  }

  @Test func quorums() throws {
    let none = try cast.policy("quorum none\n")
    #expect(isMet(none, []))
    let one = try cast.policy("quorum w1\n")
    #expect(isMet(one, [1]) && isMet(one, [0, 1]) && !isMet(one, [0, 2, 3]) && !isMet(one, []))
    let three = try cast.policy("group g 3 w0 w1 w2 w3\nquorum g\n")
    #expect(isMet(three, [3, 0, 2]) && !isMet(three, [0, 1]))
    let all = try cast.policy("group g all w0 w1 w2 w3\nquorum g\n")
    #expect(isMet(all, [0, 1, 2, 3]) && !isMet(all, [0, 1, 2]))
    let nested = try cast.policy("group x 2 w0 w1 w2\ngroup y any w3\ngroup both all x y\nquorum both\n")
    #expect(isMet(nested, [0, 2, 3]) && !isMet(nested, [0, 1, 2]) && !isMet(nested, [0, 3]))
  }

  @Test func aKeyCountsOnce() throws {
    let two = try cast.policy("group g 2 w0 w1\nquorum g\n")
    #expect(!isMet(two, [0, 0, 0]))
    let key = cast.witnesses[0].verifierKey
    let renamed = try VerifierKey(name: NoteName("again"), type: key.type, publicKey: key.publicKey)
    #expect(!two.isQuorumMet(by: [key, renamed, cast.log.verifierKey, cast.witnesses[2].verifierKey]))
  }

  @Test func aCheckpointWithItsQuorum() throws {
    let policy = try cast.policy("group g 3 w0 w1 w2 w3\nquorum g\n")
    let verified = try policy.verify(cast.cosigned(by: [2, 0, 3]))
    #expect(verified.checkpoint == cast.signed.checkpoint)
    #expect(verified.logSignatures.map(\.key) == [cast.log.verifierKey])
    #expect(verified.cosignatures.map(\.timestamp) == [102, 100, 103])
    #expect(try policy.verify(cast.cosigned(by: [0, 1, 2]).note).cosignatures.count == 3)
    #expect(refusal { try policy.verify(cast.cosigned(by: [0, 1])) } == .quorumNotMet)
    #expect(refusal { try policy.verify(cast.signed) } == .quorumNotMet)
  }

  @Test func oneBadCosignatureRefusesTheCheckpoint() throws {
    let policy = try cast.policy("group g any w0 w1\nquorum g\n")
    let wrong = try cast.witnesses[1].cosign(text: utf8("other\n"), timestamp: 1)
    let signed = try cast.cosigned(by: [0]).adding([wrong])
    #expect(refusal { try policy.verify(signed) } == .invalidSignature)
  }

  @Test func aLogSignatureIsNeededBesideTheCosignatures() throws {
    let policy = try cast.policy("quorum w0\n")
    let text = cast.signed.note.text
    let cosignature = try cast.witnesses[0].cosign(text: text, timestamp: 1)
    let unsigned = try SignedNote(text: text, signatures: [cosignature])
    #expect(refusal { try policy.verify(unsigned) } == .noLogSignature)
    let stranger = try NoteSigner(name: NoteName("example.com/log"), seed: [UInt8](repeating: 77, count: 32))
    let byStranger = try SignedNote(text: text, signatures: [cosignature, stranger.sign(text: text)])
    #expect(refusal { try policy.verify(byStranger) } == .noLogSignature)
    let onlyStranger = try SignedNote(text: text, signatures: [stranger.sign(text: text)])
    #expect(refusal { try policy.verify(onlyStranger) } == .noKnownSignature)
  }

  @Test func theLogsNameIsTheOrigin() throws {
    // A trusted log signs another log's checkpoint: its own name does not stand on the first line.
    let policy = try cast.policy("quorum none\n")
    let other = try Checkpoint(origin: utf8("example.com/other"), size: 3, root: .leaf([]))
    let note = try SignedNote(text: other.text, signatures: [cast.log.sign(text: other.text)])
    #expect(refusal { try policy.verify(note) } == .noLogSignature)
    #expect(refusal { try policy.verify(SignedNote(utf8(SpecificationNote.note))) } == .malformedCheckpoint)
  }

  @Test func severalKeysOfOneLog() throws {
    let second = try NoteSigner(name: NoteName("example.com/log"), seed: [UInt8](repeating: 2, count: 32))
    let text = "log \(cast.log.verifierKey)\nlog \(second.verifierKey)\nquorum none\n"
    let policy = try Policy(text: utf8(text))
    let signed = try UnverifiedCheckpoint(signing: cast.signed.checkpoint, by: [second])
    #expect(try policy.verify(signed).logSignatures.map(\.key) == [second.verifierKey])
    #expect(try policy.verify(cast.signed).logSignatures.map(\.key) == [cast.log.verifierKey])
  }

  @Test func publishedCheckpoint() throws {
    let text = "log \(PublicCheckpoint.logKey)\nwitness remora \(PublicCheckpoint.witnessKey)\nquorum remora\n"
    let verified = try Policy(text: utf8(text)).verify(UnverifiedCheckpoint(utf8(PublicCheckpoint.note)))
    #expect(verified.cosignatures.map(\.timestamp) == [PublicCheckpoint.time])
    #expect(verified.checkpoint.size == PublicCheckpoint.size)
  }
}
