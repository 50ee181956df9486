import Foundation

@testable import Ledger
@testable import TransparencyLog

extension FuzzTarget {
  /// The decoders of `TransparencyLog`.
  static let logTargets: [FuzzTarget] = [
    .exact("signed-note", seeds: { [try FuzzLog.shared().checkpoint.bytes] }) {
      try SignedNote($0)
    } write: {
      $0.bytes
    },
    FuzzTarget("checkpoint", seeds: { [try FuzzLog.shared().checkpoint.bytes] }) { bytes in
      guard let read = try? UnverifiedCheckpoint(bytes) else { return false }
      try hold(read.bytes == bytes && read.checkpoint.text == read.note.text, "a checkpoint is written as other bytes")
      let log = try FuzzLog.shared()
      // Nobody signed anything else.
      if let verified = try? log.policy.verify(read) {
        try hold(verified.checkpoint == log.checkpoint.checkpoint, "a checkpoint verifies that nobody signed")
      }
      return true
    },
    .exact("verifier-key", maximumBytes: 512, seeds: { try FuzzLog.shared().policy.keys.map(\.text) }) {
      try VerifierKey(text: $0)
    } write: {
      $0.text
    },
    .same("policy", seeds: { [try FuzzLog.shared().policy.text] }) {
      try Policy(text: $0)
    } write: {
      $0.text
    },
    .exact("tlog-proof", seeds: tlogProofs) {
      try TlogProof($0)
    } write: {
      $0.bytes
    },
    .exact("entry-bundle", maximumBytes: 20_000, seeds: bundles) { bytes in
      let bundle = try EntryBundle(bytes: Array(bytes.dropFirst()), width: Int(bytes.first ?? 0) + 1)
      _ = bundle.leafHashes
      return bundle
    } write: {
      [UInt8($0.width - 1)] + $0.bytes
    },
    .exact("tile", maximumBytes: 8_193, seeds: { [tileSeed(1), tileSeed(7), tileSeed(256)] }) { bytes in
      let tile = try Tile(bytes: Array(bytes.dropFirst()), width: Int(bytes.first ?? 0) + 1)
      for height in 0...8 { _ = tile.root(height: height, index: 0) }
      return tile
    } write: {
      [UInt8($0.width - 1)] + $0.bytes
    },
    FuzzTarget("tile-path", maximumBytes: 80, seeds: paths) { bytes in
      if let tile = try? TileCoordinate(path: bytes) {
        try hold(Array(tile.path.utf8) == bytes, "a tile's path is written otherwise")
      } else if let bundle = try? EntryBundleCoordinate(path: bytes) {
        try hold(Array(bundle.path.utf8) == bytes, "a bundle's path is written otherwise")
        try hold(bundle.entries.count == bundle.width, "a bundle holds another number of entries")
      } else {
        return false
      }
      return true
    },
    FuzzTarget(
      "base-sixtyfour", maximumBytes: 200, seeds: { ["", "AAECAw==", "/+8=", "dG9uZ3pob3U="].map { Array($0.utf8) } }
    ) {
      bytes in
      // The library of the system, which takes more forms than one, decides which form is the one.
      let theirs = Data(base64Encoded: Data(bytes)).flatMap { Array($0.base64EncodedData()) == bytes ? $0 : nil }
      let ours = Base64.decode(bytes)
      try hold(ours == theirs.map { Array($0) }, "base64 is read otherwise than by Foundation")
      guard let ours else { return false }
      try hold(Base64.encode(ours) == bytes, "base64 is written otherwise")
      return true
    },
    .exact("decimal", maximumBytes: 40, seeds: { ["0", "7", "18446744073709551615"].map { Array($0.utf8) } }) { bytes in
      guard let number = DecimalText.decode(bytes) else { throw Unreadable() }
      return number
    } write: {
      DecimalText.encode($0)
    },
    FuzzTarget("hash-text", maximumBytes: 80, seeds: { [Array(Hash.sha256([1]).description.utf8)] }) { bytes in
      guard let hash = Hash(hexadecimal: String(decoding: bytes, as: UTF8.self)) else { return false }
      try hold(Array(hash.description.utf8) == bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, "another hash")
      return true
    },
    .exact("cosignature", maximumBytes: 100, seeds: { [[UInt8](repeating: 1, count: 72)] }) { bytes in
      guard let read = Cosignature(blob: bytes) else { throw Unreadable() }
      return read
    } write: {
      $0.blob
    },
    FuzzTarget("inclusion-proof", maximumBytes: 3_000, seeds: inclusionProofs, check: inclusion),
    FuzzTarget("consistency-proof", maximumBytes: 3_000, seeds: consistencyProofs, check: consistency),
  ]

