import Testing
import TransparencyLog

struct SignedNoteTests {
  @Test func publishedNote() throws {
    let note = try SignedNote(utf8(SpecificationNote.note))
    #expect(note.text == utf8(SpecificationNote.text))
    #expect(note.signatures.map(\.name.bytes) == [utf8("example.com/foo")])
    #expect(note.signatures[0].keyID == 0x530d_903a)
    #expect(note.bytes == utf8(SpecificationNote.note))
    let key = try VerifierKey(text: SpecificationNote.key)
    let verified = try note.verify(keys: [key])
    #expect(verified.map(\.key) == [key])
    #expect(verified.map(\.timestamp) == [nil])
  }

  @Test func theLastEmptyLineDivides() throws {
    let signer = try NoteSigner(name: NoteName("a"), seed: [UInt8](repeating: 5, count: 32))
    for text in ["\n", "\n\n", "one\n\ntwo\n", "one\n\n", "\none\n", "— a AAAAAAA=\n", "one\n\n— a AAAAAAA=\n"] {
      let signed = try SignedNote(text: utf8(text), signatures: [signer.sign(text: utf8(text))])
      let read = try SignedNote(signed.bytes)
      #expect(read == signed)
      #expect(read.text == utf8(text))
      #expect(try read.verify(keys: [signer.verifierKey]).count == 1)
    }
  }

  @Test(arguments: [
    "", "\n", "\n\n", "text\n", "text\n\n", "text", SpecificationNote.text + SpecificationNote.line,
    "\n" + SpecificationNote.line, SpecificationNote.line, SpecificationNote.note + "\n",
    String(SpecificationNote.note.dropLast()),
    SpecificationNote.note.replacing("example message", with: "example\tmessage"),
    SpecificationNote.note.replacing("message.", with: "message.\r"),
    SpecificationNote.note.replacing("\n", with: "\r\n"),
    SpecificationNote.note.replacing("This", with: "Th\u{0}is"),
    SpecificationNote.note.replacing("This", with: "Th\u{1F}is"),
  ])
  func otherNotesAreRefused(note: String) {
    #expect(refusal { try SignedNote(utf8(note)) } == .malformedNote)
  }

  @Test(arguments: [
    "", "— ", "— a", "— a ", "— a AAAAAA==", "— a AAAAAAB=", "— a AAAAAAA", "— a  AAAAAAA=", "— a AAAAAAA= ",
    "-- a AAAAAAA=", "- a AAAAAAA=", "– a AAAAAAA=", "—a AAAAAAA=", " — a AAAAAAA=", "— a b AAAAAAA=", "— a AAAA_AA=",
    "—\u{A0}a AAAAAAA=", "— a AAAA AAA=", "junk",
  ])
  func otherSignatureLinesAreRefused(line: String) {
    #expect(refusal { try NoteSignature(line: utf8(line)) } == .malformedSignature)
    let note = SpecificationNote.note + line + "\n"
    #expect(refusal { try SignedNote(utf8(note)) } == (line.isEmpty ? .malformedNote : .malformedSignature))
  }

  @Test(arguments: ["—  AAAAAAA=", "— a+b AAAAAAA=", "— a\u{3000}b AAAAAAA=", "— a\u{A0} AAAAAAA="])
  func namesOnSignatureLinesFollowTheRules(line: String) {
    #expect(refusal { try NoteSignature(line: utf8(line)) } == .malformedName)
  }

  @Test func invalidUTF8IsRefusedAndABOMIsKept() throws {
    for bad in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
      #expect(refusal { try SignedNote(bad + utf8(SpecificationNote.note)) } == .malformedNote)
    }
    let key = try VerifierKey(text: SpecificationNote.key)
    let note = try SignedNote([0xEF, 0xBB, 0xBF] + utf8(SpecificationNote.note))
    #expect(note.text.starts(with: [0xEF, 0xBB, 0xBF]))
    #expect(refusal { try note.verify(keys: [key]) } == .invalidSignature, "the mark is part of what is signed")
  }

  @Test func oneNameAndIDSignsOnce() throws {
    let twice = SpecificationNote.note + SpecificationNote.line
    #expect(refusal { try SignedNote(utf8(twice)) } == .duplicateSignature)
    let line = try SignedNote(utf8(SpecificationNote.note)).signatures[0]
    let other = try NoteSignature(name: line.name, keyID: line.keyID, signature: [1])
    #expect(refusal { try SignedNote(text: [0x0A], signatures: [line, other]) } == .duplicateSignature)
    // Name or ID alone may repeat, and different bytes are different names.
    let apart = [
      line, try NoteSignature(name: line.name, keyID: 1, signature: [1]),
      try NoteSignature(name: NoteName("caf\u{E9}"), keyID: line.keyID, signature: [1]),
      try NoteSignature(name: NoteName("cafe\u{301}"), keyID: line.keyID, signature: [1]),
    ]
    #expect(try SignedNote(text: [0x0A], signatures: apart).signatures == apart)
  }

  @Test func limits() throws {
    let name = try NoteName("a")
    let hundred = try (0..<100).map { try NoteSignature(name: name, keyID: $0, signature: [1]) }
    let note = try SignedNote(text: utf8("text\n"), signatures: hundred)
    #expect(try SignedNote(note.bytes) == note)
    let more = try NoteSignature(name: name, keyID: 100, signature: [1])
    #expect(refusal { try SignedNote(text: utf8("text\n"), signatures: hundred + [more]) } == .noteTooLarge)
    #expect(refusal { try SignedNote(note.bytes + more.line) } == .noteTooLarge)
    let long = [UInt8](repeating: 0x61, count: SignedNote.maximumByteCount) + [0x0A]
    #expect(refusal { try SignedNote(text: long, signatures: [more]) } == .noteTooLarge)
    #expect(refusal { try SignedNote(long + [0x0A] + more.line) } == .noteTooLarge)
    #expect(refusal { try NoteSignature(name: name, keyID: 0, signature: []) } == .malformedSignature)
    #expect(refusal { try SignedNote(text: utf8("text\n"), signatures: []) } == .malformedNote)
    for text in ["", "text", "te\rxt\n", "te\u{7}xt\n"] {
      #expect(refusal { try SignedNote(text: utf8(text), signatures: [more]) } == .malformedNote)
    }
  }
}
