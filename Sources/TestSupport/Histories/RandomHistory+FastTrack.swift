internal import Consortium
internal import Ledger
internal import MutualAid
internal import TransparencyLog

extension RandomHistory {
  /// Signatures for advances, and what comes back of those that were overturned.
  mutating func fastTrack() throws(LedgerError) -> Step {
    let state = chain.state
    let tracks = state.fastTracks
    let certified = pick(tracks.count) { tracks[$0].status == .certified }
    let owed = pick(tracks.count) { tracks[$0].status == .overturned && tracks[$0].outstanding > 0 }
    let reference = Hash.label("fast track", chain.made)
    switch below(4) {
    case 0 where owed != nil:
      let track = tracks[owed ?? 0]
      let part = below(3) == 0 ? track.outstanding : Amount(micro: track.outstanding / 2).wholeFen.fen.micro
      let plan = state.cases[Int(track.caseOrdinal)].plan
      return try step(
        .mutualAid(.recover),
        MutualAid.recover(
          caseOrdinal: track.caseOrdinal, amount: Amount(micro: below(6) == 0 ? track.outstanding + 10_000 : part),
          reference: reference), by: custodian(of: plan))
    case 0:
      return try step(
        .mutualAid(.recover),
        MutualAid.recover(caseOrdinal: anyCase(.declined), amount: Amount(micro: 10_000), reference: reference),
        by: custodian(of: 0))
    case 1..<3 where certified != nil:
      let number = certified.map { tracks[$0].caseOrdinal } ?? 0
      return try step(
        .mutualAid(.countersign), MutualAid.countersign(caseOrdinal: below(8) == 0 ? number + 1 : number),
        by: chain.network.organisation(.insurer).officer)
    default:
      let fresh = pick(state.cases.count) { ordinal in
        let record = state.cases[ordinal]
        return record.fastTrack == 0 && record.status.isOpen
          && state.convention(of: record.plan).fastTrack != nil
      }
      return try step(
        .mutualAid(.certifyDiagnosis),
        MutualAid.certifyDiagnosis(
          caseOrdinal: UInt32(below(10) == 0 ? below(state.cases.count + 1) : fresh ?? 0), diagnosis: reference),
        by: chain.network.organisation(.hospital).officer)
    }
  }
}
