/// The run over one block's entries: joins rows to their manifest, admits, executes, notes the codes.
struct BlockRun<App: Application> {
  private let time: Timestamp
  /// Names and bytes let in earlier in this same block.
  private var alive = AliveTransactions()

  /// What nearly every entry has, made once.
  private let succeeded = [ErrorCode.success]

  private(set) var codes: [[ErrorCode]] = []
  private(set) var admitted: [Admitted] = []
  private(set) var transactions: UInt32 = 0
  private(set) var failed: UInt32 = 0
  private(set) var rows: UInt32 = 0

  init(time: Timestamp) {
    self.time = time
  }

  mutating func execute(_ items: [PreparedBatch.Item], entries: [[UInt8]], after chain: Chain<App>, on app: inout App) {
    codes.reserveCapacity(items.count)
    admitted.reserveCapacity(items.count)
    alive.reserveCapacity(items.count)
    var index = 0
    while index < items.count {
      transactions += 1
      switch items[index] {
      case .rows(let found):
        // Rows directly after their manifest are taken with it below; these belong to none.
        transactions -= 1
        let count = found?.count ?? 0
        rows += UInt32(count)
        codes.append(Array(repeating: .orphanRows, count: max(count, 1)))
        index += 1
      case .refused(let error):
        failed += 1
        codes.append([error.code])
        index += 1
      case .transaction(let transaction):
        let end = BlockRun.endOfRows(of: transaction, at: index, items: items)
        run(transaction, items: items[(index + 1)..<end], entries: entries[index..<end], after: chain, on: &app)
        index = end
      }
    }
  }

  /// The index after the rows that follow a transaction with a manifest.
  private static func endOfRows(
    of transaction: VerifiedTransaction, at index: Int, items: [PreparedBatch.Item]
  ) -> Int {
    guard let manifest = transaction.manifest else { return index + 1 }
    var found = 0
    var end = index + 1
    while end < items.count, found < Int(manifest.count), case .rows(let rows?) = items[end] {
      found += rows.count
      end += 1
    }
    return end
  }

  private mutating func run(
    _ transaction: VerifiedTransaction, items: ArraySlice<PreparedBatch.Item>, entries: ArraySlice<[UInt8]>,
    after chain: Chain<App>, on app: inout App
  ) {
    var taken: [[UInt8]] = []
    var counts: [Int] = []
    for case .rows(let found?) in items {
      taken.append(contentsOf: found)
      counts.append(found.count)
    }
    rows += UInt32(taken.count)
    var outcomes = [ErrorCode](repeating: .success, count: taken.count)
    var code = ErrorCode.success
    do throws(LedgerError) {
      let byteCount = entries.reduce(0) { $0 + $1.count }
      try admit(transaction, byteCount: byteCount, after: chain, on: &app)
      if let manifest = transaction.manifest {
        guard manifest.count <= RowEntries.maximumRows, Manifest(rows: taken) == manifest else {
          throw LedgerError(.rowsMismatch, "the rows are not those that were signed")
        }
      }
      try app.execute(transaction, rows: taken, at: time, outcomes: &outcomes)
      precondition(outcomes.count == taken.count, "a contract gives every row one outcome")
    } catch {
      code = error.code
      failed += 1
      outcomes = [ErrorCode](repeating: error.code, count: taken.count)
    }
    codes.append(code == .success ? succeeded : [code])
    var offset = 0
    for count in counts {
      codes.append(Array(outcomes[offset..<(offset + count)]))
      offset += count
    }
  }

  /// Lets a transaction live, whatever its contract then says of it.
  private mutating func admit(
    _ transaction: VerifiedTransaction, byteCount: Int, after chain: Chain<App>, on app: inout App
  ) throws(LedgerError) {
    let earlier = alive[transaction.sender]
    if alive.contains(transaction.name, of: earlier) {
      throw LedgerError(.replayed, "this sender and id are alive")
    }
    try chain.requireRoom(
      for: transaction, byteCount: byteCount + Int(earlier?.byteCount ?? 0), at: time,
      key: app.currentKey(of: transaction.sender), isOfficer: app.isOfficer(transaction.sender))
    alive.insert(transaction.name, byteCount: UInt64(byteCount))
    admitted.append(Admitted(name: transaction.name, expiry: transaction.expiry, byteCount: byteCount))
    try app.admit(transaction, at: time)
  }
}
