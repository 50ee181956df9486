internal import Contracts
internal import Exchange
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

extension EPCISGateway {
  /// Takes a document up as a capture, which goes on by itself.
  func start(_ document: EPCISDocument, for sender: Sender, isRollback: Bool) throws -> CaptureRecord {
    var dice = SystemRandomNumberGenerator()
    let id = Hash.sha256((0..<32).map { _ in UInt8.random(in: 0...255, using: &dice) }).description.prefix(32)
    let record = CaptureRecord(
      id: String(id), organisation: sender.profile.organisation, made: clock(), isRollback: isRollback)
    try sender.store.keep(record)
    Task { [self] in
      do {
        let performed = try await lane.run { [self] in
          try await perform(document.entries, for: sender, capture: record.id, isRollback: isRollback)
        }
        try sender.store.keep(record.ended(at: clock(), performed.errors))
      } catch {
        // What may still get through is decided when it cannot any more (``recover(_:_:)``).
        guard (try? sender.store.signed(record.id)) == nil else { return }
        try? sender.store.keep(record.ended(at: clock(), [EPCISProblem(error).error]))
      }
    }
    return record
  }

  /// A capture as it stands.
  ///
  /// - Throws: `NoSuchResourceException` also for another organisation's.
  func capture(_ id: String, for sender: Sender, _ view: PublishedView) throws -> CaptureRecord {
    try recover(sender.store, view)
    guard let record = try sender.store.capture(id), record.organisation == sender.profile.organisation else {
      throw EPCISError(.noSuchResource, "no such capture")
    }
    return record
  }

  /// Ends captures that a process left behind, when their manifests can get into the log no more: those that did are
  /// found there, and of the others everything is taken back.
  func recover(_ store: CaptureStore, _ view: PublishedView) throws {
    for record in try store.unfinished() where clock() > record.made + 10 * EPCISGateway.expiry * 1000 {
      var errors = [EPCISError(.implementation, "the node was interrupted before anything of it was handed in")]
      if let signed = try store.signed(record.id) {
        if let codes = EPCISGateway.manifest(signed, in: view.app.hearts) {
          try store.settle(record.id, refused: [])
          errors = codes.accepted == codes.count ? [] : [EPCISError(.validation, "some rows were refused in the log")]
        } else {
          try store.forget(record.id)
        }
      }
      try store.keep(record.ended(at: clock(), errors))
    }
  }

  private static func manifest(_ signed: SignedCapture, in hearts: Hearts) -> TraceManifestRecord? {
    let (organisation, first) = (UInt16(signed.first >> 48), signed.first & (1 << 48 - 1))
    for ordinal in (0..<hearts.manifests.count).reversed() {
      let record = hearts.manifests[ordinal]
      guard record.organisation == organisation, record.first <= first else { continue }
      return record.first == first && record.root == signed.root ? record : nil
    }
    return nil
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
