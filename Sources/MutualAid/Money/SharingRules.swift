internal import Ledger

/// What a convention says of sharing costs: numbers only. A copy of the whole convention counts a reference for each of
/// its texts and lists.
struct SharingRules: Sendable {
  /// The most one member pays.
  let caps: Convention.Caps
  /// What happens to the part that caps or balances leave uncovered.
  let beyond: Convention.Beyond
  /// The platform's fee on top of the aid, in parts per million, at most 500,000.
  let feePartsPerMillion: UInt32

  /// See ``Convention/fee(on:)``.
  func fee(on amount: Amount) -> Amount {
    // At most half of 64 bits, since the rate is at most one half.
    Amount(micro: Int64(Int128(max(0, amount.micro)) * Int128(feePartsPerMillion) / 1_000_000))
  }
}

extension Convention {
  /// Its rules of sharing.
  var sharing: SharingRules { SharingRules(caps: caps, beyond: beyond, feePartsPerMillion: feePartsPerMillion) }
}
