internal import Consortium
internal import Contracts
internal import Exchange
internal import HTTPTypes
internal import HeartChain
public import Ledger
internal import Node
public import Storage
internal import Synchronization
internal import TransparencyLog

/// Hands in what organisations tell by EPCIS, signed with the officers' keys that this node holds for them.
///
/// Who may speak for an organisation is decided by a token; what is true is decided by the chain. Captures run one
/// after another: an organisation numbers its events without gaps.
public final class EPCISGateway: Sendable {
  /// How old an event has to be before its row is handed in, so that block time, which may lag behind the clock, is not
  /// before it.
  static let settling: UInt64 = 5
  /// How long after a manifest was signed it can still get into the log, in seconds.
  static let expiry: UInt64 = 120

  private let partners: [EPCISPartner]
  private let key: @Sendable (_ chain: String, _ organisation: String) throws -> SigningKey?
  private let open: @Sendable (_ chain: String) throws -> CaptureStore
  /// Milliseconds since 1970.
  let clock: @Sendable () -> UInt64
  private let settling: UInt64
  private let stores = Mutex<[String: CaptureStore]>([:])
  /// Captures that this process has not ended yet.
  let underWay = Mutex<Set<String>>([])
  let lane = CaptureLane()

  /// - Parameters:
  ///   - partners: who may capture; with none, every capture is refused.
  ///   - key: the key of an organisation's officer on a chain; `nil` where this node holds none.
  ///   - store: opens what is kept for a chain.
  ///   - clock: milliseconds since 1970.
  ///   - settling: see ``settling``; other values are for tests.
  public init(
    partners: [EPCISPartner], key: @escaping @Sendable (_ chain: String, _ organisation: String) throws -> SigningKey?,
    store: @escaping @Sendable (_ chain: String) throws -> CaptureStore, clock: @escaping @Sendable () -> UInt64,
    settling: UInt64? = nil
  ) {
    self.partners = partners
    self.key = key
    self.open = store
    self.clock = clock
    self.settling = settling ?? EPCISGateway.settling
  }

  /// What is kept for a chain.
  func store(_ chain: String) throws -> CaptureStore {
    try stores.withLock { stores in
      if let store = stores[chain] { return store }
      let store = try open(chain)
      stores[chain] = store
      return store
    }
  }

  /// Who sends something, and for which organisation.
  struct Sender: Sendable {
    let chain: any ServedChain
    let profile: CaptureProfile
    let officer: SigningKey
    let store: CaptureStore
  }

