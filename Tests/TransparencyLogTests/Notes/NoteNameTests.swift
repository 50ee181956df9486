import Testing
import TransparencyLog

struct NoteNameTests {
  @Test(arguments: ["a", "example.com/foo", "go.sum", "同舟.example/log", "b\u{FEFF}om", "a/b:c—d"])
  func permitted(name: String) throws {
    #expect(try NoteName(name).bytes == utf8(name))
    #expect(try NoteName(name).description == name)
  }

  @Test(arguments: [
    "", "a b", "a+b", "+", " ", "a\n", "a\t", "a\r", "a\u{0B}", "a\u{0}", "a\u{1F}", "a\u{85}b", "a\u{A0}b",
    "a\u{1680}b", "a\u{2000}b", "a\u{200A}b", "a\u{2028}b", "a\u{2029}b", "a\u{202F}b", "a\u{205F}b", "a\u{3000}b",
  ])
  func refused(name: String) {
    #expect(refusal { try NoteName(name) } == .malformedName)
  }

  @Test func lengthIsCountedInBytes() {
    #expect(refusal { try NoteName(String(repeating: "a", count: 255)) } == nil)
    #expect(refusal { try NoteName(String(repeating: "a", count: 256)) } == .malformedName)
    #expect(refusal { try NoteName(String(repeating: "舟", count: 86)) } == .malformedName)
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
  func invalidUTF8IsRefused(bytes: [UInt8]) {
    #expect(refusal { try NoteName(bytes) } == .malformedName)
  }

  @Test func comparedAsBytes() throws {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed, "the trap: String takes both for the same")
    #expect(try NoteName(composed) != NoteName(decomposed))
    #expect(Set([try NoteName(composed), try NoteName(decomposed)]).count == 2)
  }
}
