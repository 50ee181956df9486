internal import Contracts
internal import HeartChain
internal import Hummingbird
internal import Ledger
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

extension API {
  /// Ways of lots as proof files: whoever has one follows what was given without asking anybody.
  func addWays(to v1: RouterGroup<ServerContext>) {
    v1.get("ways/{lot}") { request, context in
      let chain = try heartChain(request)
      let lots = try heartView(request).app.hearts.lots
      let lot = try API.ordinal("lot", context, below: lots.count, "lot")
      return try JSONResponse.file(await API.way(of: UInt32(lot), on: chain, proofs: proofs))
    }
    v1.get("gifts/{gift}/way") { request, context in
      let chain = try heartChain(request)
      let gifts = try heartView(request).app.hearts.gifts
      let gift = gifts[try API.ordinal("gift", context, below: gifts.count, "gift")]
      guard !gift.isAttendance else { throw Problem.notFound("who took part began no lot, so there is no way") }
      return try JSONResponse.file(await API.way(of: gift.origin, on: chain, proofs: proofs))
    }
  }

  /// The proven way of a lot that the chain has.
  ///
  /// Its steps come from the search index, which may lag a moment: they are the right ones when they give the history
  /// that the record holds.
  ///
  /// - Throws: 503 `search.behind` if the index does not catch up within two seconds; 500 `search.damaged` if it has
  ///   the block and its steps do not lead to the record; `proof.too_many_steps`.
  static func way(of lot: UInt32, on chain: any ServedChain, proofs: ProofShelf) async throws -> ProvenWay {
    for _ in 0..<20 {
      guard let view = chain.view else { throw API.notReady }
      if let file = try way(of: lot, on: chain, as: view, proofs: proofs) { return file }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Problem(
      .serviceUnavailable, .searchBehind, "the search index has not caught up yet", fields: [.retryAfter: "5"])
  }

  /// The same as of a view; `nil` where the index does not have all of it yet.
  private static func way(
    of lot: UInt32, on chain: any ServedChain, as view: PublishedView, proofs: ProofShelf
  ) throws -> ProvenWay? {
    guard try chain.index.height >= view.height else { return nil }
    let record = view.app.hearts.lots[Int(lot)]
    do {
      guard let way = try LotWays(chain.index, at: view.height).way(of: lot) else {
        throw API.damagedIndex
      }
      guard way.steps.count <= ProvenWay.maximumSteps else { throw API.tooManySteps }
      var reversal: (reason: Hash, time: Timestamp)?
      if record.state == .void {
        guard let found = try API.reversal(of: record.gift &- 1, on: chain, as: view) else { throw API.damagedIndex }
        reversal = found
      }
      let hash = reversal.map { TraceHistory.reversal(record.gift &- 1, $0.reason, $0.time) }
      guard way.verify(record, reversal: hash) else { throw API.damagedIndex }
      return try ProvenWay(
        way, reversal: reversal.map { ProvenWay.Reversal(reason: $0.reason, time: $0.time) }, state: view.app,
        chain: view.genesis.chain, seal: proofs.make(on: chain, as: view) { try $0.lastSeal() })
    } catch let error as SearchIndexError where error.code == .tooLong {
      throw API.tooManySteps
    }
  }

  /// An index that has the block and no way that gives its records will not get one by waiting.
  private static let damagedIndex = Problem(
    .internalServerError, Problem.Code(SearchIndexError.Code.damaged.name),
    "the search index does not give the way of the record")

  private static let tooManySteps = Problem(
    .badRequest, Problem.Code(ProofError.Code.tooManySteps.name), "the way has more steps than a file holds")

  /// When and why a gift was taken back. No record has that: it stands in the one transaction about the gift that did
  /// it.
  private static func reversal(
    of gift: UInt32, on chain: any ServedChain, as view: PublishedView
  ) throws -> (reason: Hash, time: Timestamp)? {
    let subject = IndexedSubject(kind: .gift, ordinal: UInt64(gift))
    var bound: UInt64?
    while true {
      let found = try chain.index.transactions(
        before: bound, limit: SearchIndex.maximumLimit, sender: nil, subject: subject)
      for transaction in found where transaction.code == 0 && transaction.index < view.head.size {
        let entries = LogEntries(log: chain.log, size: view.head.size)
        guard let entry = try entries.entry(transaction.index) else { continue }
        let decoded = try VerifiedTransaction.decodeUnsigned(entry: entry, chain: view.genesis.chain)
        guard let reversal = Hearts.reversal(of: decoded.action), reversal.gift == gift else { continue }
        return (reversal.reason, transaction.time)
      }
      guard found.count == SearchIndex.maximumLimit, let last = found.last else { return nil }
      bound = last.index
    }
  }
}
