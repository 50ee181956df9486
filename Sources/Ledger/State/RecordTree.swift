internal import TransparencyLog

/// The records of one table with the stored part of their RFC 6962 tree.
///
/// Leaf i is the record i. Level k, index j names the subtree over the records
/// j·2^k ..< (j+1)·2^k. Only perfect subtrees of level 3 and above are stored, so the hashes cost
/// 32/8·2 = 8 bytes a record; what lies below, and the ragged right edge, is hashed again when
/// needed. A bucket is a subtree of level 3.
///
/// Writes only note the bucket they touched; `flush` then hashes each noted bucket and each parent
/// once.
@usableFromInline
struct RecordTree: Sendable {
  /// The level of the lowest stored hashes.
  static let lowestStored = 3
  /// Noted buckets beyond this number are hashed at once, so that a long run of writes without a
  /// root needs no more than 256 KiB for its notes.
  private static let noteLimit = 1 << 16

  @usableFromInline private(set) var records: PagedBytes
  private var levels: [PagedBytes] = []
  private var noted: [UInt32] = []
  private var knownRoot: Hash?

  init(stride: Int) {
    records = PagedBytes(stride: stride)
  }

  /// The tree over records that lie one behind the other in `bytes`; hashed.
  init(stride: Int, records bytes: RawSpan) {
    records = PagedBytes(stride: stride, records: bytes)
    _ = flush()
  }

  /// The tree over the records of several trees one behind the other, whose pages it shares.
  ///
  /// All are hashed, and all but the last have the same power of two of records, so that their subtrees are
  /// subtrees of the whole and only what lies above them is hashed.
  init(stride: Int, joining parts: [RecordTree]) {
    records = PagedBytes(stride: stride, joining: parts.map(\.records))
    for part in parts {
      precondition(part.knownRoot != nil)
      for (level, hashes) in part.levels.enumerated() {
        if level == levels.count { levels.append(PagedBytes(stride: Hash.byteCount)) }
        for index in 0..<hashes.count { hashes.withRecord(index) { levels[level].append($0) } }
      }
    }
    _ = flush()
  }

  /// The hash of the subtree over 2^level records from a multiple of that; the tree is flushed.
  func subtreeHash(level: Int, index: Int) -> Hash {
    precondition(knownRoot != nil && (index + 1) << level <= records.count)
    return perfectHash(level, index)
  }

  /// The root of the last flush, or `nil` after a write.
  var rootIfFlushed: Hash? { knownRoot }

  /// Whether nothing was written since the last flush.
  var isFlushed: Bool { knownRoot != nil }

  /// A new record's bytes, all zero, which the caller fills.
  @usableFromInline
  mutating func appendSlot() -> UnsafeMutableRawBufferPointer {
    precondition(records.count < UInt32.max)
    knownRoot = nil
    let slot = records.appendSlot()
    slot.initializeMemory(as: UInt8.self, repeating: 0)
    return slot
  }

  /// The bytes of a record, set to zero, which the caller fills.
  @usableFromInline
  mutating func replaceSlot(_ index: Int) -> UnsafeMutableRawBufferPointer {
    note(index >> RecordTree.lowestStored)
    let slot = records.mutableSlot(at: index)
    slot.initializeMemory(as: UInt8.self, repeating: 0)
    return slot
  }

  @usableFromInline
  mutating func removeLast() {
    knownRoot = nil
    records.removeLast()
    for level in levels.indices {
      let perfect = records.count >> (level + RecordTree.lowestStored)
      guard levels[level].count > perfect else { break }
      levels[level].removeLast()
    }
  }

  private mutating func note(_ bucket: Int) {
    knownRoot = nil
    // Buckets not stored yet are hashed by the next flush in any case.
    guard let stored = levels.first?.count, bucket < stored, noted.last != UInt32(bucket) else { return }
    if noted.count == RecordTree.noteLimit {
      flushLevels()
    }
    noted.append(UInt32(bucket))
  }

  /// The RFC 6962 root over all records; brings the stored hashes up to date.
  mutating func flush() -> Hash {
    if let knownRoot { return knownRoot }
    flushLevels()
    let root = records.count == 0 ? Hash.emptyRoot : edgeHash(from: 0)
    knownRoot = root
    return root
  }
}

extension RecordTree {
  private mutating func flushLevels() {
    noted.sort()
    for level in 0..<max(levels.count, storedLevels) {
      if level == levels.count {
        levels.append(PagedBytes(stride: Hash.byteCount))
      }
      refreshNoted(level)
      let perfect = records.count >> (level + RecordTree.lowestStored)
      while levels[level].count < perfect {
        let hash = freshHash(level, levels[level].count)
        withUnsafeBytes(of: hash) { levels[level].append($0.bytes) }
      }
    }
    noted.removeAll(keepingCapacity: true)
  }

