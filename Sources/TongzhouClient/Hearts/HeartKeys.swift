public import Ledger
public import TransparencyLog

extension BackupSecret {
  /// What stands in place of a plan where a key is for hearts; plans have smaller numbers.
  static let heartPurpose: UInt32 = 65_536

  /// A person's key on a chain of hearts, out of the secret from which her keys for plans follow too.
  ///
  /// It is derived from the chain's id and a number that no plan has, so nobody sees that it is hers who has a
  /// membership: an illness and a gift are not linked.
  ///
  /// - Parameter chain: the id of the chain of hearts.
  public func heartKey(chain: Hash) throws(LedgerError) -> SigningKey {
    try key(chain: chain, plan: BackupSecret.heartPurpose)
  }
}
