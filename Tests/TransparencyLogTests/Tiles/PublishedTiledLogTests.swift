import Foundation
import Testing
import TransparencyLog

/// The whole tiled log in the test data of transparency-dev/tessera: 15 entries, every size, all partials.
struct PublishedTiledLogTests {
  private static let key = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
  private static let words = [
    "one", "two", "three", "four", "five", "six", "seven", "eit", "nain", "ten", "ileven", "twelf", "threeten",
    "fourten", "fivten",
  ]

  @Test func rootsAndSignature() throws {
    let leaves = Self.words.map { Hash.leaf(utf8($0)) }
    #expect(MerkleTree.treeRoot(of: [leaves[0]]) == hash(base64: "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek="))
    let root = MerkleTree.treeRoot(of: leaves)
    #expect(root == hash(base64: "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs="))
    let text = try Checkpoint(origin: utf8("example.com/log/testdata"), size: 15, root: root).text
    let line = try NoteSignature(
      line: utf8(
        "— example.com/log/testdata "
          + "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI="))
    let note = try SignedNote(text: text, signatures: [line])
    #expect(try note.verify(keys: [VerifierKey(text: Self.key)]).count == 1)
  }

  @Test func bundleOfFifteen() throws {
    let bytes = try EntryBundle(Self.words.map(utf8)).bytes
    #expect(bytes.prefix(10).elementsEqual(hex("00036f6e65000374776f")))
    #expect(bytes.count == 99)
  }

  @Test func everyFile() throws {
    guard let folder = SharedData.folder("tessera/testdata/log") else { return }
    let policy = try Policy(text: utf8("log \(Self.key)\nquorum none\n"))
    var builder = TileBuilder()
    var roots: [Hash] = []
    for size in 0...15 {
      if size > 0 {
        #expect(builder.append(.leaf(utf8(Self.words[size - 1]))).isEmpty)
      }
      let bytes = try SharedData.bytes(folder.appendingPathComponent("checkpoint.\(size)"))
      let verified = try policy.verify(UnverifiedCheckpoint(bytes))
      #expect(verified.note.bytes == bytes)
      #expect(verified.checkpoint.size == UInt64(size))
      #expect(verified.checkpoint.root == builder.root)
      roots.append(builder.root)
      for tile in builder.partialTiles {
        #expect(try SharedData.bytes(folder.appendingPathComponent(tile.coordinate.path)) == tile.bytes)
      }
      for coordinate in EntryBundleSequence(treeSize: UInt64(size)) {
        let published = try SharedData.bytes(folder.appendingPathComponent(coordinate.path))
        let bundle = try EntryBundle(bytes: published, width: coordinate.width)
        #expect(bundle.entries.map(text) == Array(Self.words.prefix(size)))
        #expect(bundle.bytes == published)
      }
      try Self.checkProofs(in: folder, roots: roots)
    }
  }

  private static func checkProofs(in folder: URL, roots: [Hash]) throws {
    let size = UInt64(roots.count - 1)
    var source = TileHashSource(treeSize: size) { coordinate in
      try Tile(
        bytes: SharedData.bytes(folder.appendingPathComponent(coordinate.path)), width: coordinate.width)
    }
    for index in 0..<size {
      try source.inclusionProof(index: index).verify(leafHash: .leaf(utf8(words[Int(index)])), root: roots[Int(size)])
    }
    for older in 0...size {
      try source.consistencyProof(oldSize: older).verify(oldRoot: roots[Int(older)], newRoot: roots[Int(size)])
    }
  }

  @Test func noFileOfThePublishedLogIsUnknown() throws {
    guard let folder = SharedData.folder("tessera/testdata/log") else { return }
    var expected: Set<String> = []
    for size in 0...15 as ClosedRange<UInt64> {
      expected.formUnion(TileSequence(treeSize: size).map(\.path))
      expected.formUnion(EntryBundleSequence(treeSize: size).map(\.path))
    }
    let files = FileManager.default.enumerator(
      at: folder.appendingPathComponent("tile"), includingPropertiesForKeys: [.isRegularFileKey])
    var found: Set<String> = []
    for case let file as URL in files ?? .init()
    where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
      found.insert("tile/" + file.path.components(separatedBy: "/tile/").dropFirst().joined(separator: "/tile/"))
    }
    #expect(found == expected)
  }
}
