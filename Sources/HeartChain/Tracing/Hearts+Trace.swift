internal import Consortium
internal import Ledger
internal import TransparencyLog

/// A row of a manifest while it is judged.
struct TraceStep {
  let event: TraceEvent
  let row: [UInt8]
  /// See ``LotRecord/event``.
  let name: UInt64
  let organisation: UInt16
  /// Block time.
  let time: Timestamp

  var hash: Hash { TraceHistory.hash(event: name, time: time, row: row) }
}

/// What an accepted row changed.
struct TraceEffect {
  /// Lots it changed, in the order in which their histories took it up.
  var sources: [UInt32] = []
  /// Lots it made: the first, and how many.
  var made: (first: UInt32, count: Int) = (0, 0)
}

/// What holds for all rows of one manifest.
struct TraceRun {
  let organisation: UInt16
  let isCustodian: Bool
  let isCharity: Bool
  let consortium: Consortium
  /// Which lots each row so far made.
  var made: [(first: UInt32, count: Int)] = []
}

extension Hearts {
  /// Takes up an organisation's manifest: each row is judged alone, after those before it. Rows that are refused use
  /// up their numbers and change nothing else but the organisation's book.
  ///
  /// - Throws: `encoding.malformed`, `trace.out_of_turn`, `amount.overflow` and the codes of senders.
  mutating func trace(
    _ transaction: VerifiedTransaction, rows: [[UInt8]], consortium: Consortium, at time: Timestamp,
    outcomes: inout [ErrorCode]
  ) throws(LedgerError) {
    let sender = transaction.sender
    let organisation = try consortium.requireOfficer(sender, role: .all)
    let wire: WireTrace = try Self.decode(transaction.action.payload)
    guard let manifest = transaction.manifest else {
      throw LedgerError(.manifestUnexpected, "events come as rows")
    }
    let next = Int(organisation) < books.count ? books[Int(organisation)].next : 1
    guard wire.first == next else { throw LedgerError(.traceOutOfTurn, "the next event has number \(next)") }
    guard next + UInt64(rows.count) < 1 << 48, manifests.count < Int(UInt32.max) else {
      throw LedgerError(.overflow, "the organisation has no numbers left")
    }
    var run = TraceRun(
      organisation: organisation, isCustodian: (try? consortium.requireOfficer(sender, role: .custodian)) != nil,
      isCharity: (try? consortium.requireOfficer(sender, role: .charity)) != nil, consortium: consortium)
    run.made.reserveCapacity(rows.count)
    var book = Int(organisation) < books.count ? books[Int(organisation)] : TraceBookRecord()
    var accepted: UInt32 = 0
    for (index, row) in rows.enumerated() {
      let name = TraceHistory.event(organisation, next + UInt64(index))
      do throws(LedgerError) {
        let event = try TraceEvent(row: row)
        let step = TraceStep(event: event, row: row, name: name, organisation: organisation, time: time)
        let effect = try take(step, run)
        run.made.append(effect.made)
        accepted += 1
        if isWatched { note(step, effect) }
      } catch {
        run.made.append((0, 0))
        outcomes[index] = error.code
        book.refuse(error.code, event: name)
      }
    }
    book.next = next + UInt64(rows.count)
    book.accepted += UInt64(accepted)
    book.time = time
    while books.count <= Int(organisation) { books.append(TraceBookRecord()) }
    books[Int(organisation)] = book
    manifests.append(
      TraceManifestRecord(
        root: manifest.root, first: next, count: manifest.count, accepted: accepted, organisation: organisation,
        time: time))
  }

  /// One row: everything is checked, then nothing can fail.
  mutating func take(_ step: TraceStep, _ run: TraceRun) throws(LedgerError) -> TraceEffect {
    let event = step.event
    guard event.time <= step.time else { throw LedgerError(.eventInFuture, "it lies after block time") }
    let exhibit = try exhibit(event.evidence)
    let effect: TraceEffect =
      switch event.kind {
      case .donated, .pledged: try give(step, run)
      case .attended: try attend(step, run)
      case .received, .stored: try move(step, run)
      case .shipped: try ship(step, run)
      case .arrived: try arrive(step, run)
      case .handedOver: try handOver(step, run)
      case .lost, .died: try lose(step, run)
      case .surveyed: try survey(step, run)
      case .corrected: try correct(step, run)
      case .repacked: try repack(step, run)
      case .packed: try pack(step, run)
      case .unpacked: try unpack(step, run)
      case .planted: try plant(step, run)
      case .committed: try commit(step)
      case .disbursed: try disburse(step, run)
      case .spent, .returned: try pay(step, run)
      }
    if let exhibit { show(exhibit, by: step.organisation, event: step.name) }
    return effect
  }

  private mutating func note(_ step: TraceStep, _ effect: TraceEffect) {
    noted.append(
      Way.Step(
        event: step.name, time: step.time, row: step.row, sources: effect.sources,
        made: (0..<effect.made.count).map { effect.made.first + UInt32($0) }))
  }

  /// Where an exhibit will stand; `nil` for none.
  ///
  /// - Throws: `trace.evidence_used`.
  func exhibit(_ hash: Hash) throws(LedgerError) -> Hash? {
    guard hash != .zero else { return nil }
    let key = ExhibitRecord.key(of: hash)
    guard exhibits.find(key) == nil, exhibits.count < Int(UInt32.max) else {
      throw LedgerError(.exhibitUsed, "this picture, receipt or report was shown before")
    }
    return key
  }

  /// Puts down an exhibit whose key was found free.
  mutating func show(_ key: Hash, by organisation: UInt16, event: UInt64) {
    guard (try? exhibits.insert(ExhibitRecord(key: key, organisation: organisation, event: event))) != nil else {
      preconditionFailure("the key was free")
    }
  }
}

extension TraceBookRecord {
  fileprivate mutating func refuse(_ code: ErrorCode, event: UInt64) {
    refused += 1
    if code == .exhibitUsed {
      repeated &+= 1
      lastRepeated = event
    }
    if [.lotTooSmall, .unbalanced, .overcommitted].contains(code) {
      overdrawn &+= 1
      lastOverdrawn = event
    }
  }
}
