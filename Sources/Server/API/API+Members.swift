internal import Contracts
internal import Hummingbird
internal import Ledger
internal import MutualAid
internal import NIOCore
internal import Node
internal import Storage
internal import TongzhouClient
internal import TransparencyLog

/// A member's statement; the ledger knows statements of another kind.
typealias MemberStatement = TongzhouClient.Statement

extension API {
  /// Memberships and their statements.
  func addMembers(to v1: RouterGroup<ServerContext>) {
    v1.get("members") { request, _ in
      let chain = try chain(request)
      guard let text = try request.parameter("owner"), let owner = try? Address(text: text) else {
        throw Problem.badRequest("owner is an address: tz1…")
      }
      let view = try view(request)
      let aid = view.app.mutualAid
      // Whoever owned a membership before the insured took it over owns it no longer.
      let items = try chain.index.memberships(of: owner)
        .filter { Int($0) < aid.memberships.count && aid.memberships[Int($0)].owner == owner }
        .map { MemberModel(Int($0), aid, at: view.time) }
      return try ItemPage(items: items, next: nil).response(request)
    }
    v1.get("members/{member}") { request, context in
      let view = try view(request)
      let aid = view.app.mutualAid
      let member = try API.ordinal("member", context, below: aid.memberships.count, "membership")
      return try JSONResponse.make(MemberModel(member, aid, at: view.time))
    }
    v1.get("members/{member}/statement") { request, context in
      let chain = try chain(request)
      let count = try view(request).app.mutualAid.memberships.count
      let member = try API.ordinal("member", context, below: count, "membership")
      var wanted = WantedCases.nothing
      if let text = try request.parameter("cases") {
        guard let named = WantedCases(text: text) else {
          throw Problem.badRequest("cases is `all`, or up to \(WantedCases.mostNamed) ordinals with commas between")
        }
        wanted = named
      }
      let statement = try await API.statement(of: UInt32(member), on: chain, opening: wanted, proofs: proofs)
      return try JSONResponse.file(statement)
    }
  }

  /// The proven statement of a membership.
  ///
  /// Its changes come from the search index, which may lag a moment: they are the right ones when they give the
  /// history that the record holds.
  ///
  /// - Throws: 503 `search.behind` if the index does not catch up within two seconds; what `Statement.open` throws.
  static func statement(
    of member: UInt32, on chain: any ServedChain, opening cases: WantedCases, proofs: ProofShelf
  ) async throws -> MemberStatement {
    for _ in 0..<20 {
      guard let view = chain.view else { throw NodeError(.notReady, "the chain has no block yet") }
      let changes = try chain.index.changes(of: member).compactMap(MembershipChange.init(bytes:))
      let history = changes.reduce(Hash.zero) { $1.following($0) }
      if history == view.app.mutualAid.memberships[Int(member)].history {
        var statement = try MemberStatement(
          of: member, changes: changes, state: view.app, chain: view.genesis.chain,
          seal: proofs.make(on: chain, as: view) { try $0.lastSeal() })
        try statement.open(cases, in: view.app.mutualAid)
        return statement
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Problem(
      .serviceUnavailable, .searchBehind, "the search index has not caught up yet", fields: [.retryAfter: "5"])
  }
}

/// A membership. Money is in yuan, as text.
struct MemberModel: Encodable {
  let membership: Int
  let plan: UInt16
  let number: UInt32
  let owner: String
  let status: String
  let birthYear: Int
  let joinedAt, waitingFrom, coveredSince: UInt64
  let balance: String
  let openCase: UInt32?
  let history: String
  /// The owner's record in `account_keys`, where she signs with another key than her first or may soon.
  let accountKey: Int?
  /// The payee of record now: the commitment that a payment has to name, where one is named.
  let payee: String?

  init(_ ordinal: Int, _ aid: MutualAid, at time: Timestamp) {
    let record = aid.memberships[ordinal]
    membership = ordinal
    plan = record.plan
    number = record.number
    owner = record.owner.description
    status = "\(record.status)"
    birthYear = Int(record.birthMonth) / 12
    joinedAt = record.joinedAt.seconds
    waitingFrom = record.waitingFrom.seconds
    coveredSince = record.coveredSince.seconds
    balance = yuan(record.balance(cumulative: aid.plans[Int(record.plan)].cumulative))
    openCase = record.openCase == 0 ? nil : record.openCase - 1
    history = record.history.description
    accountKey = aid.accountKey(of: record.owner)
    let named = aid.payee(of: UInt32(ordinal), at: time)
    payee = named == .zero ? nil : named.description
  }
}
