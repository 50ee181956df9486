import Testing
import TransparencyLog

struct UnverifiedCheckpointTests {
  private let log: NoteSigner
  private let witness: NoteCosigner
  private let checkpoint: Checkpoint

  init() throws {
    log = try NoteSigner(name: NoteName("example.com/log"), seed: [UInt8](repeating: 1, count: 32))
    witness = try NoteCosigner(name: NoteName("witness"), seed: [UInt8](repeating: 2, count: 32))
    checkpoint = try Checkpoint(origin: utf8("example.com/log"), size: 3, root: .leaf([]))
  }

  @Test func publishedCosignedCheckpoint() throws {
    let signed = try UnverifiedCheckpoint(utf8(PublicCheckpoint.note))
    #expect(signed.bytes == utf8(PublicCheckpoint.note))
    #expect(signed.checkpoint.size == PublicCheckpoint.size)
    let witness = try VerifierKey(text: PublicCheckpoint.witnessKey)
    #expect(try signed.cosignatureTimestamp(of: witness) == PublicCheckpoint.time)
    let verified = try signed.note.verify(keys: [VerifierKey(text: PublicCheckpoint.logKey), witness])
    #expect(verified.map(\.timestamp) == [nil, PublicCheckpoint.time])
    // The cosignature covers every byte of the text.
    let altered = try UnverifiedCheckpoint(utf8(PublicCheckpoint.note.replacing("1432088532", with: "1432088533")))
    #expect(refusal { try altered.cosignatureTimestamp(of: witness) } == .invalidSignature)
  }

  @Test func signCosignAndReadAgain() throws {
    let signed = try UnverifiedCheckpoint(signing: checkpoint, by: [log])
    let line = try signed.cosignature(by: witness, at: 1_800_000_000)
    let cosigned = try signed.adding([line])
    let read = try UnverifiedCheckpoint(cosigned.bytes)
    #expect(read == cosigned)
    #expect(read.checkpoint == checkpoint)
    #expect(try read.cosignatureTimestamp(of: witness.verifierKey) == 1_800_000_000)
    #expect(refusal { try signed.cosignatureTimestamp(of: witness.verifierKey) } == .noKnownSignature)
    #expect(refusal { try read.cosignatureTimestamp(of: log.verifierKey) } == .noKnownSignature)
    #expect(refusal { try cosigned.adding([line]) } == .duplicateSignature)
    #expect(refusal { try signed.cosignature(by: witness, at: 0) } == .timestampOutOfRange)
  }

  @Test func extensionLinesAreCosignedToo() throws {
    let text = checkpoint.text + utf8("more\n")
    let note = try SignedNote(text: text, signatures: [log.sign(text: text)])
    let signed = try UnverifiedCheckpoint(note: note)
    let cosigned = try signed.adding([signed.cosignature(by: witness, at: 5)])
    #expect(try cosigned.cosignatureTimestamp(of: witness.verifierKey) == 5)
    let plain = try UnverifiedCheckpoint(
      note: SignedNote(text: checkpoint.text, signatures: cosigned.note.signatures))
    #expect(refusal { try plain.cosignatureTimestamp(of: witness.verifierKey) } == .invalidSignature)
  }

  @Test func aLogSignsUnderItsOwnName() throws {
    let other = try NoteSigner(name: NoteName("example.com/other"), seed: [UInt8](repeating: 3, count: 32))
    #expect(refusal { try UnverifiedCheckpoint(signing: checkpoint, by: [other]) } == .originMismatch)
    #expect(refusal { try UnverifiedCheckpoint(signing: checkpoint, by: [log, other]) } == .originMismatch)
    #expect(refusal { try UnverifiedCheckpoint(signing: checkpoint, by: []) } == .malformedNote)
    #expect(refusal { try UnverifiedCheckpoint(signing: checkpoint, by: [log, log]) } == .duplicateSignature)
    let second = try NoteSigner(name: log.verifierKey.name, seed: [UInt8](repeating: 4, count: 32))
    #expect(try UnverifiedCheckpoint(signing: checkpoint, by: [log, second]).note.signatures.count == 2)
  }

  @Test func aNoteThatIsNoCheckpointIsRefused() {
    #expect(refusal { try UnverifiedCheckpoint(utf8(SpecificationNote.note)) } == .malformedCheckpoint)
    #expect(refusal { try UnverifiedCheckpoint([]) } == .malformedNote)
  }
}
