/// The entries of a bundle: 1...256 of them, each behind its length as two big-endian bytes, with no
/// count and no trailer (C2SP tlog-tiles). Empty entries are legal.
public struct EntryBundle: Hashable, Sendable {
  /// The most bytes an entry may have.
  public static let maximumEntryByteCount = 65_535

  /// The entries, in the log's order.
  public let entries: [[UInt8]]

  /// Makes a bundle. Throws `malformedBundle` unless there are 1...256 entries, and `entryTooLong`.
  public init(_ entries: [[UInt8]]) throws(TransparencyLogError) {
    guard (1...TileCoordinate.fullWidth).contains(entries.count) else {
      throw TransparencyLogError(.malformedBundle, "A bundle has 1...256 entries.")
    }
    for entry in entries where entry.count > Self.maximumEntryByteCount {
      throw TransparencyLogError(.entryTooLong, "An entry has at most 65,535 bytes.")
    }
    self.entries = entries
  }

  /// Reads a bundle of `width` entries. Throws `malformedBundle` unless the bytes are exactly that many.
  public init(bytes: [UInt8], width: Int) throws(TransparencyLogError) {
    entries = try Self.places(in: bytes, width: width).map { Array(bytes[$0]) }
  }

  /// Where each entry stands in a bundle of `width` entries: for those who need few of them, since each entry taken
  /// out is an array of its own. Throws `malformedBundle` unless the bytes are exactly that many.
  public static func places(in bytes: [UInt8], width: Int) throws(TransparencyLogError) -> [Range<Int>] {
    guard (1...TileCoordinate.fullWidth).contains(width) else {
      throw TransparencyLogError(.malformedBundle, "A bundle has 1...256 entries.")
    }
    var places: [Range<Int>] = []
    places.reserveCapacity(width)
    var start = 0
    for _ in 0..<width {
      guard bytes.count - start >= 2 else { throw cutShort }
      let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
      start += 2
      guard bytes.count - start >= count else { throw cutShort }
      places.append(start..<start + count)
      start += count
    }
    guard start == bytes.count else {
      throw TransparencyLogError(.malformedBundle, "The bundle goes on after its last entry.")
    }
    return places
  }

  /// The number of entries, 1...256.
  public var width: Int {
    entries.count
  }

  /// The bundle as published.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + 2 + $1.count })
    for entry in entries {
      bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
      bytes.append(UInt8(truncatingIfNeeded: entry.count))
      bytes.append(contentsOf: entry)
    }
    return bytes
  }

  /// The leaf hashes of the entries: the tile of level 0 at the same place.
  public var leafHashes: [Hash] {
    entries.map { Hash.leaf($0) }
  }

  private static var cutShort: TransparencyLogError {
    TransparencyLogError(.malformedBundle, "The bundle ends inside an entry.")
  }
}
