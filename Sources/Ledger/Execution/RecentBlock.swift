public import TransparencyLog

/// An application whose state can be kept in a snapshot and made again from it.
public protocol RestorableApplication: Application {
  /// All tables.
  mutating func image() -> StateImage

  /// The state that consists of these tables; what is derived from them is built anew.
  ///
  /// The tables' root is known to be that of a block of this chain, so only what belongs to another version is
  /// refused: `state.wrong_image`.
  init(genesis: Genesis, image: StateImage) throws(StateError)
}

/// The codes of a block's entries, which its seal proves; they stand nowhere in the log.
public struct BlockResults: Hashable, Sendable {
  /// The block.
  public let height: UInt64
  /// For each entry between header and seal the number of its codes (u32) and the codes (u16 each), big-endian.
  public let bytes: [UInt8]

  /// The results of an executed block.
  public init<App>(_ block: ExecutedBlock<App>) {
    height = block.seal.height
    var bytes: [UInt8] = []
    bytes.reserveCapacity(block.codes.reduce(0) { $0 + 4 + 2 * $1.count })
    for codes in block.codes {
      bytes.append(bigEndian: UInt32(codes.count))
      for code in codes { bytes.append(bigEndian: code.number) }
    }
    self.bytes = bytes
  }

  /// Results as kept; nothing is checked yet.
  public init(height: UInt64, bytes: [UInt8]) {
    self.height = height
    self.bytes = bytes
  }

  /// The first code of each entry, and the root over all; `nil` where the bytes are not of `entries` entries.
  func read(entries: Int) -> (codes: [ErrorCode], root: Hash)? {
    var tree = MerkleFrontier()
    var codes: [ErrorCode] = []
    var place = 0
    while place < bytes.count {
      guard bytes.count - place >= 4 else { return nil }
      let count = bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
      place += 4
      guard count > 0, bytes.count - place >= 2 * count else { return nil }
      codes.append(ErrorCode(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), ""))
      tree.append(.leaf(Array(bytes[place..<(place + 2 * count)])))
      place += 2 * count
    }
    return codes.count == entries ? (codes, tree.root) : nil
  }
}

/// What of a block in the log still counts for ten minutes: who may not send the same again, and how much of
/// their bytes senders and proposer have used.
public struct RecentBlock: Sendable {
  /// What closed it.
  public let seal: Seal
  let header: Header
  let loggedBytes: Int
  let admitted: [Admitted]

  /// Reads a block of the log. Signatures are not looked at: the log's certificates stand for them.
  ///
  /// - Parameters:
  ///   - entries: its entries, header first and seal last.
  ///   - results: what became of them; held against the seal.
  /// - Throws: `state.wrong_image` where entries, results and seal are not of one block of this chain.
  public init(entries: [[UInt8]], results: BlockResults, chain: Hash) throws(StateError) {
    let batch: Batch
    do throws(LedgerError) {
      guard entries.count >= 2 else { throw Batch.invalid("a block has a header and a seal") }
      seal = try Seal(entry: entries[entries.count - 1])
      batch = try Batch(signedHeader: Array(entries[0].dropFirst()), entries: Array(entries.dropFirst().dropLast()))
    } catch {
      throw StateError(.wrongImage, "not a block: \(error)")
    }
    guard batch.hash == seal.batch, batch.header.chain == chain else {
      throw StateError(.wrongImage, "the entries of block \(seal.height) are not those its seal names")
    }
    guard results.height == seal.height, let (codes, root) = results.read(entries: batch.entries.count),
      root == seal.results
    else { throw StateError(.wrongImage, "the results of block \(seal.height) are not those of its seal") }
    header = batch.header
    loggedBytes = batch.loggedBytes
    admitted = RecentBlock.admitted(batch.entries, codes: codes, chain: chain)
  }

  /// What came to be alive, by the codes.
  private static func admitted(_ entries: [[UInt8]], codes: [ErrorCode], chain: Hash) -> [Admitted] {
    var found: [Admitted] = []
    for (index, entry) in entries.enumerated() where entry.first == EntryKind.transaction.rawValue {
      guard !codes[index].leavesNoTrace,
        let transaction = try? VerifiedTransaction.decodeUnsigned(entry: entry, chain: chain)
      else { continue }
      let end = endOfRows(of: transaction, at: index, in: entries)
      found.append(
        Admitted(
          name: transaction.name, expiry: transaction.expiry,
          byteCount: entries[index..<end].reduce(0) { $0 + $1.count }))
    }
    return found
  }

  private static func endOfRows(of transaction: VerifiedTransaction, at index: Int, in entries: [[UInt8]]) -> Int {
    guard let manifest = transaction.manifest else { return index + 1 }
    var found = 0
    var end = index + 1
    while end < entries.count, found < Int(manifest.count), entries[end].first == EntryKind.rows.rawValue,
      let rows = RowEntries.unpack(entries[end])
    {
      found += rows.count
      end += 1
    }
    return end
  }
}

extension Chain {
  /// A chain that goes on from a state that was kept.
  ///
  /// - Parameters:
  ///   - app: a state whose organisations are those that certified the last block, because that block did not
  ///     change them.
  ///   - beforeSeal: the log's right edge before the last block's seal. Whether it is right shows in the log's root.
  ///   - recent: the last blocks, oldest first, as far back as block time is within ten minutes of the last.
  ///   - older: the seal of the block before them; `nil` where the first of them is the chain's first.
  /// - Throws: `state.wrong_image` where the state is not the last seal's, or the blocks do not follow each other or
  ///   do not reach back far enough.
  public init(
    genesis: Genesis, app: App, beforeSeal: MerkleFrontier, recent: [RecentBlock], older: Seal?
  ) throws(StateError) {
    guard let last = recent.last, let first = recent.first else {
      throw StateError(.wrongImage, "a state that was kept is that of a block")
    }
    var app = app
    guard app.stateRoot() == last.seal.state else {
      throw StateError(.wrongImage, "not the state of the seal of block \(last.seal.height)")
    }
    let reachesBack = older.map { $0.time.adding(seconds: LiveTransactions.horizon) < last.seal.time } ?? true
    guard first.seal.height == (older?.height ?? 0) + 1, first.header.previous == older?.batch ?? genesis.chain,
      reachesBack
    else { throw StateError(.wrongImage, "blocks of the last ten minutes are missing") }
    var live = LiveTransactions()
    var proposed = ProposedBytes()
    var before: RecentBlock?
    for block in recent {
      if let before {
        guard block.seal.height == before.seal.height + 1, block.header.previous == before.seal.batch,
          block.seal.time >= before.seal.time, block.header.sequence > before.header.sequence
        else { throw StateError(.wrongImage, "block \(block.seal.height) does not follow the one before") }
      }
      before = block
      proposed.add(block.loggedBytes, by: block.header.proposer, at: block.seal.time)
      live.expire(before: block.seal.time)
      for entry in block.admitted {
        guard !live.isAlive(entry.name) else { throw StateError(.wrongImage, "a transaction stands in two blocks") }
        live.insert(entry.name, expiry: entry.expiry, byteCount: entry.byteCount)
      }
    }
    var log = beforeSeal
    log.append(.leaf(last.seal.entry))
    self.init(
      genesis: genesis, app: app, log: log, last: last.seal, header: last.header, certifiers: app.endorsers,
      live: live, proposed: proposed)
  }
}
