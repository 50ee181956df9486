/// Vectors taken apart and put together by whole pages.
extension PagedBytes {
  /// A vector of the records that lie one behind the other in `bytes`, whose length is a multiple of the stride.
  init(stride: Int, records bytes: RawSpan) {
    let empty = PagedBytes(stride: stride)
    precondition(bytes.byteCount % stride == 0)
    let used = stride << empty.pageShift
    let pages = Swift.stride(from: 0, to: bytes.byteCount, by: used).map { start in
      let page = PageBlock.page(byteCount: empty.pageByteCount)
      let part = bytes.extracting(start..<min(start + used, bytes.byteCount))
      part.withUnsafeBytes { page.bytes.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count) }
      return page
    }
    self.init(stride: stride, count: bytes.byteCount / stride, pages: pages)
  }

  /// The records of several vectors one behind the other; all but the last consist of full pages.
  ///
  /// Shares their pages; nothing is copied.
  init(stride: Int, joining parts: [PagedBytes]) {
    var pages: [PageBlock] = []
    var count = 0
    for part in parts {
      precondition(part.stride == stride && count & (part.pageRecords - 1) == 0)
      part.forEachPage { pages.append($0) }
      count += part.count
    }
    self.init(stride: stride, count: count, pages: pages)
  }

  /// The bytes of the records of a range, one behind the other.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: range.count * stride) { buffer, initialized in
      var target = UnsafeMutableRawPointer(buffer.baseAddress)
      var index = range.lowerBound
      while index < range.upperBound {
        let end = min((index >> pageShift + 1) << pageShift, range.upperBound)
        let length = (end - index) * stride
        target?.copyMemory(from: pointer(at: index), byteCount: length)
        target = target.map { $0 + length }
        index = end
      }
      withExtendedLifetime(self) {}
      initialized = range.count * stride
    }
  }
}
