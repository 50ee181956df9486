import Storage
import TestSupport
import Testing
import TransparencyLog

/// Every kind of damage to every file of a log.
struct LogFsckTests {
  private let log: GrowingLog
  private let disk = MemoryDisk(seed: 1)
  private let files: [String: [UInt8]]

  init() throws {
    log = try GrowingLog(seed: 21, counts: [40, 500, 100, 33])
    try log.write(to: disk)
    files = GrowingLog.files(on: disk)
  }

  private func path(_ file: String) -> String { GrowingLog.directory + "/" + file }

  private func fsck(_ disk: MemoryDisk) -> LogFsck { LogFsck(GrowingLog.directory, disk: disk) }

  /// Bundles that the checkpoint needs: nothing here can make them again.
  private var bundles: [String] { EntryBundleSequence(treeSize: 673).map(\.path) }

  /// Partial files of sizes that have passed.
  private var superseded: [String] {
    ["tile/0/002.p/28", "tile/0/002.p/128", "tile/entries/002.p/28", "tile/entries/002.p/128"]
  }

  @Test("a sound log has no findings, also after repairing what needs no repair")
  func sound() throws {
    #expect(Set(superseded).isSubset(of: files.keys))
    for repair in [false, true] {
      let before = disk.calls
      let report = try fsck(disk).run(repair: repair, removeStrange: repair)
      #expect(report.isGood && report.findings == [] && report.leadsToRoot)
      #expect(report.size == 673)
      #expect(report.files == files.count)
      #expect(disk.calls == before)
    }
  }

  @Test("a damaged, shortened, lengthened or removed file is named; tiles come back as they were, bundles do not")
  func single() throws {
    let damages: [(String, (inout [UInt8]) -> Void)] = [
      ("flipped", { $0[$0.count / 2] ^= 4 }), ("shortened", { $0.removeLast() }), ("lengthened", { $0.append(0) }),
      ("empty", { $0.removeAll() }),
    ]
    for file in files.keys.sorted() where file.hasPrefix("tile/") {
      for (name, damage) in damages {
        let other = disk.copy(seed: 1)
        other.edit(path(file), damage)
        try expectRepair(of: file, on: other, .damaged, "\(file) \(name)")
      }
      if superseded.contains(file) { continue }
      let other = disk.copy(seed: 1)
      try other.remove(path(file))
      try expectRepair(of: file, on: other, .missing, "\(file) removed")
    }
  }

  private func expectRepair(
    of file: String, on other: MemoryDisk, _ kind: LogFinding.Kind, _ comment: Comment
  ) throws {
    let seen = try fsck(other).run()
    #expect(seen.findings.map(\.path) == [file], comment)
    #expect(seen.findings.first?.kind == kind, comment)
    #expect(!seen.isGood, comment)
    #expect(seen.leadsToRoot, comment)
    let mended = try fsck(other).run(repair: true)
    #expect(mended.findings.map(\.path) == [file], comment)
    let isLost = bundles.contains(file)
    #expect(mended.isGood == !isLost, comment)
    #expect((GrowingLog.files(on: other) == files) == !isLost, comment)
    #expect(try fsck(other).run().isGood == !isLost, comment)
  }

  @Test("whatever tiles are lost or damaged, they are rebuilt from the bundles")
  func manyTiles() throws {
    let tiles = files.keys.filter { $0.hasPrefix("tile/") && !$0.hasPrefix("tile/entries") }.sorted()
    for seed in UInt64(0)..<200 {
      var random = SeededGenerator(seed: seed)
      let other = disk.copy(seed: seed)
      var hit: Set<String> = []
      for tile in tiles where Bool.random(using: &random) {
        hit.insert(tile)
        if Bool.random(using: &random), !superseded.contains(tile) {
          try other.remove(path(tile))
        } else {
          other.flip(path(tile), byte: Int.random(in: 0..<32, using: &random), bit: 1)
        }
      }
      let report = try fsck(other).run(repair: true)
      #expect(report.isGood, "seed \(seed): \(report.findings)")
      #expect(Set(report.findings.map(\.path)).isSuperset(of: hit), "seed \(seed)")
      #expect(GrowingLog.files(on: other) == files, "seed \(seed)")
    }
  }

