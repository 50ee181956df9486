/// A vector of records of one fixed length, kept in pages that copies share.
///
/// A copy costs one reference. A write after a copy copies the touched page (about 4 KiB) and the
/// directories above it, and nothing else. A page holds a power of two of records, at least eight,
/// in one exact allocation; so memory grows by a page at a time and never doubles.
///
/// Indexes out of range are mistakes of the caller and stop the program.
///
/// Sendable although it holds references: a block that more than one vector can reach is never
/// written to (`uniquePage` copies it first), and a block that one vector alone can reach is
/// guarded by Swift's exclusive access to that vector.
public struct PagedBytes: @unchecked Sendable {
  /// The length of a record in bytes.
  public let stride: Int
  /// The number of records.
  public private(set) var count = 0

  @usableFromInline let pageShift: Int
  private var root: PageBlock?
  private var rootHeight = 0

  /// An empty vector of records of `stride` bytes (1 or more).
  public init(stride: Int) {
    precondition(stride > 0)
    self.stride = stride
    let fitting = max(4096 / stride, 8)
    pageShift = Int.bitWidth - 1 - fitting.leadingZeroBitCount
  }

  /// A vector from its pages, in order; all but the last are full.
  init(stride: Int, count: Int, pages: [PageBlock]) {
    self.init(stride: stride)
    self.count = count
    var level = pages
    while level.count > 1 {
      rootHeight += 1
      level = PageBlock.directories(over: level, height: rootHeight)
    }
    root = level.first
  }

  /// Adds a record of exactly `stride` bytes at the end.
  public mutating func append(_ record: RawSpan) {
    precondition(record.byteCount == stride)
    let slot = appendSlot()
    record.withUnsafeBytes { slot.copyMemory(from: $0) }
  }

  /// Calls `body` with the bytes of record `index`.
  @inlinable
  public func withRecord<R, E: Error>(_ index: Int, _ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: pointer(at: index), count: stride).bytes)
  }

  /// Overwrites record `index` with exactly `stride` bytes.
  public mutating func replace(_ index: Int, _ record: RawSpan) {
    precondition(record.byteCount == stride)
    let slot = mutableSlot(at: index)
    record.withUnsafeBytes { slot.copyMemory(from: $0) }
  }

  /// Calls `body` with the bytes of record `index`, which it may change in place.
  @inlinable
  public mutating func withMutableRecord<R, E: Error>(
    _ index: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try body(mutableSlot(at: index))
  }

  /// Removes the last record.
  public mutating func removeLast() {
    precondition(count > 0)
    count -= 1
    if count & (pageRecords - 1) == 0 {
      removeLastPage(count >> pageShift)
    }
  }
}

extension PagedBytes {
  /// Records in a page.
  @usableFromInline var pageRecords: Int { 1 << pageShift }

  var pageByteCount: Int { (stride << pageShift + 7) & ~7 }

  /// The bytes of record `index`, and of the records after it in its page. Valid until the next
  /// change of this vector, as long as the vector is alive.
  @usableFromInline
  func pointer(at index: Int) -> UnsafeRawPointer {
    precondition(index >= 0 && index < count)
    let page = index >> pageShift
    var block = Unmanaged.passUnretained(root.unsafelyUnwrapped)
    var shift = rootHeight * PageBlock.fanoutShift
    while shift > 0 {
      shift -= PageBlock.fanoutShift
      let digit = page >> shift & (PageBlock.fanout - 1)
      // Unmanaged: counting references up and down at each step costs more than the step.
      block = block._withUnsafeGuaranteedRef {
        $0.bytes.load(fromByteOffset: digit * 8, as: Unmanaged<PageBlock>.self)
      }
    }
    return block._withUnsafeGuaranteedRef {
      UnsafeRawPointer($0.bytes + (index & (pageRecords - 1)) * stride)
    }
  }

  /// The bytes of record `index` in a page that no copy shares.
  @usableFromInline
  mutating func mutableSlot(at index: Int) -> UnsafeMutableRawBufferPointer {
    precondition(index >= 0 && index < count)
    let bytes = uniquePage(index >> pageShift) + (index & (pageRecords - 1)) * stride
    return UnsafeMutableRawBufferPointer(start: bytes, count: stride)
  }

  /// Adds a record whose bytes the caller must fill, all of them, before anything else.
  @usableFromInline
  mutating func appendSlot() -> UnsafeMutableRawBufferPointer {
    if count & (pageRecords - 1) == 0 {
      addPage(count >> pageShift)
    }
    count += 1
    return mutableSlot(at: count - 1)
  }

