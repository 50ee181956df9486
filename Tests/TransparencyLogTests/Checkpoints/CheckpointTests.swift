import Testing
import TransparencyLog

struct CheckpointTests {
  private static let emptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
  private static let root = "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro="

  @Test func text() throws {
    let checkpoint = try Checkpoint(origin: utf8("example.com/log"), size: 7, root: hash(base64: Self.root))
    #expect(checkpoint.text == utf8("example.com/log\n7\n\(Self.root)\n"))
    #expect(try Checkpoint(text: checkpoint.text) == checkpoint)
    #expect(checkpoint.extensions.isEmpty)
    let empty = try Checkpoint(origin: utf8("a b+c"), size: 0, root: .emptyRoot)
    #expect(empty.text == utf8("a b+c\n0\n\(Self.emptyRoot)\n"))
    #expect(try Checkpoint(text: empty.text) == empty)
  }

  @Test func extensionLinesAreKept() throws {
    let text = utf8("a\n7\n\(Self.root)\nmore\nand more\n")
    let checkpoint = try Checkpoint(text: text)
    #expect(checkpoint.extensions == [utf8("more"), utf8("and more")])
    #expect(checkpoint.text == text)
  }

  @Test(arguments: [
    "", "a\n", "a\n7\n", "a\n7\n\(root)", "\n7\n\(root)\n", "a\n\n\(root)\n", "a\n7\n\n", "a\n7\n\(root)\n\n",
    "a\n7\n\(root)\n\nmore\n", "a\n7\n\n\(root)\n", "\na\n7\n\(root)\n", "a\r\n7\r\n\(root)\r\n",
    "a\n7\n\(root)\nm\tore\n",
    "a\u{0}\n7\n\(root)\n",
  ])
  func otherLinesAreRefused(text: String) {
    #expect(refusal { try Checkpoint(text: utf8(text)) } == .malformedCheckpoint)
  }

  @Test(arguments: [
    "+7", "-7", "07", "007", "-0", " 7", "7 ", "7.", "0x7", "９", "9223372036854775808", "18446744073709551616",
  ])
  func otherSizesAreRefused(size: String) {
    #expect(refusal { try Checkpoint(text: utf8("a\n\(size)\n\(Self.root)\n")) } == .malformedCheckpoint)
  }

  @Test func largestSize() throws {
    let text = utf8("a\n9223372036854775807\n\(Self.root)\n")
    #expect(try Checkpoint(text: text).size == MerkleTree.maximumSize)
    #expect(
      refusal { try Checkpoint(origin: utf8("a"), size: MerkleTree.maximumSize + 1, root: .zero) }
        == .malformedCheckpoint)
  }

  @Test(arguments: [
    "", "U7WM", "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro", "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Rp=",
    "U7WM79jrzyhGZ5_GUBTpM7NzwdyfFx61t3RovgcC4Ro=", "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Roo",
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro= ", "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4RoAAAA=",
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Q==",
  ])
  func otherRootsAreRefused(root: String) {
    #expect(refusal { try Checkpoint(text: utf8("a\n7\n\(root)\n")) } == .malformedCheckpoint)
  }

  @Test func sizeZeroHasTheEmptyRoot() {
    #expect(refusal { try Checkpoint(text: utf8("a\n0\n\(Self.root)\n")) } == .malformedCheckpoint)
    #expect(refusal { try Checkpoint(text: utf8("a\n0\n\(Self.emptyRoot)\n")) } == nil)
    #expect(refusal { try Checkpoint(origin: utf8("a"), size: 0, root: .zero) } == .malformedCheckpoint)
  }

  @Test func originsAreOneLineAndCompareAsBytes() throws {
    for origin in [[], utf8("a\n"), utf8("a\nb"), utf8("a\t"), [0xFF]] {
      #expect(refusal { try Checkpoint(origin: origin, size: 1, root: .zero) } == .malformedCheckpoint)
    }
    let composed = try Checkpoint(origin: utf8("\u{E9}"), size: 1, root: .zero)
    let decomposed = try Checkpoint(origin: utf8("e\u{301}"), size: 1, root: .zero)
    #expect(composed != decomposed)
  }

  @Test func invalidUTF8InAnExtensionIsRefused() {
    let text = utf8("a\n7\n\(Self.root)\n") + [0xC3, 0x0A]
    #expect(refusal { try Checkpoint(text: text) } == .malformedCheckpoint)
  }
}
