public import Ledger

/// The tables by which the organisations change the rules and themselves.
public struct Governance: Sendable {
  /// Proposals there ever were.
  public internal(set) var proposals = AuthenticatedTable<ProposalRecord>(name: "proposals", version: 1)
  /// Their content.
  public internal(set) var pages = AuthenticatedTable<TextPage>(name: "proposal_pages", version: 1)
  /// Votes, in the order in which they were given.
  public internal(set) var votes = AuthenticatedTable<VoteRecord>(name: "votes", version: 1)
  /// Keys there ever were.
  public internal(set) var keys = AuthenticatedTable<KeyRecord>(name: "keys", version: 1)
  /// What proposals need.
  public internal(set) var rules = AuthenticatedTable<RuleRecord>(name: "rules", version: 1)
  /// The consortium's numbers.
  public internal(set) var parameters = AuthenticatedTable<ParametersRecord>(name: "parameters", version: 1)
  /// Calls for pauses and pauses.
  public internal(set) var pauses = AuthenticatedTable<PauseRecord>(name: "pauses", version: 1)
  /// Evidence that was accepted.
  public internal(set) var evidence = AuthenticatedTable<EvidenceRecord>(name: "evidence", version: 1)

  init() {}

  init(image: StateImage) throws(StateError) {
    try image.read(&proposals)
    try image.read(&pages)
    try image.read(&votes)
    try image.read(&keys)
    try image.read(&rules)
    try image.read(&parameters)
    try image.read(&pauses)
    try image.read(&evidence)
    guard rules.count == ProposalKind.allCases.count, parameters.count == 1 else {
      throw StateError(.wrongImage, "rules of another version")
    }
  }

  mutating func images() -> [TableImage] {
    [
      proposals.image(), pages.image(), votes.image(), keys.image(), rules.image(), parameters.image(),
      pauses.image(), evidence.image(),
    ]
  }

  mutating func summaries() -> [TableSummary] {
    [
      proposals.summary(), pages.summary(), votes.summary(), keys.summary(), rules.summary(), parameters.summary(),
      pauses.summary(), evidence.summary(),
    ]
  }

  func recordProof(table: String, ordinal: Int) -> RecordProof? {
    return switch table {
    case proposals.name: proposals.proof(at: ordinal)
    case pages.name: pages.proof(at: ordinal)
    case votes.name: votes.proof(at: ordinal)
    case keys.name: keys.proof(at: ordinal)
    case rules.name: rules.proof(at: ordinal)
    case parameters.name: parameters.proof(at: ordinal)
    case pauses.name: pauses.proof(at: ordinal)
    case evidence.name: evidence.proof(at: ordinal)
    default: nil
    }
  }

  /// What a kind of proposal needs now.
  public func rule(_ kind: ProposalKind) -> Rule { rules[Int(kind.rawValue) - 1].rule }

  /// The content of a proposal: the exact bytes of its `Propose` message.
  public func content(of proposal: Int) -> [UInt8] {
    let record = proposals[proposal]
    return pages.text(from: Int(record.firstPage), length: Int(record.length))
  }

  /// Ordinal of a key that stands or stood for anybody.
  func find(_ key: PublicKey) -> Int? { (0..<keys.count).first { keys[$0].key == key.raw } }
}

/// A value behind one reference, so that whoever holds it can be copied at the cost of that.
indirect enum Boxed<Value: Sendable>: Sendable {
  case value(Value)

  var wrapped: Value {
    get {
      switch self {
      case .value(let value): value
      }
    }
    set { self = .value(newValue) }
  }
}
