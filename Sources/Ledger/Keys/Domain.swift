/// Prefixes that keep one kind of signed or hashed bytes from passing for another.
///
/// Each ends in a zero byte, which no other prefix contains, so none is the beginning of another.
public enum Domain {
  /// Before the suite and first public key of an account.
  public static let address = tag("address")
  /// Before the body of a transaction, when it is signed.
  public static let transaction = tag("transaction")
  /// Before the header of a batch, when its proposer signs it.
  public static let header = tag("header")
  /// Before the signed header, when the batch is named by its hash.
  public static let batch = tag("batch")
  /// Before a statement, when an organisation votes for it.
  public static let vote = tag("vote")
  /// Before a statement, when an organisation locks it.
  public static let lock = tag("lock")
  /// Before a recovery report.
  public static let report = tag("report")

  /// The prefix for a purpose, version 1.
  public static func tag(_ purpose: StaticString) -> [UInt8] {
    Array("tongzhou/".utf8) + purpose.withUTF8Buffer { Array($0) } + Array("/v1".utf8) + [0]
  }
}
