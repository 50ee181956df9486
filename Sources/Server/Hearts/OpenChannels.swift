internal import HeartChain
internal import Ledger

/// The channels that partners have open, looked for from the newest on.
///
/// A channel that is closed stays in the table for ever, and a partner can open and close as often as it likes; so the
/// table grows, and no request looks through all of it. A partner's record says how many it has open, with which the
/// search ends early.
struct OpenChannels {
  /// The most channels that one request looks at, from the newest on. A partner that has some open that are older has
  /// only to open them anew.
  static let maximumLooked = 100_000

  private var found: [UInt32: [Int]] = [:]

  /// Finds those of some partners.
  ///
  /// - Parameter partners: ordinals; who takes part no longer has none open.
  init(of partners: some Sequence<Int>, in hearts: Hearts, looking looked: Int = maximumLooked) {
    var missing: [UInt32: UInt32] = [:]
    for partner in partners {
      let record = hearts.partners[partner]
      if record.closedAt == .zero, record.channels > 0 { missing[UInt32(partner)] = record.channels }
    }
    var ordinal = hearts.channels.count
    let end = max(0, ordinal - looked)
    while ordinal > end, !missing.isEmpty {
      ordinal -= 1
      let channel = hearts.channels[ordinal]
      guard channel.closedAt == .zero, let left = missing[channel.partner] else { continue }
      found[channel.partner, default: []].append(ordinal)
      missing[channel.partner] = left > 1 ? left - 1 : nil
    }
  }

  /// Ordinals of a partner's open channels, rising.
  subscript(partner: Int) -> [Int] { (found[UInt32(partner)] ?? []).reversed() }

  /// Ordinals of the newest open channels of all partners, rising.
  static func newest(_ limit: Int, in hearts: Hearts, looking looked: Int = maximumLooked) -> [Int] {
    var found: [Int] = []
    var ordinal = hearts.channels.count
    let end = max(0, ordinal - looked)
    while ordinal > end, found.count < limit {
      ordinal -= 1
      if hearts.channels[ordinal].closedAt == .zero { found.append(ordinal) }
    }
    return found.reversed()
  }
}
