/// A stable error code: a number that goes into the results of a block, and a name for people.
///
/// Numbers and names never change once released. Each has a row in `docs/errors.md`. Rooms add their
/// own in an extension; the hundreds tell the room (0 Ledger, 1 Consortium, 2 MutualAid).
public struct ErrorCode: Hashable, Sendable {
  /// The number, as it stands in a block's results; 0 is success.
  public let number: UInt16
  /// The name, `area.reason`.
  public let name: String

  /// Declares a code; used only for the static members that list a room's codes.
  public init(_ number: UInt16, _ name: String) {
    self.number = number
    self.name = name
  }

  /// Only the number counts: the name is its translation.
  public static func == (a: ErrorCode, b: ErrorCode) -> Bool { a.number == b.number }

  /// Only the number counts.
  public func hash(into hasher: inout Swift.Hasher) { hasher.combine(number) }  // order-free: equality only
}

/// Why something was refused.
///
/// Equality looks at the code only, so that a test or a caller never depends on wording.
public struct LedgerError: Error, Equatable, Sendable {
  /// What went wrong.
  public let code: ErrorCode
  /// What went wrong, for people; never holds a secret, a name or a health fact.
  public let message: String
  /// Where in the program it was noticed.
  public let location: String

  /// Creates an error at the place of the call.
  public init(_ code: ErrorCode, _ message: String, file: StaticString = #fileID, line: UInt = #line) {
    self.code = code
    self.message = message
    self.location = "\(file):\(line)"
  }

  /// Equal when the codes are.
  public static func == (a: LedgerError, b: LedgerError) -> Bool { a.code == b.code }
}

extension LedgerError: CustomStringConvertible {
  /// The code's name and the message.
  public var description: String { "\(code.name): \(message)" }
}

extension ErrorCode {
  /// Not an error: the transaction did what it asked for.
  public static let success = ErrorCode(0, "success")
  /// Bytes that do not decode.
  public static let malformed = ErrorCode(1, "encoding.malformed")
  /// A number outside its range, or a sum past the end of 64 bits.
  public static let overflow = ErrorCode(2, "amount.overflow")
  /// An address that is not bech32m with prefix `tz` over 20 bytes.
  public static let badAddress = ErrorCode(3, "address.invalid")
  /// A public key of small order or in a non-canonical form.
  public static let badKey = ErrorCode(4, "key.unacceptable")
  /// The signature does not verify.
  public static let badSignature = ErrorCode(5, "signature.invalid")
  /// The signature's suite is unknown to this version.
  public static let unknownSuite = ErrorCode(6, "signature.unknown_suite")
  /// The key that signed does not belong to the sender.
  public static let wrongSigner = ErrorCode(7, "signature.not_the_sender")
  /// The transaction names another chain.
  public static let wrongChain = ErrorCode(8, "transaction.wrong_chain")
  /// The transaction's time is over.
  public static let expired = ErrorCode(9, "transaction.expired")
  /// The expiry lies further ahead than ten minutes of block time.
  public static let expiryTooFar = ErrorCode(10, "transaction.expiry_too_far")
  /// The same sender and id are already alive on the chain.
  public static let replayed = ErrorCode(11, "transaction.replayed")
  /// Nobody registered this sender and it carries no attestation.
  public static let unknownSender = ErrorCode(12, "transaction.unknown_sender")
  /// The sender's transactions that are alive have as many bytes as one sender may have.
  public static let quotaUsed = ErrorCode(13, "transaction.quota_used")
  /// No contract has this name and kind.
  public static let unknownAction = ErrorCode(14, "transaction.unknown_action")
  /// Larger than an entry may be.
  public static let tooLarge = ErrorCode(15, "transaction.too_large")
  /// The rows that follow are not those the manifest signed.
  public static let rowsMismatch = ErrorCode(16, "manifest.rows_mismatch")
  /// Rows that no manifest before them asked for.
  public static let orphanRows = ErrorCode(17, "manifest.orphan_rows")
  /// The action needs a manifest, or may not have one.
  public static let manifestUnexpected = ErrorCode(18, "manifest.unexpected")
  /// The genesis cannot start a chain.
  public static let badGenesis = ErrorCode(19, "genesis.invalid")
  /// The batch is invalid and is skipped.
  public static let badBatch = ErrorCode(20, "batch.invalid")
  /// The certificate is not exactly a quorum of valid cosignatures on the previous checkpoint.
  public static let badCertificate = ErrorCode(21, "certificate.invalid")
  /// A time before the beginning or after the end of what is counted.
  public static let badTime = ErrorCode(22, "time.invalid")
  /// The node holds as many waiting transactions as it may.
  public static let poolFull = ErrorCode(23, "pool.full")
  /// What was handed in as evidence does not show that a key signed two things that contradict each other.
  public static let evidenceNotProven = ErrorCode(24, "evidence.not_proven")
}

extension ErrorCode {
  /// Whether a transaction in good form with this code in a block neither took up its id nor used its sender's
  /// bytes: the ledger itself refused it. With any other code it is alive until its expiry.
  var leavesNoTrace: Bool {
    [.badSignature, .expired, .expiryTooFar, .replayed, .wrongSigner, .quotaUsed].contains(self)
  }
}