  private static func tlogProofs() throws -> [[UInt8]] {
    let log = try FuzzLog.shared()
    let path = try InclusionProof.build(index: 3, leaves: log.entries.map { Hash.leaf($0) }).path
    return try [nil, [1, 2, 3]].map { try TlogProof(index: 3, path: path, extra: $0, checkpoint: log.checkpoint).bytes }
  }

  private static func bundles() throws -> [[UInt8]] {
    let entries = try FuzzLog.shared().entries
    return try [1, 3, 12].map { [UInt8($0 - 1)] + (try EntryBundle(Array(entries.prefix($0))).bytes) }
  }

  private static func tileSeed(_ width: Int) -> [UInt8] {
    [UInt8(width - 1)] + (0..<width).flatMap { Hash.sha256([UInt8($0)]).bytes }
  }

  private static func paths() -> [[UInt8]] {
    [
      "tile/0/000", "tile/1/x001/234.p/5", "tile/63/x036/x028/x797/x018/x963/967", "tile/entries/000.p/255",
      "tile/entries/x001/x234/067",
    ].map { Array($0.utf8) }
  }

  // Two numbers of eight bytes, then hashes.

  private static func numbers(_ first: UInt64, _ second: UInt64) -> [UInt8] {
    [first, second].flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
  }

  private static func parts(_ bytes: [UInt8]) -> (UInt64, UInt64, [Hash])? {
    guard bytes.count >= 16 + 64 else { return nil }
    let number = { (place: Int) in bytes[place..<(place + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
    let hashes = stride(from: 16, through: bytes.count - 32, by: 32).compactMap { Hash(bytes[$0..<($0 + 32)]) }
    return (number(0), number(8), hashes)
  }

  private static let leaves = (0..<13).map { Hash.leaf([UInt8($0)]) }

  private static func inclusionProofs() throws -> [[UInt8]] {
    try [0, 7, 12].map { (index: UInt64) in
      let path = try InclusionProof.build(index: index, leaves: leaves).path
      let head = [leaves[Int(index)], MerkleTree.treeRoot(of: leaves)]
      return numbers(index, UInt64(leaves.count)) + (head + path).flatMap(\.bytes)
    }
  }

  private static func inclusion(_ bytes: [UInt8]) throws -> Bool {
    guard let (index, size, hashes) = parts(bytes) else { return false }
    let (leaf, root, path) = (hashes[0], hashes[1], Array(hashes[2...]))
    let proof = InclusionProof(index: index, size: size, path: path)
    let folded = FoldedPath(leafHash: leaf, index: index, path: path)
    let slow = Result { try InclusionProof.rootFromInclusion(leafHash: leaf, index: index, size: size, path: path) }
    let quick = Result { try folded.root(size: size) }
    try hold((try? slow.get()) == (try? quick.get()), "a folded path leads to another root")
    let verifies = reads { try proof.verify(leafHash: leaf, root: root) }
    try hold(verifies == ((try? slow.get()) == root), "a proof verifies for another root than its own")
    let isOurs = root == MerkleTree.treeRoot(of: leaves) && size == leaves.count
    if verifies, isOurs { try hold(leaves[Int(index)] == leaf, "a leaf is proven that is not there") }
    return verifies
  }

  private static func consistencyProofs() throws -> [[UInt8]] {
    try [1, 8, 11].map { (old: UInt64) in
      let path = try ConsistencyProof.build(oldSize: old, leaves: leaves).path
      let head = [MerkleTree.treeRoot(of: Array(leaves.prefix(Int(old)))), MerkleTree.treeRoot(of: leaves)]
      return numbers(old, UInt64(leaves.count)) + (head + path).flatMap(\.bytes)
    }
  }

  private static func consistency(_ bytes: [UInt8]) throws -> Bool {
    guard let (old, new, hashes) = parts(bytes) else { return false }
    let proof = ConsistencyProof(oldSize: old, newSize: new, path: Array(hashes[2...]))
    guard reads({ try proof.verify(oldRoot: hashes[0], newRoot: hashes[1]) }) else { return false }
    if hashes[1] == MerkleTree.treeRoot(of: leaves), new == leaves.count {
      try hold(
        hashes[0] == MerkleTree.treeRoot(of: Array(leaves.prefix(Int(old)))), "a tree grew out of one it never was")
    }
    return true
  }
}

/// For readers that say `nil`.
struct Unreadable: Error {}
