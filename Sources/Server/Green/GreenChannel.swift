internal import Contracts
public import Credentials
internal import HeartChain
internal import Ledger
internal import Node
public import Storage
internal import Synchronization
internal import TongzhouClient
internal import TransparencyLog

/// What a node with an issuer's key does: issues credentials on a giver's own request and under her consent, says which
/// of them hold, and checks what partners are shown.
///
/// What is issued follows from the published state: the consent that holds there, and the index that it gives. What is
/// revoked follows from it as well, so taking back a consent on the chain is enough.
public final class GreenChannel: Sendable {
  let key: IssuerKey
  let keys: IssuerKeys
  private let store: IssuanceStore
  let clock: @Sendable () -> UInt64
  private let nonces = Mutex(NonceBook())
  let lists: StatusLists

  /// A channel.
  ///
  /// - Parameters:
  ///   - key: the key that signs; its issuer is the address under which this node is reached.
  ///   - store: which places of which lists were given out.
  ///   - clock: seconds since 1970.
  public init(
    key: IssuerKey, store: IssuanceStore, clock: @escaping @Sendable () -> UInt64
  ) throws(CredentialError) {
    self.key = key
    keys = try IssuerKeys([key])
    self.store = store
    self.clock = clock
    lists = StatusLists(key: key, keys: keys, store: store, clock: clock)
  }

  var now: Int64 { Int64(clamping: clock()) }

  /// Issues what a giver asks for.
  ///
  /// - Throws: what is wrong with the request; `consent.not_given`; ``CredentialError``.
  func issue(_ request: CredentialRequest, on view: PublishedView) async throws -> [LoveIndexCredential] {
    // Read once: with two readings the place in a list could be over before the credential is.
    let clock = clock()
    let now = Int64(clamping: clock)
    try request.verify(
      chain: view.genesis.chain, currentKey: view.app.currentKey(of: request.sender.address),
      now: Timestamp(seconds: clock))
    let hearts = view.app.hearts
    try GreenChannel.requirePartner(request.partner, in: hearts)
    let time = GreenChannel.time(of: view, clock: clock)
    guard hearts.consent(of: request.sender.address, for: request.partner, at: time) != nil else {
      throw LedgerError(.noConsent, "no consent for this partner holds")
    }
    let thresholds = GreenChannel.thresholds(of: hearts.formula)
    let index = hearts.loveIndex(of: request.sender.address, at: view.time)
    let start = CredentialIssuer.start(at: now)
    let places: [IssuedPlace]
    do {
      places = try store.reserve(
        request.holders.map { .sha256($0.bytes) },
        consent: IndexConsentRecord.key(of: request.sender.address, partner: request.partner),
        blockTime: view.time.seconds, level: thresholds.last { $0 <= index } ?? 0, now: clock,
        expires: UInt64(clamping: start + LoveIndexCredential.longestLife)
      ) { Int.random(in: 0..<$0) }
    } catch let refusal as IssuanceStore.Refusal {
      throw GreenChannel.error(refusal)
    }
    var holders: [PublicJWK] = []
    for holder in request.holders { holders.append(try PublicJWK(bytes: holder.bytes)) }
    var known: [IndexThreshold] = []
    for threshold in thresholds { known.append(try IndexThreshold(threshold)) }
    return try await CredentialIssuer(key: key, thresholds: known).issue(
      index: index, to: holders, status: places.map { StatusReference(index: $0.place, list: lists.uri(of: $0.list)) },
      at: now)
  }

  /// A question of a partner.
  func ask(for partner: UInt32, threshold: UInt16, on view: PublishedView) throws -> (nonce: String, audience: String) {
    try GreenChannel.requireChannel(of: partner, at: threshold, in: view.app.hearts)
    let audience = GreenChannel.audience(of: partner, on: view)
    return (nonces.withLock { $0.issue(for: audience, at: now) }, audience)
  }

