internal import Consortium
public import Ledger
internal import MutualAid
internal import TransparencyLog

extension TestNetwork {
  /// What leads a filed case to its decision: it is assigned, reported on, and decided by platform and auditor.
  public func examination(
    of number: UInt32, approve: Bool = true
  ) throws(LedgerError) -> [(action: Action, key: SigningKey)] {
    let investigator = organisation(.investigator)
    return [
      (try MutualAid.assign(caseOrdinal: number, to: investigator.ordinal), organisation(.platform).officer),
      (
        try MutualAid.investigate(
          caseOrdinal: number, confirmed: approve, report: .label("report", UInt64(number))), investigator.officer
      ),
      (try MutualAid.decide(caseOrdinal: number, approve: approve), organisation(.platform).officer),
      (try MutualAid.decide(caseOrdinal: number, approve: approve), organisation(.auditor).officer),
    ]
  }
}
