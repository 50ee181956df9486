internal import Ledger
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// The genesis of a chain whose files lie here: a pin that no node has a say in.
enum LocalGenesis {
  /// Chains of a data directory, each with its id; `nil` where there is no first entry that can be read.
  static func ids(of names: [String], in data: String) -> [(name: String, id: String?)] {
    names.map { name in (name, try? "\(chain(name, in: data).id)") }
  }

  /// The chain in a data directory.
  ///
  /// - Throws: `storage.foreign_directory` where it holds none of this name.
  static func chain(_ name: String, in data: String) throws -> TrustedChain {
    let log = LogDirectory("\(data)/log/\(name)")
    // The log may be growing: a file that was there a moment ago may have given way to a wider one.
    for _ in 0..<10 {
      guard let checkpoint = try log.read("checkpoint") else { break }
      let size = try UnverifiedCheckpoint(checkpoint).checkpoint.size
      guard let coordinate = EntryBundleCoordinate.holding(entry: 0, treeSize: size) else { break }
      if let bytes = try log.read(coordinate.path) {
        let entries = try EntryBundle(bytes: bytes, width: coordinate.width).entries
        var chain = try TrustedChain(entry: entries[0], pinned: nil)
        if let changes = try log.read(PolicyChanges.path) { try chain.follow(PolicyChanges(file: changes)) }
        return chain
      }
    }
    throw StorageError(.foreignDirectory, "\(data) holds no log of a chain \(name)")
  }
}