  @Test("damage of any kind anywhere never makes a good file a bad one, and nothing bad is called good")
  func anything() throws {
    let names = files.keys.filter { $0.hasPrefix("tile/") && !superseded.contains($0) }.sorted()
    for seed in UInt64(0)..<400 {
      var random = SeededGenerator(seed: seed)
      let other = disk.copy(seed: seed)
      var hit: Set<String> = []
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        guard let name = names.randomElement(using: &random) else { continue }
        hit.insert(name)
        if Bool.random(using: &random) {
          try other.remove(path(name))
        } else {
          other.edit(path(name)) { if !$0.isEmpty { $0[Int.random(in: 0..<$0.count, using: &random)] ^= 16 } }
        }
      }
      let isHurt = GrowingLog.files(on: other) != files
      #expect(try fsck(other).run().isGood == !isHurt, "seed \(seed)")
      let report = try fsck(other).run(repair: true)
      let after = GrowingLog.files(on: other)
      for name in files.keys where !hit.contains(name) { #expect(after[name] == files[name], "seed \(seed): \(name)") }
      #expect(report.isGood == (after == files), "seed \(seed): \(report.findings)")
      if hit.isDisjoint(with: bundles) { #expect(report.isGood, "seed \(seed): \(report.findings)") }
    }
  }

  @Test("files that no log of this size has are named, and removed only when asked")
  func strange() throws {
    let strange = [
      "checkpoint.tmp", "tile/0/002.p/200", "tile/0/003", "tile/entries/x001/000", "tile/9/000", "tile/entries/00",
      "tile/0/000.p/256", "notes.txt", "policy/01", "policy/x", "tile/1/000.p/3", "tile/2/000.p/1",
    ]
    for file in strange {
      try disk.makeDirectory(PosixDisk.directory(of: path(file)))
      try disk.replace(path(file), with: [1, 2, 3])
    }
    let seen = try fsck(disk).run(repair: true)
    #expect(Set(seen.findings.map(\.path)) == Set(strange))
    #expect(seen.findings.allSatisfy { $0.kind == .strange && !$0.isRepaired })
    #expect(!seen.isGood && seen.leadsToRoot)
    let mended = try fsck(disk).run(removeStrange: true)
    #expect(mended.isGood)
    #expect(GrowingLog.files(on: disk) == files)
  }

  @Test("a checkpoint that is gone, unreadable, of another size or root makes no file be touched")
  func checkpoint() throws {
    let other = try GrowingLog(seed: 22, counts: [40, 500, 100, 33])
    for (name, bytes) in [
      ("gone", nil), ("unreadable", [1, 2, 3]), ("another root", try other.checkpoint(size: 673)),
      ("smaller", try log.checkpoint(size: 40)), ("larger", nil),
    ] as [(String, [UInt8]?)] {
      let copy = disk.copy(seed: 1)
      let checkpoint = path("checkpoint")
      if name == "larger" {
        let root = MerkleTree.treeRoot(of: [])
        let text = try Checkpoint(origin: Array("example.org/log".utf8), size: 900, root: root)
        let signer = try NoteSigner(name: NoteName("example.org/log"), seed: [UInt8](repeating: 1, count: 32))
        try copy.replace(checkpoint, with: UnverifiedCheckpoint(signing: text, by: [signer]).bytes)
      } else if let bytes {
        try copy.replace(checkpoint, with: bytes)
      } else {
        try copy.remove(checkpoint)
      }
      copy.flip(path("tile/0/000"), byte: 3, bit: 3)
      let before = copy.contents
      let report = try fsck(copy).run(repair: true)
      #expect(!report.isGood, "\(name)")
      #expect(report.findings.map(\.path).contains("tile/0/000"), "\(name): \(report.findings)")
      // A smaller checkpoint with a good root gets the partial files it needs, cut from the full ones.
      let after = copy.contents
      #expect(name == "smaller" ? after.count == before.count + 2 : after.count == before.count, "\(name)")
      #expect(before.allSatisfy { after[$0.key] == $0.value }, "\(name)")
    }
  }

  @Test("an empty log is sound with its checkpoint, and has no sound one without")
  func empty() throws {
    let empty = try GrowingLog(seed: 1, counts: [0])
    let other = MemoryDisk(seed: 1)
    try empty.write(to: other)
    #expect(try fsck(other).run().isGood)
    try other.remove(path("checkpoint"))
    #expect(try fsck(other).run().findings.map(\.kind) == [.missing])
    #expect(throws: StorageError(.inputOutput, "")) { try LogFsck("nowhere", disk: other).run() }
  }

  @Test("in a log of many levels a lost bundle with its tile is named, and everything else still checked")
  func levels() throws {
    let large = try GrowingLog(seed: 23, counts: [66_000])
    let other = MemoryDisk(seed: 1)
    try large.write(to: other)
    let whole = GrowingLog.files(on: other)
    let lost = ["tile/0/100", "tile/entries/100"]
    let mendable = ["tile/0/255", "tile/2/000.p/1", "tile/1/001.p/1", "tile/0/007"]
    for file in lost { try other.remove(path(file)) }
    for file in mendable { other.flip(path(file), byte: 0, bit: 0) }
    // The upper tiles are what proves the hash that stands for the lost ones, so the top ones stay for now.
    let blind = try fsck(other).run(repair: true)
    #expect(!blind.leadsToRoot)
    #expect(Set(blind.findings.map(\.path)).isSuperset(of: lost))
    for file in ["tile/2/000.p/1", "tile/1/001.p/1"] { other.flip(path(file), byte: 0, bit: 0) }
    let report = try fsck(other).run(repair: true)
    #expect(report.leadsToRoot && !report.isGood)
    #expect(Set(report.findings.filter { !$0.isRepaired }.map(\.path)) == Set(lost))
    #expect(GrowingLog.files(on: other) == whole.filter { !lost.contains($0.key) })
    for file in lost { try other.replace(path(file), with: whole[file] ?? []) }
    #expect(try fsck(other).run().isGood)
  }
}
