internal import Consortium
public import HeartChain
public import Ledger
public import TransparencyLog

/// What givers, partners and organisations do on a chain of hearts. Each signs, hands in, waits until it is final and
/// verifies the receipt; what the rules refuse is a ``ClientError`` with the contract's code.
extension NodeClient {
  /// Claims a gift with its code: its hearts go to the address of the key.
  public func redeem(
    _ gift: UInt32, with code: ClaimCode, by key: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> Submission {
    try await perform(Hearts.redeem(gift: gift), by: key, with: [code.key()], on: name, chain: chain)
  }

  /// What a giver signs to spend hearts at a partner. The partner signs the same with
  /// `UnsignedTransaction.countersigned` and hands it in, within ``expirySeconds``.
  ///
  /// - Parameters:
  ///   - purpose: what for, by the partner's own list.
  ///   - receipt: plain hash of the partner's receipt, which must never have been shown before.
  public static func spending(
    _ hearts: Int64, at partner: UInt32, purpose: UInt32, receipt: Hash, by key: SigningKey, chain: TrustedChain
  ) throws(LedgerError) -> [UInt8] {
    try sign(Hearts.spend(hearts: hearts, at: partner, purpose: purpose, receipt: receipt), by: key, chain: chain)
  }

  /// Gives hearts to a project.
  public func give(
    _ hearts: Int64, to project: UInt32, by key: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> Submission {
    try await perform(Hearts.give(hearts: hearts, to: project), by: key, on: name, chain: chain)
  }

  /// Consents that thresholds of her index are attested for a partner, until a moment at most 366 days ahead.
  public func consent(
    to partner: UInt32, until: Timestamp, by key: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> Submission {
    try await perform(Hearts.consent(partner: partner, until: until), by: key, on: name, chain: chain)
  }

  /// Takes a consent back.
  ///
  /// - Parameter consent: its ordinal in `index_consents`.
  public func withdraw(
    consent: UInt32, by key: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> Submission {
    try await perform(Hearts.withdrawConsent(consent), by: key, on: name, chain: chain)
  }
}

extension NodeClient {
  /// What became of an event that an organisation told.
  public struct Told: Sendable {
    /// Which of the events.
    public let index: Int
    /// Its number among the organisation's.
    public let number: UInt64
    /// `success`, or why the rules refused it; `nil` where the node's answer was lost: the block's results have it.
    public let code: String?
  }

  /// An organisation tells events, in one manifest. The rows that are refused use up their numbers and change nothing.
  ///
  /// Where another officer of the same organisation came first, the manifest is numbered anew and signed again.
  ///
  /// - Parameters:
  ///   - events: at most as many as a batch holds; ``EventFile/parts(limit:)`` cuts more.
  ///   - organisation: its ordinal.
  public func tell(
    _ events: [TraceEvent], of organisation: UInt16, by officer: SigningKey, on name: String, chain: TrustedChain
  ) async throws -> (submission: Submission, told: [Told]) {
    let rows = events.map(\.row)
    var tries = 0
    while true {
      let first = try await nextEvent(of: organisation, on: name, chain: chain)
      do {
        let done = try await perform(Hearts.trace(first: first), by: officer, rows: rows, on: name, chain: chain)
        let told = events.indices.map { index in
          let codes = done.rows ?? []
          return Told(
            index: index, number: first + UInt64(index), code: codes.indices.contains(index) ? codes[index] : nil)
        }
        return (done, told)
      } catch let error as ClientError where error.code.name == ErrorCode.traceOutOfTurn.name && tries < 8 {
        tries += 1
      }
    }
  }

  /// The number of an organisation's next event, proven; 1 before its first.
  public func nextEvent(of organisation: UInt16, on name: String, chain: TrustedChain) async throws -> UInt64 {
    do {
      return try await record(
        TraceBookRecord.self, table: "trace_books", ordinal: UInt64(organisation), on: name, chain: chain
      ).record.next
    } catch let error as ClientError where error.status == 404 {
      return 1
    }
  }

  /// The kinds of gifts by ordinal, each proven.
  public func giftKinds(on name: String, chain: TrustedChain) async throws -> [GiftKindRecord] {
    try await all(GiftKindRecord.self, table: "gift_kinds", on: name, chain: chain)
  }

  /// The names of the organisations by ordinal, each proven.
  public func organisationNames(on name: String, chain: TrustedChain) async throws -> [String] {
    try await all(OrganisationRecord.self, table: "organisations", on: name, chain: chain).map(\.name.string)
  }

  /// Every record of a small table, each proven.
  private func all<Record: FixedLayoutRecord>(
    _ type: Record.Type, table: String, on name: String, chain: TrustedChain
  ) async throws -> [Record] {
    let first = try await record(type, table: table, ordinal: 0, on: name, chain: chain)
    var records = [first.record]
    guard first.count <= UInt64(Hearts.maximumKinds) else {
      throw ClientError(.tooLarge, "\(table) has \(first.count) records")
    }
    while UInt64(records.count) < first.count {
      records.append(
        try await record(type, table: table, ordinal: UInt64(records.count), on: name, chain: chain).record)
    }
    return records
  }
}
