internal import Node
internal import Synchronization
internal import TongzhouClient

/// Makes the proofs out of chains' newest views, one after the other: what was read and hashed for one serves the next.
///
/// Everybody who waited for a block asks for a receipt at the same moment, and every proof of the state ends at the
/// same seal, so together they take less time than each on its own.
final class ProofShelf: Sendable {
  /// One chain's reader.
  private final class Place: @unchecked Sendable {
    // Unchecked: touched by whoever holds the lock and by nobody else.
    private let lock = Mutex(())
    private var checkpoint: [UInt8] = []
    private var reader: ProofReader<ViewSource>?

    func make<Proof: Sendable>(
      _ view: PublishedView, _ chain: any ServedChain, _ body: (inout ProofReader<ViewSource>) throws -> Proof
    ) throws -> Proof {
      try lock.withLock { _ in
        if checkpoint != view.checkpoint { reader = nil }
        // Taken out meanwhile: of two, changing one would copy what it keeps.
        var own = try reader.take() ?? ProofReader(ViewSource(view, log: chain.log))
        defer { (reader, checkpoint) = (own, view.checkpoint) }
        return try body(&own)
      }
    }
  }

  private let places: [String: Place]

  init(_ chains: [any ServedChain]) {
    places = Dictionary(uniqueKeysWithValues: chains.map { ($0.name, Place()) })
  }

  /// A proof out of a chain as of a view.
  ///
  /// - Throws: what `body` throws; `proof.not_found` where the log's files are missing.
  func make<Proof: Sendable>(
    on chain: any ServedChain, as view: PublishedView, _ body: (inout ProofReader<ViewSource>) throws -> Proof
  ) throws -> Proof {
    guard let place = places[chain.name] else { preconditionFailure("every chain that is served has its place") }
    return try place.make(view, chain, body)
  }
}
