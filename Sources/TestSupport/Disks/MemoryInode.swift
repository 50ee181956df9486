/// A file of a disk in memory: as it is seen, as it is durable, and what lies between.
struct MemoryInode {
  enum Change {
    case write(at: Int, [UInt8])
    case resize(Int)
  }

  /// As programs see it.
  private(set) var seen: [UInt8] = []
  /// As it is on the disk.
  private(set) var durable: [UInt8] = []
  /// What the next sync writes.
  private var unsynced: [Change] = []

  static let sector = 512

  init() {}

  /// A durable file.
  init(durable bytes: [UInt8]) {
    seen = bytes
    durable = bytes
  }

  mutating func apply(_ change: Change) {
    Self.apply(change, to: &seen)
    unsynced.append(change)
  }

  mutating func sync() {
    for change in unsynced { Self.apply(change, to: &durable) }
    unsynced.removeAll()
  }

  /// The sync failed: some of it was written, and the rest counts as clean and is never tried again.
  mutating func failSync(random: inout SeededGenerator) {
    tear(random: &random)
    unsynced.removeAll()
  }

  mutating func crash(random: inout SeededGenerator) {
    tear(random: &random)
    unsynced.removeAll()
    seen = durable
  }

  /// Changes both sides alike, as a fault of the disk does.
  mutating func edit(_ change: (inout [UInt8]) -> Void) {
    change(&seen)
    change(&durable)
  }

  private mutating func tear(random: inout SeededGenerator) {
    // All, nothing, a beginning, or any sectors: the last is what a disk with a queue may do.
    let manner = Int.random(in: 0..<4, using: &random)
    let whole = Int.random(in: 0...unsynced.count, using: &random)
    for (place, change) in unsynced.enumerated() {
      switch manner {
      case 0: return
      case 1: Self.apply(change, to: &durable)
      case 2:
        guard place <= whole else { return }
        place < whole ? Self.apply(change, to: &durable) : tearOff(change, random: &random)
      default: scatter(change, random: &random)
      }
    }
  }

  private mutating func tearOff(_ change: Change, random: inout SeededGenerator) {
    guard case .write(let offset, let bytes) = change else { return }
    let kept = Int.random(in: 0...bytes.count, using: &random)
    Self.apply(.write(at: offset, Array(bytes.prefix(kept))), to: &durable)
  }

  private mutating func scatter(_ change: Change, random: inout SeededGenerator) {
    guard case .write(let offset, let bytes) = change else {
      if Bool.random(using: &random) { Self.apply(change, to: &durable) }
      return
    }
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, ((offset + start) / Self.sector + 1) * Self.sector - offset)
      if Bool.random(using: &random) {
        Self.apply(.write(at: offset + start, Array(bytes[start..<end])), to: &durable)
      }
      start = end
    }
  }

  private static func apply(_ change: Change, to bytes: inout [UInt8]) {
    switch change {
    case .resize(let count):
      if count < bytes.count { bytes.removeLast(bytes.count - count) }
      bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    case .write(let offset, let written):
      // A write of nothing does not make a file longer.
      guard !written.isEmpty else { return }
      let end = offset + written.count
      if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
      bytes.replaceSubrange(offset..<end, with: written)
    }
  }
}
