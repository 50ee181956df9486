public import Consortium
internal import Contracts
public import Ledger
internal import MutualAid
internal import TransparencyLog

extension TestChain {
  /// Who the organisations are now.
  public var consortium: Consortium { chain.app.consortium }

  /// An organisation proposes a change, by its officer; the code, and the proposal's ordinal.
  @discardableResult
  public mutating func propose(
    _ change: Change, by organisation: Int = 0
  ) throws(LedgerError) -> (code: ErrorCode, proposal: UInt32) {
    let ordinal = UInt32(consortium.governance.proposals.count)
    let code = try perform(Consortium.propose(change), by: network.organisations[organisation].officer)
    return (code, ordinal)
  }

  /// Organisations vote on a proposal, each in a block of its own; the code of the last.
  @discardableResult
  public mutating func vote(
    _ proposal: UInt32, by organisations: [Int], approve: Bool = true
  ) throws(LedgerError) -> ErrorCode {
    var code = ErrorCode.success
    for organisation in organisations {
      code = try perform(
        ballot(proposal, approve: approve), by: network.organisations[organisation].officer)
    }
    return code
  }

  /// The action of a vote on a proposal's content.
  public func ballot(_ proposal: UInt32, approve: Bool = true) throws(LedgerError) -> Action {
    let proposals = consortium.governance.proposals
    let content = Int(proposal) < proposals.count ? proposals[Int(proposal)].content : .zero
    return try Consortium.vote(proposal: proposal, content: content, approve: approve)
  }

  /// A change is proposed by the first of the organisations and voted for by the others, and the timelock passes; the
  /// proposal's ordinal.
  @discardableResult
  public mutating func carry(_ change: Change, by organisations: [Int] = [0, 1, 2]) throws(LedgerError) -> UInt32 {
    let (code, proposal) = try propose(change, by: organisations[0])
    guard code == .success else { throw LedgerError(code, "this was to be proposed") }
    let last = try vote(proposal, by: Array(organisations.dropFirst()))
    guard last == .success else { throw LedgerError(last, "this was to be voted for") }
    let due = consortium.governance.proposals[Int(proposal)].executesAt
    clock = max(clock, due)
    try block()
    return proposal
  }
}
