internal import Consortium
internal import Ledger
internal import TransparencyLog

/// A proposal with the votes on it; whoever wants its content proves its pages.
struct ProposalModel: Encodable {
  let proposal: Int
  let kind, status: String
  let organisation: UInt16
  let content: String
  let proposedAt, votingEnds: UInt64
  let executesAt, closedAt: UInt64?
  let failure: UInt16?
  /// How many of the organisations that endorse have to be for it, by the rules of now.
  let needed, electors: Int
  let ayes, noes: [UInt32]

  init(_ ordinal: Int, _ consortium: Consortium) {
    let governance = consortium.governance
    let record = governance.proposals[ordinal]
    proposal = ordinal
    kind = "\(record.kind)"
    status = "\(record.status)"
    organisation = record.organisation
    content = record.content.description
    proposedAt = record.proposedAt.seconds
    votingEnds = record.votingEnds.seconds
    executesAt = record.executesAt == .zero ? nil : record.executesAt.seconds
    closedAt = record.closedAt == .zero ? nil : record.closedAt.seconds
    failure = record.failure == 0 ? nil : record.failure
    electors = consortium.endorsers.count
    needed = governance.rule(record.kind).needed(of: electors)
    let all = 0..<UInt32(consortium.organisations.count)
    ayes = all.filter(record.ayes.contains)
    noes = all.filter(record.noes.contains)
  }
}
