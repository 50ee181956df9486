/// The hashes of a tile: 1...256 of them, 32 raw bytes each, no header (C2SP tlog-tiles).
public struct Tile: Hashable, Sendable {
  /// The hashes, from left to right.
  public let hashes: [Hash]

  /// Makes a tile. Throws `malformedTile` unless there are 1...256 hashes.
  public init(_ hashes: [Hash]) throws(TransparencyLogError) {
    guard (1...TileCoordinate.fullWidth).contains(hashes.count) else {
      throw TransparencyLogError(.malformedTile, "A tile has 1...256 hashes.")
    }
    self.hashes = hashes
  }

  init(unchecked hashes: [Hash]) {
    self.hashes = hashes
  }

  /// Reads a tile of `width` hashes. Throws `malformedTile` unless there are exactly that many.
  public init(bytes: [UInt8], width: Int) throws(TransparencyLogError) {
    guard (1...TileCoordinate.fullWidth).contains(width), bytes.count == width * Hash.byteCount else {
      throw TransparencyLogError(.malformedTile, "The tile does not have the length of its width.")
    }
    let span = bytes.span.bytes
    var hashes: [Hash] = []
    hashes.reserveCapacity(width)
    for index in 0..<width {
      let start = index * Hash.byteCount
      guard let hash = Hash(span.extracting(start..<(start + Hash.byteCount))) else {
        throw TransparencyLogError(.malformedTile, "The tile does not have the length of its width.")
      }
      hashes.append(hash)
    }
    self.hashes = hashes
  }

  /// The number of hashes, 1...256.
  public var width: Int {
    hashes.count
  }

  /// The tile as published: 32 bytes for each hash.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Hash.byteCount)
    for hash in hashes {
      hash.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The RFC 6962 root of a full tile, which is one hash of the level above; `nil` for a partial tile,
  /// since those are never hashed upwards.
  public var root: Hash? {
    hashes.count == TileCoordinate.fullWidth ? MerkleTree.perfectRoot(of: hashes[...]) : nil
  }

  /// The root over the hashes `index << height ..< (index + 1) << height`; `nil` when the tile does not
  /// have them all, or `height` is not 0...8.
  public func root(height: Int, index: Int) -> Hash? {
    guard (0...8).contains(height), index >= 0, index < hashes.count >> height else { return nil }
    return MerkleTree.perfectRoot(of: hashes[(index << height)..<((index + 1) << height)])
  }

  /// The hashes, and above them the roots over each two, four, … of them as far as there are all.
  var rows: [[Hash]] {
    var rows = [hashes]
    while let below = rows.last, below.count > 1 {
      rows.append((0..<below.count / 2).map { .node(below[2 * $0], below[2 * $0 + 1]) })
    }
    return rows
  }
}
