internal import Contracts
internal import Exchange
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import Synchronization
internal import TransparencyLog

extension EPCISGateway {
  /// Takes a document up as a capture, which goes on by itself.
  func start(_ document: EPCISDocument, for sender: Sender, isRollback: Bool) throws -> CaptureRecord {
    let record = CaptureRecord(
      id: newID(), organisation: sender.profile.organisation, made: clock(), isRollback: isRollback)
    underWay.withLock { _ = $0.insert(record.id) }
    do {
      try sender.store.keep(record)
    } catch {
      underWay.withLock { _ = $0.remove(record.id) }
      throw error
    }
    Task { [self] in
      defer { underWay.withLock { _ = $0.remove(record.id) } }
      do {
        let performed = try await lane.run { [self] in
          try await perform(document.entries, for: sender, capture: record.id, isRollback: isRollback)
        }
        try sender.store.keep(record.ended(at: clock(), performed.errors))
      } catch {
        // What may still get through is decided when it cannot any more (``settle(_:_:_:)``).
        do { guard try sender.store.signed(record.id) == nil else { return } } catch { return }
        try? sender.store.keep(record.ended(at: clock(), [EPCISProblem(error).error]))
      }
    }
    return record
  }

  /// Takes one event up at once.
  func perform(_ entry: EPCISDocument.Entry, for sender: Sender) async throws -> Performed {
    let id = newID()
    underWay.withLock { _ = $0.insert(id) }
    defer { underWay.withLock { _ = $0.remove(id) } }
    return try await lane.run { [self] in
      try await perform([entry], for: sender, capture: id, isRollback: true)
    }
  }

  private func newID() -> String {
    String(Hash.sha256(EPCISGateway.transactionID()).description.prefix(32))
  }

  /// A capture as it stands.
  ///
  /// - Throws: `NoSuchResourceException` also for another organisation's.
  func capture(_ id: String, for sender: Sender, _ view: PublishedView) throws -> CaptureRecord {
    try recover(sender, view)
    guard let record = try sender.store.capture(id), record.organisation == sender.profile.organisation else {
      throw EPCISError(.noSuchResource, "no such capture")
    }
    return record
  }

  /// Ends captures that a process left behind, as far as it is known what became of them.
  private func recover(_ sender: Sender, _ view: PublishedView) throws {
    // Read first: what comes under way after that is not among them.
    let records = try sender.store.unfinished()
    let undecided = try leftovers(sender.store)
    if !undecided.isEmpty { _ = try settle(undecided, sender.store, view, sender.chain.index) }
    let running = underWay.withLock { $0 }
    for record in records where !running.contains(record.id) {
      guard try sender.store.signed(record.id) == nil, try sender.store.capture(record.id)?.finished == nil else {
        continue
      }
      // Gifts that it declared errors may have been taken back: whoever sends it again is told.
      let error = EPCISError(.implementation, "the node was interrupted before its events were handed in")
      try end(record, [error], sender.store)
    }
  }

  /// Decides the manifests of a sender's organisation that were left behind.
  ///
  /// - Returns: false where one may still get into the log.
  func settle(_ store: CaptureStore, _ view: PublishedView, _ sender: Sender) throws -> Bool {
    let leftovers = try leftovers(store, of: sender.profile.organisation)
    return try leftovers.isEmpty || settle(leftovers, store, view, sender.chain.index)
  }

  /// Manifests that neither this process nor the one before decided.
  private func leftovers(_ store: CaptureStore, of organisation: UInt16? = nil) throws -> [SignedCapture] {
    // Read under the lock: none ends between that it is found and that it is known to be under way.
    try underWay.withLock { running in
      try store.signed(of: organisation).filter { !running.contains($0.capture) }
    }
  }

  /// What got into the log is found there, and of what can get there no more everything is taken back.
  private func settle(
    _ leftovers: [SignedCapture], _ store: CaptureStore, _ view: PublishedView, _ index: SearchIndex
  ) throws -> Bool {
    var areDecided = true
    for signed in leftovers {
      let errors: [EPCISError]
      switch fate(of: signed, in: view) {
      case .landed(let record):
        // The index tells which rows were taken, once it has the block.
        guard try index.height >= view.height else {
          areDecided = false
          continue
        }
        var refused: [UInt64] = []
        if record.accepted != record.count {
          refused = try (0..<UInt64(signed.rows)).map { signed.first + $0 }.filter { try index.step(of: $0) == nil }
        }
        try store.settle(signed.capture, refused: refused)
        errors = refused.isEmpty ? [] : [EPCISError(.validation, "some rows were refused in the log")]
      case .lost:
        try store.forget(signed.capture)
        errors = [EPCISError(.implementation, "the node was interrupted before it got into the log")]
      case .open:
        areDecided = false
        continue
      }
      if let record = try store.capture(signed.capture), record.finished == nil { try end(record, errors, store) }
    }
    return areDecided
  }

  private func end(_ record: CaptureRecord, _ errors: [EPCISError], _ store: CaptureStore) throws {
    try store.keep(record.ended(at: clock(), errors))
  }

  /// What became of a manifest.
  private enum Fate {
    case landed(TraceManifestRecord)
    /// It cannot get into the log any more.
    case lost
    case open
  }

  private func fate(of signed: SignedCapture, in view: PublishedView) -> Fate {
    let (organisation, first) = (UInt16(signed.first >> 48), signed.first & (1 << 48 - 1))
    let manifests = view.app.hearts.manifests
    for ordinal in (0..<manifests.count).reversed() {
      let record = manifests[ordinal]
      guard record.organisation == organisation, record.first <= first else { continue }
      if record.first == first, record.root == signed.root { return .landed(record) }
      // Another one has its numbers.
      if first - record.first < UInt64(record.count) { return .lost }
      break
    }
    // Blocks never go back in time. Where no block comes, whatever held it is over after so long.
    let isOver = view.time.seconds > signed.expiry || clock() / 1000 > signed.expiry + 10 * EPCISGateway.expiry
    return isOver ? .lost : .open
  }
}

extension CaptureRecord {
  func ended(at time: UInt64, _ errors: [EPCISError]) -> CaptureRecord {
    CaptureRecord(
      id: id, organisation: organisation, made: made, finished: max(time, made), isRollback: isRollback,
      hasSucceeded: errors.isEmpty,
      errors: errors.isEmpty ? [] : JSONValue.array(errors.map { EPCISProblem($0).json }).encoded)
  }
}