  /// Checks what a partner was shown, once.
  ///
  /// - Throws: ``CredentialError`` with the first thing that is wrong.
  func check(
    _ text: String, for partner: UInt32, threshold: UInt16, on view: PublishedView
  ) async throws -> VerifiedPresentation {
    try GreenChannel.requireChannel(of: partner, at: threshold, in: view.app.hearts)
    let audience = GreenChannel.audience(of: partner, on: view)
    let question = try PartnerQuestion(issuers: keys, audience: audience, threshold: IndexThreshold(threshold))
    let presentation = try UnverifiedPresentation(text: text)
    guard let nonce = presentation.claimedNonce else {
      throw CredentialError(.malformed, "a key binding that does not read")
    }
    try check(nonce, for: audience)
    // Where nothing stands in its list, the presentation says what is wrong with itself.
    var known: [VerifiedStatusList] = []
    if let number = presentation.claimedList.flatMap(lists.number), let list = try await lists.current(number, on: view)
    {
      known = [list.verified]
    }
    let verified = try await presentation.verified(for: question, nonce: nonce, lists: known, at: now)
    // Only now: what does not verify must not use up somebody's question.
    try take(nonce, for: audience)
    return verified
  }

  private func check(_ nonce: String, for audience: String) throws(CredentialError) {
    let book = nonces.withLock { $0 }
    try book.check(nonce, for: audience, at: now)
  }

  private func take(_ nonce: String, for audience: String) throws {
    let now = now
    try nonces.withLock { try $0.take(nonce, for: audience, at: now) }
  }
}

extension GreenChannel {
  /// Up to when a consent has to hold: where no block comes, it ends by the clock.
  static func time(of view: PublishedView, clock: UInt64) -> Timestamp { max(view.time, Timestamp(seconds: clock)) }

  /// A partner's name in presentations.
  static func audience(of partner: UInt32, on view: PublishedView) -> String {
    PartnerQuestion.audience(chain: view.genesis.chain.description, partner: partner)
  }

  /// Refuses to say anything of a chain whose last block is too old: givers may have withdrawn and gifts may have been
  /// taken back since, and what is signed would pass for a statement of now.
  ///
  /// Where nothing is sent, a block comes with each heartbeat. So one that is older than a heartbeat and
  /// ``StatusLists/step`` is not the newest: the node, or the network between it and the others, stands still. A
  /// partner is told of nothing that is younger than that hour anyway.
  ///
  /// - Throws: `credential.outdated`.
  static func requireFresh(_ view: PublishedView, clock: UInt64) throws(CredentialError) {
    let longest = UInt64(view.genesis.limits.heartbeatSeconds) + StatusLists.step
    guard clock <= view.time.adding(seconds: longest).seconds else {
      throw CredentialError(.outdated, "this node has seen no block for more than \(longest) seconds")
    }
  }

  /// The thresholds of a formula, rising.
  static func thresholds(of formula: FormulaRecord) -> [UInt16] {
    formula.thresholds.indices.map { formula.thresholds[$0] }.filter { $0 > 0 }
  }

  /// - Throws: 404 `http.not_found`; `partner.closed`.
  static func requirePartner(_ partner: UInt32, in hearts: Hearts) throws {
    guard Int(partner) < hearts.partners.count else { throw Problem.notFound("no partner \(partner)") }
    guard hearts.partners[Int(partner)].closedAt == .zero else {
      throw LedgerError(.partnerClosed, "the partner takes part no longer")
    }
  }

  /// Refuses a question that the partner opens nothing for: nobody asks for more than is needed.
  ///
  /// - Throws: as ``requirePartner(_:in:)``; `channel.unknown`.
  static func requireChannel(of partner: UInt32, at threshold: UInt16, in hearts: Hearts) throws {
    try requirePartner(partner, in: hearts)
    let open = OpenChannels(of: CollectionOfOne(Int(partner)), in: hearts)[Int(partner)]
    guard open.contains(where: { hearts.channels[$0].threshold == threshold }) else {
      throw LedgerError(.unknownChannel, "the partner opens nothing at \(threshold)")
    }
  }

  private static func error(_ refusal: IssuanceStore.Refusal) -> CredentialError {
    switch refusal {
    case .tooMany: CredentialError(.tooMany, "so many credentials under this consent are not over yet")
    case .keyUsed: CredentialError(.keyUsed, "a credential was issued to one of the keys before")
    case .full: CredentialError(.noRoom, "no place is left in the status lists")
    }
  }
}
