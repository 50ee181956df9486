public import HeartChain
public import Ledger
internal import TransparencyLog

extension NodeClient {
  /// A gift, its record proven.
  public struct FoundGift: Sendable {
    /// Its ordinal.
    public let gift: UInt32
    /// Its record.
    public let record: GiftRecord
  }

  /// The gifts of an address or of a claim code's key, newest first, each record proven. The node's index, which may
  /// lag a moment, only says where to look; what was claimed since is an address's and no longer the code's.
  ///
  /// - Parameter limit: at most so many.
  public func gifts(
    of party: Address, limit: Int = 50, on name: String, chain: TrustedChain
  ) async throws -> [FoundGift] {
    struct List: Decodable {
      struct Item: Decodable { let gift: UInt32 }
      let items: [Item]
      let next: String?
    }
    var found: [FoundGift] = []
    var place = ""
    repeat {
      let path = "/v1/hearts/gifts?party=\(party)&limit=\(min(max(limit, 1), 200))&chain=\(name)\(place)"
      let page = try await decoded(List.self, path)
      for item in page.items where found.count < limit {
        let record = try await gift(item.gift, on: name, chain: chain)
        if record.party == party.key { found.append(FoundGift(gift: item.gift, record: record)) }
      }
      guard let next = page.next, let cursor = UInt64(next), !page.items.isEmpty, found.count < limit else {
        return found
      }
      place = "&cursor=\(cursor)"
    } while true
  }

  /// A gift's record, proven.
  public func gift(_ ordinal: UInt32, on name: String, chain: TrustedChain) async throws -> GiftRecord {
    try await record(GiftRecord.self, table: "gifts", ordinal: UInt64(ordinal), on: name, chain: chain).record
  }

  /// A lot's record, proven.
  public func lot(_ ordinal: UInt32, on name: String, chain: TrustedChain) async throws -> LotRecord {
    try await record(LotRecord.self, table: "lots", ordinal: UInt64(ordinal), on: name, chain: chain).record
  }

  /// The ordinal of the gift that waits for a claim code.
  ///
  /// - Throws: `gift.not_waiting` where none does, by the node's index, which may lag a moment.
  public func gift(
    waitingFor code: ClaimCode, on name: String, chain: TrustedChain
  ) async throws -> UInt32 {
    let found = try await gifts(of: code.address(), on: name, chain: chain)
    guard let waiting = found.first(where: { $0.record.binding == .claim }) else {
      throw ClientError(ClientError.Code(ErrorCode.giftNotWaiting.name), "no gift waits for this code")
    }
    return waiting.gift
  }

  /// The ordinal of a giver's consent for a partner, the record proven.
  ///
  /// - Throws: `consent.not_given` where none stands.
  public func consent(
    of giver: Address, for partner: UInt32, on name: String, chain: TrustedChain
  ) async throws -> UInt32 {
    for consent in try await consents(of: giver, on: name, chain: chain) {
      if consent.record.partner == partner { return consent.consent }
    }
    throw ClientError(ClientError.Code(ErrorCode.noConsent.name), "no consent for partner \(partner)")
  }

  /// A giver's consents, each record proven; those that were taken back or are over too.
  public func consents(
    of giver: Address, on name: String, chain: TrustedChain
  ) async throws -> [(consent: UInt32, record: IndexConsentRecord)] {
    struct List: Decodable {
      struct Item: Decodable { let consent: UInt32 }
      let items: [Item]
      let next: String?
    }
    var found: [(consent: UInt32, record: IndexConsentRecord)] = []
    var cursor: UInt64?
    repeat {
      let place = cursor.map { "&cursor=\($0)" } ?? ""
      let page = try await decoded(List.self, "/v1/hearts/consents?giver=\(giver)&limit=200&chain=\(name)\(place)")
      for item in page.items {
        let record = try await record(
          IndexConsentRecord.self, table: "index_consents", ordinal: UInt64(item.consent), on: name, chain: chain
        ).record
        guard record.giver == giver else { throw ClientError(.badAnswer, "another giver's consent") }
        found.append((item.consent, record))
      }
      let next = page.next.flatMap { UInt64($0) }
      // Newest first: a list that does not go down would never end.
      guard next == nil || cursor == nil || next ?? 0 < cursor ?? 0 else {
        throw ClientError(.badAnswer, "the list of consents does not come to an end")
      }
      cursor = next
    } while cursor != nil
    return found
  }

  /// The newest record of a table that has what a transaction just made, for instance the project that was opened.
  ///
  /// - Parameter recent: how many of the newest are looked at.
  /// - Returns: its ordinal; `nil` where none of them is it.
  public func newest<Record: FixedLayoutRecord>(
    _ type: Record.Type, table: String, on name: String, chain: TrustedChain, recent: UInt64 = 64,
    where isWanted: (Record) -> Bool
  ) async throws -> UInt32? {
    var ordinal: UInt64
    do {
      ordinal = try await record(type, table: table, ordinal: 0, on: name, chain: chain).count
    } catch let error as ClientError where error.status == 404 {
      return nil
    }
    for _ in 0..<min(ordinal, recent) {
      ordinal -= 1
      let record = try await record(type, table: table, ordinal: ordinal, on: name, chain: chain).record
      if isWanted(record) { return UInt32(exactly: ordinal) }
    }
    return nil
  }

  /// The way file of a lot (`tongzhou-way/v1`), as the node gives it. Nothing of it is checked.
  ///
  /// - Parameter limit: the most bytes it may have.
  public func wayFile(of lot: UInt32, on name: String, limit: Int) async throws -> [UInt8] {
    try await get("/v1/ways/\(lot)?chain=\(name)", limit: limit)
  }

  /// What became of a gift, as the node follows it; nothing here is proven. ``wayFile(of:on:limit:)`` is.
  public func impact(of gift: UInt32, on name: String) async throws -> GiftImpact {
    try await decoded(GiftImpact.self, "/v1/hearts/gifts/\(gift)?chain=\(name)")
  }

  /// The events of a lot and of the lots that something of it went into, by block time, as the node's index has them;
  /// nothing here is proven.
  ///
  /// - Parameter limit: the most lots that are followed, and the most events.
  public func steps(
    from lot: UInt32, on name: String, limit: (lots: Int, steps: Int) = (100, 1000)
  ) async throws -> [ToldStep] {
    struct Page: Decodable {
      let items: [ToldStep]
      let next: String?
    }
    var found: [ToldStep] = []
    var lots = [lot]
    var place = 0
    while place < lots.count, place < limit.lots, found.count < limit.steps {
      var cursor: UInt64?
      repeat {
        let from = cursor.map { "&cursor=\($0)" } ?? ""
        let page = try await decoded(Page.self, "/v1/hearts/lots/\(lots[place])?chain=\(name)&limit=200\(from)")
        for step in page.items where !found.contains(where: { $0.event == step.event }) { found.append(step) }
        for made in page.items.flatMap(\.made) where !lots.contains(made) { lots.append(made) }
        let next = page.next.flatMap { UInt64($0) }
        // Oldest first: a list that does not go up would never end.
        guard next == nil || next ?? 0 > cursor ?? 0 else {
          throw ClientError(.badAnswer, "the list of events does not come to an end")
        }
        cursor = next
      } while cursor != nil && found.count < limit.steps
      place += 1
    }
    return found.sorted {
      ($0.time, $0.event.organisation, $0.event.number) < ($1.time, $1.event.organisation, $1.event.number)
    }
  }
}
