internal import Hummingbird
internal import Ledger
internal import Node
internal import TransparencyLog

/// The JSON interface under `/v1` and what belongs to it; Resources/openapi.yaml describes every route.
///
/// Where a process serves several chains, `?chain=` names one by name; without it the first is meant.
struct API {
  let chains: [any ServedChain]
  let limit: RateLimit
  let answers = IdempotencyCache()

  /// The routes of the interface.
  func addRoutes(to router: Router<ServerContext>) {
    let v1 = router.group("v1")
    v1.get("chains") { _, _ in try JSONResponse.make(ChainList(chains)) }
    addPlans(to: v1)
    addMembers(to: v1)
    addTransactions(to: v1)
    addProofs(to: v1)
    addEvents(to: v1)
  }

  /// The chain a request is about.
  ///
  /// - Throws: 404 `http.not_found` for an unknown name.
  func chain(_ request: Request) throws -> any ServedChain {
    guard let name = request.uri.queryParameters["chain"] else { return chains[0] }
    guard let chain = chains.first(where: { $0.name == name }) else { throw Problem.notFound("no chain of that name") }
    return chain
  }

  /// Its state after the last published block.
  ///
  /// - Throws: 503 `node.not_ready` before the first block, or while the log is replayed.
  func view(_ request: Request) throws -> PublishedView {
    guard let view = try chain(request).view else {
      throw NodeError(.notReady, "the node replays its log, or the chain has no block yet")
    }
    return view
  }

  /// A path parameter that counts something.
  static func ordinal(_ name: Substring, _ context: ServerContext, below count: Int, _ what: String) throws -> Int {
    guard let text = context.parameters.get(String(name)), let number = Int(text), number >= 0 else {
      throw Problem.badRequest("\(name) is a whole number from 0")
    }
    guard number < count else { throw Problem.notFound("no \(what) \(number)") }
    return number
  }
}

/// `/v1/chains`.
struct ChainList: Encodable {
  struct Chain: Encodable {
    let id: String
    let name: String
    let origin: String
    let height: UInt64
    let size: UInt64
    let time: UInt64
    /// Why the chain does not go on here; absent while all is well.
    let stopped: String?
  }

  let chains: [Chain]

  init(_ served: [any ServedChain]) {
    chains = served.compactMap { chain in
      chain.view.map { view in
        Chain(
          id: view.genesis.chain.description, name: chain.name, origin: view.genesis.origin, height: view.height,
          size: view.head.size, time: view.time.seconds, stopped: chain.fault.map { "\($0)" })
      }
    }
  }
}
