public import Ledger

extension Hearts {
  /// Hands all tables in, always in this order.
  public mutating func commit(to commitment: inout StateCommitment) {
    commitment.take(&channels)
    commitment.take(&exhibits)
    commitment.take(&flows)
    commitment.take(&formulas)
    commitment.take(&kinds)
    commitment.take(&gifts)
    commitment.take(&givers)
    commitment.take(&hearts)
    commitment.take(&consents)
    commitment.take(&lots)
    commitment.take(&partners)
    commitment.take(&projects)
    commitment.take(&relations)
    commitment.take(&books)
    commitment.take(&manifests)
  }

  /// The tables as a snapshot holds them.
  public mutating func images() -> [TableImage] {
    [
      channels.image(), exhibits.image(), flows.image(), formulas.image(), kinds.image(), gifts.image(),
      givers.image(), hearts.image(), consents.image(), lots.image(), partners.image(), projects.image(),
      relations.image(), books.image(), manifests.image(),
    ]
  }

  /// The contract's state that consists of these tables.
  ///
  /// - Throws: `state.wrong_image` for tables of another version, or without a formula or the totals.
  public init(image: StateImage) throws(StateError) {
    self.init()
    try image.read(&channels)
    try image.read(&exhibits)
    try image.read(&flows)
    try image.read(&formulas)
    try image.read(&kinds)
    try image.read(&gifts)
    try image.read(&givers)
    try image.read(&hearts)
    try image.read(&consents)
    try image.read(&lots)
    try image.read(&partners)
    try image.read(&projects)
    try image.read(&relations)
    try image.read(&books)
    try image.read(&manifests)
    guard hearts.count == 1, !formulas.isEmpty, !kinds.isEmpty else {
      throw StateError(.wrongImage, "a chain of hearts has kinds, a formula and totals")
    }
    kindList = (0..<kinds.count).map { kinds[$0] }
  }

  /// The proof that a record stands in one of the contract's tables; `nil` for an unknown table or ordinal.
  ///
  /// The tables' roots must have been asked for since the last change.
  public func recordProof(table: String, ordinal: Int) -> RecordProof? {
    switch table {
    case channels.name: channels.proof(at: ordinal)
    case exhibits.records.name: exhibits.records.proof(at: ordinal)
    case flows.records.name: flows.records.proof(at: ordinal)
    case formulas.name: formulas.proof(at: ordinal)
    case kinds.name: kinds.proof(at: ordinal)
    case gifts.name: gifts.proof(at: ordinal)
    case givers.records.name: givers.records.proof(at: ordinal)
    case hearts.name: hearts.proof(at: ordinal)
    case consents.records.name: consents.records.proof(at: ordinal)
    case lots.name: lots.proof(at: ordinal)
    case partners.name: partners.proof(at: ordinal)
    case projects.name: projects.proof(at: ordinal)
    case relations.name: relations.proof(at: ordinal)
    case books.name: books.proof(at: ordinal)
    case manifests.name: manifests.proof(at: ordinal)
    default: nil
    }
  }
}
