/// Why a receipt or statement does not prove what it claims.
public struct ProofError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }

    /// The file does not decode.
    public static let malformed = Code("proof.malformed")
    /// It is about another chain than the one pinned.
    public static let wrongChain = Code("proof.wrong_chain")
    /// The checkpoint does not have a quorum under the policy.
    public static let noQuorum = Code("proof.no_quorum")
    /// An entry or record is not where it claims to be.
    public static let notIncluded = Code("proof.not_included")
    /// The log holds the transaction, but the ledger cannot have carried it out.
    public static let refused = Code("proof.refused")
    /// The changes are not the membership's history, or the steps are not the lot's.
    public static let brokenHistory = Code("proof.broken_history")
    /// The settlements are not consecutive, or do not lead to the plan's cumulative share.
    public static let brokenShares = Code("proof.broken_shares")
    /// The log showed two roots for one size.
    public static let splitView = Code("proof.split_view")
    /// The file asked for is not in the log.
    public static let notFound = Code("proof.not_found")
    /// More cases asked for than a statement opens.
    public static let tooManyCases = Code("proof.too_many_cases")
    /// More steps than a way's file holds.
    public static let tooManySteps = Code("proof.too_many_steps")
  }

  /// The reason.
  public let code: Code
  /// What was found.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: ProofError, b: ProofError) -> Bool { a.code == b.code }
}
