/// Why a credential, a presentation or a status list was refused.
///
/// Equality looks at the code only. A message never names a holder, a key or a salt.
public struct CredentialError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable name for the reason.
  public struct Code: Hashable, Sendable {
    /// The name, as listed in docs/errors.md.
    public let name: String

    /// A code of the given name.
    public init(_ name: String) { self.name = name }
  }

  /// The reason.
  public let code: Code
  /// What was found.
  public let message: String

  /// An error with its reason and what was found.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The code and the message.
  public var description: String { "\(code.name): \(message)" }

  /// Equal when the codes are.
  public static func == (a: CredentialError, b: CredentialError) -> Bool { a.code == b.code }
}

extension CredentialError.Code {
  /// It does not decode, or is longer than its limit.
  public static let malformed = Self("credential.malformed")
  /// The header names another type of token.
  public static let wrongType = Self("credential.wrong_type")
  /// The header names another algorithm than Ed25519, or none.
  public static let wrongAlgorithm = Self("credential.wrong_algorithm")
  /// The header asks for an extension that nobody here knows.
  public static let criticalHeader = Self("credential.critical_header")
  /// No trusted key has the name in the header.
  public static let unknownKey = Self("credential.unknown_key")
  /// The key did not sign this.
  public static let badSignature = Self("credential.bad_signature")
  /// Another issuer than the key belongs to.
  public static let wrongIssuer = Self("credential.wrong_issuer")
  /// Another kind of credential than is asked for.
  public static let wrongKind = Self("credential.wrong_kind")
  /// It begins in the future.
  public static let notYetValid = Self("credential.not_yet_valid")
  /// Its time is over.
  public static let expired = Self("credential.expired")
  /// Nothing shows that the holder of its key is the one who shows it.
  public static let noKeyBinding = Self("credential.no_key_binding")
  /// Not one disclosure, but none or several.
  public static let disclosureCount = Self("credential.disclosure_count")
  /// The disclosure does not belong to this credential.
  public static let foreignDisclosure = Self("credential.foreign_disclosure")
  /// It says something of another threshold.
  public static let otherThreshold = Self("credential.other_threshold")
  /// It was made for somebody else.
  public static let wrongAudience = Self("credential.wrong_audience")
  /// It does not answer a question that this partner asked in the last minutes.
  public static let wrongNonce = Self("credential.wrong_nonce")
  /// The question was answered before.
  public static let replayed = Self("credential.replayed")
  /// The holder signed another presentation.
  public static let otherContent = Self("credential.other_content")
  /// It was taken back.
  public static let revoked = Self("credential.revoked")
  /// It does not hold at present.
  public static let suspended = Self("credential.suspended")
  /// There is no status list at hand for it, or the list has no such entry.
  public static let statusUnknown = Self("credential.status_unknown")
  /// The status list at hand is too old.
  public static let statusStale = Self("credential.status_stale")
  /// A batch without keys, with too many, or with one twice.
  public static let badBatch = Self("credential.invalid_batch")
  /// Thresholds, an audience or another setting outside its range.
  public static let badSettings = Self("credential.invalid_settings")
  /// The wallet has no credential left that can be shown.
  public static let walletEmpty = Self("credential.wallet_empty")
  /// So many credentials under one consent are not over yet.
  public static let tooMany = Self("credential.too_many")
  /// A credential was issued to the key before.
  public static let keyUsed = Self("credential.key_used")
  /// The status lists have no free place.
  public static let noRoom = Self("credential.no_room")
  /// The badge lacks something, or its subject is not what it should be.
  public static let badBadge = Self("credential.invalid_badge")
  /// There is no badge of this name.
  public static let unknownBadge = Self("credential.unknown_badge")
  /// She has not reached what the badge would say.
  public static let notReached = Self("credential.not_reached")
  /// The issuer's view of the chain is too old to say anything of an index.
  public static let outdated = Self("credential.outdated")
}
