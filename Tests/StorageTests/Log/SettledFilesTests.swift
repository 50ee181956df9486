import Testing

@testable import Storage

@Suite("Files of a log that change no more")
struct SettledFilesTests {
  @Test(
    "are full tiles and bundles below the log's end",
    arguments: [
      ("tile/entries/000", 256), ("tile/entries/001", 512), ("tile/0/000", 256), ("tile/0/003", 1024),
      ("tile/1/000", 65_536), ("tile/1/001", 131_072),
    ] as [(String, UInt64)])
  func full(file: String, from size: UInt64) {
    #expect(!LogDirectory.isSettled(file, size: size - 1))
    #expect(LogDirectory.isSettled(file, size: size))
    #expect(LogDirectory.isSettled(file, size: .max))
  }

  @Test(
    "are neither partial ones nor anything else",
    arguments: ["tile/0/000.p/255", "tile/entries/000.p/1", "checkpoint", "policy/1", "", "tile/0/0", "tile/99/000"])
  func others(file: String) {
    #expect(!LogDirectory.isSettled(file, size: 1_000_000))
  }
}
