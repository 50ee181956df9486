internal import Contracts
internal import Credentials
internal import HeartChain
internal import Ledger
internal import Node
internal import Storage
internal import Synchronization
internal import TongzhouClient

/// The status lists of an issuer, made from the published state and from which places were given out.
///
/// There are two of each. The **published** one is for everybody, and what it says changes once an hour: a withdrawal
/// stands on the chain with its address, so bits that flip in the block of a withdrawal would show whose they are. The
/// **current** one is what the node itself checks presentations with, and is shown to nobody.
///
/// Whoever asks while a list is being signed waits for that one.
final class StatusLists: Sendable {
  /// How long a signed list is given out before it is signed anew, in seconds.
  static let life: UInt64 = 60
  /// What a published list says changes when another of these has begun, in seconds. Places end on the issuer's grain,
  /// so none that is remembered for an hour can be another credential's before it is over.
  static let step = UInt64(CredentialIssuer.grain)

  /// A list as it was signed.
  struct Signed: Sendable {
    let token: String
    let verified: VerifiedStatusList
  }

  private enum Kind: Hashable { case published, current }
  private struct Name: Hashable {
    let kind: Kind
    let list: Int
  }
  private struct Slot {
    /// The hour or the height that it is of.
    let mark: UInt64
    let made: UInt64
    let task: Task<Signed?, any Error>
  }
  private struct Said {
    let hour: UInt64
    let invalid: [Int]
  }

  private let key: IssuerKey
  private let keys: IssuerKeys
  private let store: IssuanceStore
  private let clock: @Sendable () -> UInt64
  private let slots = Mutex<[Name: Slot]>([:])
  /// What each published list says in its hour.
  private let said = Mutex<[Int: Said]>([:])

  init(key: IssuerKey, keys: IssuerKeys, store: IssuanceStore, clock: @escaping @Sendable () -> UInt64) {
    self.key = key
    self.keys = keys
    self.store = store
    self.clock = clock
  }

  /// The URL of a list.
  func uri(of list: Int) -> String { "\(key.issuer)/v1/hearts/status/\(list)" }

  /// The list with a URL; `nil` for what is none of this issuer's.
  func number(of uri: String) -> Int? {
    (1...IssuanceStore.maximumLists).first { self.uri(of: $0).utf8.elementsEqual(uri.utf8) }
  }

  /// A list for everybody, signed within the last minute; it says what was so when it was first asked for in this hour.
  ///
  /// - Parameter number: 1 to ``IssuanceStore/maximumLists``.
  /// - Returns: `nil` for a list, other than the first, in which no place is given out.
  func published(_ number: Int, on view: PublishedView) async throws -> Signed? {
    let hour = clock() / Self.step
    return try await signed(Name(kind: .published, list: number), mark: hour) { [self] in
      if let known = said.withLock({ $0[number] }), known.hour == hour { return known.invalid }
      guard let invalid = try invalid(number, on: view) else { return nil }
      return said.withLock { said in
        // Whoever was first says it for the hour.
        if let known = said[number], known.hour == hour { return known.invalid }
        said[number] = Said(hour: hour, invalid: invalid)
        return invalid
      }
    }
  }

  /// A list of what holds now; as ``published(_:on:)`` otherwise.
  func current(_ number: Int, on view: PublishedView) async throws -> Signed? {
    try await signed(Name(kind: .current, list: number), mark: view.height) { [self] in
      try invalid(number, on: view)
    }
  }

  private func signed(
    _ name: Name, mark: UInt64, invalid: @escaping @Sendable () throws -> [Int]?
  ) async throws -> Signed? {
    let now = clock()
    let task = slots.withLock { slots in
      if let slot = slots[name], slot.mark == mark, slot.made <= now, now < slot.made + Self.life { return slot.task }
      let task = Task<Signed?, any Error> {
        guard let invalid = try invalid() else { return nil }
        return try await sign(name.list, invalid: invalid, at: Int64(clamping: now))
      }
      slots[name] = Slot(mark: mark, made: now, task: task)
      return task
    }
    var made: Signed?
    // Where there is none, or it failed, the next one tries anew.
    defer {
      if made == nil { slots.withLock { slots in if slots[name]?.task == task { slots[name] = nil } } }
    }
    made = try await task.value
    return made
  }

  private func sign(_ number: Int, invalid: [Int], at time: Int64) async throws -> Signed {
    var states = try StatusList(bits: 1, count: IssuanceStore.listCount)
    for place in invalid { try states.set(.invalid, at: place) }
    let token = try await StatusListToken.sign(states, uri: uri(of: number), by: key, at: time)
    return Signed(token: token, verified: try await VerifiedStatusList(token: token, issuers: keys, at: time))
  }

  /// The places that do not hold; `nil` for a list, other than the first, in which none is given out.
  private func invalid(_ number: Int, on view: PublishedView) throws -> [Int]? {
    let now = clock()
    let places = try store.live(number, now: now)
    // The first one is fetched before there is a credential; another would only cost us its signature.
    guard number == 1 || !places.isEmpty else { return nil }
    let time = GreenChannel.time(of: view, clock: now)
    return places.filter { !Self.holds($0, in: view, at: time) }.map(\.place)
  }

  /// Whether what was issued holds: under the consent of then, with an index that has not fallen below what it says.
  private static func holds(_ place: IssuedPlace, in view: PublishedView, at time: Timestamp) -> Bool {
    let hearts = view.app.hearts
    guard let ordinal = hearts.consents.find(place.consent) else { return false }
    let consent = hearts.consents[ordinal]
    // A later consent does not bring back what the withdrawal of an earlier one took.
    guard consent.holds(at: time), consent.since.seconds <= place.blockTime else { return false }
    return hearts.loveIndex(of: consent.giver, at: view.time) >= place.level
  }
}
