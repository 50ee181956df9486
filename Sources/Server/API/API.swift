internal import Contracts
internal import Hummingbird
internal import Ledger
internal import Node
internal import Storage
internal import TransparencyLog

/// The JSON interface under `/v1` and what belongs to it; Resources/openapi.yaml describes every route.
///
/// Where a process serves several chains, `?chain=` names one by name; without it the first is meant.
struct API {
  let chains: [any ServedChain]
  let limit: RateLimit
  /// How long a body may take to arrive.
  let patience: Duration
  /// Those who read events, and how long they may hear nothing.
  let eventReaders: Seats
  let eventBeat: Duration
  let answers = IdempotencyCache()
  let proofs: ProofShelf
  let signs: SignShelf

  /// The routes of the interface.
  func addRoutes(to router: Router<ServerContext>) {
    let v1 = router.group("v1").add(middleware: PlainPath())
    v1.get("chains") { _, _ in
      guard chains.contains(where: { $0.view != nil }) else { throw API.notReady }
      return try JSONResponse.make(ChainList(chains))
    }
    addPlans(to: v1)
    addMembers(to: v1)
    addTransactions(to: v1)
    addProofs(to: v1)
    addEvents(to: v1)
    addWays(to: v1)
    addHeartExports(to: v1)
    addHeartSigns(to: v1)
    addHearts(to: v1)
  }

  /// The chain a request is about.
  ///
  /// - Throws: 404 `http.not_found` for an unknown name.
  func chain(_ request: Request) throws -> any ServedChain {
    guard let name = try request.parameter("chain") else { return chains[0] }
    guard let chain = chains.first(where: { $0.name == name }) else { throw Problem.notFound("no chain of that name") }
    return chain
  }

  /// The chain of hearts a request is about: the one it names, or the first.
  ///
  /// - Throws: 404 `http.not_found` where there is none; 503 `node.not_ready` while that cannot be told.
  func heartChain(_ request: Request) throws -> any ServedChain {
    try API.heartChain(of: chains, named: request.parameter("chain"))
  }

  /// The chain of hearts of a name, or the first, whether its log is read already or not: another is never shown in its
  /// place.
  ///
  /// - Throws: 404 `http.not_found` where there is none; 503 `node.not_ready` where that cannot be told yet.
  static func heartChain(of chains: [any ServedChain], named name: String? = nil) throws -> any ServedChain {
    if let name {
      guard let found = chains.first(where: { $0.name == name }) else {
        throw Problem.notFound("no chain of that name")
      }
      guard let hasHearts = found.hasHearts else { throw API.notReady }
      guard hasHearts else { throw Problem.notFound("that chain has no hearts") }
      return found
    }
    if let found = chains.first(where: { $0.hasHearts == true }) { return found }
    throw chains.contains { $0.hasHearts == nil }
      ? API.notReady : Problem.notFound("no chain of hearts is served here")
  }

  /// Its state after the last published block.
  ///
  /// - Throws: as ``heartChain(_:)``; 503 `node.not_ready` while its log is replayed.
  func heartView(_ request: Request) throws -> PublishedView {
    guard let view = try heartChain(request).view else { throw API.notReady }
    return view
  }

  /// The state of a request's chain after the last published block.
  ///
  /// - Throws: 503 `node.not_ready` before the first block, or while the log is replayed.
  func view(_ request: Request) throws -> PublishedView {
    guard let view = try chain(request).view else {
      throw API.notReady
    }
    return view
  }

  /// Before the first block, or while the log is replayed.
  static let notReady = NodeError(.notReady, "the node replays its log, or the chain has no block yet")

  /// A chain's search index, once there is something in it.
  ///
  /// - Throws: 503 `node.not_ready` as for ``view(_:)``.
  func index(_ request: Request) throws -> SearchIndex {
    _ = try view(request)
    return try chain(request).index
  }

  /// A path parameter that counts something.
  static func ordinal(_ name: Substring, _ context: ServerContext, below count: Int, _ what: String) throws -> Int {
    guard let text = context.parameters.get(String(name)), let number = Numbers.read(text, as: UInt32.self) else {
      throw Problem.badRequest("\(name) is a whole number from 0 to \(UInt32.max)")
    }
    guard number < count else { throw Problem.notFound("no \(what) \(number)") }
    return Int(number)
  }
}

/// Refuses addresses of the interface that are not in their one form: `/v1//plans`, `/v1/plans/`. The router takes
/// them for the same as `/v1/plans`, but a cache, a filter or a log in front of it does not.
struct PlainPath: RouterMiddleware {
  @concurrent func handle(
    _ request: Request, context: ServerContext, next: @concurrent (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    guard path.hasPrefix("/"), !path.hasSuffix("/"), !path.contains("//") else {
      throw Problem.notFound("an address has no empty parts")
    }
    return try await next(request, context)
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
