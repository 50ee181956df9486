public import Ledger
public import TransparencyLog

extension Hearts {
  /// The gifts that an action names; empty for one that names none or does not decode. Looks at no state.
  public static func gifts(of action: Action) -> [UInt32] {
    switch HeartAction(rawValue: action.kind) {
    case .redeem: (try? decode(action.payload, as: WireRedeem.self)).map { [$0.gift] } ?? []
    case .reverse: reversal(of: action).map { [$0.gift] } ?? []
    default: []
    }
  }

  /// The gift that an action takes back, and the hash of the published reason; `nil` for every other action.
  public static func reversal(of action: Action) -> (gift: UInt32, reason: Hash)? {
    guard action.belongs(to: name), HeartAction(rawValue: action.kind) == .reverse,
      let wire = try? decode(action.payload, as: WireReverseGift.self), let reason = Hash(wire.reason)
    else { return nil }
    return (wire.gift, reason)
  }
}
