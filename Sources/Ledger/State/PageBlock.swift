/// What a block is: a page of records (height 0) or a directory of blocks one step lower.
@usableFromInline
struct PageBlockHeader {
  let height: Int
}

/// One allocation of a `PagedBytes`: a page of records, or a directory of lower blocks.
///
/// Pages and directories are one class, so that a tree of them needs no casts. The words of a page
/// are record bytes; the words of a directory are strong references or `nil`.
@usableFromInline
final class PageBlock: ManagedBuffer<PageBlockHeader, UInt64> {
  /// Binary logarithm of the number of children of a directory.
  ///
  /// A first write after a copy retains every child on its path. With 32 children that is a few
  /// hundred bytes for each level, and a read still needs only five steps for 75 million records.
  static let fanoutShift = 5
  static let fanout = 1 << fanoutShift

  deinit {
    withUnsafeMutablePointers { header, words in
      guard header.pointee.height > 0 else { return }
      UnsafeMutableRawPointer(words).assumingMemoryBound(to: PageBlock?.self).deinitialize(count: PageBlock.fanout)
    }
  }

  /// A page of zero bytes; `byteCount` is a multiple of 8.
  static func page(byteCount: Int) -> PageBlock {
    let block = make(height: 0, words: byteCount / 8)
    block.bytes.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    return block
  }

  /// A directory without children.
  static func directory(height: Int) -> PageBlock {
    let block = make(height: height, words: fanout)
    block.bytes.initializeMemory(as: PageBlock?.self, repeating: nil, count: fanout)
    return block
  }

  /// Directories of a height that together hold these blocks, in order.
  static func directories(over blocks: [PageBlock], height: Int) -> [PageBlock] {
    stride(from: 0, to: blocks.count, by: fanout).map { start in
      let directory = directory(height: height)
      for place in start..<min(start + fanout, blocks.count) {
        directory.children[place - start] = blocks[place]
      }
      return directory
    }
  }

  private static func make(height: Int, words: Int) -> PageBlock {
    let buffer = PageBlock.create(minimumCapacity: words) { _ in PageBlockHeader(height: height) }
    return unsafeDowncast(buffer, to: PageBlock.self)
  }

  /// A block with the same content; the children of a directory are shared, not copied.
  func copied(pageByteCount: Int) -> PageBlock {
    let height = header.height
    if height == 0 {
      let block = PageBlock.make(height: 0, words: pageByteCount / 8)
      block.bytes.copyMemory(from: bytes, byteCount: pageByteCount)
      return block
    }
    let block = PageBlock.make(height: height, words: PageBlock.fanout)
    block.bytes.initializeMemory(as: PageBlock?.self, from: children, count: PageBlock.fanout)
    return block
  }

  /// The content. Valid while the block is alive.
  var bytes: UnsafeMutableRawPointer {
    withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) }
  }

  /// The children of a directory. Valid while the block is alive.
  var children: UnsafeMutablePointer<PageBlock?> {
    bytes.assumingMemoryBound(to: PageBlock?.self)
  }
}
