internal import TransparencyLog

extension LogSurvey {
  /// Reads and writes single files of a log.
  struct Source {
    let directory: String
    let disk: any Disk

    /// Why a file is not as it should be.
    struct Problem {
      let kind: LogFinding.Kind
      let detail: String

      static func missing(_ detail: String) -> Problem { Problem(kind: .missing, detail: detail) }
      static func damaged(_ detail: String) -> Problem { Problem(kind: .damaged, detail: detail) }
    }

    /// A tile as found, or as cut from the full one, and what is wrong with its file.
    struct FoundTile {
      var tile: Tile?
      var problem: Problem?
    }

    /// A bundle likewise.
    struct FoundBundle {
      var entries: [[UInt8]]?
      var problem: Problem?
    }

    func tile(_ coordinate: TileCoordinate) throws(StorageError) -> FoundTile {
      if let bytes = try disk.read(directory + "/" + coordinate.path) {
        let tile = try? Tile(bytes: bytes, width: coordinate.width)
        return FoundTile(tile: tile, problem: tile == nil ? .damaged("a tile of a wrong length") : nil)
      }
      let tile = try full(coordinate.path, LogPlace(coordinate)).flatMap {
        try? Tile(bytes: $0, width: coordinate.width)
      }
      return FoundTile(tile: tile, problem: .missing("the tile is missing"))
    }

    func bundle(_ coordinate: EntryBundleCoordinate) throws(StorageError) -> FoundBundle {
      if let bytes = try disk.read(directory + "/" + coordinate.path) {
        let bundle = try? EntryBundle(bytes: bytes, width: coordinate.width)
        return FoundBundle(
          entries: bundle?.entries, problem: bundle == nil ? .damaged("not \(coordinate.width) entries") : nil)
      }
      let bundle = try full(coordinate.path, LogPlace(coordinate)).flatMap {
        try? EntryBundle(bytes: $0, width: coordinate.width)
      }
      return FoundBundle(entries: bundle?.entries, problem: .missing("the bundle is missing"))
    }

    /// What a missing partial file holds by the full one, as a mirror may have kept it.
    private func full(_ path: String, _ place: LogPlace) throws(StorageError) -> [UInt8]? {
      guard !place.isFull, let bytes = try disk.read(directory + "/" + place.full) else { return nil }
      return place.beginning(of: bytes, place.full)
    }

    func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
      let file = directory + "/" + path
      try disk.makeDirectory(PosixDisk.directory(of: file))
      try disk.replace(file, with: bytes)
    }
  }
}
