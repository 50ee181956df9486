internal import Ledger
internal import MutualAid

/// What a case cost each member, to the millionth.
struct CaseCost {
  /// The settlement that shared it.
  let settlement: SettlementRecord
  /// This case's part of the share, rounded down to the millionth.
  let each: Int64
  /// Whether the settlement had nothing else to share.
  let isAlone: Bool

  /// `nil` before the case was shared.
  init?(_ record: CaseRecord, _ aid: MutualAid) {
    guard record.settlement > 0 else { return nil }
    settlement = aid.settlements[Int(record.settlement - 1)]
    isAlone = settlement.cases == 1 && settlement.carriedBefore == 0
    let fee = aid.convention(of: record.plan).fee(on: Amount(micro: record.aid)).micro
    let needed = Int128(settlement.aid) + Int128(settlement.fee) + Int128(settlement.carriedBefore)
    guard !isAlone, needed > 0 else {
      each = settlement.share
      return
    }
    each = Int64(Int128(settlement.share) * (Int128(record.aid) + Int128(fee)) / needed)
  }

  /// What each member with a balance would pay if the case were shared now and by itself: by its aid and fee, the
  /// present number of payers and the cap for one case; `nil` where nobody has a balance.
  static func estimate(_ record: CaseRecord, _ aid: MutualAid) -> Int64? {
    let convention = aid.convention(of: record.plan)
    let payers = Int64(aid.balances(of: record.plan).members)
    guard payers > 0 else { return nil }
    let needed = record.aid + convention.fee(on: Amount(micro: record.aid)).micro
    let share = needed / payers + (needed % payers == 0 ? 0 : 1)
    let caps = [convention.caps.perCase.micro, convention.caps.perPeriod.micro].filter { $0 > 0 }
    return min(share, caps.min() ?? share)
  }
}
