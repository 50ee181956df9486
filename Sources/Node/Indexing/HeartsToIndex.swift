internal import Contracts
internal import HeartChain
internal import Ledger
internal import Storage
internal import TransparencyLog

/// What the search index needs of what a chain of hearts noted in a block.
struct HeartsToIndex: Sendable {
  private let steps: [Way.Step]
  private let gifts: [NotedGift]
  private let changes: [NotedHeartChange]

  init(_ state: ChainState) {
    steps = state.steps
    gifts = state.heartGifts
    changes = state.heartChanges
  }

  /// What the index keeps of it.
  var indexed: IndexedHearts {
    IndexedHearts(
      steps: steps.map {
        IndexedStep(event: $0.event, time: $0.time, row: $0.row, sources: $0.sources, made: $0.made)
      },
      gifts: gifts.compactMap { noted in Address(party: noted.party).map { ($0, noted.gift) } },
      changes: changes.compactMap { noted in
        Address(party: noted.party).map { ($0, noted.change.canonicalBytes) }
      })
  }
}
