/// 256 bytes of something longer, the last ones zero-padded; how long it is stands where it is named.
public struct TextPage: FixedLayoutRecord, Hashable {
  /// The bytes.
  public var bytes: [UInt8]

  /// Bytes of a record.
  public static let byteCount = 256

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes + [UInt8](repeating: 0, count: TextPage.byteCount - bytes.count)
  }

  /// Reads the fixed layout.
  public init(from bytes: RawSpan) {
    self.bytes = bytes.withUnsafeBytes { Array($0) }
  }

  /// Writes the fixed layout.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(bytes)
    writer.bytes(self.bytes.span.bytes)
  }

  /// Pages of a text of so many bytes.
  public static func count(ofBytes length: Int) -> Int { (length + byteCount - 1) / byteCount }
}

extension AuthenticatedTable<TextPage> {
  /// Adds a text at the end, page by page; its first page is the old count.
  public mutating func append(text: [UInt8]) {
    for start in stride(from: 0, to: text.count, by: TextPage.byteCount) {
      append(TextPage(text[start..<min(start + TextPage.byteCount, text.count)]))
    }
  }

  /// The text of so many bytes that begins with a page.
  public func text(from page: Int, length: Int) -> [UInt8] {
    Array((page..<(page + TextPage.count(ofBytes: length))).flatMap { self[$0].bytes }.prefix(length))
  }
}