  /// Finds out for whom a token speaks.
  ///
  /// - Parameter authorization: the header field of that name.
  /// - Throws: `SecurityException`: 401 without a token that somebody has, 403 where its organisation cannot sign here.
  func sender(_ authorization: String?, on chain: any ServedChain, _ view: PublishedView) throws -> Sender {
    let words = (authorization ?? "").split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer", words[1].utf8.count <= 512 else {
      throw EPCISError(.security, "a capture needs the bearer token of an organisation")
    }
    let hash = Hash.sha256(Array(words[1].utf8))
    guard let partner = partners.first(where: { $0.tokens.contains(hash) }) else {
      throw EPCISError(.security, "no organisation has this token")
    }
    let organisations = view.app.consortium.organisations
    func ordinal(_ name: String) -> UInt16? {
      (0..<organisations.count).first { organisations[$0].name.string.utf8.elementsEqual(name.utf8) }
        .flatMap { UInt16(exactly: $0) }
    }
    guard let organisation = ordinal(partner.organisation), let officer = try key(chain.name, partner.organisation)
    else { throw Problem(.forbidden, .epcisToken, "this node has no key of the token's organisation") }
    let store = try store(chain.name)
    var profile = CaptureProfile(
      organisation: organisation, officer: officer.publicKey.address, secret: try store.secret)
    profile.project = partner.project
    profile.kinds = partner.kinds
    profile.places = partner.places
    profile.givers = partner.givers
    profile.parties = partner.parties.compactMap { party in ordinal(party.value).map { .init(party.uri, $0) } }
    return Sender(chain: chain, profile: profile, officer: officer, store: store)
  }

  /// How events went: what was refused, and the row of each event that was taken.
  struct Performed: Sendable {
    var errors: [EPCISError] = []
    /// By event: its own row on the chain; `nil` where it was refused or the chain keeps nothing of it.
    var mains: [UInt64?]
  }

  /// Plans, signs and hands in events, and waits until the search index knows them.
  ///
  /// With `isRollback`, one that is refused on a copy of the state refuses all, and nothing is handed in.
  func perform(
    _ entries: [EPCISDocument.Entry], for sender: Sender, capture: String, isRollback: Bool
  ) async throws -> Performed {
    try await settle(entries)
    var reversed: Set<UInt32> = []
    for _ in 0..<3 {
      guard let view = sender.chain.view, let heart = view.app.heart else { throw API.notReady }
      // What a manifest that is not decided may have done is in no plan: two could give the same goods twice.
      guard try await isCaughtUp(sender.chain, to: view.height), try settle(sender.store, view, sender) else {
        throw NodeError(.busy, "what became of an earlier capture is not known yet: try again in a few minutes")
      }
      let names = HeartNames(origin: view.genesis.origin)
      var plan = CapturePlan(
        state: heart, profile: sender.profile, names: names,
        time: max(view.time, Timestamp(seconds: clock() / 1000)),
        known: try known(CapturePlan.identifiers(of: entries, names: names), sender))
      plan.reversed = reversed
      var performed = Performed(mains: entries.map { _ in nil })
      var taken: [(event: Int, rows: CapturePlan.Taken)] = []
      for (place, entry) in entries.enumerated() {
        do throws(EPCISError) {
          try requireNew(entry, names, sender)
          taken.append((place, try plan.take(entry, declared: declared(entry, heart, names, sender))))
        } catch { performed.errors.append(EPCISError(error.exception, error.message, code: error.code, event: place)) }
      }
      guard performed.errors.isEmpty || !isRollback else { return performed }
      let failed = try await takeBack(plan, taken, for: sender, view, &reversed)
      performed.errors += failed
      // What was not taken back may be declared again.
      taken.removeAll { entry in failed.contains { $0.event == entry.event } }
      guard performed.errors.isEmpty || !isRollback, !plan.rows.isEmpty else { return performed }
      let signed = try sign(plan, for: sender, view, capture: capture, entries, taken)
      guard let placement = try await submit(signed, sender) else { continue }
      var refused: [UInt64] = []
      for (row, code) in placement.rows.enumerated() where code != .success {
        refused.append(signed.manifest.first + UInt64(row))
      }
      try sender.store.settle(capture, refused: refused)
      for (place, rows) in taken {
        if let row = rows.rows.first(where: { placement.rows[$0] != .success }) {
          performed.errors.append(
            EPCISError(.validation, "refused in the log", code: placement.rows[row].name, event: place))
        } else {
          performed.mains[place] = rows.main.map { signed.manifest.first + UInt64($0) }
        }
      }
      // It is done, whether the index knows it yet or not.
      _ = try? await isCaughtUp(sender.chain, to: placement.height)
      return performed
    }
    throw NodeError(.busy, "the organisation tells events from somewhere else at the same time")
  }

  private func settle(_ entries: [EPCISDocument.Entry]) async throws {
    let newest =
      entries.map { entry in
        max(entry.event.time.timestamp, entry.event.errorDeclaration?.time.timestamp ?? .init(seconds: 0)).seconds
      }.max() ?? 0
    let now = clock() / 1000
    guard newest <= now, newest + settling > now else { return }
    try await Task.sleep(for: .seconds(Int(newest + settling - now)))
  }

  private func requireNew(_ entry: EPCISDocument.Entry, _ names: HeartNames, _ sender: Sender) throws(EPCISError) {
    // A declaration of error has the name of what it declares.
    let name = entry.event.errorDeclaration == nil ? entry.event.id : nil
    guard name.flatMap(names.event(in:)) == nil else {
      throw EPCISError(.alreadyExists, "the eventID is a name that the chain gives")
    }
    let isKnown: Bool
    do {
      isKnown = try sender.store.isKnown(id: name, hashID: entry.key, of: sender.profile.organisation)
    } catch { throw EPCISError(.implementation, "what was captured before cannot be read") }
    guard !isKnown else { throw EPCISError(.alreadyExists, "the event was captured before") }
  }

  /// The lots that were recorded under identifiers.
  func known(_ identifiers: [String], _ sender: Sender) throws -> [String: [UInt32]] {
    var found: [String: [UInt32]] = [:]
    for identifier in identifiers {
      found[identifier] = try EPCISGateway.lots(sender.store.lots(identifier), sender.chain.index)
    }
    return found
  }

  /// The lots' ordinals on the chain.
  static func lots(_ captured: [CapturedLot], _ index: SearchIndex) throws -> [UInt32] {
    try captured.compactMap { lot in
      // A row that was refused, or is not in the index yet, made none.
      guard let made = try index.step(of: lot.event)?.step.made, made.indices.contains(lot.output) else { return nil }
      return made[lot.output]
    }
  }

  /// A manifest that is ready to be handed in.
  private struct Signed {
    let manifest: SignedCapture
    let entries: [[UInt8]]
  }

  private func sign(
    _ plan: CapturePlan, for sender: Sender, _ view: PublishedView, capture: String, _ entries: [EPCISDocument.Entry],
    _ taken: [(event: Int, rows: CapturePlan.Taken)]
  ) throws -> Signed {
    let organisation = sender.profile.organisation
    let books = view.app.hearts.books
    let next = Int(organisation) < books.count ? books[Int(organisation)].next : 1
    let manifest = Manifest(rows: plan.rows)
    let expiry = newExpiry
    let unsigned = try UnsignedTransaction(
      chain: view.genesis.chain, sender: sender.officer.publicKey.address, expiry: expiry,
      id: EPCISGateway.transactionID(), action: try Hearts.trace(first: next), manifest: manifest)
    let envelope = try unsigned.signed(by: [sender.officer])
    let first = TraceHistory.event(organisation, next)
    let signed = SignedCapture(
      capture: capture, organisation: organisation, expiry: expiry.seconds, root: manifest.root, first: first,
      rows: UInt32(plan.rows.count))
    try sender.store.keep(
      signed,
      events: taken.map { place, rows in
        let entry = entries[place]
        return CapturedEvent(
          id: entry.event.errorDeclaration == nil ? entry.event.id : nil, hashID: entry.key,
          first: first + UInt64(min(rows.rows.lowerBound, plan.rows.count - 1)), rows: UInt32(rows.rows.count),
          main: rows.main.map { first + UInt64($0) })
      },
      identifiers: plan.bindings.map { binding in
        (binding.identifier, CapturedLot(event: first + UInt64(binding.row), output: binding.output))
      })
    return try Signed(
      manifest: signed, entries: [Entry.make(.transaction, envelope)] + RowEntries.pack(plan.rows))
  }

  /// Until when something that is signed now can get into the log.
  var newExpiry: Timestamp { Timestamp(seconds: clock() / 1000).adding(seconds: EPCISGateway.expiry) }

  static func transactionID() -> [UInt8] {
    var dice = SystemRandomNumberGenerator()
    return (0..<16).map { _ in UInt8.random(in: 0...255, using: &dice) }
  }

  /// Hands a manifest in; `nil` where another one took its numbers meanwhile.
  private func submit(_ signed: Signed, _ sender: Sender) async throws -> Placement? {
    let placement: Placement
    do {
      placement = try await sender.chain.submit(signed.entries)
    } catch let error as LedgerError {
      try sender.store.forget(signed.manifest.capture)
      throw EPCISError(.validation, error.message, code: error.code.name)
    } catch let error as NodeError where [.busy, .readOnly, .notReady].contains(error.code) {
      try sender.store.forget(signed.manifest.capture)
      throw error
    }
    if placement.code == .success { return placement }
    try sender.store.forget(signed.manifest.capture)
    if placement.code == .traceOutOfTurn { return nil }
    throw EPCISError(.validation, "the manifest was refused in the log", code: placement.code.name)
  }

  /// Waits until the search index has a block: what was captured can be asked for then.
  ///
  /// - Returns: false where it takes longer than half a minute.
  private func isCaughtUp(_ chain: any ServedChain, to height: UInt64) async throws -> Bool {
    for _ in 0..<600 {
      if try chain.index.height >= height { return true }
      try await Task.sleep(for: .milliseconds(50))
    }
    return false
  }
}

/// Runs captures one after another.
actor CaptureLane {
  /// Captures that may wait.
  static let maximum = 64
  private var last: Task<Void, Never>?
  private var waiting = 0

  /// Runs something after all that was asked for before, also when whoever asked goes away.
  ///
  /// - Throws: `node.busy` where too many wait, and what `body` throws.
  func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
    guard waiting < CaptureLane.maximum else { throw NodeError(.busy, "too many captures wait") }
    waiting += 1
    defer { waiting -= 1 }
    let before = last
    let task = Task {
      await before?.value
      return try await body()
    }
    last = Task { _ = await task.result }
    return try await task.value
  }
}