  /// The bytes of a page that no copy shares; copies the shared blocks on the way to it.
  private mutating func uniquePage(_ page: Int) -> UnsafeMutableRawPointer {
    if !isKnownUniquelyReferenced(&root) {
      root = root.unsafelyUnwrapped.copied(pageByteCount: pageByteCount)
    }
    var block = Unmanaged.passUnretained(root.unsafelyUnwrapped)
    var shift = rootHeight * PageBlock.fanoutShift
    while shift > 0 {
      shift -= PageBlock.fanoutShift
      let slot = block._withUnsafeGuaranteedRef { $0.children } + (page >> shift & (PageBlock.fanout - 1))
      if !isKnownUniquelyReferenced(&slot.pointee) {
        slot.pointee = slot.pointee.unsafelyUnwrapped.copied(pageByteCount: pageByteCount)
      }
      block = Unmanaged.passUnretained(slot.pointee.unsafelyUnwrapped)
    }
    return block._withUnsafeGuaranteedRef { $0.bytes }
  }

  private mutating func addPage(_ page: Int) {
    guard root != nil else {
      root = PageBlock.page(byteCount: pageByteCount)
      return
    }
    if page == 1 << (rootHeight * PageBlock.fanoutShift) {
      rootHeight += 1
      let directory = PageBlock.directory(height: rootHeight)
      directory.children[0] = root
      root = directory
    }
    setPage(page, to: PageBlock.page(byteCount: pageByteCount))
  }

  private mutating func removeLastPage(_ page: Int) {
    guard page > 0 else {
      root = nil
      return
    }
    setPage(page, to: nil)
    if page == 1 << ((rootHeight - 1) * PageBlock.fanoutShift) {
      root = root.unsafelyUnwrapped.children[0]
      rootHeight -= 1
    }
  }

  /// Puts the last page into its directory, or takes it out together with the directories that
  /// hold nothing else.
  private mutating func setPage(_ page: Int, to content: PageBlock?) {
    if !isKnownUniquelyReferenced(&root) {
      root = root.unsafelyUnwrapped.copied(pageByteCount: pageByteCount)
    }
    var directory = root.unsafelyUnwrapped
    var height = rootHeight
    while true {
      height -= 1
      let shift = height * PageBlock.fanoutShift
      let slot = directory.children + (page >> shift & (PageBlock.fanout - 1))
      if height == 0 {
        slot.pointee = content
        return
      }
      let isFirstBelow = page & ((1 << shift) - 1) == 0
      if isFirstBelow {
        guard content != nil else {
          slot.pointee = nil
          return
        }
        slot.pointee = PageBlock.directory(height: height)
      } else if !isKnownUniquelyReferenced(&slot.pointee) {
        slot.pointee = slot.pointee.unsafelyUnwrapped.copied(pageByteCount: pageByteCount)
      }
      directory = slot.pointee.unsafelyUnwrapped
    }
  }

  /// Calls `body` with every page, in order.
  func forEachPage(_ body: (PageBlock) -> Void) {
    if let root { PagedBytes.visit(root, body) }
  }

  private static func visit(_ block: PageBlock, _ body: (PageBlock) -> Void) {
    guard block.header.height > 0 else { return body(block) }
    for place in 0..<PageBlock.fanout {
      guard let child = block.children[place] else { return }
      visit(child, body)
    }
  }

  /// Whether the directories hold exactly the pages that `count` records need.
  public func checkInvariants() -> Bool {
    let pages = (count + pageRecords - 1) >> pageShift
    guard let root else { return count == 0 && rootHeight == 0 }
    guard pages > 0, pages <= 1 << (rootHeight * PageBlock.fanoutShift) else { return false }
    guard rootHeight == 0 || pages > 1 << ((rootHeight - 1) * PageBlock.fanoutShift) else { return false }
    return PagedBytes.holds(root, height: rootHeight, pages: pages)
  }

  private static func holds(_ block: PageBlock, height: Int, pages: Int) -> Bool {
    guard block.header.height == height else { return false }
    guard height > 0 else { return pages == 1 }
    let below = 1 << ((height - 1) * PageBlock.fanoutShift)
    for child in 0..<PageBlock.fanout {
      let expected = min(max(pages - child * below, 0), below)
      switch block.children[child] {
      case nil: guard expected == 0 else { return false }
      case let lower?: guard expected > 0, holds(lower, height: height - 1, pages: expected) else { return false }
      }
    }
    return true
  }
}
