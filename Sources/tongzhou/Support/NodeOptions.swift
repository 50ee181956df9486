internal import ArgumentParser
internal import Ledger
internal import TongzhouClient
internal import TransparencyLog

/// What every command says that talks to a node: which chain, and what is pinned.
struct NodeOptions: ParsableArguments {
  @Option(help: "The chain id to insist on: 64 hexadecimal digits. Without it, compare the one printed.")
  var genesis: String?

  @Option(help: "The chain's short name, where a node serves several; without it the one pinned, or the first.")
  var chain: String?

  @Option(help: "A file with the certificates to trust instead of the system's, for https.")
  var ca: String?

  /// The pinned chain id; `nil` for none.
  ///
  /// - Throws: `encoding.malformed` for what is no chain id.
  func pinned() throws -> Hash? {
    try genesis.map { text in
      guard let hash = Hash(hexadecimal: text) else {
        throw LedgerError(.malformed, "a chain id is 64 hexadecimal digits")
      }
      return hash
    }
  }

  /// Of several chains the one that is named, or the one that says it has the pinned id; all of them where none is
  /// named, and where none has that id, so that whoever checks them says so.
  ///
  /// - Parameter chains: names, each with the id that it claims to have.
  func chosen(_ chains: [(name: String, id: String?)]) throws -> [String] {
    guard chain == nil else { return chains.map(\.name).filter { $0 == chain } }
    let pinned = try pinned().map { "\($0)" }
    let same = chains.filter { pinned != nil && $0.id == pinned }
    return (same.isEmpty ? chains : same).map(\.name)
  }

  /// How patient the client is.
  var client: ClientOptions {
    var options = ClientOptions()
    options.authority = ca
    return options
  }

  /// Asks a node with what was pinned, and ends the connections afterwards.
  ///
  /// - Parameter hearts: whether the chain is one of hearts: the first such, where none is named.
  func with<Value>(
    _ address: String, hearts: Bool = false,
    _ body: (NodeClient, _ chain: String, TrustedChain) async throws -> Value
  ) async throws -> Value {
    let pinned = try pinned()
    return try await NodeClient.with(address, options: client) { node in
      let (name, trusted) =
        hearts ? try await node.trustedHearts(chain, pinned: pinned) : try await node.trusted(chain, pinned: pinned)
      return try await body(node, name, trusted)
    }
  }
}

extension NodeOptions {
  /// The chain that was named, or the one called `heart`, where there is one.
  func heartChain(of client: NodeClient) async throws -> String? {
    if let chain { return chain }
    return try await client.chains().first { $0.name == "heart" }?.name
  }
}
