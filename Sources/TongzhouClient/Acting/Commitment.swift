internal import Crypto
public import Ledger
public import TransparencyLog

/// A salted commitment: stands on the chain for something that stays with a person.
///
/// Whoever is shown content and salt finds the hash again; without the salt it says nothing, not even whether two
/// people committed to the same.
public struct Commitment: Sendable {
  /// What the commitment is about; each purpose has a salt of its own.
  public enum Purpose: String, Sendable {
    /// Who is insured.
    case insured
    /// The health declaration.
    case health
    /// The documents of a case.
    case documents
    /// Who is paid.
    case payee
    /// Who is paid after a death.
    case heir
    /// What a member consented to.
    case consent
  }

  /// Thirty-two bytes that nobody can guess.
  public let salt: Hash
  /// SHA-256 of the domain prefix, the salt and the content.
  public let hash: Hash

  /// The commitment to some content.
  public init(to content: [UInt8], salt: Hash) {
    self.salt = salt
    hash = .sha256(Domain.tag("commitment") + salt.bytes + content)
  }

  /// The same with a new random salt, which the caller has to keep.
  public init(to content: [UInt8]) {
    var generator = SystemRandomNumberGenerator()
    let words = (0..<4).map { _ in generator.next() }
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
    self.init(to: content, salt: .sha256(bytes))
  }
}

extension BackupSecret {
  /// The salt of a commitment by which she stands in one plan of one chain: HKDF-SHA256 of the secret, so that
  /// she finds it again from the secret alone.
  public func salt(chain: Hash, plan: UInt32, purpose: Commitment.Purpose) -> Hash {
    derived(Domain.tag("commitment-salt") + chain.bytes + BackupSecret.bytes(of: plan) + Array(purpose.rawValue.utf8))
  }
}

extension BackupSecret {
  /// The salt of a juror's vote, found again from the secret alone when the vote is opened.
  public func voteSalt(chain: Hash, plan: UInt32, jury: UInt32) -> Hash {
    derived(Domain.tag("vote-salt") + chain.bytes + BackupSecret.bytes(of: plan) + BackupSecret.bytes(of: jury))
  }
}

extension Commitment {
  /// The commitment of an organisation, whose officer finds the salt again from his key and what it is for.
  ///
  /// - Parameter label: what it is for, such as `report 7`; the same label has the same salt.
  public init(to content: [UInt8], by officer: SigningKey, for label: String) {
    self.init(to: content, salt: .sha256(Domain.tag("officer-salt") + officer.seed + Array(label.utf8)))
  }
}

extension Commitment {
  /// A hospital's MAC of a record, HMAC-SHA256 under a key derived from its officer's: the same record gives the same
  /// hash, so that it shows when it is used twice, and nobody else can try what it might be of.
  public static func mac(of record: [UInt8], by officer: SigningKey) -> Hash {
    let key = SymmetricKey(data: Hash.sha256(Domain.tag("hospital-record-key") + officer.seed).bytes)
    let code = HMAC<SHA256>.authenticationCode(for: record, using: key)
    guard let hash = Hash(Array(code)) else { preconditionFailure("an HMAC-SHA256 has 32 bytes") }
    return hash
  }
}
