internal import TransparencyLog

/// The files of a log in the order in which an audit, or a follower, asks for them.
struct LogReading: Sequence, IteratorProtocol {
  private let size: UInt64
  private let withTiles: Bool
  private var bundles: EntryBundleSequence.Iterator
  private var waiting: ArraySlice<String> = []

  /// - Parameters:
  ///   - start: the entries before it are known.
  ///   - withTiles: whether tiles are read beside the bundles.
  init(from start: UInt64, to size: UInt64, withTiles: Bool) {
    self.size = size
    self.withTiles = withTiles
    bundles = EntryBundleSequence(from: start, to: size).makeIterator()
  }

  /// The next path; `nil` at the end.
  mutating func next() -> String? {
    if waiting.isEmpty, let bundle = bundles.next() {
      waiting = ([bundle.path] + (withTiles ? tiles(beside: bundle) : []))[...]
    }
    return waiting.popFirst()
  }

  /// The tile beside a bundle, and those above that its entries complete, or leave partial at the end of the log.
  private func tiles(beside bundle: EntryBundleCoordinate) -> [String] {
    let isLast = bundle.entries.upperBound == size
    var paths: [String] = []
    var level = 0
    var end = bundle.entries.upperBound
    while end > 0 {
      let full = UInt64(TileCoordinate.fullWidth)
      guard end % full == 0 || isLast else { break }
      let first = (end - 1) / full
      if let tile = try? TileCoordinate(level: level, index: first, width: Int(end - first * full)) {
        paths.append(tile.path)
      }
      level += 1
      end /= full
    }
    return paths
  }
}