  /// Levels that have at least one perfect subtree.
  private var storedLevels: Int {
    max(0, Int.bitWidth - records.count.leadingZeroBitCount - RecordTree.lowestStored)
  }

  /// Hashes the noted subtrees of a level again, and turns the notes into those of the next level.
  /// The notes are sorted, so equal parents follow each other.
  private mutating func refreshNoted(_ level: Int) {
    var kept = 0
    var last: UInt32?
    for position in noted.indices {
      let index = noted[position]
      guard index != last, Int(index) < levels[level].count else { continue }
      last = index
      let hash = freshHash(level, Int(index))
      withUnsafeBytes(of: hash) { levels[level].replace(Int(index), $0.bytes) }
      noted[kept] = index >> 1
      kept += 1
    }
    noted.removeSubrange(kept...)
  }

  /// The hash of a stored subtree, from the records or from the level below.
  private func freshHash(_ level: Int, _ index: Int) -> Hash {
    level == 0 ? bucketHash(index) : storedNode(level - 1, index)
  }

  private func bucketHash(_ bucket: Int) -> Hash {
    perfectHash(fromRecords: bucket << RecordTree.lowestStored, level: RecordTree.lowestStored)
  }

  private func storedNode(_ level: Int, _ parent: Int) -> Hash {
    // Both children lie in one page: a page holds an even number of them.
    let pair = levels[level].pointer(at: 2 * parent)
    return Hash.node(
      pair.load(as: Hash.self), (pair + Hash.byteCount).load(as: Hash.self))
  }

  /// The hash of 2^level records, level ≤ 3, that lie in one page.
  private func perfectHash(fromRecords first: Int, level: Int) -> Hash {
    let start = records.pointer(at: first)
    return hash(of: start, level: level)
  }

  private func hash(of start: UnsafeRawPointer, level: Int) -> Hash {
    if level == 0 {
      return Hash.leaf(UnsafeRawBufferPointer(start: start, count: records.stride).bytes)
    }
    let half = records.stride << (level - 1)
    return Hash.node(hash(of: start, level: level - 1), hash(of: start + half, level: level - 1))
  }

  /// The hash of a perfect subtree; the stored levels must be up to date.
  private func perfectHash(_ level: Int, _ index: Int) -> Hash {
    if level < RecordTree.lowestStored {
      return perfectHash(fromRecords: index << level, level: level)
    }
    return levels[level - RecordTree.lowestStored].pointer(at: index).load(as: Hash.self)
  }

  /// The RFC 6962 hash of the records from `start` to the end; `start` is a multiple of a power of
  /// two that is not below their number, and there is at least one.
  private func edgeHash(from start: Int) -> Hash {
    // The set bits of the number are the perfect subtrees from left to right; RFC 6962 joins them
    // from the right.
    var rest = records.count - start
    var end = records.count
    var hash: Hash?
    while rest > 0 {
      let level = rest.trailingZeroBitCount
      let subtree = perfectHash(level, (end >> level) - 1)
      hash = hash.map { Hash.node(subtree, $0) } ?? subtree
      end -= 1 << level
      rest &= rest - 1
    }
    return hash.unsafelyUnwrapped
  }

  /// The inclusion path (RFC 6962, 2.1.1) of a record in the tree of the last flush.
  func inclusionPath(_ record: Int) -> [Hash] {
    precondition(knownRoot != nil && record >= 0 && record < records.count)
    var path: [Hash] = []
    var level = 0
    // A subtree without a sibling is the right edge; RFC 6962 lifts it to the next level as it is.
    while (records.count - 1) >> level > 0 {
      let sibling = record >> level ^ 1
      if sibling <= (records.count - 1) >> level {
        let isPerfect = (sibling + 1) << level <= records.count
        path.append(isPerfect ? perfectHash(level, sibling) : edgeHash(from: sibling << level))
      }
      level += 1
    }
    return path
  }

  /// Whether every stored hash is that of the records below it; the tree must be flushed.
  func checkInvariants() -> Bool {
    guard knownRoot != nil, noted.isEmpty, records.checkInvariants() else { return false }
    for level in 0..<max(levels.count, storedLevels) {
      guard level < levels.count else { return false }
      guard levels[level].checkInvariants() else { return false }
      guard levels[level].count == records.count >> (level + RecordTree.lowestStored) else { return false }
      for index in 0..<levels[level].count {
        let stored = levels[level].pointer(at: index).load(as: Hash.self)
        guard stored == freshHash(level, index) else { return false }
      }
    }
    return records.count == 0 ? knownRoot == .emptyRoot : knownRoot == edgeHash(from: 0)
  }
}
