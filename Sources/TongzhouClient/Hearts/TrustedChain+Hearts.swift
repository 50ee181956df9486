internal import HeartChain
internal import Ledger

extension TrustedChain {
  /// Whether it is a chain of hearts.
  public var hasHearts: Bool { genesis.contracts.contains { $0.name.utf8.elementsEqual(Hearts.name.utf8) } }
}
